"""Tagged texts: what an engine that takes tags may return, and what not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engines.tags import parse_answer, parse_tagged

TAGGED = (
    'Das <g id="0">Abkommen</g> gilt <g id="1">ab <x id="2"/> Mai</g>: <mrk id="3">a &lt; b</mrk>.'
)


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        (
            'On <g id="1">1 <x id="2"/> May</g> a <g id="0">pact</g>, <mrk id="3">a &lt; b</mrk>.',
            "On 1 May a pact, a < b.",
        ),
        (
            "<g id='0'>On</g> <G ID=1>May</g><x id='2'></x><mrk id=3 class='a'>a &#60; b</mrk>",
            "On Maya < b",
        ),
        ('<g id="0">A <g id="1">B</g></g><x id="2" /><mrk id="3">a &lt; b</mrk>', "A Ba < b"),
    ],
    ids=["moved", "written differently", "nested"],
)
def test_the_same_tags_in_another_order(answer: str, plain: str) -> None:
    """Elements may move and nest; attributes and quotes may be written differently."""
    found = parse_answer(TAGGED, answer)
    assert found is not None
    assert found.plain == plain


@pytest.mark.parametrize(
    "answer",
    [
        "From May, the pact.",
        TAGGED.replace('<x id="2"/>', ""),
        TAGGED.replace("</g>", "", 1),
        TAGGED.replace("a &lt; b", "a &lt; c"),
        TAGGED.replace('id="0"', 'id="7"'),
        TAGGED.replace("Abkommen", " "),
        TAGGED.replace("Das", "<b>Das</b>"),
        TAGGED.replace("Das", "5 < 7"),
        TAGGED + '<x id="2"/>',
        TAGGED.replace('<x id="2"/>', '<x id="2">x</x>'),
        '<g id="0">A <g id="1">B</g> C</mrk><x id="2"/><mrk id="3">a &lt; b</g>',
        "<g " * 100_000,
        '<g id="0">' * 100_000,
    ],
    ids=[
        "no tags", "one lost", "one not closed", "code translated", "another number", "emptied",
        "a foreign tag", "not escaped", "one added", "text in an empty one", "crossing",
        "hostile", "hostile nesting",
    ],
)  # fmt: skip
def test_other_tags_are_refused(answer: str) -> None:
    """No answer that lost, added, emptied, crossed or translated an element passes."""
    assert parse_answer(TAGGED, answer) is None


def test_a_line_break_is_a_blank() -> None:
    """Words on both sides of it are two words in the plain text; a second blank is left out."""
    breaks = 'Eins<lb id="0"/>zwei <lb id="1"/> drei'
    found = parse_tagged(breaks)
    assert found is not None
    assert found.plain == "Eins zwei drei"


@settings(max_examples=200, deadline=None)
@given(st.text("<>/&; gxidlbmrk=\"'0123", max_size=60))
def test_any_answer_is_read_or_refused(answer: str) -> None:
    """Whatever a server sends, the tags that are found lie inside the plain text, in order."""
    found = parse_tagged(answer)
    if found is not None:
        places = [tag.at for tag in found.tags]
        assert places == sorted(places)
        assert all(0 <= at <= len(found.plain) for at in places)
