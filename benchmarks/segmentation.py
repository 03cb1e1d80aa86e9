"""Speed and accuracy of the sentence splitter, next to simplemma's in the same run.

usage: python benchmarks/segmentation.py TEXT.txt [--docs NAMES.txt]

TEXT.txt has a sentence a line. NAMES.txt, if given, has the name of its document on each
line; else ten lines make a document. The lines of a document are joined by blanks, and
the splitters must find the boundaries again. Lines without an end mark (headlines) are
left out. Hostile inputs, 300 kB each, would stand out if the
time grew with their square.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from simplemma import split_sentences as simplemma_sentences

from pipeline.lang.german.sentences import split_sentences

ENDS = re.compile(r"[.!?…:][\"“”»«’‘')\]]*\.?$")
INPUTS = {
    "news": "",
    "one line": "",
    "dots": ".",
    "dots and blanks": ". ",
    "quotes": '"',
    "open quotations": "„a. B ",
    "open brackets": "(a. B ",
    "abbreviations": "z. B. ",
    "numbers": "1. ",
    "one word": "x",
}


def ours(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def theirs(text: str) -> list[str]:
    return list(simplemma_sentences(text, "de"))


SPLITTERS: dict[str, Callable[[str], list[str]]] = {"translate": ours, "simplemma": theirs}


def ends(sentences: Iterable[str]) -> set[int]:
    """Places of boundaries, counted in characters that are not blank."""
    found, at = set(), 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        found.add(at)
    return found - {at}


def accuracy(splitter: Callable[[str], list[str]], documents: list[list[str]]) -> str:
    right = false = missed = 0
    for sentences in documents:
        gold, found = ends(sentences), ends(splitter(" ".join(sentences)))
        right += len(gold & found)
        false += len(found - gold)
        missed += len(gold - found)
    precision, recall = right / ((right + false) or 1), right / ((right + missed) or 1)
    score = 2 * precision * recall / ((precision + recall) or 1)
    return f"P {precision:.4f}  R {recall:.4f}  F1 {score:.4f}  (n={right + missed})"


def rate(splitter: Callable[[str], list[str]], text: str) -> float:
    began = time.perf_counter()
    splitter(text)
    return len(text.encode()) / 1e6 / (time.perf_counter() - began)


def documents(path: Path, names: Path | None) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = names.read_text(encoding="utf-8").splitlines() if names else []
    labels = keys or [str(number // 10) for number in range(len(lines))]
    groups = groupby(zip(labels, lines, strict=True), key=lambda pair: pair[0])
    found = ([line.strip() for _, line in group] for _, group in groups)
    return [kept for group in found if (kept := [line for line in group if ENDS.search(line)])]


def main() -> None:
    arguments = sys.argv[1:]
    names = Path(arguments[arguments.index("--docs") + 1]) if "--docs" in arguments else None
    gold = documents(Path(arguments[0]), names)
    for name, splitter in SPLITTERS.items():
        print(f"{name:12}{accuracy(splitter, gold)}")
    news = "\n".join(" ".join(sentences) for sentences in gold)
    news *= 1_000_000 // len(news) + 1
    print(f"\n{'MB/s':18}{'translate':>12}{'simplemma':>12}{'ratio':>8}")
    for name, piece in INPUTS.items():
        text = piece * (300_000 // len(piece)) if piece else news
        text = text.replace("\n", " ") if name == "one line" else text
        own, other = rate(ours, text), rate(theirs, text)
        print(f"{name:18}{own:12.2f}{other:12.2f}{own / other:8.2f}")


if __name__ == "__main__":
    main()
