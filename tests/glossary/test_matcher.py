"""Terms in German text, inflected or not, and their use in translations."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.types import Term, TermMatch, TermStatus
from pipeline.glossary import matcher as module
from pipeline.glossary.file import Glossary, glossary_digest
from pipeline.glossary.matcher import TermMatcher, terms_digest
from pipeline.lang import Token
from tests.tables import assert_misses, rows

CASES = Path(__file__).parents[1] / "data" / "terms"


def matcher(*rows: Term | str, language: str = "en") -> TermMatcher:
    """Build a matcher of rows; a string is a preferred row with any target."""
    terms = tuple(Term(row, ("x",)) if isinstance(row, str) else row for row in rows)
    return TermMatcher(Glossary(None, "de", language, terms, glossary_digest(terms)))


def found(text: str, *rows: Term | str, compound: bool = False) -> list[str]:
    return [
        text[match.start : match.end]
        for match in matcher(*rows).find(text)
        if match.compound == compound
    ]


# Known errors of the matcher.
MISSES = {
    "forms.tsv": set[str](),
    "compounds.tsv": {"0 Tee: Komitee", "0 Rad: Kamerad", "1 Ernte: Missernten"},
}


@pytest.mark.parametrize(("name", "compound"), [("forms.tsv", False), ("compounds.tsv", True)])
def test_labelled_rows_one_by_one(name: str, compound: bool) -> None:
    """A term is found as a word or part of one, but not in similar words."""
    table, wrong = set(), {}
    for label, term, text in rows(CASES / name):
        table.add(row := f"{label} {term}: {text}")
        places = found(text, term, compound=compound)
        if ("1" if places else "0") != label:
            wrong[row] = places
    assert_misses(wrong, MISSES[name], table)


@pytest.mark.parametrize(
    ("text", "terms", "places"),
    [
        ("Die Weltordnung", ["Ordnung", "Weltordnung"], ["Weltordnung"]),
        (
            "der strategischen Partnerschaft",
            ["Partnerschaft", "strategische Partnerschaft"],
            ["strategischen Partnerschaft"],
        ),
        (
            "umfassende strategische Partnerschaft",
            ["umfassende strategische Partnerschaft", "strategische Partnerschaft"],
            ["umfassende strategische Partnerschaft"],
        ),
        ("Verträge, Gipfel und Vertrag", ["Vertrag"], ["Verträge", "Vertrag"]),
        ("Staats- und Regierungschefs", ["Staatschef"], ["Staats-"]),
        (
            "Staats- und Regierungschefs",
            ["Staatschef", "Regierungschef"],
            ["Staats-", "Regierungschefs"],
        ),
        (
            "Staats- und Regierungschefs",
            ["Staatschef", "Staats- und Regierungschef"],
            ["Staats- und Regierungschefs"],
        ),
        ("Waffenlieferungen und -exporte", ["Waffenexport"], ["-exporte"]),
        ("Putins Rede", ["Putin"], ["Putins"]),
        ("die strategische\nPartnerschaft", ["strategische Partnerschaft"], None),
        ("die strategische\n\nPartnerschaft", ["strategische Partnerschaft"], []),
        ("die strategische, Partnerschaft", ["strategische Partnerschaft"], []),
    ],
)
def test_a_place_has_one_term_the_longest(
    text: str, terms: list[str], places: list[str] | None
) -> None:
    expected = [text[text.index("strategische") :]] if places is None else places
    assert found(text, *terms) == expected


@pytest.mark.parametrize(
    ("text", "term", "part"),
    [
        ("Die Sanktionspolitik", "Sanktion", "Sanktion"),
        ("Krankenhäuser", "Haus", "häuser"),
        ("Der NATO-Gipfel", "Gipfel", "Gipfel"),
        ("Der Schulhof", "Schule", "Schul"),
        ("EU-Sanktionspolitik", "Sanktion", "Sanktion"),
    ],
)
def test_a_part_of_a_longer_word_is_marked_as_one(text: str, term: str, part: str) -> None:
    assert found(text, term, compound=True) == [part]
    assert found(text, term) == []


def test_a_part_with_hyphens_is_one_term_the_longest() -> None:
    """A one-word term is not split further, with or without a hyphen."""
    for text in ("Das NATO-Gipfeltreffen", "Das Gipfeltreffen-Ende"):
        assert found(text, "Gipfeltreffen", "Treffen", compound=True) == ["Gipfeltreffen"]


def test_compounds_are_no_demand() -> None:
    """Terms inside longer words are not required of a translation."""
    terms = matcher(Term("Sanktion", ("sanction",)))
    assert terms.required("Die Sanktionspolitik") == ()
    assert terms.verify("Die Sanktionspolitik", "Policy") == ()


def test_forms_find_what_no_rule_can() -> None:
    row = Term("zustimmen", ("agree",), forms=("stimmte zu",))
    assert found("Der Rat stimmte zu.", row) == ["stimmte zu"]


def test_forms_are_inflected_too() -> None:
    row = Term("Mitgliedstaat", ("member state",), forms=("Mitgliedsstaat",))
    assert found("den Mitgliedsstaaten", row) == ["Mitgliedsstaaten"]


def test_exact_case_holds_for_the_source_too() -> None:
    assert found("Die Nato tagt", Term("NATO", ("NATO",))) == ["Nato"]
    assert found("Die Nato tagt", Term("NATO", ("NATO",), exact_case=True)) == []


def test_of_two_rows_for_one_place_the_one_written_so_is_taken() -> None:
    rows = (Term("Sanktion", ("sanction",)), Term("Sanktionen", ("sanctions",)))
    terms = matcher(*rows)
    assert terms.required("Sanktionen") == (("Sanktionen", "sanctions"),)


def test_required_gives_each_place_as_written_once() -> None:
    terms = matcher(Term("Gipfel", ("summit", "meeting")), Term("Gipfel", ("peak",), FORBIDDEN))
    assert terms.required("Gipfel, des Gipfels, Gipfel") == (
        ("Gipfel", "summit"),
        ("Gipfels", "summit"),
    )


FORBIDDEN, KEEP = TermStatus.FORBIDDEN, TermStatus.KEEP


@pytest.mark.parametrize(
    ("row", "source", "target", "respected"),
    [
        (Term("Gipfel", ("summit",)), "Der Gipfel", "The Summits", True),
        (Term("Gipfel", ("summit",)), "Der Gipfel", "The meeting", False),
        (Term("Gipfel", ("meeting", "summit")), "Der Gipfel", "The summit", True),
        (Term("USA", ("US",)), "Die USA sagten", "They told us", False),
        (Term("USA", ("US",)), "Die USA sagten", "The U.S. said", True),
        (Term("USA", ("USA",)), "Die USA", "The USAF", False),
        (Term("Kreml", ("Kremlin",), exact_case=True), "Der Kreml", "The kremlin", False),
        (Term("Kreml", ("Kremlin",), exact_case=True), "Der Kreml", "Kremlin's", True),
        (Term("Rat", ("State Council",), exact_case=True), "Der Rat", "State Councils", True),
        (Term("Putin", ("Putin",), KEEP), "Putins Rede", "Putin’s speech", True),
        (Term("Putin", ("Putin",), KEEP), "Putins Rede", "Poutine's speech", False),
        (Term("Putin", ("Putin",), KEEP), "Putins Rede", "putin spoke", False),
        (Term("Xi Jinping", ("Xi Jinping",), KEEP), "Xi Jinping", "Jinping Xi", False),
    ],
)
def test_a_translation_is_judged(row: Term, source: str, target: str, respected: bool) -> None:
    (use,) = matcher(row).verify(source, target)
    assert use.respected is respected
    assert use.targets == row.targets


def test_forbidden_wordings_are_named_beside_the_preferred_ones() -> None:
    terms = matcher(Term("Gipfel", ("summit",)), Term("Gipfel", ("peak", "top"), FORBIDDEN))
    (use,) = terms.verify("Der Gipfel", "The peaks of the summit")
    assert (use.respected, use.forbidden) == (True, ("peak",))
    (use,) = terms.verify("Der Gipfel", "The top")
    assert (use.respected, use.forbidden) == (False, ("top",))


def test_a_forbidden_word_inside_the_wanted_wording_is_none() -> None:
    terms = matcher(
        Term("Staatschef", ("head of state",)), Term("Staatschef", ("head",), FORBIDDEN)
    )
    (use,) = terms.verify("Der Staatschef", "The head of state")
    assert use.forbidden == ()


def test_forbidden_rows_alone_demand_no_wording() -> None:
    terms = matcher(Term("Gipfel", ("peak",), FORBIDDEN))
    assert terms.find("Der Gipfel") == ()
    assert terms.required("Der Gipfel") == ()
    (use,) = terms.verify("Der Gipfel", "The peak")
    assert (use.respected, use.targets, use.forbidden) == (True, (), ("peak",))


def test_a_term_is_verified_once_at_its_first_place() -> None:
    (use,) = matcher("Gipfel").verify("Am Gipfel, auf dem Gipfel", "x")
    assert (use.start, use.end) == (3, 9)


WORDS = ["Gipfel", "Gipfels", "strategische", "Partnerschaft", "Staats-", "und", "-", ",", "\n"]


@settings(max_examples=60)
@given(st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_places_are_in_order_apart_and_inside(text: str) -> None:
    """For any text, matches are sorted, disjoint and not empty."""
    terms = matcher("Gipfel", "strategische Partnerschaft", "Staatschef", "Partner")
    end = 0
    for match in terms.find(text):
        assert end <= match.start < match.end <= len(text)
        end = match.end


def test_a_text_is_scanned_once_per_matcher(monkeypatch: pytest.MonkeyPatch) -> None:
    scanned: list[str] = []
    scan = TermMatcher._scan

    def counted(self: TermMatcher, text: str, tokens: list[Token]) -> tuple[TermMatch, ...]:
        scanned.append(text)
        return scan(self, text, tokens)

    monkeypatch.setattr(TermMatcher, "_scan", counted)
    tested = matcher("Waffenruhe", "Ordnung")
    texts = ["Die Waffenruhe hielt.", "Die Weltordnung", "Ohne Begriff."]
    for _ in range(3):
        for text in texts:
            tested.find(text)
            tested.required(text)
            tested.verify(text, "x")
    assert scanned == texts


@pytest.mark.parametrize("bound", ["_MEMO_TEXTS", "_MEMO_CHARACTERS"])
def test_the_memo_is_bounded_and_results_stay_the_same(
    bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, bound, 40)
    tested = matcher("Waffenruhe", "Ordnung")
    texts = [f"Die Waffenruhe {number} und die Ordnung" for number in range(60)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(tested.find, texts * 4))
    assert results == [matcher("Waffenruhe", "Ordnung").find(text) for text in texts] * 4
    assert len(tested._memo) <= 40
    assert sum(map(len, tested._memo)) == tested._memo_characters


def test_the_digest_of_required_terms_is_that_of_existing_catalogs() -> None:
    """With another digest, all existing drafts would look outdated."""
    assert terms_digest([("Gipfel", "summit"), ("Rat", "council")]) == "5277f2b5"
    assert terms_digest([]) == "-"


def test_very_long_words_are_no_compounds() -> None:
    """They would take hours; the term beside them is found."""
    tested = matcher("Rat")
    for word in ("Rat" * 20_000, "Stadt" + "rat" * 20_000):
        text = f"{word} sowie Staats- und {word} im Rat"
        assert [text[found.start : found.end] for found in tested.find(text)] == ["Rat"]


def test_the_longest_german_words_are_compounds() -> None:
    """The limit is above the name of a real regulation, with 67 letters."""
    law = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung"
    (found,) = matcher("Verordnung").find(law)
    assert law[found.start : found.end] == "verordnung"
