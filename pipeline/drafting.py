"""Draws drafts from an engine and takes none unseen: judged, asked again, the best one kept.

What came of a text in the end is remembered, with the flaws that were left. When it is asked
for again, it is judged anew, and asked about only where a flaw is found that was not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline import answers, confidence
from pipeline.answer_cache import Kept, KnownAnswers
from pipeline.engines import Answer, Engine, Identity, Request
from pipeline.engines.examples import EXAMPLES
from pipeline.errors import EngineError
from pipeline.model import Kind
from pipeline.typography import tidy

RETRIES = 2
"""How often a text is asked for again."""

BY = "Von "
"""How a German byline begins that says who wrote the article."""


@dataclass(frozen=True, slots=True)
class Task:
    """A text to draft, with pairs (as it stands in the text, required translation).

    `examples` are approved translations of similar texts, and `label` tells that the text is
    a label of the page, as for `Request`.
    """

    text: str
    terms: tuple[tuple[str, str], ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    label: bool = False

    def request(self, previous: str = "", problems: Sequence[str] = ()) -> Request:
        """Word it for an engine, with an earlier answer and what was wrong with that."""
        return Request(self.text, self.terms, previous, tuple(problems), self.examples, self.label)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a draft. A grave one makes it worthless to a reviewer.

    `check` is the id of the check that found it, or `answer`. A `slight` one is no reason to
    ask again and is not told: it only helps to choose among several answers.
    """

    check: str
    message: str
    grave: bool
    slight: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """The best answer for a text; where `failed`, it is not fit to be kept.

    `text` is tidied, `answer` as it came from the engine, `by` who gave it; `remembered` says
    that it was given before.
    """

    text: str
    flaws: tuple[Flaw, ...]
    answer: Answer
    by: Identity
    remembered: bool = False
    doubts: tuple[Flaw, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a grave flaw remained."""
        return any(flaw.grave for flaw in self.flaws)

    @property
    def confidence(self) -> int:
        """How sure it is, in per cent."""
        return confidence.percent(self.answer.confidence, (*self.flaws, *self.doubts))

    @property
    def messages(self) -> tuple[str, ...]:
        """What is wrong with it, in sentences."""
        return tuple(flaw.message for flaw in self.flaws)


Judge = Callable[[str, str], Sequence[Flaw]]
"""Finds the flaws of a translation, given the German and the translation."""


def draft(
    engine: Engine,
    language: str,
    tasks: Sequence[Task],
    judge: Judge,
    known: KnownAnswers | None = None,
) -> Iterator[Drafted]:
    """Draft the tasks' texts in `language`, in their order.

    A flawed answer is sent back with what is wrong with it, `RETRIES` times at most. Where a
    term is missing even then, the last question has the required translation in the place
    of the German word. What stands in `known` is not asked for. Raises EngineError where the
    engine cannot translate.
    """
    asking = _Asking(engine, language, judge)
    kept = [known.find(task.request()) if known else None for task in tasks]
    new = [task.request() for task, found in zip(tasks, kept, strict=True) if not found]
    given = iter(engine.translate(new, language)) if new else iter(())
    for task, found in zip(tasks, kept, strict=True):
        first = asking.remembered(task, found) if found else asking.judged(task, _next(given))
        if found and set(first.messages) <= set(found.flaws):
            yield first
            continue
        best = asking.best(task, first)
        if known and not best.failed:
            known.keep(task.request(), Kept(best.answer, best.by, best.messages))
        yield best


@dataclass(frozen=True, slots=True)
class _Asking:
    """An engine that is asked for one language, and the judge of its answers."""

    engine: Engine
    language: str
    judge: Judge

    def best(self, task: Task, first: Drafted) -> Drafted:
        """The best answer, where the engine is asked again as long as one has flaws."""
        best = last = first
        repeated = False
        for attempt in range(RETRIES):
            again = _again(task, best, last, final=attempt == RETRIES - 1, repeated=repeated)
            if not last.flaws or again is None or last.answer.refused:
                break
            answer = _next(iter(self.engine.translate([again], self.language)))
            before, last = last, self.judged(task, answer)
            best, repeated = min(best, last, key=_badness), last.text == before.text
        return best

    def remembered(self, task: Task, kept: Kept) -> Drafted:
        """Judge an earlier answer by the checks as they are now."""
        return replace(self.judged(task, kept.answer), by=kept.by, remembered=True)

    def judged(self, task: Task, answer: Answer) -> Drafted:
        """Judge an answer, and take the first of the engine's others with which less is wrong."""
        best = self._judged(task, answer)
        for other in answer.others:
            if not best.flaws and not best.doubts:
                break
            best = min(best, self._judged(task, other), key=_badness)
        return best

    def _judged(self, task: Task, answer: Answer) -> Drafted:
        answer = replace(answer, others=())
        by = self.engine.identity(self.language)
        if answer.refused:
            return Drafted("", (Flaw("answer", answer.refused, grave=True),), answer, by)
        flaws = [
            Flaw("answer", message, grave=True)
            for message in answers.problems(task.text, answer.text, answer.complete)
        ]
        text = tidy(task.text, answer.text, self.language)
        if text:
            another = answers.of_another_text(task.text, text, self._shown(task))
            flaws += [Flaw("answer", message, grave=True) for message in another]
            lost = answers.lost_addresses(task.text, text)
            flaws += [Flaw("answer", message, grave=False) for message in lost]
            flaws += self.judge(task.text, text)
        doubts = tuple(flaw for flaw in flaws if flaw.slight)
        return Drafted(text, tuple(f for f in flaws if not f.slight), answer, by, doubts=doubts)

    def _shown(self, task: Task) -> Iterator[tuple[str, str]]:
        """What an engine may have been shown beside the text."""
        yield from task.examples
        for example in EXAMPLES.get(self.language.partition("_")[0], ()):
            yield example.german, example.translation


def _again(
    task: Task, best: Drafted, last: Drafted, *, final: bool, repeated: bool
) -> Request | None:
    """The next question for a flawed draft; None where none is left that may help."""
    if final and any(flaw.check == "terminology" for flaw in best.flaws):
        text = task.text
        for german, wanted in task.terms:
            safe = wanted.replace("\\", r"\\")
            text = re.sub(rf"(?<!\w){re.escape(german)}(?!\w)", safe, text)
        if text != task.text:
            return replace(task.request(), text=text)
    return None if repeated else task.request(last.text, last.messages)


def nothing_to_translate(text: str, kind: Kind) -> bool:
    """Whether a text stands as it is in any language: no words, an address, an author's name.

    A byline of two to four capitalised words is taken for a name, unless it starts with
    the German "Von".
    """
    if not any(character.isalpha() for character in text) or _ADDRESS.fullmatch(text):
        return True
    return kind is Kind.BYLINE and bool(_NAME.fullmatch(text)) and not text.startswith(BY)


_ADDRESS = re.compile(r"(https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+")
_NAME = re.compile(
    r"[^\W\d_a-zäöüß][\w.’'-]*( (von|van|de|der|zu|al)?\s?[^\W\d_a-zäöüß][\w.’'-]*){1,3}"
)


def _next(given: Iterator[Answer]) -> Answer:
    try:
        return next(given)
    except StopIteration:
        raise EngineError(
            "the engine gave fewer answers than it was asked for", "Report it to its author."
        ) from None


def _badness(drafted: Drafted) -> tuple[int, int, int]:
    grave = sum(flaw.grave for flaw in drafted.flaws)
    return grave, len(drafted.flaws), len(drafted.doubts)
