"""Checks that look at an entry's state, flags and origin, or at all entries together."""

from __future__ import annotations

import pytest

from pipeline.checks.registry import Context, Problem, by_id
from pipeline.checks.rules import catalog_language, consistency
from pipeline.core.types import Provenance, State, Term, Translation
from pipeline.glossary.file import Glossary
from pipeline.glossary.matcher import TermMatcher, terms_digest


def entry(source: str, target: str, state: State = State.APPROVED, **more: object) -> Translation:
    return Translation(source, target, state, **more)  # type: ignore[arg-type]


def found(check: str, translation: Translation, context: Context) -> list[str]:
    return [problem.message for problem in by_id()[check].examined(translation, context)]


@pytest.mark.parametrize(
    ("state", "target", "word"),
    [
        (State.APPROVED, "Yes", ""),
        (State.MISSING, "", "Not translated"),
        (State.DRAFT, "Yes", "draft"),
        (State.TOUCHED, "Yes", "fuzzy"),
    ],
)
def test_unreviewed(state: State, target: str, word: str) -> None:
    """Only what a human approved passes."""
    messages = found("unreviewed", entry("Ja", target, state), Context("en"))
    assert [word in message for message in messages] == ([True] if word else [])


def test_unknown_flag() -> None:
    """A misspelled flag silences nothing, so it is named, with the right one."""
    flags = frozenset(("ignore-numbers", "ignore-number", "no-wrap", "ignore-xyzzy"))
    messages = found("unknown-flag", entry("Ja", "Yes", flags=flags), Context("en"))
    assert messages == [
        "There is no check 'number'; did you mean ignore-numbers?",
        "There is no check 'xyzzy'",
    ]


def test_outdated_terms() -> None:
    """A draft is stale when its terms changed, not when other terms of the glossary did."""
    terms = (Term("Bundesrat", ("Federal Council",)), Term("Wahl", ("election",)))
    matcher = TermMatcher(Glossary(None, "de", "en", terms, ""))
    context = Context("en", matcher=matcher)
    now = terms_digest(matcher.required("Der Bundesrat tagt."))
    before = terms_digest((("Bundesrat", "Senate"),))
    for digest, state, stale in (
        (now, State.DRAFT, False),
        (before, State.DRAFT, True),
        ("-", State.DRAFT, True),
        (before, State.TOUCHED, False),
        (before, State.APPROVED, False),
    ):
        origin = Provenance("llama", "m", digest, "")
        translation = entry("Der Bundesrat tagt.", "The Senate meets.", state, provenance=origin)
        assert bool(found("outdated-terms", translation, context)) is stale, (digest, state)
    without = entry("Ja", "Yes", State.DRAFT, provenance=Provenance("llama", "m", "-", ""))
    assert not found("outdated-terms", without, context)


CONSISTENCY = [
    ("Der Rat tagt heute wieder.", "The Council meets.", "Der Rat tagt heute wieder.",
     "The Council is meeting.", "warning"),
    ("Der Rat tagt heute wieder.", "The Council meets.", "Der Rat tagt  heute wieder",
     "The <b>Council</b> meets", ""),
    ("Mehr", "More", "Mehr", "Read on", "info"),
    ("Der Rat tagt heute.", "The Council meets.", "Der Rat trifft sich.", "The Council meets.",
     "info"),
    ("0", "1", "0", "2", ""),
]  # fmt: skip


def compared(
    memory: consistency.ConsistencyAggregator, path: str, translation: Translation
) -> list[Problem]:
    """What is told of an entry after those before it."""
    return [problem for _, problem in memory.merge(path, memory.summarize([translation]))]


@pytest.mark.parametrize(("source", "target", "other", "second", "severity"), CONSISTENCY)
def test_consistency(source: str, target: str, other: str, second: str, severity: str) -> None:
    """Two translations of one German text are a warning; of a short one, information."""
    memory = consistency.ConsistencyAggregator(Context("en"))
    assert not compared(memory, "a.po", entry(source, target))
    problems = compared(memory, "b.po", entry(other, second))
    assert [str(p.severity or "warning") for p in problems] == ([severity] if severity else [])
    assert all("a.po:" in problem.message for problem in problems)


def test_drafts_are_not_compared() -> None:
    """A machine's wording is no second opinion."""
    memory = consistency.ConsistencyAggregator(Context("en"))
    compared(memory, "a.po", entry("Der Rat tagt heute.", "The Council meets."))
    assert not compared(memory, "b", entry("Der Rat tagt heute.", "It sits.", State.DRAFT))


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "The file is in the folder of the user", 0),
        ("en", "Le fichier est dans le dossier de la personne", 1),
        ("en", "Die Datei ist im Ordner und wird nicht gelöscht", 1),
        ("es", "The file is in the folder of the user", 1),
        ("xx", "The file is in the folder of the user", 0),
    ],
)
def test_a_catalog_in_another_language_is_found_by_all_its_texts(
    language: str, text: str, number: int
) -> None:
    """Each text is too short to tell; a hundred of them are not."""
    aggregator = catalog_language.CatalogLanguageAggregator(Context(language))
    entries = [entry(f"Text {at}", f"{text} {at}") for at in range(100)]
    found = list(aggregator.merge("a.po", aggregator.summarize(entries)))
    assert len(found) == number
    assert not list(aggregator.merge("b.po", aggregator.summarize(entries[:3])))
