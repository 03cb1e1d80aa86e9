"""Export catalogs to documents, and import translated documents without losing work.

The revision hash in the id of a unit identifies the exported translation. If a human changed
the entry in the catalog since the export, the entry stays as it is. A translation of a
missing entry or a draft is always imported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from pipeline.catalog import header, human_notes
from pipeline.catalog import state as catalog_state
from pipeline.catalog.po import Entry, PoFile, PoText, Style, edit_entry, flag_lines, match_newlines
from pipeline.catalog.po import file as po_file
from pipeline.core import Finding, Severity, State, one_line, shorten
from pipeline.interchange.document import (
    TRANSLATOR_NOTES,
    InterchangeDocument,
    TransUnit,
    revision_hash,
    unit_name,
)

_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
_MAX_QUOTE_LENGTH = 40  # characters of a text in a message


class _ImportOutcome(Enum):
    """The outcome of importing a unit."""

    UNCHANGED = auto()
    IMPORTED = auto()
    TARGET_REMOVED = auto()
    SOURCE_CHANGED = auto()
    CONFLICT = auto()
    REFUSED = auto()


_REASONS = {
    _ImportOutcome.TARGET_REMOVED: "no translation in the file any more; the catalog keeps its own",
    _ImportOutcome.SOURCE_CHANGED: "its German was changed in the file; not imported",
    _ImportOutcome.CONFLICT: "changed in the catalog since the export too; the catalog is kept",
}
_NO_ENTRY = "no longer in the catalog; not imported"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of importing a document into a catalog.

    `written` counts the changed entries, `unchanged` the units as they were exported.
    `problems` are the units that were not imported as they are in the file, with the reason.
    """

    written: int
    unchanged: int
    problems: tuple[Finding, ...]


def export_document(path: Path, article: str, language: str) -> InterchangeDocument:
    """Export a catalog. Raises CatalogError if it is missing or damaged."""
    units = [unit for entry in _live(po_file.read(path).text) for unit in _units(entry)]
    return InterchangeDocument(article, language, tuple(units))


def import_document(
    path: Path,
    document: InterchangeDocument,
    file: Path,
    *,
    fuzzy: bool = False,
    dry_run: bool = False,
    when: datetime | None = None,
) -> ImportResult:
    """Write the units of `document`, read from `file`, that were changed since the export.

    Entries without a changed translation, approval or translator note keep their bytes. With
    `fuzzy`, no changed entry is approved. With `dry_run`, nothing is written. `when` is the
    revision date. Raises CatalogError if the catalog is damaged, PipelineError if it cannot
    be written.
    """
    units_by_name = {unit.name: unit for unit in document.units}

    def change(old: PoFile | None) -> tuple[PoText, ImportResult]:
        assert old is not None
        text, live = old.text, {id(entry) for entry in _live(old.text)}
        merged = [_MergedEntry(e, units_by_name if id(e) in live else {}) for e in text.entries]
        entries = [entry.updated(text.style, fuzzy=fuzzy) for entry in merged]
        pairs = zip(entries, text.entries, strict=True)
        written = sum(new.raw != before.raw for new, before in pairs)
        unchanged = sum(
            v is _ImportOutcome.UNCHANGED for entry in merged for v in entry.outcomes.values()
        )
        result = ImportResult(written, unchanged, _problems(path, file, document, merged))
        if dry_run or not written:
            return text, result
        names, now = [header.REVISED], header.format_time(when)
        stamped = (header.set_dates(e, names, now, text.style) for e in entries)
        return replace(text, entries=tuple(stamped)), result

    return po_file.edit(path, change)


def _live(text: PoText) -> list[Entry]:
    return [e for e in text.entries if not e.obsolete and not header.is_header(e)]


def _units(entry: Entry) -> list[TransUnit]:
    notes = _notes(entry)
    units = []
    for form, target in enumerate(entry.targets):
        name = unit_name(entry.context, entry.source, form)
        source, state = _source(entry, form), _state(entry, form)
        units.append(TransUnit(name, _revision(entry, form), source, target, state, notes))
    return units


def _source(entry: Entry, form: int) -> str:
    return entry.plural if form and entry.plural is not None else entry.source


def _state(entry: Entry, form: int) -> State:
    """Return the state of one plural form. An entry is missing until all forms have a text."""
    if not entry.targets[form]:
        return State.MISSING
    state = catalog_state.entry_state(entry)
    if state is not State.MISSING:
        return state
    return State.TOUCHED if "fuzzy" in entry.flags else State.APPROVED


def _approved(entry: Entry, form: int) -> bool:
    return _state(entry, form) is State.APPROVED


def _revision(entry: Entry, form: int) -> str:
    return revision_hash(entry.targets[form], approved=_approved(entry, form))


def _notes(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return the notes for the translator of an entry, by kind."""
    human = human_notes(entry)
    tool = [note.partition("translate: ")[2] for note in entry.notes if note not in human]
    flags = [flag for flag in entry.flags if flag != "fuzzy"]
    previous = entry.previous.get("msgid", "") if "fuzzy" in entry.flags else ""
    findings = [line for line in tool if line.startswith("check: ")]
    memory = [line for line in tool if line.startswith("memory ")]
    alternatives = [line for line in tool if line.startswith("alternative ")]
    notes = {
        "location": entry.references,
        "context": (entry.context or "",),
        "developer_comments": (line[2:] for line in entry.extracted),
        TRANSLATOR_NOTES: (line[1:] for line in human),
        "previous_source": (previous,),
        "origin": (line for line in tool if line not in (*findings, *memory, *alternatives)),
        "findings": (line.removeprefix("check: ") for line in findings),
        "memory": (line.removeprefix("memory ") for line in memory),
        "alternatives": (line.removeprefix("alternative ") for line in alternatives),
        "flags": (", ".join(flags),),
    }
    cleaned = {kind: tuple(filter(None, map(_clean, lines))) for kind, lines in notes.items()}
    return {kind: lines for kind, lines in cleaned.items() if lines}


def _clean(line: str) -> str:
    return _CONTROL.sub("", one_line(line))


class _MergedEntry:
    """A catalog entry and the imported units of its plural forms."""

    def __init__(self, old: Entry, units_by_name: Mapping[str, TransUnit]) -> None:
        names = (unit_name(old.context, old.source, form) for form in range(len(old.targets)))
        self.old = old
        self.units = {
            form: units_by_name[name] for form, name in enumerate(names) if name in units_by_name
        }
        self.outcomes = {form: _outcome(old, form, unit) for form, unit in self.units.items()}
        if _ImportOutcome.CONFLICT in self.outcomes.values():
            for form in self._imported_forms:
                self.outcomes[form] = _ImportOutcome.CONFLICT

    @property
    def _imported_forms(self) -> list[int]:
        return [
            form for form, outcome in self.outcomes.items() if outcome is _ImportOutcome.IMPORTED
        ]

    def updated(self, style: Style, *, fuzzy: bool) -> Entry:
        """Return the entry with the imported units. Unchanged lines keep their bytes."""
        changes = self._new_notes()
        if not self._imported_forms:
            return edit_entry(self.old, style, changes) if changes else self.old
        targets = list(self.old.targets)
        for form in self._imported_forms:
            targets[form] = _target(self.old, form, self.units[form])
        approved = not fuzzy and all(
            self.units[form].state is State.APPROVED
            if form in self._imported_forms
            else _approved(self.old, form)
            for form, target in enumerate(targets)
            if target
        )
        flags = [flag for flag in self.old.flags if flag != "fuzzy"]
        if approved and "fuzzy" in self.old.flags:
            changes |= {"#,": flag_lines(flags), "#|": ()}
        elif not approved and "fuzzy" not in self.old.flags:
            changes["#,"] = flag_lines(["fuzzy", *flags])
        return edit_entry(self.old, style, changes, targets=targets)

    def _new_notes(self) -> dict[str, tuple[str, ...]]:
        """Return the comment lines of the entry if the units have new ones, by prefix."""
        if _ImportOutcome.CONFLICT in self.outcomes.values():
            return {}
        notes = self.old.notes
        known = {_clean(note[1:]) for note in notes}
        lines = [
            line for unit in self.units.values() for line in unit.notes.get(TRANSLATOR_NOTES, ())
        ]
        new = [line for line in dict.fromkeys(map(_clean, lines)) if line and line not in known]
        if not new:
            return {}
        human = human_notes(self.old)
        tool = (note for note in notes if note not in human)
        return {"#": (*human, *(f"# {line}" for line in new), *tool)}


def _outcome(entry: Entry, form: int, unit: TransUnit) -> _ImportOutcome:
    if unit.refused:
        return _ImportOutcome.REFUSED
    approved = unit.state is State.APPROVED
    if revision_hash(unit.target, approved=approved) == unit.revision_hash:
        return _ImportOutcome.UNCHANGED
    missing = unit.revision_hash == revision_hash("", approved=False)
    if not unit.target.strip():
        return _ImportOutcome.UNCHANGED if missing else _ImportOutcome.TARGET_REMOVED
    source = _source(entry, form)
    if " ".join(unit.source.split()) != " ".join(source.split()):
        return _ImportOutcome.SOURCE_CHANGED
    if missing and unit.target == source and not approved:
        return _ImportOutcome.UNCHANGED  # Some tools copy the German into untranslated units.
    if (_target(entry, form, unit), approved) == (entry.targets[form], _approved(entry, form)):
        return _ImportOutcome.UNCHANGED
    replaceable = _state(entry, form) in (State.MISSING, State.DRAFT)
    unchanged = _revision(entry, form) == unit.revision_hash
    return _ImportOutcome.IMPORTED if unchanged or replaceable else _ImportOutcome.CONFLICT


def _target(entry: Entry, form: int, unit: TransUnit) -> str:
    return match_newlines(_source(entry, form), unit.target)


def _problems(
    path: Path, file: Path, document: InterchangeDocument, merged: Sequence[_MergedEntry]
) -> tuple[Finding, ...]:
    """Return the units that were not imported, with the reason, in the order of the file."""
    found: dict[str, Finding] = {}
    known = set()
    for entry in merged:
        for form, outcome in entry.outcomes.items():
            unit = entry.units[form]
            known.add(unit.name)
            reason = _REASONS.get(outcome, unit.problem)
            if outcome is _ImportOutcome.CONFLICT:
                reason += f" ({path}:{entry.old.line}: {_quote(entry.old.targets[form])})"
            if reason:
                found[unit.name] = _finding(file, document, unit, reason)
    for unit in document.units:
        # A unit that nobody changed contains no work.
        changed = (
            revision_hash(unit.target, approved=unit.state is State.APPROVED) != unit.revision_hash
        )
        if unit.name not in known and unit.refused:
            found[unit.name] = _finding(file, document, unit, unit.problem)
        elif unit.name not in known and changed and unit.target:
            found[unit.name] = _finding(file, document, unit, _NO_ENTRY)
    return tuple(sorted(found.values(), key=lambda finding: finding.line))


def _finding(file: Path, document: InterchangeDocument, unit: TransUnit, reason: str) -> Finding:
    message = f"{_quote(unit.source)}: {reason}"
    return Finding(
        check="import",
        severity=Severity.WARNING,
        message=message,
        path=file,
        line=unit.line,
        language=document.language,
        source=unit.source,
        target=unit.target,
    )


def _quote(text: str) -> str:
    return repr(shorten(text, _MAX_QUOTE_LENGTH))
