"""Classification of single lines of news pages by their words."""

from __future__ import annotations

from pathlib import Path

from pipeline.articles.formats import boilerplate
from tests.tables import assert_misses, rows

TABLE = rows(Path(__file__).parents[2] / "data" / "articles" / "page_lines.tsv")

# Lines that are taken for something else, yet.
MISSES: set[str] = set()


def part(line: str) -> str:
    """Return the class of a line; "text" if no rule matches."""
    if boilerplate.is_end(line):
        return "end"
    if boilerplate.precedes_links(line):
        return "links"
    if boilerplate.is_boilerplate(line):
        return "boilerplate"
    if boilerplate.is_byline(line):
        return "byline"
    return "caption" if boilerplate.is_credit(line) else "text"


def test_lines_one_by_one() -> None:
    """Every line of the table has its class."""
    table = {f"{wanted}: {line}": part(line) for wanted, line in TABLE}
    assert len(table) == len(TABLE)
    assert_misses(
        {row: got for row, got in table.items() if row.split(":")[0] != got}, MISSES, table
    )
