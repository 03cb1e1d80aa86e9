"""Validation of settings: those of a project, and the tables of engines.

Settings are the fields of a dataclass. The type of the default decides which values are
valid, or a `Rule` in the field's metadata: `field(default=70, metadata={"rule": PERCENTAGE})`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pipeline.core.errors import SettingsError
from pipeline.core.input import quote_value
from pipeline.core.terminal import has_unsafe_characters
from pipeline.core.text import suggest

__all__ = [
    "CONFIDENCE",
    "FOLDER_INSIDE",
    "FORMALITY",
    "NOTIFY",
    "PERCENTAGE",
    "PRICES",
    "REVIEW",
    "STRING",
    "STRING_LIST",
    "TABLE",
    "TABLE_OF_TABLES",
    "choice",
]

Settings = TypeVar("Settings")

_SECRET = re.compile(r"key$|^token$|secret|password")


@dataclass(frozen=True, slots=True)
class Rule:
    """The valid values of a setting.

    `expected` completes the message "KEY = VALUE is not …"; the default hint is to write it.
    """

    expected: str
    accepts: Callable[[Any], bool]
    hint: str = ""

    def check(self, key: str, value: object, where: str) -> None:
        """Raise SettingsError for an invalid value; `where` is the file or table."""
        if not self.accepts(value):
            hint = self.hint or f"Write {self.expected}."
            raise SettingsError(
                f"{where}: {key} = {quote_value(value)} is not {self.expected}", hint
            )


def number(
    kind: type[int] | type[float], minimum: float | None = None, maximum: float | None = None
) -> Rule:
    """Return the rule for a number; limits are inclusive, integers are floats."""
    types = (int,) if kind is int else (int, float)
    expected = "a whole number" if kind is int else "a number"
    if minimum is None or maximum is None:
        return Rule(expected, lambda value: type(value) in types)
    return Rule(
        f"{expected} from {minimum} to {maximum}",
        lambda value: type(value) in types and minimum <= value <= maximum,
    )


def choice(*options: str) -> Rule:
    """Return the rule for one of several strings."""
    return Rule(" or ".join(map(repr, options)), lambda value: value in options)


def _is_string_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_table_of_tables(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, dict) for item in value.values())


def _is_folder_inside(value: object) -> bool:
    if not isinstance(value, str):
        return False
    folder = PurePosixPath(value)
    return not folder.is_absolute() and ".." not in folder.parts


STRING = Rule("a string", lambda value: isinstance(value, str), "Put the value in quotes.")
FLAG = Rule("true or false", lambda value: isinstance(value, bool))
TABLE = Rule("a table", lambda value: isinstance(value, dict))
TABLE_OF_TABLES = Rule("a table of tables", _is_table_of_tables)
STRING_LIST = Rule("a list of strings", _is_string_list)
COMMAND = Rule(
    "a list of words", lambda value: _is_string_list(value) and bool(value) and bool(value[0])
)
NOTIFY = Rule(
    "a table with a command",
    lambda value: (
        isinstance(value, dict)
        and value.keys() <= {"command"}
        and all(map(COMMAND.accepts, value.values()))
    ),
    'Write command = ["notify-send", "translated"] under [notify].',
)


def _switches(table: str, name: str) -> Rule:
    """Return the rule of a table with one setting that is true or false."""
    return Rule(
        f"a table with {name}",
        lambda value: (
            isinstance(value, dict)
            and value.keys() <= {name}
            and all(isinstance(one, bool) for one in value.values())
        ),
        f"Write {name} = true under [{table}].",
    )


REVIEW = _switches("review", "measure")
CONFIDENCE = _switches("confidence", "learn")
FORMALITIES = ("formal", "informal")
FORMALITY = Rule(
    "'formal', 'informal' or a table of them by language",
    lambda value: (
        value in ("", *FORMALITIES)
        if isinstance(value, str)
        else isinstance(value, dict) and all(one in FORMALITIES for one in value.values())
    ),
    'Write formality = "formal", or fr = "informal" under [formality].',
)
PRICES = Rule(
    "a table of prices",
    lambda value: (
        isinstance(value, dict)
        and all(type(price) in (int, float) and price >= 0 for price in value.values())
    ),
    "Write deepl = 20.0 under [prices]: the price of a million characters.",
)
PERCENTAGE = Rule("a percentage from 0 to 100", number(int, 0, 100).accepts)
FOLDER_INSIDE = Rule(
    "a folder inside the project", _is_folder_inside, "Write a path relative to the project."
)


def load_settings(kind: type[Settings], engine: str, table: Mapping[str, Any]) -> Settings:
    """Convert the table `[engines.ENGINE]` to a dataclass with defaults.

    Raises SettingsError for an unknown setting or a value that is not valid.
    """
    check_settings(kind, table, f"[engines.{engine}]")
    return kind(**table)


def check_settings(
    kind: type, table: Mapping[str, Any], where: str, exclude: tuple[str, ...] = ()
) -> None:
    """Raise SettingsError for the first entry of a table that is not a valid setting.

    The valid names are the fields of the dataclass `kind`, except those in `exclude`.
    """
    rules = {f.name: f for f in fields(kind) if f.name not in exclude}
    for key, value in table.items():
        if key not in rules:
            secret = _SECRET.search(key.lower())
            hint = "Secrets are read only from the environment." if secret else suggest(key, rules)
            raise SettingsError(f"{where}: unknown setting {key!r}", hint)
        rule = rules[key].metadata.get("rule") or _rule_for(rules[key].default)
        rule.check(key, value, where)
        _require_printable(key, value, where)


def _require_printable(key: str, value: object, where: str) -> None:
    """Raise SettingsError for control characters in a string, or in those of a list or table.

    Settings become paths, addresses and messages: none of them may have a line break or NUL.
    """
    if isinstance(value, str):
        if has_unsafe_characters(value) or "\n" in value or "\t" in value:
            hint = "Remove the control character, for example a line break."
            raise SettingsError(f"{where}: {key} = {quote_value(value)} is not printable", hint)
    elif isinstance(value, list):
        for item in value:
            _require_printable(key, item, where)
    elif isinstance(value, dict):
        for name, item in value.items():
            _require_printable(key, name, where)
            _require_printable(f"{key}.{name}", item, where)


def _rule_for(default: object) -> Rule:
    if isinstance(default, bool):
        return FLAG
    if isinstance(default, (int, float)):
        return number(type(default))
    return STRING
