"""`translate watch`: what changes is brought up to date, beside an editor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.project import load_project
from pipeline.workflows.draft import DraftOptions
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions
from pipeline.workflows.watch import WatchOptions, WatchStep, watch
from tests.cli.commands.test_extract import fill
from tests.workflows.shard_project import translating_server, use_server, write_project


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.05)


def steps(folder: Path, *changes: Callable[[], set[Path]]) -> list[WatchStep]:
    """Watch without drafting while changes are made; return all steps."""
    made = (change() for change in changes)
    return list(watch(load_project(folder), ONLY, made, SilentEvents()))


ONLY = WatchOptions(DraftOptions(extract=ExtractOptions(languages=("en",))), drafting=False)


def test_a_changed_article_is_drafted_and_built(folder: Path) -> None:
    """By the program itself, with a real watcher; it ends at Ctrl-C."""
    write_project(folder, 2)
    article = folder / "source_de/artikel-000.txt"
    built = folder / "output/en/artikel-000.txt"
    with translating_server() as server:
        use_server(folder, server.url)
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "watch"], cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ,
        )  # fmt: skip
        try:
            wait_for(built.exists)
            with article.open("a", encoding="utf-8") as stream:
                stream.write("\nHeute gewann die Mannschaft mit 3 Punkten Vorsprung.\n")
            wait_for(lambda: "3 there" in built.read_text(encoding="utf-8"))
        finally:
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said


def test_an_approved_translation_is_built_and_own_writes_are_no_changes(folder: Path) -> None:
    catalog = folder / "output/en/LC_MESSAGES/bruecke.po"

    def approve() -> set[Path]:
        fill(catalog, "Die nächsten Schritte", "The next steps")
        return {catalog}

    first, second = steps(folder, lambda: {catalog}, approve)
    assert first.error is second.error is None
    assert second.articles == (folder / "source_de/bruecke.txt",)
    assert "The next steps" in (folder / "output/en/bruecke.txt").read_text(encoding="utf-8")


def test_a_changed_glossary_concerns_all_articles(folder: Path) -> None:
    glossary = folder / "glossary/de-en.csv"

    def add() -> set[Path]:
        with glossary.open("a", encoding="utf-8") as stream:
            stream.write("Brücke,span\n")
        return {glossary}

    _, second = steps(folder, add)
    assert second.articles
    text = (folder / "output/en/LC_MESSAGES/bruecke.po").read_text(encoding="utf-8")
    assert "glossary: Brücke → span" in text


def test_an_error_ends_a_step_and_not_the_watch(folder: Path) -> None:
    """A half-written setting is reported; the next save is loaded."""
    settings = folder / "translate.toml"

    def write(text: str) -> set[Path]:
        settings.write_text(text, encoding="utf-8")
        return {settings}

    _, broken, mended = steps(
        folder, lambda: write("languages = ["), lambda: write('languages = ["en"]\n')
    )
    assert broken.error
    assert "translate.toml" in broken.error.message
    assert mended.error is None


@pytest.mark.parametrize("name", [".bruecke.txt.swp", "bruecke.txt~", "notes.docx"])
def test_files_of_editors_are_no_articles(folder: Path, name: str) -> None:
    path = folder / "source_de" / name

    def touch() -> set[Path]:
        path.write_text("x", encoding="utf-8")
        return {path}

    assert len(steps(folder, touch)) == 1


def test_findings_are_reported(folder: Path) -> None:
    """A number that a translator mistyped is shown when the catalog is saved."""
    catalog = folder / "output/en/LC_MESSAGES/bruecke.po"

    def mistype() -> set[Path]:
        fill(catalog, "Sie soll 48 Mio. Euro kosten.", "It will cost 84 million euros.")
        return {catalog}

    _, second = steps(folder, mistype)
    assert "numbers" in {finding.check for finding in second.findings}
