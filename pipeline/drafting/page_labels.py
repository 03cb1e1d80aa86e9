"""Translation of page labels and bylines without a model.

These texts are short and have no context, so that models mistranslate them with confidence.
Fixed labels come from `label_table`, dates from the CLDR (Unicode Common Locale Data Repository,
through babel).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from pipeline.core import BlockKind, base_language
from pipeline.drafting.label_table import LANGUAGES, find_label
from pipeline.drafting.names import cldr_locale

_PAGE_KINDS = (BlockKind.BOILERPLATE, BlockKind.BYLINE, BlockKind.CAPTION)
_MAX_LENGTH = 120
_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_MONTH_ALIASES = {"jän": 1, "mrz": 3}
_END = re.compile(r"\s*[:.!…»>→]*\s*$")
_DATE = re.compile(
    r"(?P<weekday>(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag"
    r"|Mo|Di|Mi|Do|Fr|Sa|So)\.?,? (?:den )?)?(?P<day>\d{1,2})\.\s?"
    r"(?:(?P<month>\d{1,2})\.|(?P<name>[A-ZÄa-zä]{3,9})\.?)\s?(?P<year>\d{4})"
    r"(?:[\s,|–-]+(?:um )?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?: Uhr)?)?"
)
_TIME = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d) Uhr")
_NAME = r"[A-ZÄÖÜÉ][\w.'’-]+(?: (?:(?:von|van|de|der|zu) ){0,2}[A-ZÄÖÜÉ][\w.'’-]*){0,3}"
_NAMES = re.compile(rf"{_NAME}(?:(?:, | und ){_NAME})*")
_READING = re.compile(
    r"(?P<about>ca\. |etwa )?(?P<n>\d{1,3}) Min(?:\.|uten?) (?:Lesezeit|Lesedauer)"
    r"|(?:Lesezeit|Lesedauer):? (?P<about2>ca\. |etwa )?(?P<n2>\d{1,3}) Min(?:\.|uten?)"
)
_AGO = re.compile(r"[Vv]or (?P<n>\d{1,3}) (?P<unit>Minute|Stunde|Tag|Woche)[en]*")
_COMMENTS = re.compile(r"(?P<n>\d+) Kommentare?")
_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_CREDIT = re.compile(r"(?P<what>Foto|Fotos|Bild|Grafik): (?P<who>[^:]{2,60})")
_HOLDER = r"(?:[A-ZÄÖÜ][\w.&’'-]*|dpa[\w-]*|afp|apa|epd|imago|picture|alliance|images)"
_AGENCY = re.compile(rf"{_HOLDER}(?:(?:\s?/\s?|, | ){_HOLDER}){{0,6}}")
_PREFIX = re.compile(
    r"(?P<what>Stand|Aktualisiert|Veröffentlicht|Zuletzt aktualisiert|Letzte Aktualisierung)"
    r"(?::| am|: am)? (?P<when>.+)"
)

_UNITS = {
    "Minute": "duration-minute",
    "Stunde": "duration-hour",
    "Tag": "duration-day",
    "Woche": "duration-week",
}
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "by": ("By {}", "Par {}", "Por {}"),
    "and": (" and ", " et ", " y "),
    "at": ("{}, {}", "{} à {}", "{}, {}"),
    "hours": ("{}:{}", "{} h {}", "{}:{}"),
    "ago": ("{} ago", "il y a {}", "hace {}"),
    "about": ("approx. ", "env. ", "aprox. "),
    "reading": ("{}{}-minute read", "{}{} minutes de lecture", "{}{} minutos de lectura"),
    "reading one": ("{}1-minute read", "{}1 minute de lecture", "{}1 minuto de lectura"),
    "comments": ("{} comments", "{} commentaires", "{} comentarios"),
    "comments one": ("1 comment", "1 commentaire", "1 comentario"),
    "source": ("Source: {}", "Source : {}", "Fuente: {}"),
    "foto": ("Photo: {}", "Photo : {}", "Foto: {}"),
    "fotos": ("Photos: {}", "Photos : {}", "Fotos: {}"),
    "bild": ("Image: {}", "Image : {}", "Imagen: {}"),
    "grafik": ("Graphic: {}", "Infographie : {}", "Gráfico: {}"),
    "stand": ("As of {}", "Mis à jour : {}", "Actualizado: {}"),
    "aktualisiert": ("Updated {}", "Mis à jour : {}", "Actualizado: {}"),
    "zuletzt aktualisiert": ("Last updated {}", "Dernière mise à jour : {}", "Actualizado: {}"),
    "letzte aktualisierung": ("Last updated {}", "Dernière mise à jour : {}", "Actualizado: {}"),
    "veröffentlicht": ("Published {}", "Publié : {}", "Publicado: {}"),
}


def translate_label(text: str, kind: BlockKind | None, language: str) -> str:
    """Return the translation of a label or byline, "" if the tables have none.

    A label is translated only if `kind` says that it belongs to the page.
    """
    base = base_language(language)
    if base not in LANGUAGES or len(text) > _MAX_LENGTH or kind not in _PAGE_KINDS:
        return ""
    return _fixed(text, base) or next(
        (found for rule in _RULES if (found := rule(text, language))), ""
    )


def _word(name: str, language: str) -> str:
    return _WORDS[name][LANGUAGES.index(base_language(language))]


def _fixed(text: str, base: str) -> str:
    """Return a translation from the table, with the end marks and capitals of the German text."""
    end = _END.search(text)
    mark = end[0].strip() if end else ""
    found = find_label(text[: len(text) - len(end[0] if end else "")], base)
    if not found:
        return ""
    found = found.upper() if text.isupper() and len(text) > 3 else found
    space = " " if mark[:1] in ("»", "→", ">") or (base == "fr" and mark[:1] in (":", "!")) else ""
    return f"{found}{space}{mark}"


def _names(text: str, language: str) -> str:
    """Translate the words between names, but not the names; "" if there are other words."""
    if not _NAMES.fullmatch(text):
        return ""
    *first, last = text.split(" und ")
    joiner = _word("and", language)
    if base_language(language) == "es" and re.match(r"(?:[IÍ]|Hi(?!e))", last):
        joiner = " e "
    return f"{', '.join(first)}{joiner}{last}" if first else last


def _byline(text: str, language: str) -> str:
    """Translate "Von Eva Kern und Jan Lang"."""
    start, _, rest = text.partition(" ")
    names = _names(rest, language) if start.casefold() == "von" else ""
    return _word("by", language).format(names) if names else ""


def _date(text: str, language: str) -> str:
    """Translate a date in full, with its weekday and time."""
    match = _DATE.fullmatch(text)
    if not match:
        return ""
    name = (match["name"] or "")[:3].lower()
    month = int(match["month"] or 0) or _MONTH_ALIASES.get(name, 0)
    month = month or (_MONTHS.index(name) + 1 if name in _MONTHS else 0)
    try:
        day = date(int(match["year"]), month, int(match["day"]))
    except ValueError:
        return ""
    from babel.dates import format_date

    shown = format_date(day, "full" if match["weekday"] else "long", cldr_locale(language))
    if match["hour"] is None:
        return shown
    return _word("at", language).format(shown, _clock(match, language))


def _clock(match: re.Match[str], language: str) -> str:
    return _word("hours", language).format(match["hour"], match["minute"])


def _time(text: str, language: str) -> str:
    match = _TIME.fullmatch(text)
    return _clock(match, language) if match else ""


def _status(text: str, language: str) -> str:
    """Translate "Stand: 3. Mai 2025, 14:10 Uhr"."""
    match = _PREFIX.fullmatch(text)
    when = _date(match["when"], language) or _time(match["when"], language) if match else ""
    return _word(match["what"].casefold(), language).format(when) if match and when else ""


def _reading_time(text: str, language: str) -> str:
    match = _READING.fullmatch(text)
    if not match:
        return ""
    about = _word("about", language) if match["about"] or match["about2"] else ""
    number = match["n"] or match["n2"]
    form = "reading one" if number == "1" else "reading"
    return _word(form, language).format(about, number)


def _ago(text: str, language: str) -> str:
    match = _AGO.fullmatch(text)
    if not match:
        return ""
    from babel.units import format_unit

    passed = format_unit(int(match["n"]), _UNITS[match["unit"]], locale=cldr_locale(language))
    return _word("ago", language).format(passed)


def _comments(text: str, language: str) -> str:
    match = _COMMENTS.fullmatch(text)
    form = "comments one" if match and match["n"] == "1" else "comments"
    return _word(form, language).format(match["n"]) if match else ""


def _source(text: str, language: str) -> str:
    label, _, site = text.partition(": ")
    if label.casefold() != "quelle" or not _SITE.fullmatch(site):
        return ""
    return _word("source", language).format(site)


def _credit(text: str, language: str) -> str:
    """Translate "Foto: Eva Kern/dpa"; the holder of the rights keeps their name."""
    match = _CREDIT.fullmatch(text)
    if not match or not _AGENCY.fullmatch(match["who"]):
        return ""
    return _word(match["what"].casefold(), language).format(match["who"])


_RULES: tuple[Callable[[str, str], str], ...] = (
    _byline,
    _date,
    _time,
    _status,
    _reading_time,
    _ago,
    _comments,
    _source,
    _credit,
)
