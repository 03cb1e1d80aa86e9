"""One way to ask a check what it finds in two texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from pipeline.checks import baseline
from pipeline.checks.registry import Context, check_segment
from pipeline.core.types import Finding

Ask = Callable[..., list[str]]


@pytest.fixture
def ask(request: pytest.FixtureRequest) -> Ask:
    """What the check of the test's module finds, as `severity: message`."""
    name = request.module.__name__.rpartition(".test_")[2].replace("_", "-")

    def messages(language: str, source: str, target: str, **known: object) -> list[str]:
        context = Context(language, **known)  # type: ignore[arg-type]
        return [
            f"{f.severity}: {f.message}" for f in check_segment(source, target, context, [name])
        ]

    return messages


def accept(path: Path, findings: Iterable[Finding]) -> int:
    """Write a baseline that accepts findings; return their number."""
    data, number = baseline.render(path, findings)
    path.write_bytes(data)
    return number
