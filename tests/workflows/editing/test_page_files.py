"""The preview shows images and style sheets below the folder of articles, and no other file."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest
from lxml import html

from pipeline.workflows.editing.page_files import MAX_BYTES, PageFiles

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def files(tmp_path: Path) -> PageFiles:
    """An article in a folder of its own; beside the articles is a secret image."""
    articles = tmp_path / "source_de"
    (articles / "hafen").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(PNG)
    (articles / "kran.png").write_bytes(PNG)
    (articles / "hafen" / "kran 2.PNG").write_bytes(PNG)
    (articles / "hafen" / "seite.css").write_text("h1 { color: red }")
    (articles / "hafen" / "notes.txt").write_text("notes")
    (articles / "hafen" / "out.png").symlink_to(tmp_path / "secret.png")
    return PageFiles(articles, articles / "hafen")


def source(files: PageFiles, reference: str) -> str:
    root = html.fragment_fromstring("<div><img></div>")
    root[0].set("src", reference)
    files.embed_images(root)
    return str(root[0].get("src"))


@pytest.mark.parametrize(
    "reference", ["../kran.png", "/kran.png", "kran%202.PNG", "./kran 2.PNG#x"]
)
def test_an_image_of_the_project_is_shown(files: PageFiles, reference: str) -> None:
    """By a path from the article, or from the folder of articles."""
    shown = source(files, reference)
    assert shown.startswith("data:image/png;base64,")
    assert b64decode(shown.partition(",")[2]) == PNG


@pytest.mark.parametrize(
    "reference",
    [
        "../../secret.png",
        "/../secret.png",
        "%2e%2e/%2e%2e/secret.png",
        "..%2f..%2fsecret.png",
        "out.png",
        "notes.txt",
        "fehlt.png",
        "",
        "a%00.png",
        "//evil.example/kran.png",
        "https://evil.example/kran.png",
        "file:///etc/passwd.png",
        "http://[kran.png",
        "..\\..\\secret.png",
    ],
)
def test_no_other_file_is_read(files: PageFiles, reference: str) -> None:
    """Not by a path, a symbolic link, another scheme or host; the reference stays as it is."""
    assert source(files, reference) == reference


def test_the_absolute_path_of_a_secret_is_one_of_the_site(files: PageFiles, tmp_path: Path) -> None:
    """A path that starts with a slash begins at the folder of articles."""
    reference = str(tmp_path / "secret.png")
    assert source(files, reference) == reference


def test_files_are_limited_in_size(files: PageFiles, tmp_path: Path) -> None:
    """All files of a page together; smaller ones are still shown."""
    (tmp_path / "source_de" / "gross.png").write_bytes(b"x" * (MAX_BYTES - len(PNG)))
    assert source(files, "/gross.png").startswith("data:")
    assert source(files, "/kran.png").startswith("data:")
    assert source(files, "/kran.png") == "/kran.png"


def test_the_image_is_shown_and_not_another_of_its_sizes(files: PageFiles) -> None:
    """Browsers would prefer a source that is not loaded."""
    picture = '<picture><source srcset="x.webp"><img src="/kran.png" srcset="x.png 2x"></picture>'
    root = html.fragment_fromstring(f"<div>{picture}</div>")
    files.embed_images(root)
    shown = html.tostring(root, encoding="unicode")
    assert "data:image/png" in shown
    assert "srcset" not in shown


def test_style_sheets_of_the_page(files: PageFiles) -> None:
    """Those below the folder, in their order; not alternative ones."""
    root = html.document_fromstring(
        '<html><head><link rel="stylesheet" href="seite.css"><link rel=icon href="seite.css">'
        '<link rel="alternate stylesheet" href="seite.css"><link rel=stylesheet href="//x/y.css">'
        "</head><body></body></html>"
    )
    (url,) = files.style_sheets(root)
    assert b64decode(url.removeprefix("data:text/css;base64,")) == b"h1 { color: red }"
