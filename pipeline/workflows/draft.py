"""The main job: find what the catalog of an article misses, and fill it with drafts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.core.errors import EngineError, ModelError, PipelineError
from pipeline.core.types import State, Translation
from pipeline.drafting.drafter import EntryRequest, EntryResult, LanguageDrafter
from pipeline.glossary.matcher import terms_digest
from pipeline.memory.memory import neighbours
from pipeline.project import Project
from pipeline.workflows.extract import Extractor


@dataclass(frozen=True, slots=True)
class Failure:
    """A segment for which the engine gave nothing fit to keep; `line` is the catalog's."""

    path: Path
    line: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class CatalogOutcome:
    """What a run found and did in one catalog; segments count distinct texts.

    `due` counts what was to be filled, `waiting` drafts of earlier runs and texts a human
    has begun, `words` the German words that the engine drafted, `required` and `respected`
    the glossary terms of all that was filled, `flawed` drafts that a check finds fault with,
    `remembered` those that the engine gave in an earlier run.
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
    from_cache: int = 0
    failures: tuple[Failure, ...] = ()


@dataclass(slots=True)
class CatalogProgress:
    """A catalog that is being filled, and how many entries are left to fill."""

    path: Path
    outcome: CatalogOutcome
    left: int


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry to fill, and its line in the catalog."""

    work: CatalogProgress
    line: int
    wanted: EntryRequest


class DraftRun:
    """Fills the catalogs of a project.

    `by` names the engine and model: what they failed on is not tried again until the
    catalog, the article or the glossary changes. With `redraft`, all drafts that no human
    touched are drawn again.
    """

    def __init__(
        self, project: Project, extractor: Extractor, *, by: str = "", redraft: bool = False
    ) -> None:
        self._project, self._extractor = project, extractor
        self._by, self._redraft = by, redraft

    def due(self, article: Path, desk: LanguageDrafter) -> list[Translation]:
        """Name the entries to fill: missing ones, and drafts whose glossary terms changed.

        Where all was tried before, only what the memory has learned since is left to fill.
        Raises CatalogError.
        """
        entries = catalog.load(self._project.catalog(article, desk.language)).translations
        return self._due(article, desk, entries)

    def _due(
        self, article: Path, desk: LanguageDrafter, entries: Sequence[Translation]
    ) -> list[Translation]:
        if not self._redraft and self._extractor.is_exhausted(article, desk.language, self._by):
            missing = (entry for entry in entries if entry.state is State.MISSING)
            return [entry for entry in missing if not desk.needs_engine(entry.source)]
        return [entry for entry in entries if self._is_due(entry, desk)]

    def plan(self, article: Path, desk: LanguageDrafter) -> CatalogOutcome:
        """Tell how a catalog is and how much is due in it; raises CatalogError."""
        path = self._project.catalog(article, desk.language)
        entries = catalog.load(path).translations
        return _before(article, desk.language, path, entries, self._due(article, desk, entries))

    def run(
        self, articles: Iterable[Path], desk: LanguageDrafter, step: Callable[[int], None]
    ) -> Iterator[CatalogOutcome]:
        """Fill what is due in the catalogs of articles; yields their outcomes, in their order.

        A batch holds as many entries as the engine is best given, of several catalogs where
        one has fewer, and is written before the next one is asked for. `step` is called with
        the number of entries done. Raises CatalogError, ArticleError, ModelError or
        EngineError; what was filled until then is in the catalogs.
        """
        begun: deque[CatalogProgress] = deque()
        batch: list[PendingEntry] = []
        for article in articles:
            try:
                work, pieces = self._begin(article, desk)
            except PipelineError:
                self._fill(batch, desk, step)  # What was read before is not at fault.
                raise
            begun.append(work)
            for piece in pieces:
                batch.append(piece)
                if len(batch) >= desk.batch():
                    self._fill(batch, desk, step)
                    batch = []
            yield from self._finished(begun)
        self._fill(batch, desk, step)
        yield from self._finished(begun)

    def _begin(
        self, article: Path, desk: LanguageDrafter
    ) -> tuple[CatalogProgress, list[PendingEntry]]:
        """Read a catalog, and its article if anything is due."""
        path = self._project.catalog(article, desk.language)
        entries = catalog.load(path).translations
        todo = self._due(article, desk, entries)
        work = CatalogProgress(
            path, _before(article, desk.language, path, entries, todo), len(todo)
        )
        if not todo:
            return work, []
        kinds = {piece.text: piece.kind for piece in self._extractor.read(article).segments}
        around = neighbours([entry.source for entry in entries])
        return work, [
            PendingEntry(
                work, e.line, EntryRequest(e.source, kinds.get(e.source), around[e.source])
            )
            for e in todo
        ]

    def _fill(
        self, batch: Sequence[PendingEntry], desk: LanguageDrafter, step: Callable[[int], None]
    ) -> None:
        if not batch:
            return
        wanted = [piece.wanted for piece in batch]
        try:
            filled = desk.fill(wanted)
        except (EngineError, ModelError, KeyboardInterrupt):
            self._write_all(batch, desk.ready(wanted))
            raise
        self._write_all(batch, filled)
        step(len(batch))

    def _write_all(
        self, batch: Sequence[PendingEntry], filled: Sequence[EntryResult | None]
    ) -> None:
        pairs = [(piece, item) for piece, item in zip(batch, filled, strict=True) if item]
        for _, of_one in groupby(pairs, key=lambda pair: pair[0].work.path):
            self._write(list(of_one))

    def _write(self, pairs: Sequence[tuple[PendingEntry, EntryResult]]) -> None:
        """Write what belongs to one catalog."""
        work = pairs[0][0].work
        article, language = work.outcome.article, work.outcome.language
        filled = [item for _, item in pairs]
        drafts = {item.source: item.draft for item in filled if item.draft}
        matches = {item.source: item.matches for item in filled}
        mine = self._extractor.is_current(article, language)
        catalog.write_drafts(work.path, drafts, matches=matches, redraft=True)
        if mine:  # else a human saved it meanwhile: the next run looks at it anew
            self._extractor.mark_current(article, language)
        work.outcome = _add(work.outcome, work.path, pairs)
        work.left -= len(pairs)

    def _finished(self, begun: deque[CatalogProgress]) -> Iterator[CatalogOutcome]:
        """The outcomes of the first catalogs, up to one in which something is left to do."""
        while begun and not begun[0].left:
            outcome = begun.popleft().outcome
            if outcome.due and self._extractor.is_current(outcome.article, outcome.language):
                self._extractor.mark_exhausted(outcome.article, outcome.language, self._by)
            yield outcome

    def _is_due(self, entry: Translation, desk: LanguageDrafter) -> bool:
        if entry.state is State.MISSING:
            return True
        if entry.state is not State.DRAFT or entry.provenance is None:
            return False
        return self._redraft or entry.provenance.glossary != terms_digest(desk.terms(entry.source))


def _before(
    article: Path,
    language: str,
    path: Path,
    entries: Sequence[Translation],
    todo: Sequence[Translation],
) -> CatalogOutcome:
    """The outcome before anything is filled; what is missing and not due failed before."""
    approved = sum(entry.state is State.APPROVED for entry in entries)
    begun = {entry.source for entry in todo}
    failures = tuple(
        Failure(path, entry.line, entry.source, "The model failed on it in an earlier run.")
        for entry in entries
        if entry.state is State.MISSING and entry.source not in begun
    )
    waiting = len(entries) - approved - len(todo) - len(failures)
    return CatalogOutcome(
        article,
        language,
        segments=len(entries),
        approved=approved,
        due=len(todo),
        waiting=waiting,
        failures=failures,
    )


def _add(
    outcome: CatalogOutcome, path: Path, pairs: Sequence[tuple[PendingEntry, EntryResult]]
) -> CatalogOutcome:
    """Add what was written to the outcome."""
    filled = [item for _, item in pairs]
    made = [item.draft for item in filled if item.draft]
    memory = sum(draft.origin.engine == "memory" for draft in made)
    failures = (
        Failure(path, piece.line, item.source, item.reason)
        for piece, item in pairs
        if item.draft is None
    )
    return replace(
        outcome,
        memory=outcome.memory + memory,
        drafted=outcome.drafted + len(made) - memory,
        words=outcome.words + sum(len(item.source.split()) for item in filled if item.draft),
        required=outcome.required + sum(item.required for item in filled),
        respected=outcome.respected + sum(item.respected for item in filled),
        flawed=outcome.flawed + sum(bool(draft.problems) for draft in made),
        from_cache=outcome.from_cache + sum(item.from_cache for item in filled),
        failures=(*outcome.failures, *failures),
    )
