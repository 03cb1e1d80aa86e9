"""Words of another variant of the language."""

from __future__ import annotations

import pytest

from pipeline.checks import Context, check_segment
from pipeline.core import Term
from pipeline.glossary import Glossary, TermMatcher


def found(language: str, source: str, target: str, *terms: Term) -> list[str]:
    matcher = TermMatcher(Glossary(None, "de", language, terms, "x")) if terms else None
    context = Context(language, matcher=matcher)
    return [f.message for f in check_segment(source, target, context, ["variant-spelling"])]


@pytest.mark.parametrize(
    ("language", "target", "words"),
    [
        ("en_GB", "The color of the center.", ["'color' (colour)", "'center' (centre)"]),
        ("en_GB", "They analyzed and organized the programs.", ["'analyzed' (analysed)"]),
        ("en_GB", "Check the tire and the story.", []),
        ("en_GB", "The World Trade Center is in Pearl Harbor.", []),
        ("en_GB", "“Favorite” was the word.", ["'Favorite' (Favourite)"]),
        ("en_AU", "My neighbor travels.", ["'neighbor' (neighbour)"]),
        ("en_US", "They organised a programme.",
         ["'organised' (organized)", "'programme' (program)"]),
        ("en_US", "The dialogue about theatres and archaeology.", ["'theatres' (theaters)"]),
        ("en_US", "The Labour Party and the Ministry of Defence.", []),
        ("en_US", "See https://colour.org/centre", []),
        ("es_MX", "Vosotros tenéis un ordenador.", ["'Vosotros' (Ustedes)",
         "'ordenador' (computadora)"]),
        ("es_ES", "Un video.", ["'video' (vídeo)"]),
        ("es", "Un video y un vídeo.", []),
        ("en", "Color and colour.", []),
        ("fr_CA", "Une couleur.", []),
    ],
)  # fmt: skip
def test_words(language: str, target: str, words: list[str]) -> None:
    messages = found(language, "Ein Text.", target)
    assert all(word in messages[0] for word in words) if words else messages == []


def test_copied_words_and_terms_are_right() -> None:
    assert found("en_GB", "Die Firma color gewinnt.", "The company color wins.") == []
    term = Term("Verteidigung", ("defense",))
    assert found("en_GB", "Die Verteidigung siegt.", "The defense wins.", term) == []
    assert found("en_GB", "Die Abwehr siegt.", "The defense wins.", term) != []
