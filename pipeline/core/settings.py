"""Reads an engine's own table of the settings into a dataclass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, TypeVar

from pipeline.core.errors import SettingsError

Settings = TypeVar("Settings")

_SECRET = re.compile(r"key$|^token$|secret|password")
_NAMES = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}


def load_settings(kind: type[Settings], engine: str, table: Mapping[str, Any]) -> Settings:
    """Make a `kind` of the table `[engines.ENGINE]`.

    `kind` is a dataclass whose fields all have defaults, of the types str, int, float or
    bool; `metadata={"least": …, "most": …}` limits a number. Raises SettingsError for an
    unknown setting, with the one that may be meant, and for a value that is none.
    """
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for key, value in table.items():
        if key not in known:
            if _SECRET.search(key.lower()):
                hint = "Keys are never read from a file, only from the environment."
            else:
                near = get_close_matches(key, known, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
            raise SettingsError(f"[engines.{engine}]: unknown setting {key!r}", hint)
        wanted = type(known[key].default)
        good = type(value) is wanted or (wanted is float and type(value) is int)
        if not good:
            raise SettingsError(
                f"[engines.{engine}]: {key} = {value!r} is not {_NAMES[wanted]}", "Mend it."
            )
        least, most = (known[key].metadata.get(end) for end in ("least", "most"))
        if least is not None and not least <= value <= most:
            raise SettingsError(
                f"[engines.{engine}]: {key} = {value!r}", f"Write {least} to {most}."
            )
    return kind(**table)
