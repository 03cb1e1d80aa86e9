"""The desk of one language: fills entries from memory, from the source, or from the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.catalog.catalog import Draft
from pipeline.core.types import BlockKind, MemoryMatch, Provenance
from pipeline.drafting import confidence
from pipeline.drafting.evaluation import make_evaluator
from pipeline.drafting.refinement import (
    BY,
    DraftRequest,
    DraftResult,
    Evaluator,
    Issue,
    draft,
    nothing_to_translate,
)
from pipeline.engines.base import BATCH, Engine
from pipeline.engines.cache import CacheScope
from pipeline.engines.prompts.few_shot import BYLINES, LABELS
from pipeline.glossary.matcher import TermMatcher, terms_digest
from pipeline.memory.memory import TranslationMemory
from pipeline.project import Project

SHOWN = 2
"""How many translations of similar texts an entry shows at most."""

_ALTERNATIVES = 10  # translations of the same text, of which the glossary chooses

KEPT_ANSWERS = 10_000
"""How many answers of a run are kept, for the same text in another article."""


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """A text to fill, what it is in its article, and the texts before and after it there."""

    source: str
    kind: BlockKind | None = None
    around: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What a source text was filled with: a draft, or the reason why there is none.

    `required` and `respected` count the glossary terms of the text; `matches` are approved
    translations of similar texts, for the translator. `remembered` says that the engine gave
    the draft in an earlier run.
    """

    source: str
    draft: Draft | None
    reason: str = ""
    required: int = 0
    respected: int = 0
    matches: tuple[MemoryMatch, ...] = ()
    from_cache: bool = False


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """The task of a text, what needs no engine, and the translations alike to show."""

    task: DraftRequest
    ready: Draft | None
    matches: tuple[MemoryMatch, ...] = ()


class LanguageDrafter:
    """Fills the entries of one language of a project.

    `matcher` and `engine` are called when there is work for them: both take long to load.
    `batch` tells how many texts to fill at once, `known` what the engine answered before.
    """

    def __init__(
        self,
        language: str,
        project: Project,
        matcher: Callable[[], TermMatcher | None],
        memory: TranslationMemory,
        engine: Callable[[], Engine],
        batch: Callable[[], int] = lambda: BATCH,
        known: Callable[[], CacheScope | None] = lambda: None,
    ) -> None:
        self.language = language
        self._open_matcher = matcher
        self._project = project
        self._memory = memory
        self._engine = engine
        self.batch = batch
        self._open_known = known
        self._answers: dict[DraftRequest, DraftResult] = {}

    @cached_property
    def _matcher(self) -> TermMatcher | None:
        return self._open_matcher()

    @cached_property
    def _known(self) -> CacheScope | None:
        return self._open_known()

    @cached_property
    def _judge(self) -> Evaluator:
        return make_evaluator(self.language, self._matcher, self._project.severities(self.language))

    def needs_engine(self, source: str) -> bool:
        """Whether memory has nothing for a text."""
        return not self._memory.exact(self.language, source)

    def terms(self, source: str) -> tuple[tuple[str, str], ...]:
        """The glossary's demands on a text, as for `Task`."""
        return self._matcher.required(source) if self._matcher else ()

    def fill(self, wanted: Sequence[EntryRequest]) -> list[EntryResult]:
        """Fill texts, of any articles, in their order; raises EngineError."""
        prepared = [self._prepare(one) for one in wanted]
        drafted = self._ask([one.task for one in prepared if one.ready is None])
        return [self._filled(one, one.ready or drafted[one.task]) for one in prepared]

    def ready(self, wanted: Sequence[EntryRequest]) -> list[EntryResult | None]:
        """Fill, as `fill` does, those of the texts that need no more asking.

        For a run that breaks off in `fill`: what it has got until then is not lost.
        """
        prepared = [self._prepare(one) for one in wanted]
        found = [one.ready or self._answers.get(one.task) for one in prepared]
        return [
            self._filled(one, made) if made else None
            for one, made in zip(prepared, found, strict=True)
        ]

    def _prepare(self, wanted: EntryRequest) -> PreparedEntry:
        task = DraftRequest(
            wanted.source, self.terms(wanted.source), label=wanted.kind is BlockKind.BOILERPLATE
        )
        if ready := self._without_engine(task, wanted):
            return PreparedEntry(task, ready)
        least = min(self._project.memory_shown, self._project.memory_examples)
        alike = self._memory.similar(self.language, wanted.source, least)
        examples = (*self._of_its_kind(wanted), *self._examples(alike))
        return PreparedEntry(replace(task, examples=examples), None, self._shown(alike))

    def _of_its_kind(self, wanted: EntryRequest) -> tuple[tuple[str, str], ...]:
        """What shows an engine how labels, and bylines with a name, are written."""
        base = self.language.partition("_")[0]
        if wanted.kind is BlockKind.BOILERPLATE:
            return LABELS.get(base, ())
        by = wanted.kind is BlockKind.BYLINE and wanted.source.startswith(BY)
        return (BYLINES[base],) if by and base in BYLINES else ()

    def _examples(self, matches: Sequence[MemoryMatch]) -> tuple[tuple[str, str], ...]:
        """The translations that the engine may go by, the nearest last.

        One that breaks the glossary, which may have changed since, would teach it to.
        """
        least = self._project.memory_examples
        return tuple(
            (match.source, match.target)
            for match in reversed(matches)
            if match.percent >= least and not _terms_broken(self._judge(match.source, match.target))
        )

    def _shown(self, matches: Sequence[MemoryMatch]) -> tuple[MemoryMatch, ...]:
        least = self._project.memory_shown
        return tuple(match for match in matches if match.percent >= least)[:SHOWN]

    def _without_engine(self, task: DraftRequest, wanted: EntryRequest) -> Draft | None:
        glossary = terms_digest(task.terms)
        if found := self._memory.exact(self.language, task.text, *wanted.around):
            judged = [(m, self._judge(task.text, m.target)) for m in found[:_ALTERNATIVES]]
            match, flaws = min(judged, key=lambda pair: _terms_broken(pair[1]))
            problems = tuple(flaw.message for flaw in flaws if not flaw.ranking_only)
            sure = confidence.percent(None, flaws, copied=True)
            return Draft(
                match.target, Provenance("memory", match.file, glossary, "", sure), problems
            )
        if nothing_to_translate(task.text, wanted.kind or BlockKind.PARAGRAPH):
            sure = confidence.percent(None, (), copied=True)
            return Draft(task.text, Provenance("source", "", glossary, "", sure))
        return None

    def _ask(self, tasks: Sequence[DraftRequest]) -> dict[DraftRequest, DraftResult]:
        """Draft tasks, each of them once, however often it is among them or was in this run."""
        new = [task for task in dict.fromkeys(tasks) if task not in self._answers]
        if new:
            made = draft(self._engine(), self.language, new, self._judge, self._known)
            for task, answer in made:
                self._answers[task] = answer  # at once, so that `ready` has it if the next fails
        found = {task: self._answers[task] for task in tasks}
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.pop(next(iter(self._answers)))
        return found

    def _filled(self, prepared: PreparedEntry, made: Draft | DraftResult) -> EntryResult:
        source, matches, remembered = prepared.task.text, prepared.matches, False
        if isinstance(made, DraftResult):
            if made.failed:
                reason = " ".join(flaw.message for flaw in made.issues if flaw.critical)
                return EntryResult(
                    source, None, reason, self._demands(source, "")[0], matches=matches
                )
            by, remembered = made.engine_info, made.from_cache
            model = f"{by.model} at {by.host}" if by.host else by.model
            glossary = terms_digest(prepared.task.terms)
            origin = Provenance(by.engine, model, glossary, "", made.confidence)
            made = Draft(made.text, origin, made.messages)
        required, respected = self._demands(source, made.target)
        return EntryResult(source, made, "", required, respected, matches, remembered)

    def _demands(self, source: str, target: str) -> tuple[int, int]:
        uses = self._matcher.verify(source, target) if self._matcher else ()
        wanted = [use for use in uses if use.wanted]
        return len(wanted), sum(use.respected and not use.forbidden for use in wanted)


def _terms_broken(flaws: Sequence[Issue]) -> int:
    return sum(flaw.check == "terminology" for flaw in flaws)
