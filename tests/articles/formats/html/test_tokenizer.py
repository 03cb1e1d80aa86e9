"""The tokenizer of HTML: exact offsets, as the HTML standard defines tokens."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles.formats.html.tokenizer import TokenKind, attributes, tokenize
from tests.articles.formats.html.pages import ERRONEOUS_PAGES, PAGE


class Offsets(HTMLParser):
    """Collects the places of tags as the standard library reports them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.starts = [0]
        for line in text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.tags: list[tuple[str, int]] = []
        self.feed(text)

    def _add(self, tag: str) -> None:
        line, column = self.getpos()
        self.tags.append((tag, self.starts[line - 1] + column))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._add(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self._add(tag)

    def handle_endtag(self, tag: str) -> None:
        self._add("/" + tag)


def test_tags_are_where_the_standard_library_finds_them() -> None:
    """In a page without errors, both report the same tags at the same offsets."""
    ours = [
        ("/" * (kind is TokenKind.END) + name, start)
        for kind, name, start, _ in tokenize(PAGE)
        if kind in (TokenKind.START, TokenKind.END)
    ]
    assert ours == Offsets(PAGE).tags


@settings(max_examples=100, deadline=None)
@given(st.one_of(ERRONEOUS_PAGES, st.text("<>!-/?ab='\" \n", max_size=30)))
def test_tokens_cover_the_text(text: str) -> None:
    """No character is between two tokens, and none in two of them."""
    at = 0
    for _, _, start, end in tokenize(text):
        assert start == at < end
        at = end
    assert at == len(text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('<a title="x > y">z', "START TEXT"),
        ("<a title='x\" > y' b>z", "START TEXT"),
        ("5 < 7 und <3", "TEXT"),
        ("a<!-- b --!>c<!-->d", "TEXT COMMENT TEXT COMMENT TEXT"),
        ("<script>a < b && '</p>'</script>c", "START RAW END TEXT"),
        ("<script><!--<script></script>--></script>c", "START RAW END TEXT"),
        ("<title>a <b> c</title>", "START RAW END"),
        ("<?php echo 'a > b'; ?>c", "OTHER TEXT"),
        ("<![CDATA[ a > b ]]>c", "OTHER TEXT"),
        ("<!DOCTYPE html>c</ >d", "OTHER TEXT OTHER TEXT"),
        ("a<b c='d>e", "TEXT OTHER"),
    ],
)
def test_tokens_of_the_standard(text: str, kinds: str) -> None:
    """Quoted values, scripts and comments hide what looks like a tag."""
    assert " ".join(TokenKind(kind).name for kind, *_ in tokenize(text)) == kinds


def test_attributes_have_places() -> None:
    """Names are in lower case, values without quotes; of two equal names the first counts."""
    tag = "<img ALT=\"a b\" src = 'x' width=5 hidden alt=c/>"
    found = [
        (a.name, tag[a.start : a.end], a.quote)
        for a in attributes(tag, "img", 0, len(tag)).values()
    ]
    assert found == [
        ("alt", "a b", '"'), ("src", "x", "'"), ("width", "5", ""), ("hidden", "", "")
    ]  # fmt: skip
