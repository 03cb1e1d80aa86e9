"""Translate texts that belong to no catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.articles import FormatError, find_markup_format, render_article, segment_article
from pipeline.core import (
    Article,
    EngineError,
    ModelError,
    PipelineError,
    PluginError,
    SecondOpinion,
    Segment,
    SettingsError,
    canonical_code,
)
from pipeline.drafting import (
    DraftResult,
    Issue,
    MarkedText,
    TextRequest,
    TextTranslator,
    draft_confidence,
    find_markup,
    model_name,
    open_estimator,
    project,
)
from pipeline.engines import (
    Engine,
    EngineConfig,
    EngineSelection,
    is_loopback,
    select_engine,
    select_second_engine,
    select_term_engine,
)
from pipeline.glossary import TermMatcher, load_glossary
from pipeline.project import Project
from pipeline.workflows.events import Events

__all__ = ["TextOptions", "TextResult", "TextSession", "open_text_session"]


@dataclass(frozen=True, slots=True)
class TextOptions:
    """Options of `translate_text`.

    An empty `engine`, `model` or `quality` is the project's setting, or the default. `force`
    accepts a model that is not fit for the language; `offline` allows no other machine.
    `suffix` is that of an article format, with whose inline markup the texts are written; ""
    is plain text. `second_opinion` and `term_engine` are as in `DraftOptions`. Without
    `confidence`, none is estimated, which takes lexicons and half a second for the first text.
    """

    language: str
    glossary: Path | None = None
    engine: str = ""
    model: str = ""
    quality: str = ""
    force: bool = False
    offline: bool = False
    suffix: str = ""
    second_opinion: str = ""
    term_engine: str = ""
    confidence: bool = True


@dataclass(frozen=True, slots=True)
class TermResult:
    """A required term, and whether the translation respects it."""

    source: str
    target: str
    respected: bool


@dataclass(frozen=True, slots=True)
class TextResult:
    """The translation of a text, None if no result was fit to keep; `reason` says why.

    `confidence` is in per cent, None for a blank text, which is returned as it is, and if it
    was not requested. `opinion` is the translation of a second engine. `engines` are those that
    translated the text, or parts of it, with their models.
    """

    text: str
    translation: str | None
    terms: tuple[TermResult, ...] = ()
    confidence: int | None = None
    findings: tuple[str, ...] = ()
    reason: str = ""
    opinion: SecondOpinion | None = None
    engines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a text that is translated as a whole: its segment, and its markup."""

    request: TextRequest
    segment: Segment | None = None
    marked: MarkedText | None = None


class TextSession:
    """An open engine that translates texts one batch after another; call `close`."""

    def __init__(
        self,
        translator: TextTranslator,
        language: str,
        suffix: str = "",
        *,
        confidence: bool = True,
    ) -> None:
        self._translator, self._language, self._confidence = translator, language, confidence
        self._suffix, self._form = suffix, find_markup_format(suffix)

    @property
    def engine(self) -> str:
        """The name of the engine; a second one may translate some of the texts."""
        return self._translator.engine_name

    @property
    def batch_size(self) -> int:
        """How many texts the engine prefers to translate at once."""
        return self._translator.batch

    def translate(self, requests: Sequence[TextRequest]) -> Iterator[TextResult]:
        """Yield the results in order, each as soon as it is ready; raises EngineError."""
        parsed = [self._parse(request.text) for request in requests]
        parts = [
            list(self._parts(request, article)) if not reason else []
            for request, (article, reason) in zip(requests, parsed, strict=True)
        ]
        results = self._translator.translate([one.request for these in parts for one in these])
        for request, (article, reason), these in zip(requests, parsed, parts, strict=True):
            if reason:
                yield TextResult(request.text, None, reason=reason)
                continue
            drafts = [(part, next(results)) for part in these]
            yield self._result(request, article, drafts)

    def close(self) -> None:
        """Close the engine and the response cache."""
        self._translator.close()

    def _parse(self, text: str) -> tuple[Article | None, str]:
        """Parse a text with markup; None for plain text. Also return why it cannot be read."""
        if self._form is None:
            return None, ""
        try:
            blocks = self._form.parse(text)
        except FormatError as error:
            return None, f"{error}. {error.hint}"
        return Article(Path(f"text{self._suffix}"), text, "utf-8", blocks), ""

    def _parts(self, request: TextRequest, article: Article | None) -> Iterator[_Part]:
        if article is None:
            if request.text.strip():
                yield _Part(request)
            return
        for segment in segment_article(article, "paragraph"):
            marked = find_markup(segment.text, self._form)
            plain = (marked.plain if marked else segment.text).strip()
            if plain:
                tagged = marked.tagged if marked and self._translator.takes_tags else ""
                yield _Part(TextRequest(plain, request.terms, tagged), segment, marked)

    def _result(
        self, request: TextRequest, article: Article | None, drafts: list[tuple[_Part, DraftResult]]
    ) -> TextResult:
        """Return the result of a text from those of its parts."""
        if not drafts:
            return TextResult(request.text, request.text)
        issues = [issue for _, draft in drafts for issue in draft.issues]
        terms = [
            TermResult(**term)  # type: ignore[arg-type]
            for part, draft in drafts
            for term in self._translator.terms(part.request, "" if draft.failed else draft.text)
        ]
        failed = any(draft.failed for _, draft in drafts)
        translation, reason = None, ""
        if failed:
            reason = " ".join(issue.message for issue in issues if issue.critical)
        elif article is None:
            translation = drafts[0][1].text
        else:
            translation, reason = self._render(article, drafts, issues)
        return TextResult(
            request.text,
            translation,
            tuple(terms),
            min(draft_confidence(draft, self._language) for _, draft in drafts)
            if self._confidence
            else None,
            tuple(issue.message for issue in issues),
            reason,
            self._opinion(article, drafts, translation),
            tuple(
                dict.fromkeys(
                    (draft.engine_info.engine, model_name(draft.engine_info)) for _, draft in drafts
                )
            ),
        )

    def _opinion(
        self,
        article: Article | None,
        drafts: list[tuple[_Part, DraftResult]],
        translation: str | None,
    ) -> SecondOpinion | None:
        """Return the text as the second engine translates those parts that it can."""
        opinions = [draft.opinion for _, draft in drafts if draft.opinion]
        if translation is None or not opinions:
            return None
        if article is None:
            return opinions[0]
        others = [
            (part, replace(draft, text=draft.opinion.target) if draft.opinion else draft)
            for part, draft in drafts
        ]
        target, _ = self._render(article, others, [])
        percent = min(opinion.agreement for opinion in opinions)
        return replace(opinions[0], target=target, agreement=percent) if target else None

    def _render(
        self, article: Article, drafts: list[tuple[_Part, DraftResult]], issues: list[Issue]
    ) -> tuple[str | None, str]:
        """Return the text with its translated parts, or None and the reason."""
        translated = []
        for part, draft in drafts:
            target = draft.text
            if part.marked:
                terms = self._translator.required(part.request)
                target, uncertain = project(
                    part.marked, target, self._language, terms, draft.result.tagged
                )
                issues += uncertain
            if part.segment is not None:
                translated.append((part.segment, target))
        rendered = render_article(article, translated, self._language)
        if rendered.rejected:
            return None, " ".join(reason for _, reason in rendered.rejected)
        return rendered.text, ""


def open_text_session(project: Project | None, options: TextOptions, events: Events) -> TextSession:
    """Open the engine of a language; warn if texts leave this machine.

    Raises ModelError if the model is not installed or not fit, SettingsError, TrustError,
    EngineError or GlossaryError.
    """
    language = canonical_code(options.language)
    project = project.asking(events.confirm) if project else None
    selection = select_engine(
        project,
        options.engine,
        options.model,
        language,
        options={"quality": options.quality},
        force=options.force,
        offline=options.offline,
    )
    selection.require()
    second = select_second_engine(
        project, options.second_opinion, selection, offline=options.offline
    )
    if second:
        second.require()
    path = options.glossary
    matcher = TermMatcher(load_glossary(path, language)) if path else None
    engine = _open(selection, events)
    translator = TextTranslator(engine, selection.config, language, matcher, events.notice)
    with ExitStack() as on_error:
        on_error.callback(translator.close)
        if second:
            translator.compare_with(_open(second, events), second.config)
        else:
            _complete_terms(translator, project, options, selection, events)
        if project:
            estimator = open_estimator(project, events.warn, offline=options.offline)
            translator.estimate_with(estimator)
        on_error.pop_all()
    return TextSession(translator, language, options.suffix, confidence=options.confidence)


def _complete_terms(
    translator: TextTranslator,
    project: Project | None,
    options: TextOptions,
    first: EngineSelection,
    events: Events,
) -> None:
    """Let a second engine translate texts whose translations lack terms, if there is one."""

    def report(error: PipelineError) -> None:
        events.warn(
            "note: no second engine for missing terms (--term-engine off: ask none): "
            f"{error.message}. {error.hint}".rstrip()
        )

    try:
        second = select_term_engine(project, options.term_engine, first, offline=options.offline)
    except (EngineError, ModelError, SettingsError, PluginError) as error:
        report(error)
        return

    def opened() -> tuple[Engine, EngineConfig] | None:
        if second is None:
            return None
        second.require()
        return _open(second, events), second.config

    translator.complete_terms_with(opened, report)


def _open(selection: EngineSelection, events: Events) -> Engine:
    """Open an engine; warn about keys, and about texts that leave this machine."""
    if selection.withheld_key:
        events.warn(selection.withheld_key)
    engine = selection.open()
    host = engine.identity(selection.language).host
    if host and not is_loopback(host):
        events.warn(f"note: the texts to translate leave this machine, for {host}")
    return engine


def translate_text(
    project: Project | None, options: TextOptions, requests: Sequence[TextRequest], events: Events
) -> tuple[TextResult, ...]:
    """Translate texts; raises what `open_text_session` raises."""
    with closing(open_text_session(project, options, events)) as session:
        return tuple(session.translate(requests))
