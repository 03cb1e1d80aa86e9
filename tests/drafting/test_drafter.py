"""What fills an entry: the memory first, and what the engine is shown of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline import project
from pipeline.articles import find_markup_format
from pipeline.core.types import BlockKind
from pipeline.drafting.calibration import save_calibrations
from pipeline.drafting.confidence import Calibration
from pipeline.drafting.drafter import EntryRequest, EntryResult, LanguageDrafter
from pipeline.drafting.second_opinion import SecondEngine
from pipeline.engines.base import EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.prompts.few_shot import BYLINES, LABELS
from pipeline.glossary import file
from pipeline.glossary.matcher import TermMatcher
from pipeline.memory.memory import TranslationMemory
from pipeline.memory.tmx import TmxUnit
from tests.memory.test_memory import COUNCIL, add_tmx


@dataclass
class Recorder:
    """Answers with a fixed sentence, and keeps what it was asked."""

    asked: list[TranslationRequest] = field(default_factory=list)
    confidence: float | None = None

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        for request in requests:
            self.asked.append(request)
            yield TranslationResult(
                "The city council decided yesterday to build yet another new bridge.",
                confidence=self.confidence,
            )

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("recorder", "none", "0", "1")

    def close(self) -> None:
        pass


def fill(
    folder: Path, *units: TmxUnit, text: str, setting: str = "", confidence: float | None = None,
    kind: BlockKind | None = None, suffix: str = ".txt",
) -> tuple[EntryResult, Recorder]:  # fmt: skip
    """Fill one text with a memory of `units` and the glossary of the project."""
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{setting}\n', encoding="utf-8")
    add_tmx(folder, *units)
    found, recorder = project.load_project(folder), Recorder(confidence=confidence)
    memory = TranslationMemory(found)
    memory.refresh("en")
    matcher = TermMatcher(file.load_glossary(found.glossary("en"), "en"))
    desk = LanguageDrafter("en", found, lambda: matcher, memory, lambda: recorder)
    form = find_markup_format(suffix)
    (filled,) = desk.fill([EntryRequest(text, kind, ("Davor.", "Danach."), form)])
    memory.close()
    return filled, recorder


def sure(folder: Path, text: str, confidence: float | None) -> int:
    filled, _ = fill(folder, text=text, confidence=confidence)
    assert filled.draft is not None
    assert filled.draft.provenance.confidence is not None
    return filled.draft.provenance.confidence


GOOD = "The city council decided on Tuesday to build a new bridge."
BREAKS = "The town hall decided on Tuesday to build a new bridge."
LINKED = COUNCIL.replace("Brücke", "<a>Brücke</a>")
LINKED_TARGET = GOOD.replace("bridge", "<a>bridge</a>")
BOLD = COUNCIL.replace("Brücke", "<b>Brücke</b>")
NEAR = COUNCIL.replace("Dienstag", "Mittwoch")  # 89 %
FAR = COUNCIL.replace("am Dienstag ", "").replace("neuen ", "")  # 73 %


def test_the_same_text_needs_no_engine(folder: Path) -> None:
    """It is a draft from the memory, and no similar one is shown beside it."""
    filled, recorder = fill(folder, TmxUnit(COUNCIL, GOOD), TmxUnit(NEAR, GOOD), text=COUNCIL)
    assert filled.draft is not None
    assert (filled.draft.target, filled.draft.provenance.engine) == (GOOD, "memory")
    assert filled.draft.provenance.model == "other"
    assert filled.draft.provenance.confidence == 100
    assert filled.matches == ()
    assert recorder.asked == []


@pytest.mark.parametrize(
    ("text", "known", "target", "expected"),
    [
        (LINKED, BOLD, GOOD.replace("bridge", "<b>bridge</b>"), LINKED_TARGET),
        (COUNCIL, BOLD, GOOD.replace("bridge", "**bridge**"), GOOD),
        (LINKED, COUNCIL, GOOD, LINKED_TARGET),
    ],
)
def test_the_markup_of_a_translation_is_adapted(
    folder: Path, text: str, known: str, target: str, expected: str
) -> None:
    """A text that differs only in markup needs no engine, but is not as certain."""
    filled, recorder = fill(folder, TmxUnit(known, target), text=text, suffix=".html")
    assert recorder.asked == []
    assert filled.draft is not None
    assert (filled.draft.target, filled.draft.provenance.engine) == (expected, "memory")
    assert filled.draft.provenance.confidence == 99


def test_the_glossary_chooses_between_translations(folder: Path) -> None:
    """One that respects the terms goes before one with the same neighbours that does not."""
    units = (TmxUnit(COUNCIL, BREAKS, "Davor.", "Danach."), TmxUnit(COUNCIL, GOOD))
    filled, _ = fill(folder, *units, text=COUNCIL)
    assert filled.draft is not None
    assert filled.draft.target == GOOD
    assert filled.draft.problems == ()


def test_a_translation_that_breaks_the_glossary_says_so(folder: Path) -> None:
    """Where there is no other, it is a draft with the problem in its comment."""
    filled, _ = fill(folder, TmxUnit(COUNCIL, BREAKS), text=COUNCIL)
    assert filled.draft is not None
    assert any("city council" in problem for problem in filled.draft.problems)
    assert filled.draft.provenance.confidence is not None
    assert filled.draft.provenance.confidence < 100
    assert (filled.required, filled.respected) == (1, 0)


@pytest.mark.parametrize(
    ("text", "setting", "shown", "examples"),
    [
        (NEAR, "", [89], [(COUNCIL, GOOD)]),
        (FAR, "", [73], []),
        (FAR, "memory_examples = 73", [73], [(COUNCIL, GOOD)]),
        (FAR, "memory_shown = 74", [], []),
        (NEAR, "memory_shown = 100", [], [(COUNCIL, GOOD)]),
        (NEAR, "memory_examples = 100", [89], []),
        ("Die Bürger wurden nicht gehört.", "", [], []),
    ],
)
def test_similar_texts(
    folder: Path, text: str, setting: str, shown: list[int], examples: list[tuple[str, str]]
) -> None:
    """The settings say from which percentage on the translator and the engine see one."""
    filled, recorder = fill(folder, TmxUnit(COUNCIL, GOOD), text=text, setting=setting)
    assert [match.percent for match in filled.matches] == shown
    assert list(recorder.asked[0].examples) == examples


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("Von Hanna Brede, zurzeit Kiel", BlockKind.BYLINE, (BYLINES["en"],)),
        ("Von Hanna Brede", BlockKind.TITLE, ()),
        ("Stand: Ende Mai 2024", BlockKind.BYLINE, ()),
        ("Zum Kreuzworträtsel", BlockKind.BOILERPLATE, LABELS["en"]),
    ],
)
def test_the_engine_is_shown_others_of_the_kind(
    folder: Path, text: str, kind: BlockKind, shown: tuple[tuple[str, str], ...]
) -> None:
    """Else "Von" becomes "From", and a link half a sentence."""
    _, recorder = fill(folder, text=text, kind=kind)
    assert recorder.asked[0].examples == shown


def test_a_label_of_the_page_needs_no_engine(folder: Path) -> None:
    """Its draft names the tables as its origin; an approved translation goes before them."""
    filled, recorder = fill(folder, text="Teilen", kind=BlockKind.BOILERPLATE)
    assert filled.draft is not None
    assert (filled.draft.target, filled.draft.provenance.engine) == ("Share", "labels")
    assert recorder.asked == []
    filled, _ = fill(
        folder, TmxUnit("Teilen", "Share this"), text="Teilen", kind=BlockKind.BOILERPLATE
    )
    assert filled.draft is not None
    assert (filled.draft.target, filled.draft.provenance.engine) == ("Share this", "memory")


def test_a_label_that_breaks_the_glossary_is_not_used(folder: Path) -> None:
    """The engine, which knows the terms, is asked instead."""
    (folder / "glossary" / "de-en.csv").write_text(
        "source,target\nWerbung,promotion\n", encoding="utf-8"
    )
    filled, recorder = fill(folder, text="Werbung", kind=BlockKind.BOILERPLATE)
    assert recorder.asked
    assert filled.draft is None or filled.draft.provenance.engine == "recorder"


def test_boilerplate_may_be_copied(folder: Path) -> None:
    """The setting keeps the German labels; other texts are translated."""
    setting = 'boilerplate = "copy"'
    filled, recorder = fill(folder, text="Teilen", kind=BlockKind.BOILERPLATE, setting=setting)
    assert filled.draft is not None
    assert (filled.draft.target, filled.draft.provenance.engine) == ("Teilen", "source")
    assert recorder.asked == []
    _, recorder = fill(folder, text="Die Brücke ist alt.", setting=setting)
    assert recorder.asked


def test_a_draft_is_as_sure_as_engine_and_checks_say(folder: Path) -> None:
    """A flaw takes some of the engine's estimate; what is copied is sure."""
    plain = "Der Stadtrat hat gestern beschlossen, noch eine neue Brücke zu bauen."
    assert sure(folder, plain, 0.8) == 80
    assert 0 < sure(folder, plain, None) < 100
    assert 0 < sure(folder, plain.replace("noch", "mit 300 Arbeitern noch"), 0.8) < 80
    assert sure(folder, "2024", None) == 100


def test_the_engine_sees_no_example_against_the_glossary(folder: Path) -> None:
    """The translator does: the checks say what is wrong with what becomes of it."""
    filled, recorder = fill(folder, TmxUnit(COUNCIL, BREAKS), text=NEAR)
    assert [match.target for match in filled.matches] == [BREAKS]
    assert {request.examples for request in recorder.asked} == {()}


def test_the_nearest_example_comes_last(folder: Path) -> None:
    """As in a conversation that leads up to the text."""
    nearer = COUNCIL.replace("Dienstag", "Sonntag")
    units = (TmxUnit(COUNCIL, GOOD), TmxUnit(nearer, GOOD.replace("Tuesday", "Sunday")))
    _, recorder = fill(folder, *units, text=COUNCIL.replace("Dienstag", "Samstag"))
    assert [german for german, _ in recorder.asked[0].examples] == [COUNCIL, nearer]


def test_the_name_of_an_author_needs_no_engine(folder: Path) -> None:
    """A byline's name is copied; elsewhere, it is one if the first word is a given name."""
    filled, recorder = fill(folder, text="Anna Berger", kind=BlockKind.BYLINE)
    assert filled.draft is not None
    assert (filled.draft.target, filled.draft.provenance.engine) == ("Anna Berger", "source")
    assert recorder.asked == []
    for kind in (BlockKind.PARAGRAPH, None):
        _, recorder = fill(folder, text="Hafen Berger", kind=kind)
        assert recorder.asked
        filled, recorder = fill(folder, text="Anna Berger", kind=kind)
        assert filled.draft is not None
        assert (filled.draft.target, filled.draft.provenance.engine) == ("Anna Berger", "names")
        assert recorder.asked == []


def test_a_name_needs_no_engine_but_respects_the_glossary(folder: Path) -> None:
    """Its provenance names the table; a copy is no untranslated text."""
    for text, target, origin in (
        ("Bayern", "Bavaria", "places"),
        ("Japan", "Japan", "CLDR"),
        ("Uckermark", "Uckermark", "places"),
    ):
        filled, recorder = fill(folder, text=text, kind=BlockKind.HEADING)
        assert filled.draft is not None
        assert (filled.draft.target, filled.draft.problems) == (target, ())
        provenance = filled.draft.provenance
        assert (provenance.engine, provenance.model) == ("names", origin)
        assert 50 < (provenance.confidence or 0) < 100
        assert recorder.asked == []
    glossary = folder / "glossary" / "de-en.csv"
    with glossary.open("a", encoding="utf-8") as file:
        file.write("Uckermark,Ucker March,,,,\n")
    _, recorder = fill(folder, text="Uckermark", kind=BlockKind.HEADING)
    assert [request.terms for request in recorder.asked] != []


def test_a_short_text_from_the_memory_is_less_sure(folder: Path) -> None:
    """Without the same text before or after it, a single word may have another sense."""
    filled, _ = fill(folder, TmxUnit("Bank", "bench"), text="Bank")
    assert filled.draft is not None
    assert 50 < (filled.draft.provenance.confidence or 0) < 100
    filled, _ = fill(folder, TmxUnit("Bank", "bench", "Davor.", "Danach."), text="Bank")
    assert filled.draft is not None
    assert filled.draft.provenance.confidence == 100


def test_a_project_that_learns_records_and_corrects(folder: Path) -> None:
    """Estimates are recorded uncorrected; without the setting, nothing is."""
    learn = "[confidence]\nlearn = true"
    text = "Der Stadtrat hat gestern beschlossen, noch eine neue Brücke zu bauen."
    fill(folder, text=text, confidence=0.8)
    assert not (folder / ".translate").exists()
    fill(folder, text=text, confidence=0.8, setting=learn)
    estimates = folder / ".translate" / "estimates.jsonl"
    assert '"estimate": 0.8' in estimates.read_text(encoding="utf-8")
    save_calibrations(project.load_project(folder), {"recorder": Calibration(-2.0, 1.0)})
    filled, _ = fill(folder, text=text, confidence=0.8, setting=learn)
    assert filled.draft is not None
    assert (filled.draft.provenance.confidence or 100) < 50
    assert estimates.read_text(encoding="utf-8").count('"estimate": 0.8') == 2
    filled, _ = fill(folder, text=text, confidence=0.8)
    assert filled.draft is not None
    assert filled.draft.provenance.confidence == 80


def test_results_that_are_not_kept_are_requested_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long run drops its oldest results; no text goes without a draft because of that."""
    monkeypatch.setattr("pipeline.drafting.drafter.MAX_RESULTS", 2)
    found, recorder = project.load_project(folder), Recorder()
    memory = TranslationMemory(found)
    drafter = LanguageDrafter("en", found, lambda: None, memory, lambda: recorder)
    texts = [f"Der Stadtrat hat am {day}. Mai beschlossen, zu bauen." for day in range(2, 6)]
    for wanted in (texts, texts[-1:], texts[:1]):
        before = len(recorder.asked)
        filled = drafter.fill([EntryRequest(text) for text in wanted])
        assert [one.source for one in filled] == wanted
        asked = {request.text for request in recorder.asked[before:]}
        assert asked == (set() if wanted == texts[-1:] else set(wanted))
    memory.close()


class Rejecting(Recorder):
    """Has no translation for any text."""

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        for _ in requests:
            yield TranslationResult("", rejection_reason="I do not know it.")

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("rejecting", "none", "0", "1")


@pytest.mark.parametrize("second_rejects", [False, True])
def test_one_usable_draft_of_two_is_kept(folder: Path, second_rejects: bool) -> None:
    """Its engine is in the provenance, and there is nothing to compare."""
    found = project.load_project(folder)
    memory = TranslationMemory(found)
    engines: list[Recorder] = [Rejecting(), Recorder(confidence=0.9)]
    first, second = reversed(engines) if second_rejects else engines
    drafter = LanguageDrafter("en", found, lambda: None, memory, lambda: first)
    drafter.compare_with(lambda: SecondEngine(second))
    (filled,) = drafter.fill([EntryRequest(COUNCIL)])
    memory.close()
    assert filled.draft
    assert (filled.draft.provenance.engine, filled.draft.opinion) == ("recorder", None)
    assert filled.draft.provenance.confidence == 90
    assert filled.comparison
    assert filled.comparison.agreement is None
