"""Input boundary: bytes, text, JSON and TOML from files, servers and the environment.

The standard parsers raise RecursionError for deep nesting, accept half characters (lone
surrogates) that cannot be encoded again, and read endless devices. These readers raise
ValueError or a PipelineError instead.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from pipeline.core.errors import PipelineError
from pipeline.core.text import shorten

__all__ = [
    "MAX_LINE_BYTES",
    "InputError",
    "decode_line",
    "decode_utf8",
    "parse_json",
    "parse_toml",
    "quote_value",
    "read_bytes",
    "read_lines",
    "system_reason",
]

MAX_BYTES = 1 << 30
"""Maximum size of a file that is read as a whole."""

MAX_DEVICE_BYTES = 64 << 20
"""Maximum number of bytes that are read from a device."""

MAX_DEPTH = 100
"""Maximum nesting of JSON and TOML."""

MAX_LINE_BYTES = 64 << 20
"""Maximum length of a line of standard input."""

_CHUNK = 1 << 20
_QUOTED_CHARACTERS = 80
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


class InputError(ValueError):
    """Malformed input; the message is a predicate such as "is nested too deeply"."""


def read_bytes(
    path: Path,
    error: type[PipelineError],
    hint: str = "Check the path and its permissions.",
    *,
    missing_hint: str = "",
) -> bytes:
    """Return the content of a file; raises `error` if it cannot be read or exceeds 1 GiB.

    `missing_hint` replaces `hint` if there is no such file.
    """
    try:
        with path.open("rb") as stream:
            data = _read_all(stream)
    except FileNotFoundError as failure:
        raise error(f"{path}: no such file", missing_hint or hint) from failure
    except (OSError, ValueError) as failure:
        raise error(f"{path}: {system_reason(failure)}", hint) from failure
    if data is None:
        limit = f"{MAX_BYTES >> 30} GiB, or an endless device"
        raise error(f"{path}: larger than {limit}", "Split it.")
    return data


def read_lines(stream: BinaryIO, name: str, error: type[PipelineError]) -> Iterator[str]:
    """Yield the lines of a stream in UTF-8 without their ends; only a line feed ends a line.

    Raises `error`, with the number of the line, if it is not UTF-8 or exceeds 64 MiB.
    """
    number = 0
    while data := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(data) > MAX_LINE_BYTES:
            limit = f"longer than {MAX_LINE_BYTES >> 20} MiB"
            raise error(f"{name}:{number}: {limit}", "Split the line.")
        yield decode_line(data.rstrip(b"\r\n"), number, name, error)


def decode_line(data: bytes, number: int, name: str, error: type[PipelineError]) -> str:
    """Decode a line in UTF-8; the first may start with a byte order mark. Raises `error`."""
    try:
        return data.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as failure:
        hint = "Convert it with `iconv -t UTF-8`."
        raise error(f"{name}:{number}: not UTF-8", hint) from failure


def decode_utf8(data: bytes, where: object, error: type[PipelineError], hint: str) -> str:
    """Decode UTF-8 without its byte order mark; raises `error` with line and byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        # The codec counts from the end of the byte order mark.
        at = failure.start + len(data) - len(failure.object)
        line = data.count(b"\n", 0, at) + 1
        raise error(
            f"{where}:{line}: not UTF-8: byte 0x{data[at]:02x} at offset {at}", hint
        ) from failure


def parse_json(text: str | bytes) -> Any:
    """Parse JSON (RFC 8259); bytes are UTF-8.

    Raises ValueError for wrong syntax, NaN and infinity, lone surrogates, numbers of more
    than 4,300 digits, and more than 100 levels.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    try:
        value = json.loads(text, parse_constant=_reject_constant)
    except RecursionError:
        raise InputError("is nested too deeply") from None
    if text.count("[") + text.count("{") > MAX_DEPTH or _SURROGATE_ESCAPE.search(text):
        _verify(value)
    return value


def parse_toml(data: bytes) -> dict[str, Any]:
    """Parse TOML in UTF-8; raises ValueError for wrong syntax and more than 100 levels."""
    try:
        value = tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise InputError("is nested too deeply") from None
    _verify(value)
    return value


def quote_value(value: object) -> str:
    """Return the representation of a value for a message, on one line and shortened."""
    return shorten(repr(value), _QUOTED_CHARACTERS)


def system_reason(error: OSError | ValueError) -> str:
    """Return why a system call failed: `No such file or directory`."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"not a valid file name ({error})"


def _read_all(stream: BinaryIO) -> bytes | None:
    """Read up to `MAX_BYTES`; None for more. Devices and pipes are read in chunks."""
    status = os.fstat(stream.fileno())
    if stat.S_ISREG(status.st_mode):
        return stream.read() if status.st_size <= MAX_BYTES else None
    # A device such as /dev/zero never ends.
    maximum = MAX_DEVICE_BYTES if stat.S_ISCHR(status.st_mode) else MAX_BYTES
    data = bytearray()
    while chunk := stream.read(_CHUNK):
        data += chunk
        if len(data) > maximum:
            return None
    return bytes(data)


def _reject_constant(name: str) -> NoReturn:
    raise InputError(f"contains {name}, which is not JSON")


def _verify(value: object) -> None:
    """Raise InputError for a value that is nested too deeply or holds a lone surrogate."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        if not level:
            return
        for item in level:
            if isinstance(item, str) and _SURROGATE.search(item):
                raise InputError("contains half a character (a lone surrogate)")
        level = [inner for item in level for inner in _children(item)]
    if level:
        raise InputError("is nested too deeply")


def _children(item: object) -> list[Any]:
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    return item if isinstance(item, list) else []
