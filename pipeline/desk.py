"""The desk of one language: fills entries from memory, from the source, or from the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.catalog import Draft
from pipeline.drafting import Drafted, Judge, Task, draft, nothing_to_translate
from pipeline.engines import Engine
from pipeline.judge import judge
from pipeline.memory import Memory
from pipeline.model import Kind, Origin
from pipeline.terms import TermMatcher, terms_digest

KEPT_ANSWERS = 10_000
"""How many answers of a run are kept, for the same text in another article."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a source text was filled with: a draft, or the reason why there is none.

    `required` and `respected` count the glossary terms of the text.
    """

    source: str
    draft: Draft | None
    reason: str = ""
    required: int = 0
    respected: int = 0


class Desk:
    """Fills the entries of one language.

    `matcher` and `engine` are called when there is work for them: both take long to load.
    """

    def __init__(
        self,
        language: str,
        matcher: Callable[[], TermMatcher | None],
        severities: Mapping[str, str],
        memory: Memory,
        engine: Callable[[], Engine],
    ) -> None:
        self.language = language
        self._open_matcher = matcher
        self._severities = severities
        self._memory = memory
        self._engine = engine
        self._answers: dict[Task, Drafted] = {}

    @cached_property
    def _matcher(self) -> TermMatcher | None:
        return self._open_matcher()

    @cached_property
    def _judge(self) -> Judge:
        return judge(self.language, self._matcher, self._severities)

    def needs_engine(self, source: str) -> bool:
        """Whether memory has nothing for a text."""
        return self._memory.exact(self.language, source) is None

    def terms(self, source: str) -> tuple[tuple[str, str], ...]:
        """The glossary's demands on a text, as for `Task`."""
        return self._matcher.required(source) if self._matcher else ()

    def fill(self, sources: Sequence[str], kinds: Mapping[str, Kind]) -> list[Filled]:
        """Fill source texts, in their order; raises EngineError.

        `kinds` tells what kind of segment a text is.
        """
        tasks = {source: Task(source, self.terms(source)) for source in sources}
        ready = {s: self._without_engine(t, kinds.get(s)) for s, t in tasks.items()}
        asked = [tasks[source] for source, made in ready.items() if made is None]
        drafted = dict(zip((t.text for t in asked), self._ask(asked), strict=True))
        return [
            self._filled(source, ready[source] or drafted[source], tasks[source])
            for source in sources
        ]

    def _without_engine(self, task: Task, kind: Kind | None) -> Draft | None:
        glossary = terms_digest(task.terms)
        if match := self._memory.exact(self.language, task.text):
            problems = tuple(flaw.message for flaw in self._judge(task.text, match.target))
            return Draft(match.target, Origin("memory", match.catalog, glossary, ""), problems)
        if nothing_to_translate(task.text, kind or Kind.PARAGRAPH):
            return Draft(task.text, Origin("source", "", glossary, ""))
        return None

    def _ask(self, tasks: Sequence[Task]) -> Iterator[Drafted]:
        new = [task for task in tasks if task not in self._answers]
        if new:
            made = draft(self._engine(), self.language, new, self._judge)
            self._answers |= zip(new, made, strict=True)
        yield from [self._answers[task] for task in tasks]
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.pop(next(iter(self._answers)))

    def _filled(self, source: str, made: Draft | Drafted, task: Task) -> Filled:
        if isinstance(made, Drafted):
            if made.failed:
                reason = " ".join(flaw.message for flaw in made.flaws if flaw.grave)
                return Filled(source, None, reason, required=self._demands(source, "")[0])
            identity = self._engine().identity(self.language)
            origin = Origin(identity.engine, identity.model, terms_digest(task.terms), "")
            made = Draft(made.text, origin, tuple(flaw.message for flaw in made.flaws))
        required, respected = self._demands(source, made.target)
        return Filled(source, made, "", required, respected)

    def _demands(self, source: str, target: str) -> tuple[int, int]:
        uses = self._matcher.verify(source, target) if self._matcher else ()
        wanted = [use for use in uses if use.wanted]
        return len(wanted), sum(use.respected and not use.forbidden for use in wanted)
