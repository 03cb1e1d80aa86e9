"""How sure a draft is: worked out of estimate and flaws, and kept beside its origin."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.catalog.edits import has_human_work
from pipeline.core.types import Provenance, State, Translation
from pipeline.drafting.confidence import UNSURE, draft_confidence, from_labels, from_memory
from pipeline.drafting.types import DraftResult, Issue
from pipeline.engines import EngineInfo, Signals, TranslationResult
from pipeline.lang.dictionary import load_dictionary
from tests.models.argos.installed import installed

PACKAGE = Path(__file__).parents[1] / "models/argos/translate-de_en-1_0.argosmodel"
TEXTS = '{"text": "Am Dienstag tagt der Rat."}\n{"text": "Uckermark"}\n'

LLAMA = Provenance("llama", "a-model-with-a-long-name-instruct-q4_k_m", "0a1b2c3d", "", 62)
NUMBERS = Issue("numbers", "'7' became '8'", critical=False, confidence_factor=0.4)
TERM = Issue("terminology", "Use 'summit'.", critical=False)
ECHO = Issue("untranslated", "It is German.", critical=True)


def result(
    source: str = "Der Rat tagt heute im neuen Rathaus am Markt.",
    target: str = "The council meets in the new town hall on the market today.",
    *,
    engine: str = "llama",
    own: float | None = None,
    signals: Signals | None = None,
    issues: tuple[Issue, ...] = (),
) -> DraftResult:
    answer = TranslationResult(target, confidence=own, signals=signals)
    return DraftResult(source, target, issues, answer, EngineInfo(engine, "m", "", "1"))


GOOD = Signals(likelihood=-0.05, boosted=-0.03, sampled=-0.08)
BAD = Signals(likelihood=-0.9, boosted=-0.7, sampled=-1.1)


@pytest.mark.parametrize("engine", ["llama", "argos"])
def test_a_surer_model_makes_a_surer_draft(engine: str) -> None:
    """None is ever as sure as a copy."""
    sure, unsure = (draft_confidence(result(engine=engine, signals=s), "en") for s in (GOOD, BAD))
    unknown = draft_confidence(result(engine=engine), "en")
    assert 0 < unsure < unknown < sure < 100


def test_a_signal_that_an_engine_does_not_have_counts_as_average() -> None:
    """Neither as good nor as bad: the rest decides."""
    part = Signals(boosted=GOOD.boosted)
    some = draft_confidence(result(signals=part), "en")
    assert draft_confidence(result(), "en") <= some < draft_confidence(result(signals=GOOD), "en")


def test_an_engine_without_signals_is_estimated_by_its_texts() -> None:
    """Shorter texts of frequent words are surer than long ones of rare words."""
    easy = result("Das ist gut.", "That is good.", engine="firefox")
    hard = result(
        "Der Heuler verweigerte trotz der Sonde den Heringsbrei, den ihm die Pflegerinnen der "
        "Seehundstation in Friedrichskoog mühsam einflößen wollten.",
        "The howler refused the fish.",
        engine="firefox",
    )
    assert draft_confidence(hard, "en") < UNSURE < draft_confidence(easy, "en")


@pytest.mark.parametrize("own", [-1.0, 1.5, float("inf"), float("nan")])
def test_a_wild_estimate_of_a_plugin_is_still_a_percentage(own: float) -> None:
    """An engine's slip in arithmetic stops no run."""
    assert 0 <= draft_confidence(result(engine="plugin", own=own, issues=(TERM,)), "en") < 100


def test_an_own_estimate_counts() -> None:
    assert draft_confidence(result(engine="plugin", own=0.3), "en") == 30


@pytest.mark.parametrize("own", [None, 0.3, 1.0])
def test_every_flaw_takes_some(own: float | None) -> None:
    """A wrong number takes more than a missing term, garbage the most, two more than one."""

    def sure(*issues: Issue) -> int:
        return draft_confidence(result(own=own, issues=issues), "en")

    assert sure(ECHO) < sure(NUMBERS) < sure(TERM) < sure()
    assert sure(TERM, NUMBERS) < sure(NUMBERS)


@given(
    st.builds(Signals, *[st.none() | st.floats(-50, 1, allow_nan=False) for _ in range(3)]),
    st.text(max_size=60),
    st.text(max_size=60),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_texts_are_it_is_a_percentage(
    signals: Signals, source: str, target: str
) -> None:
    assert 0 <= draft_confidence(result(source, target, signals=signals), "en") < 100


@pytest.mark.skipif(load_dictionary("en") is None, reason="no Ding dictionary")
def test_a_name_that_no_table_has_is_unsure() -> None:
    """Unless the model left it as it is."""
    changed = result("Annelühlhaus", "Anne's mill house", signals=GOOD)
    copied = result("Annelühlhaus", "Annelühlhaus", signals=GOOD)
    assert draft_confidence(changed, "en") < UNSURE < draft_confidence(copied, "en")


def test_a_copy_of_a_short_text_is_less_sure_without_its_neighbours() -> None:
    """A word alone may have another sense here; a sentence rarely has."""
    one, three, sentence = "Bank", "Die neue Bank", "Die Bank schließt am Freitag um vier Uhr."
    alone = [from_memory(text, 0, ()) for text in (one, three, sentence)]
    assert alone == sorted(set(alone))
    assert alone[-1] == 100
    assert from_memory(one, 1, ()) == 100
    assert from_memory(sentence, 0, (TERM,)) < 100
    assert from_labels("Teilen", ()) < from_labels("Alle Rechte vorbehalten", ())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalog with a draft that is 62 % sure."""
    path = tmp_path / "a.po"
    catalog.sync(path, "en", [Message("Eins"), Message("Zwei")], project="test")
    catalog.write_drafts(path, {"Eins": Draft("One", LLAMA, ("A finding.",))})
    return path


def first(path: Path) -> Translation:
    return next(one for one in catalog.load(path).translations if one.source == "Eins")


def test_it_stands_in_the_origin(path: Path) -> None:
    """In words that a translator can read."""
    assert " gl 0a1b2c 62% =" in path.read_text(encoding="utf-8")
    assert first(path).confidence == 62


def test_it_says_nothing_of_what_a_human_touched(path: Path) -> None:
    """Neither while the text is fuzzy nor when it is approved."""
    whole = path.read_text(encoding="utf-8")
    for text in (whole.replace('"One"', '"A one"'), whole.replace("#, fuzzy\n", "")):
        path.write_text(text, encoding="utf-8")
        assert first(path).state in (State.TOUCHED, State.APPROVED)
        assert first(path).confidence is None


def test_a_draft_drawn_again_has_its_own(path: Path) -> None:
    """Nothing of the old one is left, and one without any has none."""
    catalog.write_drafts(path, {"Eins": Draft("One!", replace(LLAMA, confidence=7))}, redraft=True)
    assert first(path).confidence == 7
    assert "62 %" not in path.read_text(encoding="utf-8")
    bare = replace(LLAMA, confidence=None)
    catalog.write_drafts(path, {"Eins": Draft("One.", bare)}, redraft=True)
    assert first(path).confidence is None
    assert "%" not in path.read_text(encoding="utf-8")


def test_the_same_draft_again_changes_no_byte(path: Path) -> None:
    """Neither does a catalog that was made without."""
    before = path.read_bytes()
    catalog.write_drafts(path, {"Eins": Draft("One", LLAMA, ("A finding.",))}, redraft=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("word", [" a-model", " gl", " 0a1b", " 62%", " ="])
def test_an_editor_may_break_the_line_anywhere(path: Path, word: str) -> None:
    """It is read as it was, is no human's note, and goes as a whole."""
    text = path.read_text(encoding="utf-8")
    start = text.index("# translate: draft by")
    at = text.index(word, start)
    path.write_text(f"{text[:at]}\n# {text[at + 1 :]}", encoding="utf-8")
    assert (first(path).state, first(path).confidence) == (State.DRAFT, 62)
    assert not has_human_work(path)
    catalog.write_drafts(path, {"Eins": Draft("One!", LLAMA)}, redraft=True)
    assert path.read_text(encoding="utf-8").count(" 62%") == 1
    assert path.read_text(encoding="utf-8").count("%") == 2


def test_other_programs_keep_it(path: Path) -> None:
    """gettext's own tools, which Poedit saves with, and polib, which breaks the line."""
    subprocess.run(["msgcat", "-o", str(path), str(path)], check=True)
    assert first(path).confidence == 62
    file = polib.pofile(str(path))
    file.find("Zwei").msgstr = "Two"
    file.save()
    assert "q4_k_m gl" not in path.read_text(encoding="utf-8")
    assert (first(path).state, first(path).confidence) == (State.DRAFT, 62)


def test_an_environment_without_word_frequencies_estimates_too(tmp_path: Path) -> None:
    """Only the extra of the default model installs wordfreq; other engines must not need it."""
    with installed(tmp_path, PACKAGE) as patch:
        patch.setenv("TRANSLATE_DICTIONARY_EN", "")
        code = (
            "import sys; sys.modules['wordfreq'] = None\n"
            "from pipeline.cli import main\n"
            "sys.argv[1:] = 'text --to en --engine argos --jsonl'.split()\n"
            "main()"
        )
        for dictionary in ("", None):
            if dictionary is None:
                patch.delenv("TRANSLATE_DICTIONARY_EN")  # that of the system, if it has one
            done = subprocess.run(
                [sys.executable, "-c", code], input=TEXTS, capture_output=True, text=True,
                cwd=tmp_path, check=False,
            )  # fmt: skip
            assert "Traceback" not in done.stderr
            rows = [json.loads(line) for line in done.stdout.splitlines()]
            assert [0 < row["confidence"] < 1 for row in rows] == [True, True]
