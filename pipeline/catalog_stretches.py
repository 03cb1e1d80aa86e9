"""Large catalogs read in stretches: for who looks at every entry once, and changes none.

`catalog.load` holds all entries with their lines. Here a catalog is read through once, so
that one with a damage anywhere is refused as a whole; then it gives stretches of its bytes,
which are small, and are read again where their entries are wanted, in any process.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import catalog, catalog_header, po_file, po_text
from pipeline.errors import CatalogError
from pipeline.model import State, Translation
from pipeline.po_text import Entry, PoSyntaxError

_SIZE = 300_000
"""Bytes of a stretch, at least: about a thousand entries."""

_ENTRIES = 1000
"""Entries at a time of a catalog that was read as a whole."""

# In these, the bytes of ASCII are always its characters, so that bytes can be cut at them.
_CUTTABLE = re.compile(r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]")
_CUT = re.compile(rb'"\r?\n(?:\r?\n)+(?=#(?!~)|msgid "|msgctxt ")')

_LINES = r'((?:"(?:[^"\\\r\n]++|\\["\\abfnrtv])*+"\n)++)'
# An entry as nearly all are: no plural forms, no mark of obsolete ones, no rare escapes; and
# surely at its end.
_USUAL = re.compile(
    rf"\n*+((?:#(?!~)[^\r\n]*+\n)*+)(?:msgctxt {_LINES})?msgid {_LINES}msgstr {_LINES}"
    r'(?=\n*+(?:#(?!~)|msgid "|msgctxt "|\Z))'
)
_EMPTY = '""\nmsgstr '
_ESCAPE = re.compile(r'\\(["\\abfnrtv])')
_ESCAPES = {'"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r"}
_ESCAPES |= {"t": "\t", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some entries of a catalog: their bytes, and how many lines stand before them."""

    data: bytes
    before: int
    charset: str

    def translations(self) -> tuple[Translation, ...]:
        """Read the entries as `catalog.load` does: without obsolete ones and the header."""
        text = self._text()
        matches = _usual(text)
        if matches is None:
            return catalog.translations_of(self.entries())
        found: list[Translation] = []
        at, line = 0, self.before + 1
        for match in matches:
            comments, context, source, target = match.groups()
            line += text.count("\n", at, match.end(1))
            at = match.end(1)
            source, target = _joined(source), _joined(target)
            if comments:
                lines = tuple(comments[:-1].split("\n"))
                entry = Entry("", line, False, context, source, None, (target,), lines)
                found += catalog.translations_of([entry])
            else:
                state = State.APPROVED if target else State.MISSING
                found.append(Translation(source, target, state, line=line))
        return tuple(found)

    def keys(self) -> Iterator[int]:
        """Hashes of what is unique of each entry: its context and its text."""
        matches = _usual(self._text())
        if matches is None:
            yield from (hash((entry.context, entry.source)) for entry in self.entries())
        else:
            for match in matches:
                context = None if match[2] is None else _joined(match[2])
                yield hash((context, _joined(match[3])))

    def entries(self) -> list[Entry]:
        """Read all entries with care. Raises PoSyntaxError, whose line counts in the stretch."""
        read = po_text.parse(self._text())
        if read.tail.strip():
            raise PoSyntaxError(0, "no entry", "")
        return [replace(entry, line=entry.line + self.before) for entry in read.entries]

    def _text(self) -> str:
        text = self.data.decode(self.charset)
        return text if text.endswith("\n") else f"{text}\n"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Some entries of a catalog that was read as a whole."""

    found: tuple[Translation, ...]

    def translations(self) -> tuple[Translation, ...]:
        """Give the entries."""
        return self.found


def read(path: Path, size: int = _SIZE) -> tuple[str, Iterable[Stretch | Loaded]]:
    """Read a catalog: its header's language, "" where it names none, and its entries.

    A stretch has `size` bytes or a little more; a catalog of less than two is read as a whole.
    Raises CatalogError, as `catalog.load` does, and for a file that another program changes
    before its last stretch was given.
    """
    data = po_file.contents(path)
    if len(data) >= 2 * size:
        try:
            language, places = _looked_through(_stretches(data, size))
            return language, _read_again(path, places)
        except (PoSyntaxError, LookupError, UnicodeError):
            pass  # read with the whole before one's eyes, what is wrong can be told
    loaded = catalog.read(path, data)
    parts = range(0, len(loaded.translations), _ENTRIES)
    return loaded.language, [Loaded(loaded.translations[at : at + _ENTRIES]) for at in parts]


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch without its bytes: only their number, and what tells that they are the same."""

    size: int
    digest: int
    before: int
    charset: str


def _read_again(path: Path, places: Iterable[_Place]) -> Iterator[Stretch]:
    """Read stretches from the disk: to keep them would keep the whole file in memory.

    Raises CatalogError where another program changed the file meanwhile.
    """
    with path.open("rb") as file:
        start = len(codecs.BOM_UTF8)
        start = start if file.read(start) == codecs.BOM_UTF8 else 0
        for place in places:
            file.seek(start)
            data = file.read(place.size)
            start += place.size
            if hash(data) != place.digest:
                raise CatalogError(f"{path}: changed while it was read", "Run the command again.")
            yield Stretch(data, place.before, place.charset)


def _stretches(data: bytes, size: int) -> Iterator[Stretch]:
    charset = codecs.lookup(po_file.declared(data)).name
    if b"\0" in data or not _CUTTABLE.fullmatch(charset):
        raise LookupError(charset)
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    before = 0
    while start < len(data):
        cut = _CUT.search(data, start + size)
        end = cut.end() if cut else len(data)
        yield Stretch(data[start:end], before, charset)
        before += data.count(b"\n", start, end)
        start = end


def _looked_through(stretches: Iterable[Stretch]) -> tuple[str, list[_Place]]:
    """Read all entries once; gives the language that the header names, and the stretches.

    Raises PoSyntaxError for an entry that is damaged, or there twice.
    """
    seen: set[int] = set()
    number = 0
    places = []
    header: Entry | None = None
    for stretch in stretches:
        keys = list(stretch.keys())
        seen.update(keys)
        number += len(keys)
        data = stretch.data
        places.append(_Place(len(data), hash(data), stretch.before, stretch.charset))
        if _HEADER in keys:
            header = next(filter(catalog_header.is_header, stretch.entries()), None)
    if len(seen) < number:
        raise PoSyntaxError(0, "an entry stands twice", "")
    return catalog_header.fields(header).get("Language", ""), places


_HEADER = hash((None, ""))


def _usual(text: str) -> list[re.Match[str]] | None:
    """The entries of a text, or None if there is anything unusual about it, or the header."""
    found = list(_USUAL.finditer(text))
    if sum([match.end() - match.start() for match in found]) < len(text.rstrip("\n")) + 1:
        return None
    if _EMPTY in text and any(m[2] is None and not m[3].strip('"\n') for m in found):
        return None
    return found


def _joined(lines: str) -> str:
    """The text that the strings of a field are."""
    text = lines[1:-2].replace('"\n"', "") if lines.count("\n") > 1 else lines[1:-2]
    return _ESCAPE.sub(lambda match: _ESCAPES[match[1]], text) if "\\" in text else text
