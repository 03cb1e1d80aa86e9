"""Marks of the language in a page, and link targets in another language."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.articles.formats.html.fragments import text_fragments
from pipeline.articles.formats.html.parser import LanguageMark, parse_page
from pipeline.articles.formats.html.references import escape_html
from pipeline.core import base_language, language_tag

__all__ = ["adapt"]

_GERMAN = "de"


def adapt(text: str, language: str, links: Mapping[str, str]) -> Mapping[tuple[int, int], str]:
    """Return the attributes that name the language of a page, and the links to replace.

    Where the page lists itself in several languages (`link rel="alternate"`), the list stays.
    """
    page = parse_page(text, keeps_links=True) if links else parse_page(text)
    found: dict[tuple[int, int], str] = {}
    tag = language_tag(language) if language else ""
    lists_target = any(
        mark.is_alternate and _names(text, mark, base_language(language)) for mark in page.languages
    )
    for mark in page.languages if language else ():
        if _names(text, mark, _GERMAN) and not (mark.is_alternate and lists_target):
            written = tag.replace("-", mark.separator)
            found[mark.attribute.start, mark.attribute.end] = written
    for link in page.links if links else ():
        fragments = text_fragments(text[link.start : link.end], link.start, attribute=True)
        target = links.get("".join(one.text for one in fragments))
        if target is not None:
            quote = link.quote or '"'
            written = escape_html(target, quote)
            found[link.start, link.end] = written if link.quote else f'"{written}"'
    return found


def _names(text: str, mark: LanguageMark, language: str) -> bool:
    value = text[mark.attribute.start : mark.attribute.end].strip().lower()
    return value.replace("_", "-").partition("-")[0] == language
