"""Lost, added or changed numbers, and numbers in the German format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.numbers.fast_path import SCALE, has_words, have_same_numbers
from pipeline.checks.numbers.parsing import Figure, Reading, figures
from pipeline.checks.numbers.units import converted
from pipeline.checks.numbers.words import stated_german_numbers, stated_numbers
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity

_DIGIT = re.compile(r"\d")
_MAX_ADDED = 50
_MAX_LISTED = 6
_MAX_SHOWN = 30
_TABLES = ("en", "fr", "es")


@dataclass(frozen=True, slots=True)
class Pool:
    """The numbers that a text states: `values`, and `rows` of dates, hours or sections."""

    values: frozenset[Decimal]
    rows: frozenset[Reading]

    def holds(self, figure: Figure, readings: Iterable[Reading]) -> bool:
        """Return whether a reading of a figure is stated, as a whole or by its parts."""
        whole = figure.value()
        if whole is not None and whole in self.values:
            return True
        for reading in readings:
            if reading in self.rows:
                return True
            # Full hours: 14.00 may become 2 pm.
            if all(v in self.values or (v == 0 and i > 0) for i, v in enumerate(reading)):
                return True
        return False


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the numbers of both texts by value."""
    theirs, ours = figures(source, "de"), figures(target, context.language)
    if not theirs and not ours:
        return
    if not has_words(source) and not has_words(target):
        yield from _cell(theirs, ours)
        return
    lost = _unstated(theirs, _pool(ours), lambda: stated_numbers(target, context.base))
    twins = _twins(lost, ours) if lost else {}
    yield from _badly_written(twins, context)
    missing = [f for f in lost if f not in twins]
    explained = set(twins.values())
    new = [f for f in ours if f not in explained]
    added = _unstated(new, _pool(theirs), partial(_stated_in_source, source, theirs), proper=True)
    if context.base == "en" and 0 < len(added) < _MAX_ADDED:
        missing, added = _unconverted(
            strip_markup(source), theirs, missing, strip_markup(target), added
        )
    yield from _different(missing, added)
    yield from _scaled(theirs, ours)


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece has a digit, or may scale a number of the source."""
    if _DIGIT.search(piece):
        return True
    return not is_target and SCALE.match(piece) is not None


def _unstated(
    found: Sequence[Figure],
    pool: Pool,
    more: Callable[[], frozenset[Decimal]],
    *,
    proper: bool = False,
) -> list[Figure]:
    """Return figures that a text does not state, neither in figures nor in words (`more`)."""

    def is_stated(figure: Figure, pool: Pool) -> bool:
        return pool.holds(figure, figure.proper if proper else _readings(figure))

    rest = [f for f in found if not is_stated(f, pool)]
    if rest:
        pool = Pool(pool.values | more(), pool.rows)
        rest = [f for f in rest if not is_stated(f, pool)]
    return rest


def _stated_in_source(source: str, theirs: Sequence[Figure]) -> frozenset[Decimal]:
    return stated_german_numbers(source) | _clock(theirs)


def _cell(theirs: tuple[Figure, ...], ours: tuple[Figure, ...]) -> Iterator[Problem]:
    """Compare texts without words: table cells, which are often sorted differently."""
    known = {r for f in theirs for r in (*f.proper, *f.loose)}
    other = [f.text for f in ours if known.isdisjoint((*f.proper, *f.loose))]
    if other:
        before = ", ".join(f.text for f in theirs)
        yield Problem(f"'{before}' became '{', '.join(other)}'", Severity.INFO)


def _pool(found: Iterable[Figure]) -> Pool:
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
    return Pool(frozenset(values), frozenset(rows))


def _readings(figure: Figure) -> Iterator[Reading]:
    """Yield the readings of a figure, including the twelve-hour clock and decades."""
    for reading in figure.proper:
        yield reading
        if figure.after in ("uhr", "h", "pm", "p", "a", "am") or len(reading) == 2:
            hours = reading[0]
            if 12 < hours <= 24:
                yield (hours - 12, *reading[1:])
        if figure.after in ("er", "s") and len(reading) == 1 and reading[0] > 1000:
            yield (reading[0] % 100,)


def _twins(lost: Iterable[Figure], ours: Iterable[Figure]) -> dict[Figure, Figure]:
    """Return lost figures with those that are equal in the format of another language."""
    loose = {reading: figure for figure in ours for reading in figure.loose}
    found = ((f, loose[r]) for f in lost for r in f.proper if r in loose)
    return dict(found)


def _clock(theirs: Iterable[Figure]) -> frozenset[Decimal]:
    """Return the hours of the source by the twelve-hour clock."""
    found = (r for f in theirs for r in _readings(f) if r not in f.proper)
    return frozenset(v for reading in found for v in reading)


def _badly_written(twins: Mapping[Figure, Figure], context: Context) -> Iterator[Problem]:
    if context.base not in _TABLES:
        return
    messages = dict.fromkeys(
        f"{twin.text!r} is not how {context.language} writes {figure.text!r}"
        for figure, twin in twins.items()
    )
    for message in islice(messages, _MAX_LISTED):
        yield Problem(message, Severity.WARNING)


def _unconverted(
    source: str, theirs: Iterable[Figure], missing: list[Figure], target: str, added: list[Figure]
) -> tuple[list[Figure], list[Figure]]:
    """Remove figures of converted measures from the missing and the added ones."""
    pairs = [
        (figure, other)
        for figure in theirs
        for other in added
        if (value := figure.value()) is not None
        and (new := other.value()) is not None
        and converted(source[figure.end :][:40], value, target[other.end :][:40], new)
    ]
    before, after = {figure for figure, _ in pairs}, {other for _, other in pairs}
    return [f for f in missing if f not in before], [f for f in added if f not in after]


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
