"""What requests to a paid server consume and cost, and the limit of a run.

Prices come from the user's settings, never from this program. An engine passes the most that a
request can consume to its meter before it sends the request, and what the server reports
afterwards. Requests that would pass the limit of a run are not sent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from pipeline.core import EngineError, SettingsError, number
from pipeline.engines.base import TranslationResult

__all__ = [
    "Budget",
    "CharacterPrices",
    "CostLimitError",
    "Meter",
    "Metering",
    "Prices",
    "Usage",
    "read_count",
    "require_prices",
    "split_usage",
]

MILLION = 1e6
_PRICE = number(float, 0, 1e9)
_MAX_COUNT = 10**9
_CHARACTERS = "price_per_million_characters"


class CostLimitError(EngineError):
    """A request was not sent, because it might have passed the limit of the run."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What requests consumed: characters of texts, and tokens of a chat model."""

    characters: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Return the sum."""
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Usage)))

    def share(self, part: int, whole: int) -> Usage:
        """Return the share `part / whole`, rounded down."""
        return Usage(*(getattr(self, f.name) * part // whole for f in fields(Usage)))

    def __sub__(self, other: Usage) -> Usage:
        """Return the difference."""
        return Usage(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Usage)))


@dataclass(frozen=True, slots=True)
class CharacterPrices:
    """The settings with the price of an engine that counts characters."""

    price_per_million_characters: float = field(default=0.0, metadata={"rule": _PRICE})
    currency: str = ""


@dataclass(frozen=True, slots=True)
class TokenPrices:
    """The settings with the prices of an engine that counts tokens."""

    price_per_million_input_tokens: float = field(default=0.0, metadata={"rule": _PRICE})
    price_per_million_output_tokens: float = field(default=0.0, metadata={"rule": _PRICE})
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a million characters and tokens; 0 is none."""

    characters: float = 0.0
    input_tokens: float = 0.0
    output_tokens: float = 0.0
    currency: str = ""

    @classmethod
    def of(cls, engine: str, table: Mapping[str, Any], default: float = 0.0) -> Prices:
        """Return the prices in a table `[engines.ENGINE]`.

        `default` is the price of a million characters if the table has none. Raises
        SettingsError for a value that is no price.
        """
        names = (
            _CHARACTERS,
            "price_per_million_input_tokens",
            "price_per_million_output_tokens",
        )
        for name in names:
            _PRICE.check(name, table.get(name, 0.0), f"[engines.{engine}]")
        characters, sent, received = (float(table.get(name, 0.0)) for name in names)
        currency = str(table.get("currency", ""))
        found = cls(characters, sent, received, currency)
        return found if found else cls(default, currency=currency)

    def __bool__(self) -> bool:
        """Return whether there is a price."""
        return bool(self.characters or self.input_tokens or self.output_tokens)

    def cost(self, usage: Usage) -> float:
        """Return the price of a usage."""
        return (
            usage.characters * self.characters
            + usage.input_tokens * self.input_tokens
            + usage.output_tokens * self.output_tokens
        ) / MILLION

    def describe(self, usage: Usage) -> str:
        """Return what is paid for and its price: `1,200 characters, 0.02 EUR`."""
        parts = []
        if self.characters:
            parts.append(f"{usage.characters:,} characters")
        if self.input_tokens or self.output_tokens:
            parts.append(f"{usage.input_tokens:,} + {usage.output_tokens:,} tokens")
        return ", ".join([*parts, self.amount(self.cost(usage))])

    def amount(self, cost: float) -> str:
        """Return an amount with its currency, with cents, or four digits if it is small."""
        digits = 2 if cost >= 1 else 4
        return f"{cost:.{digits}f} {self.currency}".rstrip()


@dataclass(frozen=True, slots=True)
class Metering:
    """The prices of an engine, and its meter: None if it has none, or is not open yet."""

    prices: Prices
    meter: Callable[[], Meter | None]


class Budget:
    """The most that a run may cost; its requests reserve their price before they are sent.

    `exhausted` means that a request was not sent; then no further one is.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.exhausted = False
        self._spent = self._reserved = 0.0
        self._changed = threading.Condition()

    def reserve(self, cost: float) -> bool:
        """Reserve a price; waits for requests under way if they may leave enough."""
        with self._changed:
            while self._spent + self._reserved + cost > self.limit:
                if self.exhausted or not self._reserved:
                    return False
                self._changed.wait()
            if self.exhausted:
                return False
            self._reserved += cost
            return True

    def settle(self, reserved: float, cost: float) -> None:
        """Replace a reserved price by the real one."""
        with self._changed:
            self._reserved = max(0.0, self._reserved - reserved)
            if self._reserved < self.limit * 1e-9:
                self._reserved = 0.0  # rounding
            self._spent += cost
            self._changed.notify_all()


class Meter:
    """Counts what an engine consumes. Used by concurrent requests."""

    def __init__(self, prices: Prices) -> None:
        self.prices = prices
        self.budget: Budget | None = None
        self.usage = Usage()
        self._lock = threading.Lock()

    @contextmanager
    def request(self, most: Usage) -> Iterator[Callable[[Usage], None]]:
        """Enclose a request that consumes at most `most`; call the result with the real usage.

        A request that fails consumes nothing. Raises CostLimitError if it may not be sent.
        """
        reserved, used = self.prices.cost(most), Usage()
        budget = self.budget
        if budget and not budget.reserve(reserved):
            raise CostLimitError("the limit of --max-cost is reached", "Raise it to continue.")

        def record(usage: Usage) -> None:
            nonlocal used
            used = usage

        try:
            yield record
        finally:
            with self._lock:
                self.usage += used
            if budget:
                budget.settle(reserved, self.prices.cost(used))

    def withhold(self) -> TranslationResult:
        """Return the result for a text that is not sent; no further one is."""
        if self.budget:
            self.budget.exhausted = True
        return TranslationResult("", withheld=True)


def read_count(value: object, default: int) -> int:
    """Return a count that a server reports, `default` if it is none."""
    return value if type(value) is int and 0 <= value <= _MAX_COUNT else default


def split_usage(usage: Usage, weights: Iterable[int]) -> Iterator[Usage]:
    """Divide a usage in proportion to weights; the parts add up to it."""
    weights = list(weights)
    whole, before, done = sum(weights), Usage(), 0
    for weight in weights:
        done += weight
        until = usage.share(done, whole) if whole else Usage()
        yield until - before
        before = until


def require_prices(engine: str, prices: Prices) -> None:
    """Raise SettingsError if the limit of a run has no meaning for an engine."""
    if not prices:
        raise SettingsError(
            f"--max-cost needs the prices of engine {engine}, and the settings have none",
            f"Write {_CHARACTERS} = 20.0 (openai: price_per_million_input_tokens and "
            f"_output_tokens) under [engines.{engine}], or remove --max-cost.",
        )
