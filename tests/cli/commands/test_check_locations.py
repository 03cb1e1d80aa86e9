"""`translate check` uses the settings and glossary of each catalog, and says what it left out."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FIELDS, Translate

GLOSSARY = "source,target\nRat,{}\n"


def po(path: Path, language: str, target: str = "The board meets.", **more: str) -> Path:
    """Write a catalog with one entry about a `Rat`."""
    named = f"Language: {language}\\n" if language else ""
    lines = [
        'msgid ""', 'msgstr ""',
        f'"{named}{FIELDS}Content-Type: text/plain; charset=UTF-8\\n"', "",
        *([more["comment"]] if "comment" in more else []),
        'msgid "Der Rat tagt."', f'msgstr "{target}"', "",
    ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def away(inside: Translate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, outside of any project."""
    folder = tmp_path / "away"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def monorepo(away: Path) -> Path:
    """Two projects with glossaries of their own, and a foreign catalog beside a glossary."""
    for name, term in (("apps/one", "council"), ("apps/two", "board")):
        write(away / name / "translate.toml", 'languages = ["en", "fr"]\n')
        write(away / name / "glossary/de-en.csv", GLOSSARY.format(term))
        po(away / name / "output/en/LC_MESSAGES/a.po", "en")
    write(away / "apps/two/pyproject.toml", "[tool.other]\n")
    write(away / "vendor/glossary/de-en.csv", GLOSSARY.format("senate"))
    po(away / "vendor/locale/en/LC_MESSAGES/b.po", "en")
    return away


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def findings(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """Return the messages by path."""
    found: dict[str, list[str]] = {}
    for row in report(done)["findings"]:
        found.setdefault(row["path"], []).append(row["message"])
    return found


@pytest.mark.parametrize("words", [(), (".",), ("apps", "vendor")])
def test_each_catalog_has_its_own_glossary(
    monorepo: Path, inside: Translate, words: tuple[str, ...]
) -> None:
    """From the root of the repository, with paths and without."""
    done = inside("check", "--json", *words)
    assert findings(done) == {
        "apps/one/output/en/LC_MESSAGES/a.po": ["'Rat' must be translated as 'council'"],
        "vendor/locale/en/LC_MESSAGES/b.po": ["'Rat' must be translated as 'senate'"],
    }
    assert done.returncode == 1
    assert (report(done)["notices"], done.stderr) == ([], "")


def test_each_catalog_has_its_own_settings(monorepo: Path, inside: Translate) -> None:
    """A check that one project switches off still runs in the others."""
    settings = 'languages = ["en"]\n[checks]\nterminology = "off"\n'
    write(monorepo / "apps/one/translate.toml", settings)
    assert [*findings(inside("check", "--json"))] == ["vendor/locale/en/LC_MESSAGES/b.po"]
    write(monorepo / "apps/one/translate.toml", 'languages = ["en"]\n[checks]\nnumber = "off"\n')
    done = inside("check")
    assert (done.returncode, "Did you mean 'numbers'?" in done.stderr) == (3, True)


def test_catalogs_of_different_projects_are_not_compared(monorepo: Path, inside: Translate) -> None:
    """Consistency is that of a project, also if only one of them checks it."""
    po(monorepo / "apps/two/output/en/LC_MESSAGES/a.po", "en", "The council sits.")
    options = ("--check", "consistency", "-v", "--json")
    assert findings(inside("check", *options)) == {}
    po(monorepo / "apps/two/output/en/LC_MESSAGES/c.po", "en", "The board is sitting.")
    (path,) = findings(inside("check", *options))
    assert path == "apps/two/output/en/LC_MESSAGES/c.po"
    settings = 'languages = ["en"]\n[checks]\nconsistency = "off"\n'
    write(monorepo / "apps/one/translate.toml", settings)
    assert inside("check").returncode == 1


@pytest.mark.parametrize(
    ("place", "language", "found"),
    [
        ("glossary/de-fr.csv", "fr", True),
        ("a/glossary/de-fr.csv", "fr", True),
        ("a/b/glossary/de-fr.csv", "fr", True),
        ("a/b/glossary/de-fr.csv", "fr_CA", True),
        ("a/b/glossary/de-fr_CA.csv", "fr-CA", True),
        ("a/b/glossary/de-fr_CA.csv", "fr", False),
        ("a/b/glossary/de-en.csv", "fr", False),
        ("a/b/glossary/fr.csv", "fr", False),
        ("c/glossary/de-fr.csv", "fr", False),
        ("a/b/de-fr.csv", "fr", False),
    ],
)
def test_a_foreign_glossary_is_beside_or_above(
    away: Path, inside: Translate, place: str, language: str, found: bool
) -> None:
    """One of the language is used; others lead to a notice."""
    write(away / place, GLOSSARY.format("conseil"))
    po(away / "a/b/x.po", language, "Le comité se réunit.")
    done = inside("check", "--json", "a/b/x.po")
    assert bool(findings(done)) == found
    notices = [n["message"] for n in report(done)["notices"] if n["language"]]
    assert len(notices) == (not found)
    assert all(n.startswith(f"no glossary for {language}: terminology not") for n in notices)
    assert all(n in done.stderr for n in notices)


def test_a_glossary_is_not_sought_outside_of_the_repository(away: Path, inside: Translate) -> None:
    """A folder above it may belong to somebody else."""
    write(away / "glossary/de-fr.csv", GLOSSARY.format("conseil"))
    po(away / "repository/x.po", "fr")
    (away / "repository/.git").mkdir()
    done = inside("check", "repository/x.po")
    assert (done.returncode, "no glossary for fr" in done.stderr) == (0, True)


def test_an_option_replaces_the_glossary_of_one_language(monorepo: Path, inside: Translate) -> None:
    """By its name, or with the language before it; the other languages keep their own."""
    po(monorepo / "apps/one/output/fr/LC_MESSAGES/a.po", "fr", "Le comité se réunit.")
    french = write(monorepo / "x/de-fr.csv", GLOSSARY.format("conseil"))
    other = write(monorepo / "x/a=b.csv", GLOSSARY.format("sénat"))
    for option, word in ((f"{french}", "conseil"), (f"fr={other}", "sénat")):
        found = findings(inside("check", "--json", "--glossary", option, "apps/one"))
        assert found == {
            "apps/one/output/en/LC_MESSAGES/a.po": ["'Rat' must be translated as 'council'"],
            "apps/one/output/fr/LC_MESSAGES/a.po": [f"'Rat' must be translated as '{word}'"],
        }


@pytest.mark.parametrize("option", ["terms.csv", "de_fr.csv", "fr=none.csv", "none-fr.csv", "fr="])
def test_a_glossary_of_no_language_is_refused_for_two_languages(
    monorepo: Path, inside: Translate, option: str
) -> None:
    """It would be used for the wrong one of them."""
    po(monorepo / "apps/one/output/fr/LC_MESSAGES/a.po", "fr", "Le comité se réunit.")
    for name in ("terms.csv", "de_fr.csv"):
        write(monorepo / name, GLOSSARY.format("conseil"))
    done = inside("check", "--glossary", option)
    assert done.returncode in (2, 3)
    assert "for which language" in done.stderr or "does not exist" in done.stderr


def test_a_glossary_of_no_language_is_that_of_the_only_one(
    monorepo: Path, inside: Translate
) -> None:
    """Whatever the name of the file, one language leaves no doubt."""
    terms = str(write(monorepo / "terms.csv", GLOSSARY.format("senate")))
    found = findings(inside("check", "--json", "--glossary", terms, "vendor"))
    assert found == {
        "vendor/locale/en/LC_MESSAGES/b.po": ["'Rat' must be translated as 'senate'"],
    }


def test_a_language_without_a_glossary_is_reported_everywhere(
    monorepo: Path, inside: Translate
) -> None:
    """On standard error and in each format; an option makes it an error."""
    po(monorepo / "apps/one/output/fr/LC_MESSAGES/a.po", "fr", "Le comité se réunit.")
    options = ("check", "apps/one/output/fr")
    message = (
        "no glossary for fr: terminology not checked "
        "(add apps/one/glossary/de-fr.csv or --glossary FILE)"
    )
    done = inside(*options)
    assert (done.returncode, done.stderr) == (0, f"{message}\n")
    assert inside(*options, "-q").stderr == f"{message}\n"
    (notice,) = report(inside(*options, "--json"))["notices"]
    assert notice == {"message": message, "language": "fr"}
    (run,) = report(inside(*options, "--format", "sarif"))["runs"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == message
    junit = ET.fromstring(inside(*options, "--format", "junit").stdout)
    assert [e.text for e in junit.iter("system-out")] == [message]
    github = inside(*options, "--format", "github").stdout
    assert f"::notice title=translate check::{message}\n" in github
    done = inside(*options, "--require-glossary")
    assert done.returncode == 1
    assert f"a.po: error terminology: {message}\n" in done.stdout
    assert inside("check", "apps/two", "--require-glossary").returncode == 0


@pytest.mark.parametrize("words", [("--skip", "terminology"), ("--check", "numbers")])
def test_required_terminology_is_not_switched_off(
    monorepo: Path, inside: Translate, words: tuple[str, ...]
) -> None:
    """By no option; the settings cannot either."""
    assert inside("check", *words).returncode == 0
    done = inside("check", "--require-glossary", *words)
    assert (done.returncode, "the check is switched off" in done.stdout) == (1, True)


def test_an_empty_glossary_is_none(monorepo: Path, inside: Translate) -> None:
    """It checks nothing, and the notice names it."""
    write(monorepo / "apps/two/glossary/de-en.csv", "source,target\n")
    done = inside("check", "apps/two")
    assert (done.returncode, "no terms in apps/two/glossary/de-en.csv" in done.stderr) == (0, True)
    assert inside("check", "apps/two", "--require-glossary").returncode == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("de_en.csv", "Rename it to glossary/de-en.csv."),
        ("de-EN.csv", "Rename it to glossary/de-en.csv."),
        ("en/de-en.csv", "Rename it to glossary/de-en.csv."),
        ("de-it.csv", "Add it to languages in the settings, or delete the file."),
        ("terms.csv", "Glossaries: de-en.csv, de-fr.csv."),
    ],
)
def test_a_glossary_that_no_language_uses_is_reported(
    monorepo: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    """By check, doctor and lint."""
    folder = monorepo / "apps/two"
    unused = write(folder / "glossary" / name, GLOSSARY.format("board"))
    done = inside("check", "apps/two")
    assert done.returncode == 0
    message = f"glossary/{name}: no language of the project uses it. {hint}"
    assert f"apps/two/{message}" in done.stderr
    assert (
        f"glossary/{name}: warning: no language" in inside("glossary", "lint", f"{unused}").stdout
    )
    monkeypatch.chdir(folder)
    assert f"glossary/{name}: warning: no language" in inside("glossary", "lint").stdout
    assert f"glossary/{name}: warning unused-glossary" in inside("doctor").stdout


def test_unused_glossary_options_and_foreign_files_are_reported(
    away: Path, inside: Translate
) -> None:
    """A file for another language, and one whose name says none."""
    po(away / "x.po", "fr")
    write(away / "glossary/de_fr.csv", GLOSSARY.format("conseil"))
    write(away / "de-it.csv", GLOSSARY.format("consiglio"))
    done = inside("check", "x.po", "--glossary", "de-it.csv")
    assert "de-it.csv: not used: no catalog in it\n" in done.stderr
    assert "glossary/de_fr.csv: no language uses it. Name it de-LANGUAGE.csv" in done.stderr


def test_catalogs_that_are_not_checked_are_reported(folder: Path, inside: Translate) -> None:
    """A language without catalogs, and catalogs of a language that the project has not."""
    po(folder / "output/en/LC_MESSAGES/a.po", "en", "The city council meets.")
    po(folder / "output/it/LC_MESSAGES/a.po", "it")
    done = inside("check")
    assert done.returncode == 0
    assert "no catalogs in output/fr/LC_MESSAGES: nothing of fr checked\n" in done.stderr
    assert "1 catalog not checked: not in the folder of a language" in done.stderr
    assert "output/it/LC_MESSAGES/a.po" in done.stderr
    assert inside("check", "-l", "en").stderr == ""


@pytest.mark.parametrize("words", [(), (".",), ("empty",), ("x.po", "empty")])
def test_no_catalogs_are_a_usage_error(
    away: Path, inside: Translate, words: tuple[str, ...]
) -> None:
    """With the option that accepts it."""
    (away / "empty").mkdir()
    if "x.po" in words:
        po(away / "x.po", "en")
    done = inside("check", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--allow-empty" in done.stderr
    assert inside("check", "--allow-empty", *words).returncode == 0


def test_no_entries_are_no_success(away: Path, inside: Translate) -> None:
    """A header alone, or drafts alone where only approved entries count."""
    path = po(away / "x.po", "en", comment="#, fuzzy")
    assert inside("check").returncode == 0
    done = inside("check", "--approved-only")
    assert (done.returncode, "nothing was checked" in done.stderr) == (2, True)
    assert inside("check", "--approved-only", "--allow-empty").returncode == 0
    path.write_text(path.read_text(encoding="utf-8").partition("\n\n")[0] + "\n", encoding="utf-8")
    assert inside("check").returncode == 2
    junit = ET.fromstring(inside("check", "--format", "junit").stdout)
    assert junit.find(".//skipped") is not None


def test_a_bare_check_stays_out_of_foreign_folders(away: Path, inside: Translate) -> None:
    """Hidden ones, installed packages and environments; a named folder is searched."""
    po(away / "locale/en.po", "en")
    for name in (".hidden", "node_modules", "lib/site-packages"):
        po(away / name / "x.po", "en")
    po(away / "env/x.po", "en")
    write(away / "env/pyvenv.cfg", "")
    assert inside("check").stdout.startswith("1 entry in 1 catalog")
    assert inside("check", ".").stdout.startswith("5 entries in 5 catalogs")


BAD = {
    "syntax": b'msgid "a\nmsgstr "b"\n',
    "empty": b"",
    "utf-16": "msgid".encode("utf-16"),
    "nul": b'msgid "a"\nmsgstr "\0"\n',
    "no language": b'msgid ""\nmsgstr "MIME-Version: 1.0\\n"\n\nmsgid "a"\nmsgstr "b"\n',
    "no header": b'msgid "a"\nmsgstr "b"\n',
    "link": b"",
    "forms": b'msgid "a"\nmsgid_plural "b"\nmsgstr[1] "c"\n',
}


@pytest.mark.parametrize("kind", BAD)
def test_a_catalog_that_cannot_be_checked_is_always_an_error(
    away: Path, inside: Translate, kind: str
) -> None:
    """The others are checked; no option hides it, and no baseline accepts it."""
    bad = away / "a.po"
    if kind == "link":
        bad.symlink_to("nowhere.po")
    else:
        bad.write_bytes(BAD[kind])
    po(away / "b.po", "en", "The board meets 7 times.")
    for words in ((), ("--skip", "malformed"), ("--check", "numbers"), ("-q",)):
        done = inside("check", "--json", *words)
        assert done.returncode == 1
        first = report(done)["findings"][0]
        assert first["path"] == ("nowhere.po" if kind == "link" else "a.po")
        assert (first["check"], first["severity"]) == ("malformed", "error")
        assert "b.po" in findings(inside("check", "--json", "--check", "numbers"))
    done = inside("check", "--baseline", "old.json", "--write-baseline")
    assert (done.returncode, "old.json: 1 accepted" in done.stdout) == (1, True)
    assert ("nowhere.po" if kind == "link" else "a.po") in done.stderr
    done = inside("check", "--baseline", "old.json")
    assert done.returncode == 1
    assert done.stdout.endswith("1 error, 0 warnings, 1 accepted\n")


def test_damage_hides_no_change(away: Path, inside: Translate) -> None:
    """A damaged line that is older than the revision still hides the entries changed since."""
    bad = po(away / "a.po", "en")
    bad.write_text(bad.read_text(encoding="utf-8") + '\nmsgid "x\nmsgstr "y"\n', encoding="utf-8")
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        subprocess.run(["git", *who, *words], cwd=away, check=True, capture_output=True)
    assert inside("check", "--changed-since", "HEAD").returncode == 2
    bad.write_text(bad.read_text(encoding="utf-8").replace("board", "council"), encoding="utf-8")
    done = inside("check", "--changed-since", "HEAD")
    assert (done.returncode, "malformed" in done.stdout) == (1, True)


def test_a_folder_that_cannot_be_read_stops_the_check(
    away: Path, ordinary_user: tuple[str, ...]
) -> None:
    """Its catalogs would pass unseen."""
    po(away / "a/x.po", "en")
    po(away / "b/x.po", "en")
    (away / "a").chmod(0)
    try:
        words = [*ordinary_user, sys.executable, "-m", "pipeline", "check"]
        assert subprocess.run(words, cwd=away, check=False).returncode == 3
    finally:
        (away / "a").chmod(0o755)
