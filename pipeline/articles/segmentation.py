"""Segments of an article: its blocks split into the units of translation.

A block with inline markup is split by its plain text. A sentence never ends inside an inline
element; tokens between two sentences belong to the one they open or close.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.articles.formats import BREAK, find_markup_format, load_markup_format
from pipeline.core import (
    Article,
    Block,
    BlockKind,
    Fragment,
    Markup,
    MarkupRole,
    Segment,
    paused_collection,
    split_lines,
    trim_span,
)
from pipeline.lang import split_sentences

_Span = tuple[int, int]
_Splitter = Callable[[str], list[_Span]]
_Numbering = Callable[[Sequence[Fragment]], tuple[Fragment, ...]]

_LINE_BREAK = re.compile(r"\r\n?|\n")
_OPEN, _CLOSE, _EMPTY = MarkupRole.OPEN, MarkupRole.CLOSE, MarkupRole.EMPTY  # read often
# The sentence splitter sees an element without content as a noun, and a line break as one.
_NOUN, _BREAK = "Code", "\n"
# Line breaks in a text fragment are not those of the article, so they end no sentence.
_LINE_BREAKS = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment of a block: its text, its span in the article and its fragments."""

    text: str
    start: int
    end: int
    fragments: tuple[Fragment, ...] = ()


def segment_article(article: Article, mode: str = "sentence") -> tuple[Segment, ...]:
    """Split the blocks of an article into segments, in order.

    `mode` is `sentence`, or `paragraph` for one segment per line of a block.
    """
    if mode not in ("sentence", "paragraph"):
        raise ValueError(f"mode {mode!r} is neither sentence nor paragraph")
    with paused_collection():
        return tuple(_segments(article, mode))


def _segments(article: Article, mode: str) -> list[Segment]:
    split = split_sentences if mode == "sentence" else split_lines
    starts = [0, *(match.end() for match in _LINE_BREAK.finditer(article.text))]
    numbering = _numbering(article)
    segments: list[Segment] = []
    blocks: Counter[BlockKind] = Counter()
    for block in article.blocks:
        parts = _parts(article, block, split, numbering)
        if not parts:
            continue
        blocks[block.kind] += 1
        for number, part in enumerate(parts, 1):
            line = bisect_right(starts, part.start)
            segments.append(
                Segment(
                    part.text,
                    block.kind,
                    part.start,
                    part.end,
                    line,
                    block=blocks[block.kind],
                    number=number,
                    count=len(parts),
                    column=part.start - starts[line - 1] + 1,
                    fragments=part.fragments,
                    label=block.label,
                    layout=block.layout,
                )
            )
    return segments


def _numbering(article: Article) -> _Numbering:
    """Return the function that writes fragments as catalogs show them, escaped and numbered."""
    fragments = [fragment for block in article.blocks for fragment in block.fragments]
    if not fragments:
        return tuple
    has_markup = any(fragment.markup is not None for fragment in fragments)
    load = load_markup_format if has_markup else find_markup_format
    form = load(article.path.suffix.lower())
    return form.number if form else tuple


def _parts(article: Article, block: Block, split: _Splitter, numbering: _Numbering) -> list[_Part]:
    if not block.fragments:
        text, at = article.text[block.start : block.end], block.start
        return [_Part(text[start:end], at + start, at + end) for start, end in split(text)]
    if block.layout and block.layout.whole:
        split = _as_one
    parts = map(numbering, _split_fragments(_unwrap(block.fragments), split))
    return [
        _Part(
            "".join(p.text for p in fragments),
            fragments[0].start,
            fragments[-1].end,
            tuple(fragments),
        )
        for fragments in parts
    ]


def _as_one(text: str) -> list[_Span]:
    return [(0, len(text))]


def _unwrap(fragments: Sequence[Fragment]) -> Sequence[Fragment]:
    """Exclude elements that enclose all of a block: they stay in the article."""
    while len(fragments) > 2:
        first, last = fragments[0].markup, fragments[-1].markup
        if first is None or last is None or first.role is not _OPEN:
            break
        if last.role is not _CLOSE or first.element != last.element:
            break
        fragments = fragments[1:-1]
    return fragments


def _split_fragments(fragments: Sequence[Fragment], split: _Splitter) -> list[list[Fragment]]:
    """Distribute the fragments of a block over the sentences of its plain text."""
    if not any(fragment.markup is None and fragment.text.strip() for fragment in fragments):
        return []
    starts, text = _plain_text(fragments)
    spans = _join_inside_elements(split(text), fragments, starts)
    parts: list[list[Fragment]] = [[]]
    for fragment, start in zip(fragments, starts, strict=True):
        end = start + len(fragment.text)
        while len(parts) < len(spans):
            this, following = spans[len(parts) - 1], spans[len(parts)]
            if fragment.markup is not None:
                if _opens_next(fragment.markup, start, this[1]):
                    parts.append([])
                break
            if end <= following[0]:
                break
            if start < following[0] and _is_verbatim(fragment):
                before, fragment = _cut(fragment, following[0] - start)
                parts[-1].append(before)
                start = following[0]
            parts.append([])
        parts[-1].append(fragment)
    return [trimmed for part in parts if (trimmed := _trim(part))]


def _opens_next(markup: Markup, start: int, end: int) -> bool:
    """Return whether a token at `start` belongs to the sentence after the one that ends."""
    if markup.role is _OPEN:
        return start >= end
    return markup.role is _EMPTY and start > end


def _plain_text(fragments: Sequence[Fragment]) -> tuple[list[int], str]:
    """Return the text that is split into sentences, and the start of each fragment in it."""
    starts, texts, at = [], [], 0
    for fragment in fragments:
        text = fragment.text.translate(_LINE_BREAKS)
        if fragment.markup is not None:
            text = ""
            if fragment.markup.role is _EMPTY:
                text = _BREAK if fragment.markup.kind == BREAK else _NOUN
        starts.append(at)
        texts.append(text)
        at += len(text)
    return starts, "".join(texts)


def _join_inside_elements(
    spans: Sequence[_Span], fragments: Sequence[Fragment], starts: Sequence[int]
) -> list[_Span]:
    """Join sentences between which an element is open."""
    closed = {
        fragment.markup.element: start
        for fragment, start in zip(fragments, starts, strict=True)
        if fragment.markup is not None and fragment.markup.role is _CLOSE
    }
    elements = [
        (start, closed.get(fragment.markup.element, start))
        for fragment, start in zip(fragments, starts, strict=True)
        if fragment.markup is not None and fragment.markup.role is _OPEN
    ]
    joined: list[_Span] = []
    reach, index = -1, 0
    for start, end in spans:
        if joined and reach > start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
        while index < len(elements) and elements[index][0] < end:
            reach = max(reach, elements[index][1])
            index += 1
    return joined


def _trim(fragments: list[Fragment]) -> list[Fragment]:
    """Exclude white space and line breaks at both ends of a segment."""
    first, last = 0, len(fragments)
    while first < last and _is_blank(fragments[first]):
        first += 1
    while first < last and _is_blank(fragments[last - 1]):
        last -= 1
    part = fragments[first:last]
    for index in {0, len(part) - 1} if part else ():
        if _is_verbatim(part[index]):
            text = part[index].text
            start, end = trim_span(text, 0, len(text))
            head, tail = start * (index == 0), len(text) - end if index == len(part) - 1 else 0
            part[index] = _cut(_cut(part[index], len(text) - tail)[0], head)[1]
    return part if any(fragment.markup is None for fragment in part) else []


def _is_blank(fragment: Fragment) -> bool:
    if fragment.markup is not None:
        return fragment.markup.kind == BREAK
    start, end = trim_span(fragment.text, 0, len(fragment.text))
    return start == end


def _is_verbatim(fragment: Fragment) -> bool:
    """Return whether the text of a fragment is that of the article, so that it can be cut."""
    return fragment.markup is None and len(fragment.text) == fragment.end - fragment.start


def _cut(fragment: Fragment, at: int) -> tuple[Fragment, Fragment]:
    middle = fragment.start + at
    return (
        fragment._replace(text=fragment.text[:at], end=middle),
        fragment._replace(text=fragment.text[at:], start=middle),
    )
