"""`translate export` and `translate import`: out to translators and home again."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import translate
from pipeline.core.errors import PipelineError
from pipeline.interchange import FORMATS

SOURCE = "Die nächsten Schritte"
CATALOG = f"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"PO-Revision-Date: 2020-01-01 00:00+0000\\n"

#. title 1
#: source_de/bruecke.txt:3
msgid "Neue Brücke über die Elbe"
msgstr "New bridge across the Elbe"

#: source_de/bruecke.txt:9
msgid "{SOURCE}"
msgstr ""
"""

Run = Callable[..., Result]


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in a project that has its catalogs."""
    monkeypatch.chdir(folder)
    for language in ("en", "fr"):
        catalog(folder, language).parent.mkdir(parents=True)
        catalog(folder, language).write_text(CATALOG, encoding="utf-8")
    return lambda *words: CliRunner().invoke(translate, words)


def catalog(folder: Path, language: str = "en") -> Path:
    return folder / "output" / language / "LC_MESSAGES" / "bruecke.po"


def refusal(done: Result) -> PipelineError:
    """What the command line words as an error, with exit code 3."""
    assert isinstance(done.exception, PipelineError)
    assert done.exception.hint
    return done.exception


def exported(folder: Path, style: str, language: str = "en") -> Path:
    (path,) = (folder / "out" / language).glob("bruecke.*")
    assert path.suffix == {"xliff": ".xlf", "xliff2": ".xliff", "csv": ".csv"}[style]
    return path


def translated(path: Path, target: str) -> None:
    """Translate and approve the segment in a file, as another program does."""
    text = path.read_bytes().decode("utf-8")
    if path.suffix == ".csv":
        new = text.replace(f"{SOURCE},,missing", f"{SOURCE},{target},approved")
    elif path.suffix == ".xlf":
        new = re.sub(
            rf'({SOURCE}</source>\s*<target[^>]*state=")needs-translation"></target>',
            rf'\1translated">{target}</target>',
            text,
        )
    else:
        new = re.sub(
            rf'"initial">(\s*<source[^>]*>{SOURCE}</source>)',
            rf'"translated">\1<target>{target}</target>',
            text,
        )
    assert new != text
    path.write_bytes(new.encode("utf-8"))


@pytest.mark.parametrize("style", FORMATS)
def test_a_translation_comes_home(folder: Path, run: Run, style: str) -> None:
    """One entry changes; a second import changes nothing more."""
    done = run("export", "--format", style, "-o", "out", "--lang", "en")
    assert "1 missing, 1 approved" in done.stdout
    path = exported(folder, style)
    translated(path, "The next steps")
    before = catalog(folder).read_text(encoding="utf-8")
    done = run("import", str(path))
    assert done.exit_code == 0, done.stderr
    assert "output/en/LC_MESSAGES/bruecke.po: 1 entry written" in done.stdout
    after = catalog(folder).read_text(encoding="utf-8")
    header = r'"PO-Revision-Date: .*\n'
    old = f'msgid "{SOURCE}"\nmsgstr ""\n'
    new = f'msgid "{SOURCE}"\nmsgstr "The next steps"\n'
    assert re.sub(header, "", after) == re.sub(header, "", before.replace(old, new))
    assert "0 entries written" in run("import", str(path)).stdout
    assert catalog(folder).read_text(encoding="utf-8") == after


@pytest.mark.parametrize("style", FORMATS)
def test_a_conflict_keeps_the_catalog_and_is_reported(folder: Path, run: Run, style: str) -> None:
    """The exit code says that something was left out."""
    run("export", "--format", style, "-o", "out", "--lang", "en")
    path = exported(folder, style)
    translated(path, "The next steps")
    ours = CATALOG.removesuffix('""\n') + '"What comes next"\n'
    catalog(folder).write_text(ours, encoding="utf-8")
    done = run("import", str(path))
    assert done.exit_code == 1
    assert re.search(
        rf"{re.escape(str(path))}:\d+: '{SOURCE}': changed in the catalog", done.stderr
    )
    assert "What comes next" in done.stderr
    assert catalog(folder).read_text(encoding="utf-8") == ours


def test_nothing_is_written_if_one_file_is_broken(folder: Path, run: Run) -> None:
    """Not even what the other files hold."""
    run("export", "-o", "out")
    good, broken = exported(folder, "xliff"), exported(folder, "xliff", "fr")
    translated(good, "The next steps")
    broken.write_text(broken.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    before = catalog(folder).read_bytes()
    done = run("import", str(good), str(broken))
    assert f"{broken}:" in refusal(done).message
    assert catalog(folder).read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source_de/bruecke.txt" s', '../../etc/passwd" s', "is not an article of this project"),
        ('source_de/bruecke.txt" s', '/etc/passwd" s', "is not an article of this project"),
        ('source_de/bruecke.txt" s', 'source_de/no.txt" s', "no.po: no such file"),
        ('target-language="en"', 'target-language="pl"', "'pl' is not a language of this project"),
    ],
)
def test_a_file_of_elsewhere_is_refused(
    folder: Path, run: Run, old: str, new: str, said: str
) -> None:
    """No file outside the project's catalogs can be named."""
    run("export", "-o", "out")
    path = exported(folder, "xliff")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    refused = refusal(run("import", str(path)))
    assert said in refused.message
    assert "\n" not in refused.message


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("tag", ["en-US", "EN_gb", "en-Latn-US"])
def test_a_region_belongs_to_its_language(folder: Path, run: Run, style: str, tag: str) -> None:
    """Tools write `en-US` where the project has `en`."""
    run("export", "-l", "en", "-o", "out", "--format", style)
    path = exported(folder, style)
    translated(path, "Next steps")
    old, new = (f",{language}," if style == "csv" else f'"{language}"' for language in ("en", tag))
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    done = run("import", str(path))
    assert done.exit_code == 0, done.output
    assert 'msgstr "Next steps"' in catalog(folder).read_text(encoding="utf-8")


def test_an_ambiguous_language_is_not_guessed(folder: Path, run: Run) -> None:
    """The error names the languages that are possible."""
    settings = folder / "translate.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub("(?m)^languages.*$", 'languages = ["en_GB", "en_US"]', text))
    for language in ("en_GB", "en_US"):
        catalog(folder, language).parent.mkdir(parents=True)
        catalog(folder, language).write_text(CATALOG, encoding="utf-8")
    run("export", "-l", "en_GB", "-o", "out", "--format", "xliff2")
    path = folder / "out" / "en_GB" / "bruecke.xliff"
    path.write_text(path.read_text().replace("en-GB", "en"))
    error = refusal(run("import", str(path)))
    assert "'en' may be en_GB or en_US" in error.message


def test_an_export_replaces_no_work(folder: Path, run: Run) -> None:
    """A translator may have begun in that file."""
    assert run("export", "-o", "out").exit_code == 0
    assert "exists already" in refusal(run("export", "-o", "out")).message
    assert run("export", "-o", "out", "--force").exit_code == 0


def test_a_dry_run_writes_nothing(folder: Path, run: Run) -> None:
    run("export", "-o", "out")
    path = exported(folder, "xliff")
    translated(path, "The next steps")
    before = catalog(folder).read_bytes()
    assert "1 entry to write" in run("import", "--dry-run", str(path)).stdout
    assert catalog(folder).read_bytes() == before


def test_fuzzy_leaves_the_approval_to_the_maintainer(folder: Path, run: Run) -> None:
    run("export", "-o", "out")
    path = exported(folder, "xliff")
    translated(path, "The next steps")
    run("import", "--fuzzy", str(path))
    text = catalog(folder).read_text(encoding="utf-8")
    assert f'#, fuzzy\nmsgid "{SOURCE}"\nmsgstr "The next steps"\n' in text


def test_articles_without_a_catalog_are_named(folder: Path, run: Run) -> None:
    catalog(folder).unlink()
    assert "translate extract" in refusal(run("export", "-o", "out")).hint
    assert not (folder / "out").exists()


def test_a_missing_parent_folder_is_named(folder: Path, run: Run) -> None:
    """The output folder itself is created, not its parents."""
    assert "no: no such folder" in refusal(run("export", "-o", "no/out")).message
    assert not (folder / "no").exists()
    (folder / "out").mkdir()
    (folder / "out" / "en").touch()
    assert "out/en: " in refusal(run("export", "-o", "out", "--lang", "en")).message


def test_a_single_file_may_go_to_standard_output(folder: Path, run: Run) -> None:
    """Several do not fit; the summary goes to standard error."""
    assert "2 files" in refusal(run("export", "-o", "-")).message
    done = run("export", "-o", "-", "--lang", "en", "--format", "csv")
    assert SOURCE in done.stdout
    assert "1 missing" in done.stderr
    assert "1 missing" not in done.stdout
    assert not (folder / "-").exists()


def test_catalogs_linked_out_of_the_project_are_not_imported(folder: Path, run: Run) -> None:
    """The file outside stays."""
    run("export", "-o", "out", "--lang", "en")
    path = exported(folder, "xliff")
    translated(path, "The next steps")
    outside = folder.parent / "outside.po"
    catalog(folder).rename(outside)
    catalog(folder).symlink_to(outside)
    assert str(outside) in refusal(run("import", str(path))).message
    assert outside.read_text(encoding="utf-8") == CATALOG


def test_catalogs_linked_out_of_the_project_are_not_exported_or_built(
    folder: Path, run: Run
) -> None:
    """A project cannot publish the catalogs of another one."""
    outside = folder.parent / "outside.po"
    catalog(folder).rename(outside)
    catalog(folder).symlink_to(outside)
    assert (
        "outside the project: not read" in refusal(run("export", "-o", "out", "-l", "en")).message
    )
    done = run("build", "-l", "en", "--allow-missing")
    assert done.exit_code == 3
    assert "outside the project: not read" in done.stderr
    assert not (folder / "out").exists()
    assert not list((folder / "output" / "en").glob("*.txt"))


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u2003\u00a0"])
def test_a_blank_translation_is_not_imported(folder: Path, run: Run, blank: str) -> None:
    """White space that a tool approved is no translation: the entry stays missing."""
    run("export", "-o", "out", "--lang", "en", "--format", "csv")
    path = exported(folder, "csv")
    before = catalog(folder).read_bytes()
    rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    target, state = rows[0].index("target"), rows[0].index("state")
    for row in rows[1:]:
        if not row[target]:
            row[target], row[state] = blank, "approved"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    run("import", str(path))
    assert catalog(folder).read_bytes() == before
