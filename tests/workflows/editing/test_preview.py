"""The preview shows the built article with each segment in its place."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.core.types import State
from pipeline.project import load_project
from pipeline.workflows.editing.marked_html import mark, marked_body
from pipeline.workflows.editing.page_files import PageFiles
from pipeline.workflows.editing.preview import ArticlePreview, preview
from pipeline.workflows.editing.session import EditingSession
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract

MARKDOWN = """---
title: Der Titel
---

# Die Überschrift

Ein **fetter** Satz mit [Verweis](https://example.org). _Ein kursiver Satz._

![Das Bild](a.png)

- Erster Punkt.
- Zweiter Punkt.
"""
PAGE = """<!doctype html><html><head><title>Der Titel</title></head><body><h1>Die Überschrift</h1>
<p>Ein <b>fetter</b> Satz. <i>Ein kursiver Satz.</i></p><!-- Kommentar -->
<img src="a.png" alt="Das Bild"> danach<script>alert(1)</script></body></html>"""


def shown(folder: Path, name: str, text: str, targets: dict[str, str]) -> ArticlePreview:
    (folder / "source_de").mkdir()
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    (folder / "source_de" / name).write_text(text, encoding="utf-8")
    project = load_project(folder)
    extract(project, ExtractOptions(force_language=True), SilentEvents())
    (article,) = project.articles()
    file = polib.pofile(str(project.catalog(article, "en")))
    for source, target in targets.items():
        file.find(source).msgstr = target
    file.save()
    return preview(EditingSession(project), name, "en")


def texts(found: ArticlePreview) -> list[str]:
    """The texts of the segments in their order."""
    page = html.fromstring(f"<div>{found.body}</div>")
    whole: dict[int, str] = {}
    for one in page.xpath("//*[@data-segment]"):
        number = int(one.get("data-segment"))
        whole[number] = whole.get(number, "") + (one.text or "")
    return [whole[number] for number in range(len(found.segments))]


@pytest.mark.parametrize(("name", "text"), [("a.md", MARKDOWN), ("a.html", PAGE)])
def test_every_segment_is_in_the_page(tmp_path: Path, name: str, text: str) -> None:
    """Also titles and texts of images; translations replace the German, the rest is missing."""
    found = shown(tmp_path, name, text, {"Die Überschrift": "The heading & more <3"})
    assert texts(found)[1] == "The heading & more <3"
    assert "Das Bild" in texts(found)
    assert "Der Titel" in texts(found)
    assert [one.state for one in found.segments][:2] == [State.MISSING, State.APPROVED]
    assert "<script" not in found.body
    assert "⸨" not in found.body
    page = html.fromstring(f"<div>{found.body}</div>")
    assert page.xpath("string(//h1)") == "The heading & more <3"


def test_markup_stays_around_its_words(tmp_path: Path) -> None:
    """The marks do not keep Markdown from seeing emphasis at the edge of a segment."""
    found = shown(tmp_path, "a.md", MARKDOWN, {})
    page = html.fromstring(f"<div>{found.body}</div>")
    assert page.xpath("string(//strong)") == "fetter"
    assert page.xpath("string(//em)") == "Ein kursiver Satz."
    assert page.xpath("//a/@href") == ["https://example.org"]
    assert len(page.xpath("//li")) >= 2


def test_plain_text_has_a_paragraph_for_each_line(tmp_path: Path) -> None:
    """Titles are headings, and what looks like a tag is text."""
    found = shown(tmp_path, "a.txt", "Der Titel der Seite\n\nEin <b>Satz</b>. Noch einer.\n", {})
    page = html.fromstring(f"<div>{found.body}</div>")
    assert texts(found)[1:] == ["Ein <b>Satz</b>.", "Noch einer."]
    assert not page.xpath("//b")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4), st.sampled_from([".md", ".html"]))
def test_any_text_can_be_shown(parts: list[str], suffix: str) -> None:
    """Whatever the article contains, the result parses, and no mark is left."""
    text = "\n\n".join(mark(number, part) for number, part in enumerate(parts))
    body = marked_body(suffix, text, (), (), PageFiles(Path("nowhere"), Path("nowhere")))
    assert "⸨⸢" not in body or "⸨⸢" in "".join(parts)
    html.fromstring(f"<div>{body}</div>")
