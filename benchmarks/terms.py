"""Precision and recall of the term matcher on labelled cases; its speed.

usage: python benchmarks/terms.py CASES.tsv [--compounds] [--wrong]
       python benchmarks/terms.py --speed TEXT.txt [TERMS]

CASES.tsv has 1 or 0, a German term and a sentence (or a word) a line. --speed builds a
glossary of TERMS (50,000) rows, most of them pairs of the text's own words, and reads the
text twice: the first time every word of it is new. Seconds are of processor time.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pipeline.core.types import Term
from pipeline.glossary.file import Glossary
from pipeline.glossary.matcher import TermMatcher


def matcher(*sources: str) -> TermMatcher:
    terms = tuple(Term(source, ("x",)) for source in sources)
    return TermMatcher(Glossary(None, "de", "en", terms, ""))


def measure(path: Path, compounds: bool, show: bool) -> str:
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for line in path.read_text(encoding="utf-8").splitlines():
        label, term, text = line.split("\t")
        matches = matcher(term).find(text)
        found = any(match.compound == compounds for match in matches)
        counts[label == "1", found] += 1
        if show and (label == "1") != found:
            print(f"{'missed' if label == '1' else 'false '}  {term}  |  {text}")
    hits, missed, false = counts[True, True], counts[True, False], counts[False, True]
    precision, recall = hits / ((hits + false) or 1), hits / ((hits + missed) or 1)
    score = 2 * precision * recall / ((precision + recall) or 1)
    total = sum(counts.values())
    return f"n={total}: precision {precision:.3f}, recall {recall:.3f}, F {score:.3f}"


def speed(path: Path, size: int) -> str:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    vocabulary = sorted({word.strip('.,:;!?"„“()') for word in text.split()} - {""})
    pairs = (f"{one} {other}" for one in vocabulary[::7] for other in vocabulary[::5])
    sources = [*vocabulary[::50], *pairs][:size]
    began = time.process_time()
    found = matcher(*sources)
    built = time.process_time() - began
    rates = []
    for _ in range(2):
        began = time.process_time()
        for line in lines:
            found.find(line)
        rates.append(len(text.encode()) / 1e6 / (time.process_time() - began))
    return (
        f"{len(sources)} terms: built in {built:.1f} s; first pass {rates[0]:.2f} MB/s,"
        f" then {rates[-1]:.2f} MB/s"
    )


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if "--speed" in sys.argv:
        size = int(arguments[1]) if len(arguments) > 1 else 50_000
        print(speed(Path(arguments[0]), size))
    else:
        print(measure(Path(arguments[0]), "--compounds" in sys.argv, "--wrong" in sys.argv))


if __name__ == "__main__":
    main()
