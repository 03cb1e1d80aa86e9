"""Glossary terms, unchanged parts and symbols with the firefox engine, which only translates."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sacrebleu import CHRF

from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.engines.constraints import Constraint
from pipeline.engines.firefox.engine import open_engine
from tests.models.argos.sentences import demanded
from tests.models.firefox import installed


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with installed(tmp_path_factory.mktemp("firefox"), "de-en", "en-fr"):
        loaded = open_engine(EngineConfig(jobs=2))
        yield loaded
        loaded.close()


def ask(engine: Engine, language: str, *requests: TranslationRequest) -> list[str]:
    return [result.text for result in engine.translate(requests, language)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_at_least_95_percent_of_terms_are_respected(engine: Engine, language: str) -> None:
    """Of words the model knows, does not know, and of unknown German; French through English.

    The translations are closer to the reference than those without a glossary.
    """
    cases = demanded(100, seed=11)
    terms = [(case.term, case.targets[language]) for case in cases]
    plain = ask(engine, language, *(TranslationRequest(c.sentence.de) for c in cases))
    texts = ask(
        engine,
        language,
        *(TranslationRequest(c.sentence.de, (t,)) for c, t in zip(cases, terms, strict=True)),
    )
    respected = [
        Constraint(*term).is_satisfied(text, language)
        for term, text in zip(terms, texts, strict=True)
    ]
    assert sum(respected) >= 0.95 * len(cases)
    references = [[getattr(case.sentence, language) for case in cases]]
    metric = CHRF()
    assert (
        metric.corpus_score(texts, references).score > metric.corpus_score(plain, references).score
    )


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        (
            "Am Montag kritisierte der Minister das Abkommen.",
            (("Abkommen", "accord"),),
            "On Monday, the minister criticised the accord.",
        ),
        (
            "„Die Seilbahn ist historisch“, sagte der Minister.",
            (("Seilbahn", "cable car"),),
            "“The cable car is historic,” said the minister.",
        ),
        (
            "Der Präsident hat einen neuen Vertrag für Wien vorgestellt.",
            (("Vertrag", "agreement"), ("Präsident", "president")),
            "The president presented a new agreement for Vienna.",
        ),
        (
            "Die Partei hat drei Pläne geplant.",
            (("Pläne", "strategy"),),
            "The party planned three strategies.",
        ),
        (
            "Der Minister hat das Abkommen kritisiert, aber der Kanzler will den Vertrag ablehnen.",
            (("Abkommen", "accord"), ("Vertrag", "pact")),
            "The minister criticised the accord, but the chancellor wants to reject the pact.",
        ),
    ],
)
def test_a_term_replaces_the_words_of_the_model(
    engine: Engine, text: str, terms: tuple[tuple[str, str], ...], expected: str
) -> None:
    """In its number, with the article, at the start of a quotation; two terms in a sentence."""
    assert ask(engine, "en", TranslationRequest(text, terms)) == [expected]


def test_articles_agree_with_a_term(engine: Engine) -> None:
    """A feminine noun in place of a masculine one, and one before a vowel."""
    text = "Die Kommission hat einen neuen Vertrag für Rom vorbereitet."
    texts = ask(
        engine,
        "fr",
        TranslationRequest(text, (("Vertrag", "convention"),)),
        TranslationRequest(text, (("Vertrag", "accord-cadre"),)),
    )
    assert texts == [
        "La commission a préparé une nouvelle convention pour Rome.",
        "La commission a préparé un nouvel accord-cadre pour Rome.",
    ]


def test_further_candidates_are_alternatives(engine: Engine) -> None:
    """For drafting, which takes another one if the checks find a problem in the first."""
    request = TranslationRequest(
        "Nach dem Rüstungspaket reiste die Ministerin nach Wien.", (("Rüstungspaket", "arms deal"),)
    )
    (result,) = engine.translate([request], "en")
    assert "arms deal" in result.text
    assert all("arms deal" in one.text for one in result.alternatives)


@pytest.mark.parametrize("kept", ["https://haus.example/a_b", "{name}", "presse@haus.example"])
def test_addresses_and_placeholders_stay_unchanged(engine: Engine, kept: str) -> None:
    (text,) = ask(engine, "en", TranslationRequest(f"Die Kanzlerin lobte {kept} in Berlin."))
    assert kept in text


def test_a_word_of_unknown_letters_stays_unchanged(engine: Engine) -> None:
    """The vocabulary has no Cyrillic; the runtime would drop the letters."""
    (text,) = ask(engine, "en", TranslationRequest("Die Kanzlerin lobte Владимир in Berlin."))
    assert "Владимир" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Der Gipfel ist wichtig. 👍", "The summit is important. 👍"),
        ("👍 Der Gipfel ist wichtig.", "👍 The summit is important."),
        ("Der Gipfel 👍🏽 ist wichtig.", "The summit 👍🏽 is important."),
        ("\u200fDer Gipfel ist wichtig.\u200f", "\u200fThe summit is important.\u200f"),
    ],
)
def test_symbols_stay_beside_their_words(engine: Engine, text: str, expected: str) -> None:
    """Emoji and direction marks, which the runtime would drop."""
    (found,) = ask(engine, "en", TranslationRequest(text))
    assert found == expected
