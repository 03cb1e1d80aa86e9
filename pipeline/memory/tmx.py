"""TMX 1.4b, the XML format of translation memories: read as a stream, and written.

Only the German texts and their translations are taken. Codes of other tools inside of a
segment (`bpt`, `ept`, `ph`, `it`, `ut`) are left out, highlighted text (`hi`) stays. The
catalog and the neighbours of a text are kept in properties of their own. OmegaT's properties
(`file`, `prev`, `next`) are read, but not written: it would use such units nowhere else.

The standard library's expat reads it: the files may hold millions of segments, and the
libraries for TMX load them whole, need newer Pythons or are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pipeline import __version__
from pipeline.core.errors import TmxError
from pipeline.files.atomic import write_atomic

SOURCE = "de"
_CHUNK = 1 << 20  # bytes that are read at once
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})
_CATALOG, _BEFORE, _AFTER = "x-catalog", "x-prev", "x-next"
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="translate" creationtoolversion={version} segtype={segtype} \
o-tmf="gettext" adminlang="en" srclang="de" datatype="plaintext"/>
  <body>
"""
_TAIL = "  </body>\n</tmx>\n"


@dataclass(frozen=True, slots=True)
class TmxUnit:
    """A German text and its translation.

    `before` and `after` are the German texts around it, "" where they are not known;
    `origin` is the catalog or file that it comes from.
    """

    source: str
    target: str
    before: str = ""
    after: str = ""
    origin: str = ""


def read_tmx(path: Path, language: str) -> Iterator[TmxUnit]:
    """Read the German texts of a TMX file that have translations to `language`.

    `en` takes those of any region (`en-GB`), `pt_BR` those of Brazil, else those of no
    region. A pair without text on either side is left out. Raises TmxError, naming the
    line, for a file that is no TMX, is broken, or defines entities: those can make a small
    file huge, or name other files.
    """
    reader = _Reader(path, language)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                reader.feed(chunk)
                yield from reader.take()
            reader.feed(b"", final=True)
    except OSError as error:
        raise TmxError(f"{path}: {error.strerror}", "Check the path and its rights.") from error
    yield from reader.take()


def is_writable(unit: TmxUnit) -> bool:
    """Whether XML can hold a unit: it has no place for most control characters."""
    return not _UNWRITABLE.search(unit.source + unit.target)


def render_tmx(units: Iterable[TmxUnit], language: str, segmentation: str) -> Iterator[str]:
    """Write units with translations to `language` as the text of a TMX file.

    A file has one language: OmegaT takes a unit without the one it wants in another.
    `segmentation` is `sentence` or `paragraph`, as in the settings. A unit must be
    `is_writable`; a neighbour that is not is left out. The same units give the same text.
    """
    yield _HEAD.format(version=quoteattr(__version__), segtype=quoteattr(segmentation))
    code = language.replace("_", "-").partition("@")[0]
    for unit in units:
        properties = {_CATALOG: unit.origin, _BEFORE: unit.before, _AFTER: unit.after}
        lines = ["    <tu>"]
        lines += [
            f"      <prop type={quoteattr(name)}>{_text(value)}</prop>"
            for name, value in properties.items()
            if value and not _UNWRITABLE.search(value)
        ]
        for tag, text in ((SOURCE, unit.source), (code, unit.target)):
            lines.append(f'      <tuv xml:lang="{tag}"><seg>{_text(text)}</seg></tuv>')
        yield "\n".join([*lines, "    </tu>\n"])
    yield _TAIL


def write_tmx(path: Path, units: Iterable[TmxUnit], language: str, segmentation: str) -> None:
    """Write a TMX file as `render_tmx` renders it; raises PipelineError if that fails."""
    write_atomic(path, "".join(render_tmx(units, language, segmentation)).encode())


def _text(text: str) -> str:
    # A bare carriage return would be read back as a line feed.
    return escape(text, {"\r": "&#13;"})


@dataclass(slots=True)
class _Tu:
    """A translation unit as it is read: segments with their languages, and properties."""

    segments: list[tuple[str, str]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    language: str = ""


class _Reader:
    """Collects the units of a TMX file while expat parses it."""

    def __init__(self, path: Path, language: str) -> None:
        self._path, self._language = path, language
        self._units: list[TmxUnit] = []
        self._tu: _Tu | None = None
        self._parts: list[str] | None = None
        self._property = ""
        self._codes = 0
        self._root = ""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse
        self._parser.SkippedEntityHandler = self._refuse

    def feed(self, data: bytes, *, final: bool = False) -> None:
        """Parse more bytes. Raises TmxError."""
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            message = f"{self._path}:{error.lineno}: broken XML: {expat.ErrorString(error.code)}"
            raise TmxError(message, "Export it again from the tool it comes from.") from error
        except (LookupError, ValueError) as error:
            raise TmxError(f"{self._path}: {error}", "Save it in UTF-8.") from error

    def take(self) -> list[TmxUnit]:
        """Give the units that were read since the last call."""
        units, self._units = self._units, []
        return units

    def _refuse(self, *_: object) -> NoReturn:
        line = self._parser.CurrentLineNumber
        raise TmxError(
            f"{self._path}:{line}: defines or uses an XML entity, which is not read",
            "Export it without entity definitions.",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._root:
            self._root = tag
            if tag != "tmx":
                raise TmxError(f"{self._path}: not a TMX file, but <{tag}>", "Export it as TMX.")
        if tag == "tu":
            self._tu = _Tu()
        elif tag == "tuv" and self._tu:
            self._tu.language = attributes.get("xml:lang") or attributes.get("lang", "")
        elif tag == "prop" and self._tu and not self._tu.language:
            self._property, self._parts = attributes.get("type", ""), []
        elif tag == "seg" and self._tu:
            self._parts = []
        elif tag in _CODES:
            self._codes += 1

    def _end(self, tag: str) -> None:
        if tag in _CODES:
            self._codes -= 1
        elif self._tu is None:
            return
        elif tag == "tu":
            self._units += _pairs(self._tu, self._language)
            self._tu = None
        elif tag == "tuv":
            self._tu.language = ""
        elif tag in ("seg", "prop") and self._parts is not None:
            text, self._parts = "".join(self._parts), None
            if tag == "seg":
                self._tu.segments.append((self._tu.language, text))
            else:
                self._tu.properties.setdefault(self._property, text)

    def _characters(self, text: str) -> None:
        if self._parts is not None and not self._codes:
            self._parts.append(text)


def _pairs(tu: _Tu, language: str) -> list[TmxUnit]:
    """Pair the German segments of a unit with its translations."""
    before, after, origin = (
        tu.properties.get(own) or tu.properties.get(omegats, "")
        for own, omegats in ((_BEFORE, "prev"), (_AFTER, "next"), (_CATALOG, "file"))
    )
    return [
        TmxUnit(source, target, before, after, origin)
        for source in _chosen(tu.segments, SOURCE)
        for target in _chosen(tu.segments, language)
        if source.strip() and target.strip()
    ]


def _chosen(segments: list[tuple[str, str]], language: str) -> list[str]:
    """Give the segments of a language: of its very code, else of those that may stand for it."""
    wanted = _normal(language)
    named = [(_normal(code), text) for code, text in segments]
    if exact := [text for code, text in named if code == wanted]:
        return exact
    short = wanted.partition("-")[0]
    if wanted != short:
        return [text for code, text in named if code == short]
    return [text for code, text in named if code.partition("-")[0] == short]


def _normal(code: str) -> str:
    return code.strip().replace("_", "-").partition("@")[0].lower()
