"""A glance leaves out only checks that would find nothing."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks import rules
from pipeline.checks.prefilter import FAST_PATHS, Prefilter
from pipeline.checks.registry import CHECKS, Check, Context
from pipeline.checks.text import capitals, lowered, remember_pieces, strip_markup, words
from pipeline.glossary import file
from pipeline.glossary.matcher import TermMatcher
from pipeline.lang.tokenizer import surface_forms
from tests.checks.test_contract import TEXT

ROWS = """source,target,status
Rat,council,
Rat,advice,forbidden
Staatschef,head of state,
Regierungschef,head of government,
9/11,,keep
G7,,keep
US-Präsident,US president,
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> TermMatcher:
    path = tmp_path_factory.mktemp("glance") / "de-en.csv"
    path.write_text(ROWS, encoding="utf-8")
    return TermMatcher(file.load_glossary(path))


def passed_over(source: str, target: str, context: Context) -> list[str]:
    """The checks that find something and were not chosen: there must be none."""
    chosen = {name for name, _ in Prefilter(CHECKS, context).select(source, target)}
    others = (check for check in CHECKS if check.check_texts and check.id not in chosen)
    return [check.id for check in others if list(check.problems(source, target, context))]


# What the checks look for, put together at random: with blanks, without, and in markup.
PARTS = (
    "Montag on Tuesday Augustwoche may March nicht kein no 3,5 1.000 7 G7 9/11 1234 {name} %s %(n)d"
    " <b> </b> <br/> Mon<i>t</i>ag https://example.org/3 a@example.org „Ja“ “Yes” « Non » „ ” (a)"
    " ( ] Räte Staats- und Regierungschefs US-Präsident US‑Präsidenten G-7 -chef ä\u0308 Ra\u00adt"
    " council councils advice president Präsident Merkel Merkle the The the, not don't Million 2"
    " auch noch schon Ã¤ 中 \u2028 \x07 & &amp; ** ` ]( , . ; :"
    " 16 Uhr 16.30 4:30 pm am halb fünf noon heute today gestern Herbst spring Mo.–Fr. Tue–Fri 5.3."
    " siebzehn seventy zwei Drittel three quarters XIV XVI % percent 50 € $ Euro km miles minus 2:1"
    " 1–2 bis 2018/19 Million Milliarden thousand"
)
SPLINTERS = st.sampled_from(PARTS.split(" "))
MADE = st.builds(
    lambda parts, marks: "".join(a + b for a, b in zip(parts, marks, strict=False)),
    st.lists(SPLINTERS, max_size=8),
    st.lists(st.sampled_from([" ", " ", "", "  ", "\n", "\u00a0", ", ", ". "]), min_size=8),
)


@settings(max_examples=150, deadline=None)
@given(source=MADE | TEXT, target=MADE | TEXT, language=st.sampled_from(["en", "fr", "es", "pt"]))
def test_no_finding_is_passed_over(
    matcher: TermMatcher, source: str, target: str, language: str
) -> None:
    """In any texts, whichever parts of them are signs."""
    assert passed_over(source, target, Context(language, matcher=matcher)) == []


WITH_TRIGGER = [c for c in CHECKS if c.id in FAST_PATHS and FAST_PATHS[c.id].trigger]


def test_every_fast_path_is_registered() -> None:
    """A fast path of a rule that is not in the table would never be used."""
    declared = {
        check.id
        for check in CHECKS
        if hasattr(import_module(f"{rules.__name__}.{check.id.replace('-', '_')}"), "FAST_PATH")
    }
    assert declared == set(FAST_PATHS)


def test_a_check_without_a_fast_path_always_runs() -> None:
    """As those of plug-ins do."""
    own = replace(CHECKS[0], id="own", check_texts=lambda source, target, context: ())
    finders = Prefilter([*CHECKS, own], Context("en")).select("Ja", "Yes")
    assert "own" in [name for name, _ in finders]


@pytest.mark.parametrize("check", WITH_TRIGGER, ids=lambda check: check.id)
def test_the_examples_are_not_passed_over(check: Check) -> None:
    """What the page of checks shows is found in catalogs too."""
    for language, source, target in check.wrong:
        assert passed_over(source, target, Context(language)) == []


def test_most_checks_are_passed_over() -> None:
    """Or the glance would be for nothing."""
    finders = Prefilter(CHECKS, Context("en")).select("Der Rat tagt heute.", "The council meets.")
    assert len(finders) < 4


@given(text=MADE | TEXT)
def test_the_words_that_a_glance_keeps_are_those_of_the_text(text: str) -> None:
    """Read piece by piece or as a whole."""
    Prefilter(CHECKS, Context("en")).select(text, "")
    kept = words(text), lowered(text), capitals(text)
    for other in map(str, range(64)):  # until the text is forgotten
        remember_pieces(f"\x00{other}", [])
        assert words(f"\x00{other}") == lowered(f"\x00{other}") == ()
    assert (words(text), lowered(text), capitals(text)) == kept
    assert words(text) == surface_forms(strip_markup(text))


@pytest.mark.parametrize("text", ["Siehe www.example.org", "WWW.Example.org", "Www.example.org/3"])
def test_addresses_are_no_words_however_they_are_written(text: str) -> None:
    """Nothing of an address is left for the checks."""
    assert "example" not in strip_markup(text).lower()


def test_other_words_with_a_w_before_a_point_stay() -> None:
    """A sentence may end in one."""
    assert strip_markup("That is new. Und bzw.") == "That is new. Und bzw."


def test_a_piece_of_any_length_is_read() -> None:
    """A text without blanks is one piece."""
    glance = Prefilter(CHECKS, Context("en"))
    names = {name for name, _ in glance.select("a" * 100_000 + "7", "b")}
    assert "numbers" in names
