"""TBX (ISO 30042), the XML format of termbases.

Written is TBX-Basic in the martif dialect of 2008. An entry has the German term, its further
forms as variants, and the targets with their administrative status: preferred, admitted, or
deprecated for forbidden ones. A name to keep has the note that Weblate writes, `Translation
needed: No`; exact case is a note of its own.

Read are all dialects: 2008 (`termEntry`, `langSet`, `tig`), 2019 (`conceptEntry`, `langSec`,
`termSec`) and TBX-Min (`entry`, `langGroup`, `termGroup`), in both styles: categories as
attributes (DCA: `<termNote type="administrativeStatus">`) and as elements (DCT:
`<min:administrativeStatus>`). A status that is unknown is a problem, not a permission.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from pipeline.core import GlossaryError, Term, TermStatus, language_tag, select_languages
from pipeline.files.xml import XmlNode, parse_xml
from pipeline.glossary.file import RowProblem
from pipeline.glossary.formats import Termbase, TermEntry, group_by_source, merge_entries

_ENTRIES = frozenset({"termEntry", "conceptEntry", "entry"})
_LANGUAGES = frozenset({"langSet", "langSec", "langGroup"})
_GROUPS = frozenset({"tig", "ntig", "termSec", "termGroup"})
# Elements whose attribute `type` is the category of their text.
_CARRIERS = frozenset({"termNote", "descrip", "admin", "termComp"})
_STATUS = frozenset({"administrativestatus", "termstatus", "normativeauthorization"})
_OTHER_STATUS = frozenset({"status", "usage", "usagestatus", "termusage", "approvalstatus"})
# The values of ISO 12620, TBX-Min and Weblate, and those of other tools, in letters only,
# without `Term` and the suffix of TBX-Basic (`deprecatedTerm-admn-sts`).
_FORBIDDEN = frozenset(
    {"deprecated", "superseded", "forbidden", "obsolete", "prohibited", "notrecommended"}
    | {"notallowed", "notapproved", "unapproved", "disallowed", "rejected", "donotuse", "notused"}
    | {"avoid", "banned", "invalid", "incorrect", "archaic", "veraltet", "verboten", "abgelehnt"}
)
_ACCEPTED = frozenset(
    {"preferred", "admitted", "standardized", "legal", "regulated", "approved", "accepted"}
    | {"allowed", "recommended", "valid", "standard", "proposed", "new", "bevorzugt", "zugelassen"}
)
_YES = frozenset({"true", "yes", "ja", "forbidden"})
_KEEP_CATEGORIES = frozenset({"translationneeded", "translationnote"})
_NOTES = frozenset({"note", "descrip", "definition", "explanation", "subjectField"})
_SUFFIX = "-admn-sts"
_EXACT_NOTE = "case: exact"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of an entry, with its remarks."""

    text: str
    line: int
    remarks: tuple[str, ...]
    forbidden: bool
    unknown_status: str = ""


def read(data: bytes, name: str, language: str) -> Termbase:
    """Read the German terms of a TBX file with their targets in `language`.

    Raises GlossaryError for XML that is not well-formed or defines entities, and for a file
    without terms in German and `language`.
    """
    root = parse_xml(data, name, GlossaryError, namespaces=False)
    entries: list[TermEntry] = []
    problems: list[RowProblem] = []
    languages: dict[str, None] = {}
    for node in root.iter():
        if _local(node) in _ENTRIES:
            by_language = _read_entry(node)
            languages |= dict.fromkeys(by_language)
            entry = _make_entry(node, by_language, language, problems)
            if entry is not None:
                entries.append(entry)
    termbase = merge_entries(entries, language, problems)
    if not termbase.terms and not termbase.problems:
        hint = f"Languages in it: {', '.join(sorted(languages)) or 'none'}."
        raise GlossaryError(f"{name}: no terms found in German with {language}", hint)
    return termbase


def render(terms: tuple[Term, ...], language: str) -> bytes:
    """Return a TBX file with the terms."""
    root = ElementTree.Element("martif", {"type": "TBX-Basic", "xml:lang": "de"})
    header = ElementTree.SubElement(root, "martifHeader")
    description = ElementTree.SubElement(header, "fileDesc")
    source = ElementTree.SubElement(description, "sourceDesc")
    ElementTree.SubElement(source, "p").text = "Exported by translate glossary export."
    encoding = ElementTree.SubElement(header, "encodingDesc")
    ElementTree.SubElement(encoding, "p", {"type": "XCSURI"}).text = "TBXBasicXCSV02.xcs"
    body = ElementTree.SubElement(ElementTree.SubElement(root, "text"), "body")
    for number, group in enumerate(group_by_source(terms).values(), start=1):
        _add_entry(body, number, group, language)
    ElementTree.indent(root)
    return (_HEAD + ElementTree.tostring(root, encoding="unicode") + "\n").encode()


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition(":")[2]


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalpha())


def _text(node: ElementTree.Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _category(node: ElementTree.Element) -> str:
    """Return the data category of an element, in letters: attribute in DCA, name in DCT."""
    local = _local(node)
    return _letters(node.get("type", "") if local in _CARRIERS else local)


def _make_entry(
    node: ElementTree.Element,
    by_language: dict[str, list[_Term]],
    language: str,
    problems: list[RowProblem],
) -> TermEntry | None:
    german = _select(by_language, "de")
    if not german:
        return None
    source = next((term for term in german if not term.forbidden), german[0])
    targets = []
    for term in _select(by_language, language):
        if term.unknown_status:
            message = f"{term.text!r} has the unknown status {term.unknown_status!r}; not imported"
            hint = "Write preferredTerm-admn-sts, admittedTerm-admn-sts or deprecatedTerm-admn-sts."
            problems.append(RowProblem(term.line, message, hint))
        else:
            targets.append(term)
    accepted = [term for term in targets if not term.forbidden]
    forbidden = [term for term in targets if term.forbidden]
    own = [_text(child) for child in node if _is_note(child)]
    remarks = [*own, *(remark for term in (*german, *accepted) for remark in term.remarks)]
    forbidden_remarks = [remark for term in forbidden for remark in term.remarks]
    keep = _is_keep(node)
    exact = _EXACT_NOTE in remarks
    return TermEntry(
        node.line if isinstance(node, XmlNode) else 0,
        source.text,
        tuple(term.text for term in accepted),
        tuple(term.text for term in forbidden),
        keep,
        exact,
        _EXACT_NOTE in forbidden_remarks or (exact and not accepted and not keep),
        tuple(term.text for term in german if term is not source),
        tuple(remark for remark in remarks if remark not in ("", _EXACT_NOTE)),
        tuple(remark for remark in forbidden_remarks if remark != _EXACT_NOTE),
    )


def _select(by_language: dict[str, list[_Term]], language: str) -> list[_Term]:
    """Return the terms in the languages that fit best."""
    fitting = select_languages(language, tuple(by_language))
    return [term for code in fitting for term in by_language[code]]


def _read_entry(entry: ElementTree.Element) -> dict[str, list[_Term]]:
    """Return the terms of an entry by the language of their section.

    A status outside a term holds for all terms below it.
    """
    by_language: dict[str, list[_Term]] = {}
    for section in entry:
        if _local(section) in _LANGUAGES:
            code = section.get("xml:lang", section.get("lang", ""))
            outer = [*_statuses(entry), *_statuses(section)]
            by_language.setdefault(code, []).extend(_read_terms(section, outer))
    return by_language


def _read_terms(section: ElementTree.Element, outer: list[ElementTree.Element]) -> Iterator[_Term]:
    for group in section:
        if _local(group) not in _GROUPS:
            continue
        node = next((node for node in group.iter() if _local(node) == "term"), None)
        text = "" if node is None else _text(node)
        if text:
            statuses = [*outer, *_statuses(group)]
            remarks = (_text(child) for child in group if _local(child) == "note")
            yield _Term(
                text,
                group.line if isinstance(group, XmlNode) else 0,
                tuple(filter(None, remarks)),
                any(map(_forbids, statuses)),
                next((_text(status) for status in statuses if _is_unknown(status)), ""),
            )


def _statuses(parent: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield the elements with a status of an element itself, not of a language or a term."""
    for child in parent:
        if _local(child) not in _LANGUAGES | _GROUPS:
            if _category(child) in {*_STATUS, *_OTHER_STATUS, "forbidden"}:
                yield child
            yield from _statuses(child)


def _status_value(status: ElementTree.Element) -> str:
    return _letters(_text(status)).removesuffix("admnsts").removesuffix("term")


def _forbids(status: ElementTree.Element) -> bool:
    if _category(status) == "forbidden":
        return _letters(_text(status)) in _YES
    return _status_value(status) in _FORBIDDEN


def _is_unknown(status: ElementTree.Element) -> bool:
    value = _status_value(status)
    return _category(status) in _STATUS and value not in _FORBIDDEN | _ACCEPTED | {""}


def _is_note(node: ElementTree.Element) -> bool:
    ignored = _STATUS | _OTHER_STATUS | _KEEP_CATEGORIES | {"forbidden"}
    return _local(node) in _NOTES and _category(node) not in ignored


def _is_keep(entry: ElementTree.Element) -> bool:
    return any(
        _category(node) in _KEEP_CATEGORIES and _text(node).lower() == "no" for node in entry.iter()
    )


def _add_entry(body: ElementTree.Element, number: int, group: list[Term], language: str) -> None:
    entry = ElementTree.SubElement(body, "termEntry", {"id": f"t{number}"})
    if any(term.status is TermStatus.KEEP for term in group):
        keep_note = ElementTree.SubElement(entry, "descrip", {"type": "Translation needed"})
        keep_note.text = "No"
    german = ElementTree.SubElement(entry, "langSet", {"xml:lang": "de"})
    exact = any(term.exact_case and term.status is not TermStatus.FORBIDDEN for term in group)
    _add_term(german, group[0].source, {}, [_EXACT_NOTE] if exact else [])
    for form in dict.fromkeys(form for term in group for form in term.forms):
        _add_term(german, form, {"termType": "variant"}, [])
    section = ElementTree.SubElement(entry, "langSet", {"xml:lang": language_tag(language)})
    for term in group:
        for position, target in enumerate(term.targets):
            status = "admittedTerm" if position else "preferredTerm"
            remarks = [] if position else [term.note]
            if term.status is TermStatus.FORBIDDEN:
                status = "deprecatedTerm"
                remarks += [_EXACT_NOTE] if term.exact_case else []
            _add_term(section, target, {"administrativeStatus": status + _SUFFIX}, remarks)


def _add_term(
    section: ElementTree.Element, text: str, notes: dict[str, str], remarks: list[str]
) -> None:
    group = ElementTree.SubElement(section, "tig")
    ElementTree.SubElement(group, "term").text = text
    for kind, value in notes.items():
        ElementTree.SubElement(group, "termNote", {"type": kind}).text = value
    for remark in filter(None, remarks):
        ElementTree.SubElement(group, "note").text = remark
