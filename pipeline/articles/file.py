"""Article files: read so that rendering an untouched article returns the same bytes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path

from pipeline.articles.formats import parse
from pipeline.core.errors import ArticleError
from pipeline.core.types import Article

# Encodings that drop a byte order mark: the exact one, or by mark. UTF-32 comes first, for
# its mark begins with that of UTF-16.
_EXACT: Mapping[str, str | tuple[tuple[bytes, str], ...]] = {
    "utf-8-sig": "utf-8",
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
}


def read_article(path: Path, encoding: str = "utf-8") -> Article:
    """Read an article; every character outside its blocks is kept as it is.

    Raises ArticleError for a file that cannot be read or is not in that encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: {error.strerror}", "Check the path and its rights.") from error
    return decode_article(path, data, encoding)


def decode_article(path: Path, data: bytes, encoding: str = "utf-8") -> Article:
    """Make an article of a file's bytes; the suffix of `path` tells the format.

    Raises ArticleError where the bytes are not in that encoding, the encoding would not
    give the same bytes again, or there is a NUL, which no catalog can carry.
    """
    text, exact = _decode(path, data, encoding)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ArticleError(
            f"{path}:{line}: a NUL character at offset {text.index(chr(0))}",
            "Remove it; if the file is UTF-16, name that with --encoding utf-16.",
        )
    return Article(path, text, exact, parse(text, path.suffix.lower()))


def render_article(article: Article, replacements: Mapping[tuple[int, int], str]) -> str:
    """Write an article's text with spans replaced; all else stays to the character.

    Keys are `(start, end)` in characters of `Article.text`, as segments have them. Raises
    ValueError for spans that overlap or lie outside of the text: a fault of the caller.
    """
    pieces: list[str] = []
    at = 0
    for start, end in sorted(replacements):
        if not at <= start <= end <= len(article.text):
            raise ValueError(f"span {start}:{end} overlaps another or is outside of the text")
        pieces += (article.text[at:start], replacements[start, end])
        at = end
    return "".join((*pieces, article.text[at:]))


def _decode(path: Path, data: bytes, encoding: str) -> tuple[str, str]:
    """Decode bytes; gives the text and the name of the encoding that restores the bytes."""
    try:
        name = codecs.lookup(encoding).name
        # These swallow the byte order mark; the exact ones keep it as a character.
        exact = _EXACT.get(name, encoding)
        if not isinstance(exact, str):
            exact = next((other for mark, other in exact if data.startswith(mark)), encoding)
        text = data.decode(exact)
        same = text.encode(exact) == data
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{path}: not {encoding}: byte 0x{data[error.start]:02x} at offset {error.start}",
            _likely(data),
        ) from error
    except LookupError as error:
        raise ArticleError(f"unknown encoding {encoding!r}", "Try utf-8 or cp1252.") from error
    except ValueError as error:
        raise ArticleError(f"{path}: not {encoding}: {error}", _likely(data)) from error
    if not same:
        raise ArticleError(
            f"{path}: {encoding} would not give the same bytes when the article is built",
            "Convert the file to UTF-8.",
        )
    return text, exact


def _likely(data: bytes) -> str:
    """Say which encoding bytes that are not in the one asked for may have."""
    for name, marks in _EXACT.items():
        if not isinstance(marks, str) and any(data.startswith(mark) for mark, _ in marks):
            return f"It looks like {name.upper()}: add --encoding {name}, or convert it to UTF-8."
    return "Name its encoding with --encoding (for example --encoding cp1252), or convert it."
