"""The page of checks is that of the code; `make docs` renews it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.docs import explain, page
from pipeline.checks.registry import CHECKS, Check

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_page_is_up_to_date(request: pytest.FixtureRequest) -> None:
    """What the page says of a check is what the check says of itself."""
    if request.config.getoption("--write-docs"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "stale: make docs"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_is_explained(check: Check) -> None:
    """What it finds, why, how to mend it, and how to silence it for one entry."""
    text = explain(check)
    for part in (check.id, check.summary, check.why, check.fix, f"ignore-{check.id}"):
        assert part in text
    assert f"## {check.id}\n" in page()
