"""Fills entries of one language from memory, from the source text, or from the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.articles import MarkupFormat
from pipeline.catalog import Draft
from pipeline.checks import TERMINOLOGY
from pipeline.core import BlockKind, MemoryMatch, PipelineError, Provenance, base_language
from pipeline.drafting import confidence
from pipeline.drafting.calibration import load_calibrations, record_estimate
from pipeline.drafting.confidence import Calibration
from pipeline.drafting.estimators import GuardedEstimator
from pipeline.drafting.evaluation import make_evaluator
from pipeline.drafting.markup_projection import (
    MarkedText,
    find_markup,
    plain_text,
    project,
)
from pipeline.drafting.missing_terms import TermEngine
from pipeline.drafting.names import find_name
from pipeline.drafting.page_labels import translate_label
from pipeline.drafting.refinement import BYLINE_PREFIX, draft, nothing_to_translate
from pipeline.drafting.second_opinion import SecondEngine
from pipeline.drafting.style import StyleGuide, load_style
from pipeline.drafting.types import (
    Comparison,
    DraftRequest,
    DraftResult,
    Evaluator,
    Issue,
    model_name,
)
from pipeline.drafting.variant_forms import adapt
from pipeline.engines import (
    DEFAULT_BATCH_SIZE,
    CacheScope,
    Engine,
    TranslationRequest,
    accepts_style,
    is_loopback,
    takes_tags,
)
from pipeline.engines.prompts.few_shot import BYLINES, LABELS
from pipeline.glossary import TermMatcher, terms_digest
from pipeline.memory import MARKUP_DIFFERS, TranslationMemory, without_markup
from pipeline.project import Project

MAX_SHOWN = 2
"""How many translations of similar texts an entry shows at most."""

MAX_RESULTS = 10_000
"""How many results of a run are kept, for the same text in another article."""

_MAX_EXACT = 10  # translations of the same text among which the glossary chooses


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """A text to fill, its kind of block, and the texts before and after it in the article.

    `form` is the format of the article, if it has inline markup.
    """

    source: str
    kind: BlockKind | None = None
    around: tuple[str, str] = ("", "")
    form: MarkupFormat | None = None


@dataclass(frozen=True, slots=True)
class EntryResult:
    """The draft of a source text, or the reason why there is none.

    `required` and `respected` count the glossary terms of the text; `matches` are approved
    translations of similar texts, for the translator. `from_cache` means that the engine
    returned the draft in an earlier run. `comparison` is that with a second engine.
    """

    source: str
    draft: Draft | None
    reason: str = ""
    required: int = 0
    respected: int = 0
    matches: tuple[MemoryMatch, ...] = ()
    from_cache: bool = False
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """The draft request of a text, a draft that needs no engine, and similar translations.

    The request has the text without markup; `marked` restores the markup.
    """

    source: str
    request: DraftRequest
    draft: Draft | None
    matches: tuple[MemoryMatch, ...] = ()
    marked: MarkedText | None = None


class LanguageDrafter:
    """Fills the entries of one language of a project.

    `matcher`, `engine` and `cache` are called when they are first needed, because they take
    long to load. `batch` returns how many texts to fill at once.
    """

    def __init__(
        self,
        language: str,
        project: Project,
        matcher: Callable[[], TermMatcher | None],
        memory: TranslationMemory,
        engine: Callable[[], Engine],
        batch: Callable[[], int] = lambda: DEFAULT_BATCH_SIZE,
        cache: Callable[[], CacheScope | None] = lambda: None,
    ) -> None:
        self.language = language
        self.batch = batch
        self._project = project
        self._memory = memory
        self._open_matcher, self._open_cache = matcher, cache
        self._open_engine = engine
        self._open_estimator: Callable[[], GuardedEstimator | None] = lambda: None
        self._open_second: Callable[[], SecondEngine | None] = lambda: None
        self._term_engine: TermEngine | None = None
        self._results: dict[DraftRequest, DraftResult] = {}

    def compare_with(self, second: Callable[[], SecondEngine | None]) -> None:
        """Compare drafts with those of a second engine; called when it is first needed."""
        self._open_second = second

    def complete_terms_with(
        self,
        second: Callable[[], SecondEngine | None],
        on_failure: Callable[[PipelineError], None],
    ) -> None:
        """Ask a second engine, as `TermEngine` does, unless all drafts are compared with one."""
        self._term_engine = TermEngine(lambda: self._trusted_second(second()), on_failure)

    def estimate_with(self, estimator: Callable[[], GuardedEstimator | None]) -> None:
        """Estimate the quality of drafts; called when the first draft is there."""
        self._open_estimator = estimator

    @cached_property
    def _estimator(self) -> GuardedEstimator | None:
        return self._open_estimator()

    @cached_property
    def _matcher(self) -> TermMatcher | None:
        return self._open_matcher()

    @cached_property
    def style(self) -> StyleGuide | None:
        """The style instructions of the language; raises SettingsError for a broken file."""
        return load_style(self._project, self.language)

    @cached_property
    def _engine(self) -> Engine:
        return self._trusted(self._open_engine())

    @cached_property
    def _second(self) -> SecondEngine | None:
        return self._trusted_second(self._open_second())

    def _trusted_second(self, second: SecondEngine | None) -> SecondEngine | None:
        if second:
            self._trusted(second.engine)
        return second

    def _trusted(self, engine: Engine) -> Engine:
        """Return an engine that may receive texts of the memory; no other place sends them."""
        host = engine.identity(self.language).host
        if host and not is_loopback(host):
            self._project.require_trust(self._project.sending_reaches(host, [self.language]))
        return engine

    @cached_property
    def _cache(self) -> CacheScope | None:
        return self._open_cache()

    @cached_property
    def _evaluate(self) -> Evaluator:
        severities = self._project.severities(self.language)
        return make_evaluator(self.language, self._matcher, severities)

    @cached_property
    def _calibrations(self) -> Mapping[str, Calibration]:
        return load_calibrations(self._project)

    def needs_engine(self, source: str) -> bool:
        """Whether the memory has no translation of a text."""
        memory, language = self._memory, self.language
        return not memory.exact(language, source) and not memory.same_words(language, source)

    def terms(self, source: str, form: MarkupFormat | None = None) -> tuple[tuple[str, str], ...]:
        """Return the terms that the glossary requires in a text, as in `DraftRequest`.

        `form` is the format of the article, if it has inline markup.
        """
        return self._matcher.required(plain_text(source, form)) if self._matcher else ()

    def count_terms(
        self, source: str, target: str, form: MarkupFormat | None = None
    ) -> tuple[int, int]:
        """Count the glossary terms that a text requires, and those its draft respects.

        `form` is the format of the article, if it has inline markup.
        """
        return self._count_terms(plain_text(source, form), plain_text(target, form))

    def engine_requests(self, requests: Sequence[EntryRequest]) -> list[TranslationRequest]:
        """Return the distinct requests that need the engine, unless its responses are cached."""
        prepared = (self._prepare(one) for one in requests)
        distinct = dict.fromkeys(one.request for one in prepared if one.draft is None)
        return [request.request() for request in distinct]

    def fill(self, requests: Sequence[EntryRequest]) -> list[EntryResult]:
        """Fill texts of any articles, in order; raises EngineError."""
        prepared = self._with_tags([self._prepare(one) for one in requests])
        drafted = self._draft([one.request for one in prepared if one.draft is None])
        return [self._result(one, one.draft or drafted[one.request]) for one in prepared]

    def ready(self, requests: Sequence[EntryRequest]) -> list[EntryResult | None]:
        """Return the results available without calling the engine.

        Saves partial progress when `fill` is interrupted.
        """
        prepared = [self._prepare(one) for one in requests]
        if self._results:  # so the engine is open
            prepared = self._with_tags(prepared)
        available = [one.draft or self._results.get(one.request) for one in prepared]
        return [
            self._result(one, draft) if draft else None
            for one, draft in zip(prepared, available, strict=True)
        ]

    def _with_tags(self, prepared: list[PreparedEntry]) -> list[PreparedEntry]:
        """Add the markup to the requests for an engine that takes tags."""
        marked = {one.source: one.marked for one in prepared if one.draft is None and one.marked}
        if not marked or not takes_tags(self._engine):
            return prepared
        return [
            replace(one, request=replace(one.request, tagged=marked[one.source].tagged))
            if one.source in marked
            else one
            for one in prepared
        ]

    def _prepare(self, entry: EntryRequest) -> PreparedEntry:
        marked = find_markup(entry.source, entry.form)
        text = marked.plain.strip() if marked else entry.source
        is_label = entry.kind is BlockKind.BOILERPLATE
        style = self.style.instructions(entry.kind) if self.style else ""
        request = DraftRequest(text, self.terms(text), label=is_label, style=style)
        if draft := self._without_engine(request, entry, marked):
            return PreparedEntry(entry.source, request, draft, marked=marked)
        lowest = min(self._project.memory_shown, self._project.memory_examples)
        similar = self._memory.similar(self.language, text, lowest)
        examples = (*self._examples_of_kind(entry), *self._examples(similar))
        shown = self._project.memory_shown
        matches = tuple(match for match in similar if match.percent >= shown)[:MAX_SHOWN]
        request = replace(request, examples=examples)
        return PreparedEntry(entry.source, request, None, matches, marked)

    def _examples_of_kind(self, entry: EntryRequest) -> tuple[tuple[str, str], ...]:
        """Return built-in examples for labels, and for bylines that name the author."""
        base = base_language(self.language)
        if entry.kind is BlockKind.BOILERPLATE:
            return LABELS.get(base, ())
        names_author = entry.kind is BlockKind.BYLINE and entry.source.startswith(BYLINE_PREFIX)
        return (BYLINES[base],) if names_author and base in BYLINES else ()

    def _examples(self, matches: Sequence[MemoryMatch]) -> tuple[tuple[str, str], ...]:
        """Return approved translations as examples for the engine, the most similar last.

        A match that breaks the glossary, which may have changed since, is no example.
        """
        lowest = self._project.memory_examples
        return tuple(
            (match.source, match.target)
            for match in reversed(matches)
            if match.percent >= lowest
            and not _missing_terms(self._evaluate(match.source, match.target))
        )

    def _without_engine(
        self, request: DraftRequest, entry: EntryRequest, marked: MarkedText | None
    ) -> Draft | None:
        """Return a draft from the memory, or a copy of a text with nothing to translate.

        A translation of the same text with other markup receives the markup of this one.
        """
        glossary = terms_digest(request.terms)
        exact = self._memory.exact(self.language, entry.source, *entry.around)
        if exact:
            return self._from_memory(request, entry.source, exact)
        same = self._memory.exact(self.language, request.text, *entry.around) if marked else ()
        same = same or self._memory.same_words(self.language, entry.source)
        if same:
            plain = [
                replace(one, target=without_markup(one.target), percent=MARKUP_DIFFERS)
                for one in same
            ]
            return self._from_memory(request, request.text, plain, marked)
        is_copied = entry.kind is BlockKind.BOILERPLATE and self._project.boilerplate == "copy"
        if is_copied or nothing_to_translate(request.text, entry.kind or BlockKind.PARAGRAPH):
            return Draft(entry.source, Provenance("source", "", glossary, "", 100))
        return None if marked else self._from_tables(request, entry)

    def _from_memory(
        self,
        request: DraftRequest,
        source: str,
        matches: Sequence[MemoryMatch],
        marked: MarkedText | None = None,
    ) -> Draft:
        """Return the best of the first matches as a draft; `marked` adds its markup to it."""
        evaluated = [(m, self._evaluate(source, m.target)) for m in matches[:_MAX_EXACT]]
        match, issues = min(evaluated, key=lambda pair: _missing_terms(pair[1]))
        target = match.target
        if marked:
            target, moved = project(marked, target, self.language, request.terms)
            issues = (*issues, *moved)
        problems = tuple(issue.message for issue in issues if not issue.ranking_only)
        sure = confidence.from_memory(request.text, match.neighbours, issues)
        percent = min(sure, match.percent)
        provenance = Provenance("memory", match.file, terms_digest(request.terms), "", percent)
        return Draft(target, provenance, problems)

    def _from_tables(self, request: DraftRequest, entry: EntryRequest) -> Draft | None:
        """Return a draft from the tables of labels and names, if it respects the glossary."""
        text = request.text
        name = find_name(text, self.language)
        found = name.text if name else translate_label(text, entry.kind, self.language)
        found = adapt(text, found, self.language, request.terms) if found else ""
        issues = list(self._evaluate(text, found)) if found else []
        if name and found == text:  # It is no untranslated text.
            issues = [issue for issue in issues if issue.check == TERMINOLOGY]
        if not found or any(issue.critical for issue in issues) or _missing_terms(issues):
            return None
        problems = tuple(issue.message for issue in issues if not issue.ranking_only)
        if name:
            sure, origin = confidence.from_names(issues), ("names", name.origin)
        else:
            sure, origin = confidence.from_labels(text, issues), ("labels", "")
        provenance = Provenance(*origin, terms_digest(request.terms), "", sure)
        return Draft(found, provenance, problems)

    def _draft(self, requests: Sequence[DraftRequest]) -> dict[DraftRequest, DraftResult]:
        """Draft distinct requests; one that this run drafted before is not drafted again."""
        new = [one for one in dict.fromkeys(requests) if one not in self._results]
        if new:
            sent: dict[DraftRequest, list[DraftRequest]] = {}
            for one in new:
                request = one if accepts_style(self._engine) else replace(one, style="")
                sent.setdefault(request, []).append(one)
            drafts = draft(self._engine, self.language, list(sent), self._evaluate, self._cache)
            for request, result in drafts:
                # At once: `ready` has it if the next one fails.
                self._results |= dict.fromkeys(sent[request], result)
            if self._second:
                pairs = [(request, self._results[request]) for request in new]
                self._results |= self._second.compare(self.language, pairs, self._evaluate)
            elif self._term_engine:
                pairs = [(request, self._results[request]) for request in new]
                self._results |= self._term_engine.complete(self.language, pairs, self._evaluate)
            if self._estimator:
                pairs = [(request, self._results[request]) for request in new]
                self._results |= self._estimator.apply(self.language, pairs)
        found = {request: self._results[request] for request in requests}
        while len(self._results) > MAX_RESULTS:
            self._results.pop(next(iter(self._results)))
        return found

    def _result(self, prepared: PreparedEntry, draft: Draft | DraftResult) -> EntryResult:
        if isinstance(draft, DraftResult):
            return self._engine_result(prepared, draft)
        marked = prepared.marked
        target = plain_text(draft.target, marked.form) if marked else draft.target
        required, respected = self._count_terms(prepared.request.text, target)
        matches = prepared.matches
        return EntryResult(prepared.source, draft, "", required, respected, matches)

    def _engine_result(self, prepared: PreparedEntry, draft: DraftResult) -> EntryResult:
        """Return the result of a text that an engine drafted, with its markup."""
        marked, terms = prepared.marked, prepared.request.terms
        text = "" if draft.failed else draft.text
        required, respected = self._count_terms(prepared.request.text, text)
        found, reason = None, ""
        if draft.failed:
            reason = " ".join(issue.message for issue in draft.issues if issue.critical)
            respected = 0
        else:
            target, opinion = draft.text, draft.opinion
            if marked:
                tagged = draft.result.tagged
                target, issues = project(marked, target, self.language, terms, tagged)
                draft = replace(draft, issues=(*draft.issues, *issues))
                if opinion:
                    other, _ = project(marked, opinion.target, self.language, terms)
                    opinion = replace(opinion, target=other)
            info, digest = draft.engine_info, terms_digest(terms)
            percent = self._confidence(prepared.source, target, draft)
            provenance = Provenance(info.engine, model_name(info), digest, "", percent)
            found = Draft(target, provenance, draft.messages, opinion)
        return EntryResult(
            prepared.source,
            found,
            reason,
            required,
            respected,
            prepared.matches,
            draft.from_cache and not draft.failed,
            draft.comparison,
        )

    def _confidence(self, source: str, target: str, draft: DraftResult) -> int:
        """Return the confidence of a draft, corrected and recorded if the project learns."""
        engine = draft.engine_info.engine
        estimate = confidence.estimate(draft, self.language)
        if self._project.confidence.get("learn"):
            record_estimate(self._project, engine, source, target, estimate)
            if calibration := self._calibrations.get(engine):
                estimate = calibration.corrected(estimate, draft.source)
        return confidence.percent(estimate, draft.confidence_issues)

    def _count_terms(self, source: str, target: str) -> tuple[int, int]:
        """Count the glossary terms that the source requires, and those the target respects."""
        uses = self._matcher.verify(source, target) if self._matcher else ()
        required = [use for use in uses if use.targets]
        return len(required), sum(use.respected and not use.forbidden for use in required)


def _missing_terms(issues: Sequence[Issue]) -> int:
    return sum(issue.check == TERMINOLOGY for issue in issues)
