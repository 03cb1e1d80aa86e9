"""Tables of labelled rows: which of them today's code gets wrong is written down row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The reference articles and sets, where a checkout has them beside it.
SHARED = ROOT.parent / "shared"


def rows(path: Path) -> list[list[str]]:
    """The columns of every line that is not empty."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line]


def assert_misses(
    wrong: Mapping[str, object], expected: Collection[str], table: Iterable[str]
) -> None:
    """Exactly the `expected` rows of `table` are wrong; `wrong` says what came out for each."""
    known = set(table)
    said = [f"wrong now: {row}\n    gives {wrong[row]}" for row in wrong if row not in expected]
    said += [f"right now, strike it off the misses: {row}" for row in expected if row not in wrong]
    said += [f"a miss that the table does not have: {row}" for row in expected if row not in known]
    assert not said, "\n" + "\n".join(said)
