"""Mutation operators of `mutations.py`: each breaks a correct translation in one way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from parallel import Pair

Operator = Callable[[Pair, "Material"], Iterator[Pair]]
OPERATORS: dict[str, Operator] = {}


class Material:
    """What operators need: randomness, other pairs, the language, and a glossary to break."""

    def __init__(self, language: str, pairs: list[Pair], chance: random.Random) -> None:
        self.language, self.pairs, self.chance = language, pairs, chance
        self.terms = TERMS[language]
        self.words = WORDS[language]


# Terms that are common in any news or administrative text; none of them is tuned to a set.
TERMS = {
    "en": [("Regierung", "government", "administration"), ("Jahr", "year", "annum"),
           ("Land", "country", "territory"), ("Mitgliedstaat", "Member State", "nation"),
           ("Kommission", "Commission", "committee"), ("Entwicklung", "development", "progress"),
           ("Bericht", "report", "account"), ("Maßnahme", "measure", "step"),
           ("Stadt", "city", "town"), ("Spiel", "game", "contest"), ("Mann", "man", "guy"),
           ("Frau", "woman", "lady"), ("Richtlinie", "Directive", "guideline")],
    "fr": [("Regierung", "gouvernement", "cabinet"), ("Jahr", "année|an", "exercice"),
           ("Land", "pays", "territoire"), ("Mitgliedstaat", "État membre", "nation"),
           ("Kommission", "Commission", "comité"), ("Entwicklung", "développement", "progrès"),
           ("Bericht", "rapport", "compte rendu"), ("Maßnahme", "mesure", "démarche"),
           ("Stadt", "ville", "commune"), ("Spiel", "match", "partie"), ("Mann", "homme", "type"),
           ("Frau", "femme", "dame"), ("Richtlinie", "directive", "consigne")],
    "es": [("Regierung", "gobierno", "gabinete"), ("Jahr", "año", "ejercicio"),
           ("Land", "país", "territorio"), ("Stadt", "ciudad", "villa"),
           ("Spiel", "partido", "encuentro"), ("Mann", "hombre", "tipo"),
           ("Frau", "mujer", "dama"), ("Bericht", "informe", "relato"),
           ("Polizei", "policía", "guardia"), ("Präsident", "presidente", "jefe"),
           ("Woche", "semana", "quincena"), ("Partei", "partido", "bando")],
}  # fmt: skip
WORDS = {
    "en": {
        "days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        "months": [
            "January",
            "February",
            "March",
            "April",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        "scale": ("million", "billion"),
        "negation": re.compile(r" not\b|n['’]t\b| never\b| no(?= )"),
    },
    "fr": {
        "days": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        "months": [
            "janvier",
            "février",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        "scale": ("million", "milliard"),
        "negation": re.compile(r"\b(?:ne |n['’])(\S+) (?:pas|jamais|plus|rien)\b"),
    },
    "es": {
        "days": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        "months": [
            "enero",
            "febrero",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        "scale": ("millones", "billones"),
        "negation": re.compile(r"\b(?:no|nunca) "),
    },
}


def way(name: str) -> Callable[[Operator], Operator]:
    """Enter a function as a way to break a pair; it yields nothing where it does not fit."""

    def enter(function: Operator) -> Operator:
        OPERATORS[name] = function
        return function

    return enter


def substitute(pattern: str, target: str, chance: random.Random, new: Callable[..., str]) -> str:
    """Replace one of the matches of a pattern, chosen by chance."""
    matches = list(re.finditer(pattern, target))
    if not matches:
        return target
    match = chance.choice(matches)
    return target[: match.start()] + new(match) + target[match.end() :]


@way("number changed")
def number_changed(pair: Pair, given: Material) -> Iterator[Pair]:
    def other(match: re.Match[str]) -> str:
        return given.chance.choice([d for d in "123456789" if d != match[0]])

    # Not in a tag, and not in figures without words: such a cell is a number and no text.
    if re.search(r"[a-z]{4}", pair.target):
        yield Pair(pair.source, substitute(r"[1-9](?![^<]*>)", pair.target, given.chance, other))


@way("number dropped")
def number_dropped(pair: Pair, given: Material) -> Iterator[Pair]:
    numbers = r" \b\d[\d.,]*\b(?= [a-zà-ÿ])"
    yield Pair(pair.source, substitute(numbers, pair.target, given.chance, lambda m: ""))


@way("digits out of order")
def digits_swapped(pair: Pair, given: Material) -> Iterator[Pair]:
    def swapped(match: re.Match[str]) -> str:
        return match[0][::-1]

    pattern = r"([0-9])(?!\1)[1-9](?![^<]*>)"
    if re.search(r"[a-z]{4}", pair.target):
        yield Pair(pair.source, substitute(pattern, pair.target, given.chance, swapped))


@way("German number format kept")
def format_kept(pair: Pair, given: Material) -> Iterator[Pair]:
    """In English 3,5 and 7.000 are wrong, in French 7.000 alone, in Spanish neither."""
    wrong = {"en": r"\b\d{1,3}(?:\.\d{3})+\b|\b\d+,\d+\b", "fr": r"\b\d{1,3}(?:\.\d{3})+\b"}
    if not re.search(r"[a-z]{4}", pair.target) or given.language not in wrong:
        return
    for figure in re.findall(wrong[given.language], pair.source):
        whole, comma, part = figure.replace(".", "").partition(",")
        grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", "[ ,.\u00a0\u202f]?", whole)
        written = grouped + (r"[.,]" + part if comma else "")
        new = re.sub(rf"(?<![\d.,]){written}(?![\d]|[.,]\d)", figure, pair.target)
        yield Pair(pair.source, new)


@way("million became billion")
def scale_changed(pair: Pair, given: Material) -> Iterator[Pair]:
    small, large = given.words["scale"]
    yield Pair(pair.source, re.sub(rf"(?<=\d )\b{small}", large, pair.target))


@way("weekday changed")
def day_changed(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _renamed(pair, given, given.words["days"])


@way("month changed")
def month_changed(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _renamed(pair, given, given.words["months"])


def _renamed(pair: Pair, given: Material, names: list[str]) -> Iterator[Pair]:
    def other(match: re.Match[str]) -> str:
        return given.chance.choice([n for n in names if n != match[0]])

    pattern = rf"\b(?:{'|'.join(names)})\b"
    yield Pair(pair.source, substitute(pattern, pair.target, given.chance, other))


@way("term replaced by a synonym")
def term_replaced(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _replaced(pair, given, 0)


@way("forbidden term used")
def term_forbidden(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _replaced(pair, given, 1)


def _replaced(pair: Pair, given: Material, odd: int) -> Iterator[Pair]:
    """Replace a term; for every other term of the table, the synonym is forbidden."""
    for number, (german, targets, synonym) in enumerate(given.terms):
        if number % 2 == odd and re.search(rf"\b{german}(?:e?s|e|en|n)?\b", pair.source):
            pattern = rf"\b(?:{targets})(?:s|x)?\b"
            if re.search(pattern, pair.target):
                yield Pair(pair.source, re.sub(pattern, synonym, pair.target))


@way("name misspelled")
def name_misspelled(pair: Pair, given: Material) -> Iterator[Pair]:
    """A letter of a name, not the first, is changed, left out, doubled, or out of order."""
    shared = set(re.findall(r"\b[A-ZÀ-Þ][a-zß-ÿ]{4,}\b", pair.source)) & set(
        re.findall(r"\b[A-ZÀ-Þ][a-zß-ÿ]{4,}\b", pair.target)
    )
    for name in sorted(shared):
        at = given.chance.randrange(1, len(name) - 1)
        new = given.chance.choice(
            [
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
                name[:at] + given.chance.choice("aeioulnrst") + name[at + 1 :],
                name[:at] + name[at + 1 :],
                name[:at] + name[at] + name[at:],
            ]
        )
        if new != name:
            yield Pair(pair.source, re.sub(rf"\b{name}\b", new, pair.target))


TAG = r"</?\w+[^<>]*>"


@way("tag dropped")
def tag_dropped(pair: Pair, given: Material) -> Iterator[Pair]:
    yield Pair(pair.source, substitute(TAG, pair.target, given.chance, lambda m: ""))


@way("tag order broken")
def tag_order(pair: Pair, given: Material) -> Iterator[Pair]:
    yield Pair(pair.source, re.sub(r"(<g [^<>]*>)([^<>]+)(</g>)", r"\3\2\1", pair.target, count=1))


@way("tag doubled")
def tag_doubled(pair: Pair, given: Material) -> Iterator[Pair]:
    yield Pair(pair.source, substitute(TAG, pair.target, given.chance, lambda m: m[0] * 2))


@way("tag renumbered")
def tag_renumbered(pair: Pair, given: Material) -> Iterator[Pair]:
    yield Pair(pair.source, substitute(r'id="\d+"', pair.target, given.chance, lambda m: 'id="77"'))


def _added(pair: Pair, both: str, wrong: str) -> Iterator[Pair]:
    """Add something to both sentences before the full stop, and break it in the target."""
    if pair.source.endswith(".") and pair.target.endswith("."):
        yield Pair(f"{pair.source[:-1]} ({both}).", f"{pair.target[:-1]} ({wrong}).")


@way("URL changed")
def url_changed(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _added(pair, "https://example.org/artikel/17", "https://example.org/article/17")


@way("e-mail address changed")
def mail_changed(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _added(pair, "redaktion@example.org", "redakton@example.org")


@way("placeholder translated")
def placeholder_changed(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _added(pair, "{name}", "{nombre}")


@way("placeholder dropped")
def placeholder_dropped(pair: Pair, given: Material) -> Iterator[Pair]:
    if pair.source.endswith("."):
        yield Pair(f"%s: {pair.source}", pair.target)


def _is_text(pair: Pair, words: int = 8) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", pair.target)) >= words


@way("not translated")
def not_translated(pair: Pair, given: Material) -> Iterator[Pair]:
    if _is_text(pair):
        yield Pair(pair.source, pair.source)


@way("German sentence left")
def german_left(pair: Pair, given: Material) -> Iterator[Pair]:
    other = given.chance.choice(given.pairs)
    if _is_text(pair) and _is_text(other):
        source = f"{pair.source} {other.source}"
        yield Pair(source, f"{pair.target} {other.source}")


@way("German half left")
def german_half(pair: Pair, given: Material) -> Iterator[Pair]:
    if _is_text(pair, 12) and "<" not in pair.source:
        source, target = pair.source.split(), pair.target.split()
        halves = [*target[: len(target) // 2], *source[len(source) // 2 :]]
        yield Pair(pair.source, " ".join(halves))


@way("other language")
def other_language(pair: Pair, given: Material) -> Iterator[Pair]:
    """The translation of another catalog: Dutch-like German is no use, so a fixed text."""
    text = {
        "en": "Le texte de cette page a été écrit pour les lecteurs qui ne savent pas l’anglais"
        " et qui veulent tout de même être informés de ce qui se passe dans le monde.",
        "fr": "El texto de esta página fue escrito para los lectores que no saben francés y que"
        " sin embargo quieren estar informados de lo que pasa en el mundo.",
        "es": "The text of this page was written for those readers who do not know Spanish, and"
        " who nevertheless want to be informed about what is going on in the world.",
    }[given.language]
    if (
        100 < len(pair.source) < 220
        and "<" not in pair.source
        and not re.search(r"\d", pair.source)
    ):
        yield Pair(pair.source, text)


@way("half of the text lost")
def half_lost(pair: Pair, given: Material) -> Iterator[Pair]:
    if _is_text(pair) and "<" not in pair.target:
        words = pair.target.split()
        yield Pair(pair.source, " ".join(words[: len(words) // 2]))


@way("second half lost, full stop kept")
def half_lost_neatly(pair: Pair, given: Material) -> Iterator[Pair]:
    if _is_text(pair) and "<" not in pair.target and pair.target.endswith("."):
        words = pair.target.split()
        yield Pair(pair.source, " ".join(words[: len(words) // 2]).rstrip(",;:") + ".")


@way("sentence of two lost")
def sentence_lost(pair: Pair, given: Material) -> Iterator[Pair]:
    other = given.chance.choice(given.pairs)
    if _is_text(pair) and _is_text(other) and "<" not in pair.source + other.source:
        yield Pair(f"{pair.source} {other.source}", pair.target)


@way("text doubled")
def doubled(pair: Pair, given: Material) -> Iterator[Pair]:
    if _is_text(pair, 3) and "<" not in pair.target:
        yield Pair(pair.source, f"{pair.target} {pair.target}")


@way("foreign sentence added")
def sentence_added(pair: Pair, given: Material) -> Iterator[Pair]:
    other = given.chance.choice(given.pairs)
    if _is_text(pair) and _is_text(other) and "<" not in pair.target + other.target:
        yield Pair(pair.source, f"{pair.target} {other.target}")


@way("negation dropped")
def negation_dropped(pair: Pair, given: Material) -> Iterator[Pair]:
    pattern = given.words["negation"]
    negated = re.search(r"\b(?:nicht|kein\w*|nie|niemals|nichts)\b", pair.source)
    if negated and len(pattern.findall(pair.target)) == 1:
        new = pattern.sub(lambda m: m[1] if m.re.groups else "", pair.target)
        yield Pair(pair.source, new)


@way("emptied")
def emptied(pair: Pair, given: Material) -> Iterator[Pair]:
    yield Pair(pair.source, " ")


@way("end mark dropped")
def end_dropped(pair: Pair, given: Material) -> Iterator[Pair]:
    if _is_text(pair, 4):
        yield Pair(pair.source, re.sub(r"\s*[.!?](?=(?:<[^<>]*>)*$)", "", pair.target))


@way("question became statement")
def question(pair: Pair, given: Material) -> Iterator[Pair]:
    if pair.source.endswith(".") and _is_text(pair, 4):
        yield Pair(pair.source[:-1] + "?", pair.target)


@way("German quotation marks kept")
def german_quotes(pair: Pair, given: Material) -> Iterator[Pair]:
    new = re.sub(r"[\"“«]\s?([^\"“”«»]+?)\s?[\"”»]", r"„\1“", pair.target, count=1)
    yield Pair(pair.source, new)


@way("closing quotation mark dropped")
def quote_dropped(pair: Pair, given: Material) -> Iterator[Pair]:
    if pair.source.count("„") == 1 and pair.source.count("“") == 1:
        yield Pair(pair.source, re.sub(r"\s?[”»]|(?<=\S)\"", "", pair.target, count=1))


@way("bracket dropped")
def bracket_dropped(pair: Pair, given: Material) -> Iterator[Pair]:
    if re.search(r"\([^()]{6,}\)", pair.target):
        yield Pair(pair.source, pair.target.replace(")", "", 1))


@way("blank doubled")
def blank_doubled(pair: Pair, given: Material) -> Iterator[Pair]:
    pattern = r"(?<=[a-z]) (?=[a-z])"
    yield Pair(pair.source, substitute(pattern, pair.target, given.chance, lambda m: "  "))


@way("blank at the end")
def blank_at_end(pair: Pair, given: Material) -> Iterator[Pair]:
    yield Pair(pair.source, pair.target + " ")


@way("word doubled")
def word_doubled(pair: Pair, given: Material) -> Iterator[Pair]:
    def twice(match: re.Match[str]) -> str:
        return f"{match[0]} {match[0]}"

    pattern = r"(?<= )[a-zà-ÿ]{3,}(?= )"
    yield Pair(pair.source, substitute(pattern, pair.target, given.chance, twice))


@way("small letter at the start")
def small_start(pair: Pair, given: Material) -> Iterator[Pair]:
    if (
        _is_text(pair, 4)
        and pair.source.endswith(".")
        and re.match(r"[A-ZÀ-Þ][a-zà-ÿ]", pair.target)
    ):
        yield Pair(pair.source, pair.target[0].lower() + pair.target[1:])


@way("encoding broken")
def mojibake(pair: Pair, given: Material) -> Iterator[Pair]:
    try:
        yield Pair(pair.source, pair.target.encode("utf-8").decode("cp1252"))
    except UnicodeDecodeError:
        return


@way("Chinese word slipped in")
def chinese(pair: Pair, given: Material) -> Iterator[Pair]:
    pattern = r"(?<= )[a-zà-ÿ]{5,}(?= )"
    yield Pair(pair.source, substitute(pattern, pair.target, given.chance, lambda m: "重要的"))


@way("percent became points")
def percent_points(pair: Pair, given: Material) -> Iterator[Pair]:
    new = {"en": "percentage points", "fr": "points de pourcentage", "es": "puntos porcentuales"}
    pattern = r"(?<=\d)(?:\s?%| percent| pour cent| por ciento)"
    if re.search(r"\d\s?(?:%|Prozent\b)", pair.source):
        words = f" {new[given.language]}"
        yield Pair(pair.source, re.sub(pattern, words, pair.target, count=1))


def _both(pair: Pair, german: str, wrong: str) -> Iterator[Pair]:
    """Add a German phrase to the source, and a wrong translation of it to the target."""
    yield from _added(pair, german, wrong)


@way("number word changed")
def number_word(pair: Pair, given: Material) -> Iterator[Pair]:
    wrong = {"en": "seventy guests", "fr": "soixante-dix invités", "es": "setenta invitados"}
    yield from _both(pair, "siebzehn Gäste", wrong[given.language])


@way("currency changed")
def currency(pair: Pair, given: Material) -> Iterator[Pair]:
    wrong = {"en": "40 dollars", "fr": "40 dollars", "es": "40 dólares"}
    yield from _both(pair, "40 Euro", wrong[given.language])


@way("time of day changed")
def time_of_day(pair: Pair, given: Material) -> Iterator[Pair]:
    wrong = {"en": "at 6:20 a.m.", "fr": "à 6 h 20 du matin", "es": "a las 6:20 de la mañana"}
    yield from _both(pair, "um 18.20 Uhr", wrong[given.language])


@way("day and month exchanged")
def day_and_month(pair: Pair, given: Material) -> Iterator[Pair]:
    wrong = {"en": "2 September 2023", "fr": "2 septembre 2023", "es": "2 de septiembre de 2023"}
    yield from _both(pair, "9.2.2023", wrong[given.language])


@way("range reversed")
def range_reversed(pair: Pair, given: Material) -> Iterator[Pair]:
    word = {"en": "to", "fr": "à", "es": "a"}[given.language]
    yield from _both(pair, "1871 bis 1918", f"1918 {word} 1871")


@way("plural category of another language")
def plural_category(pair: Pair, given: Material) -> Iterator[Pair]:
    german = "{n, plural, one {#} other {#}}"
    yield from _both(pair, german, "{n, plural, one {#} few {#} other {#}}")


@way("placeholders changed places")
def placeholders_swapped(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _both(pair, "%s: %d", "%d: %s")


@way("invisible character")
def invisible(pair: Pair, given: Material) -> Iterator[Pair]:
    new = substitute(r"(?<=[a-z]) (?=[a-z])", pair.target, given.chance, lambda m: " \u200b")
    yield Pair(pair.source, new)


@way("German noun left")
def noun_left(pair: Pair, given: Material) -> Iterator[Pair]:
    article = {"en": "the", "fr": "cette", "es": "la"}[given.language]
    yield from _both(pair, "die Entscheidung", f"{article} Entscheidung")


@way("prefix un- lost")
def prefix_lost(pair: Pair, given: Material) -> Iterator[Pair]:
    negated = re.search(
        r"\b(?:not|no|never|n[’']t|ne|pas|jamais|nunca|ni|sin|sans|without)\b", pair.target
    )
    wrong = {"en": "it is possible", "fr": "c’est possible", "es": "es posible"}
    if not negated:
        yield from _both(pair, "es ist unmöglich", wrong[given.language])


@way("link target changed")
def link_target(pair: Pair, given: Material) -> Iterator[Pair]:
    yield from _both(pair, "[mehr](teil-a.md)", "[+](teil-b.md)")
