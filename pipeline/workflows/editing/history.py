"""Earlier versions of an entry, and the ages of entries, from git where there is a repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline.catalog import entry_state, is_header, parse_catalog, parse_provenance
from pipeline.catalog.po import Entry
from pipeline.core import CatalogError, State
from pipeline.workflows.editing.entries import entry_id
from pipeline.workflows.editing.session import EditingSession
from pipeline.workflows.git import run_git

__all__ = ["EntryVersion", "ages", "history"]

_COMMITS = 30
_SECONDS = 20
_BLAMED = re.compile(rb"^[0-9a-f]{40,64} \d+ (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """A version of an entry in a commit; without a `state`, the entry was not in it.

    `draft_digest` is that of the machine's draft if this version is the draft itself.
    """

    commit: str
    date: str
    author: str
    state: State | None
    target: str
    draft_digest: str = ""


def history(session: EditingSession, name: str, language: str, wanted: str) -> list[EntryVersion]:
    """Return the versions of an entry that differ, the newest first; none without git.

    The last 30 commits of the catalog are read. Raises UnknownArticleError and
    UnknownLanguageError.
    """
    target = session.find(name, language)[1]
    versions = list(_versions(target, wanted))
    changed = [
        newer
        for newer, older in pairwise(versions)
        if (newer.state, newer.target) != (older.state, older.target)
    ]
    changed += versions[-1:]
    while changed and changed[-1].state is None:
        changed.pop()
    return changed


def ages(session: EditingSession, name: str, language: str) -> Mapping[str, int]:
    """Return when each entry got its German text, in seconds since 1970, by id.

    Entries that are not committed are missing, and all of them without git.
    """
    target = session.find(name, language)[1]
    loaded = session.catalog(target)
    blame = _git(target, "blame", "--line-porcelain", "--", target.name) if loaded else b""
    if not blame or loaded is None:
        return {}
    times: dict[int, int] = {}
    for part in re.split(rb"\n(?=[0-9a-f]{40,64} \d+ \d+)", blame):
        line = _BLAMED.match(part)
        time = re.search(rb"^author-time (\d+)$", part, re.MULTILINE)
        if line and time and not part.startswith(b"0" * 40):
            times[int(line[1])] = int(time[1])
    shown = [one for one in loaded.entries if not one.obsolete and not is_header(one)]
    return {entry_id(one.key): times[one.line] for one in shown if one.line in times}


def _versions(target: Path, wanted: str) -> Iterator[EntryVersion]:
    """Yield the entry in each commit of its catalog, the newest first."""
    fields = _git(
        target, "log", f"--max-count={_COMMITS}", "--format=%H%x00%an%x00%as", "--", target.name
    )
    for line in fields.decode("utf-8", "replace").splitlines():
        commit, author, date = line.split("\0")
        data = _git(target, "show", "--no-textconv", f"{commit}:./{target.name}")
        entry = _find(target, data, wanted)
        if entry is None:
            yield EntryVersion(commit[:10], date, author, None, "")
            continue
        provenance, state = parse_provenance(entry), entry_state(entry)
        digest = provenance.text if provenance and state is State.DRAFT else ""
        text = "\n".join(entry.targets)
        yield EntryVersion(commit[:10], date, author, state, text, digest)


def _find(target: Path, data: bytes, wanted: str) -> Entry | None:
    try:
        entries = parse_catalog(target, data).entries if data.strip() else ()
    except CatalogError:
        return None  # a damaged version has no entries; the next one may
    return next((one for one in entries if entry_id(one.key) == wanted), None)


def _git(target: Path, *words: str) -> bytes:
    """Return the output of git in the folder of a catalog, nothing if git has none."""
    return run_git(target.parent, *words, max_seconds=_SECONDS)
