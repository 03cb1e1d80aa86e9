"""Numbers written as words or Roman numerals, and words that scale a figure, by language.

The tables cover what newspapers and offices write as words: up to twenty, the tens, hundreds
and thousands, a dozen, a half. For languages without a table, only figures count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache, partial

from pipeline.checks.text import words
from pipeline.lang import TokenCache

_DE_UNITS = {
    "ein": 1, "eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13,
    "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18,
    "neunzehn": 19,
}  # fmt: skip
_DE_TENS = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50,
    "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_DE_OTHERS = {
    "erst": 1, "einmal": 1, "einzig": 1, "jede": 1, "beid": 2, "doppel": 2, "verdoppel": 2,
    "halbier": 2,
    "paar": 2, "zweit": 2, "dritt": 3, "verdreifach": 3, "vervierfach": 4, "viert": 4,
    "siebt": 7, "dutzend": 12, "hundert": 100, "tausend": 1000, "jahrtausend": 1000,
    "jahrhundert": 100, "jahrzehnt": 10, "million": 1_000_000, "milliarde": 1_000_000_000,
    "mitternacht": 0, "null": 0, "januar": 1, "jänner": 1, "februar": 2, "feber": 2, "märz": 3,
    "april": 4, "mai": 5, "juni": 6, "juli": 7, "august": 8, "september": 9, "oktober": 10,
    "november": 11, "dezember": 12,
}  # fmt: skip
_DE_HALVES = {"halb": "0.5", "hälfte": "0.5", "anderthalb": "1.5", "eineinhalb": "1.5",
              "zweieinhalb": "2.5", "dreieinhalb": "3.5", "viereinhalb": "4.5"}  # fmt: skip


def _alternatives(names: Mapping[str, object]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_UNITS = _alternatives(_DE_UNITS)
# Up to 999 999, as einhundertzweiundzwanzigtausend; every part is optional.
_HUNDREDS = (
    rf"(?:(?:{_UNITS})?hundert(?:und)?)?"
    rf"(?:(?:(?:{_UNITS})und)?(?:{_alternatives(_DE_TENS)})|{_UNITS})?"
)
_DE_NUMBER = re.compile(rf"(?P<t>(?:{_HUNDREDS})tausend(?:und)?)?(?P<h>{_HUNDREDS})", re.IGNORECASE)
_DE_PART = re.compile(rf"{_alternatives(_DE_TENS)}|{_UNITS}|hundert", re.IGNORECASE)
_DE_DECADE = re.compile(rf"({_alternatives(_DE_TENS)})e?r")


def german_numeral(word: str) -> frozenset[Decimal]:
    """Return the numbers that a German word may state: `zweijährig` 2, `dreiundzwanzig` 23.

    This includes words that merely start like a number (`Einfuhr`, `achten`): the result
    explains a figure in the translation, it does not require one.
    """
    word = word.lower()
    found = {Decimal(n) for w, n in _DE_OTHERS.items() if word.startswith(w) or word.endswith(w)}
    found |= {Decimal(n) for w, n in _DE_HALVES.items() if word.startswith(w)}
    if decade := _DE_DECADE.match(word):
        found |= {Decimal(century + _DE_TENS[decade[1]]) for century in (1800, 1900, 2000)}
    match = _DE_NUMBER.match(word)
    if match and match.end():
        thousands, rest = match["t"], match["h"]
        value = _small(rest)
        if thousands:
            value += 1000 * (_small(thousands.lower().replace("tausend", "")) or 1)
        found.add(Decimal(value))
    return frozenset(found)


def german_cardinal(word: str) -> Decimal | None:
    """Return the number that a German word in lower case is as a whole, None if it is none."""
    match = _DE_NUMBER.fullmatch(word)
    if match is None or not word:
        return None
    value = _small(match["h"])
    if match["t"]:
        value += 1000 * (_small(match["t"].replace("tausend", "")) or 1)
    return Decimal(value)


def _small(text: str) -> int:
    """Return the value of a German number below 1000, written as a word."""
    value = 0
    for part in _DE_PART.findall(text.lower()):
        if part == "hundert":
            value = (value or 1) * 100
        else:
            value += _DE_UNITS.get(part) or _DE_TENS[part]
    return value


_EN = {
    0: "zero midnight nil", 1: "one first once single firstly", 2: (
        "two second twice both double doubled doubling couple pair half halved halving"
        " twofold secondly"
    ),
    3: "three third thrice triple tripled threefold thirdly thirds", 4: (
        "four fourth quarter quarters quadruple quadrupled fourfold"
    ),
    5: "five fifth fifths fivefold", 6: "six sixth", 7: "seven seventh", 8: "eight eighth",
    9: "nine ninth", 10: "ten tenth decade tenfold", 11: "eleven eleventh",
    12: "twelve twelfth dozen noon midday", 13: "thirteen thirteenth",
    14: "fourteen fourteenth fortnight fortnightly", 15: "fifteen fifteenth",
    16: "sixteen sixteenth", 17: "seventeen seventeenth", 18: "eighteen eighteenth",
    19: "nineteen nineteenth", 20: "twenty twentieth twenties", 25: "quarter",
    30: "thirty thirtieth thirties", 40: "forty fortieth forties",
    50: "fifty fiftieth half fifties", 60: "sixty sixtieth sixties",
    70: "seventy seventieth seventies", 80: "eighty eightieth eighties",
    90: "ninety ninetieth nineties", 100: "hundred hundreds hundredth centenary century",
    1000: "thousand thousands thousandth millennium", 1_000_000: "million millions",
    1_000_000_000: "billion billions",
}  # fmt: skip
_FR = {
    0: "zéro minuit", 1: "un une premier première premiers premières", 2: (
        "deux second seconde deuxième double doublé doublement moitié paire"
    ),
    3: "trois troisième triple triplé tiers", 4: "quatre quatrième quart quadruple trimestre",
    5: "cinq cinquième quintuple", 6: "six sixième", 7: "sept septième",
    8: "huit huitième", 9: "neuf neuvième", 10: "dix dixième décennie dizaine",
    11: "onze onzième", 12: "douze douzième douzaine midi", 13: "treize treizième",
    14: "quatorze quatorzième quinze quinzaine", 15: "quinze quinzième quinzaine",
    16: "seize seizième", 17: "dix-sept", 18: "dix-huit", 19: "dix-neuf",
    20: "vingt vingtième vingtaine", 25: "quart", 30: "trente trentième trentaine",
    40: "quarante quarantaine", 50: "cinquante cinquantaine cinquantième moitié",
    60: "soixante soixantaine", 70: "soixante-dix septante",
    80: "quatre-vingt quatre-vingts huitante", 90: "quatre-vingt-dix nonante",
    100: "cent cents centaine centième siècle",
    1000: "mille millier millénaire", 1_000_000: "million millions",
    1_000_000_000: "milliard milliards",
}  # fmt: skip
_ES = {
    0: "cero medianoche", 1: "un uno una primer primero primera primeros", 2: (
        "dos segundo segunda doble duplicar duplicado ambos ambas mitad medio media par"
    ),
    3: "tres tercer tercero tercera triple tercio tercios", 4: (
        "cuatro cuarto cuarta cuartos cuádruple trimestre"
    ),
    5: "cinco quinto quinta", 6: "seis sexto sexta", 7: "siete séptimo séptima",
    8: "ocho octavo octava", 9: "nueve noveno novena", 10: "diez décimo décima década decena",
    11: "once undécimo", 12: "doce duodécimo docena mediodía", 13: "trece", 14: "catorce",
    15: "quince quincena", 16: "dieciséis", 17: "diecisiete", 18: "dieciocho",
    19: "diecinueve", 20: "veinte vigésimo veintena", 21: "veintiuno veintiún veintiuna",
    22: "veintidós", 23: "veintitrés", 24: "veinticuatro", 25: "veinticinco cuarto",
    26: "veintiséis", 27: "veintisiete", 28: "veintiocho", 29: "veintinueve", 30: "treinta",
    40: "cuarenta", 50: "cincuenta mitad", 60: "sesenta", 70: "setenta", 80: "ochenta",
    90: "noventa", 100: "cien ciento centenar centenario siglo",
    200: "doscientos doscientas", 300: "trescientos trescientas",
    400: "cuatrocientos cuatrocientas", 500: "quinientos quinientas", 600: "seiscientos",
    700: "setecientos", 800: "ochocientos", 900: "novecientos",
    1000: "mil millar milenio", 1_000_000: "millón millones",
}  # fmt: skip

# The numbers that a word of a target language may state, possibly several (half: 2, 50).
_TARGETS: dict[str, dict[str, frozenset[Decimal]]] = {}
for _language, _table in (("en", _EN), ("fr", _FR), ("es", _ES)):
    _words: dict[str, set[Decimal]] = {}
    for _value, _names in _table.items():
        for _name in _names.split():
            _words.setdefault(_name, set()).add(Decimal(_value))
    _TARGETS[_language] = {w: frozenset(v) for w, v in _words.items()}

_SCALES: dict[str, dict[str, int]] = {
    "de": {
        "tausend": 3, "tsd": 3, "million": 6, "millionen": 6, "mio": 6, "mill": 6,
        "milliarde": 9, "milliarden": 9, "mrd": 9, "mia": 9, "billion": 12, "billionen": 12,
        "bio": 12, "billiarde": 15, "billiarden": 15,
    },
    "en": {
        "thousand": 3, "k": 3, "million": 6, "millions": 6, "m": 6, "mn": 6, "mio": 6,
        "mil": 6, "mln": 6, "billion": 9, "billions": 9, "bn": 9, "b": 9, "trillion": 12,
        "trillions": 12, "tn": 12, "trn": 12, "quadrillion": 15,
    },
    "fr": {
        "mille": 3, "milliers": 3, "k": 3, "million": 6, "millions": 6, "mio": 6, "m": 6,
        "milliard": 9, "milliards": 9, "mrd": 9, "mds": 9, "md": 9, "billion": 12,
        "billions": 12, "billiards": 15,
    },
    "es": {
        "mil": 3, "miles": 3, "millón": 6, "millones": 6, "mill": 6, "m": 6, "billón": 12,
        "billones": 12,
    },
}  # fmt: skip


def numeral(language: str, word: str) -> frozenset[Decimal]:
    """Return the numbers that a word may state; none for a language without a table."""
    return _TARGETS.get(language, {}).get(word.lower(), frozenset())


@lru_cache(maxsize=1 << 10)
def number_names(value: Decimal, language: str) -> frozenset[str]:
    """Return the words of a language that state a number; none for a language without a table."""
    table = _TARGETS.get(language, {})
    return frozenset(word for word, values in table.items() if value in values)


def scales(language: str) -> Mapping[str, int]:
    """Return the words that scale the figure before them, with the power of ten: `million` 6."""
    return _SCALES.get(language, {})


_ROMAN = re.compile(r"((?=[IVXLC])C?(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?:e|er|ère|ème)?")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
}
_MONTH = {
    (language, name): Decimal(number)
    for language, names in _MONTHS.items()
    for number, name in enumerate(names.split(), 1)
}
_THOUSANDS = (Decimal(100), Decimal(1000), Decimal(10**6), Decimal(10**9))


@lru_cache(maxsize=16)
def stated_numbers(text: str, language: str) -> frozenset[Decimal]:
    """Return the numbers that the words of a translation state: four, twenty-two, July, XIV."""
    cache = _STATED.get(language)
    if cache is None:
        cache = _STATED[language] = TokenCache(partial(_numbers_of_word, language=language))
    values: set[Decimal] = set()
    running: Decimal | None = None
    for numbers in map(cache.__getitem__, words(text)):
        if numbers is None:
            running = None
            continue
        own, others = numbers
        values |= own
        values |= others
        running = _combine(running, own)
        if running is not None:
            values.add(running)
    return frozenset(values)


_WordNumbers = tuple[frozenset[Decimal], frozenset[Decimal]]
_STATED: dict[str, TokenCache[_WordNumbers | None]] = {}


def _numbers_of_word(word: str, language: str) -> _WordNumbers | None:
    """Return what a word states as a numeral, and as a month or a Roman numeral."""
    small = word.lower()
    month = _MONTH.get((language, small))
    own, others = (
        numeral(language, small),
        _roman(word) if month is None else _roman(word) | {month},
    )
    return (own, frozenset(others)) if own or others else None


def _combine(running: Decimal | None, own: frozenset[Decimal]) -> Decimal | None:
    """Add a word to a number of several words: twenty + two, two x hundred."""
    if not own:
        return None
    value = min(own)
    if running is None:
        return value
    if value in _THOUSANDS:
        return running * value
    return running + value


def _roman(word: str) -> set[Decimal]:
    value = roman_value(word)
    return set() if value is None else {value}


def roman_value(word: str) -> Decimal | None:
    """Return the value of a Roman numeral up to 399 in capitals, None for another word."""
    match = _ROMAN.fullmatch(word)
    if not match:
        return None
    values = [_ROMAN_VALUES[c] for c in match[1]]
    after = [*values[1:], 0]
    return Decimal(sum(v if v >= n else -v for v, n in zip(values, after, strict=True)))


@lru_cache(maxsize=16)
def stated_german_numbers(text: str) -> frozenset[Decimal]:
    """Return the numbers that the words of a German text may state: zwölf, zweijährig, XIV."""
    numbers = map(_GERMAN_STATED.__getitem__, filter(str.isalpha, words(text)))
    return frozenset().union(*filter(None, numbers))


def _numbers_of_german_word(word: str) -> frozenset[Decimal]:
    return german_numeral(word) | _roman(word)


_GERMAN_STATED = TokenCache(_numbers_of_german_word)
