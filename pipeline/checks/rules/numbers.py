"""Lost, added or changed numbers, and numbers in the German format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, pairwise

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.dates.clock import stated_by_times
from pipeline.checks.fast_path import FastPath
from pipeline.checks.numbers.fast_path import SCALE, has_words, have_same_numbers
from pipeline.checks.numbers.numerals import german_numerals, in_words, target_numerals
from pipeline.checks.numbers.parsing import Figure, Reading, figures
from pipeline.checks.numbers.phones import without_equal_phones
from pipeline.checks.numbers.units import converted, converted_values, named_units, quantities
from pipeline.checks.numbers.words import stated_german_numbers, stated_numbers
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity, base_language

_DIGIT = re.compile(r"\d")
_MAX_LISTED = 6
_MAX_SHOWN = 30
_TABLES = ("en", "fr", "es")
_ONE = Decimal(1)
_ISO_CURRENCY = re.compile(r"\b[A-Z]{3}[ \u00a0]$")
# The ordinal in the name of a German club, and that of a day of a public holiday.
_CLUB = re.compile(r"\. F?[A-Z][A-Za-z]{1,3}\b")
_HOLIDAY = re.compile(r"\. (?:Weihnachts|Oster|Pfingst|Advents?|Mai\b)")
_TO = re.compile(
    r"[\s\u00a0]?(?:[^\W\d_]{1,9}\.?|%|€)?[\s\u00a0]?"
    r"(?:bis(?: zum)?|to|through|until|till|à|au|jusqu['’]à|a|al|hasta|–|-|—)[\s\u00a0]?[€$£]?"
)


@dataclass(frozen=True, slots=True)
class Pool:
    """The numbers that a text states: `values`, and `rows` of dates, hours or sections.

    `sequence` are the numbers in figures in their order, the parts of rows among them.
    """

    values: frozenset[Decimal]
    rows: frozenset[Reading]
    sequence: Reading = ()

    def holds(self, figure: Figure, readings: Iterable[Reading]) -> bool:
        """Return whether a reading of a figure is stated, as a whole or by its parts.

        The parts of a version must be stated in their order.
        """
        whole = figure.value()
        if whole is not None and whole in self.values:
            return True
        is_version = _is_version(figure.text)
        for reading in readings:
            if reading in self.rows:
                return True
            if is_version and len(reading) > 1:
                if _is_within(reading, self.sequence):
                    return True
                continue
            # Full hours: 14.00 may become 2 pm.
            if all(v in self.values or (v == 0 and i > 0) for i, v in enumerate(reading)):
                return True
        return False


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the numbers of both texts by value."""
    before, after = without_equal_phones(source, target)
    theirs, ours = figures(before, "de"), figures(after, context.language)
    if not theirs and not ours:
        return
    if not has_words(source) and not has_words(target):
        yield from _cell(theirs, ours)
        return
    lost = _unstated(theirs, _pool(ours), _stated_in_target(target, context.base))
    twins = _twins(lost, ours) if lost else {}
    yield from _badly_written(twins, strip_markup(after), context)
    missing = [f for f in lost if f not in twins]
    explained = set(twins.values())
    new = [f for f in ours if f not in explained]
    added = _unstated(new, _pool(theirs), _stated_in_source(source, theirs), proper=True)
    if missing:
        missing, added = _unconverted(before, missing, after, added, context.language)
        plain = strip_markup(before)
        missing = [f for f in missing if not _is_optional(plain, f, target)]
    yield from _different(missing, added)
    yield from _scaled(theirs, ours)
    if not missing and not added:
        yield from _reversed(strip_markup(before), theirs, strip_markup(after), ours)


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece has a digit, or may scale a number of the source."""
    if _DIGIT.search(piece):
        return True
    return not is_target and SCALE.match(piece) is not None


def _unstated(
    found: Sequence[Figure],
    pool: Pool,
    more: Iterable[frozenset[Decimal]],
    *,
    proper: bool = False,
) -> list[Figure]:
    """Return figures that a text does not state, neither in figures nor in words.

    `more` are the numbers that the text states in words, in parts that are read until no figure
    is left.
    """

    def is_stated(figure: Figure, pool: Pool) -> bool:
        return pool.holds(figure, figure.proper if proper else (*figure.proper, *figure.others))

    rest = [f for f in found if not is_stated(f, pool)]
    parts = iter(more)
    while rest and (values := next(parts, None)) is not None:
        pool = Pool(pool.values | values, pool.rows, pool.sequence)
        rest = [f for f in rest if not is_stated(f, pool)]
    return rest


def _stated_in_source(source: str, theirs: Sequence[Figure]) -> Iterator[frozenset[Decimal]]:
    others = (value for figure in theirs for reading in figure.others for value in reading)
    yield stated_german_numbers(source).union(others)
    yield stated_by_times(source, "de")
    yield in_words(german_numerals(source))


def _stated_in_target(target: str, language: str) -> Iterator[frozenset[Decimal]]:
    yield stated_by_times(target, language)
    yield stated_numbers(target, language)
    yield in_words(target_numerals(target, language))


def _cell(theirs: tuple[Figure, ...], ours: tuple[Figure, ...]) -> Iterator[Problem]:
    """Compare texts without words: table cells, which are often sorted differently."""
    known = {r for f in theirs for r in (*f.proper, *f.loose)}
    other = [f.text for f in ours if known.isdisjoint((*f.proper, *f.loose))]
    if other:
        before = ", ".join(f.text for f in theirs)
        yield Problem(f"'{before}' became '{', '.join(other)}'", Severity.INFO)


def _pool(found: Sequence[Figure]) -> Pool:
    """Return the numbers that figures state, with and without their scale.

    The other text may state the parts of a date or an hour separately (1.7. and 1 July), but
    not those of a number (131.5).
    """
    values: set[Decimal] = set()
    rows: set[Reading] = set()
    for figure in found:
        number = figure.proper and len(figure.proper[0]) == 1
        whole = figure.value()
        if whole is not None:
            values.add(whole)
            values.add(figure.proper[0][0])
        for reading in figure.proper:
            if len(reading) > 1:
                rows.add(reading)
                values.update(() if number else reading)
    sequence = tuple(v for f in found for v in max(f.proper, key=len, default=()))
    return Pool(frozenset(values), frozenset(rows), sequence)


def _twins(lost: Iterable[Figure], ours: Iterable[Figure]) -> dict[Figure, Figure]:
    """Return lost figures with those that are equal in the format of another language."""
    loose = {reading: figure for figure in ours for reading in figure.loose}
    found = ((f, loose[r]) for f in lost for r in f.proper if r in loose)
    return dict(found)


def _badly_written(
    twins: Mapping[Figure, Figure], target: str, context: Context
) -> Iterator[Problem]:
    """Report figures in the format of another language.

    Information after the ISO code of a currency: legal texts keep the amount as published.
    """
    if context.base not in _TABLES:
        return
    messages: dict[str, Severity] = {}
    for figure, twin in twins.items():
        is_amount = _ISO_CURRENCY.search(target[max(0, twin.start - 4) : twin.start])
        message = f"{twin.text!r} is not how {context.language} writes {figure.text!r}"
        messages.setdefault(message, Severity.INFO if is_amount else Severity.WARNING)
    for message, severity in islice(messages.items(), _MAX_LISTED):
        yield Problem(message, severity)


def _unconverted(
    source: str, missing: list[Figure], target: str, added: list[Figure], language: str
) -> tuple[list[Figure], list[Figure]]:
    """Remove figures of converted measures from the missing and the added ones."""
    theirs = [q for q in quantities(source, "de") if q.units]
    ours = [q for q in quantities(target, language) if q.figure in added]
    pairs = [(q.figure, o.figure) for q in theirs for o in ours if converted(q, o)]
    before, after = {figure for figure, _ in pairs}, {other for _, other in pairs}
    units, stated = named_units(target), stated_numbers(target, base_language(language))
    before |= {
        q.figure
        for q in theirs
        if q.figure in missing and not converted_values(q, units).isdisjoint({*stated, _ONE})
    }
    return [f for f in missing if f not in before], [f for f in added if f not in after]


def _is_optional(source: str, figure: Figure, target: str) -> bool:
    """Return whether a translation may leave a number out: of a club, of a public holiday."""
    rest = source[figure.end : figure.end + 24]
    if figure.text == "1" and _CLUB.match(rest):
        return True
    if _HOLIDAY.match(rest):
        return True
    # An exonym of a date: 11. September 2001 is 9/11.
    return figure.text == "2001" and "9/11" in target


def _is_version(figure: str) -> bool:
    """Return whether a figure has three parts or more, and is no date."""
    parts = figure.split(".")
    if len(parts) < 3 or not all(map(str.isdecimal, parts)):
        return False
    if len(parts) > 3 or len(parts[2]) not in (2, 4):
        return not all(len(part) == 3 for part in parts[1:])
    return int(parts[0]) > 31 or int(parts[1]) > 12


def _is_within(reading: Reading, sequence: Reading) -> bool:
    """Return whether numbers occur in their order in a sequence."""
    rest = iter(sequence)
    return all(value in rest for value in reading)


def _reversed(
    source: str, theirs: Sequence[Figure], target: str, ours: Sequence[Figure]
) -> Iterator[Problem]:
    """Find a range or a score whose numbers changed places: 2:1, von 1990 bis 2010."""
    german, other = _pairs(source, theirs), _pairs(target, ours)
    for (first, second), text in german.items():
        swapped = (second, first)
        if (
            first != second
            and swapped in other
            and not ((first, second) in other or swapped in german)
        ):
            yield Problem(f"{text!r} became {other[swapped]!r}: the order changed")


def _pairs(text: str, found: Sequence[Figure]) -> dict[Reading, str]:
    """Return the pairs of numbers that a colon, a dash or a word for "to" connects."""
    pairs: dict[Reading, str] = {}
    for figure in found:
        reading = figure.proper[0] if figure.proper else ()
        if len(reading) == 2 and ":" in figure.text:
            pairs[reading] = figure.text
    for one, two in pairwise(found):
        values = one.value(), two.value()
        if None not in values and _TO.fullmatch(text[one.end : two.start]):
            pairs[values] = text[one.start : two.end]  # type: ignore[index]
    return pairs


def _different(missing: list[Figure], added: list[Figure]) -> Iterator[Problem]:
    if missing and added:
        yield Problem(f"{_listed(missing)} became {_listed(added)}")
    elif missing:
        yield Problem(f"{_listed(missing)} is missing", Severity.WARNING)
    elif added:
        yield Problem(f"{_listed(added)} is not in the source", Severity.WARNING)


def _listed(found: Iterable[Figure]) -> str:
    texts = list(dict.fromkeys(repr(f.text[:_MAX_SHOWN]) for f in found))
    return ", ".join(texts[:_MAX_LISTED]) + (" …" if len(texts) > _MAX_LISTED else "")


def _scaled(theirs: Iterable[Figure], ours: Iterable[Figure]) -> Iterator[Problem]:
    """Find the same figure with a different scale: a million that became a billion."""
    scaled: dict[Reading, dict[int, Figure]] = {}
    for figure in ours:
        if figure.scale and figure.proper:
            scaled.setdefault(figure.proper[0], {})[figure.scale] = figure
    for figure in theirs:
        others = scaled.get(figure.proper[0], {}) if figure.scale and figure.proper else {}
        if others and figure.scale not in others:
            other = next(iter(others.values()))
            both = f"{figure.text} {figure.after}", f"{other.text} {other.after}"
            yield Problem(f"{both[0]!r} became {both[1]!r}")


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether both texts certainly have the same numbers."""
    return have_same_numbers(source, target, bit, context.language)


CHECK = Check(
    id="numbers",
    severity=Severity.ERROR,
    summary="A number is lost, added, changed, or written in the German way.",
    why=(
        "Readers trust numbers, so a wrong one does harm. Numbers are compared by value: "
        " 7.000 may become 7,000, 7 000 or seven thousand, 14.30 Uhr may "
        "become 2:30 pm, 1.7.2019 may become 1 July 2019."
    ),
    fix="Write the number of the source, in the format of the translation's language.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    confidence_factor=0.4,
    wrong=(
        ("en", "Es kamen 7.000 Menschen.", "7.500 people came."),
        ("en", "Es kamen 7.000 Menschen.", "7.000 people came."),
        ("en", "Das sind 3,5 Prozent.", "That is 3,5 percent."),
        ("en", "Das kostet 2,8 Milliarden Euro.", "That costs 2.8 million euros."),
        ("fr", "Es waren 12 Tage.", "Ce furent 21 jours."),
        ("es", "Der 75. Jahrestag", "El aniversario"),
    ),
    right=(
        ("en", "Es kamen 7.000 Menschen.", "7,000 people came."),
        ("fr", "Es kamen 7.000 Menschen.", "7 000 personnes sont venues."),
        ("es", "Es kamen 7.000 Menschen.", "Vinieron 7.000 personas."),
        ("en", "Der 75. Jahrestag am 1.7.2019", "The 75th anniversary on 1 July 2019"),
        ("en", "Um 14.30 Uhr kamen zwölf Leute.", "At 2:30 pm, 12 people came."),
        ("en", "3 Leute", "Three people"),
        ("en", "Es sind 2,8 Mrd. Euro.", "It is 2.8 billion euros."),
        ("es", "Es sind 2,8 Mrd. Euro.", "Son 2.800 millones de euros."),
        ("fr", "Im 19. Jahrhundert", "Au XIXe siècle"),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
