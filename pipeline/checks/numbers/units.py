"""Units, currencies and percent at figures, and conversions between units.

A converted figure is not a changed number: 1500 m and 1.5 km, 72 km and 45 miles, 27 °C and
80 °F. Factors: NIST Special Publication 811, B.8. Newspapers round imperial units, so a tolerance
of 12 % applies to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.checks.numbers.parsing import Figure, figures
from pipeline.checks.numbers.words import scales
from pipeline.checks.text import strip_markup
from pipeline.core import base_language


class MeasureUnit(NamedTuple):
    """A unit: its name, what it measures, its size in the base unit, and its words.

    Words are separated by commas, those of all languages together; symbols of one letter are
    case-sensitive. `imperial` units are rounded when they are converted.
    """

    name: str
    dimension: str
    size: Decimal
    words: str
    imperial: bool = False


def _unit(name: str, dimension: str, size: str, words: str, imperial: bool = False) -> MeasureUnit:
    return MeasureUnit(name, dimension, Decimal(size), words, imperial)


_RATIO = (
    _unit("percent", "ratio", "1", "%,prozent,percent,per cent,pct,pour cent,por ciento,prozentige,"
          "prozentigen,prozentiger,prozentiges,vh"),
    _unit("percentage points", "ratio", "1", "prozentpunkt,prozentpunkte,prozentpunkten,"
          "percentage point,percentage points,points de pourcentage,point de pourcentage,"
          "puntos porcentuales,punto porcentual"),
    _unit("per mille", "ratio", "1", "‰,promille,per mille,per mil,pour mille,por mil"),
)  # fmt: skip
_MONEY = (
    _unit("euros", "money", "1", "€,eur,euro,euros"),
    _unit("dollars", "money", "1", "$,us$,$us,usd,dollar,dollars,dólar,dólares,us-dollar,us dollar,"
          "us dollars"),
    _unit("pounds", "money", "1", "£,gbp,pfund,pound,pounds,livre,livres,libra,libras"),
    _unit("francs", "money", "1", "chf,sfr,sfr.,franken,franc,francs,franco,francos,"
          "schweizer franken,swiss francs,fr,fr."),
    _unit("yen", "money", "1", "¥,jpy,yen,yens,yenes"),
    _unit("roubles", "money", "1", "rub,rubel,rouble,roubles,ruble,rubles,rublo,rublos"),
    _unit("yuan", "money", "1", "cny,yuan,yuans,yuanes"),
    _unit("cents", "money", "1", "ct,rp,rappen,cent,cents,céntimo,céntimos,centimes"),
)  # fmt: skip
_MEASURES = (
    _unit("millimetres", "length", "0.001", "mm,millimeter,millimetern,millimetre,millimetres,"
          "millimeters,millimètre,millimètres,milímetro,milímetros"),
    _unit("centimetres", "length", "0.01", "cm,zentimeter,zentimetern,centimetre,centimetres,"
          "centimeter,centimeters,centimètre,centimètres,centímetro,centímetros"),
    _unit("metres", "length", "1", "m,meter,metern,metre,metres,meters,mètre,mètres,metro,metros"),
    _unit("kilometres", "length", "1000", "km,kilometer,kilometern,kilometre,kilometres,kilometers,"
          "kilomètre,kilomètres,kilómetro,kilómetros"),
    _unit("inches", "length", "0.0254", "zoll,inch,inches,″,pouce,pouces,pulgada,pulgadas", True),
    _unit("feet", "length", "0.3048", "fuß,fuss,feet,foot,ft,pied,pieds,pie,pies", True),
    _unit("yards", "length", "0.9144", "yards,yard,yd", True),
    _unit("miles", "length", "1609.344", "meile,meilen,mile,miles,mi,milla,millas", True),
    _unit("nautical miles", "length", "1852", "seemeile,seemeilen,nautical miles,nautical mile,"
          "milles,millas náuticas"),
    _unit("square metres", "area", "1", "m²,m2,qm,quadratmeter,quadratmetern,square metres,"
          "square meters,square metre,sq m,mètres carrés,metros cuadrados"),
    _unit("hectares", "area", "10000", "ha,hektar,hectare,hectares,hectárea,hectáreas"),
    _unit("square kilometres", "area", "1000000", "km²,km2,quadratkilometer,quadratkilometern,"
          "square kilometres,square kilometers,sq km,kilomètres carrés,kilómetros cuadrados"),
    _unit("acres", "area", "4046.86", "acre,acres", True),
    _unit("square miles", "area", "2589988", "quadratmeilen,square miles,square mile,sq mi", True),
    _unit("square feet", "area", "0.0929", "quadratfuß,quadratfuss,square feet,sq ft", True),
    _unit("milligrams", "mass", "0.000001", "mg,milligramm,milligram,milligrams,milligrammes"),
    _unit("decagrams", "mass", "0.01", "dag,dkg,deka,dekagramm"),
    _unit("grams", "mass", "0.001", "g,gramm,gram,grams,grammes,gramme,gramo,gramos"),
    _unit("kilograms", "mass", "1", "kg,kilogramm,kilo,kilos,kilogram,kilograms,kilogrammes,"
          "kilogramme,kilogramos,kilogramo"),
    _unit("tonnes", "mass", "1000", "t,tonne,tonnen,tonnes,ton,tons,tonelada,toneladas"),
    _unit("pounds", "mass", "0.453592", "lb,lbs,pound,pounds", True),
    _unit("ounces", "mass", "0.0283495", "unze,unzen,ounce,ounces,oz,once,onces,onza,onzas", True),
    _unit("millilitres", "volume", "0.001", "ml,milliliter,millilitern,millilitres,milliliters,"
          "mililitros"),
    _unit("litres", "volume", "1", "l,liter,litern,litre,litres,liters,litro,litros"),
    _unit("hectolitres", "volume", "100", "hl,hektoliter,hectolitres,hectolitros"),
    _unit("cubic metres", "volume", "1000", "m³,m3,kubikmeter,kubikmetern,cubic metres,"
          "cubic meters,mètres cubes,metros cúbicos"),
    _unit("gallons", "volume", "3.785", "gallone,gallonen,gallon,gallons", True),
    _unit("barrels", "volume", "158.987", "barrel,barrels,fass,baril,barils,barril,barriles", True),
    _unit("km/h", "speed", "1", "km/h,kph,stundenkilometer,stundenkilometern,"
          "kilometer pro stunde,kilometres per hour,kilometers per hour,kilomètres-heure"),
    _unit("mph", "speed", "1.609344", "mph,miles per hour,mile per hour", True),
    _unit("seconds", "time", "1", "s,sekunde,sekunden,second,seconds,sec,seconde,secondes,segundo,"
          "segundos"),
    _unit("minutes", "time", "60", "min,minute,minuten,minutes,minuto,minutos,minütige,minütigen"),
    _unit("hours", "time", "3600", "std,h,stunde,stunden,hour,hours,heure,heures,hora,horas,"
          "stündige,stündigen"),
    _unit("days", "time", "86400", "tag,tage,tagen,tages,tägig,tägige,tägigen,tägiger,täglich,"
          "tägliche,day,days,jour,jours,día,días"),
    _unit("weeks", "time", "604800", "woche,wochen,wöchige,wöchigen,week,weeks,weekly,semaine,"
          "semaines,semana,semanas"),
    _unit("months", "long time", "1", "monat,monate,monaten,monatige,monatigen,month,months,mois,"
          "mes,meses"),
    _unit("years", "long time", "12", "jahr,jahre,jahren,jahres,jährige,jährigen,year,years,an,ans,"
          "année,années,año,años"),
    _unit("decades", "long time", "120", "jahrzehnt,jahrzehnte,jahrzehnten,decade,decades,décennie,"
          "décennies,década,décadas"),
    _unit("kilobytes", "data", "1", "kb,kilobyte,kilobytes"),
    _unit("megabytes", "data", "1000", "mb,megabyte,megabytes"),
    _unit("gigabytes", "data", "1000000", "gb,gigabyte,gigabytes"),
    _unit("terabytes", "data", "1000000000", "tb,terabyte,terabytes"),
    _unit("kilowatts", "power", "1", "kw,kilowatt,kilowatts,kilovatios"),
    _unit("megawatts", "power", "1000", "mw,megawatt,megawatts,megavatios"),
    _unit("gigawatts", "power", "1000000", "gw,gigawatt,gigawatts,gigavatios"),
    _unit("degrees", "temperature", "1", "°,grad,degree,degrees,degré,degrés,grado,grados"),
    _unit("degrees Celsius", "temperature", "1", "°c,grad celsius,degrees celsius,degrees c,"
          "degrés celsius,grados celsius,degrés,celsius"),
    _unit("degrees Fahrenheit", "temperature", "1", "°f,fahrenheit,grad fahrenheit,"
          "degrees fahrenheit,degrés fahrenheit,grados fahrenheit", True),
)  # fmt: skip

_BY_WORD: dict[str, tuple[MeasureUnit, ...]] = {}
for _each in (*_RATIO, *_MONEY, *_MEASURES):
    for _word in _each.words.split(","):
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _each)

# Words that are units in one language, and other words elsewhere.
_ONLY = {"an": "fr", "ans": "fr", "pie": "es", "pies": "es", "mes": "es", "once": "fr",
         "onces": "fr", "mi": "en", "fass": "de", "t": "de en fr", "s": "de en", "l": "de en es",
         "tages": "de", "jour": "fr", "livre": "fr", "libra": "es", "ton": "en", "yard": "en",
         "metro": "es", "centimes": "en fr", "fr": "de", "rp": "de",
         "deka": "de", "ha": "de en fr", "h": "de en fr"}  # fmt: skip

_GAP = r"[\s\u00a0\u202f\u2009]"
_SIGNS = re.compile(rf"{_GAP}?-?(%|‰|°{_GAP}?[CF](?!\w)|°|US\$|\$US|\$|€|£|¥|km/h|km²|m²|m³)", re.I)
_WORDS_AFTER = re.compile(
    rf"(?:{_GAP}|-){{0,2}}([^\W\d_]+[23]?(?!\w)\.?)(?:(?:{_GAP}|-)([^\W\d_]+))?"
    rf"(?:{_GAP}([^\W\d_]+))?"
)
_BEFORE = re.compile(rf"(?<![^\W\d_])(US\$|\$|€|£|¥|EUR|USD|GBP|CHF|JPY|S?[Ff]r\.){_GAP}?-?$")
_OF = re.compile(rf"{_GAP}(?:d['’]|de{_GAP}|of{_GAP})")
_CONNECTED = re.compile(
    rf"{_GAP}?(?:bis(?: zu)?|to|und|and|oder|or|et|ou|y|o|u|à|a|al|sowie|–|-|/|,){_GAP}?"
    r"(?:zu |rund |about )?(?:US\$|\$|€|£)?"
)
_TOLERANCE = Decimal("0.12")
_EXACT_TOLERANCE = Decimal("0.02")


_LETTERS = re.compile(r"[^\W\d_]+")
_LONG_NAMES = frozenset(word for word in _BY_WORD if len(word) > 2)
_FOLLOWING = re.compile(rf"\d(?:{_GAP}|-){{0,2}}([^\W\d_]+|[%‰°€£¥$])")
_CURRENCIES = ("$", "€", "£", "¥", "EUR", "USD", "GBP", "CHF", "JPY", "Fr.", "fr.")
_PRECEDING = re.compile(rf"(?:{'|'.join(map(re.escape, _CURRENCIES))}){_GAP}?-?\d")
_MAY_FOLLOW = frozenset((*(phrase.split()[0] for phrase in _BY_WORD), *scales("de"), "us", "$"))


class Quantity(NamedTuple):
    """A figure with its units; a word such as `pounds` may name several."""

    figure: Figure
    units: tuple[MeasureUnit, ...]

    def measures(self, dimension: str) -> bool:
        """Return whether a unit measures a dimension."""
        return any(unit.dimension == dimension for unit in self.units)


@lru_cache(maxsize=32)
def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Return the figures of a text with their units, in order.

    A unit applies to the figures that are connected with it: `5 to 10 percent`, `€5 or 10`.
    """
    plain = strip_markup(text)
    found = figures(text, language)
    units = [_unit_at(plain, figure, base_language(language)) for figure in found]
    joined = [bool(_CONNECTED.fullmatch(plain[a.end : b.start])) for a, b in pairwise(found)]
    for at in range(len(found) - 2, -1, -1):
        if joined[at] and not units[at]:
            units[at] = units[at + 1]
    for at in range(1, len(found)):
        if joined[at - 1] and not units[at] and any(u.dimension == "money" for u in units[at - 1]):
            units[at] = units[at - 1]
    return tuple(map(Quantity, found, units))


def may_have_quantities(text: str) -> bool:
    """Return whether a figure of a German text without markup may have a unit; fast."""
    following = map(str.lower, _FOLLOWING.findall(text))
    if not _MAY_FOLLOW.isdisjoint(following):
        return True
    return any(map(text.__contains__, _CURRENCIES)) and _PRECEDING.search(text) is not None


def may_be_unit(word: str) -> bool:
    """Return whether a word of a text, in any case, is a unit or ends in one."""
    small = word.lower().strip(".,;:!?()")
    return (
        small in _BY_WORD
        or small[-1:] in ("%", "‰", "°", "€", "$", "£", "¥", "²")
        or ("°" in word or word[:1] in ("€", "$", "£", "¥"))
    )


def unit_names(words: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return the units that words in lower case name, as (dimension, name)."""
    return frozenset(
        (unit.dimension, unit.name) for word in words for unit in _BY_WORD.get(word, ())
    )


def named_units(text: str) -> frozenset[MeasureUnit]:
    """Return the units that the words of a text name."""
    found = _LONG_NAMES.intersection(_LETTERS.findall(text.lower()))
    return frozenset(unit for word in found for unit in _BY_WORD[word])


def _unit_at(text: str, figure: Figure, language: str) -> tuple[MeasureUnit, ...]:
    rest = text[figure.end : figure.end + 60]
    before = _BEFORE.search(text[max(0, figure.start - 6) : figure.start])
    if before:
        return _BY_WORD[before[1].lower()]
    if figure.scale and figure.after == "m" and language == "en":
        return _BY_WORD["m"]  # "3.2 m" is a million, or metres
    if figure.scale:
        rest = _past_scale(rest, language)
        if match := _OF.match(rest):
            rest = " " + rest[match.end() :]
    return _after(rest, language)


def _past_scale(rest: str, language: str) -> str:
    """Return a text without the words at its start that scale a figure: ` Mio. Euro`."""
    while match := re.match(rf"{_GAP}?-?([^\W\d_]+)\.?", rest):
        if match[1].lower() not in scales(language):
            break
        rest = rest[match.end() :]
    return rest


def _after(rest: str, language: str) -> tuple[MeasureUnit, ...]:
    """Return the units at the start of a text."""
    if match := _SIGNS.match(rest):
        sign = re.sub(r"\s", "", match[1].lower())
        return _BY_WORD[sign]
    match = _WORDS_AFTER.match(rest)
    if match is None:
        return ()
    one, two, three = match.groups()
    one = one.rstrip(".")
    small = one.lower()
    for phrase in (f"{small} {two} {three}", f"{small} {two}"):
        if found := _BY_WORD.get(phrase.lower()):
            return found
    if len(one) == 1 and not one.islower():
        return ()  # 5 M, 4 T
    return _BY_WORD.get(small, ()) if language in _ONLY.get(small, language) else ()


def converted(german: Quantity, other: Quantity) -> bool:
    """Return whether a figure is another one in a different unit."""
    value, new = german.figure.value(), other.figure.value()
    if value is None or new is None:
        return False
    return any(
        _is_conversion(value, unit, new, target)
        for unit in german.units
        for target in other.units
        if unit.dimension == target.dimension
        if unit is not target or unit.name == "degrees"
    )


def _is_conversion(value: Decimal, unit: MeasureUnit, new: Decimal, target: MeasureUnit) -> bool:
    if unit.dimension == "temperature":
        fahrenheit, span = value * 9 / 5 + 32, value * 9 / 5
        return min(abs(new - fahrenheit), abs(new - span)) <= 3
    if unit.dimension in ("ratio", "money"):
        return (
            unit.dimension == "money"
            and "cents" in (unit.name, target.name)
            and (new == value * 100 or value == new * 100)
        )
    wanted = value * unit.size / target.size
    if unit.imperial or target.imperial:
        return abs(new - wanted) <= max(wanted * _TOLERANCE, Decimal("0.6"))
    return abs(new - wanted) <= wanted * _EXACT_TOLERANCE


def converted_values(german: Quantity, units: frozenset[MeasureUnit]) -> frozenset[Decimal]:
    """Return the whole numbers that a German quantity is in other units: 14 days, 2 weeks."""
    value = german.figure.value()
    if value is None:
        return frozenset()
    found = {
        value * unit.size / target.size
        for unit in german.units
        for target in units
        if unit.dimension == target.dimension and unit is not target and not target.imperial
        if unit.dimension not in ("ratio", "money", "temperature")
    }
    return frozenset(number for number in found if number == number.to_integral_value())


def units_of(found: Sequence[Quantity], dimension: str) -> int:
    """Count the figures with a unit of a dimension."""
    return sum(quantity.measures(dimension) for quantity in found)
