"""Help for the entry being edited: other translations, concordance, new terms, drafts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from pipeline.core import PipelineError, Term
from pipeline.drafting import TextRequest
from pipeline.engines import OFF, engine_names, find_engine, is_installed
from pipeline.glossary import FORMULA_PREFIXES
from pipeline.workflows import glossary as glossary_use_cases
from pipeline.workflows import memory as memory_use_cases
from pipeline.workflows.draft import DraftOptions, DraftReport, draft
from pipeline.workflows.editing.session import EditingSession
from pipeline.workflows.events import Events
from pipeline.workflows.extract import ExtractOptions, ExtractResult, extract
from pipeline.workflows.translate_text import TextOptions, open_text_session

__all__ = [
    "Alternative",
    "Quotation",
    "UsableEngine",
    "add_term",
    "alternative",
    "concordance",
    "draft_entries",
    "update_catalog",
    "usable_engines",
]


@dataclass(frozen=True, slots=True)
class UsableEngine:
    """An engine that can translate now; `host` receives the texts, "" for this machine."""

    name: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another translation of an entry, or the `reason` why there is none."""

    engine: str
    text: str = ""
    confidence: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """An earlier translation that contains the words searched for."""

    source: str
    target: str
    file: str
    percent: int


def usable_engines(session: EditingSession, language: str) -> tuple[UsableEngine, ...]:
    """Return the installed engines, and those whose server the settings name."""
    return tuple(_usable(session, language))


def _usable(session: EditingSession, language: str) -> Iterator[UsableEngine]:
    settings = session.project.engines
    for name in engine_names():
        spec = find_engine(name)
        if spec.sends_text_away:
            if name in settings or name == session.project.engine:
                address = spec.server_address(settings.get(name, {}))
                yield UsableEngine(name, address.host if address else "another machine")
        elif is_installed(spec, language):
            yield UsableEngine(name)


def alternative(
    session: EditingSession, name: str, language: str, wanted: str, engine: str, events: Events
) -> Alternative:
    """Ask an engine for a translation of an entry; nothing is written.

    Raises TrustError for settings that reach beyond the project without the user's agreement,
    ModelError, EngineError and GlossaryError.
    """
    path, _ = session.find(name, language)
    entry = session.entry(name, language, wanted)
    project = session.project
    file = project.glossary(language)
    options = TextOptions(
        language,
        file if file.is_file() else None,
        engine,
        suffix=path.suffix.lower(),
        second_opinion=OFF,
        term_engine=OFF,
    )
    with closing(open_text_session(project, options, events)) as opened:
        (found,) = opened.translate([TextRequest(entry.source)])
    if found.translation is None:
        return Alternative(engine, reason=found.reason or "no translation was fit to keep")
    return Alternative(engine, found.translation, found.confidence)


def concordance(
    session: EditingSession, language: str, text: str, events: Events
) -> tuple[Quotation, ...]:
    """Find words or a sentence in earlier translations, the best first.

    Raises PipelineError for an empty text, TrustError as `memory.find` does.
    """
    options = memory_use_cases.MemoryFindOptions(text, (language,))
    hits = memory_use_cases.find(session.project, options, events)
    return tuple(
        Quotation(hit.match.source, hit.match.target, hit.match.file, hit.match.percent)
        for hit in hits
    )


def add_term(session: EditingSession, language: str, source: str, target: str) -> bool:
    """Add a term to the glossary; False if it has the German term already.

    Raises PipelineError for a term that a glossary cannot contain, GlossaryError for a broken
    glossary.
    """
    session.find(next(iter(session.articles())), language)  # the language is one of the session
    texts = (source.strip(), target.strip())
    for text in texts:
        if not text or text[0] in FORMULA_PREFIXES or not text.isprintable() or "|" in text:
            raise PipelineError(
                f"{text!r} cannot be in a glossary",
                "Write words, without | and without a sign at the start.",
            )
    path = session.project.glossary(language)
    added, _ = glossary_use_cases.add_terms(path, (Term(texts[0], (texts[1],)),), language)
    return bool(added)


def update_catalog(
    session: EditingSession, name: str, language: str, events: Events
) -> ExtractResult:
    """Synchronize the catalog with its article, as `translate extract` does."""
    path, _ = session.find(name, language)
    return extract(session.project, ExtractOptions((path,), (language,)), events)


def draft_entries(
    session: EditingSession, name: str, language: str, wanted: str, again: bool, events: Events
) -> DraftReport:
    """Draft the missing entries of an article, or only the entry `wanted`.

    With `again`, a draft that nobody edited is replaced. Raises as `draft` does.
    """
    path, _ = session.find(name, language)
    texts = None
    if wanted:
        texts = frozenset([session.entry(name, language, wanted).source])
    extraction = ExtractOptions((path,), (language,))
    options = DraftOptions(extraction, redraft=again and bool(wanted), texts=texts)
    return draft(session.project, options, events)
