"""Translate texts that belong to no catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.drafting import TextRequest, TextTranslator
from pipeline.engines import is_loopback, select_engine
from pipeline.glossary import TermMatcher, load_glossary
from pipeline.project import Project
from pipeline.workflows.events import Events

__all__ = ["TextOptions", "TextResult", "TextSession", "open_text_session"]


@dataclass(frozen=True, slots=True)
class TextOptions:
    """Options of `translate_text`.

    An empty `engine`, `model` or `quality` is the project's setting, or the default. `force`
    accepts a model that is not fit for the language; `offline` allows no other machine.
    """

    language: str
    glossary: Path | None = None
    engine: str = ""
    model: str = ""
    quality: str = ""
    force: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class TermResult:
    """A required term, and whether the translation respects it."""

    source: str
    target: str
    respected: bool


@dataclass(frozen=True, slots=True)
class TextResult:
    """The translation of a text, None if no result was fit to keep; `reason` says why.

    `confidence` is in per cent, None for a blank text, which is returned as it is.
    """

    text: str
    translation: str | None
    terms: tuple[TermResult, ...] = ()
    confidence: int | None = None
    findings: tuple[str, ...] = ()
    reason: str = ""


class TextSession:
    """An open engine that translates texts one batch after another; call `close`."""

    def __init__(self, translator: TextTranslator) -> None:
        self._translator = translator

    @property
    def batch_size(self) -> int:
        """How many texts the engine prefers to translate at once."""
        return self._translator.batch

    def translate(self, requests: Sequence[TextRequest]) -> Iterator[TextResult]:
        """Yield the results in order, each as soon as it is ready; raises EngineError."""
        results = self._translator.translate([one for one in requests if one.text.strip()])
        for request in requests:
            if not request.text.strip():
                yield TextResult(request.text, request.text)
                continue
            draft = next(results)
            text = "" if draft.failed else draft.text
            critical = [issue.message for issue in draft.issues if issue.critical]
            yield TextResult(
                request.text,
                None if draft.failed else text,
                tuple(TermResult(**term) for term in self._translator.terms(request, text)),  # type: ignore[arg-type]
                draft.confidence,
                tuple(issue.message for issue in draft.issues),
                " ".join(critical) if draft.failed else "",
            )

    def close(self) -> None:
        """Close the engine and the response cache."""
        self._translator.close()


def open_text_session(project: Project | None, options: TextOptions, events: Events) -> TextSession:
    """Open the engine of a language; warn if texts leave this machine.

    Raises ModelError if the model is not installed or not fit, SettingsError, EngineError or
    GlossaryError.
    """
    language = options.language
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
    path = options.glossary
    matcher = TermMatcher(load_glossary(path, language)) if path else None
    engine = selection.open()
    host = engine.identity(language).host
    if host and not is_loopback(host):
        events.warn(f"note: the texts to translate leave this machine, for {host}")
    translator = TextTranslator(engine, selection.config, language, matcher, events.notice)
    return TextSession(translator)


def translate_text(
    project: Project | None, options: TextOptions, requests: Sequence[TextRequest], events: Events
) -> tuple[TextResult, ...]:
    """Translate texts; raises what `open_text_session` raises."""
    with closing(open_text_session(project, options, events)) as session:
        return tuple(session.translate(requests))
