"""`translate report`: what an editor-in-chief, a pull request and a program get."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.workflows.reporting.charts import badge, stacked_areas
from tests.cli.commands.test_extract import fill
from tests.conftest import Translate

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> `x` | [l](javascript:alert(3))"


class Page(HTMLParser):
    """The tags and the texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture
def reported(folder: Path, inside: Translate) -> Path:
    """The project with an approved, an edited and a hostile text."""
    source = folder / "source_de/bruecke.txt"
    source.write_text(source.read_text(encoding="utf-8") + f"\n{HOSTILE}\n", encoding="utf-8")
    inside("extract")
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    fill(path, "Die nächsten Schritte", "The next steps")
    assert any(entry.source.startswith("<script>") for entry in catalog.load(path).translations)
    return folder


def test_the_page_executes_nothing_and_loads_nothing(reported: Path, inside: Translate) -> None:
    """Texts of articles, catalogs and file names are shown as they are."""
    done = inside("report")
    assert done.returncode == 0, done.stderr
    page = Page((reported / "report.html").read_text(encoding="utf-8"))
    names = {name for name, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "a", "form", "object"}
    attributes = {key for _, attrs in page.tags for key in attrs}
    assert not {key for key in attributes if key.startswith("on") or key in ("href", "src")}
    assert any("<script>alert(1)</script>" in text for text in page.texts)
    policy = next(a["content"] for n, a in page.tags if a.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_page_can_be_read_aloud(reported: Path, inside: Translate) -> None:
    """Headings without gaps, charts with title and description, and languages of texts."""
    inside("report", "-l", "en")
    text = (reported / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert text.count('<svg viewBox="0 0 600') == text.count("<desc>") > 1
    assert "Confidence of drafts" not in text, "there are no drafts"
    assert {"de", "en"} <= {attrs.get("lang") for _, attrs in page.tags}
    assert "The next steps" in text


def test_the_numbers_are_those_of_the_catalogs(reported: Path, inside: Translate) -> None:
    """As JSON, for programs; and what was not checked is said."""
    done = inside("report", "-o", "-", "--format", "json")
    report = json.loads(done.stdout)
    english, french = report["languages"]
    assert english["states"]["approved"] == 1
    assert english["states"]["missing"] == english["segments"] - 1
    assert french["words_left"] == french["words"] <= sum(french["bands"].values())
    assert any("fr" in notice for notice in report["notices"]), "French has no glossary"
    texts = report["articles"][0]["texts"]
    assert [t["target"] for t in texts if t["state"] == "approved"] == ["The next steps"]


def test_progress_is_read_from_git(reported: Path, inside: Translate) -> None:
    """A commit for each state of the catalogs."""

    def git(*words: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@t"]
        subprocess.run(["git", *identity, *words], cwd=reported, check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "one")
    fill(reported / "output/en/LC_MESSAGES/bruecke.po", "Neue Brücke über die Elbe", "New bridge")
    git("commit", "-am", "two")
    report = json.loads(inside("report", "-l", "en", "-o", "-", "--format", "json").stdout)
    assert [point["approved"] for point in report["progress"]] == [1, 2]
    inside("report", "-l", "en")
    assert "segments over time" in (reported / "report.html").read_text(encoding="utf-8")


def test_a_comment_for_a_pull_request(reported: Path, inside: Translate) -> None:
    """Its first line marks it, so that it is updated in place; texts format nothing."""
    odd = reported / "source_de/a_b*c|d.txt"
    odd.write_text("Der Rat tagt heute im großen Saal.\n", encoding="utf-8")
    done = inside("report", "-o", "-", "--format", "markdown", "--badges", "badges")
    lines = done.stdout.splitlines()
    assert lines[0] == "<!-- translate report -->"
    assert re.search(r"^\| en \| \d+ % \| 0 \| 0 \| 12 \|", done.stdout, re.MULTILINE)
    assert r"a\_b\*c\|d.txt" in done.stdout
    assert "approved" in (reported / "badges/en.svg").read_text(encoding="utf-8")
    assert inside("report", "-o", "-", "--format", "markdown", "--badges", "badges").returncode == 0


def test_a_page_of_the_user_is_not_replaced(reported: Path, inside: Translate) -> None:
    (reported / "report.html").write_text("<p>mine</p>", encoding="utf-8")
    assert inside("report").returncode == 3
    assert inside("report", "--force").returncode == 0
    assert inside("report").returncode == 0, "an earlier report is replaced"


def test_a_damaged_catalog_is_named(reported: Path, inside: Translate) -> None:
    """The report shows the others; it does not look complete."""
    (reported / "output/en/LC_MESSAGES/bruecke.po").write_text('msgid "', encoding="utf-8")
    report = json.loads(inside("report", "-o", "-", "--format", "json").stdout)
    assert any("bruecke.po" in problem for problem in report["problems"])
    assert any("bruecke.po" in row["note"] for row in report["articles"])


@pytest.mark.parametrize("folder_name", ["translate.toml", "translate.toml/badges", "/dev/null"])
@pytest.mark.parametrize("words", [("report", "--badges"), ("weblate", "--repo", "x", "-o")])
def test_a_file_is_no_folder(
    reported: Path, inside: Translate, words: tuple[str, ...], folder_name: str
) -> None:
    """One line names it, and it stays as it was."""
    before = (reported / "translate.toml").read_bytes()
    done = inside(*words, folder_name)
    assert done.returncode in (2, 3)
    assert folder_name in done.stderr
    assert "Traceback" not in done.stderr
    assert (reported / "translate.toml").read_bytes() == before


def test_badges_and_charts_escape_and_stay_in_bounds() -> None:
    assert "<b>" not in badge("<b>", 50)
    assert "100 % approved" in badge("en", 100)
    chart = stacked_areas("t", ["2024-01-01", "2024-01-02"], [("a", "approved", [0, 0])])
    assert "nan" not in chart
