"""An entry and an article as an editor shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from pipeline.articles import MarkupFormat
from pipeline.catalog import (
    EntrySnapshot,
    entry_state,
    is_in_conflict,
    is_outdated,
    parse_provenance,
    translated_source,
)
from pipeline.catalog.po import Entry, EntryKey
from pipeline.core import State
from pipeline.workflows.editing.comments import Remarks, read_remarks, tool_lines

__all__ = [
    "ArticleBlock",
    "ArticleSegment",
    "EditorArticle",
    "EditorEntry",
    "InlineToken",
    "OtherDraft",
    "SimilarText",
    "entry_id",
]

_SIMILAR = re.compile(r"(\d+) % from (.*?): (.*)")
_OTHER = re.compile(r"(\d+) % by (.*?), model (.*?): (.*)")


@dataclass(frozen=True, slots=True)
class SimilarText:
    """A translation of a similar text, from the comments of an entry.

    `difference` marks the words that differ: `[-only there-]{+only here+}`.
    """

    percent: int
    file: str
    difference: str
    target: str


@dataclass(frozen=True, slots=True)
class OtherDraft:
    """The translation of a second engine, from the comments of an entry.

    `agreement` is its similarity to the draft in percent; `difference` marks the words that
    differ, as in `SimilarText`. `target` is "" if it is the same text.
    """

    engine: str
    model: str
    agreement: int
    difference: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class InlineToken:
    """An inline markup token of the German text, at `start:end`."""

    text: str
    start: int
    end: int
    legend: str


@dataclass(frozen=True, slots=True)
class EditorEntry:
    """An entry as an editor shows it.

    `id` is derived from context and German text. `previous` is the German text that an
    outdated translation was made for. `conflict` quotes the texts of an open merge conflict.
    `snapshot` goes back to `save`, which merges by it.
    """

    id: str
    source: str
    plural: str | None
    targets: tuple[str, ...]
    state: State
    remarks: Remarks
    snapshot: EntrySnapshot
    previous: str = ""
    conflict: tuple[str, ...] = ()
    engine: str = ""
    model: str = ""
    draft_digest: str = ""
    confidence: int | None = None
    issues: tuple[str, ...] = ()
    similar: tuple[SimilarText, ...] = ()
    alternatives: tuple[OtherDraft, ...] = ()
    context: tuple[str, ...] = ()
    tokens: tuple[InlineToken, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleSegment:
    """A segment in its place; `entry` is an id, "" if the catalog does not have it."""

    entry: str
    source: str
    number: int


@dataclass(frozen=True, slots=True)
class ArticleBlock:
    """A block of an article with its segments; `marker` is that of a list item."""

    kind: str
    label: str
    marker: str
    segments: tuple[ArticleSegment, ...]


@dataclass(frozen=True, slots=True)
class EditorArticle:
    """An article in a language, in the order of the article.

    `entries` are those of the catalog by id. `revision` changes with the catalog or article.
    `problem` says that the catalog is missing or does not fit the article.
    """

    name: str
    language: str
    suffix: str
    revision: str
    blocks: tuple[ArticleBlock, ...]
    entries: Mapping[str, EditorEntry]
    problem: str = ""


def entry_id(key: EntryKey) -> str:
    """Return the id of an entry in its catalog: 16 hexadecimal digits of its key."""
    context, source = key
    text = source if context is None else f"{context}\0{source}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def editor_entry(entry: Entry, form: MarkupFormat | None) -> EditorEntry:
    """Return an entry of a catalog as an editor shows it."""
    provenance = parse_provenance(entry)
    state = entry_state(entry)
    draft = provenance is not None and state is State.DRAFT
    return EditorEntry(
        id=entry_id(entry.key),
        source=entry.source,
        plural=entry.plural,
        targets=entry.targets,
        state=state,
        previous=translated_source(entry) if is_outdated(entry) else "",
        conflict=tuple(tool_lines(entry, "conflict: ")) if is_in_conflict(entry) else (),
        engine=provenance.engine if provenance else "",
        model=provenance.model if provenance else "",
        draft_digest=provenance.text if provenance else "",
        confidence=provenance.confidence if provenance and draft else None,
        remarks=read_remarks(entry),
        issues=tuple(tool_lines(entry, "check: ")) if draft else (),
        similar=tuple(_similar(tool_lines(entry, "memory "))),
        alternatives=tuple(_others(tool_lines(entry, "alternative "))),
        context=tuple(line.removeprefix("#.").strip() for line in entry.extracted),
        tokens=_tokens(entry.source, form),
        snapshot=EntrySnapshot.of(entry),
    )


def _similar(lines: Sequence[str]) -> list[SimilarText]:
    found: list[SimilarText] = []
    for first, second in pairwise(lines):
        match = _SIMILAR.fullmatch(first)
        if match and second.startswith("translation: "):
            target = second.removeprefix("translation: ")
            found.append(SimilarText(int(match[1]), match[2], match[3], target))
    return found


def _others(lines: Sequence[str]) -> list[OtherDraft]:
    found: list[OtherDraft] = []
    for line, after in pairwise([*lines, ""]):
        match = _OTHER.fullmatch(line)
        if not match:
            continue
        agreement, target = int(match[1]), after.removeprefix("translation: ")
        differs = after.startswith("translation: ")
        found.append(
            OtherDraft(
                match[2],
                match[3],
                agreement,
                match[4] if differs else "",
                target if differs else "",
            )
        )
    return found


def _tokens(source: str, form: MarkupFormat | None) -> tuple[InlineToken, ...]:
    if form is None:
        return ()
    return tuple(
        InlineToken(source[one.start : one.end], one.start, one.end, one.markup.legend)
        for one in form.tokenize(source)
    )
