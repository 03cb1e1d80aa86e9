"""A tokenizer for HTML with exact offsets, in linear time.

It follows the tokenization of the HTML standard (section 13.2.5), and also knows processing
instructions, which templates and XHTML contain. The standard library's parser reports the same
offsets, but is too slow, and takes quadratic time for unclosed comments and quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from pipeline.articles.formats.html.elements import RAW_TEXT

__all__ = ["SPACE", "Attribute", "HtmlToken", "TokenKind", "attributes", "tokenize"]

SPACE = "\t\n\f\r "
"""The white space of HTML; a no-break space does not belong to it."""


class TokenKind(IntEnum):
    """The kinds of tokens. `RAW` is the content of an element without markup (`script`)."""

    TEXT = 0
    START = 1
    END = 2
    RAW = 3
    COMMENT = 4
    OTHER = 5


HtmlToken: TypeAlias = tuple[TokenKind, str, int, int]
"""The kind of a token, the name of its element in lower case, and its span."""


class Attribute(NamedTuple):
    """An attribute: its name in lower case, and the span of its value without quotes.

    `quote` is empty if the value has no quotes. Without a value, `start` equals `end`.
    """

    name: str
    start: int
    end: int
    quote: str


_TEXT, _START, _END = TokenKind.TEXT, TokenKind.START, TokenKind.END
_RAW, _COMMENT, _OTHER = TokenKind.RAW, TokenKind.COMMENT, TokenKind.OTHER

# The quantifiers are possessive: a tag that is not closed fails without backtracking.
_ATTRIBUTE = (
    rf"[{SPACE}/]*+[^{SPACE}/>][^{SPACE}/>=]*+"
    rf"(?:[{SPACE}]*+=[{SPACE}]*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^{SPACE}>]*+))?+(?![{SPACE}]*+=)"
)
_MARKUP = re.compile(
    rf"<(?:(/?)([A-Za-z][^{SPACE}/>]*+)(?:{_ATTRIBUTE})*+[{SPACE}/]*+>|(!--)|([!?/A-Za-z]))"
)
_COMMENT_END = re.compile(r"--!?>")
_ONE_ATTRIBUTE = re.compile(
    rf"([^{SPACE}/>][^{SPACE}/>=]*)"
    rf"(?:[{SPACE}]*=[{SPACE}]*(?:\"([^\"]*)\"|'([^']*)'|([^{SPACE}>]+)))?"
)
_QUOTES = {2: '"', 3: "'"}
_RAW_END = {
    name: re.compile(rf"</{name}(?=[{SPACE}/>])", re.IGNORECASE)
    for name in RAW_TEXT
    if name != "plaintext"
}
_SCRIPT_START = re.compile(rf"<script(?=[{SPACE}/>])", re.IGNORECASE)


def tokenize(text: str, *, is_xml: bool = False) -> Iterator[HtmlToken]:
    """Yield the tokens of a text, which cover all of it.

    Like a browser, it takes everything after a tag or comment that is not closed for its rest.
    With `is_xml`, a tag that ends in `/>` has no content, whatever its name.
    """
    at, length = 0, len(text)
    search = _MARKUP.search
    while match := search(text, at):
        start = match.start()
        if start > at:
            yield _TEXT, "", at, start
        slash, name, comment, other = match.groups()
        if name is not None:
            at, name = match.end(), name.lower()
            yield _END if slash else _START, name, start, at
            if not slash and name in RAW_TEXT and not (is_xml and text[at - 2] == "/"):
                end = _raw_end(text, name, at)
                if end > at:
                    yield _RAW, name, at, end
                at = end
        elif comment:
            at = _comment_end(text, start)
            yield _COMMENT, "", start, at
        else:
            at = _other_end(text, start, other)
            yield _OTHER, "", start, at
    if at < length:
        yield _TEXT, "", at, length


def attributes(text: str, name: str, start: int, end: int) -> dict[str, Attribute]:
    """Return the attributes of a start tag at `start:end`; of equal names, the first counts."""
    found: dict[str, Attribute] = {}
    for match in _ONE_ATTRIBUTE.finditer(text, start + 1 + len(name), end - 1):
        attribute = match[1].lower()
        group = match.lastindex or 1
        if attribute not in found:
            first, last = match.span(group) if group > 1 else (match.end(), match.end())
            found[attribute] = Attribute(attribute, first, last, _QUOTES.get(group, ""))
    return found


def _comment_end(text: str, start: int) -> int:
    for empty in ("<!-->", "<!--->"):
        if text.startswith(empty, start):
            return start + len(empty)
    match = _COMMENT_END.search(text, start + 4)
    return match.end() if match else len(text)


def _other_end(text: str, start: int, sign: str) -> int:
    """Return the end of a doctype, CDATA section, processing instruction or stray end tag."""
    following = text[start + 2 : start + 3]
    if sign.isalpha() or (sign == "/" and following.isascii() and following.isalpha()):
        return len(text)  # a tag that is not closed
    mark = ">"
    if sign == "?":
        mark = "?>"
    elif text.startswith("<![CDATA[", start):
        mark = "]]>"
    end = text.find(mark, start)
    if end < 0 and len(mark) > 1:
        mark, end = ">", text.find(">", start)
    return end + len(mark) if end >= 0 else len(text)


def _raw_end(text: str, name: str, start: int) -> int:
    """Return the end of the content of an element without markup."""
    if name not in _RAW_END:
        return len(text)
    match = _RAW_END[name].search(text, start)
    if match is None:
        return len(text)
    if name != "script":
        return match.start()
    # A comment in a script may contain a script (13.2.6.4, "script data double escaped").
    comment = text.find("<!--", start, match.start())
    while comment >= 0:
        comment_end = text.find("-->", comment, match.start())
        if comment_end < 0:
            inner = _SCRIPT_START.search(text, comment, match.start())
            following = _RAW_END[name].search(text, match.end()) if inner else None
            return (following or match).start()
        comment = text.find("<!--", comment_end, match.start())
    return match.start()
