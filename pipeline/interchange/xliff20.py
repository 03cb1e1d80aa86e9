"""XLIFF 2.0 (OASIS, 2014; ISO 21720).

Export: a draft has the state `initial` and a text, an approved entry is `final`. The
sub-state distinguishes drafts from touched entries.

Import: the states `translated`, `reviewed` and `final` approve a unit unless the sub-state
marks it as fuzzy, as Poedit does.
"""

from __future__ import annotations

from collections.abc import Iterator

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
from pipeline.interchange.xliff_common import (
    check_language,
    make_unit,
    needs_review,
    note_elements,
    parse_text,
    required_attribute,
    xliff_version,
)

SUFFIX = ".xliff"
_NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_PLACEHOLDER = '<cp hex="{code}"/>'
_APPROVING = frozenset({"translated", "reviewed", "final"})
_INLINE_CODES = frozenset(f"{_NAMESPACE} {tag}" for tag in ("cp", "ph", "sc", "ec"))


def matches(data: bytes) -> bool:
    """Return whether a file has this format. XLIFF 2.1 has the same core."""
    return xliff_version(data) == "2"


def render(document: InterchangeDocument) -> bytes:
    """Return the content of a file with one document."""
    lines = [
        f'<xliff version="2.0" xmlns="{_NAMESPACE}" srcLang="de" '
        f"trgLang={quote_attribute(language_tag(document.language))}>",
        f'<file id="f1" original={quote_attribute(document.article)} canResegment="no">',
    ]
    for unit in document.units:
        lines += _unit_lines(unit)
    return render_xml([*lines, "</file>", "</xliff>"])


def _unit_lines(unit: TransUnit) -> Iterator[str]:
    yield f'<unit id="{unit.id}">'
    notes = list(note_elements(unit, "category"))
    if notes:
        yield "  <notes>"
        yield from (f"    {note}" for note in notes)
        yield "  </notes>"
    state = "final" if unit.state is State.APPROVED else "initial"
    substate = f' subState="translate:{unit.state}"' if needs_review(unit.state) else ""
    yield f'  <segment state="{state}"{substate}>'
    yield f'    <source xml:space="preserve">{escape_exact(unit.source, _PLACEHOLDER)}</source>'
    if unit.target:
        yield f'    <target xml:space="preserve">{escape_exact(unit.target, _PLACEHOLDER)}</target>'
    yield "  </segment>"
    yield "</unit>"


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
    sources, targets = [], []
    for part in child_nodes(node, f"{_NAMESPACE} segment", f"{_NAMESPACE} ignorable"):
        source = next(child_nodes(part, f"{_NAMESPACE} source"), None)
        between = part not in segments  # Text between segments may have no target.
        target = next(child_nodes(part, f"{_NAMESPACE} target"), source if between else None)
        sources.append(parse_text(name, source, f"{_NAMESPACE} cp", "hex", _INLINE_CODES))
        targets.append(parse_text(name, target, f"{_NAMESPACE} cp", "hex", _INLINE_CODES))
    notes = (
        (note.get("category", ""), "".join(note.itertext()))
        for holder in child_nodes(node, f"{_NAMESPACE} notes")
        for note in child_nodes(holder, f"{_NAMESPACE} note")
    )
    return make_unit(name, node, ("".join(sources), "".join(targets)), approved, notes)


def _is_approved(segment: XmlNode) -> bool:
    substate = segment.get("subState", "").lower()
    return (
        segment.get("state") in _APPROVING and "fuzzy" not in substate and "needs" not in substate
    )
