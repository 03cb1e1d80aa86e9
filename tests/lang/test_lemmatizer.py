"""Lemmas are those of simplemma, whatever the state of the cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import simplemma

from pipeline.lang import lemmatizer

WORDS = {
    "de": "Häuser Räten ging Staatschefs Donaudampfschiff ungut Xyzq US-Präsidenten Ha\u0308user",
    "en": "houses went councils unkind Xyzq don't State-owned",
    "fr": "maisons chevaux allait l'eau bilatérales Xyzq",
    "es": "casas fue consejos Xyzq",
}
ASK = (
    "import sys; from pipeline.lang.lemmatizer import is_known, lemmatize\n"
    "print(is_known('maisons', 'fr'), lemmatize('chevaux', 'fr'), 'Xyzq' in sys.argv)"
)
ANSWER = "True cheval False\n"


@pytest.mark.parametrize("language", WORDS)
def test_the_answers_are_those_of_simplemma(language: str) -> None:
    """For known and unknown words, greedy or not."""
    for word in WORDS[language].split():
        assert lemmatizer.is_known(word, language) == simplemma.is_known(word, lang=language)
        for greedy in (False, True):
            expected = simplemma.lemmatize(word, lang=language, greedy=greedy)
            assert lemmatizer.lemmatize(word, language, greedy=greedy) == expected


def ask(cache: Path) -> str:
    """Return the output of a new process with this cache folder."""
    return subprocess.run(
        [sys.executable, "-c", ASK],
        env={
            "TRANSLATE_CACHE": str(cache),
            "PYTHONPATH": str(Path(lemmatizer.__file__).parents[1]),
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_copy_is_made_and_used(tmp_path: Path) -> None:
    """There is one file per language; files of older releases are removed."""
    (tmp_path / "simplemma-0.9-fr.cpython-311").write_bytes(b"old")
    assert ask(tmp_path) == ANSWER
    (copy,) = tmp_path.iterdir()
    made = copy.stat().st_mtime_ns
    assert ask(tmp_path) == ANSWER
    assert copy.stat().st_mtime_ns == made


@pytest.mark.parametrize("damage", [b"", b"abc", b"\0" * 5000])
def test_a_damaged_copy_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    """A full disk or a crash while writing only costs the time to recreate the file."""
    ask(tmp_path)
    (copy,) = tmp_path.iterdir()
    whole = copy.read_bytes()
    for data in (damage, whole[:-100], whole[:5000] + damage + whole[5000 + len(damage) :]):
        copy.write_bytes(data)
        assert ask(tmp_path) == ANSWER
        assert copy.read_bytes() == whole


def test_no_copy_can_be_written(tmp_path: Path) -> None:
    """Lemmas work without a cache folder."""
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    assert ask(tmp_path / "cache") == ANSWER
