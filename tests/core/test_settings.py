"""Validation of settings."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SettingsError
from pipeline.core.settings import PERCENTAGE, STRING_LIST, TABLE, choice, load_settings, number


@dataclass(frozen=True)
class Example:
    """One setting of each kind."""

    url: str = ""
    retries: int = field(default=4, metadata={"rule": number(int, 0, 20)})
    timeout: float = field(default=60.0, metadata={"rule": number(float, 1, 3600)})
    seed: int = 0
    stream: bool = False
    mode: str = field(default="a", metadata={"rule": choice("a", "b")})
    share: int = field(default=70, metadata={"rule": PERCENTAGE})


def test_valid_settings_override_the_defaults() -> None:
    table = {"retries": 0, "timeout": 3600, "mode": "b", "stream": True}
    assert load_settings(Example, "x", table) == Example("", 0, 3600, 0, True, "b", 70)


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ({"retrys": 1}, "unknown setting 'retrys'", "Did you mean 'retries'?"),
        ({"zzz": 1}, "unknown setting 'zzz'", "Known: url, retries, "),
        ({"auth_key": "s3cret"}, "unknown setting 'auth_key'", "only from the environment"),
        ({"url": 1}, "url = 1 is not a string", "quotes"),
        ({"retries": 21}, "retries = 21 is not a whole number from 0 to 20", "Write a whole"),
        ({"retries": True}, "retries = True is not a whole number", ""),
        ({"retries": 1.0}, "retries = 1.0 is not a whole number", ""),
        ({"timeout": 0.5}, "timeout = 0.5 is not a number from 1 to 3600", ""),
        ({"timeout": float("nan")}, "timeout = nan is not a number", ""),
        ({"seed": "1"}, "seed = '1' is not a whole number", "Write a whole number."),
        ({"stream": 1}, "stream = 1 is not true or false", "Write true or false."),
        ({"mode": "c"}, "mode = 'c' is not 'a' or 'b'", "Write 'a' or 'b'."),
        ({"mode": []}, "mode = [] is not 'a' or 'b'", ""),
        ({"share": 101}, "share = 101 is not a percentage", "0 to 100"),
    ],
)
def test_an_invalid_setting_is_named(table: dict[str, object], message: str, hint: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(Example, "x", table)
    assert error.value.message.startswith(f"[engines.x]: {message}")
    assert hint in error.value.hint
    assert "s3cret" not in error.value.message + error.value.hint


@given(st.dictionaries(st.text(max_size=8) | st.sampled_from(["url", "seed"]), st.none()))
def test_no_value_is_ignored(table: dict[str, None]) -> None:
    if table:
        with pytest.raises(SettingsError):
            load_settings(Example, "x", table)


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "a\tb", "\x1b[2J", "\u202e", "\x85", "\udcff"])
def test_control_characters_are_rejected_in_any_string(text: str) -> None:
    """Also within lists and tables, in values and in names."""

    @dataclass(frozen=True)
    class Nested:
        names: list[str] = field(default_factory=list, metadata={"rule": STRING_LIST})
        table: dict[str, object] = field(default_factory=dict, metadata={"rule": TABLE})

    for table in ({"names": ["a", text]}, {"table": {"x": {"y": [text]}}}, {"table": {text: 1}}):
        with pytest.raises(SettingsError, match="is not printable"):
            load_settings(Nested, "x", table)
