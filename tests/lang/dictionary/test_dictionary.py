"""Hints from a Ding word list."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.errors import EngineError
from pipeline.lang import dictionary as dictionaries
from pipeline.lang.dictionary import dictionary
from pipeline.lang.dictionary.dictionary import Dictionary

LIST = """# Version :: 1.0
Fähre {f} [naut.] | Fähren {pl} :: ferry; ferryboat | ferries
Ringen {n} :: struggle
Ring {m} | Ringe {pl} :: ring | rings
Hafen {m} | Häfen {pl} :: harbour; port | harbours
Verwaltung {f} :: administration
etw. ablehnen; zurückweisen {vt} | ablehnend | lehnte ab :: to reject sth.; to refuse | rejecting
ablehnen {vt} :: to turn down sth.
jdn. abwerben {vt} :: to poach sb.
aufgeschlossen {adj} :: open-minded
Spott {m} :: mockery
geschult {adj} :: trained
Hai {m} :: shark
etw. aufschließen {vt} | aufgeschlossen :: to unlock sth. | unlocked
Strömung {f} [naut.] :: drift
Strömung {f} | Meeresströmung {f} | die Strömung im Hafen :: current | ocean current | the current
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use an empty cache folder."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def words(tmp_path: Path) -> Dictionary:
    path = tmp_path / "de-en"
    path.write_text(LIST, encoding="utf-8")
    return Dictionary(path, "en")


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("Die Fähren liegen fest.", {"Fähren": "ferry"}),
        # the meaning that most lines of the list have comes first
        ("Die Strömung war stark.", {"Strömung": "current"}),
        # a noun of its own, and then the one that it may be a form of
        ("Das Ringen begann.", {"Ringen": "struggle, ring"}),
        # a participle may be an adjective or a verb
        ("Er zeigte sich aufgeschlossen.", {"aufgeschlossen": "open-minded, unlocked"}),
        # a compound that the list does not have
        ("Die Hafenverwaltung schweigt.", {"Hafenverwaltung": "port administration"}),
        # the lemma is not known, but the word without its ending is
        ("Das Gewicht des Spotts wog schwer.", {"Spotts": "mockery"}),
        ("Ein geschulter Blick.", {"geschulter": "trained"}),
        # a short noun may be a rare one
        ("Da ist ein Hai!", {"Hai": "shark"}),
        # no word of the list
        ("Ein Xylograph.", {}),
        ("", {}),
    ],
)
def test_hints(words: Dictionary, text: str, hints: dict[str, str]) -> None:
    """Inflected words, compounds and the order of meanings."""
    assert dict(words.hints(text, (), 2)) == hints


def test_a_separated_verb_is_put_together(words: Dictionary) -> None:
    """The particle may be far from the verb, after an inserted clause."""
    for text in (
        "Der Rat lehnte den Antrag, über den er beriet, mit Mehrheit ab.",
        "Der Rat lehnte ab und schwieg.",
    ):
        assert ("lehnte … ab", "reject, turn down, refuse") in words.hints(text)
    assert not any("…" in word for word, _ in words.hints("Der Rat lehnte ab dem Morgen an."))


def test_glossary_terms_need_no_hint(words: Dictionary) -> None:
    """Glossary terms need no hint."""
    assert words.hints("Die Fähre im Hafen.", ["Fähre"]) == (("Hafen", "port, harbour"),)


@pytest.mark.parametrize(
    ("line", "word", "meanings"),
    [
        # of an old word and a usual one the usual one comes first
        ("nennen; rufen {vt} :: to clepe [obs.]\nnennen {vt} :: to call", "nennen", "call"),
        # a special field says less about the news
        ("Satz {m} [chem.] :: batch\nSatz {m} :: sentence", "Satz", "sentence, batch"),
        # a remark in brackets may have a semicolon
        ("ausbrechen {vi} (aus) :: to break out (from; of)", "ausbrechen", "break out"),
        # a verb is found by its infinitive whatever goes with it
        ("sich um jdn./etw. kümmern {vr} :: to take care of sb./sth.", "kümmern", "take care"),
        ("irren; fehlen [obs.] :: to err\nfehlen {vi} :: to be missing", "fehlen", "be missing"),
        # short forms beside a meaning are no part of it
        ("Monat {m} :: month /mo./ /mth/", "Monats", "month"),
        ("Westen {m} :: west /W/; occident", "Westens", "west"),
        ("Fahrer {m} :: driver of a/the vehicle", "Fahrern", "driver of the vehicle"),
        # nor of the German word
        ("Montag {m} /Mo/ | Ostermontag {m} :: Monday | Easter Monday", "Montags", "Monday"),
        # what it goes with is no part of a word either
        ("zufolge {prp; +Dat.} :: according to", "zufolge", "according to"),
        ("angeben, dass …; aussagen {vt} :: to state that …", "angeben", "state"),
        ("das Militär {n} [mil.] :: the military", "Militär", "military"),
        # an adjective that is the present participle of a verb as well
        (
            "anhaltend {adj} :: persistent\nanhalten {vt} | anhaltend :: to stop | stopping",
            "anhaltende",
            "persistent",
        ),
        # a past tense is no adjective
        ("reduzieren {vt} :: to reduce\nreduziert {adj} :: cheap", "reduzierte", "reduce"),
        ("jung {adj} :: young\njüngst {adj} :: recent", "jüngsten", "recent"),
        # a plural that is a word of its own, and one that is a verb's form
        ("Zweck {m} :: purpose\nZwecke {f} :: brad", "Zwecke", "brad, purpose"),
        ("Bucht {f} :: bay\nbuchen {vt} :: to book", "Bucht", "bay"),
        # what stands in two forms is told in that of the word
        (
            "zwingen {vt} | gezwungen :: to force | forced\ngezwungen {adj} :: constrained",
            "gezwungen",
            "forced, constrained",
        ),
        # a word that is the same in English needs no hint, least of all its rarer synonyms
        ("Tsunami {m} :: tsunami; tsunami wave; seismic sea wave", "Tsunami", ""),
        ("Lager {n} :: camp; lager", "Lager", "camp"),
        # what has no meaning that can be shown has none, not itself
        ("Kreis {m} (mit dem Radius r) :: (circle)", "Kreises", ""),
        # what stands before words means something else than the word by itself
        (
            "Haupt {n} :: pilot\nHaupt…; Leit… :: main\nFrage {f} :: question",
            "Hauptfrage",
            "main question",
        ),
        ("Lieblings… :: favourite\nOrt {m} :: place", "Lieblingsort", "favourite place"),
        (
            "Leitung {f} :: line\nLeit… :: leading\nWasser {n} :: water",
            "Leitungswasser",
            "line water",
        ),
        # an adjective may begin a word
        (
            "Zentrale {f} :: control\nzentral {adj} :: central\nBank {f} :: bank",
            "Zentralbank",
            "central bank",
        ),
        # parts of a compound are told in a word or two
        (
            "Kabinett {n} :: room behind a hall; cabinet\nMinister {m} :: minister",
            "Kabinettsminister",
            "cabinet minister",
        ),
    ],
)
def test_the_likelier_meaning_comes_first(
    tmp_path: Path, line: str, word: str, meanings: str
) -> None:
    """Labels of field, frequency and register affect the ranking."""
    path = tmp_path / "de-en"
    path.write_text(line + "\n", encoding="utf-8")
    assert Dictionary(path, "en").meanings(word) == meanings


def test_an_abbreviation_gets_no_hint(tmp_path: Path) -> None:
    """Words in capitals are usually the same in English."""
    path = tmp_path / "de-en"
    path.write_text("Nordostatlantischer Bund {m}; NOAB {f} :: Northeast Union\n", "utf-8")
    assert Dictionary(path, "en").meanings("NOAB") == "Northeast Union"
    assert not Dictionary(path, "en").hints("Die NOAB tagte.")


def test_a_name_gets_no_hint(words: Dictionary) -> None:
    """A noun without an article next to a verb of saying is a name."""
    assert not words.hints("„Ich komme“, sagte Hafen am Abend.")
    assert not words.hints("Hafen sagte, er komme.")
    assert words.hints("Der Hafen sagte alle Fahrten ab.")


def test_a_surname_gets_no_hint(words: Dictionary) -> None:
    """A noun after a capitalized word that is not listed is a name."""
    assert not words.hints("Da kam Jeff Hafen.")
    assert words.hints("Im Hafen war es still.")


def test_an_english_word_gets_no_hint(tmp_path: Path) -> None:
    """A word that is far more frequent in English is a name or English."""
    path = tmp_path / "de-en"
    path.write_text("Police {f} :: policy\nBoot {n} :: boat\nWade {f} :: calf\n", "utf-8")
    words = Dictionary(path, "en")
    assert not words.hints("Die Metropolitan Police sucht Zeugen.")
    assert not words.hints("Die Kette Boots wächst.")
    assert dict(words.hints("Seine Wade schmerzt.")) == {"Wade": "calf"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ihr Beschluss kam spät.", "Ihr"),
        ("Der Rat tagte. Ihre Treffen dauerten lange.", "Ihre"),
        ("Ihre Meinung zählt: Schreiben Sie uns!", ""),
        ("Der Rat und ihre Treffen.", ""),
    ],
)
def test_whose(words: Dictionary, text: str, word: str) -> None:
    """`Ihr` at the start of a sentence is rarely polite, but models read it so."""
    hints = dict(words.hints(text))
    assert hints.get(word) == ("their, her" if word else None)


def test_coverage(words: Dictionary) -> None:
    """Coverage is the share of rare words with a meaning in the translation."""
    german = "Die Fähre lag im Hafen."
    assert words.coverage(german, "The ferry was in the port.") == 1
    assert 0 < words.coverage(german, "The ferry was at the airport.") < 1
    assert words.coverage(german, "The train was late.") == 0
    assert words.coverage("Und so weiter.", "And so on.") == 1


@pytest.mark.parametrize(
    ("translation", "known", "meanings"),
    [
        ("The ferry was late.", (), [("port", "harbour")]),
        ("The ferry was in the port.", (), []),
        ("The ferry was late.", ("Hafen",), []),
        ("The ferry was in the Hafen.", (), []),
        ("All was quiet.", (), [("ferry",), ("port", "harbour")]),
    ],
)
def test_words_that_a_translation_omits(
    words: Dictionary, translation: str, known: tuple[str, ...], meanings: list[tuple[str, ...]]
) -> None:
    """Words without any meaning in the translation are reported, except terms."""
    assert list(words.omitted_meanings("Die Fähre lag im Hafen.", translation, known)) == meanings


def test_abbreviations_are_no_meanings(tmp_path: Path) -> None:
    """One in slashes may have several forms."""
    path = tmp_path / "de-en"
    path.write_text(
        "# Ding\n"
        "Regierung {f} | Regierungen {pl} :: government /Gov.; Govt./; regime | governments\n"
    )
    words = Dictionary(path, "en")
    assert words.meanings("Regierung") == "government, regime"
    assert words.translates("Regierung", "governments")
    assert not words.translates("Regierung", "Gov")


def test_objects_are_removed_from_meanings(words: Dictionary) -> None:
    """Objects and the `to` of infinitives are removed from meanings."""
    assert words.meanings("abwerben") == "poach"


def test_a_missing_dictionary_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A configured dictionary must exist; an empty value disables it."""
    dictionaries._load.cache_clear()
    monkeypatch.setenv("TRANSLATE_DICTIONARY_EN", str(tmp_path / "none"))
    with pytest.raises(EngineError, match="no such dictionary"):
        dictionaries.load_dictionary("en")
    monkeypatch.setenv("TRANSLATE_DICTIONARY_EN", "")
    assert dictionaries.load_dictionary("en") is None
    dictionaries._load.cache_clear()


def test_headwords_are_cached(tmp_path: Path, cache: Path, words: Dictionary) -> None:
    """There is one file per word list; it is recreated if outdated or damaged."""
    (kept,) = cache.iterdir()
    made = kept.stat().st_mtime_ns
    again = Dictionary(tmp_path / "de-en", "en")
    assert kept.stat().st_mtime_ns == made
    assert again.meanings("Fähren") == words.meanings("Fähren") == "ferry"
    kept.write_bytes(kept.read_bytes()[:-9])
    assert Dictionary(tmp_path / "de-en", "en").meanings("Fähren") == "ferry"
    (tmp_path / "de-en").write_text(LIST + "Ulme {f} :: elm\n", encoding="utf-8")
    assert Dictionary(tmp_path / "de-en", "en").meanings("Ulme") == "elm"
    (new,) = cache.iterdir()
    assert new != kept


def test_an_index_of_another_revision_is_not_used(
    tmp_path: Path, cache: Path, words: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new revision changes the digest and recreates the index."""
    (kept,) = cache.iterdir()
    same = Dictionary(tmp_path / "de-en", "en")
    monkeypatch.setattr(dictionary, "_REVISION", dictionary._REVISION + 1)
    new = Dictionary(tmp_path / "de-en", "en")
    assert same.digest == words.digest != new.digest
    (made,) = cache.iterdir()
    assert made != kept
    assert new.meanings("Fähren") == "ferry"


def test_the_cache_folder_cannot_be_created(tmp_path: Path, cache: Path) -> None:
    """Hints work without a cache folder."""
    cache.write_text("no folder", encoding="utf-8")
    (tmp_path / "de-en").write_text(LIST, encoding="utf-8")
    assert Dictionary(tmp_path / "de-en", "en").meanings("Fähren") == "ferry"
