"""Format the result of `run`: a table, the failures, and the next steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.core import counted, shorten
from pipeline.engines.usage import Prices
from pipeline.project import Project

if TYPE_CHECKING:
    from pipeline.workflows.draft import CatalogOutcome, DraftReport, SegmentFailure
    from pipeline.workflows.run_report import MergedReport

_COLUMNS = (
    "article",
    "lang",
    "segments",
    "approved",
    "to review",
    "from memory",
    "drafted",
    "failed",
    "glossary terms used",
)


def summary(project: Project, report: DraftReport) -> str:
    """Format the report of a run."""
    outcomes = report.outcomes
    lines = table(_COLUMNS, _Rows(project, outcomes))
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    if failures:
        lines += ["", "No draft, because the engine returned no usable translation:"]
        lines += [
            f"  {_place(project, f)}: {shorten(f.source, 70)}\n    {shorten(f.reason, 300)}"
            for f in failures
        ]
    if report.stopped:
        left = counted(sum(outcome.left for outcome in outcomes), "segment")
        lines += ["", f"Stopped by --{report.stopped}: {left} left for the next run."]
    return "\n".join([*lines, "", *_closing(outcomes, report.seconds)])


def _place(project: Project, failure: SegmentFailure) -> str:
    """Return the place in the article, where the text can be shortened, and in the catalog."""
    catalog = f"{failure.path.relative_to(project.root)}:{failure.line}"
    return f"{failure.reference} ({catalog})" if failure.reference else catalog


def plan(project: Project, report: DraftReport) -> str:
    """Format the plan of a dry run."""
    outcomes = report.outcomes
    lines = [
        f"{project.reference(outcome.article)} {outcome.language}: "
        f"{outcome.due} of {counted(outcome.segments, 'segment')} to draft"
        for outcome in outcomes
    ]
    lines.append(f"Total: {counted(sum(outcome.due for outcome in outcomes), 'segment')}.")
    lines += [
        f"Estimate for {one.language}: {counted(one.segments, 'text')} for {one.engine}, "
        f"about {one.prices.describe(one.usage)}."
        for one in report.estimates
    ]
    return "\n".join(lines)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 2) -> list[str]:
    """Format a table: the first `left` columns left-aligned, the others right-aligned.

    `rows` are iterated twice, so that rows of many articles need not be kept.
    """
    widths = [len(column) for column in columns]
    for row in rows:
        widths = [max(width, len(cell)) for width, cell in zip(widths, row, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if at < left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in chain([columns], rows)
    ]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the table of a run, formatted anew each time."""

    project: Project
    outcomes: Sequence[CatalogOutcome]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return (_row(self.project, outcome) for outcome in self.outcomes)


def _row(project: Project, outcome: CatalogOutcome) -> tuple[str, ...]:
    terms = f"{outcome.respected}/{outcome.required}" if outcome.required else "-"
    name = project.article_name(outcome.article)
    numbers = (
        outcome.segments,
        outcome.approved,
        outcome.waiting,
        outcome.memory,
        outcome.drafted,
        len(outcome.failures),
    )
    return (name, outcome.language, *map(str, numbers), terms)


def _closing(outcomes: Sequence[CatalogOutcome], seconds: float) -> list[str]:
    drafted = sum(outcome.drafted for outcome in outcomes)
    memory = sum(outcome.memory for outcome in outcomes)
    waiting = sum(outcome.waiting for outcome in outcomes)
    with_findings = sum(outcome.flawed for outcome in outcomes)
    words = sum(outcome.words for outcome in outcomes)
    from_cache = sum(outcome.from_cache for outcome in outcomes)
    lines = []
    if drafted:
        rate = f"{words / seconds:.1f} words/s" if seconds else ""
        minutes, rest = divmod(round(seconds), 60)
        lines.append(
            f"Drafted {counted(drafted, 'segment')} ({counted(words, 'word')})"
            f" in {minutes} min {rest} s, {rate}."
        )
    elif not memory:
        lines.append("Nothing to draft.")
    costs = [outcome.cost for outcome in outcomes if outcome.cost]
    if costs:
        currency = next(outcome.currency for outcome in outcomes if outcome.cost)
        lines.append(f"Cost: {Prices(currency=currency).amount(sum(costs))}.")
    if from_cache:
        verb = "comes" if from_cache == 1 else "come"
        lines.append(f"{from_cache} of the drafts {verb} from the cache of earlier runs.")
    compared = sum(outcome.compared for outcome in outcomes)
    if compared:
        differing = sum(outcome.disagreeing for outcome in outcomes)
        lines.append(
            f"The second engine translates {differing} of {counted(compared, 'draft')} differently:"
            " see the comments of their entries."
        )
    by_second = sum(outcome.by_second for outcome in outcomes)
    if by_second:
        verb = "is" if by_second == 1 else "are"
        lines.append(
            f"{by_second} of the drafts {verb} by the second engine, as their comments say."
        )
    if with_findings:
        lines.append(
            f"{with_findings} of the drafts {'has' if with_findings == 1 else 'have'} findings:"
            " see the comments of their entries."
        )
    if drafted:
        lines.append("Least certain drafts first: `translate status --least-sure 20`.")
    if drafted or memory or waiting:
        lines += [
            "Next: review the catalogs in Poedit or any gettext editor (drafts are fuzzy),",
            "      then `translate check` and `translate build`.",
        ]
    return lines


def merged_summary(merged: MergedReport) -> list[str]:
    """Return the lines that show the merged reports of runs."""
    total = {name: round(value) for name, value in merged.totals.items()}
    required = counted(total["terms_required"], "glossary term")
    terms = f"{total['terms_respected']} of {required} used"
    lines = [
        f"{counted(merged.reports, 'report')}, {counted(merged.catalogs, 'catalog')}, "
        f"{counted(total['segments'], 'segment')}",
        f"{total['drafted']} drafted ({counted(total['words'], 'word')}), "
        f"{total['memory']} from memory, {total['approved']} approved, "
        f"{total['failed']} failed, {total['left']} left; {terms}",
    ]
    if "cost" in total:
        amount = f"{merged.totals['cost']:.2f}"
        lines.append(f"Cost: {amount} {' and '.join(merged.currencies)}".rstrip())
    for shard in merged.missing:
        lines.append(f"shard {shard}: no report: run it again")
    for problem in merged.problems:
        lines.append(f"shard {problem['shard']}: {problem['message']}")
        lines += [f"  {problem['hint']}"] if problem.get("hint") else []
    for failure in merged.failures:
        place = f"{failure['catalog']}:{failure['line']}"
        lines.append(f"{place}: {shorten(failure['source'], 70)}")
        lines.append(f"  {shorten(failure['reason'], 300)}")
    return lines
