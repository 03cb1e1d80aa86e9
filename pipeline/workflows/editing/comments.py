"""A reviewer's remarks on an entry, as translator comments that every gettext tool keeps.

The comments of an entry are lines of four kinds: free text, the remarks of a reviewer in the
form `# translate: question`, `# translate: mqm ACCURACY/MAJOR: text` and
`# translate: ignore-CHECK`, the provenance of a draft, and other lines of this tool.
MQM is Multidimensional Quality Metrics (https://themqm.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.catalog import human_notes
from pipeline.catalog.po import Entry
from pipeline.core import PipelineError, one_line

__all__ = ["CATEGORIES", "SEVERITIES", "Mark", "Remarks", "read_remarks", "remark_lines"]

CATEGORIES = ("accuracy", "fluency", "terminology", "style", "locale")
SEVERITIES = ("minor", "major", "critical")

_TOOL = re.compile(r"#[ \t]*translate: ")
_MARK = re.compile(
    rf"#[ \t]*translate: mqm ({'|'.join(CATEGORIES)})/({'|'.join(SEVERITIES)})(?:: (.*))?"
)
_QUESTION = re.compile(r"#[ \t]*translate: question[ \t]*")
_IGNORE = re.compile(r"#[ \t]*translate: (ignore-[a-z-]+(?:[, ]+ignore-[a-z-]+)*)[ \t]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """An error that a reviewer marked: its category, its severity, and what it is about."""

    category: str
    severity: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What reviewers wrote about an entry.

    `note` is free text for the author, `question` flags an entry that needs an answer,
    `ignored` are ids of checks whose findings are accepted.
    """

    note: str = ""
    question: bool = False
    marks: tuple[Mark, ...] = ()
    ignored: tuple[str, ...] = ()


def read_remarks(entry: Entry) -> Remarks:
    """Return the remarks in the comments of an entry."""
    lines = human_notes(entry)
    note = [line.removeprefix("#").removeprefix(" ") for line in lines if not _TOOL.match(line)]
    marks = [Mark(m[1], m[2], m[3] or "") for line in lines if (m := _MARK.fullmatch(line))]
    ignored = [
        name.removeprefix("ignore-")
        for line in lines
        if (match := _IGNORE.fullmatch(line))
        for name in re.split("[, ]+", match[1])
    ]
    question = any(map(_QUESTION.fullmatch, lines))
    return Remarks("\n".join(note), question, tuple(marks), tuple(dict.fromkeys(ignored)))


def remark_lines(others: Iterable[str], remarks: Remarks) -> tuple[str, ...]:
    """Return the human comment lines of an entry with other remarks.

    `others` are its present lines, of which those that are no remarks stay. Raises
    PipelineError for an unknown category or severity, or a line that would look like one of
    the tool's own.
    """
    kept = [line for line in others if _TOOL.match(line) and not _is_remark(line)]
    note = [f"# {line}".rstrip() for line in remarks.note.splitlines()]
    if any(map(_TOOL.match, note)):
        raise PipelineError("a note cannot start with 'translate:'", "Start it with another word.")
    while note and note[-1] == "#":
        note.pop()
    return (
        *note,
        *kept,
        *(["# translate: question"] if remarks.question else []),
        *map(_mark_line, remarks.marks),
        *(f"# translate: ignore-{_check_id(name)}" for name in dict.fromkeys(remarks.ignored)),
    )


def tool_lines(entry: Entry, prefix: str) -> Sequence[str]:
    """Return the texts of comment lines `# translate: PREFIX…` of an entry."""
    pattern = re.compile(rf"#[ \t]*translate: {re.escape(prefix)}")
    return [line[match.end() :] for line in entry.notes if (match := pattern.match(line))]


def _is_remark(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_MARK, _QUESTION, _IGNORE))


def _mark_line(mark: Mark) -> str:
    if mark.category not in CATEGORIES or mark.severity not in SEVERITIES:
        raise PipelineError(
            f"unknown mark {mark.category}/{mark.severity}",
            f"Use {', '.join(CATEGORIES)} and {', '.join(SEVERITIES)}.",
        )
    text = f": {one_line(mark.text)}" if mark.text.strip() else ""
    return f"# translate: mqm {mark.category}/{mark.severity}{text}"


def _check_id(name: str) -> str:
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name):
        raise PipelineError(f"{name!r} is not the id of a check", "Name one of the findings.")
    return name
