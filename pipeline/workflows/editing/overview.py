"""The overview of an editor: articles and languages with their translation state."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.catalog import is_header, is_in_conflict, is_outdated
from pipeline.core import CatalogError, PipelineError, State
from pipeline.drafting import UNSURE
from pipeline.workflows.editing.session import EditingSession, signature

__all__ = [
    "ArticleProgress",
    "Hit",
    "Overview",
    "OverviewCache",
    "next_entry",
    "overview",
    "search",
]

_MAX_HITS = 200
_NEXT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ArticleProgress:
    """The state of an article in a language, in entries of its catalog.

    `sure` and `unsure` are drafts nobody edited, by confidence; `words_left` counts the German
    words of entries that are not approved. `problem` says why nothing is known.
    """

    article: str
    language: str
    segments: int = 0
    approved: int = 0
    touched: int = 0
    sure: int = 0
    unsure: int = 0
    missing: int = 0
    outdated: int = 0
    conflicts: int = 0
    questions: int = 0
    words_left: int = 0
    problem: str = ""

    @property
    def left(self) -> int:
        """How many entries are not approved."""
        return self.segments - self.approved


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of the overview.

    `total` counts all rows, None if there are more than were read to fill this page.
    """

    rows: tuple[ArticleProgress, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that contains the text searched for."""

    article: str
    language: str
    entry: str
    source: str
    target: str
    state: State


class OverviewCache:
    """Rows of the overview; a row is computed again when its catalog changes."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], tuple[str, ArticleProgress]] = {}

    def row(self, session: EditingSession, name: str, language: str) -> ArticleProgress:
        """Return the row of an article in a language."""
        try:
            target = session.find(name, language)[1]
            version = signature(target)
            known = self._rows.get((name, language))
            if known is None or known[0] != version:
                known = version, _progress(session, name, language)
                self._rows[name, language] = known
        except PipelineError as error:
            return ArticleProgress(name, language, problem=error.message)
        return known[1]


def overview(
    session: EditingSession,
    cache: OverviewCache,
    *,
    text: str = "",
    language: str = "",
    unfinished: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> Overview:
    """Return rows of articles whose name contains `text`, in the order of the articles.

    `unfinished` leaves out those with nothing to review; catalogs are read until the page is
    full.
    """
    languages = [language] if language else session.languages
    pairs = [
        (name, code)
        for name in session.articles()
        if text.casefold() in name.casefold()
        for code in languages
    ]
    if not unfinished:
        rows = [cache.row(session, *pair) for pair in pairs[offset : offset + limit]]
        return Overview(tuple(rows), len(pairs))
    every = (cache.row(session, *pair) for pair in pairs)
    found = list(islice((row for row in every if row.left or row.problem), offset + limit + 1))
    total = len(found) if len(found) <= offset + limit else None
    return Overview(tuple(found[offset : offset + limit]), total)


def next_entry(
    session: EditingSession, cache: OverviewCache, languages: Sequence[str] = ()
) -> tuple[str, str, str] | None:
    """Return article, language and entry that are most worth reviewing, None if all is done.

    Conflicts and questions come first, then the article that needs the fewest decisions to be
    finished; in it the draft with the lowest confidence. In a large project, the articles that
    can be read in a second are compared, in their order.
    """
    rows = []
    end = time.monotonic() + _NEXT_SECONDS
    for name in session.articles():
        rows += [cache.row(session, name, code) for code in languages or session.languages]
        if time.monotonic() > end and any(row.left - row.missing > 0 for row in rows):
            break
    rows = [row for row in rows if row.left - row.missing > 0]
    if not rows:
        return None
    best = min(rows, key=lambda row: (-row.conflicts, -row.questions, row.left, row.article))
    article = session.article(best.article, best.language)
    waiting = [
        entry for entry in article.entries.values() if entry.state in (State.DRAFT, State.TOUCHED)
    ]
    first = min(
        waiting,
        key=lambda e: (not e.conflict, not e.remarks.question, _sureness(e.confidence)),
    )
    return best.article, best.language, first.id


def search(session: EditingSession, text: str, languages: Sequence[str] = ()) -> tuple[Hit, ...]:
    """Find entries whose German, translation or comments contain a text, ignoring case."""
    wanted = text.casefold().strip()
    return tuple(islice(_hits(session, wanted, languages), _MAX_HITS)) if wanted else ()


def _hits(session: EditingSession, wanted: str, languages: Sequence[str]) -> Iterator[Hit]:
    for name in session.articles():
        for language in languages or session.languages:
            try:
                if not _may_contain(session.find(name, language)[1], wanted):
                    continue
                article = session.article(name, language)
            except PipelineError:
                continue  # the overview shows the problem
            for entry in article.entries.values():
                texts = (entry.source, *entry.targets, *entry.snapshot.comments)
                if any(wanted in one.casefold() for one in texts):
                    yield Hit(name, language, entry.id, entry.source, entry.targets[0], entry.state)


def _may_contain(target: Path, wanted: str) -> bool:
    """Return whether a catalog may contain a text: a fast check of the file as it is written."""
    if not target.is_file():
        return False
    text = target.read_bytes().decode("utf-8", "replace").replace("\r", "").casefold()
    written = wanted.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return written in text.replace('"\n"', "") or "charset=utf-8" not in text


def _progress(session: EditingSession, name: str, language: str) -> ArticleProgress:
    path, target = session.find(name, language)
    try:
        loaded = session.catalog(target)
    except CatalogError as error:
        return ArticleProgress(name, language, problem=error.message)
    if loaded is None:
        segments = {segment.text for segment in session.segmented(path).segments}
        words = sum(len(text.split()) for text in segments)
        number = len(segments)
        return ArticleProgress(name, language, number, missing=number, words_left=words)
    live = [one for one in loaded.entries if not one.obsolete and not is_header(one)]
    by_line = {one.line: one for one in loaded.translations if not one.plural_form}
    states = Counter(one.state for one in by_line.values())
    drafts = [one for one in by_line.values() if one.state is State.DRAFT]
    unsure = sum(_sureness(one.confidence) < UNSURE for one in drafts)
    return ArticleProgress(
        name,
        language,
        len(by_line),
        states[State.APPROVED],
        states[State.TOUCHED],
        len(drafts) - unsure,
        unsure,
        states[State.MISSING],
        outdated=sum(is_outdated(one) for one in live),
        conflicts=sum(is_in_conflict(one) for one in live),
        questions=sum("# translate: question" in one.notes for one in live),
        words_left=sum(
            len(one.source.split()) for one in by_line.values() if one.state is not State.APPROVED
        ),
    )


def _sureness(confidence: int | None) -> int:
    return 0 if confidence is None else confidence
