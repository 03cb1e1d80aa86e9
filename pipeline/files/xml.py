"""XML read safely, with line numbers, and written.

Entities are refused: they can make a small file huge, or name other files. So is what is
nested too deeply for any format that is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pipeline.core.errors import PipelineError

_DEPTH = 200
_AGAIN = "Export it again from the tool it comes from."
# What XML 1.0 cannot hold (section 2.2).
INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Node(ElementTree.Element):
    """An element that knows its line. A name with a namespace is `namespace name`."""

    line = 0


class _Builder:
    """Builds the tree of a file as its parser goes through it."""

    def __init__(self, name: str, error: type[PipelineError], separator: str | None) -> None:
        self._tree = ElementTree.TreeBuilder(element_factory=Node)
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

    def build(self, data: bytes) -> Node:
        self._parser.Parse(data, True)
        root = self._tree.close()
        assert isinstance(root, Node)
        return root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            self._refuse(f"elements nested {self._depth} deep", _AGAIN)
        node = self._tree.start(tag, attributes)
        assert isinstance(node, Node)
        node.line = self._parser.CurrentLineNumber

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(tag)

    def _entity(self, *_: object) -> NoReturn:
        hint = "Export it without entity definitions."
        self._refuse("defines an XML entity, which is not read", hint)

    def _refuse(self, message: str, hint: str) -> NoReturn:
        raise self._error(f"{self._name}:{self._parser.CurrentLineNumber}: {message}", hint)


def parse(data: bytes, name: str, error: type[PipelineError], *, namespaces: bool = True) -> Node:
    """Parse a file called `name`; raises `error` for XML that is broken or not safe.

    Without `namespaces`, names of elements are as they are written.
    """
    try:
        return _Builder(name, error, " " if namespaces else None).build(data)
    except expat.ExpatError as problem:
        message = f"{name}:{problem.lineno}: broken XML: {expat.ErrorString(problem.code)}"
        raise error(message, _AGAIN) from problem
    except (ValueError, LookupError) as problem:
        raise error(f"{name}:1: an encoding that XML cannot have", "Save it as UTF-8.") from problem


def nodes(parent: Node, *tags: str) -> Iterator[Node]:
    """Give the children with one of the names, in order."""
    for child in parent:
        if child.tag in tags and isinstance(child, Node):
            yield child


def attribute(value: str) -> str:
    """Write the value of an attribute, in quotes."""
    return quoteattr(INVALID.sub("\ufffd", value))


def plain(text: str) -> str:
    """Write a text for information; what XML cannot hold becomes a replacement character."""
    return escape(INVALID.sub("\ufffd", text)).replace("\r", "&#13;")


def exact(text: str, holder: str) -> str:
    """Write a text that must come back as it is.

    `holder` writes a character that XML cannot hold, with `{code}` for its hexadecimal
    number and `{number}` for its place among those of the text.
    """
    pieces: list[str] = []
    at = 0
    for number, match in enumerate(INVALID.finditer(text), start=1):
        pieces.append(escape(text[at : match.start()]))
        pieces.append(holder.format(code=f"{ord(match[0]):04X}", number=number))
        at = match.end()
    return "".join([*pieces, escape(text[at:])]).replace("\r", "&#13;")


def character(code: str) -> str | None:
    """Read a character that XML cannot hold by its hexadecimal number; None for any other."""
    if not re.fullmatch("[0-9A-Fa-f]{1,6}", code) or int(code, 16) > 0xFFFF:
        return None
    found = chr(int(code, 16))
    return found if INVALID.match(found) else None


def document(lines: Iterable[str]) -> bytes:
    """The bytes of a file."""
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines, ""]).encode()
