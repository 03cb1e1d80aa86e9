"""What an engine is, and the table of engines; each is imported when it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from pipeline.errors import EngineError

ENGINES: Mapping[str, str] = {
    "llama": "pipeline.engines.llama:open_engine",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A text to translate.

    `terms` are pairs (as it stands in the text, required translation). `previous` and
    `problems` are an earlier answer and what was wrong with it, one sentence each.
    `examples` are approved translations of similar texts, as pairs (German, translation),
    the nearest last; an engine need not use them. `label` tells that the text is no part of
    a sentence but a label of the page: a link, a button.
    """

    text: str
    terms: tuple[tuple[str, str], ...] = ()
    previous: str = ""
    problems: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    label: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An engine's translation of a request; `complete` is false where it was cut off."""

    text: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """Who translated: engine, model and its digest, and the engine's version."""

    engine: str
    model: str
    digest: str
    version: str


class Engine(Protocol):
    """Translates German texts.

    `translate` yields one answer per request, in order, as they become ready; it raises
    EngineError where it cannot, and never stands in an empty or echoed text for a
    failure. An engine owns its batching and its threads.
    """

    def identity(self, language: str) -> Identity:
        """Say who translates into a language, for the origin of its drafts."""

    def translate(self, requests: Sequence[Request], language: str) -> Iterator[Answer]:
        """Translate requests into `language`, yielding the answers in their order."""

    def close(self) -> None:
        """Free what the engine holds."""


def opener(name: str) -> Callable[..., Engine]:
    """Import an engine's `open_engine(model, path, jobs)`.

    Raises EngineError for a name that is not in `ENGINES`.
    """
    if name not in ENGINES:
        raise EngineError(f"there is no engine {name!r}", f"Engines: {', '.join(ENGINES)}.")
    module, _, function = ENGINES[name].partition(":")
    open_engine: Callable[..., Engine] = getattr(import_module(module), function)
    return open_engine
