"""Effort of reviewing, measured only if the project asks for it (`[review] measure = true`).

One line of JSON for each approval in `.translate/effort.jsonl`, a folder that git ignores:
nothing leaves the machine. The edit rate is HTER (Snover et al., 2006) without shifts: the
words inserted, deleted or replaced in the machine's draft, by the words of the result.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from statistics import median

from rapidfuzz.distance import Levenshtein

from pipeline.catalog import is_digest_of
from pipeline.core.input import parse_json
from pipeline.project import Project
from pipeline.workflows.editing.entries import EditorEntry

__all__ = ["Approval", "EngineEffort", "effort_by_engine", "read_approvals", "record_approval"]

_FILE = "effort.jsonl"
_MAX_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval: the draft it started from, and what it took.

    `words` are those of the result, `edits` the words edited in the draft (None: the draft is
    not known), `seconds` the time the entry was active in the page.
    """

    article: str
    language: str
    entry: str
    engine: str
    model: str
    confidence: int | None
    words: int
    edits: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class EngineEffort:
    """The approvals of drafts of an engine in a language.

    `edit_rate` is edited words by words of the results, in per cent; `unedited` the share of
    drafts approved as they were, in per cent; `words_per_hour` is for the median speed.
    """

    engine: str
    model: str
    language: str
    approvals: int
    words: int
    edit_rate: float
    unedited: float
    words_per_hour: float


def record_approval(
    project: Project, article: str, language: str, entry: EditorEntry, draft: str, seconds: float
) -> bool:
    """Append an approval; returns False, and writes nothing, unless the project measures.

    `draft` is the machine's draft as the page knew it, "" if it did not. Raises ArticleError
    if symbolic links lead the file outside of the project.
    """
    if not project.review.get("measure"):
        return False
    final = "\n".join(entry.targets)
    known = bool(draft) and is_digest_of(entry.draft_digest, draft)
    edits = Levenshtein.distance(draft.split(), final.split()) if known else None
    line = Approval(
        article,
        language,
        entry.id,
        entry.engine,
        entry.model,
        entry.confidence,
        len(final.split()),
        edits,
        round(min(max(seconds, 0.0), _MAX_SECONDS), 1),
    )
    path = project.local_file(_FILE, create=True)
    # One write below the size of a page is not mixed with that of another process.
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    with os.fdopen(number, "wb", buffering=0) as file:
        file.write(json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n")
    return True


def read_approvals(project: Project) -> Iterator[Approval]:
    """Yield the recorded approvals; lines that are none, for example cut off, are skipped."""
    path = project.local_file(_FILE)
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines():
        try:
            yield Approval(**parse_json(line))
        except (ValueError, TypeError):
            continue


def effort_by_engine(approvals: Iterable[Approval]) -> tuple[EngineEffort, ...]:
    """Summarize approvals of drafts by engine, model and language, the most frequent first.

    Only the last approval of an entry counts.
    """
    last = {(one.article, one.language, one.entry): one for one in approvals}
    groups: dict[tuple[str, str, str], list[Approval]] = {}
    for one in last.values():
        if one.engine and one.edits is not None:
            groups.setdefault((one.engine, one.model, one.language), []).append(one)
    found = [_summary(key, group) for key, group in groups.items()]
    return tuple(sorted(found, key=lambda one: -one.approvals))


def _summary(key: tuple[str, str, str], group: list[Approval]) -> EngineEffort:
    words = sum(one.words for one in group)
    edits = [one.edits or 0 for one in group]
    speeds = [one.words / one.seconds * 3600 for one in group if one.seconds]
    return EngineEffort(
        *key,
        approvals=len(group),
        words=words,
        edit_rate=round(100 * sum(edits) / max(words, 1), 1),
        unedited=round(100 * edits.count(0) / len(group), 1),
        words_per_hour=round(median(speeds)) if speeds else 0.0,
    )
