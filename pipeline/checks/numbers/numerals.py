"""Numbers written as words, read exactly: `siebenundzwanzig`, `two thirds`, `quatre-vingts`.

`words.stated_numbers` collects every number that words may state, to explain a figure. Here a
phrase is one number with one value, so that two texts can be compared. Words that are often no
numbers are left out: `one`, `second`, `quarter`, `neuf`. Roman numerals count from two letters.

Grammars: Duden "Zahlen und Ziffern"; The Chicago Manual of Style, 9.2; Grevisse, Le bon usage,
§ 599; Real Academia Española, Ortografía, "La expresión de los números".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache, partial
from itertools import compress, count
from typing import NamedTuple

from pipeline.checks.numbers.words import german_cardinal, roman_value
from pipeline.checks.text import lowered, words
from pipeline.lang import TokenCache

HALF = Decimal("0.5")


class Numeral(NamedTuple):
    """A number in words: the phrase as written, and its value.

    `is_fraction`: a part of a whole, which `20 percent` or `0.2` may state as well.
    """

    text: str
    value: Decimal
    is_fraction: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The number words of a language.

    `scales` multiply what is before them; `denominators` make a fraction of the number before
    them; `links` may be inside a phrase; `half` follows a whole number (`and a half`).
    `vague` words are numbers only inside a longer phrase.
    """

    values: Mapping[str, int]
    scales: Mapping[str, int]
    denominators: Mapping[str, int]
    links: frozenset[str]
    half: tuple[tuple[str, ...], ...]
    vague: frozenset[str]


def _table(rows: str) -> dict[str, int]:
    """Return words with their numbers: `12 twelve twelfth dozen; 13 thirteen`."""
    table: dict[str, int] = {}
    for row in rows.split(";"):
        number, *names = row.split()
        table |= dict.fromkeys(names, int(number))
    return table


_GRAMMARS = {
    "en": _Grammar(
        _table(
            "0 zero; 1 one first a; 2 two second twice double doubled; 3 three third thrice triple"
            " tripled; 4 four fourth quadruple; 5 five fifth; 6 six sixth; 7 seven seventh;"
            " 8 eight eighth; 9 nine ninth; 10 ten tenth; 11 eleven eleventh;"
            " 12 twelve twelfth dozen; 13 thirteen thirteenth; 14 fourteen fourteenth;"
            " 15 fifteen fifteenth; 16 sixteen sixteenth; 17 seventeen seventeenth;"
            " 18 eighteen eighteenth; 19 nineteen nineteenth; 20 twenty twentieth;"
            " 30 thirty thirtieth; 40 forty fortieth; 50 fifty fiftieth; 60 sixty sixtieth;"
            " 70 seventy seventieth; 80 eighty eightieth; 90 ninety ninetieth"
        ),
        _table(
            "100 hundred hundreds hundredth; 1000 thousand thousands thousandth;"
            " 1000000 million millions; 1000000000 billion billions;"
            " 1000000000000 trillion trillions"
        ),
        _table(
            "3 third thirds; 4 quarter quarters; 5 fifth fifths; 6 sixth sixths; 7 seventh"
            " sevenths; 8 eighth eighths; 9 ninth ninths; 10 tenth tenths; 20 twentieth twentieths"
        ),
        frozenset(("and", "of")),
        (("and", "a", "half"), ("and", "one", "half")),
        frozenset(("one", "first", "a", "second", "third", "zero", "fourth", "fifth", "tenth")),
    ),
    "fr": _Grammar(
        _table(
            "0 zéro; 1 un une premier première; 2 deux deuxième second seconde double doublé;"
            " 3 trois troisième triple triplé; 4 quatre quatrième; 5 cinq cinquième;"
            " 6 six sixième; 7 sept septième; 8 huit huitième; 9 neuf neuvième; 10 dix dixième;"
            " 11 onze onzième; 12 douze douzième douzaine; 13 treize treizième; 14 quatorze"
            " quatorzième; 15 quinze quinzième; 16 seize seizième; 20 vingt vingts vingtième;"
            " 30 trente trentième; 40 quarante quarantième; 50 cinquante cinquantième;"
            " 60 soixante soixantième; 70 septante; 80 huitante octante; 90 nonante"
        ),
        _table(
            "100 cent cents centième; 1000 mille milliers millième; 1000000 million millions;"
            " 1000000000 milliard milliards"
        ),
        _table(
            "3 tiers; 4 quart quarts; 5 cinquième cinquièmes; 6 sixième sixièmes; 7 septième"
            " septièmes; 8 huitième huitièmes; 9 neuvième neuvièmes; 10 dixième dixièmes"
        ),
        frozenset(("et", "de", "d")),
        (("et", "demi"), ("et", "demie")),
        frozenset(("un", "une", "premier", "première", "second", "seconde", "neuf", "cent")),
    ),
    "es": _Grammar(
        _table(
            "0 cero; 1 un uno una primer primero primera; 2 dos segundo segunda doble;"
            " 3 tres tercero tercera tercer triple; 4 cuatro cuarto cuarta; 5 cinco quinto quinta;"
            " 6 seis sexto sexta; 7 siete séptimo séptima; 8 ocho octavo octava; 9 nueve noveno"
            " novena; 10 diez décimo décima; 11 once; 12 doce docena; 13 trece; 14 catorce;"
            " 15 quince; 16 dieciséis; 17 diecisiete; 18 dieciocho; 19 diecinueve; 20 veinte;"
            " 21 veintiuno veintiún veintiuna; 22 veintidós; 23 veintitrés; 24 veinticuatro;"
            " 25 veinticinco; 26 veintiséis; 27 veintisiete; 28 veintiocho; 29 veintinueve;"
            " 30 treinta; 40 cuarenta; 50 cincuenta; 60 sesenta; 70 setenta; 80 ochenta;"
            " 90 noventa; 100 cien ciento; 200 doscientos doscientas; 300 trescientos trescientas;"
            " 400 cuatrocientos cuatrocientas; 500 quinientos quinientas; 600 seiscientos"
            " seiscientas; 700 setecientos setecientas; 800 ochocientos ochocientas;"
            " 900 novecientos novecientas"
        ),
        _table("1000 mil miles; 1000000 millón millones; 1000000000000 billón billones"),
        _table("3 tercio tercios; 4 cuarto cuartos; 5 quinto quintos; 10 décimo décimos"),
        frozenset(("y", "de")),
        (("y", "medio"), ("y", "media")),
        frozenset(("un", "uno", "una", "primer", "primero", "primera", "segundo", "segunda",
                   "cuarto", "cuarta", "quinto", "quinta", "tercero", "tercera", "tercer")),
    ),
}  # fmt: skip
_HALVES = frozenset(("half", "demi", "medio", "media"))
_MILLION, _SCORE = 10**6, 20
_PERCENT = frozenset((("pour", "cent"), ("por", "ciento")))


@lru_cache(maxsize=64)
def target_numerals(text: str, language: str) -> tuple[Numeral, ...]:
    """Return the numbers that a translation writes as words; none without a grammar."""
    grammar = _GRAMMARS.get(language)
    if grammar is None:
        return ()
    found: list[Numeral] = []
    tokens, small, at = words(text), lowered(text), 0
    for start in compress(count(), map(_MAY_START[language].__getitem__, tokens)):
        if start < at:
            continue
        at = start
        is_percent = at > 0 and (small[at - 1], small[at]) in _PERCENT
        if (small[at] in grammar.values or small[at] in grammar.scales) and not is_percent:
            end, value, fraction = _phrase(small, at, grammar)
            if end > at + 1 or small[at] not in grammar.vague:
                found.append(Numeral(" ".join(tokens[at:end]), value, fraction))
            at = end
            continue
        if small[at] in _HALVES:
            end, value, is_part = _of_scale(small, at + 1, HALF, grammar)
            if not is_part:
                found.append(Numeral(" ".join(tokens[at:end]), value))
                at = end
                continue
        found += _roman(tokens[at])
        at += 1
    return tuple(found)


def _may_start(word: str, language: str) -> bool:
    """Return whether a word of a language may start a number."""
    grammar, small = _GRAMMARS[language], word.lower()
    is_number = small in grammar.values or small in grammar.scales or small in _HALVES
    return is_number or bool(_roman(word))


_MAY_START = {
    language: TokenCache(partial(_may_start, language=language)) for language in _GRAMMARS
}


def _phrase(tokens: Sequence[str], start: int, grammar: _Grammar) -> tuple[int, Decimal, bool]:
    """Read the number that starts at a token: its end, its value, and whether it is a part."""
    sum_, at = _Sum(grammar), start
    while at < len(tokens):
        token, before = tokens[at], tokens[at - 1] if at > start else ""
        if before and token in grammar.links and sum_.accepts(tokens[at + 1 : at + 2], token):
            at += 1
            continue
        if before and token in grammar.denominators and not sum_.accepts((token,), before):
            return _of_scale(tokens, at + 1, sum_.value / grammar.denominators[token], grammar)
        if before and not sum_.accepts((token,), before):
            break
        sum_.add(token)
        at += 1
    for half in grammar.half:
        for end in (at, at + 1):  # two and a half years, deux ans et demi
            if tuple(tokens[end : end + len(half)]) == half:
                return end + len(half), sum_.value + HALF, False
    return at, sum_.value, False


class _Sum:
    """A number in the making: `current` below the next scale, `total` of the scales so far."""

    def __init__(self, grammar: _Grammar) -> None:
        self._grammar = grammar
        self._total = self._current = 0

    @property
    def value(self) -> Decimal:
        """The number so far."""
        return Decimal(self._total + self._current)

    def accepts(self, following: Sequence[str], before: str) -> bool:
        """Return whether a word continues the number after the word `before`."""
        token = following[0] if following else ""
        if token in self._grammar.scales:
            return True
        value = self._grammar.values.get(token, 0)
        if before == "quatre" and value == _SCORE and self._current == 4:
            return True
        return _continues(self._current, value, self._total)

    def add(self, token: str) -> None:
        """Add a word, which the number accepts."""
        scale = self._grammar.scales.get(token, 0)
        if not scale:
            value = self._grammar.values[token]
            is_score = value == _SCORE and self._current == 4
            self._current = 80 if is_score else self._current + value
        elif scale == 100:
            self._current = (self._current or 1) * 100
        elif self._total >= scale:  # one million two hundred thousand
            self._total += (self._current or 1) * scale
            self._current = 0
        else:  # two hundred thousand; mil quinientos millones
            self._total = (self._total + self._current or 1) * scale
            self._current = 0


def _of_scale(
    tokens: Sequence[str], at: int, part: Decimal, grammar: _Grammar
) -> tuple[int, Decimal, bool]:
    """Read the scale that a fraction before it multiplies: a quarter of a million."""
    end = at
    while end < len(tokens) and (tokens[end] in grammar.links or tokens[end] in ("a", "un", "une")):
        end += 1
    if end < len(tokens) and end <= at + 2 and grammar.scales.get(tokens[end], 0) >= _MILLION:
        return end + 1, part * grammar.scales[tokens[end]], False
    return at, part, True


def _continues(current: int, value: int, total: int) -> bool:
    """Return whether a number adds to the one before it: 20 + 7, 60 + 12, 300 + 40."""
    if not value:
        return False
    if not current:
        return bool(total)
    if current % 100 == 0:
        return value < 100
    if current % 100 in (60, 80) and value < 20:
        return True
    return current % 100 >= 20 and current % 10 == 0 and value < 10


_GERMAN_SUFFIX = (
    r"(?P<ordinal>s?te[nmrs]?|e[nmrs]?)?"
    r"(?:mal(?:s|ig\w*)?|fache?[nmrs]?|jährige?[nmrs]?|köpfige?[nmrs]?|stündige?[nmrs]?"
    r"|tägige?[nmrs]?|wöchige?[nmrs]?|monatige?[nmrs]?|stellige?[nmrs]?|prozentige?[nmrs]?)?"
)
_GERMAN_SUFFIXED = re.compile(rf"(?P<number>[a-zäöüß]+?){_GERMAN_SUFFIX}")
_GERMAN_EXACT = {
    "dritte": 3, "dritten": 3, "dritter": 3, "drittes": 3, "siebte": 7, "siebten": 7,
    "siebter": 7, "siebtes": 7, "doppelt": 2, "doppelte": 2, "doppelten": 2, "verdoppelt": 2,
    "verdoppelte": 2, "verdoppelten": 2, "verdreifacht": 3, "vervierfacht": 4, "dutzend": 12,
}  # fmt: skip
_GERMAN_HALF = re.compile(r"(?P<number>[a-zäöüß]+)einhalb")
_GERMAN_PARTS = _table(
    "3 drittel dritteln; 4 viertel vierteln; 5 fünftel fünfteln; 6 sechstel sechsteln; 7 siebtel;"
    " 8 achtel achteln; 9 neuntel; 10 zehntel zehnteln; 20 zwanzigstel; 100 hundertstel"
)
_GERMAN_SCALES = {
    "million": 10**6, "millionen": 10**6, "mio": 10**6, "milliarde": 10**9, "milliarden": 10**9,
    "mrd": 10**9, "mia": 10**9, "billion": 10**12, "billionen": 10**12,
}  # fmt: skip
# Words that look like ordinals or numerals, and mostly are none.
_NO_NUMERAL = frozenset(("achten", "achte", "achtet", "achtens", "achter", "achtes"))
_ONE = frozenset(("ein", "eine", "einen", "einem", "einer", "eines", "kein", "keine"))


@lru_cache(maxsize=64)
def german_numerals(text: str) -> tuple[Numeral, ...]:
    """Return the numbers that a German text writes as words."""
    tokens = words(text)
    found: list[Numeral] = []
    skip = 0
    for at in compress(count(), map(_MAY_START_GERMAN.__getitem__, tokens)):
        if skip > at:
            continue
        word = tokens[at].lower()
        following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
        number = Decimal(1) if word in _ONE else german_exact(word)
        if word.isdecimal() and following in _GERMAN_PARTS and len(word) < 3:
            number = Decimal(word)
        if number is not None and following in _GERMAN_PARTS:
            value = number / _GERMAN_PARTS[following]
            if value < 1:
                found.append(Numeral(" ".join(tokens[at : at + 2]), value, True))
            skip = at + 2
        elif (number is not None or word == "halbe") and following in _GERMAN_SCALES:
            scaled = (HALF if number is None else number) * _GERMAN_SCALES[following]
            found.append(Numeral(" ".join(tokens[at : at + 2]), scaled))
            skip = at + 2
        elif word == "viertelmillion":
            found.append(Numeral(tokens[at], Decimal(250_000)))
        elif number is not None and number not in (0, 1):
            found.append(Numeral(tokens[at], number))
        else:
            found += _roman(tokens[at])
    return tuple(found)


def _may_start_german(word: str) -> bool:
    """Return whether a word is a number by itself or before some other words."""
    small = word.lower()
    if small.isdecimal():
        return len(small) < 3
    return (
        small in _ONE
        or small in ("halbe", "viertelmillion")
        or german_exact(small) is not None
        or bool(_roman(word))
    )


_MAY_START_GERMAN = TokenCache(_may_start_german)


def in_words(numerals: Iterable[Numeral]) -> frozenset[Decimal]:
    """Return the numbers that numerals may state: two thirds 2, 3 and 66, a fifth 20 (percent)."""
    found = set()
    for numeral in numerals:
        found.add(numeral.value)
        if numeral.is_fraction:
            percent = numeral.value * 100
            found |= {percent.to_integral_value(ROUND_FLOOR), percent.to_integral_value()}
    return frozenset(found)


@lru_cache(maxsize=1 << 14)
def german_exact(word: str) -> Decimal | None:
    """Return the number that a German word in lower case is, None if it is another word."""
    if word in _NO_NUMERAL:
        return None
    if word in _GERMAN_EXACT:
        return Decimal(_GERMAN_EXACT[word])
    if word == "anderthalb":
        return Decimal("1.5")
    if match := _GERMAN_HALF.fullmatch(word):
        whole = german_cardinal(match["number"])
        return None if whole is None else whole + HALF
    if (whole := german_cardinal(word)) is not None:
        return whole
    match = _GERMAN_SUFFIXED.fullmatch(word)
    if match is None:
        return None
    value = german_cardinal(match["number"])
    if match["ordinal"] in ("e", "en", "er", "es", "em") and (value is None or value < 100):
        return None  # vieren, Zweier; but Hunderte, Tausende
    return value


def is_german_part(word: str) -> bool:
    """Return whether a word makes a fraction of the number before it: `Drittel`."""
    return word.lower() in _GERMAN_PARTS


def is_german_numeral(word: str) -> bool:
    """Return whether a word may be, or may start, a number in words."""
    small = word.lower()
    number = german_exact(small)
    return (
        (number is not None and number != 1)
        or bool(_roman(word))
        or small in _GERMAN_PARTS
        or (small in ("viertelmillion", "million"))
    )


def _roman(word: str) -> list[Numeral]:
    """Return a Roman numeral of two letters or more, in capitals."""
    value = roman_value(word) if len(word) > 1 and word.isupper() else None
    return [] if value is None else [Numeral(word, value)]
