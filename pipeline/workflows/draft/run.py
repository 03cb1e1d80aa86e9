"""Fill the planned entries of catalogs in batches, and write each batch before the next one."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from pipeline.articles import MarkupFormat, find_markup_format
from pipeline.catalog import Catalog, catalog
from pipeline.catalog.catalog import EditGroup, FileEdit
from pipeline.core import EngineError, ModelError, PipelineError, State, Translation, interrupts
from pipeline.drafting import EntryRequest, EntryResult, LanguageDrafter
from pipeline.engines import COPIED
from pipeline.engines.usage import CostLimitError, Usage
from pipeline.glossary import is_digest_of_terms
from pipeline.memory import neighbours
from pipeline.project import Project
from pipeline.workflows.draft.costs import RunCosts, drafts_of_engines
from pipeline.workflows.draft.limits import Limits
from pipeline.workflows.draft.types import CatalogOutcome, SegmentFailure
from pipeline.workflows.extract import Extractor

__all__ = ["CatalogPlan", "DraftRun", "add_results"]


_MAX_BATCH = 1_000  # entries written together, if the engine drafts few of them

_NOTHING: Mapping[str, tuple[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CatalogPlan:
    """The entries to fill in a catalog, with the texts before and after each, by source.

    `is_short` means that the entries were left out: the catalog is planned again when it is due.
    """

    outcome: CatalogOutcome
    entries: tuple[Translation, ...] = ()
    around: Mapping[str, tuple[str, str]] = field(default_factory=lambda: _NOTHING)
    is_short: bool = False

    def shortened(self) -> CatalogPlan:
        """Return the plan without the entries, for a run over many catalogs."""
        return CatalogPlan(self.outcome, is_short=bool(self.entries))


@dataclass(slots=True)
class CatalogProgress:
    """A catalog that is being filled, and the number of entries still to fill."""

    path: Path
    outcome: CatalogOutcome
    pending: int


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry to fill, its line in the catalog and its place in the article."""

    progress: CatalogProgress
    line: int
    reference: str
    request: EntryRequest
    needs_engine: bool = True


class DraftRun:
    """Fills the catalogs of one project.

    `engine_id` names the engine and model: entries on which they failed are not retried
    until the catalog, the article or the glossary changes. With `redraft`, all drafts that
    nobody edited are regenerated. A run ends early when one of its `limits` is reached.
    `texts` as in `DraftOptions`.
    """

    def __init__(
        self,
        project: Project,
        extractor: Extractor,
        *,
        engine_id: str = "",
        redraft: bool = False,
        texts: frozenset[str] | None = None,
        limits: Limits | None = None,
        costs: RunCosts | None = None,
    ) -> None:
        self._project, self._extractor = project, extractor
        self._tried = engine_id
        self._engine_id, self._redraft, self._texts = engine_id, redraft, texts
        self._limits = limits or Limits()
        self.costs = costs or RunCosts()
        self._active: deque[CatalogProgress] = deque()

    def compare_with(self, second: str) -> None:
        """Name the engine of second opinions as the user did, "" for none.

        It may have a draft where the first engine has none.
        """
        self._tried = f"{self._engine_id}, second {second}" if second else self._engine_id

    def plan(
        self,
        article: Path,
        drafter: LanguageDrafter,
        load: Callable[[Path], Catalog] = catalog.load,
    ) -> CatalogPlan:
        """Parse a catalog with `load` and find the entries to fill; raises CatalogError.

        These are missing entries, and drafts whose glossary terms changed. If the engine
        has tried everything, only what the memory has learned since is left to fill. A catalog
        that was complete, and whose inputs are unchanged, is not even parsed.
        """
        language = drafter.language
        counts = None if self._redraft else self._extractor.complete_counts(article, language)
        if counts is not None and len(counts) == 3:
            segments, approved, waiting = counts
            outcome = CatalogOutcome(article, language, segments, approved, waiting=waiting)
            return CatalogPlan(replace(outcome, engine=self._engine_id))
        path = self._extractor.paths.catalog(article, language)
        entries = load(path).translations
        due = tuple(self._due(article, drafter, entries))
        outcome = replace(_before(article, language, path, entries, due), engine=self._engine_id)
        if not due and not outcome.failures:
            self._mark_complete(outcome)
        around = neighbours([entry.source for entry in entries]) if due else {}
        return CatalogPlan(outcome, due, {e.source: around[e.source] for e in due})

    def requests(
        self, plans: Iterable[CatalogPlan], drafter: LanguageDrafter
    ) -> list[EntryRequest]:
        """Return the requests of all planned entries."""
        return [entry.request for plan in plans for entry in self._start(plan, drafter)[1]]

    def run(
        self,
        plans: Iterable[CatalogPlan],
        drafter: LanguageDrafter,
        on_progress: Callable[[int], None],
    ) -> Iterator[CatalogOutcome]:
        """Fill the planned entries; yield the outcome of each catalog, in order.

        A batch has as many entries for the engine as suit it, of several catalogs if one has
        fewer, and is written before the next one is requested. `on_progress` receives
        the number of entries done. Raises CatalogError, ArticleError, ModelError or
        EngineError; what was filled until then is in the catalogs.
        """
        active = self._active
        pending: list[PendingEntry] = []
        for_engine = 0
        iterator = iter(plans)
        while True:
            try:
                plan = next(iterator, None)
                if plan is None:
                    break
                progress, entries = self._start(plan, drafter)
            except PipelineError:
                self._fill(pending, drafter, on_progress)  # the catalogs before are sound
                raise
            active.append(progress)
            for entry in entries:
                pending.append(entry)
                for_engine += entry.needs_engine
                if for_engine >= drafter.batch() or len(pending) >= _MAX_BATCH:
                    self._fill(pending, drafter, on_progress)
                    pending, for_engine = [], 0
            yield from self._finished(active)
        self._fill(pending, drafter, on_progress)
        yield from self._finished(active)

    def _mark_complete(self, outcome: CatalogOutcome) -> None:
        if self._extractor.is_current(outcome.article, outcome.language):
            counts = (outcome.segments, outcome.approved, outcome.waiting)
            self._extractor.mark_complete(outcome.article, outcome.language, counts)

    def unfinished(self, plans: Sequence[CatalogPlan]) -> Iterator[CatalogOutcome]:
        """Yield the outcomes of the catalogs that a run did not finish, given their plans."""
        begun = {progress.outcome.article: progress for progress in self._active}
        for plan in plans:
            progress = begun.get(plan.outcome.article)
            outcome = progress.outcome if progress else plan.outcome
            pending = plan.outcome.due if plan.is_short else len(plan.entries)
            yield replace(outcome, left=outcome.left + (progress.pending if progress else pending))

    def _due(
        self, article: Path, drafter: LanguageDrafter, entries: Sequence[Translation]
    ) -> list[Translation]:
        if self._texts is not None:
            form = find_markup_format(article.suffix.lower())
            entries = [entry for entry in entries if entry.source in self._texts]
            return [entry for entry in entries if self._is_due(entry, drafter, form)]
        exhausted = self._extractor.is_exhausted(article, drafter.language, self._tried)
        if exhausted and not self._redraft:
            missing = (entry for entry in entries if entry.state is State.MISSING)
            return [entry for entry in missing if not drafter.needs_engine(entry.source)]
        form = find_markup_format(article.suffix.lower())
        return [entry for entry in entries if self._is_due(entry, drafter, form)]

    def _is_due(
        self, entry: Translation, drafter: LanguageDrafter, form: MarkupFormat | None
    ) -> bool:
        if entry.state is State.MISSING:
            return True
        if entry.state is not State.DRAFT or entry.provenance is None:
            return False
        terms = drafter.terms(entry.source, form)
        return self._redraft or not is_digest_of_terms(entry.provenance.glossary, terms)

    def _start(
        self, plan: CatalogPlan, drafter: LanguageDrafter
    ) -> tuple[CatalogProgress, list[PendingEntry]]:
        article = plan.outcome.article
        if plan.is_short:
            plan = self.plan(article, drafter)
        path = self._extractor.paths.catalog(article, drafter.language)
        progress = CatalogProgress(path, plan.outcome, len(plan.entries))
        if not plan.entries:
            return progress, []
        kinds = self._extractor.kinds(article)
        form = find_markup_format(article.suffix.lower())
        return progress, [
            PendingEntry(
                progress,
                e.line,
                _reference(e),
                EntryRequest(e.source, kinds.get(e.source), plan.around[e.source], form),
                drafter.needs_engine(e.source),
            )
            for e in plan.entries
        ]

    def _fill(
        self,
        pending: Sequence[PendingEntry],
        drafter: LanguageDrafter,
        on_progress: Callable[[int], None],
    ) -> None:
        if not pending:
            return
        if self._limits.reached():
            _leave(pending)
            return
        requests = [entry.request for entry in pending]
        start, before = time.monotonic(), self.costs.used()
        results: Sequence[EntryResult | None]
        try:
            results = drafter.fill(requests)
        except CostLimitError:
            results = drafter.ready(requests)
        except (EngineError, ModelError, KeyboardInterrupt):
            self._write_all(pending, drafter.ready(requests), time.monotonic() - start)
            raise
        finally:
            self._charge(pending, before)
        self._write_all(pending, results, time.monotonic() - start)
        _leave([entry for entry, one in zip(pending, results, strict=True) if one is None])
        on_progress(len(pending))

    def _charge(self, pending: Sequence[PendingEntry], before: tuple[Usage, Usage]) -> None:
        """Divide the usage of a batch among its catalogs, in proportion to their texts."""
        groups: dict[Path, list[PendingEntry]] = {}
        for entry in pending:
            groups.setdefault(entry.progress.path, []).append(entry)
        weights = [sum(len(e.request.source) for e in group) for group in groups.values()]
        shares = self.costs.shares(before, weights)
        for group, (own, other) in zip(groups.values(), shares, strict=True):
            progress = group[0].progress
            progress.outcome = self.costs.charge(progress.outcome, own, other)

    def _write_all(
        self,
        pending: Sequence[PendingEntry],
        results: Sequence[EntryResult | None],
        seconds: float,
    ) -> None:
        for entry in pending:
            outcome = entry.progress.outcome
            each = seconds / len(pending)
            entry.progress.outcome = replace(outcome, seconds=outcome.seconds + each)
        pairs = [(entry, item) for entry, item in zip(pending, results, strict=True) if item]
        with interrupts.uninterrupted():
            self._write_pairs(pairs)

    def _write_pairs(self, pairs: Sequence[tuple[PendingEntry, EntryResult]]) -> None:
        """Write the results to their catalogs, in groups; raises PipelineError."""
        group: EditGroup[tuple[str, ...]] = EditGroup()
        staged: list[list[tuple[PendingEntry, EntryResult]]] = []
        try:
            for _, of_one in groupby(pairs, key=lambda pair: pair[0].progress.path):
                staged.append(list(of_one))
                results = [item for _, item in staged[-1]]
                drafts = {item.source: item.draft for item in results if item.draft}
                matches = {item.source: item.matches for item in results}
                edit = catalog.draft_insertion(drafts, matches=matches, redraft=True)
                group.edit(staged[-1][0][0].progress.path, edit)
                if group.is_full:
                    self._commit(group, staged)
            self._commit(group, staged)
        finally:
            group.discard()

    def _commit(
        self,
        group: EditGroup[tuple[str, ...]],
        staged: list[list[tuple[PendingEntry, EntryResult]]],
    ) -> None:
        errors = []
        for pairs, edit in zip(staged, group.commit(), strict=True):
            if isinstance(edit, PipelineError):
                errors.append(edit)
            else:
                self._note_written(pairs, edit)
        staged.clear()
        if errors:
            raise errors[0]

    def _note_written(
        self,
        pairs: Sequence[tuple[PendingEntry, EntryResult]],
        edit: FileEdit[tuple[str, ...]],
    ) -> None:
        """Count the results written to one catalog."""
        progress = pairs[0][0].progress
        article, language = progress.outcome.article, progress.outcome.language
        before, after = (hashlib.sha256(data or b"").digest() for data in (edit.before, edit.after))
        # Otherwise a human saved it after it was extracted: the next run extracts it again.
        if self._extractor.was_current(article, language, before):
            self._extractor.mark_current(article, language, after)
        outcome = _add(progress.outcome, progress.path, pairs)
        progress.outcome = self.costs.charge_results(outcome, [item for _, item in pairs])
        progress.pending -= len(pairs)
        self._limits.failures += sum(item.draft is None for _, item in pairs)

    def _finished(self, active: deque[CatalogProgress]) -> Iterator[CatalogOutcome]:
        """Yield the outcomes of the first catalogs, up to one with pending entries."""
        while active and not active[0].pending:
            outcome = active.popleft().outcome
            article, language = outcome.article, outcome.language
            tried = outcome.due and not outcome.left and self._texts is None
            if tried and self._extractor.is_current(article, language):
                self._extractor.mark_exhausted(article, language, self._tried)
                if not outcome.failures:
                    new = outcome.memory + outcome.drafted
                    self._mark_complete(replace(outcome, waiting=outcome.waiting + new))
            yield outcome


def _reference(entry: Translation) -> str:
    """Return the first place of an entry in its article, "" if the catalog names none."""
    return next(iter(entry.references), "")


def _before(
    article: Path,
    language: str,
    path: Path,
    entries: Sequence[Translation],
    due: Sequence[Translation],
) -> CatalogOutcome:
    """Return the outcome before drafting; entries missing but not due failed in earlier runs."""
    approved = sum(entry.state is State.APPROVED for entry in entries)
    sources = {entry.source for entry in due}
    failures = tuple(
        SegmentFailure(
            path,
            entry.line,
            entry.source,
            "The model failed on it in an earlier run.",
            _reference(entry),
        )
        for entry in entries
        if entry.state is State.MISSING and entry.source not in sources
    )
    waiting = len(entries) - approved - len(due) - len(failures)
    return CatalogOutcome(
        article,
        language,
        segments=len(entries),
        approved=approved,
        due=len(due),
        waiting=waiting,
        failures=failures,
    )


def _add(
    outcome: CatalogOutcome,
    path: Path,
    pairs: Sequence[tuple[PendingEntry, EntryResult]],
) -> CatalogOutcome:
    """Add written results, and the failures among them, to an outcome."""
    failures = (
        SegmentFailure(path, entry.line, item.source, item.reason, entry.reference)
        for entry, item in pairs
        if item.draft is None
    )
    outcome = add_results(outcome, [item for _, item in pairs])
    return replace(outcome, failures=(*outcome.failures, *failures))


def add_results(outcome: CatalogOutcome, results: Sequence[EntryResult]) -> CatalogOutcome:
    """Add the counts of written results to an outcome."""
    drafts = [item.draft for item in results if item.draft]
    memory = sum(draft.provenance.engine == "memory" for draft in drafts)
    own = (*COPIED, outcome.engine.partition(" ")[0])
    by_second = sum(draft.provenance.engine not in own for draft in drafts)
    alike = [item.comparison.agreement for item in results if item.comparison]
    characters = sum(len(item.source) for item in drafts_of_engines(results))
    return replace(
        outcome,
        characters=outcome.characters + characters,
        compared=outcome.compared + sum(one is not None for one in alike),
        disagreeing=outcome.disagreeing + sum(one is not None and one < 1 for one in alike),
        by_second=outcome.by_second + by_second if outcome.engine else 0,
        memory=outcome.memory + memory,
        drafted=outcome.drafted + len(drafts) - memory,
        words=outcome.words + sum(len(item.source.split()) for item in results if item.draft),
        required=outcome.required + sum(item.required for item in results),
        respected=outcome.respected + sum(item.respected for item in results),
        flawed=outcome.flawed + sum(bool(draft.problems) for draft in drafts),
        from_cache=outcome.from_cache + sum(item.from_cache for item in results),
    )


def _leave(pending: Sequence[PendingEntry]) -> None:
    """Count entries as left for the next run."""
    for entry in pending:
        outcome = entry.progress.outcome
        entry.progress.outcome = replace(outcome, left=outcome.left + 1)
        entry.progress.pending -= 1
