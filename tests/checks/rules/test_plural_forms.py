"""The number of plural forms is compared with the header, in whole catalogs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.registry import select_checks
from pipeline.checks.runner import CheckPlan, check_catalogs
from pipeline.core.types import Finding
from tests.conftest import FIELDS

PLAN = CheckPlan("fr", checks=select_checks(("plural-forms", "numbers"), (), {}, reviewed=False))
TWO = "Plural-Forms: nplurals=2; plural=n>1;\\n"


def entry(*forms: str, comment: str = "", number: int = 0) -> str:
    lines = [f'msgstr[{n}] "{form}"\n' for n, form in enumerate(forms)]
    return f'{comment}msgid "Tag {number}"\nmsgid_plural "Tage {number}"\n{"".join(lines)}\n'


def check(folder: Path, *entries: str, field: str = TWO) -> list[Finding]:
    path = folder / "a.po"
    head = f'msgid ""\nmsgstr ""\n"Language: fr\\n{FIELDS}{field}"\n'
    head += '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    path.write_text(head + "".join(entries), encoding="utf-8")
    return list(check_catalogs([path], lambda *_: PLAN))


@pytest.mark.parametrize(
    ("made", "field", "messages"),
    [
        (entry("jour 0", "jours 0"), TWO, []),
        (entry("", ""), TWO, []),
        (entry(""), TWO, []),
        (entry("jour 0"), TWO, ["error: 1 plural form, but nplurals is 2 in the header"]),
        (entry("a 0", "b 0", "c 0"), TWO,
         ["error: 3 plural forms, but nplurals is 2 in the header"]),
        (entry("jour 0", comment="#, fuzzy\n"), TWO,
         ["warning: 1 plural form, but nplurals is 2 in the header"]),
        (entry("jour 0", ""), TWO, ["warning: Not translated: msgstr[1]"]),
        (entry("jour 0", comment="#, ignore-plural-forms\n"), TWO, []),
        (entry("jour 0", "jours 0"), "",
         ["error: The catalog has plural forms, but its header lacks Plural-Forms"]),
        (entry("jour 0"), "Plural-Forms: nplurals=2; plural=n;\\n", []),  # the header's problem
    ],
)  # fmt: skip
def test_forms(tmp_path: Path, made: str, field: str, messages: list[str]) -> None:
    """An untranslated entry has no problem, a fuzzy one only a warning."""
    found = check(tmp_path, made, field=field)
    assert [f"{f.severity}: {f.message}" for f in found] == messages


def test_a_missing_field_is_reported_once(tmp_path: Path) -> None:
    """As an error, even if a fuzzy entry comes first."""
    entries = [entry("jour 0", "jours 0", comment="#, fuzzy\n")]
    entries += [entry(f"jour {n}", f"jours {n}", number=n) for n in range(1, 5)]
    found = check(tmp_path, *entries, field="")
    assert [(f.severity, f.line) for f in found] == [("warning", 7), ("error", 12)]


def test_findings_name_context_and_form(tmp_path: Path) -> None:
    """A finding in a text has its form; one of the entry as a whole has none."""
    made = entry("jour 30", "jours 40", "jours 30", comment='msgctxt "Menü"\n', number=30)
    found = check(tmp_path, made)
    assert [(f.check, f.context, f.plural_form) for f in found] == [
        ("plural-forms", "Menü", None), ("numbers", "Menü", 1)
    ]  # fmt: skip


def test_forms_of_an_entry_stay_together(tmp_path: Path) -> None:
    """A large catalog is split between entries, never between the forms of one."""
    entries = [entry(f"un {n}", f"des {n}", f"de {n}", number=n) for n in range(1200)]
    three = "Plural-Forms: nplurals=3; plural=n>1;\\n"
    assert check(tmp_path, *entries, field=three) == []
