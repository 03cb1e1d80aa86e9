"""The main job: find what the catalog of an article misses, and fill it with drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline import catalog
from pipeline.desk import Desk, Filled
from pipeline.errors import EngineError, ModelError
from pipeline.extraction import Extractor
from pipeline.memory import neighbours
from pipeline.model import State, Translation
from pipeline.project import Project
from pipeline.terms import terms_digest


@dataclass(frozen=True, slots=True)
class Failure:
    """A segment for which the engine gave nothing fit to keep; `line` is the catalog's."""

    path: Path
    line: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found and did in one catalog; segments count distinct texts.

    `due` counts what was to be filled, `waiting` drafts of earlier runs and texts a human
    has begun, `words` the German words that the engine drafted, `required` and `respected`
    the glossary terms of all that was filled, `flawed` drafts that a check finds fault with.
    """

    article: Path
    language: str
    segments: int = 0
    approved: int = 0
    due: int = 0
    waiting: int = 0
    memory: int = 0
    drafted: int = 0
    words: int = 0
    required: int = 0
    respected: int = 0
    flawed: int = 0
    failures: tuple[Failure, ...] = ()


class Job:
    """Fills the catalogs of a project, one at a time.

    `by` names the engine and model: what they failed on is not tried again until the
    catalog, the article or the glossary changes. With `redraft`, all drafts that no human
    touched are drawn again.
    """

    def __init__(
        self, project: Project, extractor: Extractor, *, by: str = "", redraft: bool = False
    ) -> None:
        self._project, self._extractor = project, extractor
        self._by, self._redraft = by, redraft

    def due(self, article: Path, desk: Desk) -> list[Translation]:
        """Name the entries to fill: missing ones, and drafts whose glossary terms changed.

        Where all was tried before, only what the memory has learned since is left to fill.
        Raises CatalogError.
        """
        entries = catalog.load(self._project.catalog(article, desk.language)).translations
        return self._due(article, desk, entries)

    def _due(self, article: Path, desk: Desk, entries: Sequence[Translation]) -> list[Translation]:
        if not self._redraft and self._extractor.settled(article, desk.language, self._by):
            missing = (entry for entry in entries if entry.state is State.MISSING)
            return [entry for entry in missing if not desk.needs_engine(entry.source)]
        return [entry for entry in entries if self._is_due(entry, desk)]

    def plan(self, article: Path, desk: Desk) -> Outcome:
        """Tell how a catalog is and how much is due in it; raises CatalogError."""
        path = self._project.catalog(article, desk.language)
        entries = catalog.load(path).translations
        return _before(article, desk.language, path, entries, self._due(article, desk, entries))

    def fill(self, article: Path, desk: Desk, step: Callable[[int], None]) -> Outcome:
        """Fill what is due in an article's catalog, writing after every few entries.

        `step` is called with the number of entries done. Raises CatalogError, ModelError
        or EngineError; what was filled until then is in the catalog.
        """
        path = self._project.catalog(article, desk.language)
        entries = catalog.load(path).translations
        todo = self._due(article, desk, entries)
        outcome = _before(article, desk.language, path, entries, todo)
        if not todo:
            return outcome
        kinds = {piece.text: piece.kind for piece in self._extractor.read(article).segments}
        around = neighbours([entry.source for entry in entries])
        work = iter(todo)
        while batch := list(islice(work, desk.batch())):
            given = ([entry.source for entry in batch], kinds, around)
            try:
                filled = desk.fill(*given)
            except (EngineError, ModelError, KeyboardInterrupt):
                self._write(article, desk, desk.ready(*given))
                raise
            self._write(article, desk, filled)
            outcome = _add(outcome, path, batch, filled)
            step(len(batch))
        if self._extractor.is_current(article, desk.language):
            self._extractor.settle(article, desk.language, self._by)
        return outcome

    def _write(self, article: Path, desk: Desk, filled: Sequence[Filled]) -> None:
        drafts = {item.source: item.draft for item in filled if item.draft}
        matches = {item.source: item.matches for item in filled}
        path = self._project.catalog(article, desk.language)
        mine = self._extractor.is_current(article, desk.language)
        catalog.write_drafts(path, drafts, matches=matches, redraft=True)
        if mine:  # else a human saved it meanwhile: the next run looks at it anew
            self._extractor.keep(article, desk.language)

    def _is_due(self, entry: Translation, desk: Desk) -> bool:
        if entry.state is State.MISSING:
            return True
        if entry.state is not State.DRAFT or entry.origin is None:
            return False
        return self._redraft or entry.origin.glossary != terms_digest(desk.terms(entry.source))


def _before(
    article: Path,
    language: str,
    path: Path,
    entries: Sequence[Translation],
    todo: Sequence[Translation],
) -> Outcome:
    """The outcome before anything is filled; what is missing and not due failed before."""
    approved = sum(entry.state is State.APPROVED for entry in entries)
    begun = {entry.source for entry in todo}
    failures = tuple(
        Failure(path, entry.line, entry.source, "The model failed on it in an earlier run.")
        for entry in entries
        if entry.state is State.MISSING and entry.source not in begun
    )
    waiting = len(entries) - approved - len(todo) - len(failures)
    return Outcome(
        article,
        language,
        segments=len(entries),
        approved=approved,
        due=len(todo),
        waiting=waiting,
        failures=failures,
    )


def _add(
    outcome: Outcome, path: Path, batch: Sequence[Translation], filled: Sequence[Filled]
) -> Outcome:
    """Add a batch to the outcome."""
    pairs = list(zip(batch, filled, strict=True))
    made = [item.draft for item in filled if item.draft]
    memory = sum(draft.origin.engine == "memory" for draft in made)
    return replace(
        outcome,
        memory=outcome.memory + memory,
        drafted=outcome.drafted + len(made) - memory,
        words=outcome.words + sum(len(item.source.split()) for item in filled if item.draft),
        required=outcome.required + sum(item.required for item in filled),
        respected=outcome.respected + sum(item.respected for item in filled),
        flawed=outcome.flawed + sum(bool(draft.problems) for draft in made),
        failures=(
            *outcome.failures,
            *(
                Failure(path, entry.line, entry.source, item.reason)
                for entry, item in pairs
                if item.draft is None
            ),
        ),
    )
