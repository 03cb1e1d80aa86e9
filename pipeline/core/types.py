"""The values that pass between the parts: frozen, without input or output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class BlockKind(StrEnum):
    """What a block of an article is to its reader."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    BYLINE = "byline"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an article's text that holds sentences of one kind.

    `start` and `end` count characters of `Article.text`; markers (`1. `, `• `),
    indentation and line ends are outside. `line` counts from 1.
    """

    kind: BlockKind
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Article:
    """A source article; `text.encode(encoding)` gives the bytes of the file again.

    A byte order mark and `\\r` stay in `text`, outside every block.
    """

    path: Path
    text: str
    encoding: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """What is translated as one: a sentence, or a whole block.

    `start` and `end` count characters of the article, `line` counts from 1. `block` is
    the number of its block among the blocks of its kind, `number` of `count` its place
    in the block; all count from 1.
    """

    text: str
    kind: BlockKind
    start: int
    end: int
    line: int
    block: int
    number: int
    count: int


class TermStatus(StrEnum):
    """What a glossary row demands."""

    PREFERRED = "preferred"
    FORBIDDEN = "forbidden"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Term:
    """A row of a glossary.

    `targets` are the accepted translations, the preferred one first; for `FORBIDDEN`
    the ones that must not be used; for `KEEP` the source itself. `exact_case` demands
    the case as written. `forms` are further inflected forms of `source`. `line` is the
    row's line in its file, from 1.
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
    """A glossary term found at `start:end` of a German text.

    `compound` says that it is only a part of a longer word (information, no demand).
    """

    term: Term
    start: int
    end: int
    compound: bool = False


class State(StrEnum):
    """How far a catalog entry is."""

    MISSING = "missing"
    DRAFT = "draft"
    TOUCHED = "touched"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a draft came from, as it stands in the entry's translator comment.

    `engine` is an engine's name, `memory` or `source` (nothing to translate in it);
    `glossary` and `text` are digests of the terms asked for and of the draft. `confidence`
    says in per cent how sure the draft is, None where that is not known.
    """

    engine: str
    model: str
    glossary: str
    text: str
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """One message of a catalog: a German source and its translation, or none yet.

    `references` are `file:line` places, `flags` gettext's flags, `line` the entry's
    line in the catalog, from 1.
    """

    source: str
    target: str
    state: State
    provenance: Provenance | None = None
    references: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    line: int = 0

    @property
    def confidence(self) -> int | None:
        """How sure a draft is, in per cent; it says nothing of what a human has touched."""
        return self.provenance.confidence if self.provenance and self.state is State.DRAFT else None


@dataclass(frozen=True, slots=True)
class MemoryMatch:
    """An approved translation of a text, or of one like it.

    `percent` says how alike `source` is: 100 is the same. `file` is the name, without
    suffix, of the catalog or memory file it stands in; `neighbours` counts the texts
    before and after it that are the same too.
    """

    source: str
    target: str
    file: str
    percent: int = 100
    neighbours: int = 0


class Severity(StrEnum):
    """How much a finding matters: an error fails `translate check`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem that was found. `line` counts from 1; 0 means the whole file.

    `confidence` is that of the draft it was found in, in per cent.
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
