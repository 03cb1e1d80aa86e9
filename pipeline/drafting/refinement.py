"""Draws drafts from an engine and takes none unseen: judged, asked again, the best one kept.

What came of a text in the end is remembered, with the flaws that were left. When it is asked
for again, it is judged anew, and asked about only where a flaw is found that was not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.core.errors import EngineError
from pipeline.core.types import BlockKind
from pipeline.drafting import answer_validation, confidence
from pipeline.drafting.postprocessing import tidy
from pipeline.engines.base import Engine, EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.cache import CachedResponse, CacheScope
from pipeline.engines.prompts.few_shot import EXAMPLES

RETRIES = 2
"""How often a text is asked for again."""

BY = "Von "
"""How a German byline begins that says who wrote the article."""


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """A text to draft, with pairs (as it stands in the text, required translation).

    `examples` are approved translations of similar texts, and `label` tells that the text is
    a label of the page, as for `Request`.
    """

    text: str
    terms: tuple[tuple[str, str], ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    label: bool = False

    def request(self, previous: str = "", problems: Sequence[str] = ()) -> TranslationRequest:
        """Word it for an engine, with an earlier answer and what was wrong with that."""
        return TranslationRequest(
            self.text, self.terms, previous, tuple(problems), self.examples, self.label
        )


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with a draft. A grave one makes it worthless to a reviewer.

    `check` is the id of the check that found it, or `answer`. A `slight` one is no reason to
    ask again and is not told: it only helps to choose among several answers.
    """

    check: str
    message: str
    critical: bool
    ranking_only: bool = False


@dataclass(frozen=True, slots=True)
class DraftResult:
    """The best answer for a text; where `failed`, it is not fit to be kept.

    `text` is tidied, `answer` as it came from the engine, `by` who gave it; `remembered` says
    that it was given before.
    """

    text: str
    issues: tuple[Issue, ...]
    result: TranslationResult
    engine_info: EngineInfo
    from_cache: bool = False
    ranking_issues: tuple[Issue, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a grave flaw remained."""
        return any(flaw.critical for flaw in self.issues)

    @property
    def confidence(self) -> int:
        """How sure it is, in per cent."""
        return confidence.percent(self.result.confidence, (*self.issues, *self.ranking_issues))

    @property
    def messages(self) -> tuple[str, ...]:
        """What is wrong with it, in sentences."""
        return tuple(flaw.message for flaw in self.issues)


Evaluator = Callable[[str, str], Sequence[Issue]]
"""Finds the flaws of a translation, given the German and the translation."""


def draft(
    engine: Engine,
    language: str,
    tasks: Sequence[DraftRequest],
    judge: Evaluator,
    known: CacheScope | None = None,
) -> Iterator[tuple[DraftRequest, DraftResult]]:
    """Draft the tasks' texts in `language`; gives each with its task, as soon as it is done.

    Flawed answers are sent back with what is wrong with them, `RETRIES` times at most: those of
    all tasks together, so that an engine computes them at once. Where a
    term is missing even then, the last question has the required translation in the place
    of the German word. What stands in `known` is not asked for. Raises EngineError where the
    engine cannot translate.
    """
    asking = _Refinement(engine, language, judge, known)
    courses = asking.begun(tasks)
    for attempt in range(RETRIES):
        left = []
        for course in courses:
            if course.finished:
                yield course.task, asking.kept(course)
            else:
                left.append(course)
        courses = asking.asked_again(left, final=attempt == RETRIES - 1)
    for course in courses:
        yield course.task, asking.kept(course)


@dataclass(slots=True)
class DraftAttempt:
    """How far it has come with a task: the best draft and the last one.

    `told` says that it was given before, with all the flaws that are found in it. `repeated` says
    that the last one is what was there before: asked in the same way, the engine would give it
    once more. `is_over` says that nothing more is to be asked.
    """

    task: DraftRequest
    best: DraftResult
    last: DraftResult
    is_complete_from_cache: bool = False
    repeated: bool = False
    finished: bool = field(init=False)

    def __post_init__(self) -> None:
        """See whether there is anything to ask about the first draft."""
        self.finished = self.is_complete_from_cache or _is_done(self.last)

    def question(self, *, final: bool) -> TranslationRequest | None:
        """The next question; None where none is left that may help."""
        if final and any(flaw.check == "terminology" for flaw in self.best.issues):
            text = self.task.text
            for german, wanted in self.task.terms:
                safe = wanted.replace("\\", r"\\")
                text = re.sub(rf"(?<!\w){re.escape(german)}(?!\w)", safe, text)
            if text != self.task.text:
                return replace(self.task.request(), text=text)
        return None if self.repeated else self.task.request(self.last.text, self.last.messages)

    def record(self, drafted: DraftResult) -> None:
        """Take in what came of the question."""
        self.repeated = drafted.text == self.last.text
        self.last, self.best = drafted, min(self.best, drafted, key=ranking_key)
        self.finished = _is_done(drafted)


def _is_done(drafted: DraftResult) -> bool:
    """Whether nothing is wrong with it, or the engine will not have it."""
    return not drafted.issues or bool(drafted.result.rejection_reason)


@dataclass(frozen=True, slots=True)
class _Refinement:
    """An engine that is asked for one language, the judge of its answers, and those known."""

    engine: Engine
    language: str
    judge: Evaluator
    known: CacheScope | None

    def kept(self, course: DraftAttempt) -> DraftResult:
        """The best draft of a task; it is remembered if it is new, and fit to be kept."""
        best = course.best
        if self.known and not course.is_complete_from_cache and not best.failed:
            self.known.put(
                course.task.request(), CachedResponse(best.result, best.engine_info, best.messages)
            )
        return best

    def answers(self, requests: Sequence[TranslationRequest]) -> Iterator[TranslationResult]:
        """Ask the engine, if there is anything to ask."""
        return iter(self.engine.translate(requests, self.language)) if requests else iter(())

    def begun(self, tasks: Sequence[DraftRequest]) -> Iterator[DraftAttempt]:
        """Ask for what is not known of the tasks, and begin a course for each, in their order."""
        kept = [self.known.get(task.request()) if self.known else None for task in tasks]
        pairs = list(zip(tasks, kept, strict=True))
        given = self.answers([task.request() for task, found in pairs if not found])
        for task, found in pairs:
            first = self.remembered(task, found) if found else self.judged(task, _next(given))
            told = bool(found and set(first.messages) <= set(found.issues))
            yield DraftAttempt(task, first, first, told)

    def asked_again(
        self, courses: Sequence[DraftAttempt], *, final: bool
    ) -> Iterator[DraftAttempt]:
        """Go on with courses, all at once; those for which there is no question come first."""
        questions = [(course, course.question(final=final)) for course in courses]
        for course, question in questions:
            if not question:
                course.finished = True
                yield course
        given = self.answers([question for _, question in questions if question])
        for course, question in questions:
            if question:
                course.record(self.judged(course.task, _next(given)))
                yield course

    def remembered(self, task: DraftRequest, kept: CachedResponse) -> DraftResult:
        """Judge an earlier answer by the checks as they are now."""
        return replace(
            self.judged(task, kept.result), engine_info=kept.engine_info, from_cache=True
        )

    def judged(self, task: DraftRequest, answer: TranslationResult) -> DraftResult:
        """Judge an answer, and take the first of the engine's others with which less is wrong."""
        best = self._judged(task, answer)
        for other in answer.alternatives:
            if not best.issues and not best.ranking_issues:
                break
            best = min(best, self._judged(task, other), key=ranking_key)
        return best

    def _judged(self, task: DraftRequest, answer: TranslationResult) -> DraftResult:
        answer = replace(answer, alternatives=())
        by = self.engine.identity(self.language)
        if answer.rejection_reason:
            return DraftResult(
                "", (Issue("answer", answer.rejection_reason, critical=True),), answer, by
            )
        flaws = [
            Issue("answer", message, critical=True)
            for message in answer_validation.problems(task.text, answer.text, answer.complete)
        ]
        text = tidy(task.text, answer.text, self.language)
        if text:
            another = answer_validation.of_another_text(task.text, text, self._shown(task))
            flaws += [Issue("answer", message, critical=True) for message in another]
            lost = answer_validation.lost_addresses(task.text, text)
            flaws += [Issue("answer", message, critical=False) for message in lost]
            flaws += self.judge(task.text, text)
        doubts = tuple(flaw for flaw in flaws if flaw.ranking_only)
        return DraftResult(
            text, tuple(f for f in flaws if not f.ranking_only), answer, by, ranking_issues=doubts
        )

    def _shown(self, task: DraftRequest) -> Iterator[tuple[str, str]]:
        """What an engine may have been shown beside the text."""
        yield from task.examples
        for example in EXAMPLES.get(self.language.partition("_")[0], ()):
            yield example.german, example.translation


def nothing_to_translate(text: str, kind: BlockKind) -> bool:
    """Whether a text stands as it is in any language: no words, an address, an author's name.

    A byline of two to four capitalised words is taken for a name, unless it starts with
    the German "Von".
    """
    if not any(character.isalpha() for character in text) or _ADDRESS.fullmatch(text):
        return True
    return kind is BlockKind.BYLINE and bool(_NAME.fullmatch(text)) and not text.startswith(BY)


_ADDRESS = re.compile(r"(https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+")
_NAME = re.compile(
    r"[^\W\d_a-zäöüß][\w.’'-]*( (von|van|de|der|zu|al)?\s?[^\W\d_a-zäöüß][\w.’'-]*){1,3}"
)


def _next(given: Iterator[TranslationResult]) -> TranslationResult:
    try:
        return next(given)
    except StopIteration:
        raise EngineError(
            "the engine gave fewer answers than it was asked for", "Report it to its author."
        ) from None


def ranking_key(drafted: DraftResult) -> tuple[int, int, int]:
    """Return a sort key; the best draft has the lowest: critical, all and ranking-only issues."""
    critical = sum(flaw.critical for flaw in drafted.issues)
    return critical, len(drafted.issues), len(drafted.ranking_issues)
