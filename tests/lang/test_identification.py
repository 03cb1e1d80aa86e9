"""Language identification of articles and texts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from langdetect import DetectorFactory, detect_langs
from langdetect.lang_detect_exception import LangDetectException

from pipeline import articles
from pipeline.core.types import Article
from pipeline.lang import identification
from tests.checks.rules.test_language import TEXTS
from tests.tables import SHARED

GERMAN = (
    "Der Stadtrat hat am Montag entschieden, den alten Hafen zu erweitern. Wie teuer das wird, "
    "weiß noch niemand."
)
ENGLISH = (
    "The city council decided on Monday to enlarge the old harbour. Nobody knows yet how much "
    "money this is going to cost."
)
FRENCH = (
    "Le conseil municipal a décidé lundi d'agrandir le vieux port. Personne ne sait encore "
    "combien cela va coûter."
)
DUTCH = (
    "De gemeenteraad heeft maandag besloten de oude haven uit te breiden. Niemand weet nog "
    "hoeveel dat gaat kosten."
)


def article(text: str) -> Article:
    return Article(Path("a.txt"), text, "utf-8", articles.parse(text, ".txt"))


@pytest.mark.parametrize(
    ("text", "code"), [(GERMAN, "de"), (ENGLISH, "en"), (FRENCH, "fr"), (DUTCH, "nl")]
)
def test_an_article_has_the_language_it_is_written_in(text: str, code: str) -> None:
    found = identification.identify_article(article(text))
    assert (found.language, found.probability > 0.9) == (code, True)
    assert identification.is_german(article(text)) is (code == "de")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hafen",
        "Kurzer Text.",
        "12.345 67.890 +++ 3:2 !!!",
        "😀😀😀😀",
        "Anna Bergmann, Luis García, Jean Dupont",
        "BREAKING NEWS FROM THE CAPITAL",
    ],
)
def test_too_little_to_tell_is_unknown_and_no_reason_to_refuse(text: str) -> None:
    assert identification.identify_article(article(text)).language == identification.UNKNOWN
    assert identification.is_german(article(text))


def test_furniture_does_not_outvote_the_article() -> None:
    labels = "\n\n".join(["Copyright 2024 The Very Big English Speaking Company of News"] * 20)
    assert identification.identify_article(article(f"{GERMAN}\n\n{labels}")).language == "de"


def test_quotations_in_another_language_do_not_outvote_the_article() -> None:
    assert (
        identification.identify_article(article("\n\n".join([GERMAN] * 5 + [ENGLISH]))).language
        == "de"
    )


def test_a_long_article_is_judged_by_more_than_its_beginning() -> None:
    text = "\n\n".join([GERMAN] * 10 + [ENGLISH] * 300)
    assert identification.identify_article(article(text)).language == "en"


def test_candidates_limit_the_answer() -> None:
    assert identification.identify_language(FRENCH, ["en", "fr"]).language == "fr"
    assert identification.identify_language(FRENCH, ["en", "de"]).language in (
        "en",
        "de",
        "unknown",
    )
    assert (
        identification.identify_language(
            "我们今天在北京讨论两国之间的贸易与合作问题以及未来的发展"
        ).language
        == "zh"
    )
    assert identification.identify_language(ENGLISH, ["en_GB", "pt_BR"]).language == "en"
    assert identification.identify_language(ENGLISH, ["tlh"]).language == identification.UNKNOWN


def test_threads_agree() -> None:
    texts = [GERMAN, ENGLISH, FRENCH, DUTCH, GERMAN[:70], ENGLISH[:40]] * 8
    alone = [identification.identify_language(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(identification.identify_language, texts)) == alone


SOURCES = SHARED / "source_de"


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the reference articles are not here")
def test_real_articles_are_german() -> None:
    for path in sorted(SOURCES.iterdir()):
        assert identification.identify_article(articles.read_article(path)).language == "de"


OTHERS = [
    "Wayde Sims shooting: Police arrest suspect Dyteon Simpson in the death of a player (12345)",
    "Las Vegas, Salt Lake City",
    "Это предложение написано по-русски, а это – English words in it.",
    "東京は日本の首都です。",
    "der Rat " * 600,
    "12345 67",
    "",
]


@pytest.mark.parametrize("language", ["en", "de", "fr", "zh", "no", "xx"])
@pytest.mark.parametrize("text", [*TEXTS.values(), *OTHERS])
def test_other_languages_are_those_of_langdetect(text: str, language: str) -> None:
    """The same language and, if langdetect is sure, the same probability to the last digit."""
    DetectorFactory.seed = 0
    try:
        best = detect_langs(text[:2000])[0]
    except LangDetectException:
        assert identification.identify_other_language(text, language) == ("", 0.0)
        return
    found = best.lang.split("-")[0]
    if found == language:
        assert identification.identify_other_language(text, language) == ("", 0.0)
    else:
        # It may stop before an unsure result is known.
        allowed = {(found, best.prob), ("", 0.0) if best.prob < 0.93 else (found, best.prob)}
        assert identification.identify_other_language(text, language) in allowed
