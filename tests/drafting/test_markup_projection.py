"""Markup is removed before a text is translated, and restored in the translation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import CatalogToken, find_markup_format
from pipeline.core import Markup, MarkupRole
from pipeline.drafting.markup_projection import MarkedText
from tests.tables import SHARED

_TAG = re.compile(r"`[^`]+`|</?\w+[^<>]*>")


class Tags:
    """Tokenizes tags and code, as the format of HTML or Markdown does."""

    def tokenize(self, text: str) -> tuple[CatalogToken, ...]:
        """Return the tokens of a text."""
        found, opened = [], []
        for number, match in enumerate(_TAG.finditer(text)):
            name = re.sub(r"\W", "", match[0].split()[0])
            if match[0][0] == "`":
                markup = Markup("code", MarkupRole.EMPTY, number)
            elif match[0].endswith("/>"):
                markup = Markup("break" if name == "br" else name, MarkupRole.EMPTY, number)
            elif match[0][1] != "/":
                opened.append(number)
                markup = Markup(name, MarkupRole.OPEN, number)
            else:
                markup = Markup(name, MarkupRole.CLOSE, opened.pop() if opened else -1)
            found.append(CatalogToken(*match.span(), match[0], markup))
        return tuple(found)


def project(source: str, translation: str, terms: Sequence[tuple[str, str]] = ()) -> str:
    """Return the translation with the markup of the source."""
    return MarkedText(Tags(), source).project(translation, "en", terms).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("Das ist <b>fett</b>.", "Das ist fett."),
        ("Mit `git push` geht es.", "Mit git push geht es."),
        ("Ein Bild <img/> hier.", "Ein Bild hier."),
        ("Erste Zeile<br/>zweite", "Erste Zeile zweite"),
        ("(11)<x/>In der Union", "(11)In der Union"),
        ("<b></b>Nur Text", "Nur Text"),
    ],
)
def test_an_engine_receives_the_text_without_markup(source: str, plain: str) -> None:
    """Code keeps its text; other elements without text leave no second blank."""
    assert MarkedText(Tags(), source).plain == plain  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Das ist <b>fett</b>.", "This is bold.", "This is <b>bold</b>."),
        ("<i>Heute</i> ist <b>Montag</b>.", "Monday is today.", "<b>Monday</b> is <i>today</i>."),
        ("Ein <b>Test</b> ohne Wort", "", "<b></b>"),
        ("Der <a>Rat der <b>Stadt</b> Bonn</a> tagt.", "The Bonn city council meets.", None),
        ("Das <a>Bundes</a>institut rechnet.", "The Institut calculates.", None),
        ("Er sagte: <b>„Halt!“</b>", "He said: “Halt!”", "He said: <b>“Halt!”</b>"),
        ("<b>Achtung,</b> Hund!", "Caution, dog!", "<b>Caution,</b> dog!"),
        (
            "Führen Sie `git push` in Bonn aus.",
            "Run git push in Bonn.",
            "Run `git push` in Bonn.",
        ),
        ("(11)<x/>In der Union", "(11) In the Union", "(11)<x/> In the Union"),
        ("Satz eins.<x/>", "Sentence one.", "Sentence one.<x/>"),
        ("Die 12 Gäste<x/> kamen 1990.", "The 12 guests came in 1990.", None),
        ("Text <img/> Ende 7", "Text end 7", "Text <img/> end 7"),
        ("<b>Ganz fett.</b>", "All bold.", "<b>All bold.</b>"),
        ("<b></b>Nur Text", "Only text", "<b></b>Only text"),
    ],
)
def test_elements_enclose_the_words_that_they_enclosed(
    source: str, translation: str, expected: str | None
) -> None:
    """Everywhere all tokens are kept, and no word is lost."""
    projected = project(source, translation)
    if expected is not None:
        assert projected == expected
    assert Counter(_TAG.findall(projected)) == Counter(_TAG.findall(source))


def test_glossary_terms_align_words_that_look_different() -> None:
    """The link encloses the required translation of the term it enclosed."""
    source = "Gestern tagte der <a>Gipfel</a> der Minister lange."
    terms = (("Gipfel", "meeting"),)
    translation = "For a long time yesterday the ministers had their meeting."
    assert "<a>meeting</a>" in project(source, translation, terms)


@pytest.mark.parametrize(
    ("source", "translation", "language", "expected"),
    [
        # Only its place aligns "extended" with the noun before it.
        (
            "Im Haushalt weitete die <b>Regierung</b> die Rente aus.",
            "In the budget the government extended the pension.",
            "en",
            "In the budget the <b>government</b> extended the pension.",
        ),
        # An initial is no pronoun.
        ("Bild: <i>I. Harms</i>", "Picture: I. Harms", "en", "Picture: <i>I. Harms</i>"),
        # A compound may have two words in the translation.
        (
            "Der <b>Staatshaushalt</b> wächst.",
            "The state budget is growing.",
            "en",
            "The <b>state budget</b> is growing.",
        ),
        # An elided article is outside, as any other article is.
        (
            "Nach der <b>Wahl</b> reiste sie ab.",
            "Après l'élection, elle est partie.",
            "fr",
            "Après l'<b>élection</b>, elle est partie.",
        ),
        (
            "Nach <b>der Wahl</b> reiste sie ab.",
            "Après l’élection, elle est partie.",
            "fr",
            "Après <b>l’élection</b>, elle est partie.",
        ),
    ],
)
def test_elements_enclose_no_word_too_many(
    source: str, translation: str, language: str, expected: str
) -> None:
    marked = MarkedText(Tags(), source)  # type: ignore[arg-type]
    assert marked.project(translation, language).text == expected


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        (
            "Armenien<b>, </b>Belarus<i>, </i>Georgien",
            "Armenia, Belarus, Georgia",
            "Armenia<b>, </b>Belarus<i>, </i>Georgia",
        ),
        ("Er kam <b>–</b> sie ging.", "He came - she left.", "He came <b>-</b> she left."),
        ("Er kam<b> (</b>sie ging).", "He came (she left).", "He came<b> (</b>she left)."),
        ("Halt<b>!</b>", "Stop!", "Stop<b>!</b>"),
    ],
)
def test_an_element_around_punctuation_is_not_emptied(
    source: str, translation: str, expected: str
) -> None:
    assert project(source, translation) == expected


@pytest.mark.parametrize("source", ["<b>0,9512</b>", "<i>Zwetschgendatschi!</i>"])
def test_an_element_around_the_whole_text_is_no_guess(source: str) -> None:
    marked = MarkedText(Tags(), source)  # type: ignore[arg-type]
    assert marked.project("1/2", "en").uncertain == ()


def test_guesses_are_reported() -> None:
    """An element without a word that resembles its translation may be in the wrong place."""
    marked = MarkedText(Tags(), "Qwertz <b>asdfgh</b> yxcvbn `poiuzt` uiop.")  # type: ignore[arg-type]
    assert set(marked.project("One two three four.", "en").uncertain) == {"<b>", "`poiuzt`"}


_WORDS = st.sampled_from(["Haus", "und", "12", "Rat,", "„Bonn“", "geht.", "a-b", "ä", "—"])


@st.composite
def marked_texts(draw: st.DrawFn, depth: int = 3) -> str:
    """Draw a text with nested, empty and adjacent elements."""
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.integers(0, 4))
        if kind < 2 or depth == 0:
            parts.append(" ".join(draw(st.lists(_WORDS, max_size=4))))
        elif kind == 2:
            parts.append(draw(st.sampled_from(["<br/>", "<x/>", "`code`", "`a b`"])))
        else:
            name = draw(st.sampled_from("abi"))
            parts.append(f"<{name}>{draw(marked_texts(depth=depth - 1))}</{name}>")
    return draw(st.sampled_from(["", " "])).join(parts)


@settings(max_examples=300, deadline=None)
@given(marked_texts(), st.lists(st.one_of(_WORDS, st.just("code")), max_size=8).map(" ".join))
def test_no_token_and_no_word_is_ever_lost(source: str, translation: str) -> None:
    """Tokens are all there and properly nested; words stay in their order."""
    projected = project(source, translation)
    assert Counter(_TAG.findall(projected)) == Counter(_TAG.findall(source))
    opened = []
    for tag in re.findall(r"</?[abi]>", projected):
        if tag[1] != "/":
            opened.append(tag[1])
        else:
            assert opened.pop() == tag[2]
    words = re.sub(r"<[^<>]*>|`[^`]*`|\s", "", projected)
    copied = re.sub(r"\s", "", translation)
    assert words == copied or ("`" in source and len(words) <= len(copied))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared development sets are not here")
@pytest.mark.parametrize(("name", "share"), [("dev-eurlex", 0.97), ("dev-glossary", 0.93)])
def test_elements_are_where_human_translators_placed_them(name: str, share: float) -> None:
    """The human translations without their tags get them back around the same words."""
    folder = SHARED / "eval" / "markup"
    sources, references = (
        (folder / f"{name}.{code}").read_text(encoding="utf-8").splitlines()
        for code in ("de", "en")
    )
    element = re.compile(r'<g id="(\d+)">(.*?)</g>')
    same = total = 0
    for source, reference in zip(sources[:400], references[:400], strict=True):
        if "<g" not in source:
            continue
        projected = project(source, re.sub(r"<[^<>]*>", "", reference))
        found = {key: _TAG.sub("", text).strip(" .,") for key, text in element.findall(projected)}
        for key, text in element.findall(reference):
            total += 1
            same += found.get(key) == _TAG.sub("", text).strip(" .,")
    assert total > 30
    assert same / total >= share


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Ein " + "<b>" * 2_000 + "Wort" + "</b>" * 2_000, "A word"),
        ("<b>Wort " * 2_000 + "</b>" * 2_000, "Word " * 2_000),
        ("Ein <b>Wort</b> und `a b` dann. " * 1_000, "A word and a b then. " * 1_000),
    ],
    ids=["nested", "nested with words", "long"],
)
def test_what_is_too_large_to_align_keeps_its_tokens(source: str, translation: str) -> None:
    """The tokens keep their order, so they stay nested; each place is a guess."""
    source, translation = source.strip(), translation.strip()
    form = find_markup_format(".md")
    assert form is not None
    projection = MarkedText(form, source).project(translation, "en")
    keys = [token.key for token in form.tokenize(source)]
    assert [token.key for token in form.tokenize(projection.text)] == keys
    assert projection.uncertain
    assert projection.text.count("ord") == translation.count("ord")
