"""Inflection of target languages: agreement before a noun, plurals, verb forms.

A term can replace another noun if the articles and adjectives before it are made to agree.
Each row of a paradigm is one word in all its forms. The columns are, by language:

- French: masculine, masculine before a vowel, feminine, feminine before a vowel, masculine
  plural, feminine plural.
- Spanish: masculine, feminine, masculine plural, feminine plural.
- English: before a consonant, before a vowel.
"""

from __future__ import annotations

import re

from pipeline.lang.noun_gender import is_feminine

__all__ = [
    "agree",
    "agreement_variants",
    "inflect",
    "is_agreeing_word",
    "is_plural",
    "noun_forms",
]

_ROWS = {
    "en": """
        a an
        the the
    """,
    "fr": """
        le l' la l' les les
        un un une une des des
        du de_l' de_la de_l' des des
        au à_l' à_la à_l' aux aux
        de d' de d' de d'
        ce cet cette cette ces ces
        son son sa son ses ses
        leur leur leur leur leurs leurs
        quel quel quelle quelle quels quelles
        nouveau nouvel nouvelle nouvelle nouveaux nouvelles
        grand grand grande grande grands grandes
        petit petit petite petite petits petites
        premier premier première première premiers premières
        dernier dernier dernière dernière derniers dernières
        prochain prochain prochaine prochaine prochains prochaines
        ancien ancien ancienne ancienne anciens anciennes
    """,
    "es": """
        el la los las
        un una unos unas
        del de_la de_los de_las
        al a_la a_los a_las
        este esta estos estas
        ese esa esos esas
        su su sus sus
        nuevo nueva nuevos nuevas
        gran gran grandes grandes
        primer primera primeros primeras
        último última últimos últimas
        próximo próxima próximos próximas
    """,
}
Row = tuple[str, ...]
"""All forms of an article or adjective."""

PARADIGMS: dict[str, list[Row]] = {
    language: [tuple(w.replace("_", " ") for w in row.split()) for row in rows.strip().split("\n")]
    for language, rows in _ROWS.items()
}
_WORDS = {
    language: {word for row in rows for form in row for word in form.split()}
    for language, rows in PARADIGMS.items()
}
_PLURAL_COLUMN = {"fr": 4, "es": 2}
"""The first plural column of a paradigm."""

_PLURAL_ENDING = {"en": re.compile(r"(?<![sui])s$"), "fr": re.compile("[sx]$")}

_VOWEL = re.compile(r"[aeiouyhàâäéèêëîïôöùûüœæ]", re.IGNORECASE)
_MAX_WORDS = 3


def agreement_variants(before: str, term: str, language: str) -> list[str]:
    """Return the text before a term, then with its last words inflected in other ways.

    At most three articles and adjectives take the forms that a noun of another gender, number
    or initial sound needs: `un nouveau` for `une nouvelle`.
    """
    texts = [before]
    rows, unchanged = _inflectable(before, PARADIGMS.get(language, []))
    if not rows:
        return texts
    for column in range(len(rows[0])):
        if _fits_sound(column, term, language):
            texts.append(_join(before, unchanged, [row[column] for row in rows]))
    return list(dict.fromkeys(texts))


def agree(before: str, term: str, language: str, *, plural: bool) -> str:
    """Return the text before a noun with its last articles and adjectives made to agree.

    The gender of the noun follows from its ending, which is right for most nouns.
    """
    rows, unchanged = _inflectable(before, PARADIGMS.get(language, []))
    if not rows:
        return before
    vowel = bool(_VOWEL.match(term)) and term[0] not in "yY"
    feminine = is_feminine(term, language)
    if language == "en":
        column = int(vowel and term[0] not in "hH")
    elif language == "fr":
        column = 4 + feminine if plural else 2 * feminine + vowel
    else:
        column = 2 * plural + feminine
    return _join(before, unchanged, [row[column] for row in rows])


def is_plural(before: str, noun: str, language: str) -> bool:
    """Return whether a noun is plural, by the article before it, else by its ending."""
    rows, unchanged = _inflectable(before, PARADIGMS.get(language, []))
    if rows and language in _PLURAL_COLUMN:
        first = _PLURAL_COLUMN[language]
        article = before[len(unchanged) :].strip().split(" ")[0].replace("’", "'").lower()
        singular, plural = article in rows[0][:first], article in rows[0][first:]
        if singular != plural:
            return plural
    return bool(_PLURAL_ENDING.get(language, _PLURAL_ENDING["en"]).search(noun))


def is_agreeing_word(word: str, language: str) -> bool:
    """Return whether a word is an article or adjective that agrees with a noun."""
    return word.replace("’", "'").lower() in _WORDS.get(language, ())


def noun_forms(term: str, language: str) -> list[str]:
    """Return a term and, in English, French and Spanish, its likely plural."""
    if language not in PARADIGMS or not term[-1:].isalpha() or term.isupper():
        return [term]
    if language == "en":
        return [term, _english_plural(term)]
    words = term.split(" ")
    first = words[0]
    if language == "es":
        plural = first + ("s" if first[-1] in "aeioué" else "es")
    elif first[-1] in "sxz":
        plural = first
    elif first.endswith("al"):
        plural = f"{first[:-2]}aux"
    else:
        plural = first + ("x" if first.endswith(("eau", "eu")) else "s")
    return list(dict.fromkeys([term, " ".join([plural, *words[1:]])]))


def inflect(word: str, language: str) -> list[str]:
    """Return the likely forms of a noun and, in English, of a verb."""
    result = noun_forms(word, language)
    if language == "en" and word.isalpha() and word.islower():
        stem = word.removesuffix("e")
        past = f"{word[:-1]}ied" if re.search(r"[^aeiou]y$", word) else f"{stem}ed"
        result += [past, f"{stem}ing"]
    return list(dict.fromkeys(result))


def _english_plural(term: str) -> str:
    if re.search(r"[^aeiou]y$", term):
        return f"{term[:-1]}ies"
    return term + ("es" if re.search(r"(s|x|z|ch|sh)$", term) else "s")


def _fits_sound(column: int, term: str, language: str) -> bool:
    """Return whether the forms of a column fit the initial sound of a term."""
    vowel = bool(_VOWEL.match(term))
    if language == "en":
        return column == int(vowel and term[0] not in "hyHY") or term[0] in "hyuHYU"
    if language == "fr" and column < 4:
        either = term[0] in "hyHY"
        return either or vowel == bool(column % 2)
    return True


def _inflectable(before: str, rows: list[Row]) -> tuple[list[Row], str]:
    """Return the paradigms of the last words of a text, and the text before them."""
    paradigms: list[Row] = []
    rest = before
    for _ in range(_MAX_WORDS):
        best: tuple[str, Row] | None = None
        for row in rows:
            for word in row:
                if _ends(rest, word) and (best is None or len(word) > len(best[0])):
                    best = word, row
        if best is None:
            break
        paradigms.insert(0, best[1])
        rest = rest[: len(rest) - len(best[0])].rstrip(" ")
    return paradigms, rest


def _ends(text: str, word: str) -> bool:
    """Return whether a text ends with a whole word, ignoring case."""
    tail = text[-len(word) :].replace("’", "'").lower()
    before = text[-len(word) - 1 : -len(word)]
    return tail == word and not (before.isalnum() or (before in "'’" and before != ""))


def _join(before: str, unchanged: str, words: list[str]) -> str:
    """Return `before` with its words after `unchanged` replaced, in the same case and spacing."""
    replaced = before[len(unchanged) :]
    start = replaced.lstrip()
    text = unchanged + replaced[: len(replaced) - len(start)]
    for number, word in enumerate(words):
        glue = "" if number == 0 or text.endswith("'") else " "
        is_capital = number == 0 and start[:1].isupper()
        text += glue + (word[0].upper() + word[1:] if is_capital else word)
    return text
