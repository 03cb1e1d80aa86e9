"""A text as the rules for sentence boundaries read it: composed letters, plain spaces, cased.

Texts from PDF files, word processors and web pages have decomposed umlauts, soft hyphens and
spaces of many widths; headings and messages have capitals or small letters alone. The rules
need not know any of this.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from pipeline.lang.german.abbreviations import STARTERS
from pipeline.lang.german.shortened_words import listed_form

# Class: characters. Spaces other than the plain one (Unicode category Zs) keep their place;
# signs without width (Cf) and combining marks (Mn) do not.
_UNUSUAL = re.compile("[\u00ad\u0300-\u036f\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]")
_SPACE = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000]")
_MOVING = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]")
_COMBINING = range(0x300, 0x370)
# "AM 3. WIRD ES HELL", "VON MO. BIS FR."
_CONTINUED = re.compile(r"(?:\b(?:AM|VOM|ZUM|IM|BIS) \d{1,2}|\b(?:MO|DI|MI|DO|FR|SA|SO))\.\s\Z")
# Quotation marks of typewriters: ",,Nein'', sagte er".
_COMMAS = re.compile(r"(?<!\S),,(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"[IVXLC]{2,}")
_SMALL_START = re.compile(r"([^\W\d_]*)([.!?])(\s+)([a-zäöü])")
_SMALL_TEXT = re.compile(r"[^.!?]*[.!?]\s+[a-zäöü]")


class ReadableLine:
    """A line with composed letters, plain spaces, letters of both cases, and no invisible signs.

    `text` is the line as the rules read it.
    """

    def __init__(self, line: str) -> None:
        self._moved: list[int] = []
        self._shifts: list[int] = []
        if not line.isascii():
            line = line.replace("\u00a0", " ")  # the only usual one; replacing it is fast
            if _UNUSUAL.search(line):
                line = self._compose(_SPACE.sub(" ", line))
        if ",," in line:
            line = _COMMAS.sub(" „", line)
        self.text = _restore_case(line)

    def original(self, offset: int) -> int:
        """Return the offset in the original line."""
        if not self._moved:
            return offset
        index = bisect_right(self._moved, offset) - 1
        return offset + (self._shifts[index] if index >= 0 else 0)

    def _compose(self, text: str) -> str:
        """Return a text with its moving signs composed or removed; record what moved."""
        written: list[str] = []
        length = at = 0
        for match in _MOVING.finditer(text):
            start, composed = match.start(), ""
            if ord(text[start]) in _COMBINING and start > at:
                start -= 1
                composed = unicodedata.normalize("NFC", text[start : match.end()])
            written += (text[at:start], composed)
            length += start - at + len(composed)
            at = match.end()
            self._moved.append(length)
            self._shifts.append(at - length)
        return "".join((*written, text[at:]))


def _restore_case(line: str) -> str:
    """Return a line with letters of both cases, of the same length.

    Class: letter case. In a line of capitals, every word gets a small rest, abbreviations are
    written as they are listed, and no sentence starts after a weekday or an ordinal. In
    a line of small letters, words after an end mark get a capital.
    """
    if line.isupper() and " " in line:
        cased = _WORD.sub(lambda match: _recase(match, line), line)
    elif line.islower() and _SMALL_TEXT.match(line):
        cased = _SMALL_START.sub(_capitalize, line)
    else:
        return line
    return cased if len(cased) == len(line) else line


def _recase(match: re.Match[str], line: str) -> str:
    word = match[0]
    if len(word) == 1 or _ROMAN.fullmatch(word):
        return word
    if line[match.end() : match.end() + 1] == "." and (listed := listed_form(word)):
        return listed
    if _CONTINUED.search(line[max(0, match.start() - 16) : match.start()]):
        return word.lower() if word.capitalize() in STARTERS else word.capitalize()
    cased = word.capitalize()
    return cased if len(cased) == len(word) else word


def _capitalize(match: re.Match[str]) -> str:
    word, mark, space, first = match.groups()
    if mark == "." and (not word or len(word) == 1 or listed_form(word)):
        return match[0]
    return f"{word}{mark}{space}{first.upper()}"
