"""Functions that both versions of XLIFF share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pipeline.core import InterchangeError, State, base_language, shorten
from pipeline.files.xml import XmlNode, escape_text, read_character
from pipeline.interchange.document import (
    NOTE_KINDS,
    TRANSLATOR_NOTES,
    TransUnit,
    imported_state,
    parse_id,
    revision_hash,
)

SOURCE_LANGUAGE = "de"
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?xliff(?=[\s/>])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)")
_VERSION = re.compile(r"\sversion\s*=\s*([\"'])(.*?)\1", re.DOTALL)
_HEAD_SIZE = 10_000  # bytes in which the root element starts
_KIND_NAMES = {"translator_comments": "translator", "developer_comments": "developer"}
_EXPORTED_KINDS = frozenset(NOTE_KINDS) - {TRANSLATOR_NOTES} | {"developer"}
_MAX_CODE = 40  # characters of a code in a message
_REFUSED = "which the German does not have; not imported (delete it there)"
_HINT = "Export it again with translate export."


def xliff_version(data: bytes) -> str | None:
    """Return the version of an XLIFF file ("1.2"), "" if it has none; None for other files."""
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data[:_HEAD_SIZE].decode("utf-16" if utf16 else "utf-8", "replace")
    root = _ROOT.search(_COMMENT.sub("", text))
    if root is None:
        return None
    version = _VERSION.search(root[1])
    return version[2].strip() if version else ""


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


@dataclass(frozen=True, slots=True)
class InlineElement:
    """The text that an inline element represents, before and after its content.

    - `has_content`: its content is text of the segment, not the code itself.
    - `is_code`: its text must occur in the German, because the element is markup of the article.
    - `comment` is a remark of the translator on its content.
    """

    before: str = ""
    after: str = ""
    has_content: bool = True
    is_code: bool = True
    comment: str = ""


Interpreter = Callable[[XmlNode], InlineElement | None]
"""Returns the meaning of an inline element of a version of XLIFF, None if it is unknown."""


@dataclass(slots=True)
class InlineText:
    """The text of a source or target, and its inline elements.

    - `codes` are the texts of codes, which tools create from the markup of the German.
    - `unknown` are the elements whose text is unknown: name, and name with id and type.
    - `is_partial`: a part between others has no text.
    """

    text: str = ""
    codes: list[str] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    is_partial: bool = False


def parse_text(node: XmlNode | None, interpret: Interpreter) -> InlineText:
    """Read a source or target element, an empty text for None."""
    found = InlineText()
    if node is not None:
        parts: list[str] = []
        _collect(node, interpret, found, parts)
        found.text = "".join(parts)
        segments = [n for n in node.iter() if local_name(n) == "mrk" and n.get("mtype") == "seg"]
        found.is_partial = bool(found.text.strip()) and not all(
            "".join(segment.itertext()).strip() for segment in segments
        )
    return found


def _collect(node: XmlNode, interpret: Interpreter, found: InlineText, parts: list[str]) -> None:
    parts.append(node.text or "")
    for child in node:
        assert isinstance(child, XmlNode)
        element = interpret(child)
        if element is None:
            key = (child.get(name, "") for name in ("id", "mid", "startRef", "mtype", "type"))
            found.unknown.append((local_name(child), " ".join(key)))
            element = InlineElement()
        if element.is_code:
            found.codes += filter(None, (element.before, element.after))
        found.comments += filter(None, (element.comment,))
        parts.append(element.before)
        if element.has_content:
            _collect(child, interpret, found, parts)
        parts += (element.after, child.tail or "")


def join_texts(texts: Sequence[InlineText]) -> InlineText:
    """Join the texts of consecutive segments."""
    return InlineText(
        "".join(text.text for text in texts),
        [code for text in texts for code in text.codes],
        [key for text in texts for key in text.unknown],
        [comment for text in texts for comment in text.comments],
        any(text.is_partial for text in texts),
    )


def local_name(node: ElementTree.Element) -> str:
    """Return the name of an element without its namespace."""
    return node.tag.rpartition(" ")[2]


def character(code: str) -> InlineElement | None:
    """Return the meaning of a placeholder for a character that XML does not allow."""
    found = read_character(code)
    return None if found is None else InlineElement(found, has_content=False, is_code=False)


def make_unit(
    name: str,
    node: XmlNode,
    source: InlineText,
    target: InlineText,
    approved: bool,
    notes: Iterable[tuple[str, str]],
) -> TransUnit:
    """Build a unit from its element; `notes` are pairs of kind and text.

    A unit whose translation has an inline element without a known text is not imported as it
    is (see `_inline_problem`), and one without a part of its text is not approved. Raises
    InterchangeError for an id that `translate export` did not write.
    """
    found = parse_id(required_attribute(name, node, "id"))
    if found is None:
        raise InterchangeError(
            f"{name}:{node.line}: translate export did not write the id {node.get('id')!r}", _HINT
        )
    own_lines = (text.split("\n") for kind, text in notes if kind not in _EXPORTED_KINDS)
    lines = (*(line for text in own_lines for line in text), *target.comments)
    own_notes = {TRANSLATOR_NOTES: lines} if lines else {}
    approved = approved and not target.is_partial
    problem, refused = _inline_problem(source, target)
    if not refused and revision_hash(target.text, approved=approved) == found[1]:
        problem = ""  # Nobody changed the translation, so it stays as it is in the catalog.
    state = imported_state(target.text, approved=approved and not problem)
    return TransUnit(
        *found, source.text, target.text, state, own_notes, node.line, problem, refused
    )


def _inline_problem(source: InlineText, target: InlineText) -> tuple[str, bool]:
    """Return the problem with the inline elements of a translation, and whether it is refused.

    The export writes markup as text. A tool may turn it into elements that contain the markup;
    then it is text again. Elements that stand for something unknown are refused, unless the
    German in the file has the same: they stand for nothing there, because `import_document`
    compares the rest of the German with the catalog.
    """
    for code in dict.fromkeys(target.codes):
        if code not in source.text:
            return f"its translation has the code {shorten(code, _MAX_CODE)!r}, {_REFUSED}", True
    extra = list((Counter(target.unknown) - Counter(source.unknown)).elements())
    if extra:
        return f"its translation has <{extra[0][0]}>, {_REFUSED}", True
    if target.unknown:
        name = target.unknown[0][0]
        return f"<{name}> in the file is not in the catalog; imported without approval", False
    return "", False


def needs_review(state: State) -> bool:
    """Return whether a human must review a unit."""
    return state in (State.DRAFT, State.TOUCHED)
