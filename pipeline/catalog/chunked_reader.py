"""Read large catalogs in chunks, for consumers that visit every entry once.

`catalog.load` keeps all entries and their lines in memory. Here a catalog is split into byte
ranges, which any process can parse on demand.
"""

from __future__ import annotations

import codecs
import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.catalog import header as catalog_header
from pipeline.catalog.header import CatalogHeader
from pipeline.catalog.po import file as po_file
from pipeline.catalog.po import parser
from pipeline.catalog.po.fast_path import PlainEntry, parse_plain
from pipeline.catalog.po.parser import Entry, EntryKey, PoSyntaxError
from pipeline.core import CatalogError, State, Translation

_CHUNK_BYTES = 100_000
"""Minimum size of a chunk in bytes: about 300 entries, which fit into a core's cache."""

_CHUNK_ENTRIES = 1000
"""Entries in a chunk of a catalog that was parsed as a whole."""

# In these charsets an ASCII byte is always that character, so bytes can be split at it.
_SPLITTABLE = re.compile(r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]")
_BOUNDARY = re.compile(rb'"\r?\n(?:\r?\n)+(?=#(?!~)|msgid "|msgctxt ")')


@dataclass(frozen=True, slots=True)
class ChunkContents:
    """The translations of a chunk, and the hashes of its entries' keys.

    Obsolete entries have a hash but no translation.
    """

    translations: tuple[Translation, ...]
    keys: array[int]


@dataclass(frozen=True, slots=True)
class CatalogChunk:
    """A byte range of a catalog, whose entries are parsed on demand, in any process.

    `size` is in bytes, `digest` the CRC-32 of the bytes, `preceding_lines` the number of lines
    before `start`. The bytes stay on disk: a chunk is cheap to keep and to send.
    """

    path: Path
    start: int
    size: int
    digest: int
    preceding_lines: int
    charset: str

    def contents(self) -> ChunkContents | None:
        """Parse the entries as `catalog.load` does; return None if they are damaged.

        Raises CatalogError if the file has changed since it was split.
        """
        try:
            text = self.text()
            entries = parse_plain(text, self.preceding_lines)
            return self._parse_carefully(text) if entries is None else _contents(entries)
        except (PoSyntaxError, UnicodeError):
            return None

    def _parse_carefully(self, text: str) -> ChunkContents:
        entries = _parse(text, self.preceding_lines)
        keys = _hash_keys(entry.key for entry in entries)
        return ChunkContents(catalog.to_translations(entries), keys)

    def text(self) -> str:
        """Read the text; raises CatalogError if the file has changed, and UnicodeError."""
        data = b""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            file.seek(self.start)
            data = file.read(self.size)
        if zlib.crc32(data) != self.digest:
            raise CatalogError(f"{self.path}: changed while it was read", "Run the command again.")
        text = data.decode(self.charset)
        return text if text.endswith("\n") else f"{text}\n"


@dataclass(frozen=True, slots=True)
class ParsedChunk:
    """Translations of a catalog that was parsed as a whole and is valid."""

    translations: tuple[Translation, ...]

    def contents(self) -> ChunkContents:
        """Return the translations, without hashes: their keys are known to be unique."""
        return ChunkContents(self.translations, array("q"))


Chunks = Sequence[CatalogChunk | ParsedChunk]


def iter_chunks(path: Path, size: int = _CHUNK_BYTES) -> tuple[CatalogHeader, Chunks]:
    """Return the header and the chunks.

    A chunk has at least `size` bytes; a catalog of less than two chunks is parsed as a whole.
    Chunks are not validated: use their contents only if every chunk returns contents and
    `has_unique_keys` holds. Otherwise call `parse_whole`, which reports the damage. Raises
    CatalogError, as `catalog.load` does.
    """
    data = po_file.read_bytes(path)
    if len(data) >= 2 * size:
        try:
            chunks = list(_split(path, data, size))
            return _read_header(chunks[0].text(), data), chunks
        except (PoSyntaxError, LookupError, UnicodeError):
            pass  # parsing the whole file reports the damage
    return parse_whole(path, data)


def parse_whole(path: Path, data: bytes | None = None) -> tuple[CatalogHeader, Chunks]:
    """Parse a catalog as a whole; `data` are its bytes, if the caller has them.

    Raises CatalogError, as `catalog.load` does.
    """
    data = po_file.read_bytes(path) if data is None else data
    loaded = catalog.parse_catalog(path, data)
    has_mark = data.startswith(codecs.BOM_UTF8)
    header = catalog_header.read_header(loaded.entries, byte_order_mark=has_mark)
    return header, list(_split_parsed(loaded.translations))


def _split_parsed(translations: tuple[Translation, ...]) -> Iterator[ParsedChunk]:
    """Yield chunks, at least one; the plural forms of an entry stay together."""
    start = 0
    while start < len(translations) or start == 0:
        end = start + _CHUNK_ENTRIES
        while end < len(translations) and translations[end].plural_form:
            end += 1
        yield ParsedChunk(translations[start:end])
        start = end


def has_unique_keys(keys: Iterable[array[int]]) -> bool:
    """Return whether no entry occurs twice, given the `keys` of all chunks."""
    seen: set[int] = set()
    number = 0
    for chunk_keys in keys:
        if number and _HEADER in chunk_keys:
            return False  # a header outside the first chunk
        seen.update(chunk_keys)
        number += len(chunk_keys)
    return len(seen) == number


def _hash_keys(keys: Iterable[EntryKey]) -> array[int]:
    """Hash keys to 64 bits each, equally in every process of a machine.

    A collision is safe: the catalog is then parsed as a whole.
    """
    texts = (source if context is None else f"{context}\0{source}" for context, source in keys)
    digests = [blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return array("q", b"".join(digests))


_HEADER = _hash_keys([(None, "")])[0]


def _contents(entries: Sequence[PlainEntry]) -> ChunkContents:
    translations: list[Translation] = []
    for line, comments, context, source, target in entries:
        if comments:
            entry = Entry("", line, False, context, source, None, (target,), comments)
            translations += catalog.entry_translations(entry)
        else:
            state = State.APPROVED if target else State.MISSING
            translations.append(Translation(source, target, state, line=line, context=context))
    keys = _hash_keys((context, source) for _, _, context, source, _ in entries)
    return ChunkContents(tuple(translations), keys)


def _parse(text: str, preceding_lines: int = 0) -> list[Entry]:
    """Parse entries of a file in which `preceding_lines` lines come before `text`.

    Raises PoSyntaxError, with the line within `text`.
    """
    read = parser.parse_po(text)
    if read.tail.strip():
        raise PoSyntaxError(0, "text after the last entry", "")
    return [replace(entry, line=entry.line + preceding_lines) for entry in read.entries]


def _read_header(text: str, data: bytes) -> CatalogHeader:
    """Return the header in a text; parse other entries only if it is not the first."""
    lines = text.split("\n")
    entries = [
        parser.parse_entry("".join(f"{line}\n" for line in lines[start:end]), start + 1)
        for start, end in islice(parser.entry_ranges(lines), 1)
    ]
    if not any(map(catalog_header.is_header, entries)):
        entries = _parse(text)
    has_mark = data.startswith(codecs.BOM_UTF8)
    return catalog_header.read_header(entries, byte_order_mark=has_mark)


def _split(path: Path, data: bytes, size: int) -> Iterator[CatalogChunk]:
    charset = po_file.codec_name(po_file.declared_charset(data))
    if b"\0" in data or not _SPLITTABLE.fullmatch(charset):
        raise LookupError(charset)
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    preceding_lines = 0
    while start < len(data):
        boundary = _BOUNDARY.search(data, start + size)
        part = data[start : boundary.end() if boundary else len(data)]
        yield CatalogChunk(path, start, len(part), zlib.crc32(part), preceding_lines, charset)
        preceding_lines += part.count(b"\n")
        start += len(part)
