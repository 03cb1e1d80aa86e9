"""Fragments of text: character references decoded, white space collapsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.articles.formats.html.references import REFERENCE, decode
from pipeline.articles.formats.html.tokenizer import SPACE
from pipeline.core import Fragment, Layout

__all__ = ["collapse", "find_layout", "text_fragments"]

_OTHER_SPACE = frozenset(SPACE) - {" "}
_SPACE = re.compile(f"[{SPACE}]+")
_SPACES = re.compile("  +")
_WORDS = re.compile(f"[{SPACE}]+|[^{SPACE}]+")
_AS_BLANK = dict.fromkeys(map(ord, SPACE), " ")
_LINE_BREAK = re.compile(r"(\r\n?|\n)([ \t]*)")
_MAX_INDENT = 200
_SOFT_HYPHEN = "\xad"


def text_fragments(text: str, start: int, end: int, *, attribute: bool = False) -> list[Fragment]:
    """Return the fragments of a text without markup at `start:end` of an article."""
    raw = text[start:end]
    parts: Iterable[tuple[str, int]]
    if "&" in raw or _SOFT_HYPHEN in raw:
        parts = _decoded(raw, attribute)
    elif "  " in raw or "\n" in raw or not _OTHER_SPACE.isdisjoint(raw):
        parts = _collapsed(raw)
    else:
        return [Fragment(raw, start, end)]
    fragments, at = [], start
    for shown, length in parts:
        fragments.append(Fragment(shown, at, at + length))
        at += length
    return fragments


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


def _collapsed(raw: str) -> list[tuple[str, int]]:
    """Return the parts of a text: as in catalogs, and the length in the article."""
    parts = []
    at = 0
    shown = raw.translate(_AS_BLANK)  # of the same length
    for match in _SPACES.finditer(shown):
        start, end = match.span()
        if start > at:
            parts.append((shown[at:start], start - at))
        parts.append((" ", end - start))
        at = end
    if at < len(raw):
        parts.append((shown[at:], len(raw) - at))
    return parts


def _decoded(raw: str, attribute: bool) -> Iterator[tuple[str, int]]:
    """Yield the parts of a text with character references, as `_collapsed` does.

    A word is one part with all of its references, which saves memory.
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
        yield from _collapsed(raw[at:end])
        if any(map(str.isspace, decoded)):
            yield from _references(word, attribute)
        else:
            yield decoded, len(word)
        at = end = match.end()
    yield from _collapsed(raw[at:end])


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
