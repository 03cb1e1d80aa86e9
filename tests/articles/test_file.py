"""Reading and rendering articles: untranslated bytes do not change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import articles
from pipeline.core.errors import ArticleError

TEXT = "Größe zählt\r\n\r\n  • Erstens.\n\u2028Das „Ende“.\r"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", TEXT.encode()),
        ("utf-8", TEXT.encode("utf-8-sig")),
        ("utf-8-sig", TEXT.encode("utf-8-sig")),
        ("utf-8-sig", TEXT.encode()),
        ("utf-16", TEXT.encode("utf-16")),
        ("utf-16", b"\xfe\xff" + TEXT.encode("utf-16-be")),
        ("utf-32", TEXT.encode("utf-32")),
        ("utf-16-le", TEXT.encode("utf-16-le")),
        ("cp1252", TEXT.replace("\u2028", "").encode("cp1252")),
        ("latin-1", bytes(range(1, 256))),
        ("utf-8", b""),
    ],
)
def test_an_untouched_article_gives_the_same_bytes(
    tmp_path: Path, encoding: str, data: bytes
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    article = articles.read_article(path, encoding)
    assert articles.render_article(article, ()).text.encode(article.encoding) == data
    assert not any("\ufeff" in article.text[b.start : b.end] for b in article.blocks)


@pytest.mark.parametrize(
    ("encoding", "data", "message", "hint"),
    [
        ("utf-8", "Öl".encode("cp1252"), "byte 0xd6 at offset 0", "cp1252"),
        ("utf-8", "Öl".encode("utf-16"), "not utf-8", "--encoding utf-16"),
        ("utf-8", "Ol".encode("utf-32"), "not utf-8", "--encoding utf-32"),
        ("utf-8", b"a\n\0b", "a.txt:2: a NUL character at offset 2", "Remove it"),
        ("utf-8", "Oel".encode("utf-16-le"), "NUL", "utf-16"),
        ("utf-7", b"+ADw-", "same bytes", "UTF-8"),
        ("klingon", b"a", "unknown encoding 'klingon'", "utf-8"),
        ("klingon", b"", "unknown encoding 'klingon'", "utf-8"),
        ("rot13", b"a", "rot13", "utf-8"),
        ("idna", b"xn--\xff", "idna", "encoding"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_cure(
    tmp_path: Path, encoding: str, data: bytes, message: str, hint: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(ArticleError) as caught:
        articles.read_article(path, encoding)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert path.read_bytes() == data


def test_an_article_of_200_mb_is_refused(tmp_path: Path) -> None:
    """It would take minutes and gigabytes."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"Ein Satz.\n")
    os.truncate(path, 200_000_000)
    with pytest.raises(ArticleError, match=r"a\.txt: larger than 64 MB") as caught:
        articles.read_article(path)
    assert "Split it" in caught.value.hint


def test_a_missing_file_and_an_unknown_suffix_are_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no such file"):
        articles.read_article(tmp_path / "a.txt")
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(ArticleError, match=r"no format for \.docx"):
        articles.read_article(tmp_path / "a.docx")


def test_a_suffix_in_capitals_is_the_same_format(tmp_path: Path) -> None:
    path = tmp_path / "A.TXT"
    path.write_bytes(b"Hallo Welt.")
    assert len(articles.read_article(path).blocks) == 1
