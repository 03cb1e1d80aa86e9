"""Baselines: findings that were there already and are accepted until someone mends them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.checks.registry import canonical_id
from pipeline.core.errors import SettingsError
from pipeline.core.types import Finding
from pipeline.files import atomic

Key = tuple[str, str, str, str]
_FIELDS = ("path", "check", "source", "message")


def load(path: Path) -> Counter[Key]:
    """Read a baseline; raises SettingsError for a file that is missing or is none."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        rows = [tuple(row[name] for name in _FIELDS) for row in read["accepted"]]
    except OSError as error:
        hint = "Make it with --write-baseline."
        raise SettingsError(f"{path}: {error.strerror}", hint) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "Make it anew with --write-baseline."
        raise SettingsError(f"{path}: not a baseline ({error})", hint) from error
    return Counter((str(a), canonical_id(str(b)), str(c), str(d)) for a, b, c, d in rows)


def write(path: Path, findings: Iterable[Finding]) -> int:
    """Write findings as accepted, sorted, so that a change shows in a diff; gives their number."""
    rows = sorted(_key(finding, path) for finding in findings)
    accepted = [dict(zip(_FIELDS, row, strict=True)) for row in rows]
    text = json.dumps({"version": 1, "accepted": accepted}, ensure_ascii=False, indent=1)
    atomic.write_atomic(path, (text + "\n").encode())
    return len(rows)


def new(findings: Iterable[Finding], accepted: Counter[Key], path: Path) -> Iterator[Finding]:
    """Leave out findings that a baseline accepts; one that came up again, oftener, stays."""
    left = accepted.copy()
    for finding in findings:
        key = _key(finding, path)
        if left[key] > 0:
            left[key] -= 1
        else:
            yield finding


def _key(finding: Finding, baseline: Path) -> Key:
    """What tells a finding apart: not its line, which moves; paths as seen from the baseline."""
    place = ""
    if finding.path is not None:
        folder = baseline.resolve().parent
        whole = finding.path.resolve()
        inside = whole.is_relative_to(folder)
        place = (whole.relative_to(folder) if inside else whole).as_posix()
    return (place, finding.check, finding.source, finding.message)
