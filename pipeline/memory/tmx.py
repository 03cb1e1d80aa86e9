"""TMX 1.4b, the XML exchange format of translation memories: streaming reader and writer.

Only German texts and their translations are read. Inline codes of other tools (`bpt`, `ept`,
`ph`, `it`, `ut`) are replaced with their content, the markup or placeholder of the document.
Codes without content are dropped; a unit is skipped if its texts have different numbers of them.

The catalog and the neighbours of a text have properties of their own. OmegaT's properties
(`file`, `prev`, `next`) are read but not written: OmegaT would then use a unit in one place only.

lxml parses in blocks, because a file may have millions of segments. TMX libraries load a file
whole, need a newer Python or are unmaintained.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from xml.sax.saxutils import escape, quoteattr

from pipeline import __version__
from pipeline.core import TmxError, select_languages
from pipeline.files import write_atomic

if TYPE_CHECKING:
    from lxml import etree

SOURCE = "de"
_BLOCK_BYTES = 1 << 16
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PLACE = re.compile(r", line \d+, column \d+.*", re.DOTALL)
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

    `before` and `after` are its German neighbours, "" if unknown; `origin` is its catalog or file.
    """

    source: str
    target: str
    before: str = ""
    after: str = ""
    origin: str = ""


def read_tmx(
    path: Path, language: str, on_dropped: Callable[[bool], None] | None = None
) -> Iterator[TmxUnit]:
    """Yield the units of a TMX file that have a German text and a translation.

    `en` matches every region (`en-GB`); `pt_BR` matches Brazil, else units without a region.
    Pairs with a blank text are skipped. `on_dropped` is called for a pair that loses inline codes,
    with True if the pair is skipped for that. The file is read in blocks, so that memory use does
    not depend on its size. Raises TmxError, with the line, for a file that is not TMX, is not
    well-formed, or uses entities.
    """
    reader = _Reader(path, language, on_dropped or (lambda skipped: None))
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                reader.feed(block)
                yield from reader.units()
            reader.close()
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise TmxError(f"{path}: {reason}", "Check the path and its permissions.") from error
    yield from reader.units()


def is_writable(unit: TmxUnit) -> bool:
    """Return whether XML can represent a unit: most control characters are invalid."""
    return not _UNWRITABLE.search(unit.source + unit.target)


def render_tmx(units: Iterable[TmxUnit], language: str, segmentation: str) -> Iterator[str]:
    """Yield the text of a TMX file with translations to `language`.

    A file has one target language: OmegaT takes units without the language it wants in any other.
    `segmentation` is `sentence` or `paragraph`, as in the settings. Units must be `is_writable`;
    neighbours that are not are omitted. Equal units yield equal text.
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
    """Write a TMX file; raises PipelineError if it cannot be written."""
    write_atomic(path, "".join(render_tmx(units, language, segmentation)).encode())


def _text(text: str) -> str:
    # A bare carriage return would be read back as a line feed.
    return escape(text, {"\r": "&#13;"})


@dataclass(frozen=True, slots=True)
class _Segment:
    """A text with its language, and the number of inline codes that it lost."""

    language: str
    text: str
    dropped: int


@dataclass(slots=True)
class _Unit:
    """A translation unit: texts with their languages, and properties by type."""

    segments: list[_Segment] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Parses a TMX file block by block, and frees each unit after it was read."""

    def __init__(self, path: Path, language: str, on_dropped: Callable[[bool], None]) -> None:
        self._path, self._language, self._on_dropped = path, language, on_dropped
        self._dropped = 0  # codes of the segment that is being read
        self._head = b""
        # The filter for units is fast but hides the root, which must be checked first: a large
        # file of another format would be read into memory as a whole.
        self._root_parser: etree.XMLPullParser | None = _pull_parser("start")
        self._parser = _pull_parser("end", tag="{*}tu")

    def feed(self, data: bytes) -> None:
        """Parse more bytes; raises TmxError."""
        if self._root_parser is not None:
            self._head += data
            self._parse(self._root_parser.feed, data)
        self._parse(self._parser.feed, data)

    def close(self) -> None:
        """Check that the file is complete; raises TmxError."""
        self._parse(self._parser.close)

    def units(self) -> Iterator[TmxUnit]:
        """Yield the units that are complete; raises TmxError."""
        for _, element in self._parser.read_events():
            yield from _pairs(self._unit(element), self._language, self._on_dropped)
            # The parser may still add text after this element, so it goes with the next one.
            element.clear(keep_tail=True)
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]

    def _parse(self, step: Callable[..., object], *data: bytes) -> None:
        from lxml import etree

        try:
            step(*data)
        except etree.XMLSyntaxError as error:
            self._check_root()
            message = f"{self._path}:{error.lineno}: broken XML: {_PLACE.sub('', error.msg)}"
            raise TmxError(message, "Export it again from the tool it comes from.") from error
        self._check_root()

    def _check_root(self) -> None:
        """Refuse other formats and entity declarations as soon as the root is known."""
        if self._root_parser is None:
            return
        for _, root in self._root_parser.read_events():
            self._root_parser = None
            if (tag := _local_name(root)) != "tmx":
                raise TmxError(f"{self._path}: not a TMX file, but <{tag}>", "Export it as TMX.")
            document_type = root.getroottree().docinfo.internalDTD
            if document_type is not None and any(document_type.iterentities()):
                self._refuse(self._head.partition(b"<!ENTITY")[0].count(b"\n") + 1)
            return

    def _refuse(self, line: int) -> NoReturn:
        raise TmxError(
            f"{self._path}:{line}: defines or uses an XML entity, which is not supported",
            "Export it without entity definitions.",
        )

    def _unit(self, element: etree._Element) -> _Unit:
        unit = _Unit()
        for child in element:
            name = _local_name(child)
            if name == "tuv":
                language = child.get(_XML_LANG) or child.get("lang", "")
                for segment in child:
                    if _local_name(segment) == "seg":
                        self._dropped = 0
                        text = self._text(segment)
                        unit.segments.append(_Segment(language, text, self._dropped))
            elif name == "prop":
                unit.properties.setdefault(child.get("type", ""), self._text(child))
        return unit

    def _text(self, element: etree._Element) -> str:
        """Return the text of an element with the content of its inline codes."""
        if not len(element):
            return element.text or ""
        from lxml import etree

        parts = [element.text or ""]
        for child in element:
            if child.tag is etree.Entity:
                self._refuse(child.sourceline or 1)
            if isinstance(child.tag, str):
                content = self._text(child)
                self._dropped += not content and _local_name(child) in _CODES
                parts.append(content)
            parts.append(child.tail or "")
        return "".join(parts)


def _pull_parser(event: str, tag: str | None = None) -> etree.XMLPullParser:
    from lxml import etree

    return etree.XMLPullParser(
        events=(event,),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )


def _local_name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _pairs(unit: _Unit, language: str, on_dropped: Callable[[bool], None]) -> Iterator[TmxUnit]:
    """Pair the German segments of a unit with its translations."""
    before, after, origin = (
        unit.properties.get(own) or unit.properties.get(omegat, "")
        for own, omegat in ((_BEFORE, "prev"), (_AFTER, "next"), (_CATALOG, "file"))
    )
    for source in _chosen(unit.segments, SOURCE):
        for target in _chosen(unit.segments, language):
            if not source.text.strip() or not target.text.strip():
                continue
            if source.dropped or target.dropped:
                on_dropped(source.dropped != target.dropped)
            if source.dropped == target.dropped:
                yield TmxUnit(source.text, target.text, before, after, origin)


def _chosen(segments: list[_Segment], language: str) -> list[_Segment]:
    """Return the segments in the languages that fit best."""
    fitting = select_languages(language, tuple(one.language for one in segments))
    return [one for one in segments if one.language in fitting]
