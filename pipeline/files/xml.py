"""Safe parsing of XML with line numbers, and writing of XML.

Entities are rejected: they can expand a small file enormously, or include other files. Deep
nesting is rejected too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pipeline.core import PipelineError

__all__ = [
    "INVALID",
    "XmlNode",
    "child_nodes",
    "escape_exact",
    "escape_text",
    "parse_xml",
    "quote_attribute",
    "read_character",
    "render_xml",
]

_MAX_DEPTH = 200
_EXPORT_AGAIN = "Export the file again from the tool that created it."
# Characters that XML 1.0 does not allow (section 2.2).
INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XmlNode(ElementTree.Element):
    """An element with its line, from 1. Tags with a namespace are `namespace name`."""

    line = 0


class _Builder:
    """A builder of the tree of a file from the events of expat."""

    def __init__(self, name: str, error: type[PipelineError], separator: str | None) -> None:
        self._tree = ElementTree.TreeBuilder(element_factory=XmlNode)
        self._depth = 0
        self._name = name
        self._error = error
        self._parser = expat.ParserCreate(namespace_separator=separator)
        self._parser.buffer_text = True
        self._parser.EntityDeclHandler = self._entity
        self._parser.ExternalEntityRefHandler = self._entity
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._tree.data

    def build(self, data: bytes) -> XmlNode:
        self._parser.Parse(data, True)
        root = self._tree.close()
        assert isinstance(root, XmlNode)
        return root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._reject(f"elements nested deeper than {_MAX_DEPTH} levels", _EXPORT_AGAIN)
        node = self._tree.start(tag, attributes)
        assert isinstance(node, XmlNode)
        node.line = self._parser.CurrentLineNumber

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(tag)

    def _entity(self, *_: object) -> NoReturn:
        hint = "Export the file without entity definitions."
        self._reject("defines an XML entity, which is not supported", hint)

    def _reject(self, message: str, hint: str) -> NoReturn:
        raise self._error(f"{self._name}:{self._parser.CurrentLineNumber}: {message}", hint)


def parse_xml(
    data: bytes, name: str, error: type[PipelineError], *, namespaces: bool = True
) -> XmlNode:
    """Parse XML; raises `error` with `name` and line if it is malformed or unsafe.

    Without `namespaces`, tags keep their prefixes.
    """
    try:
        return _Builder(name, error, " " if namespaces else None).build(data)
    except expat.ExpatError as problem:
        message = f"{name}:{problem.lineno}: broken XML: {expat.ErrorString(problem.code)}"
        raise error(message, _EXPORT_AGAIN) from problem
    except (ValueError, LookupError) as problem:
        raise error(f"{name}:1: unknown encoding", "Save the file as UTF-8.") from problem


def child_nodes(parent: XmlNode, *tags: str) -> Iterator[XmlNode]:
    """Yield the children with one of the tags, in order."""
    for child in parent:
        if child.tag in tags and isinstance(child, XmlNode):
            yield child


def quote_attribute(value: str) -> str:
    """Return the value of an attribute in quotes."""
    return quoteattr(INVALID.sub("\ufffd", value))


def escape_text(text: str) -> str:
    """Escape a text; characters that XML does not allow become U+FFFD."""
    return escape(INVALID.sub("\ufffd", text)).replace("\r", "&#13;")


def escape_exact(text: str, placeholder: str, before: int = 0) -> str:
    """Escape a text that must be restored exactly.

    `placeholder` is written for a character that XML does not allow: `{code}` is its
    hexadecimal code, `{number}` its index among these characters, from 1 if there are none
    `before` the text.
    """
    pieces: list[str] = []
    at = 0
    for number, match in enumerate(INVALID.finditer(text), start=before + 1):
        pieces.append(escape(text[at : match.start()]))
        pieces.append(placeholder.format(code=f"{ord(match[0]):04X}", number=number))
        at = match.end()
    return "".join([*pieces, escape(text[at:])]).replace("\r", "&#13;")


def read_character(code: str) -> str | None:
    """Return the character for a hexadecimal code if XML does not allow it, else None.

    NUL and surrogates are None too: no text file can contain them.
    """
    if not re.fullmatch("[0-9A-Fa-f]{1,6}", code):
        return None
    number = int(code, 16)
    if not 0 < number <= 0xFFFF or 0xD800 <= number <= 0xDFFF or not INVALID.match(chr(number)):
        return None
    return chr(number)


def render_xml(lines: Iterable[str]) -> bytes:
    """Return an XML file with these lines."""
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines, ""]).encode()
