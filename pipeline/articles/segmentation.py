"""Segments of an article: its blocks split into the units of translation."""

from __future__ import annotations

from collections import Counter

from pipeline.core import Article, BlockKind, Segment, count_line_breaks, split_lines
from pipeline.lang import split_sentences


def segment_article(article: Article, mode: str = "sentence") -> tuple[Segment, ...]:
    """Split the blocks of an article into segments, in order.

    `mode` is `sentence`, or `paragraph` for one segment per line of a block.
    """
    if mode not in ("sentence", "paragraph"):
        raise ValueError(f"mode {mode!r} is neither sentence nor paragraph")
    split = split_sentences if mode == "sentence" else split_lines
    segments: list[Segment] = []
    blocks: Counter[BlockKind] = Counter()
    for block in article.blocks:
        blocks[block.kind] += 1
        text = article.text[block.start : block.end]
        spans = split(text)
        line, counted = block.line, 0
        for number, (start, end) in enumerate(spans, 1):
            line += count_line_breaks(text, counted, start)
            counted = start
            segments.append(
                Segment(
                    text[start:end],
                    block.kind,
                    block.start + start,
                    block.start + end,
                    line,
                    block=blocks[block.kind],
                    number=number,
                    count=len(spans),
                )
            )
    return tuple(segments)
