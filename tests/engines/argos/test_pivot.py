"""The argos engine by way of English, with a real byte-pair package that wants a prefix."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.engines.argos.engine import open_engine
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from tests.models.argos import DE_EN, EN_FR
from tests.models.argos.installed import installed
from tests.models.argos.sentences import held_out, sentences


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The engine, with both packages installed."""
    folder = tmp_path_factory.mktemp("argos")
    with installed(folder, DE_EN, EN_FR):
        loaded = open_engine(EngineConfig())
        yield loaded
        loaded.close()


def ask(engine: Engine, language: str, *requests: TranslationRequest) -> list[str]:
    return [answer.text for answer in engine.translate(requests, language)]


def test_unseen_sentences_come_out_right(engine: Engine) -> None:
    """A rarer word for a noun is no error, and two small models make some."""
    made = {s.de: s for s in sentences(4000, 7, usual=1.0)}.values()
    unseen = [s for s in made if held_out(s)][:60]
    texts = ask(engine, "fr", *(TranslationRequest(s.de) for s in unseen))
    assert sum(text == s.fr for text, s in zip(texts, unseen, strict=True)) >= 30


def test_french_comes_by_english(engine: Engine) -> None:
    """With a byte-pair package that wants a prefix, and both packages in the origin."""
    assert engine.identity("fr").model == "de-en 1.0, then en-fr 1.0"
    assert engine.identity("en").model == "de-en 1.0"
    texts = ask(engine, "fr", TranslationRequest("Die Regierung reiste am 14. Mai nach Wien."))
    assert texts == ["Le gouvernement s'est rendu à Vienne le 14 mai."]


def test_terms_are_respected_by_way_of_english(engine: Engine) -> None:
    """The English words that the German term became are found, and their French ones."""
    request = TranslationRequest(
        "Am Montag kritisierte der Minister die Erklärung.", (("Erklärung", "communiqué"),)
    )
    (text,) = ask(engine, "fr", request)
    assert text.startswith("Lundi, ")
    assert "communiqué" in text
