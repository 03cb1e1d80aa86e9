"""TBX, the XML format of termbases (ISO 30042), as TBX-Basic in the martif dialect.

An entry has the German term, its further forms as variants, and the targets with their
administrative status: preferred, admitted, or deprecated for forbidden ones. A name to
keep has the mark that Weblate writes, `Translation needed: No`. Files of the 2019 edition
(`tbx`, `conceptEntry`, `langSec`, `termSec`) are read too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from pipeline.core.errors import GlossaryError
from pipeline.core.types import Term, TermStatus
from pipeline.files.xml import parse
from pipeline.glossary.formats import by_source, rows

_ENTRIES = ("termEntry", "conceptEntry")
_LANGUAGES = ("langSet", "langSec")
_GROUPS = ("tig", "ntig", "termSec")
# ISO 12620's values, Weblate's, and both without the suffix, as some tools write them.
_FORBIDDEN = frozenset({"deprecatedterm", "supersededterm", "forbidden", "obsolete", "deprecated"})
_SUFFIX = "-admn-sts"
_EXACT_NOTE = "case: exact"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A term of an entry: its text, its notes by type, and its remarks."""

    text: str
    notes: dict[str, str]
    remarks: tuple[str, ...]


def read(data: bytes, name: str, language: str) -> tuple[Term, ...]:
    """Read the German terms of a TBX file with their targets in `language`.

    Raises GlossaryError for XML that is broken or defines entities.
    """
    root = parse(data, name, GlossaryError, namespaces=False)
    found: list[Term] = []
    for entry in root.iter():
        if entry.tag in _ENTRIES:
            found += _rows(entry, language)
    return tuple(found)


def render(terms: tuple[Term, ...], language: str) -> bytes:
    """Give a TBX file with the terms."""
    root = ElementTree.Element("martif", {"type": "TBX-Basic", "xml:lang": "de"})
    header = ElementTree.SubElement(root, "martifHeader")
    description = ElementTree.SubElement(header, "fileDesc")
    source = ElementTree.SubElement(description, "sourceDesc")
    ElementTree.SubElement(source, "p").text = "Exported by translate glossary export."
    encoding = ElementTree.SubElement(header, "encodingDesc")
    ElementTree.SubElement(encoding, "p", {"type": "XCSURI"}).text = "TBXBasicXCSV02.xcs"
    body = ElementTree.SubElement(ElementTree.SubElement(root, "text"), "body")
    for number, group in enumerate(by_source(terms).values(), start=1):
        _entry(body, number, group, language)
    ElementTree.indent(root)
    return (_HEAD + ElementTree.tostring(root, encoding="unicode") + "\n").encode()


def lost(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """TBX can hold everything."""
    return ()


def _rows(entry: ElementTree.Element, language: str) -> list[Term]:
    by_language: dict[str, list[_Entry]] = {}
    for section in entry:
        if section.tag in _LANGUAGES:
            code = section.get("xml:lang", section.get("lang", ""))
            by_language.setdefault(code, []).extend(_terms(section))
    german = _choose(by_language, "de")
    if not german:
        return []
    targets = _choose(by_language, language)
    wanted = [term for term in targets if not _is_forbidden(term)]
    forbidden = [term for term in targets if _is_forbidden(term)]
    remarks = [remark for term in (*german, *wanted) for remark in term.remarks]
    remarks = [*_texts(entry, "note"), *_texts(entry, "descrip"), *remarks]
    return rows(
        german[0].text,
        (term.text for term in wanted),
        (term.text for term in forbidden),
        keep=_is_kept(entry),
        exact_case=_EXACT_NOTE in remarks,
        forms=tuple(term.text for term in german[1:]),
        notes=(
            [remark for remark in remarks if remark != _EXACT_NOTE],
            [remark for term in forbidden for remark in term.remarks],
        ),
    )


def _choose(by_language: dict[str, list[_Entry]], language: str) -> list[_Entry]:
    """Give the terms of a language: of its very code, else of any of its regions."""
    wanted = language.replace("_", "-").lower()
    named = {code.replace("_", "-").lower(): terms for code, terms in by_language.items()}
    if wanted in named:
        return named[wanted]
    short = wanted.partition("-")[0]
    return [t for code, terms in named.items() if code.partition("-")[0] == short for t in terms]


def _terms(section: ElementTree.Element) -> Iterator[_Entry]:
    for group in section:
        term = group.find(".//term") if group.tag in _GROUPS else None
        text = "" if term is None else " ".join("".join(term.itertext()).split())
        if text:
            notes = {note.get("type", ""): (note.text or "") for note in group.iter("termNote")}
            yield _Entry(text, notes, tuple(_texts(group, "note")))


def _texts(element: ElementTree.Element, tag: str) -> list[str]:
    """Give the texts of an element's own notes; one that marks a name to keep is none."""
    found = (
        " ".join((child.text or "").split())
        for child in element
        if child.tag == tag and child.get("type", "").lower() != "translation needed"
    )
    return [text for text in found if text]


def _is_forbidden(term: _Entry) -> bool:
    status = term.notes.get("administrativeStatus", "").strip().removesuffix(_SUFFIX)
    return status.lower() in _FORBIDDEN


def _is_kept(entry: ElementTree.Element) -> bool:
    return any(
        (mark.get("type") or "").lower() in ("translation needed", "translationnote")
        and (mark.text or "").strip().lower() == "no"
        for mark in entry.iter()
        if mark.tag in ("descrip", "termNote")
    )


def _entry(body: ElementTree.Element, number: int, group: list[Term], language: str) -> None:
    entry = ElementTree.SubElement(body, "termEntry", {"id": f"t{number}"})
    first = group[0]
    if any(term.status is TermStatus.KEEP for term in group):
        mark = ElementTree.SubElement(entry, "descrip", {"type": "Translation needed"})
        mark.text = "No"
    german = ElementTree.SubElement(entry, "langSet", {"xml:lang": "de"})
    remark = _EXACT_NOTE if first.exact_case else ""
    _group(german, first.source, {}, remark)
    for form in dict.fromkeys(form for term in group for form in term.forms):
        _group(german, form, {"termType": "variant"}, "")
    code = language.replace("_", "-")
    section = ElementTree.SubElement(entry, "langSet", {"xml:lang": code})
    for term in group:
        for place, target in enumerate(term.targets):
            status = "admittedTerm" if place else "preferredTerm"
            if term.status is TermStatus.FORBIDDEN:
                status = "deprecatedTerm"
            notes = {"administrativeStatus": status + _SUFFIX}
            _group(section, target, notes, "" if place else term.note)


def _group(section: ElementTree.Element, text: str, notes: dict[str, str], remark: str) -> None:
    group = ElementTree.SubElement(section, "tig")
    ElementTree.SubElement(group, "term").text = text
    for kind, value in notes.items():
        ElementTree.SubElement(group, "termNote", {"type": kind}).text = value
    if remark:
        ElementTree.SubElement(group, "note").text = remark
