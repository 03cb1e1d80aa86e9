"""What both versions of XLIFF share: how a file is known, its texts, its notes, its units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.core.errors import InterchangeError
from pipeline.core.types import State
from pipeline.files.xml import Node, character, plain
from pipeline.interchange.document import (
    NOTE_KINDS,
    TRANSLATOR_NOTES,
    TransUnit,
    imported_state,
    parse_id,
)

SOURCE_LANGUAGE = "de"
_ROOT_VERSION = re.compile(r"<(?:[\w.-]+:)?xliff\b[^>]*?\sversion\s*=\s*[\"']([0-9]+)\.")
_KIND_NAMES = {"translator_comments": "translator", "developer_comments": "developer"}
_EXPORTED_KINDS = frozenset(NOTE_KINDS) - {TRANSLATOR_NOTES} | {"developer"}
_HINT = "Export it again with translate export."


def xliff_version(data: bytes) -> str:
    """Tell which version of XLIFF a file is of, "1" or "2"; "" for none."""
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    match = _ROOT_VERSION.search(data[:10_000].decode("utf-16" if utf16 else "utf-8", "replace"))
    return match[1] if match else ""


def note_elements(unit: TransUnit, kind_attribute: str) -> Iterator[str]:
    """Write the notes of a unit as elements; `kind_attribute` holds the kind of a note."""
    for kind, lines in unit.notes.items():
        if lines:
            text = plain("\n".join(lines))
            yield f'<note {kind_attribute}="{_KIND_NAMES.get(kind, kind)}">{text}</note>'


def check_language(name: str, node: Node, found: str | None) -> None:
    """Refuse a file that is not a translation from German."""
    if (found or "").lower().partition("-")[0] != SOURCE_LANGUAGE:
        message = f"{name}:{node.line}: its source language is {found!r}, not {SOURCE_LANGUAGE!r}"
        raise InterchangeError(message, _HINT)


def required_attribute(name: str, node: Node, attribute: str) -> str:
    """Give the value of an attribute that has to be there."""
    value = node.get(attribute, "")
    if not value:
        what = node.tag.rpartition(" ")[2]
        raise InterchangeError(f"{name}:{node.line}: <{what}> without {attribute}", _HINT)
    return value


def make_unit(
    name: str, node: Node, texts: tuple[str, str], approved: bool, notes: Iterable[tuple[str, str]]
) -> TransUnit:
    """Make a unit of its element, its source and target, and its notes with their kinds."""
    found = parse_id(required_attribute(name, node, "id"))
    if found is None:
        raise InterchangeError(
            f"{name}:{node.line}: the id {node.get('id')!r} is not one of translate export", _HINT
        )
    lines = tuple(
        line for kind, text in notes if kind not in _EXPORTED_KINDS for line in text.split("\n")
    )
    own_notes = {TRANSLATOR_NOTES: lines} if lines else {}
    source, target = texts
    return TransUnit(
        *found, source, target, imported_state(target, approved=approved), own_notes, node.line
    )


def needs_review(state: State) -> bool:
    """Whether a unit waits for a human's review."""
    return state in (State.DRAFT, State.TOUCHED)


def parse_text(
    name: str, node: Node | None, placeholder: str, code: str, inline_codes: frozenset[str]
) -> str:
    """Read a source or target.

    `placeholder` is the name of the element for a character that XML cannot hold, `code` of its
    attribute. Elements around text are markup of a tool and do not count; the elements
    `inline_codes` stand for something that only the exporting tool knows, so they are refused.
    """
    parts: list[str] = []
    if node is not None:
        _collect(name, node, parts, (placeholder, code), inline_codes)
    return "".join(parts)


def _collect(
    name: str,
    node: Node,
    parts: list[str],
    placeholder: tuple[str, str],
    inline_codes: frozenset[str],
) -> None:
    parts.append(node.text or "")
    for child in node:
        assert isinstance(child, Node)
        number = child.get(placeholder[1], "").removeprefix("x-cp-")
        found = character(number) if child.tag == placeholder[0] else None
        if found is not None:
            parts.append(found)
        elif child.tag in inline_codes and not len(child) and not child.text:
            what = child.tag.rpartition(" ")[2]
            message = f"{name}:{child.line}: an inline code <{what}> that the export did not have"
            raise InterchangeError(message, "Take it out of the translation.")
        else:
            _collect(name, child, parts, placeholder, inline_codes)
        parts.append(child.tail or "")
