"""Quality estimators: plug-ins that estimate how likely a draft needs no correction.

They are Python packages of others, found by their entry points in `translate.estimators`. The
setting `estimator` selects one, whose estimate replaces that of the engine. A fault of an
estimator costs its estimates, never a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pipeline.core import EngineError, PluginError, plugins
from pipeline.drafting import confidence
from pipeline.drafting.types import DraftRequest, DraftResult
from pipeline.engines import estimator_reaches, is_loopback
from pipeline.project import Project

__all__ = ["EstimationRequest", "GuardedEstimator", "QualityEstimator", "open_estimator"]


@dataclass(frozen=True, slots=True)
class EstimationRequest:
    """A draft to estimate, and what is known about it.

    - `terms`: glossary terms as pairs (form in the text, required translation).
    - `findings`: ids of the checks that found a problem in the draft.
    - `confidence`: the estimate without the estimator, from 0 to 1.
    - `agreement`: the agreement with the draft of a second engine from 0 to 1; None without one.
    """

    source: str
    target: str
    terms: tuple[tuple[str, str], ...] = ()
    findings: tuple[str, ...] = ()
    engine: str = ""
    confidence: float | None = None
    agreement: float | None = None


class QualityEstimator(Protocol):
    """Estimates the quality of drafts without a reference translation.

    Optional members: `host`, the server that receives the texts as `name` or `name:port`, and
    `close()`.
    """

    def estimate(
        self, requests: Sequence[EstimationRequest], language: str
    ) -> Sequence[float | None]:
        """Return for each draft the probability, from 0 to 1, that it needs no correction.

        None is an abstention: the estimate of the engine remains.
        """


EstimatorFactory = Callable[[Mapping[str, Any]], QualityEstimator]
"""Opens an estimator with the settings in `[estimators.NAME]`."""


class GuardedEstimator:
    """An estimator whose faults are reported once, by `on_warning`, and then end its use."""

    def __init__(
        self, name: str, estimator: QualityEstimator, on_warning: Callable[[str], None]
    ) -> None:
        self._name, self._estimator, self._on_warning = name, estimator, on_warning
        self._failed = False

    def apply(
        self, language: str, results: Sequence[tuple[DraftRequest, DraftResult]]
    ) -> dict[DraftRequest, DraftResult]:
        """Return the results with the estimates of their drafts."""
        usable = [] if self._failed else [pair for pair in results if not pair[1].failed]
        estimates = self._estimate([_to_request(*pair, language) for pair in usable], language)
        found = dict(results)
        for (request, result), estimate in zip(usable, estimates, strict=True):
            if estimate is not None:
                found[request] = replace(result, estimate=estimate)
        return found

    def close(self) -> None:
        """Release what the estimator holds."""
        close: Callable[[], None] = getattr(self._estimator, "close", lambda: None)
        guard = plugins.PluginGuard()
        with guard:
            close()
        if guard.problem:
            self._report(guard.problem)

    def _estimate(
        self, requests: Sequence[EstimationRequest], language: str
    ) -> Sequence[float | None]:
        nothing: Sequence[float | None] = [None] * len(requests)
        if not requests:
            return nothing
        guard, found = plugins.PluginGuard(), []
        with guard:
            found = list(self._estimator.estimate(requests, language))
        if guard.problem:
            self._report(guard.problem)
            return nothing
        if len(found) != len(requests):
            self._report(f"it returned {len(found)} estimates for {len(requests)} drafts")
            return nothing
        for value in found:
            if value is not None and not _is_probability(value):
                self._report(f"it returned {value!r}, which is not from 0 to 1")
                return nothing
        return [None if value is None else float(value) for value in found]

    def _report(self, problem: str) -> None:
        if not self._failed:
            self._failed = True
            self._on_warning(
                f"estimator {self._name}: {problem}: confidence is computed without it"
            )


def open_estimator(
    project: Project, on_warning: Callable[[str], None], *, offline: bool = False
) -> GuardedEstimator | None:
    """Open the estimator of the settings; None without one.

    Raises SettingsError for an unknown name, TrustError unless the user agreed to it,
    PluginError for a plug-in that cannot be opened, and EngineError if it sends texts to another
    machine despite `offline`.
    """
    name = project.estimator
    if not name:
        return None
    project.require_trust(estimator_reaches(project))
    factory = plugins.load(plugins.ESTIMATORS, name)
    if not callable(factory):
        raise PluginError(
            f"estimator plug-in {name!r} is not a function: {factory!r}",
            "Correct its entry point in translate.estimators: see docs/plugins.md.",
        )
    guard, host = plugins.PluginGuard(), ""
    with guard:
        estimator = factory(project.estimators.get(name, {}))
        host = str(getattr(estimator, "host", ""))
    if guard.problem:
        raise PluginError(
            f"estimator plug-in {name!r} cannot be opened: {guard.problem}",
            f"Correct [estimators.{name}], or remove the setting estimator.",
        )
    guarded = GuardedEstimator(name, estimator, on_warning)
    if host and not is_loopback(host):
        if offline or project.offline:
            guarded.close()
            raise EngineError(
                f"estimator {name} sends texts to {host}, which --offline forbids",
                "Remove the setting estimator, or --offline (setting: offline = true).",
            )
        on_warning(f"note: the drafts leave this machine, for {host}")
    return guarded


def _to_request(request: DraftRequest, result: DraftResult, language: str) -> EstimationRequest:
    return EstimationRequest(
        request.text,
        result.text,
        request.terms,
        tuple(issue.check for issue in result.issues),
        result.engine_info.engine,
        confidence.estimate(result, language),
        result.agreement,
    )


def _is_probability(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
