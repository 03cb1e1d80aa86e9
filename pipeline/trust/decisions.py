"""The stored decisions to trust settings: `trust.json` in the user's configuration folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core import PipelineError
from pipeline.core.input import parse_json
from pipeline.files import lock_directory, replace_file
from pipeline.trust.user_settings import config_dir

__all__ = ["Decision", "all_decisions", "project_decisions", "revoke", "store"]

FILE = "trust.json"
DAMAGED = ".damaged"
"""Suffix of the copy of a file that could not be read."""

_VERSION = 1
_BYTES = "bytes:"  # no absolute path starts like this


@dataclass(frozen=True, slots=True)
class Decision:
    """A setting of a project that the user trusts; `digest` covers the setting and its value.

    `date` is in UTC, ISO 8601. `value` is for display only.
    """

    setting: str
    value: str
    digest: str
    date: str = ""


def project_decisions(root: Path) -> tuple[Decision, ...]:
    """Return the decisions on a project. Raises PipelineError if they cannot be read."""
    return all_decisions().get(_key(root), ())


def all_decisions() -> dict[str, tuple[Decision, ...]]:
    """Return the decisions of all projects, by the path of the project.

    Damaged entries count as no decision: the user is asked again. Raises PipelineError if
    the file cannot be read.
    """
    return _parse(_read())


def store(root: Path, agreed: Iterable[tuple[str, str, str]]) -> None:
    """Add decisions on a project, as (setting, value, digest).

    A decision on the same setting with another value stays: both were agreed to. Raises
    PipelineError if the file cannot be written.
    """
    from datetime import UTC, datetime

    date = datetime.now(UTC).isoformat(timespec="seconds")
    new = [Decision(*one, date) for one in agreed]
    with _locked():
        known = _load_for_writing()
        digests = {one.digest for one in new}
        kept = [one for one in known.get(_key(root), ()) if one.digest not in digests]
        _write(known | {_key(root): (*kept, *new)})


def revoke(folder: Path) -> tuple[str, int]:
    """Forget all decisions on the project in a folder, or in the nearest parent folder.

    The project itself is not read: it may be gone. Returns the path of the project and the
    number of decisions; "" and 0 if there are none.
    """
    with _locked():
        known = _load_for_writing()
        start = Path(_key(folder))
        for candidate in map(str, (start, *start.parents)):
            if candidate in known:
                number = len(known.pop(candidate))
                _write(known)
                return candidate, number
    return "", 0


def _key(root: Path) -> str:
    return os.path.realpath(root)


def _encode_path(path: str) -> str:
    """Return the form of a path in the file. JSON cannot hold bytes that are not UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return _BYTES + os.fsencode(path).hex()
    return path


def _encodable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def _decode_path(stored: str) -> str:
    """Return a path from its form in the file; raises ValueError."""
    if stored.startswith(_BYTES):
        return os.fsdecode(bytes.fromhex(stored.removeprefix(_BYTES)))
    return stored


def _locked() -> Any:
    folder = config_dir()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PipelineError(
            f"{folder}: {error.strerror}",
            "Decisions are stored there. Check its permissions, or use --trust.",
        ) from error
    return lock_directory(folder)


def _read() -> bytes:
    path = config_dir() / FILE
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise PipelineError(
            f"{path}: {error.strerror}",
            "Decisions to trust projects are stored there. Check its permissions.",
        ) from error


def _load_for_writing() -> dict[str, tuple[Decision, ...]]:
    """Return all decisions; a file that cannot be parsed is copied before it is replaced."""
    data = _read()
    if data and _load(data) is None:
        path = config_dir() / FILE
        with suppress(PipelineError):
            replace_file(path.with_name(path.name + DAMAGED), data)
    return _parse(data)


def _write(known: dict[str, tuple[Decision, ...]]) -> None:
    projects = {
        _encode_path(root): [
            {"setting": d.setting, "value": _encodable(d.value), "digest": d.digest, "date": d.date}
            for d in found
        ]
        for root, found in sorted(known.items())
    }
    data = json.dumps({"version": _VERSION, "projects": projects}, indent=1).encode()
    replace_file(config_dir() / FILE, data + b"\n")


def _load(data: bytes) -> dict[str, Any] | None:
    """Return the projects in a file, None if it is damaged."""
    try:
        projects = parse_json(data)["projects"]
    except (ValueError, KeyError, TypeError):
        return None
    return projects if isinstance(projects, dict) else None


def _parse(data: bytes) -> dict[str, tuple[Decision, ...]]:
    found: dict[str, tuple[Decision, ...]] = {}
    for stored, rows in (_load(data) or {}).items():
        try:
            root = _decode_path(stored)
        except ValueError:
            continue
        parsed = [_parse_row(row) for row in rows] if isinstance(rows, list) else []
        if valid := tuple(row for row in parsed if row is not None):
            found[root] = valid
    return found


def _parse_row(row: object) -> Decision | None:
    if not isinstance(row, dict):
        return None
    values = [row.get(name, "") for name in ("setting", "value", "digest", "date")]
    if not all(isinstance(value, str) for value in values) or not row.get("digest"):
        return None
    return Decision(*values)
