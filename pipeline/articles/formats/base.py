"""The protocols of article formats.

A format is a module or an object. Built-in formats and those of plug-ins (entry points in
`translate.formats`) implement the same protocols: `Format` for texts without markup, and
`MarkupFormat` for texts with inline markup, escapes or wrapped lines.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from pipeline.core import Block, Fragment, Markup, Segment

BREAK = "break"
"""The kind of markup that breaks a line, in all formats: it may end a sentence."""


CONTENT_MODES = ("page", "main", "auto")
"""Parts of an article that are translated: all of it, or its main content."""

LINE_MODES = ("auto", "paragraph", "line")
"""Which lines of plain text are one paragraph: by their shape, those without a blank line
between them, or none."""

FRONT_MATTER_KEYS = (
    "title",
    "description",
    "teaser",
    "summary",
    "subtitle",
    "alt",
    "caption",
    "keywords",
)
"""Keys of front matter whose values are translated by default."""


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """Settings of a project that formats read.

    `content` is one of `CONTENT_MODES`: `main` selects the main content by its elements,
    `auto` by statistics. `front_matter` are the keys of front matter with translatable text.
    `lines` is one of `LINE_MODES`.
    """

    content: str = "page"
    front_matter: tuple[str, ...] = FRONT_MATTER_KEYS
    lines: str = "auto"


DEFAULT_OPTIONS = FormatOptions()


@runtime_checkable
class Format(Protocol):
    """A parser for one kind of article."""

    def parse(self, text: str) -> tuple[Block, ...]:
        """Return the blocks of a text in order, without markup and white space.

        Raises FormatError for a text that cannot be read.

        Blocks do not overlap, except that a block may be inside a markup token of another
        one (the text of an image).
        """


@runtime_checkable
class ConfigurableFormat(Format, Protocol):
    """A format with settings."""

    def parse_with(self, text: str, options: FormatOptions) -> tuple[Block, ...]:
        """Return the blocks of a text as `parse` does, selected by settings."""


@runtime_checkable
class EncodingFormat(Format, Protocol):
    """A format whose files may declare their encoding."""

    def declared_encoding(self, data: bytes) -> str:
        """Return the encoding that a file declares, as Python names it, or an empty string.

        Raises ValueError with a message for a declaration that cannot be followed.
        """


@dataclass(frozen=True, slots=True)
class CatalogToken:
    """A markup token in the text of a catalog, at `start:end`.

    `key` identifies it within its segment: a translation contains every key of its source
    equally often. Tokens that open and close the same element have the same number
    `markup.element`, -1 if the other one is missing.
    """

    start: int
    end: int
    key: str
    markup: Markup


@dataclass(frozen=True, slots=True)
class RenderSite:
    """The place where a translation is written.

    `line` is the current line of the output so far, at most 4,000 characters. `source` returns the
    source of a fragment, with the translations of blocks inside it. `language` is the target
    language. `encoding` is that of the output, whose characters a format may have to escape.
    """

    line: str
    source: Callable[[Fragment], str]
    language: str = ""
    encoding: str = "utf-8"


class FormatError(ValueError):
    """An article that a format cannot read; `line` counts from 1, 0 if it is not known."""

    def __init__(self, message: str, hint: str, line: int = 0) -> None:
        super().__init__(message)
        self.hint, self.line = hint, line


class MarkupError(ValueError):
    """A translation that cannot be written without losing or breaking markup."""


class CatalogTokenizer(Protocol):
    """Finds markup in texts of catalogs."""

    def tokenize(self, text: str) -> tuple[CatalogToken, ...]:
        """Find the markup tokens in a text or translation of a catalog, in order."""


@runtime_checkable
class MarkupFormat(Format, CatalogTokenizer, Protocol):
    """A format with inline markup, escapes or wrapped lines."""

    def number(self, fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
        """Return the fragments of a segment with the texts of a catalog.

        Elements that would look the same are numbered within the segment.
        """

    def encode(self, segment: Segment, translation: str, site: RenderSite) -> str:
        """Return a translation as the article needs it: markup restored, escaped, wrapped.

        Raises MarkupError if markup is lost, added or not properly nested.
        """

    def adapt(
        self, text: str, language: str, links: Mapping[str, str]
    ) -> Mapping[tuple[int, int], str]:
        """Return replacements outside of translated text for a target language, by span.

        These are marks of the language, such as the `lang` attribute of a page, and link
        targets that `links` replaces.
        """

    def structure(self, text: str) -> Hashable:
        """Return what a translation must not change: blocks, elements, code, link targets.

        The order of inline elements within a block does not count.
        """
