"""Decide whether a full stop ends a sentence, abbreviation, ordinal or initial.

Listed words decide first (`abbreviations`), then the words on either side, then the shape of the
word (`shortened_words`). A comment names the class of boundaries that a rule is for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lang.german.abbreviations import (
    AFTER_ORDINAL,
    ALSO_NOUNS,
    ALSO_WORDS,
    BEFORE_CARDINAL,
    BEFORE_EITHER,
    BEFORE_NUMBER,
    BEFORE_ORDINAL,
    COMPANY_FORMS,
    CONTRACTIONS,
    CURRENCIES,
    INDEFINITE,
    MAYBE_FINAL,
    MONTHS,
    NAME_PARTICLES,
    NEVER_FINAL,
    NUMERALS,
    OFTEN_FINAL,
    STARTERS,
    STRONG_STARTERS,
    TITLES,
    UNITS,
)
from pipeline.lang.german.shortened_words import KNOWN, is_listed, is_shortened
from pipeline.lang.lemmatizer import is_known, is_spelled, lemmatize

_REACH = 40
_MIN_COMPOUND = 8  # letters of a noun that is hardly a name
_BREAKS = frozenset(" \t([{„“”\"»«›‹‚‘’'/–—-€$£*")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_MARKER = re.compile(r"\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[IVXLC]{1,6}")
# Class: numbered headings ("Kapitel 3.2. Methoden").
_HEADING = re.compile(r"\s*(?:Kapitel|Abschnitt|Artikel|Teil|Anhang|Anlage|Titel|Paragraf) ")
_ROMAN = re.compile(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_SPACED = re.compile(r"(?:[^\W\d_]{1,3}\.\s?){1,4}[^\W\d_]{1,3}\Z")
_DOTTED = re.compile(r"[^\W\d_]{1,3}(?:\.[^\W\d_]{1,3})+")
_ORDINAL_TAIL = ("jahrhundert", "jahrhunderts", "jubiläum", "spieltag", "periode", "auflage")
_CARDINAL_TAILS = tuple(word.lower() for word in BEFORE_CARDINAL if len(word) > 4)
_ARTICLES = BEFORE_ORDINAL - BEFORE_EITHER
_LARGE = re.compile(r"\d{4}|\d{1,3}(?:\.\d{3})+")
_DATE = re.compile(r"[0-3]?\d\.(?:[01]?\d\.?)?(?:\d{2,4})?|[0-3]?\d")
_DAY_AND_MONTH = re.compile(r"[0-3]?\d\.[01]?\d")
_LAW = re.compile(r"[A-ZÄÖÜ]\w*[A-ZÄÖÜ]\w*")
_CITATION = re.compile(r"§|\b(?:Art(?:ikel|\.)|Nr\.|Rn\.|Rdn)", re.IGNORECASE)
_GAZETTE = re.compile(r"[A-Z]\w*(?:Bl|Anz)")
_UNIT_PER_UNIT = re.compile(r"[\d€$£]\s?[^\W\d]{0,4}/[^\W\d]{1,4}\Z")
_SITE = re.compile(r"(?:[\w-]+\.)+(?:de|com|org|net|at|ch|eu|info|example)")
_PATH = re.compile(r"\w\.[a-z]{2,7}/\S*\Z")
_LIST_AND = re.compile(r",[^,]+&\s?Co\Z")
_SCORE = re.compile(r"\d(?:\s?zu\s?|:)\d{1,3}\Z")
_CARDINALS = re.compile(r"\d (?:und|oder|bis) \d{1,3}\Z")
_SERIES = re.compile(r"\d\.\s?(?:und|oder|bis|sowie|bzw\.|u\.|/|–|-)\s?\d{1,3}\Z")


def word_before(text: str, low: int, at: int) -> tuple[str, int]:
    """Return the word that ends at `at` and its start, which is not below `low`."""
    start, low = at, max(low, at - _REACH)
    word = text[low:at].rpartition(" ")[2]
    if word.isalpha():
        return word, at - len(word)
    while start > low and (
        text[start - 1] not in _BREAKS
        or (text[start - 1] in "'’" and start - 1 > low and text[start - 2].isalnum())
    ):
        start -= 1
    return text[start:at], start


def is_marker(text: str, low: int, at: int) -> bool:
    """Return whether the word before `at` may be a list marker: "1", "2.3", "A", "IV"."""
    return bool(_MARKER.fullmatch(word_before(text, low, at)[0]))


def ends_sentence(
    text: str, low: int, at: int, end: int, opened: str, following: str, place: int
) -> bool:
    """Return whether the full stop at `at` ends the sentence that started at `low`.

    `end` is the end of the run of punctuation. `opened` are the quotes and brackets before
    the word `following`, which starts at `place` and not with a lower-case letter.
    """
    word, start = word_before(text, low, at)
    if not word:
        return True
    hyphen = text[place + len(following) : place + len(following) + 1] == "-"
    # "Ich-Erzähler" starts no sentence after an abbreviation.
    starts = following in STARTERS and not hyphen
    if starts and len(word) > 3 and word[1:].islower() and not is_listed(word) and word.isalpha():
        return True
    closed = end - at > 1
    if not closed and _is_marker(text, low, start, word):
        return False
    before = _previous(text, low, start)
    tail = text[max(low, at - 24) : at]
    if _NUMBER.fullmatch(word):
        if _is_counted(text, low, start, end, word, before):
            return False
        if not closed and _is_date_with_remark(text, word, opened, place):
            return False
        ahead = text[place : place + 4]
        return closed or _after_number(word, before, tail, following, ahead)
    if start > low + 1 and text[start - 2 : start] == ".-":
        # Class: chains of abbreviations ("Dipl.-Päd. Karl Vogt").
        return following in STARTERS
    if word in ("f", "ff") and _LAW.fullmatch(following):
        # Class: citations of law. "§§ 823 ff. BGB" names the code after the paragraphs.
        return not _CITATION.search(text, max(low, start - 40), start)
    return _after_word(tail, word, before, following, starts)


def _is_marker(text: str, low: int, start: int, word: str) -> bool:
    """Return whether the word is the whole line so far: "1.", "2.3.", "A.", "IV."."""
    if word[0].isdigit() and _HEADING.fullmatch(text, low, start):
        return True
    if start - low > 8 or text[low:start].strip(" \t\xa0„\"»«'‚•-–—*§"):
        return False
    return bool(_MARKER.fullmatch(word))


def _is_counted(text: str, low: int, start: int, end: int, word: str, before: str) -> bool:
    """Return whether a number enumerates items: "folgt: 1. Die Klage 2. Die …"."""
    if not word.isdigit() or len(word) > 2:
        return False
    number = int(word)
    last = text.rfind(f"{number - 1}. ", max(low, start - 300), start) if number > 1 else -1
    if last == low or (last > low and text[last - 1].isspace()):
        return True
    follows = before[-1:] in (":", ";", ",")
    return follows and text.find(f" {number + 1}. ", end, end + 600) > 0


def _is_date_with_remark(text: str, word: str, opened: str, place: int) -> bool:
    """Return whether a date is followed by a remark in brackets: "am 7.5. (Mittwoch)".

    Class: dates before brackets. A bracket that contains a sentence has its own end mark.
    """
    if opened[:1] not in ("(", "[") or not _DATE.fullmatch(word):
        return False
    close = text.find(")" if opened[0] == "(" else "]", place, place + 80)
    if close < 0 or text[close - 1] not in ".!?…":
        return True
    return text[close - 1] == "." and is_listed(word_before(text, place, close - 1)[0])


def _previous(text: str, low: int, start: int) -> str:
    """Return the word before the word at `start`, or the dash that joins them."""
    if start > low and text[start - 1] in "-–—/":
        if text[start - 1] == "-" and text[start - 2 : start - 1].isspace():
            return "="  # a negative number: "auf -3. Es schneite."
        # "13.-17. Platz" continues the sentence, "3-2." and "USB-C." do not.
        return text[start - 2 : start] if text[start - 2].isalnum() else "und"
    stop = start
    while stop > low and text[stop - 1].isspace() and start - stop < 4:
        stop -= 1
    return word_before(text, low, stop)[0] or text[max(low, stop - 1) : stop]


def _after_number(word: str, before: str, tail: str, following: str, ahead: str) -> bool:
    if following in MONTHS:
        return False
    if following[:1].isdigit():
        if re.fullmatch(r"\d{1,2}\.?", before) and before.endswith("."):
            return False
        return (
            not word.isdigit()
            or len(word) > 2
            or (before not in BEFORE_ORDINAL and not re.match(r"\d{1,2}\.", ahead))
        )
    if following in STARTERS or word == "0" or _is_adverb(following):
        return True
    if _DAY_AND_MONTH.fullmatch(word) and following in AFTER_ORDINAL:
        return False  # "am 29.2. Geburtstag"
    if not word.isdigit() or len(word) > 3:
        # "der 10.000. Besucher"
        return not _LARGE.fullmatch(word) or before not in _ARTICLES
    if _takes_cardinal(before) or _SCORE.search(tail) or _CARDINALS.search(tail):
        return True
    takes_ordinal = following in AFTER_ORDINAL or following.lower().endswith(_ORDINAL_TAIL)
    if before in BEFORE_ORDINAL or before in ("–", "—", "-", "/"):
        if before in BEFORE_EITHER and len(word) == 3:
            return True
        return not takes_ordinal and _follows_cardinal(before, tail, following)
    if takes_ordinal or re.fullmatch(r"\d{1,3}\.", before):
        return False
    # "Deutschlands 3. Programm"
    return not (before[:1].isupper() and before.endswith("s") and len(before) > 3 and following)


def _takes_cardinal(before: str) -> bool:
    """Return whether a word names a number: "Platz 3", "Blutgruppe B", "Tabellenplatz 4"."""
    if before in BEFORE_CARDINAL:
        return True
    lowered = before.lower()
    return before[:1].isupper() and any(
        lowered.endswith(tail) and len(lowered) > len(tail) + 2 for tail in _CARDINAL_TAILS
    )


def _follows_cardinal(before: str, tail: str, following: str) -> bool:
    """Return whether a number after a preposition without article is a cardinal one.

    Class: numbers at a sentence end ("sank auf 9. Fischer klagen"). No ordinal precedes a
    plural noun unless an article or an ordinal comes first, and none precedes a number word.
    """
    if before not in BEFORE_EITHER | CONTRACTIONS | INDEFINITE or _SERIES.search(tail):
        return False
    # "ein 2. Fahrer" is an ordinal: agents have the same form in singular and plural.
    is_agent = following.endswith("er") and before in INDEFINITE and before.lower() != "eine"
    return following in NUMERALS or (_is_plural(following) and not is_agent)


@lru_cache(1 << 12)
def _is_adverb(word: str) -> bool:
    """Return whether a word is neither a noun nor an inflected adjective: "Trotz", "Erlaubt"."""
    lowered = word.lower()
    if not word[1:].islower() or is_spelled(word, lang="de"):
        return False
    inflected = word.endswith(("e", "en", "er", "es", "em"))
    return is_spelled(lowered, lang="de") and not (
        inflected and lemmatize(lowered, "de") != lowered
    )


@lru_cache(1 << 12)
def _is_plural(word: str) -> bool:
    """Return whether a word may be a noun in the plural, without its genitive singular.

    Nominalized adjectives ("Ältere") and agents derived from verbs ("Fischer") count.
    """
    if not word[:1].isupper() or word.isupper():
        return False
    if word.endswith(("leute", "eltern", "ler", "ner")) or word == "Eltern":
        return True
    base = lemmatize(word, lang="de") if is_known(word, lang="de") else word
    if base == word:
        return word.endswith("er") and is_known(word[:-2].lower() + "en", lang="de")
    return word.endswith("e") if base.islower() else word not in (base + "s", base + "es")


def _after_word(tail: str, word: str, before: str, following: str, starts: bool) -> bool:
    """Return whether a full stop after a word that is no number ends the sentence."""
    numbered = following[:1].isdigit() or _is_roman(following)
    if numbered and _takes_number(word, following):
        return False
    if _is_whole_word(tail, word, before, following):
        return True
    if word in ALSO_WORDS and not numbered:
        # Class: short words that are also abbreviations.
        is_counted = before[-1:].isdigit() or before[-2:-1].isdigit()
        return starts if not before.strip() or is_counted else True
    determined = before in _ARTICLES or before in CONTRACTIONS
    if word in ALSO_NOUNS and determined:
        return True
    word = _known_form(tail, word, before, determined)
    if word in UNITS and before[-1:].isdigit():
        return True
    if word in CURRENCIES and before[-1:].isdigit():
        return starts
    if word in OFTEN_FINAL:
        return word not in ("f", "ff") or before[-1:].isdigit() or starts
    if word in NEVER_FINAL:
        return starts and following in STRONG_STARTERS
    if len(word) == 1 and word not in MAYBE_FINAL:
        return _after_letter(word, before, following)
    if _is_roman(word):
        return starts or _takes_cardinal(before)
    return starts or not (
        word in MAYBE_FINAL
        or _DOTTED.fullmatch(word)
        or _GAZETTE.fullmatch(word)
        or is_shortened(
            word, determined or before[-1:].isdigit() or _is_long_before(following, word)
        )
    )


def _is_long_before(following: str, word: str) -> bool:
    """Return whether a word is longer than most names, and a number follows: "Mindestbest. 20"."""
    return following[:1].isdigit() and len(word) >= _MIN_COMPOUND


def _takes_number(word: str, following: str) -> bool:
    """Return whether an abbreviation comes before a number: "Abs. 2", "UAbs. 2", "Zi. 12".

    Class: numbered parts. Short words that no dictionary has are abbreviations, too.
    """
    if word in BEFORE_NUMBER or word[-3:].lower() in ("abs", "rnr", "dnr") or word[-2:] == "Bl":
        return True
    short = following[0].isdigit() and len(word) <= 4 and word[:1].isupper() and word.isalpha()
    return short and not word.isupper() and not is_known(word, lang="de")


def _is_whole_word(tail: str, word: str, before: str, following: str) -> bool:
    """Return whether a word that looks like an abbreviation is none where it is.

    Classes: units after a slash ("50 km/h", "3,50 €/kg") or a degree sign, names of sites,
    names after titles ("Dr. No"), letters of paragraphs ("§ 5 a"), lists ("Aldi, Lidl & Co.").
    """
    if "/" in tail and (_UNIT_PER_UNIT.search(tail) or _PATH.search(tail)):
        return True
    if "." in word:
        return bool(_SITE.fullmatch(word))
    if before.endswith("°") or before == "Grad":
        return word in ("C", "F", "K")
    if before[-1:] == "." and before[:-1] in TITLES:
        return word[:1].isupper() and len(word) > 1 and word not in TITLES and word != "Dipl"
    if before[-1:].isdigit():
        # House numbers ("12 b") and letters of paragraphs, but not "12 m. Anlauf".
        is_letter = word in ("a", "b", "c", "d", "e") or bool(_CITATION.search(tail))
        return len(word) == 1 < len(following) and word.islower() and is_letter
    return before == "&" and bool(_LIST_AND.search(tail)) and following not in COMPANY_FORMS


def _known_form(tail: str, word: str, before: str, determined: bool) -> str:
    """Return a word as it is listed: "z. B." joined, the first letter in lower case."""
    if len(word) <= 3 and (spaced := _SPACED.search(tail[-12:])):
        joined = "".join(spaced[0].split())
        for name in (joined, *(joined[i + 1 :] for i, c in enumerate(joined) if c == ".")):
            if name in KNOWN:
                word = name
                break
    if word in KNOWN:
        return word
    lowered = word[:1].lower() + word[1:]
    in_name = len(word) > 2 and lowered in NEVER_FINAL
    if not before.strip() or (in_name and (determined or not is_known(word, lang="de"))):
        # "Lat. Namen" at the start of a sentence, or in a name, is "lat." elsewhere.
        return lowered
    return word


def _after_letter(word: str, before: str, following: str) -> bool:
    starts = following in STARTERS
    if not word.isalpha():
        return True
    if word.islower():
        return starts and before[:1].isdigit()
    if before[-1:] == "-" and (before[0].isupper() or before[0].isdigit()):
        return True
    if before[-1:] != "." and _takes_cardinal(before):
        return True
    return starts and following not in NAME_PARTICLES


def _is_roman(word: str) -> bool:
    return bool(word) and bool(_ROMAN.fullmatch(word))
