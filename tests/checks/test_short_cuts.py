"""Short cuts of checks change nothing about what they find: where one passes, nothing is found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.prefilter import Prefilter
from pipeline.checks.registry import Check, Context, by_id
from pipeline.glossary import file
from pipeline.glossary.matcher import TermMatcher

ROWS = """source,target,status
Rat,council|board,
Staatschef,head of state,
Vereinte Nationen,United Nations,
Merkel,,keep
Gipfel,summit,
Gipfel,peak,forbidden
"""
FIGURES = (
    "3 7 12 20 2019 3,5 3.5 7.000 7,000 7\u00a0000 1.7. 1.7.2019 2:30 14.30 1,234.5 1.234,5"
    " 3\u2009mio"
)
WHOLE = "10 000 300 1999 (12) 12, 12. 1\u00ad2 10\u00a0000 12-jährig 12% ٣ ² und and Mio. million"
SCALED = "Millionen Mio. mio Milliarden million millions billion bn Uhr pm Tage <b>5</b> km – %"
NAMES = (
    "Merkel Merkle Merkels Präsident President Müller Muller Berlin Berlín der the Müler C3PO"
    " Merkel/Merkle (Merkle) Präsidnt Mér Mer Merke"
)
SMALL = "the of and in a was is de la le van het een da di un que der und Rat council Wort word, 7"
DAYS = "Montag montags Sonntagabend Mai Maier März Monday monday May may March march in 1.5. lundi"
TIMES = (
    "um 16 Uhr 16.30 halb fünf acht 4:30 pm am noon heute today Herbst fall spring Mo.–Do. Tue–Thu"
)
RANGES = "2:1 1–2 1990 bis 2010 to from von - – 3 12"
UNITS = "3 5 Jahre years Tage days Meter metres miles km minus −5 % percent € Euro Pfund pounds and"
TERMS = (
    "Rat Räte Rates Vereinte Nationen United Nations Staats- und Staatschefs Gipfel Gipfel-Rat"
    " council councils boards peak summit Merkels Merkel's head of state (Rat)"
)
TAGS = "<b> </b> <i>ja</i> <b></b> <br/> yes & ** ` <b>"
NEGATIONS = "nicht kein not no never don't nur isn’t knot non sans kommt"
PLAIN = "the The council of in und der Ja. Yes! a b ( ) (a) 1) ... … ? ¿ : ; “ ” word word, Word"
LANGUAGES = st.sampled_from(["en", "fr", "es", "es_MX", "pt"])


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> TermMatcher:
    path = tmp_path_factory.mktemp("short-cuts") / "de-en.csv"
    path.write_text(ROWS, encoding="utf-8")
    return TermMatcher(file.load_glossary(path))


def texts(parts: str, size: int = 7) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts.split(" ")), max_size=size).map(" ".join)


def passed(check: Check, source: str, target: str, context: Context) -> bool:
    """Whether a check took its short cut; then the long way must find nothing either."""
    if Prefilter([check], context).select(source, target):
        return False
    assert check.check_texts is not None
    assert list(check.check_texts(source, target, context)) == []
    return True


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("numbers", f"{FIGURES} {SCALED}"),
        ("numbers", WHOLE),
        ("names", NAMES),
        ("dates", DAYS),
        ("dates", f"{DAYS} {TIMES}"),
        ("numbers", RANGES),
        ("units", UNITS),
        ("terminology", TERMS),
        ("markup", TAGS),
        ("empty", TAGS),
        ("negation", NEGATIONS),
        *(
            (name, PLAIN)
            for name in ("repeated-words", "untranslated", "capitalization", "brackets")
        ),
        *((name, f"{PLAIN} {TAGS}") for name in ("end-punctuation", "length", "language")),
    ],
)
def test_what_passes_has_no_finding(matcher: TermMatcher, name: str, parts: str) -> None:
    """Texts of what the check looks for, put together at random."""
    check = by_id()[name]

    @settings(max_examples=200, deadline=None)
    @given(source=texts(parts), target=texts(parts), language=LANGUAGES)
    def all_ways(source: str, target: str, language: str) -> None:
        passed(check, source, target, Context(language, matcher=matcher))
        passed(check, source, source, Context(language, matcher=matcher))

    all_ways()


@settings(max_examples=100, deadline=None)
@given(source=texts(SMALL), target=texts(SMALL, 40), language=LANGUAGES)
def test_language(source: str, target: str, language: str) -> None:
    """Small words of several languages, in texts that are long enough to be judged."""
    passed(by_id()["language"], source, target, Context(language))


@settings(max_examples=300, deadline=None)
@given(before=st.integers(1, 600), share=st.floats(0, 4), language=LANGUAGES)
def test_length(before: int, share: float, language: str) -> None:
    """A usual length is one that the long way has nothing against."""
    for german, other in (("Wort. Ja ", "Word. Yes "), ("Wort und ja ", "word and yes ")):
        source, target = (german * 70)[:before], (other * 250)[: int(before * share)]
        passed(by_id()["length"], source, target, Context(language))


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("numbers", "Es kamen 7.000 Leute, davon 12 Kinder (3)", "7,000 people, 12 children (3)"),
        ("numbers", "Es sind 2,8 Millionen Euro.", "It is 2.8 million euros."),
        ("numbers", "Am 3. Mai kamen 12 Leute.", "12 people came on May 3."),
        ("numbers", "Am 18. und 19. kamen (2018) 40", "On 19 and 18, 40 came (2018)"),
        ("names", "Die Präsidentin traf Merkel.", "The President met Merkel."),
        ("dates", "Am Montag und im März", "On Monday and in March"),
        ("terminology", "Merkel und der Rat", "Merkel and the council"),
        ("markup", "Ein <b>guter</b> Tag", "A <b>good</b> day"),
        ("negation", "Er kommt nicht.", "He does not come."),
        ("repeated-words", "Der Mann und der Hund", "The man and the dog of the house"),
        ("end-punctuation", "Er kommt. (3)", "He comes. (3)"),
        ("brackets", "Er (Merz) kommt.", "He (Merz) comes."),
        ("untranslated", "Die Stadt", "The city"),
        ("capitalization", "Die Stadt", "The city"),
        ("length", "Der Minister kommt heute in die Stadt.", "The minister comes to town today."),
    ],
)
def test_what_is_fine_passes_at_once(
    matcher: TermMatcher, name: str, source: str, target: str
) -> None:
    """Or the short cuts would be for nothing."""
    assert passed(by_id()[name], source, target, Context("en", matcher=matcher))
