"""Large catalogs read in stretches: for who looks at every entry once, and changes none.

`catalog.load` holds all entries with their lines. Here a catalog is read through once, so
that one with a damage anywhere is refused as a whole; then it gives stretches of its bytes,
which are small, and are read again where their entries are wanted, in any process.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import catalog, catalog_header, po_file, po_text
from pipeline.errors import CatalogError
from pipeline.model import State, Translation
from pipeline.po_text import Entry, PoSyntaxError

_SIZE = 100_000
"""Bytes of a stretch, at least: some three hundred entries, which fit into a core's own cache."""

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
    """Some entries of a catalog: where they stand, and a digest that tells if they still do.

    It has `size` bytes from the byte `start` on, and `before` lines stand before it. The bytes
    are read from the disk where they are wanted: to keep them would keep the whole file in
    memory, and to send them to another process takes longer.
    """

    path: Path
    start: int
    size: int
    digest: int
    before: int
    charset: str

    def translations(self) -> tuple[Translation, ...]:
        """Read the entries as `catalog.load` does: without obsolete ones and the header.

        Raises CatalogError where another program changed the file meanwhile.
        """
        text = self._text()
        matches = _usual(text)
        if matches is None:
            return catalog.translations_of(self.entries(text))
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

    def keys(self, text: str) -> Iterator[int]:
        """Hashes of what is unique of each entry of its text: its context and its source."""
        matches = _usual(text)
        if matches is None:
            yield from (hash((entry.context, entry.source)) for entry in self.entries(text))
        else:
            for match in matches:
                context = None if match[2] is None else _joined(match[2])
                yield hash((context, _joined(match[3])))

    def entries(self, text: str) -> list[Entry]:
        """Read all entries with care. Raises PoSyntaxError, whose line counts in the stretch."""
        read = po_text.parse(text)
        if read.tail.strip():
            raise PoSyntaxError(0, "no entry", "")
        return [replace(entry, line=entry.line + self.before) for entry in read.entries]

    def _text(self) -> str:
        data = b""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            file.seek(self.start)
            data = file.read(self.size)
        if zlib.crc32(data) != self.digest:
            raise CatalogError(f"{self.path}: changed while it was read", "Run the command again.")
        return _decoded(data, self.charset)


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
    Raises CatalogError, as `catalog.load` does.
    """
    data = po_file.contents(path)
    if len(data) >= 2 * size:
        try:
            return _looked_through(_stretches(path, data, size))
        except (PoSyntaxError, LookupError, UnicodeError):
            pass  # read with the whole before one's eyes, what is wrong can be told
    loaded = catalog.read(path, data)
    parts = range(0, len(loaded.translations), _ENTRIES)
    return loaded.language, [Loaded(loaded.translations[at : at + _ENTRIES]) for at in parts]


def _stretches(path: Path, data: bytes, size: int) -> Iterator[tuple[Stretch, str]]:
    """Cut a catalog; gives each stretch with its text."""
    charset = codecs.lookup(po_file.declared(data)).name
    if b"\0" in data or not _CUTTABLE.fullmatch(charset):
        raise LookupError(charset)
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    before = 0
    while start < len(data):
        cut = _CUT.search(data, start + size)
        part = data[start : cut.end() if cut else len(data)]
        stretch = Stretch(path, start, len(part), zlib.crc32(part), before, charset)
        yield stretch, _decoded(part, charset)
        before += part.count(b"\n")
        start += len(part)


def _decoded(data: bytes, charset: str) -> str:
    text = data.decode(charset)
    return text if text.endswith("\n") else f"{text}\n"


def _looked_through(stretches: Iterable[tuple[Stretch, str]]) -> tuple[str, list[Stretch]]:
    """Read all entries once; gives the language that the header names, and the stretches.

    Raises PoSyntaxError for an entry that is damaged, or there twice.
    """
    seen: set[int] = set()
    number = 0
    found = []
    header: Entry | None = None
    for stretch, text in stretches:
        keys = list(stretch.keys(text))
        seen.update(keys)
        number += len(keys)
        found.append(stretch)
        if _HEADER in keys:
            header = next(filter(catalog_header.is_header, stretch.entries(text)), None)
    if len(seen) < number:
        raise PoSyntaxError(0, "an entry stands twice", "")
    return catalog_header.fields(header).get("Language", ""), found


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
    text = lines[1:-2].replace('"\n"', "")
    if "\\" not in text:
        return text
    if "\\\\" not in text:
        text = text.replace('\\"', '"')  # as most escapes are: in a fraction of the time
    return _ESCAPE.sub(lambda match: _ESCAPES[match[1]], text) if "\\" in text else text
