"""The project's own articles: an editor or git must not tidy them up."""

import re
import shutil
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from selectolax.lexbor import LexborHTMLParser

from pipeline.articles import read_article
from pipeline.glossary.file import load_glossary
from pipeline.glossary.matcher import TermMatcher
from pipeline.project import load_project
from pipeline.workflows.build import BuildOptions, build
from pipeline.workflows.events import SilentEvents

ROOT = Path(__file__).parents[1]
ARTICLES = sorted((ROOT / "source_de").glob("*.txt"))


def test_there_are_windows_line_ends_and_a_byte_order_mark() -> None:
    data = [path.read_bytes() for path in ARTICLES]
    assert any(b"\r\n" in text for text in data)
    assert any(text.startswith(b"\xef\xbb\xbf") for text in data)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_an_article_is_of_an_articles_length_and_has_terms(path: Path) -> None:
    text = read_article(path).text
    assert 300 <= len(text.split()) <= 900
    assert len(TermMatcher(load_glossary(ROOT / "glossary" / "de-en.csv")).required(text)) >= 15


@pytest.mark.parametrize("name", ["moor-wird-nass", "werkstatt-der-dinge"])
def test_the_markdown_articles_are_complete_in_all_languages(tmp_path: Path, name: str) -> None:
    """Front matter, links, code and numbers of the build are those of the German article."""
    for folder in ("source_de", "output", "glossary"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "translate.toml", tmp_path)
    source = tmp_path / f"source_de/{name}.md"
    built = build(load_project(tmp_path), BuildOptions(paths=(source,)), SilentEvents()).articles
    assert [(one.language, one.gaps, one.rejected) for one in built] == [
        ("en", (), ()),
        ("fr", (), ()),
        ("es", (), ()),
    ]
    german = source.read_text(encoding="utf-8")
    for one in built:
        assert one.is_built
        text = (tmp_path / f"output/{one.language}/{name}.md").read_text(encoding="utf-8")
        assert f"\nlang: {one.language}\n" in text
        for kept in (r"https?://[^\s)]+", r"\]\(#\w+", r"`[^`\n]+`", r"\[\^\w+\]", r"\| +\d+ \|"):
            assert sorted(re.findall(kept, text)) == sorted(re.findall(kept, german))


def test_the_page_is_complete_in_all_languages(tmp_path: Path) -> None:
    """Its translations are approved, and what is marked as untranslated stays Latin."""
    for name in ("source_de", "output", "glossary", "translate.toml"):
        source = ROOT / name
        target = tmp_path / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    options = BuildOptions(paths=(tmp_path / "source_de/faehre-misst-mit.html",))
    built = build(load_project(tmp_path), options, SilentEvents()).articles
    assert [(one.language, one.gaps, one.rejected) for one in built] == [
        ("en", (), ()),
        ("fr", (), ()),
        ("es", (), ()),
    ]
    for one in built:
        assert one.is_built
        page = (tmp_path / f"output/{one.language}/faehre-misst-mit.html").read_text("utf-8")
        assert f'<html lang="{one.language}">' in page
        assert '<p lang="la">Navigare necesse est.</p>' in page
        assert "Fähre" not in page


def as_page(path: Path) -> LexborHTMLParser:
    """Return an article as a browser reads it; Markdown as a site generator renders it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        md = MarkdownIt().use(front_matter_plugin).use(footnote_plugin)
        text = re.sub(r"<(h\d)>(.*?) \{#(\w+)\}", r'<\1 id="\3">\2', md.render(text))
    return LexborHTMLParser(text)


@pytest.mark.parametrize(
    "name", ["moor-wird-nass.md", "werkstatt-der-dinge.md", "faehre-misst-mit.html"]
)
def test_links_and_images_of_built_articles_work(tmp_path: Path, name: str) -> None:
    """Anchors are in the article, files exist, and all others are those of the source."""
    for folder in ("source_de", "output", "glossary"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "translate.toml", tmp_path)
    source = tmp_path / "source_de" / name
    options = BuildOptions(paths=(source,))
    built = build(load_project(tmp_path), options, SilentEvents()).articles
    paths = [tmp_path / "output" / one.language / name for one in built if one.is_built]
    pages = [(source, as_page(source)), *((path, as_page(path)) for path in paths)]
    targets = [
        [
            node.attributes.get(attribute) or ""
            for attribute in ("href", "src")
            for node in page.css(f"[{attribute}]")
        ]
        for _, page in pages
    ]
    assert len(pages) == 4
    assert any(target.startswith("#") for target in targets[0])
    assert any(target.startswith("https://") for target in targets[0])
    assert len({tuple(sorted(found)) for found in targets}) == 1
    for path, page in pages:
        ids = {node.attributes["id"] for node in page.css("[id]")}
        for target in targets[0]:
            if target.startswith("#"):
                assert target[1:] in ids
            elif not re.match(r"(?:https?|mailto|data):", target):
                assert (path.parent / target).exists()
