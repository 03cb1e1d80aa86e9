"""What the preceding sentence, or a style instruction, changes in drafts of a model.

usage: python benchmarks/prompts.py SOURCE REFERENCE DOCUMENTS [--to en] [--count 150]
           [--quality fast] [--model ID] [--style TEXT] [--keep FILE]

SOURCE, REFERENCE and DOCUMENTS (the name of its document) have a segment a line. Each line that is
not the first of its document is drafted alone, with the preceding line and its draft as an example
turn, and, with --style, with the instruction. Drafts are written to --keep as JSON lines at
once, and a second run continues there. Printed is the mean difference of sentence chrF to the first
variant with its standard error, and user CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from sacrebleu.metrics import CHRF

from pipeline.engines import TranslationRequest, resolve_engine


def requests(
    lines: list[str], documents: list[str], style: str, drafts: dict[int, str]
) -> Iterator[tuple[int, str, TranslationRequest]]:
    """Yield number, variant and request; `drafts` are the drafts of the lines so far."""
    for number in range(1, len(lines)):
        if documents[number] != documents[number - 1]:
            continue
        text = lines[number]
        yield number, "alone", TranslationRequest(text)
        if number - 1 in drafts:
            pair = (lines[number - 1], drafts[number - 1])
            yield number, "after", TranslationRequest(text, examples=(pair,))
        if style:
            yield number, "style", TranslationRequest(text, style=style)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("source", "reference", "documents"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--to", default="en")
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--quality", default="fast")
    parser.add_argument("--model", default="")
    parser.add_argument("--style", default="")
    parser.add_argument("--keep", type=Path, default=Path("prompts.jsonl"))
    given = parser.parse_args()
    source, reference, documents = (
        path.read_text(encoding="utf-8").splitlines()[: given.count]
        for path in (given.source, given.reference, given.documents)
    )
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    if given.keep.exists():
        for line in given.keep.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[row["line"], row["variant"]] = row
    settings = {"llama": {"style": "always", "quality": given.quality}}
    engine = resolve_engine("llama", given.model, given.to, settings=settings).open()
    drafts = {number: row["text"] for (number, variant), row in rows.items() if variant == "alone"}
    with given.keep.open("a", encoding="utf-8") as kept:
        for number, variant, request in requests(source, documents, given.style, drafts):
            if (number, variant) not in rows:
                began = time.process_time()
                (result,) = engine.translate([request], given.to)
                seconds = time.process_time() - began
                row = {"line": number, "variant": variant, "text": result.text, "seconds": seconds}
                rows[number, variant] = row
                kept.write(json.dumps(row, ensure_ascii=False) + "\n")
                kept.flush()
            if variant == "alone":
                drafts[number] = rows[number, variant]["text"]
    show(rows, reference)


def show(rows: dict[tuple[int, str], dict[str, Any]], reference: list[str]) -> None:
    metric = CHRF()
    score = {
        key: metric.sentence_score(row["text"], [reference[key[0]]]).score
        for key, row in rows.items()
    }
    for variant in ("after", "style"):
        lines = [number for number, kind in rows if kind == variant]
        if len(lines) < 2:
            continue
        gains = [score[n, variant] - score[n, "alone"] for n in lines]
        seconds = [sum(rows[n, kind]["seconds"] for n in lines) for kind in ("alone", variant)]
        print(
            f"{variant}: {len(lines)} lines, chrF {mean(score[n, 'alone'] for n in lines):.1f} "
            f"alone, {mean(score[n, variant] for n in lines):.1f} with; gain {mean(gains):+.1f} ± "
            f"{stdev(gains) / sqrt(len(gains)):.1f}; {seconds[0]:.0f} and {seconds[1]:.0f} s"
        )


if __name__ == "__main__":
    main()
