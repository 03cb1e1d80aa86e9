"""Fragments of text: character references decoded, white space collapsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.articles.formats.html.references import REFERENCE, decode
from pipeline.articles.formats.html.tokenizer import SPACE
from pipeline.core import Fragment, Layout

__all__ = ["collapse", "find_layout", "text_fragments"]

_SPACE = re.compile(f"[{SPACE}]+")
_SPACES = re.compile("  +")
_WORDS = re.compile(f"[{SPACE}]+|[^{SPACE}]+")
_LINE_BREAK = re.compile(r"(\r\n?|\n)([ \t]*)")
_MAX_INDENT = 200
_SOFT_HYPHEN = "\xad"


def text_fragments(raw: str, start: int, *, attribute: bool = False) -> list[Fragment]:
    """Return the fragments of a text without markup that is at `start` of an article."""
    if "&" in raw or _SOFT_HYPHEN in raw:
        return list(_decoded(raw, start, attribute))
    if "\n" in raw or "  " in raw or "\t" in raw or "\r" in raw or "\f" in raw:
        return _collapsed(raw, start)
    return [Fragment(raw, start, start + len(raw))]


def collapse(text: str) -> str:
    """Replace white space, as HTML defines it, by single blanks."""
    return _SPACE.sub(" ", text)


def find_layout(text: str, start: int, end: int, context: str = "") -> Layout | None:
    """Return how a block is wrapped, None if it is one line of plain text."""
    if text.find("\n", start, end) < 0 and text.find("\r", start, end) < 0:
        return Layout(context=context) if context else None
    match = _LINE_BREAK.search(text, start, end)
    assert match is not None
    first = text.rfind("\n", max(0, start - _MAX_INDENT), start) + 1 or start
    lines = text[first:end].splitlines()
    return Layout(match[0], max(map(len, lines)), context)


def _collapsed(raw: str, start: int) -> list[Fragment]:
    """Return the fragments of a text without references, each run of white space as a blank."""
    shown = raw.replace("\n", " ").replace("\t", " ").replace("\r", " ").replace("\f", " ")
    if "  " not in shown:
        return [Fragment(shown, start, start + len(raw))] if raw else []
    fragments, at = [], 0
    for match in _SPACES.finditer(shown):
        first, last = match.span()
        if first > at:
            fragments.append(Fragment(shown[at:first], start + at, start + first))
        fragments.append(Fragment(" ", start + first, start + last))
        at = last
    if at < len(raw):
        fragments.append(Fragment(shown[at:], start + at, start + len(raw)))
    return fragments


def _decoded(raw: str, start: int, attribute: bool) -> Iterator[Fragment]:
    """Yield the fragments of a text with character references.

    A word is one fragment with all of its references, which saves memory.
    """
    at = end = 0
    for match in _WORDS.finditer(raw):
        word = match[0]
        if "&" not in word and _SOFT_HYPHEN not in word:
            end = match.end()
            continue
        decoded = _decode_word(word, attribute)
        if decoded == word:
            end = match.end()
            continue
        yield from _collapsed(raw[at:end], start + at)
        at = start + end
        if any(map(str.isspace, decoded)):
            for shown, length in _references(word, attribute):
                yield Fragment(shown, at, at + length)
                at += length
        else:
            yield Fragment(decoded, at, at + len(word))
        at = end = match.end()
    yield from _collapsed(raw[at:end], start + at)


def _decode_word(word: str, attribute: bool) -> str:
    """Return a word without references, and without hints where to break it in German."""
    decoded = "".join(shown for shown, _ in _references(word, attribute))
    return decoded.replace(_SOFT_HYPHEN, "") or decoded


def _references(word: str, attribute: bool) -> Iterator[tuple[str, int]]:
    at = 0
    for match in REFERENCE.finditer(word):
        if match.start() > at:
            yield word[at : match.start()], match.start() - at
        following = word[match.end() : match.end() + 1] if attribute else ""
        yield decode(match[0], following), match.end() - match.start()
        at = match.end()
    if at < len(word):
        yield word[at:], len(word) - at
