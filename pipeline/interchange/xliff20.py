"""XLIFF 2.0 (OASIS, 2014; ISO 21720).

Export: a draft has the state `initial` and a text, an approved entry is `final`. The
sub-state distinguishes drafts from touched entries.

Import: the states `translated`, `reviewed` and `final` approve a unit unless the sub-state
marks it as fuzzy, as Poedit does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter

from pipeline.core import InterchangeError, State, language_tag
from pipeline.files.xml import (
    XmlNode,
    child_nodes,
    escape_exact,
    parse_xml,
    quote_attribute,
    render_xml,
)
from pipeline.interchange.document import InterchangeDocument, TransUnit
from pipeline.interchange.inline_markup import InlineCode, UnitMarkup, find_format
from pipeline.interchange.xliff_common import (
    InlineElement,
    Interpreter,
    character,
    check_language,
    join_texts,
    local_name,
    make_unit,
    needs_review,
    note_elements,
    parse_text,
    required_attribute,
    xliff_version,
)

SUFFIX = ".xliff"
VERSIONS = ("2.0", "2.1")
_NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_PLACEHOLDER = '<cp hex="{code}"/>'
_APPROVING = frozenset({"translated", "reviewed", "final"})


def matches(data: bytes) -> bool:
    """Return whether a file has this format. XLIFF 2.1 has the same core."""
    return xliff_version(data) in VERSIONS


def render(document: InterchangeDocument) -> bytes:
    """Return the content of a file with one document."""
    lines = [
        f'<xliff version="2.0" xmlns="{_NAMESPACE}" srcLang="de" '
        f"trgLang={quote_attribute(language_tag(document.language))}>",
        f'<file id="f1" original={quote_attribute(document.article)} canResegment="no">',
    ]
    form = find_format(document.article)
    for unit in document.units:
        lines += _unit_lines(unit, UnitMarkup(form))
    return render_xml([*lines, "</file>", "</xliff>"])


def _unit_lines(unit: TransUnit, markup: UnitMarkup) -> Iterator[str]:
    yield f'<unit id="{unit.id}">'
    notes = list(note_elements(unit, "category"))
    if notes:
        yield "  <notes>"
        yield from (f"    {note}" for note in notes)
        yield "  </notes>"
    data: dict[str, str] = {}
    source, target = (_write(text, markup, data) for text in (unit.source, unit.target))
    if data:
        yield "  <originalData>"
        for code, name in data.items():
            yield f'    <data id="{name}">{escape_exact(code, _PLACEHOLDER)}</data>'
        yield "  </originalData>"
    state = "final" if unit.state is State.APPROVED else "initial"
    substate = f' subState="translate:{unit.state}"' if needs_review(unit.state) else ""
    yield f'  <segment state="{state}"{substate}>'
    yield f'    <source xml:space="preserve">{source}</source>'
    if unit.target:
        yield f'    <target xml:space="preserve">{target}</target>'
    yield "  </segment>"
    yield "</unit>"


def _write(text: str, markup: UnitMarkup, data: dict[str, str]) -> str:
    """Return a text with its inline elements; their codes are added to the data of the unit."""

    def reference(code: str) -> str:
        return data.setdefault(code, f"d{len(data) + 1}")

    def element(code: InlineCode, content: str) -> str:
        opening = reference(code.opening)
        if code.closing is None:
            return f'<ph id="{code.id}" dataRef="{opening}"/>'
        closing = reference(code.closing)
        start = f'id="{code.id}" dataRefStart="{opening}" dataRefEnd="{closing}"'
        return f"<pc {start}>{content}</pc>"

    return markup.write(text, lambda part: escape_exact(part, _PLACEHOLDER), element)


def read(data: bytes, name: str) -> tuple[InterchangeDocument, ...]:
    """Read the documents of a file. Raises InterchangeError for a broken one."""
    root = parse_xml(data, name, InterchangeError)
    check_language(name, root, root.get("srcLang"))
    language = required_attribute(name, root, "trgLang")
    documents = []
    for file in child_nodes(root, f"{_NAMESPACE} file"):
        article = required_attribute(name, file, "original")
        found = (node for node in file.iter(f"{_NAMESPACE} unit") if isinstance(node, XmlNode))
        units = tuple(_parse_unit(name, node) for node in found)
        documents.append(InterchangeDocument(article, language, units, file.line))
    return tuple(documents)


def _parse_unit(name: str, node: XmlNode) -> TransUnit:
    segments = list(child_nodes(node, f"{_NAMESPACE} segment"))
    approved = bool(segments) and all(map(_is_approved, segments))
    interpret = _interpreter(node)
    sources, targets = [], []
    parts = child_nodes(node, f"{_NAMESPACE} segment", f"{_NAMESPACE} ignorable")
    for position, part in enumerate(parts, start=1):
        source = next(child_nodes(part, f"{_NAMESPACE} source"), None)
        between = part not in segments  # Text between segments may have no target.
        target = next(child_nodes(part, f"{_NAMESPACE} target"), source if between else None)
        sources.append(parse_text(source, interpret))
        targets.append((_position(target, position), parse_text(target, interpret)))
    notes = (
        (note.get("category", ""), "".join(note.itertext()))
        for holder in child_nodes(node, f"{_NAMESPACE} notes")
        for note in child_nodes(holder, f"{_NAMESPACE} note")
    )
    empty = any(
        s.text.strip() and not t.text.strip() for s, (_, t) in zip(sources, targets, strict=True)
    )
    # The attribute `order` is the position of a part in the translation.
    target_text = join_texts([text for _, text in sorted(targets, key=itemgetter(0))])
    target_text.is_partial |= empty and bool(target_text.text.strip())
    return make_unit(name, node, join_texts(sources), target_text, approved, notes)


def _position(target: XmlNode | None, default: int) -> int:
    order = "" if target is None else target.get("order", "")
    return int(order) if re.fullmatch("[0-9]{1,9}", order) else default


def _interpreter(unit: XmlNode) -> Interpreter:
    """Return the function for inline elements; the texts of codes are in the unit."""
    data = {
        node.get("id", ""): "".join(node.itertext())
        for holder in child_nodes(unit, f"{_NAMESPACE} originalData")
        for node in child_nodes(holder, f"{_NAMESPACE} data")
    }

    def text(node: XmlNode, suffix: str = "") -> str:
        reference = node.get(f"dataRef{suffix}")
        return data.get(reference or "") or node.get(f"equiv{suffix}") or ""

    def interpret(node: XmlNode) -> InlineElement | None:
        name = local_name(node)
        if name == "cp":
            return character(node.get("hex", ""))
        if (name in ("mrk", "sm") and node.get("type") == "comment") or name == "em":
            return InlineElement(comment=node.get("value", ""))
        if name == "pc" and text(node, "Start") and text(node, "End"):
            return InlineElement(text(node, "Start"), text(node, "End"))
        if name in ("ph", "sc", "ec") and text(node):
            return InlineElement(text(node), has_content=False)
        return None

    return interpret


def _is_approved(segment: XmlNode) -> bool:
    substate = segment.get("subState", "").lower()
    return (
        segment.get("state") in _APPROVING and "fuzzy" not in substate and "needs" not in substate
    )
