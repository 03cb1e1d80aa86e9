"""Results of several processes come in the order of the items."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from pipeline.core import parallel
from pipeline.core.parallel import map_in_order


def work(item: int) -> tuple[int, int]:
    """Return the square, and the process that computed it."""
    return item * item, os.getpid()


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize(("cores", "number"), [(1, 40), (2, 40), (3, 40), (2, 0), (2, 3), (2, 4)])
def test_results_are_in_order(
    monkeypatch: pytest.MonkeyPatch, method: str, cores: int, number: int
) -> None:
    """The first ones are of this process, whatever the number of items and processes."""
    monkeypatch.setattr(parallel, "START_METHOD", method)
    found = list(map_in_order(work, iter(range(number)), cores, lambda r: r[0] >= 9))
    assert [(item, result[0]) for item, result in found] == [(n, n * n) for n in range(number)]
    assert {pid for _, (_, pid) in found[:4]} <= {os.getpid()}
    assert cores > 1 or {pid for _, (_, pid) in found} == {os.getpid()}


def test_an_error_of_the_items_is_raised() -> None:
    """After the results before it."""

    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no item")

    found = map_in_order(work, items(), 2, lambda _: False)
    assert next(found)[0] == 1
    with pytest.raises(ValueError, match="no item"):
        next(found)
