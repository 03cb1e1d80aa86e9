"""The options of drafting, and what a run did."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engines.usage import Prices, Usage
from pipeline.workflows.extract import ArticleProblem, ExtractOptions

__all__ = ["CatalogOutcome", "CostEstimate", "DraftOptions", "DraftReport", "SegmentFailure"]


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """Options of `draft`.

    An empty `engine`, `model` or `quality` is the project's setting. `jobs` is the number of
    concurrent requests (0: the engine decides). `force` accepts a model that is not fit for
    the language; `redraft` regenerates drafts that nobody edited; `install` installs a
    missing model without asking; `dry_run` only plans. A run stops after `max_seconds`, or
    when `max_failures` segments failed (0: no limit); what is left is for the next run. A
    request that might raise the cost above `max_cost` is not sent (0: no limit).
    `texts` limits drafting to entries with these German texts, also if they failed before.
    `second_opinion` is a second engine to compare drafts with: "" is the project's setting,
    `auto` the next best installed, `off` none. `term_engine` is a second engine for texts whose
    drafts lack glossary terms, with the same values; there is none if drafts are compared.
    """

    extract: ExtractOptions = field(default_factory=ExtractOptions)
    engine: str = ""
    model: str = ""
    quality: str = ""
    force: bool = False
    offline: bool = False
    jobs: int = 0
    redraft: bool = False
    install: bool = False
    dry_run: bool = False
    max_seconds: float = 0.0
    max_failures: int = 0
    max_cost: float = 0.0
    texts: frozenset[str] | None = None
    second_opinion: str = ""
    term_engine: str = ""


@dataclass(frozen=True, slots=True)
class SegmentFailure:
    """A segment without a draft, because no result was fit to keep.

    `reference` is its place in the article (`source_de/a.txt:3`), `line` its line in the
    catalog `path`.
    """

    path: Path
    line: int
    source: str
    reason: str
    reference: str


_NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class CatalogOutcome:
    """What a run found and did in one catalog, in distinct segments.

    `due` counts segments to fill, `waiting` drafts of earlier runs and texts that a human
    started, `words` the German words that the engine drafted, `required` and `respected`
    the glossary terms of the filled segments, `flawed` drafts with findings, `from_cache`
    drafts that the engine returned in an earlier run. `left` counts due segments that an
    ended run did not try. `characters` are the German characters that the engine drafted,
    `usage` what its requests consumed, repeated ones included; a batch counts in proportion
    to its texts. `cost` is the price of it in `currency` (None: the settings have no price).
    `seconds` is the time of drafting; a batch counts in proportion to its entries.
    `compared` counts drafts with the alternative of a second engine, `disagreeing` those that
    it translates differently; `by_second` counts drafts that the second engine wrote, for missing
    terms or with fewer findings; `second_usage` is what it consumed.
    """

    article: Path
    language: str
    segments: int = 0
    approved: int = 0
    due: int = 0
    waiting: int = 0
    memory: int = 0
    drafted: int = 0
    words: int = 0
    required: int = 0
    respected: int = 0
    flawed: int = 0
    from_cache: int = 0
    failures: tuple[SegmentFailure, ...] = ()
    left: int = 0
    characters: int = 0
    cost: float | None = None
    currency: str = ""
    usage: Usage = _NO_USAGE
    second_usage: Usage = _NO_USAGE
    seconds: float = 0.0
    engine: str = ""
    compared: int = 0
    disagreeing: int = 0
    by_second: int = 0


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What drafting a language would consume, each text sent once; its price is `cost`."""

    language: str
    engine: str
    segments: int
    usage: Usage
    prices: Prices

    @property
    def cost(self) -> float:
        """The price."""
        return self.prices.cost(self.usage)


@dataclass(slots=True)
class DraftReport:
    """The outcome of each catalog, the articles and catalogs skipped, and seconds of drafting.

    It is complete when `draft` returns; if `draft` raises, it contains what was done until then.
    `stopped` is the limit that ended the run, "" for none. `estimates` are those of engines
    with prices, before drafting.
    """

    outcomes: list[CatalogOutcome] = field(default_factory=list)
    problems: list[ArticleProblem] = field(default_factory=list)
    seconds: float = 0.0
    stopped: str = ""
    estimates: list[CostEstimate] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every segment that was due has a translation now."""
        return not self.problems and not self.stopped and not any(o.failures for o in self.outcomes)
