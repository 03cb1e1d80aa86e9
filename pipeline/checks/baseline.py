"""Baselines: files of accepted findings, which are not reported again.

A finding is identified by its catalog, check, German text and message. Lines are left out of
messages, because they move; paths are relative to the folder of the baseline.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.checks.registry import MALFORMED, canonical_id
from pipeline.core import Finding, SettingsError
from pipeline.core.file_names import real_path
from pipeline.core.input import parse_json, read_bytes

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

__all__ = ["is_baseline", "load", "new", "render", "stable_message"]

Key = tuple[str, str, str, str]

# Messages of earlier baselines and their present wording.
_FORMER_MESSAGES = [
    (re.compile(former), present)
    for former, present in (
        (r"^Begins in a small letter: ", "Starts with a lower-case letter: "),
        (r"^Translated otherwise at ", "Translated differently at "),
        (r"^The same translation as of another ", "Same translation as another "),
        (r"^Other blanks at the (\w+) than in the", r"White space at the \1 differs from the"),
        (r"^Another number of line breaks than in", "The number of line breaks differs from"),
        (r"^Two blanks in a row$", "Two spaces in a row"),
        (r"^A blank before ", "A space before "),
        (r"^A no-break blank is wanted at ", "Use a no-break space at "),
        (r"^French wants a no-break blank at ", "A no-break space is missing at "),
        (
            r"^The source negates; does the translation\?$",
            "The German has a negation; the translation may have none",
        ),
        (
            r"^The source negates, and nothing in the translation does$",
            "The German has a negation; the translation has none",
        ),
        (
            r"^German quotation mark: write those of the language$",
            "German quotation marks: use those of the target language",
        ),
        (r": the word stands twice$", ": the word is repeated"),
        (r"^A stretch of (\d+) words stands twice in a row$", r"A phrase of \1 words is repeated"),
        (r"^The translation holds only blanks$", "The translation contains only white space"),
        (r"^The translation holds only tags", "The translation contains only tags"),
    )
]
_FIELDS = ("path", "check", "source", "message")

# The place of another entry in a message of the check `consistency`.
_PLACE = re.compile(
    r"^(Translated differently|Same translation as another German text) at .*?:\d+: "
)

# Details that a message states since; without them it is that of an earlier baseline.
_DETAILS = [
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"^(\S) and (\S) do not pair: .*", r"\1 and \2 do not pair"),
        (
            r"^\d+ line breaks?, but \d+ in the source$",
            "The number of line breaks differs from the source",
        ),
        (r"^(White space at the (?:start|end) differs from the source): .*", r"\1"),
        (r"^(A phrase of \d+ words is repeated): .*", r"\1"),
        (r"^(The German has a negation); the translation (has|may have) none: .*",
         r"\1; the translation \2 none"),
        (r"^(The tags are not well nested): .*", r"\1"),
        (r"^(The translation is the German text): .*", r"\1"),
        (r"^(The quotation marks of the source are missing): .*", r"\1"),
        (r"^(German quotation marks: use those of the target language) .*", r"\1"),
        (r"^(Two spaces in a row): .*", r"\1"),
    )
]  # fmt: skip


def load(path: Path) -> Counter[Key]:
    """Read a baseline. Raises SettingsError for a missing or invalid file."""
    hint = "Create it with --write-baseline."
    try:
        read = parse_json(read_bytes(path, SettingsError, missing_hint=hint))
        rows = [tuple(row[name] for name in _FIELDS) for row in read["accepted"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "Replace it with --write-baseline --force."
        raise SettingsError(f"{path}: not a baseline ({error})", hint) from error
    folder = real_path(path).parent
    return Counter(
        (
            _place(folder / str(place), folder),
            canonical_id(str(check)),
            str(source),
            stable_message(_present(str(message))),
        )
        for place, check, source, message in rows
    )


def is_baseline(data: bytes) -> bool:
    """Return whether the content of a file is a baseline."""
    try:
        read = parse_json(data)
        return {"version", "accepted"} <= set(read) and all(
            set(_FIELDS) <= set(row) for row in read["accepted"]
        )
    except (ValueError, TypeError):
        return False


def render(path: Path, findings: Iterable[Finding]) -> tuple[bytes, int]:
    """Return a baseline for `path`, sorted for readable diffs, and its number of findings."""
    rows = sorted(_key(finding, path) for finding in findings)
    accepted = [dict(zip(_FIELDS, row, strict=True)) for row in rows]
    text = json.dumps({"version": 1, "accepted": accepted}, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "surrogateescape"), len(rows)


def new(
    findings: Iterable[Finding], accepted: Counter[Key], path: Path, tally: Tally | None = None
) -> Iterator[Finding]:
    """Yield the findings that a baseline does not accept, each as often as it is new.

    Count the others in `tally`. A catalog that cannot be checked is never accepted.
    """
    left = accepted.copy()
    for finding in findings:
        key = _key(finding, path)
        if left[key] > 0 and finding.check != MALFORMED:
            left[key] -= 1
            if tally is not None:
                tally.accepted += 1
        else:
            yield finding


def _key(finding: Finding, baseline: Path) -> Key:
    place = _place(finding.path, real_path(baseline).parent) if finding.path else ""
    return (place, finding.check, finding.source, stable_message(finding.message))


@lru_cache(maxsize=256)
def _place(path: Path, folder: Path) -> str:
    """Return a path relative to a folder, with slashes; absolute on another drive."""
    path = real_path(path)
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.as_posix()


def stable_message(message: str) -> str:
    """Return a message without details, and without the line of another entry, which moves."""
    message = _PLACE.sub(r"\1: ", message)
    for pattern, plain in _DETAILS:
        message = pattern.sub(plain, message)
    return message


def _present(message: str) -> str:
    for former, present in _FORMER_MESSAGES:
        message = former.sub(present, message)
    return message
