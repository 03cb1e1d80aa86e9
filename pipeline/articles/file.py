"""Reading of articles: bytes to text, in a way that restores the bytes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path

from pipeline.articles.formats import (
    DEFAULT_OPTIONS,
    FormatError,
    FormatOptions,
    declared_encoding,
    parse,
)
from pipeline.core import Article, ArticleError
from pipeline.core.input import read_bytes

# Encodings that drop a byte order mark, and those that keep it. UTF-32 comes first, because
# its mark starts with that of UTF-16.
_EXACT_ENCODINGS: Mapping[str, str | tuple[tuple[bytes, str], ...]] = {
    "utf-8-sig": "utf-8",
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
}

MAX_ARTICLE_BYTES = 64_000_000
"""Maximum size of an article: larger ones take minutes and gigabytes of memory."""

_DECLARED_HINT = "The file declares this encoding: correct the declaration, or convert the file."


def read_article(
    path: Path, encoding: str = "utf-8", options: FormatOptions = DEFAULT_OPTIONS
) -> Article:
    """Read an article; raises ArticleError if it cannot be read or decoded."""
    return decode_article(path, read_bytes(path, ArticleError), encoding, options)


def decode_article(
    path: Path, data: bytes, encoding: str = "utf-8", options: FormatOptions = DEFAULT_OPTIONS
) -> Article:
    """Decode and parse an article; the suffix of `path` selects the format.

    An encoding that the file declares, as its format defines, takes precedence over
    `encoding`. Raises ArticleError if the bytes cannot be decoded or parsed, cannot be
    restored by encoding, or contain NUL, which catalogs cannot store, and for more bytes than
    `MAX_ARTICLE_BYTES`.
    """
    if len(data) > MAX_ARTICLE_BYTES:
        limit = f"{MAX_ARTICLE_BYTES // 1_000_000} MB"
        raise ArticleError(f"{path}: larger than {limit}", "Split it into several articles.")
    suffix = path.suffix.lower()
    try:
        declared = declared_encoding(data, suffix)
    except ValueError as error:
        raise ArticleError(
            f"{path}: {error}", "Correct its declaration, or convert the file to UTF-8."
        ) from error
    if declared:
        text, exact = _decode(path, data, declared, _DECLARED_HINT)
    else:
        text, exact = _decode(path, data, encoding)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ArticleError(
            f"{path}:{line}: a NUL character at offset {text.index(chr(0))}",
            "Remove it; if the file is UTF-16, add --encoding utf-16.",
        )
    try:
        blocks = parse(text, suffix, options)
    except FormatError as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        raise ArticleError(f"{where}: {error}", error.hint) from error
    return Article(path, text, exact, blocks)


def _decode(path: Path, data: bytes, encoding: str, hint: str = "") -> tuple[str, str]:
    """Decode bytes; returns the text and the encoding that restores the bytes.

    `hint` replaces the advice to name another encoding.
    """
    try:
        name = codecs.lookup(encoding).name
        # Some encodings drop the byte order mark; the exact ones keep it as a character.
        exact = _EXACT_ENCODINGS.get(name, encoding)
        if not isinstance(exact, str):
            exact = next((other for mark, other in exact if data.startswith(mark)), encoding)
        text = data.decode(exact)
        same = text.encode(exact) == data
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{path}: not {encoding}: byte 0x{data[error.start]:02x} at offset {error.start}",
            hint or _encoding_hint(data),
        ) from error
    except LookupError as error:
        raise ArticleError(f"unknown encoding {encoding!r}", "Try utf-8 or cp1252.") from error
    except ValueError as error:
        raise ArticleError(
            f"{path}: not {encoding}: {error}", hint or _encoding_hint(data)
        ) from error
    if not same:
        raise ArticleError(
            f"{path}: encoding the text as {encoding} does not restore the same bytes",
            "Convert the file to UTF-8.",
        )
    return text, exact


def _encoding_hint(data: bytes) -> str:
    """Word a hint with the encoding that bytes may have."""
    for name, marks in _EXACT_ENCODINGS.items():
        if not isinstance(marks, str) and any(data.startswith(mark) for mark, _ in marks):
            return f"It looks like {name.upper()}: add --encoding {name}, or convert it to UTF-8."
    return "Add --encoding with its encoding (for example cp1252), or convert it to UTF-8."
