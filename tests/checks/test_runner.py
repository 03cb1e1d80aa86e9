"""Catalogs are checked in order, damaged ones too, and alike on one process or two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.checks.registry import CHECKS, select_checks
from pipeline.checks.runner import CheckPlan, Tally, check_catalogs
from pipeline.core import parallel
from pipeline.core.errors import CatalogError, GlossaryError
from pipeline.core.types import Finding, Severity
from tests.conftest import FIELDS

HEAD = (
    f'msgid ""\nmsgstr ""\n"Language: en\\n{FIELDS}"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
)
ALL = select_checks((), (), {}, reviewed=False)


def catalog(path: Path, *entries: tuple[str, str], flags: str = "") -> Path:
    blocks = [f'{flags}msgid "{source}"\nmsgstr "{target}"\n' for source, target in entries]
    path.write_text(HEAD + "\n".join(blocks), encoding="utf-8")
    return path


def run(*paths: Path, plan: CheckPlan | None = None, jobs: int = 0) -> list[Finding]:
    own = plan or CheckPlan("en", checks=ALL)
    return list(check_catalogs(paths, lambda path, language: own, jobs=jobs))


def test_findings_come_in_the_order_of_the_catalogs(tmp_path: Path) -> None:
    """First by file, then by line, then by check."""
    one = catalog(tmp_path / "b.po", ("Es sind 3 Tage.", "It is 4 days"), ("Am Montag", "Tuesday"))
    two = catalog(tmp_path / "a.po", ("Am Freitag ", "On Friday"))
    found = run(one, two)
    assert [(f.path, f.line, f.check) for f in found] == [
        (one, 6, "numbers"),
        (one, 6, "end-punctuation"),
        (one, 9, "dates"),
        (two, 6, "whitespace"),
    ]


def test_a_tally_counts_what_was_looked_at(tmp_path: Path) -> None:
    """Entries of every state count."""
    tally = Tally()
    path = catalog(tmp_path / "a.po", ("Ja", "Yes"), ("Nein", ""))
    assert not list(check_catalogs([path], lambda *_: CheckPlan("en", checks=ALL), tally=tally))
    assert (tally.catalogs, tally.entries) == (1, 2)


def test_a_flag_silences_one_check_of_an_entry(tmp_path: Path) -> None:
    """The other checks still run."""
    entry = ("Es sind heute 3 Tage.", "It is 4 days today")
    path = catalog(tmp_path / "a.po", entry, flags="#, ignore-numbers\n")
    assert [f.check for f in run(path)] == ["end-punctuation"]


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b'msgid "a\nmsgstr "b"\n', 1, ""),
        (HEAD.encode() + b'msgid "a"\nmsgstr "\xff"\n', 7, "not utf-8"),
        (HEAD.encode() + b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 9, "duplicate msgid"),
        (b"", 0, "empty"),
        (b"\0\0\0", 1, "NUL"),
        (b"hello", 1, ""),
    ],
)
def test_a_damaged_catalog_is_a_finding(tmp_path: Path, data: bytes, line: int, word: str) -> None:
    """It names the line and the cure, and the other catalogs are checked all the same."""
    bad = tmp_path / "bad.po"
    bad.write_bytes(data)
    good = catalog(tmp_path / "good.po", ("3 Tage", "4 days"))
    first, second = run(bad, good)
    assert (first.check, first.severity, first.line) == ("malformed", Severity.ERROR, line)
    assert word in first.message
    assert not first.message.startswith(str(bad))
    assert second.path == good


def test_a_missing_catalog_stops_the_run(tmp_path: Path) -> None:
    """A path that is not there is a mistake of the caller, not a finding."""
    with pytest.raises(CatalogError):
        run(tmp_path / "none.po")


@pytest.mark.parametrize("severity", ["off", "info", "warning"])
def test_no_setting_hides_a_damaged_catalog(tmp_path: Path, severity: str) -> None:
    """It is an error even where the check is off, and the other catalogs are still checked."""
    bad = tmp_path / "bad.po"
    bad.write_bytes(b"hello")
    good = catalog(tmp_path / "good.po", ("3 Tage", "4 days"))
    plan = CheckPlan("en", severities=(("malformed", severity),), checks=("numbers",))
    found = run(bad, good, plan=plan)
    assert [(f.check, f.severity) for f in found] == [
        ("malformed", Severity.ERROR), ("numbers", Severity.ERROR)
    ]  # fmt: skip


def test_a_broken_glossary_is_named_at_once(tmp_path: Path) -> None:
    """Before any work, with its line."""
    path = catalog(tmp_path / "a.po", ("Ja", "Yes"))
    glossary = tmp_path / "g.csv"
    glossary.write_text("source,target\nRat,\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"g\.csv:2"):
        run(path, plan=CheckPlan("en", (glossary,), checks=ALL))


def test_glossaries_are_enforced(tmp_path: Path) -> None:
    """The file's terms are demanded of every entry, drafts included."""
    flags = "#, fuzzy\n"
    path = catalog(tmp_path / "a.po", ("Die Räte tagen.", "The boards meet."), flags=flags)
    glossary = tmp_path / "g.csv"
    glossary.write_text("source,target\nRat,council\n", encoding="utf-8")
    (finding,) = run(path, plan=CheckPlan("en", (glossary,), checks=ALL))
    assert finding.message == "'Räte' must be translated as 'council'"


@pytest.mark.parametrize("forks", [True, False])
def test_two_processes_find_what_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forks: bool
) -> None:
    """In the same order, whoever did the work; languages are compared apart."""
    if not forks:
        monkeypatch.setattr(parallel, "START_METHOD", "spawn")
    paths = []
    for number in range(3):
        rows = [
            (f"Satz {n} von {number} mit der Zahl {n % 7}.", f"Sentence {n} of {number}, {n % 5}.")
            for n in range(1500)
        ]
        paths.append(
            catalog(tmp_path / f"{number}.po", *rows, ("Das ist ein Satz hier.", f"T{number}"))
        )
    (tmp_path / "bad.po").write_bytes(b"hello")
    paths.insert(1, tmp_path / "bad.po")
    one, two = run(*paths, jobs=1), run(*paths, jobs=2)
    assert len(one) > 1000
    assert one == two
    assert {"malformed", "consistency", "numbers"} <= {f.check for f in one}


@pytest.mark.parametrize(
    ("only", "skip", "severities", "reviewed", "expected"),
    [
        (("numbers",), (), {}, False, {"numbers"}),
        (("numbers",), (), {"numbers": "off"}, False, {"numbers"}),
        ((), ("numbers",), {}, False, {c.id for c in CHECKS} - {"numbers", "unreviewed"}),
        ((), (), {"quotes": "off"}, False, {c.id for c in CHECKS} - {"quotes", "unreviewed"}),
        ((), (), {}, True, {c.id for c in CHECKS}),
        ((), (), {"unreviewed": "warning"}, False, {c.id for c in CHECKS}),
        (("numbers", "urls"), ("urls",), {}, False, {"numbers"}),
    ],
)
def test_select_checks(
    only: tuple[str, ...],
    skip: tuple[str, ...],
    severities: dict[str, str],
    reviewed: bool,
    expected: set[str],
) -> None:
    """What is asked for runs; what is switched off or optional does not, unless asked for."""
    assert set(select_checks(only, skip, severities, reviewed)) == expected


def test_a_large_catalog_is_checked_to_its_end(tmp_path: Path) -> None:
    """In stretches, with the lines of the file, by one process or two."""
    rows = [
        (f"Das ist der Satz {n} von allen.", f"This is sentence {n} of all.") for n in range(9000)
    ]
    rows[8990] = ("Das ist der Satz 8990 von allen.", "This is sentence 8991 of all.")
    path = catalog(tmp_path / "a.po", *rows)
    assert path.stat().st_size > 700_000
    one, two = run(path, jobs=1), run(path, jobs=2)
    assert one == two
    assert [(f.check, f.line) for f in one if f.severity is Severity.ERROR] == [
        ("numbers", 6 + 3 * 8990)
    ]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("forks", [True, False])
@pytest.mark.parametrize(
    ("last", "message"),
    [
        (
            'msgid "Das ist der Satz 7 von allen."\nmsgstr "Sentence 8."\n',
            "duplicate msgid, first on line 27",
        ),
        ('msgid "Ja\nmsgstr "Yes"\n', "quote"),
    ],
)
def test_a_damage_at_the_end_of_a_large_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, forks: bool, last: str, message: str
) -> None:
    """It is told alone: what was found before it came to light does not count."""
    if not forks:
        monkeypatch.setattr(parallel, "START_METHOD", "spawn")
    rows = [(f"Das ist der Satz {n} von allen.", f"Sentence {n + 1}.") for n in range(9000)]
    path = catalog(tmp_path / "a.po", *rows)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{last}")
    good = catalog(tmp_path / "b.po", ("Es sind 3 Tage.", "It is 4 days."))
    tally = Tally()
    plan = CheckPlan("en", checks=ALL)
    found = list(check_catalogs([path, good], lambda *_: plan, jobs=jobs, tally=tally))
    assert [(f.path, f.check) for f in found] == [(path, "malformed"), (good, "numbers")]
    assert (tally.catalogs, tally.entries) == (1, 1)
    assert message in found[0].message


def test_an_edited_glossary_is_loaded_again(tmp_path: Path) -> None:
    """A long-lived process sees the glossary as it is now."""
    path = catalog(tmp_path / "a.po", ("Die Räte tagen.", "The boards meet."))
    glossary = tmp_path / "g.csv"
    plan = CheckPlan("en", (glossary,), checks=ALL)
    glossary.write_text("source,target\nRat,council\n", encoding="utf-8")
    assert [f.check for f in run(path, plan=plan)] == ["terminology"]
    glossary.write_text("source,target\nRat,board\n", encoding="utf-8")
    assert run(path, plan=plan) == []


def test_summaries_are_the_same_in_every_process() -> None:
    """Digests of texts do not depend on the seed of hash()."""
    program = (
        "from pipeline.checks import Context, by_id\n"
        "from pipeline.core.types import State, Translation\n"
        "entries = [Translation('Satz \\ud800', 'Sentence', State.APPROVED)]\n"
        "print(by_id()['consistency'].aggregator(Context('en')).summarize(entries))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8:backslashreplace"},
            capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
