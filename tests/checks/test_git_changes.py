"""Entries that changed since a revision, in real git repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.checks.git_changes import Changes
from pipeline.core.errors import SettingsError

ENTRIES = [f'# a note\nmsgid "{n}"\nmsgstr "{n}"\n' for n in range(6)]


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "sub folder" / "ä.po"
    path.parent.mkdir()
    path.write_text("\n".join(ENTRIES), encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    return path


def changed(path: Path, entries: list[str], revision: str = "HEAD") -> list[int]:
    """The numbers of the entries that changed; an entry's line is that of its msgid."""
    changes = Changes(revision, path.parent)
    lines = "\n".join(entries).split("\n")
    places = [n for n, line in enumerate(lines, 1) if line.startswith("msgid")]
    return [number for number, line in enumerate(places) if changes.holds(path, line)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('msgstr "2"', 'msgstr "two"', [2]),
        ("# a note\nmsgid \"3\"", '#, ignore-x\nmsgid "3"', [3]),
        ('msgstr "0"\n', 'msgstr ""\n"0"\n"more"\n', [0]),
        ('msgstr "5"', 'msgstr "five"', [5]),
        ("nothing", "nothing", []),
    ],
)  # fmt: skip
def test_only_changed_entries(catalog: Path, old: str, new: str, expected: list[int]) -> None:
    """A change of any line of an entry, its comments included, is one of the entry."""
    entries = [entry.replace(old, new) for entry in ENTRIES]
    catalog.write_text("\n".join(entries), encoding="utf-8")
    assert changed(catalog, entries) == expected


FUZZY = [f'#, fuzzy\nmsgid "{n}"\nmsgstr "{n}"\n' for n in range(6)]


@pytest.mark.parametrize("entry", range(6))
@pytest.mark.parametrize("gone", ["#, fuzzy\n", "# a note\n", '"more"\n'])
def test_an_entry_that_only_lost_a_line_changed(catalog: Path, entry: int, gone: str) -> None:
    """The flag of a draft, say, which was approved; its neighbours did not change."""
    whole = [f'# a note\n#, fuzzy\nmsgid "{n}"\nmsgstr "{n}"\n"more"\n' for n in range(6)]
    if gone == "#, fuzzy\n":
        whole = FUZZY
    catalog.write_text("\n".join(whole), encoding="utf-8")
    git(catalog.parent, "commit", "-aqm", "two")
    entries = [one.replace(gone, "") if n == entry else one for n, one in enumerate(whole)]
    catalog.write_text("\n".join(entries), encoding="utf-8")
    assert changed(catalog, entries) == [entry]


def test_committed_changes_count(catalog: Path) -> None:
    """Since a revision means: in commits after it, too."""
    entries = [entry.replace('msgstr "1"', 'msgstr "one"') for entry in ENTRIES]
    catalog.write_text("\n".join(entries), encoding="utf-8")
    git(catalog.parent, "commit", "-aqm", "two")
    assert changed(catalog, entries) == []
    assert changed(catalog, entries, "HEAD~1") == [1]


def test_a_new_file_is_all_changed(catalog: Path) -> None:
    """Whether git knows it or not."""
    new = catalog.with_name("new.po")
    new.write_text("\n".join(ENTRIES), encoding="utf-8")
    assert changed(new, ENTRIES) == [0, 1, 2, 3, 4, 5]
    git(catalog.parent, "add", "new.po")
    assert changed(new, ENTRIES) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("revision", ["nosuch", "--output=x", "HEAD~99", "HEAD:ä"])
def test_an_unknown_revision_is_refused(catalog: Path, revision: str) -> None:
    """With the cure; and never taken for an option of git."""
    with pytest.raises(SettingsError):
        Changes(revision, catalog.parent)
    assert not (catalog.parent / "x").exists()


def test_outside_of_git_it_is_refused(tmp_path: Path) -> None:
    """There is nothing to compare with."""
    with pytest.raises(SettingsError):
        Changes("HEAD", tmp_path)


def test_a_program_in_the_repository_is_not_run(tmp_path: Path) -> None:
    """A downloaded folder can contain a `.git/config` that names programs."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    repository = tmp_path / "repository"
    path = repository / "a.po"
    repository.mkdir()
    path.write_text("old\n", encoding="utf-8")
    (repository / ".gitattributes").write_text("*.po diff=trap\n", encoding="utf-8")
    for words in (
        ("init", "--quiet"),
        ("add", "."),
        ("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "x"),
        ("config", "core.fsmonitor", str(trap)),
        ("config", "diff.external", str(trap)),
        ("config", "diff.trap.textconv", str(trap)),
        ("config", "diff.trap.command", str(trap)),
    ):
        subprocess.run(["git", "-C", str(repository), *words], check=True)
    path.write_text("new\n", encoding="utf-8")
    assert Changes("HEAD", repository).holds(path, 1)
    assert not (tmp_path / "ran").exists()
