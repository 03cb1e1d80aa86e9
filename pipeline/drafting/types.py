"""The values of drafting: what is asked for a segment, what came back, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.checks.base import CONFIDENCE_FACTOR
from pipeline.core import SecondOpinion
from pipeline.engines import EngineInfo, TranslationRequest, TranslationResult

FULL_AGREEMENT = 0.8
"""Agreement of two engines (chrF) from which the confidence is not reduced."""

MIN_FACTOR = 0.5
"""The factor of the confidence if two engines have nothing in common."""


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """A text to draft, with pairs (term as in the text, required translation).

    `examples` are approved translations of similar texts; `label` marks a label of the page;
    `label` and `style` are as in `TranslationRequest`. `tagged` is the text with its markup as
    tags, for engines that take them; a retry has none, and its markup is restored by word
    alignment.
    """

    text: str
    terms: tuple[tuple[str, str], ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    label: bool = False
    style: str = ""
    tagged: str = ""

    def request(self, previous: str = "", problems: Sequence[str] = ()) -> TranslationRequest:
        """Return the request for an engine, with an earlier result and its problems."""
        tagged = "" if previous else self.tagged
        return TranslationRequest(
            self.text,
            self.terms,
            previous,
            tuple(problems),
            self.examples,
            self.label,
            self.style,
            tagged,
        )


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem of a draft; a critical one makes the draft useless to a reviewer.

    `check` is the id of the check that found it, or `answer`. A `ranking_only` issue causes
    no retry and is not reported: it only helps to choose among alternatives.
    """

    check: str
    message: str
    critical: bool
    ranking_only: bool = False
    confidence_factor: float = CONFIDENCE_FACTOR


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of a draft with that of a second engine.

    `agreement` is from 0 to 1. It is None if one of the engines has no usable draft, or if the
    second one was asked for missing terms only. `from_cache` means that the second engine
    returned its draft in an earlier run.
    """

    agreement: float | None
    from_cache: bool


@dataclass(frozen=True, slots=True)
class DraftResult:
    """The best candidate for the text `source`; with a critical issue it has `failed`.

    `text` is normalized, `result` as it came from the engine `engine_info`; `from_cache`
    means that the engine returned it earlier. `opinion` is the draft of a second engine,
    `comparison` says that one was asked. `estimate` is that of a quality estimator, which
    replaces the engine's.
    """

    source: str
    text: str
    issues: tuple[Issue, ...]
    result: TranslationResult
    engine_info: EngineInfo
    from_cache: bool = False
    ranking_issues: tuple[Issue, ...] = ()
    opinion: SecondOpinion | None = None
    comparison: Comparison | None = None
    estimate: float | None = None

    @property
    def agreement(self) -> float | None:
        """The agreement with a second engine from 0 to 1, None without its draft."""
        return self.comparison.agreement if self.comparison else None

    @property
    def failed(self) -> bool:
        """Whether a critical issue remains."""
        return any(issue.critical for issue in self.issues)

    @property
    def confidence_issues(self) -> tuple[Issue, ...]:
        """All that reduces the confidence: the issues, and disagreement with a second engine."""
        issues = (*self.issues, *self.ranking_issues)
        if self.agreement is None:
            return issues
        factor = MIN_FACTOR + (1 - MIN_FACTOR) * min(1.0, self.agreement / FULL_AGREEMENT)
        return (*issues, Issue("second-opinion", "", critical=False, confidence_factor=factor))

    @property
    def messages(self) -> tuple[str, ...]:
        """The messages of the issues."""
        return tuple(issue.message for issue in self.issues)


def model_name(info: EngineInfo) -> str:
    """Return the model of an engine as catalogs name it, with the server that runs it."""
    return f"{info.model} at {info.host}" if info.host else info.model


Evaluator = Callable[[str, str], Sequence[Issue]]
"""Returns the issues of a translation, given the German text and the translation."""
