"""Article formats by file suffix: each parses text to blocks, spans exact to the character."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from pipeline.errors import ArticleError
from pipeline.model import Article, Block

FORMATS: Mapping[str, str] = {
    ".txt": "pipeline.formats.text",
}


def parse(text: str, suffix: str) -> tuple[Block, ...]:
    """Parse an article's text to its blocks, in order.

    Raises ArticleError for a suffix that is not in `FORMATS`.
    """
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise ArticleError(f"no format for {suffix or 'a file without suffix'}", f"Known: {known}.")
    blocks: tuple[Block, ...] = import_module(FORMATS[suffix]).parse(text)
    return blocks


def read(path: Path, encoding: str = "utf-8") -> Article:
    """Read an article; every character outside its blocks is kept as it is.

    Raises ArticleError for a file that cannot be read or is not in that encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: {error.strerror}", "Check the path and its rights.") from error
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{path}: not {encoding}: byte 0x{data[error.start]:02x} at offset {error.start}",
            "Name its encoding with --encoding (for example --encoding cp1252), or convert it.",
        ) from error
    except LookupError as error:
        raise ArticleError(f"unknown encoding {encoding!r}", "Try utf-8 or cp1252.") from error
    return Article(path, text, encoding, parse(text, path.suffix.lower()))
