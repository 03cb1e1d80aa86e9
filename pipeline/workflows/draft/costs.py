"""What a run consumes and costs: estimated before it drafts, and charged to its catalogs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.drafting import EntryRequest, EntryResult, LanguageDrafter
from pipeline.engines import COPIED, EngineSelection
from pipeline.engines.usage import Metering, Prices, Usage, split_usage
from pipeline.workflows.draft.types import CatalogOutcome, CostEstimate

__all__ = ["RunCosts", "drafts_of_engines", "estimate_cost"]

_FREE = Metering(Prices(), lambda: None)


class RunCosts:
    """Adds what the engines of a run consume, and its price, to the outcomes of catalogs.

    `second` is the metering of a second engine. Without a meter, the texts of drafts count.
    """

    def __init__(self, first: Metering | None = None) -> None:
        self._first = first or _FREE
        self.second: Metering | None = None

    def used(self) -> tuple[Usage, Usage]:
        """Return what the meters of both engines have counted so far."""
        return _counted(self._first), _counted(self.second or _FREE)

    def shares(
        self, before: tuple[Usage, Usage], weights: Sequence[int]
    ) -> Iterable[tuple[Usage, Usage]]:
        """Divide what both engines have consumed since `before`, in proportion to weights."""
        own, other = (now - then for now, then in zip(self.used(), before, strict=True))
        return zip(split_usage(own, weights), split_usage(other, weights), strict=True)

    def charge_results(
        self, outcome: CatalogOutcome, results: Sequence[EntryResult]
    ) -> CatalogOutcome:
        """Add the texts of results, for each engine without a meter."""
        own = other = Usage()
        if self._first.meter() is None:
            sent = (one for one in drafts_of_engines(results) if not one.from_cache)
            own = Usage(sum(len(one.source) for one in sent))
        if self.second and self.second.meter() is None:
            new = [one for one in results if one.comparison and not one.comparison.from_cache]
            other = Usage(sum(len(one.source) for one in new))
        return self.charge(outcome, own, other)

    def charge(self, outcome: CatalogOutcome, own: Usage, other: Usage) -> CatalogOutcome:
        """Add what the first and the second engine consumed, and update the price."""
        usage, second_usage = outcome.usage + own, outcome.second_usage + other
        outcome = replace(outcome, usage=usage, second_usage=second_usage)
        first, second = self._first.prices, self.second.prices if self.second else Prices()
        if not (first or second):
            return outcome
        cost = first.cost(usage) + second.cost(second_usage)
        return replace(outcome, cost=cost, currency=first.currency or second.currency)


def _counted(metering: Metering) -> Usage:
    meter = metering.meter()
    return meter.usage if meter else Usage()


def drafts_of_engines(results: Sequence[EntryResult]) -> list[EntryResult]:
    """Return the results that are drafts of an engine."""
    return [one for one in results if one.draft and one.draft.provenance.engine not in COPIED]


def estimate_cost(
    selection: EngineSelection,
    prices: Prices,
    drafter: LanguageDrafter,
    requests: Sequence[EntryRequest],
) -> CostEstimate | None:
    """Return what the texts that need the engine would cost; None if there are none."""
    sent = drafter.engine_requests(requests)
    if not sent:
        return None
    config, language = selection.config, drafter.language
    usage = selection.spec.estimated_usage(config.settings, config.model, sent, language)
    return CostEstimate(language, selection.engine, len(sent), usage, prices)
