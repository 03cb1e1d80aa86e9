"""Files, JSON and TOML of strangers: read, or rejected with a reason."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import ArticleError
from pipeline.core.input import (
    MAX_DEPTH,
    decode_utf8,
    parse_json,
    parse_toml,
    quote_value,
    read_bytes,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)  # fmt: skip

REJECTED_JSON = (
    "", "{", "[1,]", "nul", "NaN", "[Infinity]", "-Infinity", '{"a": NaN}', "\ufeff1", "'a'",
    '"\\ud800"', '{"\\udfff": 1}', '["ok", {"a": ["\\uDABC x"]}]', '"\\ud83d \\ude00"', '"\ud800"',
    "[" * 100_000, "[" * 101 + "]" * 101, '{"a":' * 101 + "1" + "}" * 101, "9" * 5000,
    '"a\x00b"', '"line\nfeed"', "1 2", "\x00", b"\xff", b'"\xc3("', b"\xff\xfe1\x00",
)  # fmt: skip


@pytest.mark.parametrize("text", REJECTED_JSON, ids=range(len(REJECTED_JSON)))
def test_json_that_no_later_step_can_use(text: str | bytes) -> None:
    """Wrong syntax, deep nesting, half characters and NaN are one kind of error."""
    with pytest.raises(ValueError, match=r"\S"):
        parse_json(text)


@given(VALUES)
def test_json_is_read_as_written(value: Any) -> None:
    """Every ordinary value is returned unchanged, escaped or not, as text or bytes."""
    for ascii_only in (True, False):
        text = json.dumps(value, ensure_ascii=ascii_only)
        assert parse_json(text) == parse_json(text.encode()) == value


def test_json_with_characters_beyond_the_basic_plane() -> None:
    """A pair of surrogates is one character."""
    assert parse_json('["\\ud83d\\ude00"]') == ["\U0001f600"]
    assert parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.text("[]{}=.\"'\n#a1-T:", max_size=60).map(str.encode)
)
def test_toml_is_a_table_or_an_error(data: bytes) -> None:
    """Settings of any bytes are parsed or rejected."""
    with suppress(ValueError):
        assert isinstance(parse_toml(data), dict)


@pytest.mark.parametrize(
    "data",
    [
        b"a = " + b"[" * 5000,
        b"a = " + b"[" * 200 + b"]" * 200,
        b"a." * 500 + b"b = 1",
        b"a = " + b"9" * 5000,
    ],
    ids=["nested", "closed", "dotted", "digits"],
)
def test_toml_that_is_nested_too_deeply(data: bytes) -> None:
    """Nesting beyond reason is an error of the file, not of the parser."""
    with pytest.raises(ValueError, match=r"\S"):
        parse_toml(data)


def test_toml_may_start_with_a_byte_order_mark() -> None:
    """Windows editors write one."""
    assert parse_toml(b"\xef\xbb\xbfa = 1") == {"a": 1}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """The error names the file and the reason."""
    for path, reason in (
        (tmp_path / "none", "no such file"),
        (tmp_path, "Is a directory"),
        (tmp_path / "a\0b", "not a valid file name"),
        (tmp_path / ("x" * 300), "File name too long"),
        (tmp_path / "none" / "a", "no such file"),
    ):
        with pytest.raises(ArticleError, match=reason) as caught:
            read_bytes(path, ArticleError)
        assert str(path) in caught.value.message


def test_sizes_are_limited(tmp_path: Path) -> None:
    """An endless device and a huge file are rejected; a pipe is read."""
    huge = tmp_path / "huge"
    with huge.open("wb") as stream:
        stream.truncate((1 << 30) + 1)
    with pytest.raises(ArticleError, match="larger than 1 GiB"):
        read_bytes(huge, ArticleError)
    reading, writing = os.pipe()
    os.write(writing, b"piped")
    os.close(writing)
    assert read_bytes(Path(f"/dev/fd/{reading}"), ArticleError) == b"piped"
    os.close(reading)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"a\nb\xff", "f:2: not UTF-8: byte 0xff at offset 3"),
        (b"\xef\xbb\xbfa\n\xc3", "f:2: not UTF-8: byte 0xc3 at offset 5"),
    ],
)
def test_text_that_is_not_utf8(data: bytes, where: str) -> None:
    """The message has line, byte and offset, with or without a byte order mark."""
    with pytest.raises(ArticleError, match=where):
        decode_utf8(data, "f", ArticleError, "Convert it.")


def test_long_values_are_shortened_in_messages() -> None:
    """A message stays readable, whatever a file contains."""
    assert len(quote_value("x" * 100_000)) <= 80
    assert quote_value("a\nb") == r"'a\nb'"
