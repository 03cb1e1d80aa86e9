"""Names that are spelled with a slip."""

from __future__ import annotations

import pytest

from pipeline.core.types import Term
from pipeline.glossary.file import Glossary
from pipeline.glossary.matcher import TermMatcher
from tests.checks.conftest import Ask

CASES = [
    ("en", "Frau Merkel sagte", "Mrs Merkle said", 1),
    ("en", "Frau Merkel sagte", "Mrs Merkl said", 1),
    ("en", "Frau Merkel sagte", "Mrs Merkell said", 1),
    ("en", "Frau Merkel sagte", "Mrs Merkol said", 1),
    ("en", "Frau Merkels Plan", "Mrs Merkel's plan", 0),
    ("en", "Herr Erdoğan sagte", "Mr Erdogan said", 0),
    ("en", "Mexiko und Polen", "Mexico and Poland", 0),
    ("fr", "Europa und Malta", "l’Europe et Malte", 0),
    ("fr", "Frau Kavanaugh sagte", "Mme Kavanough a dit", 1),
    ("en", "in Sibirien und Tirol", "in Siberia and Tyrol", 0),
    ("en", "Der Philosoph Empedokles", "The philosopher Empedocles", 0),
    ("en", "Der Feldherr Perikles", "The general Pericles", 0),
    ("es", "Herr Schewtschenko", "El señor Shevchenko", 0),
    ("en", "Herr Luschkow", "Mr Lushkow", 1),
    ("en", "Sergej Dubinin", "Sergei Dubinin", 0),
    ("fr", "Der Streit um Ukraine", "Le conflit en Ukrine", 1),
    ("en", "Die Kabylen kamen", "A Kabyle came", 0),
    ("en", "Frau Schmidt kam", "Ms Schmitt came", 1),
    ("nl", "Frau Merkel sagte", "Mevrouw Merkle zei", 0),
    ("en", "Köln und Kölln", "Köln and Kölln", 0),
]


@pytest.mark.parametrize(("language", "source", "target", "number"), CASES)
def test_names(ask: Ask, language: str, source: str, target: str, number: int) -> None:
    """One edit away and in no dictionary: a slip. Accents, genitives and exonyms are none."""
    assert len(ask(language, source, target)) == number


def test_a_glossary_settles_a_spelling(ask: Ask) -> None:
    """A name that a term spells so is no slip, where that term is used; elsewhere it is one."""
    terms = (Term("Andrej Belousow", ("Andrei Belousov",)),)
    matcher = TermMatcher(Glossary(None, "de", "en", terms, ""))
    assert not ask("en", "Andrej Belousow kam.", "Andrei Belousov came.", matcher=matcher)
    assert ask("en", "Herr Putnik kam.", "Mr Putnig came.", matcher=matcher)
