"""Read dictionaries of FreeDict (https://freedict.org) in the dictd format.

The index has the offset and length of each entry as base-64 numbers (dictfmt(1)). An entry is
a line with the headword, pronunciation and grammar, then two lines for each sense: the
meanings, usually numbered, and a German explanation:

    Hafen /ˈhaːfn̩/ <n, masc>
    1. port, havre
    natürliches oder künstlich angelegtes Wasserbecken …
    2. pot
    Topf
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

SUFFIX = ".dict.dz"
"""Suffix of the dictionary; the index is the file beside it with the suffix `.index`."""

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_HEAD = re.compile(r"(.*?)(?: /[^/]*/)?(?: <([^>]*)>)?")
_NUMBERED = re.compile(r"\s*\d+\.\s*(.*)")
_NEXT = re.compile(r"\s*\d+\.$")
_MARKS = {
    "masc": "{m}",
    "fem": "{f}",
    "neut": "{n}",
    "v": "{vt}",
    "adj": "{adj}",
    "adv": "{adv}",
}
_GRAMMAR = re.compile(r"\w+")


def read_word_list(path: Path) -> str:
    """Convert a dictionary to the format of Ding: `Hafen {m} :: port; havre`.

    Raises OSError if the files cannot be read, ValueError if they are damaged.
    """
    try:
        data = gzip.decompress(path.read_bytes())
    except (EOFError, zlib.error) as error:
        raise ValueError(str(error)) from error
    index = path.with_name(path.name.removesuffix(SUFFIX) + ".index")
    spans = {_entry_span(line) for line in index.read_text(encoding="utf-8").splitlines()}
    entries = (data[start : start + size].decode() for start, size in sorted(filter(None, spans)))
    return "".join(line for entry in entries for line in _line(entry))


def _entry_span(line: str) -> tuple[int, int] | None:
    """Return the offset and length of an entry in bytes, or None for metadata."""
    word, start, size = line.split("\t")[:3]
    return None if word.startswith("00database") else (_number(start), _number(size))


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        if digit not in _VALUES:
            raise ValueError(f"{digits!r} is not a number of an index")
        number = number * len(_DIGITS) + _VALUES[digit]
    return number


def _line(entry: str) -> Iterator[str]:
    first, *rest = entry.splitlines()
    head = _HEAD.fullmatch(first)
    meanings = [meaning.strip() for sense in _senses(rest) for meaning in sense.split(",")]
    if head and meanings:
        marks = "".join(f" {_MARKS[w]}" for w in _GRAMMAR.findall(head[2] or "") if w in _MARKS)
        yield f"{head[1]}{marks} :: {'; '.join(dict.fromkeys(filter(None, meanings)))}\n"


def _senses(lines: list[str]) -> Iterator[str]:
    """Yield the lines with meanings: numbered ones, and the first line."""
    for number, line in enumerate(lines):
        numbered = _NUMBERED.fullmatch(line)
        if numbered or number == 0:
            yield _NEXT.sub("", numbered[1] if numbered else line)
