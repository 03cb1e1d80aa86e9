"""The contract between engines and the rest of the program: requests, results, identity."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pipeline.core import EngineError

DEFAULT_BATCH_SIZE = 8
"""Requests per call of `Engine.translate`, unless the engine has an attribute `batch_size`."""


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """The arguments with which an engine is opened.

    - `model`: the requested model; "" leaves the choice to the engine.
    - `path`, `digest`: file and SHA-256 of a model from the model store. Only engines whose
      `EngineSpec` has a `model_kind` receive them.
    - `settings`: the table `[engines.NAME]` of the project's settings.
    - `jobs`: number of concurrent requests; 0 leaves the choice to the engine.
    - `formality`: how to address the reader by target language, "formal" or "informal".
    - `key_hosts`: the hosts, as `name` or `name:port`, that may receive a key because the user
      trusts the settings. None: the settings are the caller's own, and so is their host.
    """

    model: str = ""
    path: Path | None = None
    digest: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    jobs: int = 0
    formality: Mapping[str, str] = field(default_factory=dict)
    key_hosts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """A text to translate, and the context that may improve its translation.

    - `terms`: glossary terms as pairs (form in the text, required translation).
    - `previous`, `problems`: an earlier translation and its problems, one sentence each.
    - `examples`: approved translations of similar texts as pairs (German, translation), most
      similar last. Engines may ignore them.
    - `label`: the text is the label of a link or a button, not running text.
    - `style`: the project's instructions for such texts, for engines with `accepts_style`.
    - `tagged`: the text with its inline markup as tags (`pipeline.engines.tags`), to translate
      instead of `text`. Only engines with `takes_tags` receive it.
    """

    text: str
    terms: tuple[tuple[str, str], ...] = ()
    previous: str = ""
    problems: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    label: bool = False
    style: str = ""
    tagged: str = ""


@dataclass(frozen=True, slots=True)
class Signals:
    """What an engine knows about the quality of a translation; None for what it does not.

    - `likelihood`: the mean log-probability (base e) of its tokens.
    - `boosted`: the mean boosted log-probability of its tokens (Dinh and Niehues 2025).
    - `sampled`: the mean log-probability of the tokens of all samples of the text.
    """

    likelihood: float | None = None
    boosted: float | None = None
    sampled: float | None = None

    def lower(self, other: Signals) -> Signals:
        """Return the lower value of each signal that both have, for a text in two parts."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Signals(*(None if a is None or b is None else min(a, b) for a, b in pairs))


@dataclass(frozen=True, slots=True)
class TranslationResult:
    """The translation of one request.

    - `complete`: False if the translation was truncated.
    - `rejection_reason`: why this text has no translation, while others may have one.
    - `retry_in_parts`: parts of a rejected text may have one: it is too long, for example.
    - `confidence`: the engine's own quality estimate from 0 to 1; None if it has none.
    - `signals`: values from which drafting estimates the quality, if there is no own estimate.
    - `alternatives`: further candidates, best first. Drafting uses one of them if the checks
      find fewer problems in it.
    - `withheld`: the text was not sent, because that might have passed the limit of `--max-cost`.
    - `tagged`: the translation with the tags of its request; `text` has none. Drafting sets it
      after it has verified the tags in the engine's `text`.
    """

    text: str
    complete: bool = True
    rejection_reason: str = ""
    confidence: float | None = None
    alternatives: tuple[TranslationResult, ...] = ()
    retry_in_parts: bool = False
    withheld: bool = False
    tagged: str = ""
    signals: Signals | None = None


class TextRejectedError(EngineError):
    """An engine cannot translate one text, and other texts may succeed.

    `retry_in_parts` as in `TranslationResult`.
    """

    def __init__(self, message: str, hint: str = "", *, retry_in_parts: bool = True) -> None:
        super().__init__(message, hint)
        self.retry_in_parts = retry_in_parts


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """The identity of an engine, as recorded in the provenance of its drafts.

    `digest` identifies the model, `version` the engine. `host` is the server that receives
    the texts, as `name` or `name:port`; "" if they stay in this process.
    """

    engine: str
    model: str
    digest: str
    version: str
    host: str = ""


class Engine(Protocol):
    """A translator of German texts.

    `translate` yields one result per request, in the order of the requests, as soon as each
    is available. It raises EngineError if the engine cannot translate at all. It never
    returns an empty or echoed text for a failure. An engine that cannot use `previous` and
    `problems` returns the previous translation. Batching and threads are the engine's own.

    Optional members:

    - `batch_size`: the preferred number of requests per call; their drafts are saved together.
    - `settings_key(language)`: a string with everything that affects results besides the
      identity and the requested model. It replaces all settings in the key of the response
      cache. None disables caching, for a server whose model is unknown.
    - `uses_formality(language)`: whether the engine follows `EngineConfig.formality`.
    - `accepts_style`: whether it follows `style` of the requests; the others have none.
    - `meter`: a `pipeline.engines.usage.Meter` that counts what requests consume.
    - `takes_tags`: whether the engine keeps inline tags. It then translates `tagged` of a request
      that has one, and returns the translation with the tags as `text`. If they are not the same,
      drafting requests the text without them.
    """

    def identity(self, language: str) -> EngineInfo:
        """Return the identity of whatever translates into `language`."""

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order."""

    def close(self) -> None:
        """Release models and connections."""


EngineFactory = Callable[[EngineConfig], Engine]


def batch_size(engine: Engine | None, default: int = DEFAULT_BATCH_SIZE) -> int:
    """Return the preferred number of requests per call, at least 1."""
    preferred: int = getattr(engine, "batch_size", default)
    return max(1, preferred)


def uses_formality(engine: Engine, language: str) -> bool:
    """Return whether an engine follows `EngineConfig.formality` for a language."""
    own: Callable[[str], bool] | None = getattr(engine, "uses_formality", None)
    return own is not None and own(language)


def accepts_style(engine: Engine) -> bool:
    """Return whether an engine follows style instructions."""
    return bool(getattr(engine, "accepts_style", False))


def takes_tags(engine: Engine) -> bool:
    """Return whether an engine keeps inline tags."""
    return bool(getattr(engine, "takes_tags", False))


def settings_key(engine: Engine, config: EngineConfig, language: str) -> str | None:
    """Return the part of a cache key that stands for the settings; None disables caching."""
    own: Callable[[str], str | None] | None = getattr(engine, "settings_key", None)
    if own is not None:
        return own(language)
    return json.dumps(dict(config.settings), sort_keys=True, default=str)
