"""The dialog of `approve` and `reset`: list the selected entries, ask, report the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalog.po import Entry
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo, echo_json
from pipeline.core import PipelineError, counted, shorten
from pipeline.core.file_names import real_path
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.review import ReviewResult, Selection

LISTED = 5
"""How many entries of a catalog are listed before the question."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a command does to entries, and how it words it.

    `hints` maps the reasons for skipping entries that are reported to the option that
    includes them.
    """

    future: str
    past: str
    perform: Callable[[Sequence[Selection], Events], ReviewResult]
    hints: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DialogMode:
    """Whether to ask, to change anything, and to print JSON instead of text."""

    yes: bool = False
    dry_run: bool = False
    as_json: bool = False


def run_dialog(
    project: Project, selections: Sequence[Selection], action: Action, mode: DialogMode
) -> Counter[str]:
    """List the entries, ask, and perform the action; return how many were skipped, by reason.

    Raises PipelineError if nobody can be asked, CatalogError if a catalog cannot be
    written.
    """
    skipped = sum((Counter(one.skipped) for one in selections), Counter[str]())
    selections = [one for one in selections if one.entries]
    total = sum(len(one.entries) for one in selections)
    if not mode.as_json:
        limit = total if mode.dry_run else 0 if mode.yes else LISTED
        for line in (
            *_listing(project.root, selections, action, limit),
            *_skipped(skipped, action),
            *([] if total else ["Nothing to do."]),
        ):
            echo(line)
    result = ReviewResult()
    if total and not mode.dry_run and _agreed(f"{_entries(total)} {action.future}", mode.yes):
        result = action.perform(selections, ConsoleEvents())
        for line in [] if mode.as_json else _outcome(result, action):
            echo(line)
    if mode.as_json:
        echo_json(
            {
                "entries": [_object(one, entry) for one in selections for entry in one.entries],
                "done": result.done,
                "changed_meanwhile": result.changed_meanwhile,
                "skipped": skipped,
            }
        )
    return skipped


def _outcome(result: ReviewResult, action: Action) -> Iterator[str]:
    yield f"{action.past} {_entries(result.done)}."
    if result.changed_meanwhile:
        yield f"{_entries(result.changed_meanwhile)} changed meanwhile: not touched."


def _object(selection: Selection, entry: Entry) -> dict[str, object]:
    return {
        "path": selection.path,
        "line": entry.line,
        "source": entry.source,
        "targets": entry.targets,
    }


def _agreed(announcement: str, yes: bool) -> bool:
    if yes:
        return True
    agreed = ConsoleEvents().confirm(f"{announcement}. Continue?", default=False)
    if agreed is None:
        hint = "Add --yes, or show the entries with --dry-run."
        raise PipelineError(f"{announcement}, and there is no terminal to ask", hint)
    return agreed


def _listing(
    root: Path, selections: Sequence[Selection], action: Action, limit: int
) -> Iterator[str]:
    """Yield the catalogs, and at most `limit` entries of each."""
    for one in selections:
        path = real_path(one.path).relative_to(real_path(root))
        yield f"{path}: {_entries(len(one.entries))} {action.future}"
        entries: tuple[Entry, ...] = one.entries[:limit]
        for entry in entries:
            yield f"  {entry.line}: {shorten(entry.source, 40)} → {shorten(entry.targets[0], 40)}"
        if 0 < limit < len(one.entries):
            yield f"  … and {len(one.entries) - limit} more"


def _skipped(skipped: Counter[str], action: Action) -> Iterator[str]:
    for reason, hint in action.hints.items():
        if skipped[reason]:
            yield f"Not included: {skipped[reason]} {reason}" + (f" ({hint})" if hint else "")


def _entries(number: int) -> str:
    return counted(number, "entry", "entries")
