"""Texts in JSON-LD: their places, and JSON escapes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipeline.core.input import parse_json

__all__ = ["encode_json", "find_languages", "find_texts", "split_escapes"]

_KEYS = frozenset(["headline", "description", "articleBody"])
_LANGUAGE = "inLanguage"
_LEXEME = re.compile(r'"((?:[^"\\\n]++|\\.)*+)"|([:,{}\[\]])')
_ESCAPES = re.compile(r"(?:\\(?:u[0-9a-fA-F]{4}|.))+", re.DOTALL)
_LINE_BREAKS = re.compile(r"(?:\\[nr])+|\\.")


def find_texts(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the key and the span of each text in a script, a paragraph at a time."""
    for key, first, last in _strings(text, start, end):
        if key in _KEYS:
            at = first
            for one in _LINE_BREAKS.finditer(text, first, last):
                if one[0][1] in "nr":
                    yield key, at, one.start()
                    at = one.end()
            yield key, at, last


def find_languages(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span of each string that names the language of the page, or of a part of it."""
    for key, first, last in _strings(text, start, end):
        if key == _LANGUAGE:
            yield first, last


def _strings(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the key and the span of each string that is the value of a key."""
    key, is_value = "", False
    for match in _LEXEME.finditer(text, start, end):
        if match[2]:
            is_value = match[2] == ":"
        elif is_value:
            yield key, match.start(1), match.end(1)
        else:
            key = match[1]


def split_escapes(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the parts of a string: decoded text, and the span in the article.

    The list is empty if the string has an escape that a catalog cannot contain.
    """
    parts, at = [], start
    for match in _ESCAPES.finditer(text, start, end):
        decoded = _decode(match[0])
        if not decoded:
            return []
        if match.start() > at:
            parts.append((text[at : match.start()], at, match.start()))
        parts.append((decoded, match.start(), match.end()))
        at = match.end()
    if at < end:
        parts.append((text[at:end], at, end))
    return parts


def encode_json(text: str, encoding: str) -> str:
    """Return the content of a JSON string in a script of an HTML page.

    Nothing in it may end the script; characters that the page cannot contain are escaped.
    """
    encoded = _encode(text, ensure_ascii=False)
    try:
        encoded.encode(encoding)
    except UnicodeEncodeError:
        encoded = _encode(text, ensure_ascii=True)
    return encoded


def _encode(text: str, *, ensure_ascii: bool) -> str:
    encoded = json.dumps(text, ensure_ascii=ensure_ascii)[1:-1]
    return encoded.replace("</", "<\\/").replace("<!", "<\\u0021")


def _decode(escapes: str) -> str:
    """Return the characters of JSON escapes, "" for control characters and invalid escapes."""
    try:
        decoded = str(parse_json(f'"{escapes}"'))
    except ValueError:
        return ""
    return "" if any(character < " " and character != "\t" for character in decoded) else decoded
