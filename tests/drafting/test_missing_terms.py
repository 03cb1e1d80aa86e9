"""Which draft is kept if a second engine was asked for missing terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from pipeline.core import EngineError, PipelineError, Term, TrustError
from pipeline.drafting.evaluation import make_evaluator
from pipeline.drafting.missing_terms import TermEngine
from pipeline.drafting.refinement import draft
from pipeline.drafting.second_opinion import SecondEngine
from pipeline.drafting.types import DraftRequest, DraftResult
from pipeline.engines.base import EngineInfo, TranslationRequest, TranslationResult
from pipeline.glossary import Glossary
from pipeline.glossary.matcher import TermMatcher

SOURCE = "Der Gipfel hat am 3. Mai nicht über den Vertrag von Rom beraten."
FIRST = "On May 3, the meeting did not discuss the treaty of Rome."
TERMS = (Term("Gipfel", ("summit",)), Term("Vertrag", ("pact",)))


def glossary() -> TermMatcher:
    return TermMatcher(Glossary(None, "de", "en", TERMS, ""))


@dataclass
class Fixed:
    """Answers with a fixed sentence; after `limit` requests it fails."""

    name: str
    text: str
    limit: int = 100
    asked: list[TranslationRequest] = field(default_factory=list)

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo(self.name, "model", "0", "1")

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        for request in requests:
            if len(self.asked) == self.limit:
                raise EngineError("it stopped", "Start it.")
            self.asked.append(request)
            yield TranslationResult(self.text)

    def close(self) -> None:
        pass


def completed(
    second: Fixed, sources: Sequence[str] = (SOURCE,), first: str = FIRST
) -> tuple[list[DraftResult], list[PipelineError]]:
    """Return the drafts after the second engine was asked, and its failures."""
    matcher = glossary()
    evaluate = make_evaluator("en", matcher, {})
    requests = [DraftRequest(text, matcher.required(text)) for text in sources]
    failures: list[PipelineError] = []
    engine = TermEngine(lambda: SecondEngine(second), failures.append)
    drafts = draft(Fixed("first", first), "en", requests, evaluate)
    found = dict(engine.complete("en", drafts, evaluate))
    return [found[request] for request in requests], failures


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("On May 3, the summit did not discuss the pact of Rome.", "second"),
        ("On May 3, the summit did not discuss the treaty of Rome.", "second"),
        ("On May 3, the conference did not discuss the treaty of Rome.", "first"),
        ("On May 4, the summit did not discuss the pact of Rome.", "first"),
        ("On May 3, the summit discussed the pact of Rome.", "first"),
        ("On May 3, the the summit did not discuss the pact of Rome.", "first"),
        ("", "first"),
        (SOURCE, "first"),
    ],
    ids=["all terms", "one more", "no more", "number", "negation", "repeated", "empty", "German"],
)
def test_more_terms_win_if_nothing_else_is_lost(text: str, name: str) -> None:
    (result,), failures = completed(Fixed("second", text))
    assert result.engine_info.engine == name
    assert not failures
    assert result.comparison is not None
    assert result.agreement is None
    if name == "second":
        assert result.opinion is not None
        assert (result.opinion.engine, result.opinion.target) == ("first", FIRST)
    else:
        assert (result.text, result.opinion) == (FIRST, None)


def test_markup_in_its_place_is_not_given_up() -> None:
    """The first engine kept the tags; that of the second engine would have to be guessed."""
    second = Fixed("second", "On May 3, the summit did not discuss the pact of Rome.")
    matcher = glossary()
    evaluate = make_evaluator("en", matcher, {})
    request = DraftRequest(SOURCE, matcher.required(SOURCE), tagged="tags")
    ((_, plain),) = draft(Fixed("first", FIRST), "en", [replace(request, tagged="")], evaluate)
    tagged = replace(plain, result=replace(plain.result, tagged="tags"))
    for first, name in ((tagged, "first"), (plain, "second")):
        engine = TermEngine(lambda: SecondEngine(second), pytest.fail)
        ((_, result),) = engine.complete("en", [(request, first)], evaluate)
        assert result.engine_info.engine == name


def test_a_usable_draft_replaces_a_useless_one() -> None:
    """Without an alternative: a useless draft is not shown. Its terms count as missing."""
    for useless in (f"{SOURCE} Gipfel.", "", "The summit, the pact."):
        (result,), _ = completed(Fixed("second", FIRST), first=useless)
        assert (result.text, result.opinion) == (FIRST, None)
        assert result.engine_info.engine == "second"


def test_a_useless_draft_of_a_text_without_terms_is_not_the_business() -> None:
    second = Fixed("second", "The city has seven new bridges.")
    (result,), _ = completed(second, ["Die Stadt hat sieben neue Brücken."], first="")
    assert (second.asked, result.failed) == ([], True)


def test_complete_drafts_are_not_sent() -> None:
    second = Fixed("second", "never")
    (result,), _ = completed(second, first="On May 3, the summit did not discuss the pact of Rome.")
    assert (second.asked, result.comparison) == ([], None)


def test_what_came_before_a_failure_is_kept() -> None:
    """The failure is reported once, although the engine is needed again."""
    second = Fixed("second", "On May 3, the summit did not discuss the pact of Rome.", limit=1)
    results, failures = completed(second, [SOURCE, SOURCE.replace("Rom", "Wien")])
    assert [one.engine_info.engine for one in results][1] == "first"
    assert [str(one) for one in failures] == ["it stopped"]


@pytest.mark.parametrize(("error", "ends"), [(EngineError, False), (TrustError, True)])
def test_an_engine_that_cannot_be_opened_is_opened_once(
    error: type[PipelineError], *, ends: bool
) -> None:
    """Missing trust is no failure: nothing may be sent before the user agrees."""
    opened, failures = [], []

    def never() -> SecondEngine | None:
        opened.append(1)
        raise error("no", "Do.")

    engine = TermEngine(never, failures.append)
    matcher = glossary()
    evaluate = make_evaluator("en", matcher, {})
    request = DraftRequest(SOURCE, matcher.required(SOURCE))
    pairs = list(draft(Fixed("first", FIRST), "en", [request], evaluate))
    ask: Callable[[], object] = lambda: list(engine.complete("en", pairs, evaluate))  # noqa: E731
    if ends:
        with pytest.raises(TrustError):
            ask()
        return
    assert ask() == ask() == pairs
    assert (len(opened), len(failures)) == (1, 1)
