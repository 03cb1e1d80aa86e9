"""Checks of few words: untranslated, empty, placeholders, brackets, repeats, capitals, scripts."""

from __future__ import annotations

import pytest

from pipeline.checks.registry import Context, check_segment

CASES = [
    ("untranslated", "Das ist nicht alles.", "Das ist nicht alles.", 1),
    ("untranslated", "Das ist nicht alles.", "<b>Das ist nicht alles.</b>", 1),
    ("untranslated", "Angela Merkel", "Angela Merkel", 0),
    ("untranslated", "Die Zeit", "Die Zeit", 0),
    ("untranslated", "Institut für Weltwirtschaft", "Institut für Weltwirtschaft", 0),
    ("untranslated", "Dow Jones 12.000", "Dow Jones 12.000", 0),
    ("untranslated", "https://a.example", "https://a.example", 0),
    ("empty", "Ja", " \u00a0 ", 1),
    ("empty", "<b>Ja</b>", "<b></b>", 1),
    ("empty", " ", " ", 0),
    ("placeholders", "{a} und {b}", "{b} and {a}", 0),
    ("placeholders", "{a} und {a}", "{a}", 1),
    ("placeholders", "{{ name }}", "{{ nom }}", 2),
    ("placeholders", "${HOME} %(n)d %1$s", "${HOME} %(n)d %1$s", 0),
    ("placeholders", "zu 20 % der Fälle", "in 20% so", 0),
    ("brackets", "a (b) [c]", "a (b [c]", 1),
    ("brackets", "a (b)", "a, b", 0),
    ("brackets", "a) Klima", "(a) climate", 0),
    ("brackets", "Absatz 2", "point 2, letter a)", 0),
    ("repeated-words", "Der Rat tagt.", "The the council meets.", 1),
    ("repeated-words", "Das das steht.", "That that stands the the.", 0),
    ("repeated-words", "Der Rat tagt heute.", "One two three one two three.", 1),
    ("repeated-words", "Der Rat tagt heute.", "one two three one two three", 1),
    ("repeated-words", "Äh", "Bora Bora", 0),
    ("capitalization", "Der Rat tagt heute wieder.", "the council meets again.", 1),
    ("capitalization", "Das iPhone ist wieder da.", "iPhone sales are back.", 0),
    ("capitalization", "Investitionen in Bildung,", "investments in education,", 0),
    ("capitalization", "„Der Rat tagt heute wieder.“", "“the council meets again.”", 1),
    ("characters", "Müller", "MÃ¼ller", 1),
    ("characters", "Das Wort", "The word слово", 1),
    ("characters", "Das α-Teilchen", "The α particle", 0),
    ("characters", "Ja", "Yes\u200b", 1),
    ("characters", "Ja\u200b", "Yes\u200b", 0),
    ("characters", "Ja", "\ufeffYes", 1),
    ("characters", "Größe", "Gr??e", 1),
    ("characters", "siehe https://a.example/x?y=1", "see https://a.example/x?y=1", 0),
    ("repeated-words", "Die Katze schläft.", "The cat the cat is sleeping.", 1),
    ("repeated-words", "nach der Richtlinie", "under the law, the law applies", 0),
    ("repeated-words", "das %s Haus das", "the %s the house", 0),
    ("capitalization", "%s Dateien wurden heute kopiert.", "%s files were copied today.", 0),
    ("capitalization", "Die Katze schläft.", "the cat sleeps.", 1),
    ("untranslated", "Datei öffnen", "Datei öffnen", 1),
    ("untranslated", "Löschen", "Löschen", 1),
    ("untranslated", "Browser", "Browser", 0),
    ("untranslated", "Ruben Castrop", "Ruben Castrop", 0),
    ("untranslated", "Köln", "Köln", 0),
    ("untranslated", "Na na na!", "Na na na!", 0),
    ("characters", "Ja", "Yes\x00", 1),
    ("characters", "Ja", "Yes\u202e", 1),
]


@pytest.mark.parametrize(("check", "source", "target", "number"), CASES)
def test_small_checks(check: str, source: str, target: str, number: int) -> None:
    """Each finds what it is for and leaves its look-alikes alone."""
    assert len(check_segment(source, target, Context("en"), [check])) == number


def test_other_scripts_are_at_home_in_other_languages() -> None:
    """Cyrillic is foreign in English, not in Ukrainian."""
    assert not check_segment("Wort", "слово", Context("uk"), ["characters"])
