"""`translate check` as its users run it: in a project, outside one, in CI."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import FIELDS, Translate

CATALOG = f"""msgid ""
msgstr ""
"Language: en\\n{FIELDS}"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Der Stadtrat hat 3 Mitglieder."
msgstr "The town hall has 4 members."

#, fuzzy
msgid "Die Ausschreibung beginnt am Montag."
msgstr "The tender starts on Tuesday."

msgid "Nein."
msgstr ""
"""


@pytest.fixture
def catalog(folder: Path) -> Path:
    path = folder / "output" / "en" / "LC_MESSAGES" / "bruecke.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOG, encoding="utf-8")
    return path


def findings(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    return [(f["check"], f["severity"]) for f in json.loads(done.stdout)["findings"]]


def test_a_project_is_checked_with_its_glossary(catalog: Path, translate: Translate) -> None:
    """Forbidden terms and wrong numbers are errors, in drafts too, and the exit code is 1."""
    done = translate("check")
    assert done.returncode == 1, done.stderr
    place = "output/en/LC_MESSAGES/bruecke.po"
    first, *_ = done.stdout.split("\n")
    assert first.startswith(f"{place}:6: error terminology: 'town hall' must not be used")
    assert f"{place}:6: error numbers: '3' became '4'" in done.stdout
    assert f"{place}:10: error dates: Montag became Tuesday" in done.stdout
    assert done.stdout.endswith("3 entries in 1 catalog: 3 errors, 0 warnings\n")
    assert "\x1b" not in done.stdout


def test_a_project_without_catalogs_fails(folder: Path, inside: Translate) -> None:
    """Nothing was checked, which is a usage error unless an option accepts it."""
    done = inside("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no catalogs in output" in done.stderr
    done = inside("check", "--allow-empty")
    assert (done.returncode, done.stdout) == (0, "0 entries in 0 catalogs: 0 errors, 0 warnings\n")


def test_paths_outside_of_any_project(
    folder: Path, catalog: Path, inside: Translate, tmp_path: Path
) -> None:
    """Any .po file or folder; its glossary is named, its language stands in the header."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "x.po").write_text(CATALOG, encoding="utf-8")
    (other / "x.txt").write_text("no catalog", encoding="utf-8")
    glossary = str(folder / "glossary" / "de-en.csv")
    (folder / "translate.toml").rename(tmp_path / "away.toml")
    done = inside("check", "--format", "json", str(other))
    assert findings(done) == [("numbers", "error"), ("dates", "error")]
    done = inside("check", "--format", "json", "--glossary", glossary, str(other / "x.po"))
    assert ("terminology", "error") in findings(done)
    done = inside("check")
    assert done.returncode == 1
    assert "output/en/LC_MESSAGES/bruecke.po:6: error numbers" in done.stdout


def test_a_header_without_language(folder: Path, catalog: Path, inside: Translate) -> None:
    """It is a finding with a hint, also where the other catalogs are checked; --lang helps."""
    text = catalog.read_text(encoding="utf-8").replace("Language: en\\n", "")
    (folder / "x.po").write_text(text, encoding="utf-8")
    done = inside("check", "x.po", str(catalog))
    assert done.returncode == 1
    assert "x.po: error malformed: the header names no language" in done.stdout
    assert "--lang" in done.stdout
    assert "bruecke.po:6: error numbers" in done.stdout
    done = inside("check", "x.po", "--lang", "en")
    assert "x.po:6: error numbers" in done.stdout
    assert "Missing in the header: Language" in done.stdout


def test_settings_choose_severities_by_language(
    folder: Path, catalog: Path, inside: Translate
) -> None:
    """A table for all languages, and one for one of them."""
    settings = folder / "translate.toml"
    settings.write_text(
        'languages = ["en", "fr"]\n[checks]\nnumbers = "warning"\nterminology = "off"\n'
        '[checks.en]\ndates = "info"\n',
        encoding="utf-8",
    )
    done = inside("check", "-v", "--format", "json")
    assert findings(done) == [("numbers", "warning"), ("dates", "info")]
    assert done.returncode == 0
    assert inside("check", "--strict").returncode == 1
    assert findings(inside("check", "--check", "terminology", "--format", "json")) == [
        ("terminology", "error")
    ]


@pytest.mark.parametrize(
    ("line", "word"),
    [('number = "off"', "Did you mean 'numbers'?"), ('numbers = "fatal"', "is no severity")],
)
def test_wrong_settings_are_named(
    folder: Path, catalog: Path, inside: Translate, line: str, word: str
) -> None:
    """A misspelled check or severity would silently check nothing."""
    (folder / "translate.toml").write_text(
        f'languages = ["en"]\n[checks]\n{line}\n', encoding="utf-8"
    )
    done = inside("check")
    assert done.returncode == 3
    assert word in done.stderr


def test_require_reviewed(catalog: Path, inside: Translate) -> None:
    """Missing entries and drafts are errors only when a release demands so."""
    done = inside("check", "--check", "unreviewed", "--format", "json")
    assert findings(done) == [("unreviewed", "error")] * 2
    done = inside("check", "--require-reviewed", "--skip", "numbers", "--format", "json")
    assert [check for check, _ in findings(done)].count("unreviewed") == 2


def test_baseline(folder: Path, catalog: Path, inside: Translate) -> None:
    """Accepted findings pass, new ones fail, and fixed ones must not return."""
    assert inside("check", "--write-baseline").returncode == 2
    done = inside("check", "--baseline", "accepted.json", "--write-baseline")
    assert (done.returncode, done.stdout) == (0, "accepted.json: 3 accepted\n")
    assert inside("check", "--baseline", "accepted.json").returncode == 0
    text = catalog.read_text(encoding="utf-8").replace('msgstr ""\n', 'msgstr "No 7."\n')
    catalog.write_text(text.replace('msgid ""\nmsgstr "No 7."', 'msgid ""\nmsgstr ""'), "utf-8")
    done = inside("check", "--baseline", "accepted.json", "--format", "json", "--strict")
    assert findings(done) == [("numbers", "warning")]
    assert done.returncode == 1


def test_changed_since(folder: Path, catalog: Path, translate: Translate) -> None:
    """Old findings are left alone; a changed glossary concerns every entry."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    assert translate("check", "--changed-since", "HEAD").returncode == 0
    text = catalog.read_text(encoding="utf-8")
    catalog.write_text(text.replace("on Tuesday", "on Friday"), encoding="utf-8")
    done = translate("check", "--changed-since", "HEAD", "--format", "json")
    assert findings(done) == [("dates", "error")]
    glossary = folder / "glossary" / "de-en.csv"
    glossary.write_text(glossary.read_text(encoding="utf-8") + "Montag,Monday,,,,\n", "utf-8")
    done = translate("check", "--changed-since", "HEAD", "--format", "json")
    assert [check for check, _ in findings(done)].count("terminology") == 2
    done = translate("check", "--changed-since", "nosuch")
    assert (done.returncode, "nosuch" in done.stderr) == (3, True)


def test_changed_since_names_what_was_approved(
    folder: Path, catalog: Path, translate: Translate
) -> None:
    """An entry that only lost its flag is a new translation, and its findings count."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    text = catalog.read_text(encoding="utf-8")
    catalog.write_text(text.replace("#, fuzzy\n", ""), encoding="utf-8")
    done = translate("check", "--changed-since", "HEAD", "--format", "json")
    assert ("dates", "error") in findings(done)
    assert done.returncode == 1


def test_output_is_a_file_without_colours(
    folder: Path, catalog: Path, translate: Translate
) -> None:
    """It replaces the old one as a whole; the terminal stays empty."""
    done = translate("check", "-o", "report.txt")
    assert (done.returncode, done.stdout) == (1, "")
    text = (folder / "report.txt").read_text(encoding="utf-8")
    assert "error numbers" in text
    assert "\x1b" not in text


def test_a_report_in_a_file_leaves_the_totals_on_standard_error(
    folder: Path, catalog: Path, inside: Translate
) -> None:
    """In every format, so that a log is not empty."""
    for style in ("text", "json", "github", "sarif", "junit"):
        done = inside("check", "--format", style, "-o", "report.txt")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith("3 entries in 1 catalog: 3 errors, 0 warnings\n")


def test_only_approved_entries_are_checked(catalog: Path, inside: Translate) -> None:
    """Drafts and missing entries neither have findings nor count."""
    done = inside("check", "--approved-only")
    assert done.returncode == 1
    assert "error dates" not in done.stdout
    assert done.stdout.endswith("1 entry in 1 catalog: 2 errors, 0 warnings\n")
    assert inside("check", "--approved-only", "--require-reviewed").returncode == 2


@pytest.mark.parametrize("style", ["text", "json", "github", "sarif", "junit"])
def test_every_format_and_its_exit_code(catalog: Path, inside: Translate, style: str) -> None:
    """Findings fail in every format; without any, every format is still well formed."""
    assert inside("check", "--format", style).returncode == 1
    done = inside("check", "--format", style, "--check", "urls")
    assert done.returncode == 0
    assert done.stdout


def test_quiet_and_verbose(catalog: Path, inside: Translate) -> None:
    """Errors alone; or information too."""
    text = catalog.read_text(encoding="utf-8")
    more = '\nmsgid "Der Film „Jagd“ ist 2 Stunden lang"\nmsgstr "The film Jagd lasts two hours."\n'
    catalog.write_text(text + more, encoding="utf-8")
    shown = {
        options: {
            severity for _, severity in findings(inside("check", "--format", "json", *options))
        }
        for options in ((), ("-q",), ("-v",))
    }
    assert shown == {
        (): {"error", "warning"}, ("-q",): {"error"}, ("-v",): {"error", "warning", "info"}
    }  # fmt: skip


def test_explain(folder: Path, inside: Translate) -> None:
    """In the terminal, without a project; a wrong name gets the nearest right one."""
    (folder / "translate.toml").unlink()
    done = inside("check", "--explain", "numbers")
    assert done.returncode == 0
    assert done.stdout.startswith("numbers (error)\n")
    lines = inside("check", "--explain").stdout.split("\n")
    assert any(line.startswith("numbers ") and "error" in line for line in lines)
    done = inside("check", "--explain", "number")
    assert (done.returncode, "Did you mean 'numbers'?" in done.stderr) == (2, True)
    assert inside("check", "--check", "number").returncode == 2


def test_hostile_catalogs_get_a_line_each(folder: Path, translate: Translate) -> None:
    """Broken syntax, a wrong encoding, an entry of megabytes, a damaged header: no traceback."""
    place = folder / "in"
    place.mkdir()
    head = CATALOG.partition("\n\n")[0].encode() + b"\n\n"
    huge = "Das ist ein Satz mit 3 Wörtern. " * 40_000
    (place / "1.po").write_bytes(head + b'msgid "a\nmsgstr "b"\n')
    (place / "2.po").write_bytes(head + 'msgid "ä"\nmsgstr "ü"\n'.encode("latin-1"))
    (place / "3.po").write_bytes(head + f'msgid "{huge}"\nmsgstr "{huge}"\n'.encode())
    (place / "4.po").write_bytes(b'msgid ""\nmsgstr "Content-Type: text/plain; charset=x\\n"\n')
    (place / "5.po").write_bytes(b"\xff\xfe\x00")
    done = translate("check", "in")
    assert done.returncode in (1, 3)
    assert "Traceback" not in done.stderr
    assert [f"in/{n}.po" in done.stdout for n in (1, 2, 3, 5)] == [True] * 4
    assert max(map(len, done.stdout.split("\n"))) < 1000


@pytest.mark.parametrize("option", [("-o",), ("--write-baseline", "--baseline")])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_outputs_never_replace_files_of_the_project(
    folder: Path, catalog: Path, inside: Translate, option: tuple[str, ...], force: tuple[str, ...]
) -> None:
    """A shell pattern after -o, a mistyped name: exit code 3, and every byte stays."""
    article, glossary = folder / "source_de" / "bruecke.txt", folder / "glossary" / "de-en.csv"
    for path in (catalog, article, glossary, folder / "translate.toml"):
        before = path.read_bytes()
        done = inside("check", *force, *option, str(path))
        assert (done.returncode, "not overwritten" in done.stderr) == (3, True)
        assert path.read_bytes() == before


def test_outputs_replace_other_files_only_by_force(
    folder: Path, catalog: Path, inside: Translate
) -> None:
    """Earlier reports and baselines need no force; a missing folder is named."""
    notes = folder / "report.po"
    notes.write_text("mine", encoding="utf-8")
    done = inside("check", "-o", "report.po")
    assert done.returncode == 3
    assert "report.po: exists and is not a report: not overwritten" in done.stderr
    assert "--force" in done.stderr
    done = inside("check", "--write-baseline", "--baseline", "report.po")
    assert (done.returncode, "is not a baseline" in done.stderr) == (3, True)
    assert notes.read_text(encoding="utf-8") == "mine"
    for words in (("--force",), (), ("--format", "json"), ("--format", "junit"), ()):
        assert inside("check", "-o", "report.po", *words).returncode == 1
    for words in (("--force",), ()):
        done = inside("check", "--write-baseline", "--baseline", "report.po", *words)
        assert (done.returncode, done.stdout) == (0, "report.po: 3 accepted\n")
    done = inside("check", "-o", "no/report.txt")
    assert (done.returncode, "no: no such folder" in done.stderr) == (3, True)
    assert not (folder / "no").exists()


def test_outputs_may_be_standard_output(folder: Path, catalog: Path, translate: Translate) -> None:
    """As -, and as the device, also with a baseline, whose summary goes to standard error."""
    shown = translate("check").stdout
    assert "error numbers" in shown
    for name in ("-", "/dev/stdout"):
        assert translate("check", "-o", name).stdout == shown
    done = translate("check", "--write-baseline", "--baseline", "-")
    assert len(json.loads(done.stdout)["accepted"]) == 3
    assert "3 accepted" in done.stderr
    assert not (folder / "-").exists()
