"""Value types that all packages share.

Those that an article has by the thousand are named tuples: they are created three times as fast
as frozen data classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class BlockKind(StrEnum):
    """The role of a block in an article."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    BYLINE = "byline"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"
    TABLE_CELL = "table cell"
    IMAGE_TEXT = "image text"
    LINK_TITLE = "link title"
    METADATA = "metadata"


class MarkupRole(StrEnum):
    """Whether an inline token opens an element, closes it, or is one without content."""

    OPEN = "open"
    CLOSE = "close"
    EMPTY = "empty"


class Markup(NamedTuple):
    """An inline markup token.

    `kind` is the kind of element (`link`, `strong`, `code`, `break` …), as its format names
    it. The tokens that open and close an element share the number `element`, which is unique
    in the block. `legend` describes the element to translators (a link target, attributes).
    """

    kind: str
    role: MarkupRole
    element: int
    legend: str = ""


class Fragment(NamedTuple):
    """A part of a block: its text in catalogs, and its place in the article.

    `start` and `end` are character offsets in `Article.text`. A fragment whose `text` has the
    length of that span may be cut anywhere; any other (a character reference, a line break
    with the prefix of the next line, a markup token) is atomic.
    """

    text: str
    start: int
    end: int
    markup: Markup | None = None


class Layout(NamedTuple):
    """How the translation of a block is written.

    `line_break` is written between two lines: the line end of the article, and what starts
    the next line. `width` is the length of the longest source line in characters, 0 if the
    source is not wrapped. `context` names the rules of escaping that the format applies, for
    example those of a table cell. A `whole` block is one segment, for example a value whose
    quotes depend on all of its text.
    """

    line_break: str = ""
    width: int = 0
    context: str = ""
    whole: bool = False


class Block(NamedTuple):
    """A part of an article with one role.

    `start` and `end` are character offsets in `Article.text`. List markers (`1. `, `• `),
    indentation and line ends are outside. `line` counts from 1. Without `fragments`, the text
    is that span as it is. Otherwise `fragments` lists its parts in order; what is between them
    in the article (white space, prefixes) stays. `label` describes the position to
    translators ("table row 3, column 2"), by default the kind and a number.
    """

    kind: BlockKind
    start: int
    end: int
    line: int
    fragments: tuple[Fragment, ...] = ()
    label: str = ""
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A source article; `text.encode(encoding)` restores the bytes of the file.

    A byte order mark and `\\r` stay in `text`, outside of all blocks.
    """

    path: Path
    text: str
    encoding: str
    blocks: tuple[Block, ...]

    def plain_text(self, block: Block) -> str:
        """Return the text of a block without inline markup."""
        if not block.fragments:
            return self.text[block.start : block.end]
        return "".join(fragment.text for fragment in block.fragments if fragment.markup is None)


@dataclass(frozen=True, slots=True)
class Segment:
    """A unit of translation: a sentence, or a line of a block.

    `start` and `end` are character offsets in the article. `block` numbers the blocks of the
    same kind; the segment is `number` of `count` in its block. `line`, `block`, `number` and
    `column` count from 1. `fragments`, `label` and `layout` are those of the block; the texts of
    the fragments are those in the catalog, with markup numbered within the segment.
    """

    text: str
    kind: BlockKind
    start: int
    end: int
    line: int
    block: int
    number: int
    count: int
    column: int = 1
    fragments: tuple[Fragment, ...] = ()
    label: str = ""
    layout: Layout | None = None

    @property
    def plain_text(self) -> str:
        """The text without inline markup."""
        if not self.fragments:
            return self.text
        return "".join(one.text for one in self.fragments if one.markup is None)


class TermStatus(StrEnum):
    """The requirement of a glossary row."""

    PREFERRED = "preferred"
    FORBIDDEN = "forbidden"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Term:
    """A row of a glossary.

    `targets` are the accepted translations, the preferred one first; for `FORBIDDEN` the
    translations that must not be used; for `KEEP` the source itself. `exact_case` requires
    the case of the source. `forms` are further inflected forms of the source. `line` is the
    line in the file, from 1.
    """

    source: str
    targets: tuple[str, ...]
    status: TermStatus = TermStatus.PREFERRED
    exact_case: bool = False
    forms: tuple[str, ...] = ()
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A glossary term at `start:end` of a German text.

    `compound`: it is a part of a longer word, and its translation is not required.
    """

    term: Term
    start: int
    end: int
    compound: bool = False


class State(StrEnum):
    """The translation state of a catalog entry."""

    MISSING = "missing"
    DRAFT = "draft"
    TOUCHED = "touched"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of a draft, stored in the translator comment of its entry.

    `engine` is the name of an engine, `memory`, or `source` for a text without anything to
    translate. `glossary` and `text` are digests of the required terms and of the draft.
    `confidence` is in percent, None if unknown.
    """

    engine: str
    model: str
    glossary: str
    text: str
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The translation of a text by another engine than that of its draft.

    `agreement` is its similarity to the draft in percent; 100 is the same text.
    """

    engine: str
    model: str
    target: str
    agreement: int


@dataclass(frozen=True, slots=True)
class Translation:
    """An entry of a catalog: a German source and its translation, which may be empty.

    `references` are `file:line` positions, `flags` the gettext flags; `line` is the line in
    the catalog, from 1. `context` is its `msgctxt`; `plural_form` is N of `msgstr[N]` and
    `plural_source` the `msgid_plural`, None for an entry without plural forms.
    """

    source: str
    target: str
    state: State
    provenance: Provenance | None = None
    references: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    line: int = 0
    context: str | None = None
    plural_form: int | None = None
    plural_source: str | None = None

    @property
    def confidence(self) -> int | None:
        """The confidence of an unedited draft in percent, else None."""
        return self.provenance.confidence if self.provenance and self.state is State.DRAFT else None


@dataclass(frozen=True, slots=True)
class MemoryMatch:
    """An approved translation of the same or a similar text.

    `percent` is the similarity of `source`; 100 is identical. `file` is the name of the
    catalog or memory file without suffix. `neighbours` counts the identical texts directly
    before and after it.
    """

    source: str
    target: str
    file: str
    percent: int = 100
    neighbours: int = 0


class Severity(StrEnum):
    """The severity of a finding; an error fails `translate check`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in a text or file.

    `line` counts from 1; 0 is the whole file. `confidence` is that of the draft, in percent.
    `context` and `plural_form` are those of the entry, as in `Translation`.
    """

    check: str
    severity: Severity
    message: str
    path: Path | None = None
    line: int = 0
    language: str = ""
    source: str = ""
    target: str = ""
    confidence: int | None = None
    context: str | None = None
    plural_form: int | None = None
