"""Progress over time: the states of all entries in the commits of a project's catalogs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.catalog import parse_catalog
from pipeline.core import CatalogError, State
from pipeline.project import Project
from pipeline.workflows.git import read_blobs, run_git

__all__ = ["Point", "progress"]

_POINTS = 24
"""Commits shown; from a longer history, evenly spread ones."""

_MAX_COMMITS = 20_000


@dataclass(frozen=True, slots=True)
class Point:
    """The entries of a language by state after a commit; `date` in UTC, ISO 8601."""

    date: str
    language: str
    approved: int = 0
    touched: int = 0
    draft: int = 0
    missing: int = 0


def progress(project: Project, languages: Sequence[str]) -> tuple[Point, ...]:
    """Return the states after some commits, the oldest first; none without a git repository.

    Each version of a catalog is parsed once. A damaged version counts nothing.
    """
    output = f"./{project.output_dir}"
    commits = [
        line.split()
        for line in run_git(
            project.root, "log", f"--max-count={_MAX_COMMITS}", "--format=%H %ct", "--", output
        )
        .decode("ascii", "replace")
        .splitlines()
    ]
    chosen = reversed(_spread(commits))
    counts: dict[str, Counter[State]] = {}
    points = []
    for commit, seconds in chosen:
        blobs = list(_blobs(project, commit, output, languages))
        _count(project.root, [blob for _, blob in blobs if blob not in counts], counts)
        date = datetime.fromtimestamp(int(seconds), UTC).isoformat(timespec="minutes")
        for language in languages:
            total: Counter[State] = Counter()
            for code, blob in blobs:
                if code == language:
                    total.update(counts[blob])
            states = (State.APPROVED, State.TOUCHED, State.DRAFT, State.MISSING)
            points.append(Point(date, language, *(total[state] for state in states)))
    return tuple(points)


def _spread(commits: Sequence[list[str]]) -> list[list[str]]:
    """Return all of a few commits, or the first, the last, and some between them."""
    if len(commits) <= _POINTS:
        return list(commits)
    step = (len(commits) - 1) / (_POINTS - 1)
    return [commits[round(number * step)] for number in range(_POINTS)]


def _blobs(
    project: Project, commit: str, output: str, languages: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield language and object name of each catalog in a commit."""
    tree = run_git(project.root, "ls-tree", "-r", "-z", commit, "--", output)
    for entry in tree.decode("utf-8", "surrogateescape").split("\0"):
        info, _, path = entry.partition("\t")
        parts = Path(path).parts
        if path.endswith(".po") and "LC_MESSAGES" in parts and len(info.split()) == 3:
            language = parts[parts.index("LC_MESSAGES") - 1]
            if language in languages:
                yield language, info.split()[2]


def _count(root: Path, blobs: Sequence[str], counts: dict[str, Counter[State]]) -> None:
    """Count the entries of versions of catalogs by state, and add them to `counts`."""
    for name in dict.fromkeys(blobs):
        counts[name] = Counter()
    for name, content in read_blobs(root, list(dict.fromkeys(blobs))):
        try:
            entries = parse_catalog(Path(name), content).translations
        except CatalogError:
            continue
        counts[name].update(entry.state for entry in entries)
