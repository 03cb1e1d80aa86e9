"""Drafts of Swiss and Austrian sentences, as written and in the spelling of Germany.

usage: python benchmarks/regional_drafts.py [--engine NAME] [--quality LEVEL] [--lines N] [--show]

The sentences and their English references are our own (tests/data/variants/drafts.tsv); the third
column is a pattern for the translation of the regional word. Prints chrF and how often the
pattern is found, for both spellings of the same sentences.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF

from pipeline.drafting import TextRequest, TextTranslator, source_spelling
from pipeline.engines import resolve_engine
from pipeline.lang.german import standardize

SENTENCES = Path(__file__).parents[1] / "tests/data/variants/drafts.tsv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--engine", default="llama")
    parser.add_argument("--quality", default="fast")
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--show", action="store_true", help="print drafts that differ")
    given = parser.parse_args()
    lines = SENTENCES.read_text("utf-8").splitlines()[: given.lines]
    rows = [line.split("\t") for line in lines]
    rows = [row for row in rows if standardize(row[0]) != row[0]]
    # The engine receives exactly the text given here.
    source_spelling.standardize = lambda text: text
    selection = resolve_engine(given.engine, "", "en", options={"quality": given.quality})
    translator = TextTranslator(selection.open(), selection.config, "en", None, print)
    drafts: dict[str, list[str]] = {"as written": [], "standard": []}
    for german, _, _ in rows:
        texts = {"as written": german, "standard": standardize(german)}
        for name, text in texts.items():
            (result,) = translator.translate([TextRequest(text)])
            drafts[name].append(result.text)
        if given.show and drafts["as written"][-1] != drafts["standard"][-1]:
            print(german, *(found[-1] for found in drafts.values()), sep="\n  ")
    translator.close()
    for name, found in drafts.items():
        score = CHRF().corpus_score(found, [[row[1] for row in rows]]).score
        right = sum(bool(re.search(row[2], text)) for row, text in zip(rows, found, strict=True))
        print(f"{name}: chrF {score:.1f}, regional word right {right}/{len(rows)}")


if __name__ == "__main__":
    main()
