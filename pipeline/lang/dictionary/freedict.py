"""Reads dictionaries of FreeDict (https://freedict.org) in the form of dictd, as Debian has them.

An index says for each headword where its entry begins and how long it is, in numbers of base 64
(dictfmt(1)). An entry is a line with the word, its sounds and its grammar, and then for each
sense a line with its meanings, mostly numbered, and one that explains it in German:

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
"""What the name of such a dictionary ends with; beside it is an `.index`."""

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_HEAD = re.compile(r"(.*?)(?: /[^/]*/)?(?: <([^>]*)>)?")
_NUMBERED = re.compile(r"\s*\d+\.\s*(.*)")
_NEXT = re.compile(r"\s*\d+\.$")
_MARKS = {
    "masc": "{m}", "fem": "{f}", "neut": "{n}", "v": "{vt}", "adj": "{adj}", "adv": "{adv}",
}  # fmt: skip
_GRAMMAR = re.compile(r"\w+")


def word_list(path: Path) -> str:
    """Give a dictionary as Ding has its word list: a line an entry, `Hafen {m} :: port; havre`.

    Raises OSError where it cannot be read, and ValueError where it is none.
    """
    try:
        data = gzip.decompress(path.read_bytes())
    except (EOFError, zlib.error) as error:
        raise ValueError(str(error)) from error
    index = path.with_name(path.name.removesuffix(SUFFIX) + ".index")
    places = {_place(line) for line in index.read_text(encoding="utf-8").splitlines()}
    entries = (data[start : start + size].decode() for start, size in sorted(filter(None, places)))
    return "".join(line for entry in entries for line in _line(entry))


def _place(line: str) -> tuple[int, int] | None:
    """Where an entry begins, and its length, in bytes; None for what describes the dictionary."""
    word, start, size = line.split("\t")[:3]
    return None if word.startswith("00database") else (_number(start), _number(size))


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        if digit not in _VALUES:
            raise ValueError(f"{digits!r} is no number of an index")
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
    """The lines that have meanings: those with a number, and the first one without."""
    for number, line in enumerate(lines):
        numbered = _NUMBERED.fullmatch(line)
        if numbered or number == 0:
            yield _NEXT.sub("", numbered[1] if numbered else line)
