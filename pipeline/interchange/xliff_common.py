"""What both versions of XLIFF share: how a file is known, its texts, its notes, its units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.core.errors import InterchangeError
from pipeline.core.types import State
from pipeline.files.xml import Node, character, plain
from pipeline.interchange.document import ABOUT, NOTES, TransUnit, split_id, state_of

SOURCE_LANGUAGE = "de"
_ROOT = re.compile(r"<(?:[\w.-]+:)?xliff\b[^>]*?\sversion\s*=\s*[\"']([0-9]+)\.")
_KINDS = {"translator_comments": "translator", "developer_comments": "developer"}
_OURS = frozenset(ABOUT) - {NOTES} | {"developer"}
_AGAIN = "Export it again with translate export."


def version(data: bytes) -> str:
    """Tell which version of XLIFF a file is of, "1" or "2"; "" for none."""
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    match = _ROOT.search(data[:10_000].decode("utf-16" if utf16 else "utf-8", "replace"))
    return match[1] if match else ""


def notes(unit: TransUnit, mark: str) -> Iterator[str]:
    """Write what is told about a unit; the attribute `mark` says of what kind a note is."""
    for kind, lines in unit.notes.items():
        if lines:
            yield f'<note {mark}="{_KINDS.get(kind, kind)}">{plain(chr(10).join(lines))}</note>'


def check_language(name: str, node: Node, found: str | None) -> None:
    """Refuse a file that is not a translation from German."""
    if (found or "").lower().partition("-")[0] != SOURCE_LANGUAGE:
        message = f"{name}:{node.line}: its source language is {found!r}, not {SOURCE_LANGUAGE!r}"
        raise InterchangeError(message, _AGAIN)


def required(name: str, node: Node, attribute: str) -> str:
    """Give the value of an attribute that has to be there."""
    value = node.get(attribute, "")
    if not value:
        what = node.tag.rpartition(" ")[2]
        raise InterchangeError(f"{name}:{node.line}: <{what}> without {attribute}", _AGAIN)
    return value


def made_unit(
    name: str, node: Node, texts: tuple[str, str], approved: bool, told: Iterable[tuple[str, str]]
) -> TransUnit:
    """Make a unit of its element, its source and target, and its notes with their kinds."""
    found = split_id(required(name, node, "id"))
    if found is None:
        raise InterchangeError(
            f"{name}:{node.line}: the id {node.get('id')!r} is not one of translate export", _AGAIN
        )
    lines = tuple(line for kind, text in told if kind not in _OURS for line in text.split("\n"))
    about = {NOTES: lines} if lines else {}
    source, target = texts
    return TransUnit(*found, source, target, state_of(target, approved=approved), about, node.line)


def fuzzy(state: State) -> bool:
    """Whether a unit waits for a human's review."""
    return state in (State.DRAFT, State.TOUCHED)


def text(name: str, node: Node | None, holder: str, code: str, empty: frozenset[str]) -> str:
    """Read a source or target.

    `holder` is the name of the element for a character that XML cannot hold, `code` of its
    attribute. Elements around text are markup of a tool and do not count; the elements
    `empty` stand for something that only the exporting tool knows, so they are refused.
    """
    pieces: list[str] = []
    if node is not None:
        _collect(name, node, pieces, (holder, code), empty)
    return "".join(pieces)


def _collect(
    name: str, node: Node, pieces: list[str], holder: tuple[str, str], empty: frozenset[str]
) -> None:
    pieces.append(node.text or "")
    for child in node:
        assert isinstance(child, Node)
        number = child.get(holder[1], "").removeprefix("x-cp-")
        found = character(number) if child.tag == holder[0] else None
        if found is not None:
            pieces.append(found)
        elif child.tag in empty and not len(child) and not child.text:
            what = child.tag.rpartition(" ")[2]
            message = f"{name}:{child.line}: an inline code <{what}> that the export did not have"
            raise InterchangeError(message, "Take it out of the translation.")
        else:
            _collect(name, child, pieces, holder, empty)
        pieces.append(child.tail or "")
