"""Character references: decoding in articles, and escapes in articles and catalogs."""

from __future__ import annotations

import html
import re

__all__ = [
    "CATALOG_TAG",
    "REFERENCE",
    "catalog_escapes",
    "decode",
    "encode_characters",
    "escape_catalog",
    "escape_html",
    "has_escapes",
    "unescape_catalog",
]

REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?")
"""What may be a character reference; `decode` knows."""

CATALOG_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:._-]*)((?:\s[^<>]*)?/?)>")
"""A tag in the text of a catalog."""

_TAG_START = re.compile(r"</?[A-Za-z][A-Za-z0-9:._-]*[\s/>]")
_CATALOG_REFERENCE = re.compile(
    r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_MAX_REFERENCE = 40  # characters; longer ones are out of the range of Unicode, or no names


def decode(reference: str, following: str = "") -> str:
    """Return the character of a reference, or the text itself if it is none.

    A control character is none, because catalogs cannot store it. `following` is the next
    character in the value of an attribute, where old references without a semicolon are
    text more often (13.2.5.73).
    """
    if len(reference) > _MAX_REFERENCE:
        return reference
    decoded = html.unescape(reference)
    if not decoded or (decoded < " " and decoded not in "\t\n\f\r"):
        return reference
    if following and not reference.endswith(";") and (following == "=" or len(decoded) > 1):
        return reference
    return decoded


def has_escapes(text: str) -> bool:
    """Return whether a text may contain what a catalog or an article escapes."""
    return "&" in text or "<" in text


def catalog_escapes(text: str) -> dict[int, str]:
    """Return what replaces the characters that would begin a tag or reference in a catalog."""
    # After one of two is escaped, the other may begin a tag that ends where both did.
    last = text.rfind(">")
    escapes = {match.start(): "&lt;" for match in _TAG_START.finditer(text, 0, last + 1)}
    for match in _CATALOG_REFERENCE.finditer(text):
        if decode(match[0]) != match[0]:
            escapes[match.start()] = "&amp;"
    return escapes


def escape_catalog(text: str) -> str:
    """Escape what would be a tag or a character reference in a catalog."""
    if not has_escapes(text):
        return text
    escapes = catalog_escapes(text)
    return "".join(escapes.get(at, character) for at, character in enumerate(text))


def unescape_catalog(text: str) -> str:
    """Return the characters of a text in a catalog."""
    return _CATALOG_REFERENCE.sub(lambda match: decode(match[0]), text) if "&" in text else text


def escape_html(text: str, quote: str = "") -> str:
    """Escape a text for an article; `quote` is the mark around the value of an attribute."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    if quote:
        text = text.replace(quote, "&quot;" if quote == '"' else "&#39;")
    return text


def encode_characters(text: str, encoding: str) -> str:
    """Write characters that an encoding lacks as references."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "xmlcharrefreplace").decode(encoding)
    return text
