"""Hints from dictionaries of FreeDict in the dictd format."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import EngineError
from pipeline.lang import dictionary as dictionaries
from pipeline.lang.dictionary import freedict
from pipeline.lang.dictionary.dictionary import Dictionary

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ENTRIES = {
    "00databaseinfo": "Un dictionnaire d'essai\nNotes: aucune\n",
    "Hafen": "Hafen /ˈhaːfn̩/ <n, masc>\n1. port, havre\nnatürliches Wasserbecken\n2. pot\nTopf\n",
    "Ball": "Ball /bal/ <n, masc>\nballon 2.\nkugelförmiges Spielgerät\n3.\nTanz\n",
    "Haupt": "Haupt <n, neut>\ntête\nKopf\n",
    "Ufer": "Ufer <n, neut>\neau\nam Wasser\n",
    "Besitz": "Besitz <n, masc>\npossession\nwas jemand hat\n",
    "ablehnen": "ablehnen /ˈapˌleːnən/ <v>\nrefuser qc, décliner\nnein sagen\n",
    "begnügen": "begnügen <v>\n1. se contenter de qc\nzufrieden sein\n",
    "leer": "leer <adj>\n",
}
PLACE = Path("/usr/share/dictd/freedict-deu-fra.dict.dz")


def number(value: int) -> str:
    """Return a number in the base-64 notation of the index."""
    digits = DIGITS[value % 64]
    while value := value // 64:
        digits = DIGITS[value % 64] + digits
    return digits


def written(folder: Path, entries: dict[str, str]) -> Path:
    """Write a dictionary and its sorted index."""
    path = folder / "freedict-deu-fra.dict.dz"
    data, index = b"", []
    for word, entry in entries.items():
        index.append(f"{word}\t{number(len(data))}\t{number(len(entry.encode()))}\n")
        data += entry.encode()
    path.write_bytes(gzip.compress(data))
    (folder / "freedict-deu-fra.index").write_text("".join(sorted(index)), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use an empty cache folder and no dictionary of another test."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    dictionaries._load.cache_clear()
    yield
    dictionaries._load.cache_clear()


@pytest.fixture
def words(tmp_path: Path) -> Dictionary:
    return Dictionary(written(tmp_path, ENTRIES), "fr")


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("Im Hafen war es still.", {"Hafen": "port, havre, pot"}),
        ("Der Rat lehnte den Antrag ab.", {"lehnte … ab": "refuser, décliner"}),
        ("Sie begnügten sich damit.", {"begnügten": "se contenter"}),
        # a compound: what it is comes first in French
        ("Der Ballbesitz war hoch.", {"Ballbesitz": "possession de ballon"}),
        # where it does not have what stands before words, it says nothing: no "tête"
        ("Der Hauptbesitz.", {}),
        ("Der Uferbesitz.", {"Uferbesitz": "possession d’eau"}),
        ("Ein leerer Krug.", {}),
    ],
)
def test_hints(words: Dictionary, text: str, hints: dict[str, str]) -> None:
    """Senses keep their order, without German explanations and objects."""
    assert dict(words.hints(text)) == hints


def test_coverage(words: Dictionary) -> None:
    """Inflected forms in the translation count."""
    assert words.coverage("Der Hafen.", "Les ports.") == 1
    assert words.coverage("Der Hafen.", "La gare.") == 0


def test_its_name(words: Dictionary) -> None:
    """The name appears in the provenance of a draft."""
    assert words.name == "freedict-deu-fra"


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z][a-zäöü]{2,12}", fullmatch=True),
        st.lists(st.from_regex(r"[a-zé]{2,9}( [a-zé]{2,9})?", fullmatch=True), min_size=1),
        min_size=1,
    )
)
def test_every_entry_is_read(
    tmp_path_factory: pytest.TempPathFactory, meanings: dict[str, list[str]]
) -> None:
    """Entries have each of their meanings once, at any offset."""
    entries = {word: f"{word} <n, masc>\n{', '.join(m)}\nEtwas.\n" for word, m in meanings.items()}
    path = written(tmp_path_factory.mktemp("freedict"), entries)
    found = dict(line.split(" {m} :: ") for line in freedict.read_word_list(path).splitlines())
    assert found == {word: "; ".join(dict.fromkeys(m)) for word, m in meanings.items()}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b"no gzip"),
        lambda path: path.with_name("freedict-deu-fra.index").unlink(),
        lambda path: path.with_name("freedict-deu-fra.index").write_text("Hafen\t?\tB\n"),
        lambda path: path.with_name("freedict-deu-fra.index").write_text("Hafen\n"),
        lambda path: path.with_name("freedict-deu-fra.index").write_bytes(b"\xff\tA\tB\n"),
    ],
    ids=["cut", "no gzip", "no index", "no number", "no place", "no UTF-8"],
)
def test_a_damaged_dictionary_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: object
) -> None:
    """A damaged file is an error with a hint, instead of drafts without hints."""
    path = written(tmp_path, ENTRIES)
    assert callable(spoil)
    spoil(path)
    monkeypatch.setenv("TRANSLATE_DICTIONARY_FR", str(path))
    with pytest.raises(EngineError, match=r"freedict-deu-fra\.(dict\.dz|index)") as error:
        dictionaries.load_dictionary("fr")
    assert ".dict.dz of FreeDict beside its .index" in error.value.hint


def test_a_variant_of_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regional variants share the dictionary of the language."""
    monkeypatch.setenv("TRANSLATE_DICTIONARY_FR", str(written(tmp_path, ENTRIES)))
    found = dictionaries.load_dictionary("fr_CA")
    assert found is not None
    assert found is dictionaries.load_dictionary("fr")


def test_a_language_without_lemmas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanings cannot be ranked without lemmas."""
    monkeypatch.setenv("TRANSLATE_DICTIONARY_ZH", str(written(tmp_path, ENTRIES)))
    with pytest.raises(EngineError, match="no lemmatizer for 'zh'") as error:
        dictionaries.load_dictionary("zh")
    assert error.value.hint == "Set TRANSLATE_DICTIONARY_ZH to an empty value."


@pytest.mark.skipif(not PLACE.exists(), reason="dict-freedict-deu-fra is not installed")
def test_debians(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's dictionary is found without settings."""
    monkeypatch.delenv("TRANSLATE_DICTIONARY_FR", raising=False)
    found = dictionaries.load_dictionary("fr")
    assert found is not None
    assert found.meanings("Waffenstillstand").startswith("armistice")
    assert "port" in found.meanings("Häfen").split(", ")
