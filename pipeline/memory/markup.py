"""Texts without inline markup, as the memory compares them: HTML tags and Markdown marks."""

from __future__ import annotations

import re

__all__ = ["comparable", "without_markup"]

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9:._-]*(?:\s[^<>]*)?/?>")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])")
# Marks of emphasis and code touch a word; `5 * 3` and `snake_case` have none.
_MARKS = re.compile(
    r"`+|(?<!\S)(?:\*+|_+|~~)(?=\S)|(?<=[^\s\w])_+(?=\w)|(?<=\S)(?:\*+|~~)|_+(?!\w)"
)
_SIGNS = frozenset("<[*_`~")


def without_markup(text: str) -> str:
    """Return a text without its markup; a text without any stays as it is."""
    if _SIGNS.isdisjoint(text):
        return text
    plain = _MARKS.sub("", _LINK.sub(r"\1", _TAG.sub("", text)))
    return " ".join(plain.split()) if plain != text else text


def comparable(text: str) -> str:
    """Return a text without its markup and with the Swiss ss for ß."""
    return without_markup(text).replace("ß", "ss")
