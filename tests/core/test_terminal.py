"""What a terminal or a CI runner would interpret is shown, not sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.terminal import printable

SAFE = ("Grüße – “ok” «là»", "tabs\tand\nlines", "emoji 👩‍🚀 and 漢字", "a::b and C::D", "#[x] ##")
UNSAFE = (
    ("\x1b[2Jgone", r"\x1b[2Jgone"),
    ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
    ("safe\rEVIL", r"safe\x0dEVIL"),
    ("back\x08space", r"back\x08space"),
    ("\x9b31m", r"\x9b31m"),
    ("nul\0", r"nul\x00"),
    ("del\x7f", r"del\x7f"),
    ("user\u202egnp.exe", r"user\u202egnp.exe"),
    ("\u2066isolated\u2069", r"\u2066isolated\u2069"),
    ("\u061c\u200e\u200f", r"\u061c\u200e\u200f"),
    ("two\u2028lines\u2029", r"two\u2028lines\u2029"),
    ("caf\udce9.txt", r"caf\xe9.txt"),
    ("half \ud83d", r"half \ud83d"),
    ("::error file=x::pwned", r"\::error file=x::pwned"),
    ("ok\n::set-output name=a::b", "ok\n" + r"\::set-output name=a::b"),
    ("ok\n \t::add-mask::b", "ok\n \t" + r"\::add-mask::b"),
    ("x ##[error]pwned", r"x #\#[error]pwned"),
    ("##vso[task.setvariable]", r"#\#vso[task.setvariable]"),
    ("##teamcity[buildStatus]", r"#\#teamcity[buildStatus]"),
)


@pytest.mark.parametrize("text", SAFE)
def test_ordinary_text_stays(text: str) -> None:
    """Text in any script is printed as it is."""
    assert printable(text) == text


@pytest.mark.parametrize(("text", "shown"), UNSAFE)
def test_escapes(text: str, shown: str) -> None:
    """Control characters, disguised directions and commands become visible."""
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_nothing_dangerous_remains(text: str) -> None:
    """Any text can be encoded and holds no control character and no workflow command."""
    shown = printable(text)
    shown.encode()
    assert all(c in "\t\n" or c.isprintable() or c.isspace() or ord(c) > 0x9F for c in shown)
    assert not any(line.lstrip().startswith("::") for line in shown.split("\n"))
