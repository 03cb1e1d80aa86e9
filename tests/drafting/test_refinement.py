"""How answers are judged and asked for again; the engines here only provoke faults."""

from collections.abc import Iterator, Sequence
from itertools import islice

import pytest

from pipeline.checks.registry import CHECKS
from pipeline.core.errors import EngineError
from pipeline.core.types import BlockKind
from pipeline.drafting.evaluation import make_evaluator
from pipeline.drafting.refinement import RETRIES, draft, nothing_to_translate
from pipeline.drafting.types import DraftRequest, Issue
from pipeline.engines.base import EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.prompts.few_shot import EXAMPLES


class Faulty:
    """Answers each request with the next of its answers, and keeps what it was asked."""

    def __init__(self, *answers: TranslationResult) -> None:
        self.answers = list(answers)
        self.asked: list[TranslationRequest] = []

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        for request in requests:
            self.asked.append(request)
            yield self.answers.pop(0)

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("faulty", "none", "0", "1")

    def close(self) -> None:
        pass


def wants_summit(source: str, target: str) -> list[Issue]:
    missing = "Gipfel" in source and "summit" not in target
    return [Issue("terminology", "Use 'summit' for 'Gipfel'.", False)] if missing else []


GIPFEL = DraftRequest("Der Gipfel endete.", (("Gipfel", "summit"),))


def test_a_good_answer_is_taken_at_once() -> None:
    """No second question is asked."""
    engine = Faulty(TranslationResult("The summit ended."))
    ((_, drafted),) = draft(engine, "en", [GIPFEL], wants_summit)
    assert (drafted.text, drafted.issues, len(engine.asked)) == ("The summit ended.", (), 1)
    assert engine.asked[0].terms == GIPFEL.terms


def test_another_translation_that_the_engine_has_is_taken() -> None:
    """Where it has the term, nothing is asked again; where none has it, the first one is kept."""
    better = TranslationResult(
        "The peak ended.",
        alternatives=(TranslationResult("It is over."), TranslationResult("The summit ended.")),
    )
    engine = Faulty(better)
    ((_, drafted),) = draft(engine, "en", [GIPFEL], wants_summit)
    assert (drafted.text, drafted.issues, len(engine.asked)) == ("The summit ended.", (), 1)
    same = TranslationResult("The peak ended.", alternatives=(TranslationResult("It is over."),))
    ((_, drafted),) = draft(Faulty(same, same, same), "en", [GIPFEL], wants_summit)
    assert drafted.text == "The peak ended."


def test_a_missing_term_is_asked_for_again() -> None:
    """The engine gets its answer back with what is wrong, and the better answer is kept."""
    engine = Faulty(TranslationResult("The peak ended."), TranslationResult("The summit ended."))
    ((_, drafted),) = draft(engine, "en", [GIPFEL], wants_summit)
    assert drafted.text == "The summit ended."
    assert engine.asked[1].previous == "The peak ended."
    assert engine.asked[1].problems == ("Use 'summit' for 'Gipfel'.",)


def test_the_last_question_has_the_term_in_the_text() -> None:
    """Where asking by name did not help, the German word is replaced before the engine reads."""
    engine = Faulty(
        TranslationResult("A peak."),
        TranslationResult("A peak."),
        TranslationResult("The summit ended."),
    )
    ((_, drafted),) = draft(engine, "en", [GIPFEL], wants_summit)
    assert (engine.asked[2].text, engine.asked[2].previous) == ("Der summit endete.", "")
    assert (drafted.text, drafted.issues) == ("The summit ended.", ())


def test_a_term_with_a_backslash_stands_in_the_text_as_it_is() -> None:
    """It is no sign of a pattern."""
    task = DraftRequest("Das Laufwerk ist voll.", (("Laufwerk", r"C:\new\1"),))
    texts = ("It is full.", "It is full.", "The disk is full.")
    engine = Faulty(*map(TranslationResult, texts))
    missing = [Issue("terminology", "Use it.", False)]
    list(draft(engine, "en", [task], lambda source, target: missing))
    assert engine.asked[2].text == r"Das C:\new\1 ist voll."


def test_an_example_that_is_repeated_is_no_draft() -> None:
    """Neither one of ours nor one from the memory; unless the texts are nearly the same."""
    ours = EXAMPLES["en"][1]
    council = ("Der Rat tagt am Montag in Genf.", "The council meets in Geneva on Monday.")
    for task, repeated in (
        (DraftRequest("Es regnete den ganzen Tag."), ours.translation),
        (DraftRequest("Es regnete den ganzen Tag.", examples=(council,)), council[1]),
    ):
        engine = Faulty(TranslationResult(repeated), TranslationResult("It rained all day."))
        ((_, drafted),) = draft(engine, "en", [task], wants_summit)
        assert drafted.text == "It rained all day."
        assert engine.asked[1].problems == ("The answer is the translation of another text.",)
        ((_, drafted),) = draft(
            Faulty(*[TranslationResult(repeated)] * 3), "en", [task], wants_summit
        )
        assert drafted.failed
    for task, repeated in (
        (DraftRequest(ours.german), ours.translation),
        (DraftRequest("Der Rat tagt Montag in Genf.", examples=(council,)), council[1]),
        (DraftRequest("Zur Hauptnavigation"), EXAMPLES["en"][0].translation),
    ):
        ((_, drafted),) = draft(Faulty(TranslationResult(repeated)), "en", [task], wants_summit)
        assert (drafted.text, drafted.failed) == (repeated, False)


def test_a_term_within_a_word_is_not_replaced() -> None:
    """Half a compound in another language would be no word at all."""
    engine = Faulty(*[TranslationResult(f"A peak {n}.") for n in range(RETRIES + 1)])
    list(draft(engine, "en", [DraftRequest("Das Gipfeltreffen.", GIPFEL.terms)], wants_summit))
    assert {request.text for request in engine.asked} == {"Das Gipfeltreffen."}


def test_a_flaw_that_stays_is_told() -> None:
    """The draft is kept with its flaw: a reviewer can mend it."""
    engine = Faulty(*[TranslationResult(f"The peak ended {n}.") for n in range(RETRIES + 1)])
    ((_, drafted),) = draft(engine, "en", [GIPFEL], wants_summit)
    assert drafted.text == "The peak ended 0."
    assert not drafted.failed
    assert [flaw.check for flaw in drafted.issues] == ["terminology"]


@pytest.mark.parametrize(
    "answer",
    [
        TranslationResult(""),
        TranslationResult("Sure! Here is it."),
        TranslationResult("The and the and", complete=False),
    ],
)
def test_garbage_fails_after_the_retries(answer: TranslationResult) -> None:
    """What stays unusable is a failure, never a draft."""
    engine = Faulty(*[answer] * (RETRIES + 1))
    ((_, drafted),) = draft(engine, "en", [DraftRequest("Er kam.")], wants_summit)
    assert drafted.failed


def test_an_answer_about_the_answer_before_is_no_draft() -> None:
    """Small models sometimes repeat what they are told, and not only in their last answer."""
    engine = Faulty(
        TranslationResult("The peak ended."),
        TranslationResult("Use summit instead of peak for the peak of the mountain."),
        TranslationResult("The peak has ended."),
    )

    def wants(source: str, target: str) -> list[Issue]:
        message = "Use summit instead of peak for 'Gipfel'."
        return [] if "summit ended" in target else [Issue("terminology", message, False)]

    ((_, drafted),) = draft(engine, "en", [GIPFEL], wants)
    assert drafted.text == "The peak ended."


def test_an_engine_that_repeats_itself_is_not_asked_a_third_time() -> None:
    """The same answer again will not change."""
    engine = Faulty(TranslationResult(""), TranslationResult(""))
    list(draft(engine, "en", [GIPFEL], wants_summit))
    assert len(engine.asked) == 2


def test_a_worse_second_answer_is_not_taken() -> None:
    """A draft with a flaw goes before garbage."""
    engine = Faulty(
        TranslationResult("The peak ended."),
        TranslationResult(""),
        TranslationResult("Sure: summit"),
    )
    ((_, drafted),) = draft(engine, "en", [GIPFEL], wants_summit)
    assert drafted.text == "The peak ended."


class Rounds(Faulty):
    """Keeps what it was asked at once; breaks down where it has no answer left."""

    def __init__(self, *answers: TranslationResult) -> None:
        super().__init__(*answers)
        self.rounds: list[list[str]] = []

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        self.rounds.append([request.text for request in requests])
        if not self.answers:
            raise EngineError("gone", "Come back.")
        yield from super().translate(requests, language)


MANY = [
    GIPFEL,
    DraftRequest("Er kam."),
    DraftRequest("Ein Gipfel.", GIPFEL.terms),
    DraftRequest("Sie ging."),
]


def test_flawed_answers_are_asked_about_together() -> None:
    """An engine that computes many texts at once gets them at once; good ones do not wait."""
    first = ("The peak ended.", "He came.", "A peak.", "She left.")
    engine = Rounds(*map(TranslationResult, (*first, "The summit ended.", "A peak?", "A summit.")))
    made = [(task.text, drafted.text) for task, drafted in draft(engine, "en", MANY, wants_summit)]
    assert made == [
        ("Er kam.", "He came."),
        ("Sie ging.", "She left."),
        ("Der Gipfel endete.", "The summit ended."),
        ("Ein Gipfel.", "A summit."),
    ]
    asked = [task.text for task in MANY]
    assert engine.rounds == [asked, [asked[0], asked[2]], ["Ein summit."]]


def test_what_is_good_is_given_before_the_engine_breaks_down() -> None:
    """Only what it was to be asked about again is lost."""
    engine = Rounds(
        *map(TranslationResult, ("The peak ended.", "He came.", "A peak.", "She left."))
    )
    made = draft(engine, "en", MANY, wants_summit)
    assert [drafted.text for _, drafted in islice(made, 2)] == ["He came.", "She left."]
    with pytest.raises(EngineError, match="gone"):
        next(made)


def test_an_engine_that_loses_an_answer_is_noticed() -> None:
    """A lost answer is an error of the engine."""

    class Short(Faulty):
        def translate(
            self, requests: Sequence[TranslationRequest], language: str
        ) -> Iterator[TranslationResult]:
            return iter([TranslationResult("One.")])

    with pytest.raises(EngineError, match="fewer results"):
        list(draft(Short(), "en", [DraftRequest("Eins."), DraftRequest("Zwei.")], wants_summit))


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Anna Berger", BlockKind.BYLINE, True),
        ("Ludwig van Beethoven", BlockKind.BYLINE, True),
        ("Von Anna Berger", BlockKind.BYLINE, False),
        ("Von", BlockKind.BYLINE, False),
        ("4 Minuten Lesezeit", BlockKind.BYLINE, False),
        ("Anna Berger", BlockKind.PARAGRAPH, False),
        ("2024", BlockKind.PARAGRAPH, True),
        ("* * *", BlockKind.PARAGRAPH, True),
        ("https://beispiel.example/a", BlockKind.BOILERPLATE, True),
        ("redaktion@beispiel.example", BlockKind.BOILERPLATE, True),
        ("Quelle: beispiel.example", BlockKind.BOILERPLATE, False),
    ],
)
def test_nothing_to_translate(text: str, kind: BlockKind, expected: bool) -> None:
    """Names of authors, figures and addresses stand as they are; all else goes to the engine."""
    assert nothing_to_translate(text, kind) is expected


CRITICAL = ("empty", "untranslated", "untranslated-words", "language", "length")
RETRIED = (
    "numbers",
    "dates",
    "placeholders",
    "markup",
    "urls",
    "repeated-words",
    "brackets",
)


@pytest.mark.parametrize("name", [*CRITICAL, *RETRIED])
def test_what_the_checks_find_is_requested_again(name: str) -> None:
    """If the engine has nothing better, only a draft that is of some use is kept."""
    check = next(check for check in CHECKS if check.id == name)
    for language, source, bad in check.wrong:
        engine = Faulty(*[TranslationResult(bad)] * (RETRIES + 1))
        evaluate = make_evaluator(language, None, {})
        assert name in {issue.check for issue in evaluate(source, bad)}
        ((_, drafted),) = draft(engine, language, [DraftRequest(source)], evaluate)
        assert len(engine.asked) > 1
        assert drafted.failed or name in RETRIED


def test_alternatives_end_with_their_evaluation() -> None:
    """What is cached and written is the chosen text alone."""
    result = TranslationResult("The summit.", alternatives=(TranslationResult("The peak."),))
    engine = Faulty(result)
    ((_, drafted),) = draft(engine, "en", [DraftRequest("Der Gipfel.")], wants_summit)
    assert drafted.result == TranslationResult("The summit.")


def test_an_engine_sees_the_spelling_of_germany() -> None:
    """The request of a Swiss text has ß and Januar; the draft belongs to the Swiss text."""
    source = "Seit Jänner ist die Bahnhofstrasse zu."
    engine = Faulty(TranslationResult("The Bahnhofstraße has been closed since January."))
    request = DraftRequest(source, (("Bahnhofstrasse", "Bahnhofstrasse"),))
    ((drafted, result),) = draft(engine, "en", [request], lambda source, target: [])
    assert engine.asked[0].text == "Seit Januar ist die Bahnhofstraße zu."
    assert engine.asked[0].terms == (("Bahnhofstraße", "Bahnhofstrasse"),)
    assert drafted.text == source
    assert result.text == "The Bahnhofstrasse has been closed since January."
