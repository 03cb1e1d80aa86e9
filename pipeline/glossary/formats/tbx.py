"""TBX (ISO 30042), the XML format of termbases: TBX-Basic in the martif dialect.

An entry has the German term, its further forms as variants, and the targets with their
administrative status: preferred, admitted, or deprecated for forbidden ones. A name to keep has
the note that Weblate writes, `Translation needed: No`. Files of the 2019 edition (`tbx`,
`conceptEntry`, `langSec`, `termSec`) are read too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from pipeline.core import GlossaryError, Term, TermStatus, select_languages
from pipeline.files.xml import parse_xml
from pipeline.glossary.formats import group_by_source, make_terms

_ENTRIES = ("termEntry", "conceptEntry")
_LANGUAGES = ("langSet", "langSec")
_GROUPS = ("tig", "ntig", "termSec")
# The values of ISO 12620 and of Weblate, and those without the suffix of some tools.
_FORBIDDEN = frozenset({"deprecatedterm", "supersededterm", "forbidden", "obsolete", "deprecated"})
_SUFFIX = "-admn-sts"
_EXACT_NOTE = "case: exact"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A term of an entry, with its notes by type and its remarks."""

    text: str
    notes: dict[str, str]
    remarks: tuple[str, ...]


def read(data: bytes, name: str, language: str) -> tuple[Term, ...]:
    """Read the German terms of a TBX file with their targets in `language`.

    Raises GlossaryError for XML that is not well-formed or defines entities.
    """
    root = parse_xml(data, name, GlossaryError, namespaces=False)
    terms: list[Term] = []
    for entry in root.iter():
        if entry.tag in _ENTRIES:
            terms += _entry_terms(entry, language)
    return tuple(terms)


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


def lossy_terms(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return no terms: TBX represents everything."""
    return ()


def _entry_terms(entry: ElementTree.Element, language: str) -> list[Term]:
    by_language: dict[str, list[_Entry]] = {}
    for section in entry:
        if section.tag in _LANGUAGES:
            code = section.get("xml:lang", section.get("lang", ""))
            by_language.setdefault(code, []).extend(_read_terms(section))
    german = _select_language(by_language, "de")
    if not german:
        return []
    targets = _select_language(by_language, language)
    accepted = [term for term in targets if not _is_forbidden(term)]
    forbidden = [term for term in targets if _is_forbidden(term)]
    remarks = [remark for term in (*german, *accepted) for remark in term.remarks]
    remarks = [*_note_texts(entry, "note"), *_note_texts(entry, "descrip"), *remarks]
    return make_terms(
        german[0].text,
        (term.text for term in accepted),
        (term.text for term in forbidden),
        keep=_is_keep(entry),
        exact_case=_EXACT_NOTE in remarks,
        forms=tuple(term.text for term in german[1:]),
        notes=(
            [remark for remark in remarks if remark != _EXACT_NOTE],
            [remark for term in forbidden for remark in term.remarks],
        ),
    )


def _select_language(by_language: dict[str, list[_Entry]], language: str) -> list[_Entry]:
    """Return the terms in the languages that fit best."""
    fitting = select_languages(language, tuple(by_language))
    return [term for code in fitting for term in by_language[code]]


def _read_terms(section: ElementTree.Element) -> Iterator[_Entry]:
    for group in section:
        term = group.find(".//term") if group.tag in _GROUPS else None
        text = "" if term is None else " ".join("".join(term.itertext()).split())
        if text:
            notes = {note.get("type", ""): (note.text or "") for note in group.iter("termNote")}
            yield _Entry(text, notes, tuple(_note_texts(group, "note")))


def _note_texts(element: ElementTree.Element, tag: str) -> list[str]:
    """Return the notes of an element itself, without the mark of a name to keep."""
    terms = (
        " ".join((child.text or "").split())
        for child in element
        if child.tag == tag and child.get("type", "").lower() != "translation needed"
    )
    return [text for text in terms if text]


def _is_forbidden(term: _Entry) -> bool:
    status = term.notes.get("administrativeStatus", "").strip().removesuffix(_SUFFIX)
    return status.lower() in _FORBIDDEN


def _is_keep(entry: ElementTree.Element) -> bool:
    return any(
        (note.get("type") or "").lower() in ("translation needed", "translationnote")
        and (note.text or "").strip().lower() == "no"
        for note in entry.iter()
        if note.tag in ("descrip", "termNote")
    )


def _add_entry(body: ElementTree.Element, number: int, group: list[Term], language: str) -> None:
    entry = ElementTree.SubElement(body, "termEntry", {"id": f"t{number}"})
    first = group[0]
    if any(term.status is TermStatus.KEEP for term in group):
        keep_note = ElementTree.SubElement(entry, "descrip", {"type": "Translation needed"})
        keep_note.text = "No"
    german = ElementTree.SubElement(entry, "langSet", {"xml:lang": "de"})
    remark = _EXACT_NOTE if first.exact_case else ""
    _add_term(german, first.source, {}, remark)
    for form in dict.fromkeys(form for term in group for form in term.forms):
        _add_term(german, form, {"termType": "variant"}, "")
    code = language.replace("_", "-")
    section = ElementTree.SubElement(entry, "langSet", {"xml:lang": code})
    for term in group:
        for position, target in enumerate(term.targets):
            status = "admittedTerm" if position else "preferredTerm"
            if term.status is TermStatus.FORBIDDEN:
                status = "deprecatedTerm"
            notes = {"administrativeStatus": status + _SUFFIX}
            _add_term(section, target, notes, "" if position else term.note)


def _add_term(section: ElementTree.Element, text: str, notes: dict[str, str], remark: str) -> None:
    group = ElementTree.SubElement(section, "tig")
    ElementTree.SubElement(group, "term").text = text
    for kind, value in notes.items():
        ElementTree.SubElement(group, "termNote", {"type": kind}).text = value
    if remark:
        ElementTree.SubElement(group, "note").text = remark
