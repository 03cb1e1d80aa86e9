"""Decide whether a full stop ends a sentence, abbreviation, ordinal or initial."""

from __future__ import annotations

import re

from pipeline.lang.german.abbreviations import (
    AFTER_ORDINAL,
    BEFORE_CARDINAL,
    BEFORE_EITHER,
    BEFORE_NUMBER,
    BEFORE_ORDINAL,
    MAYBE_FINAL,
    MONTHS,
    NAME_PARTICLES,
    NEVER_FINAL,
    OFTEN_FINAL,
    STARTERS,
    UNITS,
)

_REACH = 40
_KNOWN = NEVER_FINAL | MAYBE_FINAL | OFTEN_FINAL
_BREAKS = frozenset(" \t\xa0\u2009\u202f([{„“”\"»«›‹‚‘’'/–—-")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_MARKER = re.compile(r"\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[IVXLC]{1,6}")
_ROMAN = re.compile(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_SPACED = re.compile(r"(?:[^\W\d_]{1,3}\.\s?){1,4}[^\W\d_]{1,3}\Z")
_DOTTED = re.compile(r"[^\W\d_]{1,3}(?:\.[^\W\d_]{1,3})+")
_VOWEL = re.compile(r"[aeiouyäöüé]", re.IGNORECASE)
_SHORT_WORDS = frozenset({"Pkw", "Lkw", "Kfz", "Nkw", "Psst", "Pst", "Brr", "Hm", "Hmm", "Tschh"})
_ORDINAL_TAIL = ("jahrhundert", "jahrhunderts", "jubiläum", "spieltag", "periode", "auflage")
_ARTICLES = BEFORE_ORDINAL - BEFORE_EITHER
_LARGE = re.compile(r"\d{4}|\d{1,3}(?:\.\d{3})+")


def word_before(text: str, low: int, at: int) -> tuple[str, int]:
    """Return the word that ends at `at` and its start, which is not below `low`."""
    start, low = at, max(low, at - _REACH)
    while start > low and (
        text[start - 1] not in _BREAKS
        or (text[start - 1] in "'’" and start - 1 > low and text[start - 2].isalnum())
    ):
        start -= 1
    return text[start:at], start


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
    closed = end - at > 1
    if not closed and _is_marker(text, low, start, word, following):
        return False
    before = _previous(text, low, start)
    if _NUMBER.fullmatch(word):
        if _is_counted(text, low, start, end, word, before):
            return False
        return closed or _after_number(word, before, opened, following, text[place : place + 4])
    return _after_word(text[max(low, start - 12) : at], word, before, following)


def _is_marker(text: str, low: int, start: int, word: str, following: str) -> bool:
    """Return whether the word is the whole line so far: "1.", "2.3.", "A.", "IV."."""
    if start - low > 8 or text[low:start].strip(" \t\xa0„\"»«'‚•-–—*"):
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


def _previous(text: str, low: int, start: int) -> str:
    """Return the word before the word at `start`, or the dash that joins them."""
    if start > low and text[start - 1] in "-–—/":
        # "13.-17. Platz" continues the sentence, "3-2." and "USB-C." do not.
        return text[start - 2 : start] if text[start - 2].isalnum() else "und"
    stop = start
    while stop > low and text[stop - 1].isspace() and start - stop < 4:
        stop -= 1
    return word_before(text, low, stop)[0] or text[max(low, stop - 1) : stop]


def _after_number(word: str, before: str, opened: str, following: str, ahead: str) -> bool:
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
    if following in STARTERS or word == "0":
        return True
    if not word.isdigit() or len(word) > 3:
        # "der 10.000. Besucher"
        return not _LARGE.fullmatch(word) or before not in _ARTICLES
    if before in BEFORE_CARDINAL:
        return True
    if before in BEFORE_ORDINAL or before in ("–", "—", "-", "/"):
        return before in BEFORE_EITHER and len(word) == 3
    if following in AFTER_ORDINAL or following.lower().endswith(_ORDINAL_TAIL):
        return False
    if re.fullmatch(r"\d{1,3}\.", before):
        return False
    # "Deutschlands 3. Programm"
    return not (before[:1].isupper() and before.endswith("s") and len(before) > 3 and following)


def _after_word(tail: str, word: str, before: str, following: str) -> bool:
    starts = following in STARTERS
    if word in BEFORE_NUMBER and (following[:1].isdigit() or _is_roman(following)):
        return False
    word = _known_form(tail, word, before)
    if word in UNITS and before[:1].isdigit():
        return True
    if word in OFTEN_FINAL:
        return word not in ("f", "ff") or before[-1:].isdigit() or starts
    if word in NEVER_FINAL:
        return False
    if word in MAYBE_FINAL or (word.endswith("str") and len(word) > 4):
        return starts
    if len(word) == 1:
        return _after_letter(word, before, following)
    if _is_roman(word):
        return starts or before in BEFORE_CARDINAL
    if _DOTTED.fullmatch(word):
        return starts
    if len(word) <= 5 and word[1:].islower() and word not in _SHORT_WORDS:
        return bool(_VOWEL.search(word)) or starts
    return True


def _known_form(tail: str, word: str, before: str) -> str:
    """Return a word as it is listed: "z. B." joined, the first letter in lower case."""
    if len(word) <= 3 and (spaced := _SPACED.search(tail)):
        joined = "".join(spaced[0].split())
        for name in (joined, *(joined[i + 1 :] for i, c in enumerate(joined) if c == ".")):
            if name in _KNOWN:
                word = name
                break
    if not before.strip() and word not in _KNOWN:
        # "Lat. Namen" at the start of a sentence is "lat." elsewhere.
        word = word[:1].lower() + word[1:]
    return word


def _after_letter(word: str, before: str, following: str) -> bool:
    starts = following in STARTERS
    if not word.isalpha():
        return True
    if word.islower():
        return starts and before[:1].isdigit()
    if before[-1:] == "-" and (before[0].isupper() or before[0].isdigit()):
        return True
    if before in BEFORE_CARDINAL and before[-1] != ".":
        return True
    return starts and following not in NAME_PARTICLES


def _is_roman(word: str) -> bool:
    return bool(word) and bool(_ROMAN.fullmatch(word))
