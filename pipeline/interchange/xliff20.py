"""XLIFF 2.0 (OASIS, 2014; ISO 21720).

A draft has the state `initial`, with a text; an approved entry is `final`; the sub-state
tells a draft from one that a human touched. Of what comes back, `translated`, `reviewed`
and `final` approve, unless the sub-state says that it is fuzzy, as Poedit writes.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core.errors import InterchangeError
from pipeline.core.types import State
from pipeline.files.xml import Node, attribute, document, exact, nodes, parse
from pipeline.interchange.document import InterchangeDocument, TransUnit, language_tag
from pipeline.interchange.xliff_common import (
    check_language,
    fuzzy,
    made_unit,
    notes,
    required,
    text,
    version,
)

SUFFIX = ".xliff"
_SPACE = "urn:oasis:names:tc:xliff:document:2.0"
_HOLDER = '<cp hex="{code}"/>'
_APPROVING = frozenset({"translated", "reviewed", "final"})
_EMPTY = frozenset(f"{_SPACE} {tag}" for tag in ("cp", "ph", "sc", "ec"))


def matches(data: bytes) -> bool:
    """Whether a file is of this format; the later 2.1 has the same core."""
    return version(data) == "2"


def render(sheet: InterchangeDocument) -> bytes:
    """Give the file of a sheet."""
    lines = [
        f'<xliff version="2.0" xmlns="{_SPACE}" srcLang="de" '
        f"trgLang={attribute(language_tag(sheet.language))}>",
        f'<file id="f1" original={attribute(sheet.article)} canResegment="no">',
    ]
    for unit in sheet.units:
        lines += _written(unit)
    return document([*lines, "</file>", "</xliff>"])


def _written(unit: TransUnit) -> Iterator[str]:
    yield f'<unit id="{unit.id}">'
    told = list(notes(unit, "category"))
    if told:
        yield "  <notes>"
        yield from (f"    {note}" for note in told)
        yield "  </notes>"
    state = "final" if unit.state is State.APPROVED else "initial"
    below = f' subState="translate:{unit.state}"' if fuzzy(unit.state) else ""
    yield f'  <segment state="{state}"{below}>'
    yield f'    <source xml:space="preserve">{exact(unit.source, _HOLDER)}</source>'
    if unit.target:
        yield f'    <target xml:space="preserve">{exact(unit.target, _HOLDER)}</target>'
    yield "  </segment>"
    yield "</unit>"


def read(data: bytes, name: str) -> tuple[InterchangeDocument, ...]:
    """Read the sheets of a file; raises InterchangeError."""
    root = parse(data, name, InterchangeError)
    check_language(name, root, root.get("srcLang"))
    language = required(name, root, "trgLang")
    sheets = []
    for file in nodes(root, f"{_SPACE} file"):
        article = required(name, file, "original")
        found = (node for node in file.iter(f"{_SPACE} unit") if isinstance(node, Node))
        units = tuple(_read(name, node) for node in found)
        sheets.append(InterchangeDocument(article, language, units, file.line))
    return tuple(sheets)


def _read(name: str, node: Node) -> TransUnit:
    segments = list(nodes(node, f"{_SPACE} segment"))
    approved = bool(segments) and all(map(_approves, segments))
    sources, targets = [], []
    for part in nodes(node, f"{_SPACE} segment", f"{_SPACE} ignorable"):
        source = next(nodes(part, f"{_SPACE} source"), None)
        between = part not in segments  # What stands between segments may have no target.
        target = next(nodes(part, f"{_SPACE} target"), source if between else None)
        sources.append(text(name, source, f"{_SPACE} cp", "hex", _EMPTY))
        targets.append(text(name, target, f"{_SPACE} cp", "hex", _EMPTY))
    told = (
        (note.get("category", ""), "".join(note.itertext()))
        for holder in nodes(node, f"{_SPACE} notes")
        for note in nodes(holder, f"{_SPACE} note")
    )
    return made_unit(name, node, ("".join(sources), "".join(targets)), approved, told)


def _approves(segment: Node) -> bool:
    below = segment.get("subState", "").lower()
    return segment.get("state") in _APPROVING and "fuzzy" not in below and "needs" not in below
