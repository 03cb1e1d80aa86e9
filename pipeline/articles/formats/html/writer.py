"""Writing of translations: tags restored, characters escaped, lines wrapped like the German."""

from __future__ import annotations

import re

from pipeline.articles.formats.base import RenderSite
from pipeline.articles.formats.html import catalog_tags
from pipeline.articles.formats.html.fragments import collapse
from pipeline.articles.formats.html.json_ld import encode_json
from pipeline.articles.formats.html.parser import JSON, UNQUOTED
from pipeline.articles.formats.html.references import (
    REFERENCE,
    decode,
    encode_characters,
    escape_html,
    unescape_catalog,
)
from pipeline.articles.formats.html.tokenizer import SPACE
from pipeline.articles.inline import restore_markup
from pipeline.core import Layout, Segment

__all__ = ["encode"]

_BREAKABLE = "\0"  # a blank where a line may end; neither articles nor catalogs contain NUL
_PLAIN = Layout()
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z0-9._-]+")


def encode(segment: Segment, translation: str, site: RenderSite) -> str:
    """Return a translation as its place in the article needs it.

    Raises MarkupError if it loses, adds or crosses tags.
    """
    layout = segment.layout or _PLAIN
    if translation == segment.text and segment.fragments:
        return "".join(map(site.source, segment.fragments))
    if layout.context == JSON:
        return encode_json(unescape_catalog(translation), site.encoding)
    if layout.context == UNQUOTED and _NEEDS_NO_QUOTES.fullmatch(translation):
        return translation
    quote = '"' if layout.context == UNQUOTED else layout.context
    references = _invisible_references(segment, translation, site)

    def escape(text: str) -> str:
        plain = unescape_catalog(text)
        written = escape_html(collapse(plain) if layout.width else plain, quote)
        for character, reference in references.items():
            written = written.replace(character, reference)
        written = encode_characters(written, site.encoding)
        return written.replace(" ", _BREAKABLE) if layout.width else written

    written = restore_markup(catalog_tags, segment, translation, escape=escape, source=site.source)
    if layout.width:
        written = _wrap(written, layout, len(site.line))
    return f'"{written}"' if layout.context == UNQUOTED else written


def _invisible_references(segment: Segment, translation: str, site: RenderSite) -> dict[str, str]:
    """Return the references by which the German writes characters that nobody sees.

    In an editor, `&nbsp;` and `&shy;` show what the characters themselves do not.
    """
    invisible = {c for c in translation if not c.isprintable() and c not in SPACE}
    references: dict[str, str] = {}
    for one in segment.fragments if invisible else ():
        if one.markup is None and not invisible.isdisjoint(one.text):
            for match in REFERENCE.finditer(site.source(one)):
                references.setdefault(decode(match[0]), match[0])
    return {character: references[character] for character in invisible & references.keys()}


def _wrap(text: str, layout: Layout, column: int) -> str:
    """Break lines at blanks between words, so that none is longer than in the German.

    `column` is the length of the line so far. Tags are not broken.
    """
    indent = len(layout.line_break.lstrip("\r\n"))
    written: list[str] = []
    for word in text.split(_BREAKABLE):
        first, _, _ = word.partition("\n")  # a tag may have line breaks
        if not written:
            written.append(word)
        elif column + 1 + len(first) > layout.width and column > indent:
            written += (layout.line_break, word)
            column = indent
        else:
            written += (" ", word)
            column += 1
        _, line_break, last = word.rpartition("\n")
        column = len(last) if line_break else column + len(word)
    return "".join(written)
