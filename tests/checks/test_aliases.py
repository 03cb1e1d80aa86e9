"""Earlier ids of checks stay valid wherever a user writes them; output has the new ids."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from pipeline.checks import baseline
from pipeline.checks.registry import (
    CHECKS,
    Context,
    by_id,
    canonical_id,
    canonical_severities,
    check_segment,
    get_checks,
)
from pipeline.core.types import Finding, Severity, State, Translation
from tests.checks.conftest import accept
from tests.conftest import FIELDS, Translate

EARLIER = {
    "blanks": "whitespace",
    "capital": "capitalization",
    "leftover": "untranslated-words",
    "stale-origin": "outdated-terms",
}
ENTRY = 'msgid "Guten Tag zusammen."\nmsgstr "Good  day to all."\n'
HEAD = (
    f'msgid ""\nmsgstr ""\n"Language: en\\n{FIELDS}"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
)


@pytest.fixture
def catalog(folder: Path) -> Path:
    """A catalog of the project with one finding of `whitespace`."""
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + ENTRY, encoding="utf-8")
    return path


def findings(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    assert done.returncode in (0, 1), done.stderr
    return [(f["check"], f["severity"]) for f in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize(("alias", "name"), EARLIER.items())
def test_an_alias_leads_to_its_check(alias: str, name: str) -> None:
    """It is accepted, but not listed."""
    assert canonical_id(alias) == name
    assert by_id()[alias] is by_id()[name]
    assert alias in by_id()
    assert alias not in list(by_id())
    assert [check.id for check in get_checks([alias, name])] == [name]


def test_aliases_are_unambiguous() -> None:
    """No id is an alias of another check."""
    names = [name for check in CHECKS for name in (check.id, *check.aliases)]
    assert len(names) == len(set(names))


def test_an_alias_in_the_settings_of_check_segment() -> None:
    """Ids and severities may be aliases; findings have the new id."""
    texts = ("Guten Tag zusammen.", "Good  day to all.", Context("en"))
    (found,) = check_segment(*texts, ["blanks"], {"blanks": "error"})
    assert (found.check, found.severity) == ("whitespace", Severity.ERROR)
    assert not check_segment(*texts, severities={"blanks": "off"})


def test_the_last_of_two_settings_wins() -> None:
    """The settings of a language come after the general ones."""
    assert canonical_severities({"whitespace": "error", "blanks": "off"}) == {"whitespace": "off"}
    assert canonical_severities({"blanks": "off", "whitespace": "error"}) == {"whitespace": "error"}
    assert canonical_severities({"no-such": "off"}) == {"no-such": "off"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", [("whitespace", "warning")]),
        ('[checks]\nblanks = "error"\n', [("whitespace", "error")]),
        ('[checks]\nblanks = "off"\n', []),
        ('[checks]\nwhitespace = "error"\n[checks.en]\nblanks = "off"\n', []),
        ('[checks.en]\nblanks = "error"\n', [("whitespace", "error")]),
        (
            '[checks]\nwhitespace = "info"\n[checks.en]\nblanks = "error"\n',
            [("whitespace", "error")],
        ),
        (
            '[checks]\nblanks = "info"\n[checks.en]\nwhitespace = "error"\n',
            [("whitespace", "error")],
        ),
    ],
)
def test_an_alias_in_translate_toml(
    folder: Path, catalog: Path, inside: Translate, settings: str, expected: list[tuple[str, str]]
) -> None:
    """Project settings accept it, for all languages or one."""
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{settings}', encoding="utf-8")
    assert findings(inside("check", "--format", "json")) == expected


def test_an_alias_as_option(catalog: Path, inside: Translate) -> None:
    """`--check`, `--skip` and `--explain` accept it."""
    done = inside("check", "--check", "blanks", "--format", "json")
    assert findings(done) == [("whitespace", "warning")]
    assert findings(inside("check", "--skip", "blanks", "--format", "json")) == []
    explained = inside("check", "--explain", "blanks")
    assert explained.stdout.startswith("whitespace (warning)\n")
    assert "blanks" in explained.stdout


@pytest.mark.parametrize("line", ["#, ignore-blanks\n", "# translate: ignore-blanks\n"])
def test_an_alias_as_flag(catalog: Path, inside: Translate, line: str) -> None:
    """A flag or a comment with it silences the check, and is no unknown flag."""
    catalog.write_text(HEAD + line + ENTRY, encoding="utf-8")
    assert findings(inside("check", "--format", "json")) == []
    other = line.replace("blanks", "capital")
    catalog.write_text(HEAD + other + ENTRY, encoding="utf-8")
    assert findings(inside("check", "--format", "json")) == [("whitespace", "warning")]


def test_an_alias_as_flag_of_an_aggregated_finding(catalog: Path, inside: Translate) -> None:
    """The flag of a check that looks at entries is resolved the same way."""
    check = by_id()["outdated-terms"]
    for flag, ignored in (("stale-origin", True), ("outdated-terms", True), ("numbers", False)):
        entry = Translation("Ja", "Yes", State.DRAFT, flags=frozenset((f"ignore-{flag}",)))
        assert check.is_ignored(entry.flags) is ignored


def test_an_alias_in_a_baseline(tmp_path: Path) -> None:
    """A finding accepted under the earlier id stays accepted."""
    path = tmp_path / "baseline.json"
    message = "Two spaces in a row"
    found = Finding("whitespace", Severity.WARNING, message, tmp_path / "a.po", 3, "en", "a", "b")
    accept(path, [found])
    text = path.read_text(encoding="utf-8")
    assert '"whitespace"' in text
    path.write_text(
        text.replace('"whitespace"', '"blanks"').replace("spaces", "blanks"), encoding="utf-8"
    )
    assert list(baseline.new([found], baseline.load(path), path)) == []
    assert list(baseline.new([found, found], baseline.load(path), path)) == [found]
