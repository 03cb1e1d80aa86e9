"""The rules by which the texts of an entry are compared: format flags, article format, plural.

Most entries are plain text and have none, which costs no more than a look at their flags.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath

from pipeline.articles import MarkupFormat, find_markup_format
from pipeline.catalog import CatalogHeader, frequent_forms, read_form_count
from pipeline.checks.base import EntryRules
from pipeline.checks.formats import format_languages
from pipeline.core import Translation

__all__ = ["entry_rules"]


def entry_rules(
    translation: Translation, header: CatalogHeader, *, has_articles: bool
) -> EntryRules | None:
    """Return the rules of an entry, None for plain text.

    `has_articles` says whether the references are articles of a project. Raises PluginError for
    a format that cannot be used.
    """
    flags, references = translation.flags, translation.references
    formats = format_languages(flags) if flags else ()
    markup = None
    if has_articles and references and not formats:
        markup = _markup_format(references[0].rpartition(":")[0])
    form = translation.plural_form
    if not formats and markup is None and form is None:
        return None
    text = header.text or ""
    is_strict = form is None or read_form_count(text) == 1 or form in frequent_forms(text)
    return EntryRules(formats, markup, translation.plural_source, is_strict)


def _markup_format(path: str) -> MarkupFormat | None:
    return None if path.endswith(".txt") else _by_suffix(PurePath(path).suffix)


@lru_cache(maxsize=64)
def _by_suffix(suffix: str) -> MarkupFormat | None:
    return find_markup_format(suffix)
