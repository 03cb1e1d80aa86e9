"""Functions that both versions of XLIFF share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.core import InterchangeError, State, base_language
from pipeline.files.xml import XmlNode, escape_text, read_character
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
    """Return the major version of an XLIFF file, "1" or "2"; "" for any other file."""
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    match = _ROOT_VERSION.search(data[:10_000].decode("utf-16" if utf16 else "utf-8", "replace"))
    return match[1] if match else ""


def note_elements(unit: TransUnit, kind_attribute: str) -> Iterator[str]:
    """Yield the notes of a unit as XML elements; `kind_attribute` holds the kind of a note."""
    for kind, lines in unit.notes.items():
        if lines:
            text = escape_text("\n".join(lines))
            yield f'<note {kind_attribute}="{_KIND_NAMES.get(kind, kind)}">{text}</note>'


def check_language(name: str, node: XmlNode, found: str | None) -> None:
    """Raise InterchangeError for a file that is not a translation from German."""
    if base_language(found or "").strip() != SOURCE_LANGUAGE:
        message = f"{name}:{node.line}: its source language is {found!r}, not {SOURCE_LANGUAGE!r}"
        raise InterchangeError(message, _HINT)


def required_attribute(name: str, node: XmlNode, attribute: str) -> str:
    """Return the value of an attribute. Raises InterchangeError if it is missing or empty."""
    value = node.get(attribute, "")
    if not value:
        what = node.tag.rpartition(" ")[2]
        raise InterchangeError(f"{name}:{node.line}: <{what}> without {attribute}", _HINT)
    return value


def make_unit(
    name: str,
    node: XmlNode,
    texts: tuple[str, str],
    approved: bool,
    notes: Iterable[tuple[str, str]],
) -> TransUnit:
    """Build a unit from its element.

    `texts` are source and target, `notes` pairs of kind and text. Raises InterchangeError for
    an id that `translate export` did not write.
    """
    found = parse_id(required_attribute(name, node, "id"))
    if found is None:
        raise InterchangeError(
            f"{name}:{node.line}: translate export did not write the id {node.get('id')!r}", _HINT
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
    """Return whether a human must review a unit."""
    return state in (State.DRAFT, State.TOUCHED)


def parse_text(
    name: str, node: XmlNode | None, placeholder: str, code: str, inline_codes: frozenset[str]
) -> str:
    """Return the text of a source or target element, "" for None.

    - `placeholder` is the element for a character that XML cannot contain, and `code` the
      attribute with the number of the character.
    - Elements that enclose text are markup added by a tool: only their text counts.
    - `inline_codes` are elements that refer to something in the original file. The export
      wrote none, so they raise InterchangeError.
    """
    parts: list[str] = []
    if node is not None:
        _collect(name, node, parts, (placeholder, code), inline_codes)
    return "".join(parts)


def _collect(
    name: str,
    node: XmlNode,
    parts: list[str],
    placeholder: tuple[str, str],
    inline_codes: frozenset[str],
) -> None:
    parts.append(node.text or "")
    for child in node:
        assert isinstance(child, XmlNode)
        number = child.get(placeholder[1], "").removeprefix("x-cp-")
        found = read_character(number) if child.tag == placeholder[0] else None
        if found is not None:
            parts.append(found)
        elif child.tag in inline_codes and not len(child) and not child.text:
            what = child.tag.rpartition(" ")[2]
            message = f"{name}:{child.line}: the export did not contain the inline code <{what}>"
            raise InterchangeError(message, "Delete it from the translation.")
        else:
            _collect(name, child, parts, placeholder, inline_codes)
        parts.append(child.tail or "")
