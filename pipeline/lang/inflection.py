"""Words before a noun that agree with it, so that a term can be put in another's place.

Each row is one word in all its forms; the columns of a language are the same for all rows.
French: masculine, the same before a vowel, feminine, before a vowel, both plurals. Spanish:
masculine, feminine, both plurals. English: before a consonant, before a vowel.
"""

from __future__ import annotations

import re

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
PARADIGMS: dict[str, list[Row]] = {
    language: [tuple(w.replace("_", " ") for w in row.split()) for row in rows.strip().split("\n")]
    for language, rows in _ROWS.items()
}  # fmt: skip
_WORDS = {
    language: {word for row in rows for form in row for word in form.split()}
    for language, rows in PARADIGMS.items()
}
_VOWEL = re.compile(r"[aeiouyhàâäéèêëîïôöùûüœæ]", re.IGNORECASE)
_AGREEING = 3


def variants(before: str, term: str, language: str) -> list[str]:
    """Ways to write the text `before` a term, as it stands first.

    The others give the articles and adjectives at its end (three words at most) the forms
    that a noun of another gender, number or sound may need: `un nouveau` for `une nouvelle`.
    """
    texts = [before]
    rows, kept = _agreeing(before, PARADIGMS.get(language, []))
    if not rows:
        return texts
    for column in range(len(rows[0])):
        if _sounds_right(column, term, language):
            texts.append(_joined(kept, [row[column] for row in rows]))
    return list(dict.fromkeys(texts))


def agrees(word: str, language: str) -> bool:
    """Whether a word is one of those that stand before a noun and agree with it."""
    return word.replace("’", "'").lower() in _WORDS.get(language, ())


def forms(term: str, language: str) -> list[str]:
    """A term as it stands and, in English, French and Spanish, its likely plural."""
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
    """A word in its likely forms: as `forms` gives them and, in English, those of a verb."""
    found = forms(word, language)
    if language == "en" and word.isalpha() and word.islower():
        stem = word.removesuffix("e")
        past = f"{word[:-1]}ied" if re.search(r"[^aeiou]y$", word) else f"{stem}ed"
        found += [past, f"{stem}ing"]
    return list(dict.fromkeys(found))


def _english_plural(term: str) -> str:
    if re.search(r"[^aeiou]y$", term):
        return f"{term[:-1]}ies"
    return term + ("es" if re.search(r"(s|x|z|ch|sh)$", term) else "s")


def _sounds_right(column: int, term: str, language: str) -> bool:
    """Whether a column goes with the sound that a term begins with."""
    vowel = bool(_VOWEL.match(term))
    if language == "en":
        return column == int(vowel and term[0] not in "hyHY") or term[0] in "hyuHYU"
    if language == "fr" and column < 4:
        either = term[0] in "hyHY"
        return either or vowel == bool(column % 2)
    return True


def _agreeing(before: str, rows: list[Row]) -> tuple[list[Row], str]:
    """The paradigms of the words at the end of a text, and the text before them."""
    found: list[Row] = []
    rest = before
    for _ in range(_AGREEING):
        best: tuple[str, Row] | None = None
        for row in rows:
            for word in row:
                if _ends(rest, word) and (best is None or len(word) > len(best[0])):
                    best = word, row
        if best is None:
            break
        found.insert(0, best[1])
        rest = rest[: len(rest) - len(best[0])].rstrip(" ")
    return found, rest


def _ends(text: str, word: str) -> bool:
    """Whether a text ends with a word, whole and in any case."""
    tail = text[-len(word) :].replace("’", "'").lower()
    before = text[-len(word) - 1 : -len(word)]
    return tail == word and not (before.isalnum() or (before in "'’" and before != ""))


def _joined(kept: str, words: list[str]) -> str:
    text = kept
    for number, word in enumerate(words):
        glue = "" if not text or text.endswith("'") else " "
        shown = word[0].upper() + word[1:] if not text and number == 0 else word
        text += glue + shown
    return text
