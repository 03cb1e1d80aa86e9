"""Output boundary: text from files and servers, made safe for terminals and CI logs.

Control characters can rewrite a terminal, bidirectional controls can disguise text, and a
line that starts with `::` is a command to GitHub Actions. They are shown as escapes.
"""

from __future__ import annotations

import re

__all__ = ["has_unsafe_characters", "printable"]

# Control characters but tab and line feed; Unicode's Bidi_Control; other line ends; surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
# `::error …` of GitHub Actions; `##[error]`, `##vso[…]` and `##teamcity[…]` of other runners.
_COMMAND = re.compile(r"^([^\S\n]*)::", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=\w*\[)")


def printable(text: str) -> str:
    """Escape what a terminal or a CI runner would interpret; keep tabs and line feeds.

    A byte of a file name that is not UTF-8 is shown as `\\xff`.
    """
    escaped = _UNSAFE.sub(_escape, text)
    return _OLD_COMMAND.sub(r"#\\#", _COMMAND.sub(r"\1\\::", escaped))


def has_unsafe_characters(text: str) -> bool:
    """Return whether a text has characters that `printable` escapes; not tabs and line feeds."""
    return _UNSAFE.search(text) is not None


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # PEP 383: a byte that could not be decoded
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
