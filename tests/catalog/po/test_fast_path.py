"""The fast path returns what the parser returns, for every text that it accepts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog.po.fast_path import parse_plain
from pipeline.catalog.po.parser import parse_po

LINES = (
    "", " ", "#", "# note", "#. extracted", "#: a.txt:1", "#, fuzzy", '#| msgid "old"', "#~ note",
    '#~ msgid "a"', '#~ msgstr "b"', "  # indented", "# \u2028 \u0085", "#\tx\f",
    'msgctxt "menu"', 'msgctxt ""', 'msgid "a"', 'msgid "b"', 'msgid ""', 'msgid "a" "b"',
    'msgid  "a"', ' msgid "a"', 'msgid_plural "c"', 'msgstr "x"', 'msgstr ""', 'msgstr[0] "x"',
    '"more"', '"\\"quoted\\" \\\\ \\a\\b\\f\\n\\r\\t\\v"', '"\\303\\244"', '"\\x41"', '"\\q"',
    '"a\\\\"', '"\\\\n"', '"open', "junk", "<<<<<<< ours", 'msgid "a"\r', 'msgstr "x" ',
)  # fmt: skip
PLAIN = ("# note\n", "#, fuzzy\n", "#. a\n#: b:1\n", "", "\n\n")
TEXTS = st.text(st.sampled_from('aä \\"nt\t\u2028😀'), max_size=6)


def agrees(text: str) -> bool:
    """Compare both parsers; returns whether the fast path accepts the text."""
    plain = parse_plain(text, 7)
    if plain is None:
        return False
    parsed = parse_po(text)
    assert not parsed.tail.strip()
    assert [
        (e.line + 7, e.comments, e.context, e.source, *e.targets) for e in parsed.entries
    ] == plain
    assert not any(e.obsolete or e.plural is not None for e in parsed.entries)
    assert all(e.source or e.context is not None for e in parsed.entries)
    return True


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=14))
def test_both_agree_on_lines_in_any_order(lines: list[str]) -> None:
    agrees("".join(f"{line}\n" for line in lines))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PLAIN), TEXTS, TEXTS), max_size=6),
    st.integers(0, 300),
    st.sampled_from(['"', "\\", "\n", "#", "~", "msgid ", ""]),
)
def test_both_agree_on_damaged_entries(
    entries: list[tuple[str, str, str]], place: int, insertion: str
) -> None:
    text = "".join(f'{c}msgid "{s}"\nmsgstr "{t}"\n' for c, s, t in entries)
    agrees(text[:place] + insertion + text[place:])


@pytest.mark.parametrize(
    "text",
    [
        'msgid "a"\nmsgstr "b"\n',
        '# note\nmsgctxt "m"\nmsgid ""\n"a\\n"\n"b"\nmsgstr ""\n\n',
        '\n\nmsgid "\\"a\\" \\\\n"\nmsgstr "\\t"\n\n#, fuzzy\nmsgid "b"\nmsgstr ""\n',
    ],
)
def test_usual_entries_take_the_fast_path(text: str) -> None:
    assert agrees(text)
