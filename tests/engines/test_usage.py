"""Usage, prices and the limit of a run."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import SettingsError
from pipeline.engines.usage import (
    Budget,
    CostLimitError,
    Meter,
    Prices,
    Usage,
    read_count,
    split_usage,
)

COUNTS = st.integers(0, 10**7)
USAGES = st.builds(Usage, COUNTS, COUNTS, COUNTS)


@given(USAGES, st.lists(COUNTS, min_size=1))
def test_the_parts_of_a_usage_add_up(usage: Usage, weights: list[int]) -> None:
    parts = list(split_usage(usage, weights))
    assert len(parts) == len(weights)
    assert sum(parts, Usage()) == (usage if sum(weights) else Usage())


@given(st.lists(st.tuples(COUNTS, COUNTS), max_size=30), st.floats(0.001, 10))
def test_a_budget_is_never_passed(requests: list[tuple[int, int]], limit: float) -> None:
    """Requests of several threads, each with its most and what it really takes."""
    meter = Meter(Prices(characters=1.0))
    meter.budget = Budget(limit)

    def send(most: int, share: int) -> None:
        try:
            with meter.request(Usage(most)) as record:
                record(Usage(min(most, share)))
        except CostLimitError:
            meter.withhold()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: send(*one), requests))
    assert meter.prices.cost(meter.usage) <= limit


def test_a_request_waits_for_those_under_way() -> None:
    """Their price is known only then: it may be lower than reserved."""
    meter = Meter(Prices(characters=1e6))
    meter.budget = Budget(10)
    sent, go = threading.Event(), threading.Event()

    def first() -> None:
        with meter.request(Usage(9)) as record:
            sent.set()
            go.wait(10)
            record(Usage(2))

    thread = threading.Thread(target=first)
    thread.start()
    assert sent.wait(10)
    threading.Timer(0.05, go.set).start()
    with meter.request(Usage(8)) as record:
        record(Usage(8))
    thread.join()
    assert meter.usage.characters == 10
    with pytest.raises(CostLimitError), meter.request(Usage(1)):
        pass


def test_a_failed_request_costs_nothing() -> None:
    meter = Meter(Prices(characters=1e6))
    meter.budget = Budget(10)
    with pytest.raises(ValueError, match="lost"), meter.request(Usage(10)):
        raise ValueError("lost")
    with meter.request(Usage(10)) as record:
        record(Usage(10))
    assert meter.usage.characters == 10


@pytest.mark.parametrize("value", [-1, True, 1.5, "7", None, 10**12, [1]])
def test_strange_counts_of_a_server_are_ignored(value: object) -> None:
    assert read_count(value, 3) == 3


def test_prices_come_from_the_table_of_the_engine() -> None:
    table = {"price_per_million_characters": 20.0, "currency": "EUR"}
    prices = Prices.of("deepl", table, 5.0)
    assert prices.describe(Usage(1_500_000)) == "1,500,000 characters, 30.00 EUR"
    assert Prices.of("deepl", {}, 5.0).cost(Usage(100)) == pytest.approx(0.0005)
    assert not Prices.of("deepl", {})
    tokens = Prices(input_tokens=1.0, output_tokens=4.0)
    assert tokens.describe(Usage(9, 1000, 2000)) == "1,000 + 2,000 tokens, 0.0090"
    with pytest.raises(SettingsError, match=r"engines\.deepl"):
        Prices.of("deepl", {"price_per_million_characters": "20"})
