"""Negations that may be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup
from pipeline.core import Severity, shorten

_GERMAN = frozenset(
    ("nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "niemand", "niemanden",
     "niemandem", "nichts", "nie", "niemals", "weder", "nirgends", "keinesfalls", "keineswegs")
)  # fmt: skip
# German idioms that other languages express without a negation.
_IDIOM = re.compile(
    r"\b(?:nicht (?:nur|zuletzt|allein|umsonst|minder|ohne|selten|unerheblich|mehr als)|noch nie"
    r"|nichts anderes|nach wie vor nicht|wenn nicht)\b",
    re.IGNORECASE,
)
# Two negations that other languages express by none: nicht unmöglich, kein Misserfolg.
_DOUBLE = re.compile(
    r"\b(?:nicht|keine?[nmrs]?|nie) (?:\w+ )?(?:un(?!d\b|s\b|ter)|miss|in(?:kompet|toler|stabil))"
    r"\w{3,}"
    r"|\b(?:nicht|nie|keine?[nmrs]?) ohne\b",
    re.IGNORECASE,
)
# Measures that are denied in German and stated elsewhere: nicht lange, soon.
_LITOTES = re.compile(
    r"\bnicht (?:so |sehr |allzu |mehr )?(?:lange?|weit|schlecht|wenige?[nmrs]?|viele?[nmrs]?"
    r"|übel|oft)\b",
    re.IGNORECASE,
)
# German adjectives with un-, and what states the contrary in English, French and Spanish.
_CONTRARY = {
    "zufrieden": (
        "satisfied content happy pleased", "satisfaite?s?|contente?s?", "satisfech[oa]s?"
    ),
    "möglich": ("possible", "possibles?", "posibles?"),
    "bekannt": ("known", "connue?s?", "conocid[oa]s?"),
    "sicher": ("safe certain sure secure", "sûre?s?|certaine?s?", "segur[oa]s?"),
    "gültig": ("valid", "valides?|valables?", "válid[oa]s?"),
    "vollständig": ("complete", "complète?s?|complets?", "complet[oa]s?"),
    "wichtig": ("important", "importante?s?", "importantes?"),
    "klar": ("clear", "claire?s?", "clar[oa]s?"),
    "nötig": ("necessary needed", "nécessaires?", "necesari[oa]s?"),
    "begrenzt": ("limited", "limitée?s?", "limitad[oa]s?"),
    "gesund": ("healthy", "saine?s?", "san[oa]s?|saludables?"),
    "fähig": ("able capable", "capables?", "capaces|capaz"),
    "glücklich": ("happy lucky", "heureuse?s?|heureux", "feliz|felices"),
    "gerecht": ("just fair", "justes?", "just[oa]s?"),
    "beliebt": ("popular", "populaires?", "populares?"),
    "schuldig": ("guilty", "coupables?", "culpables?"),
    "sichtbar": ("visible", "visibles?", "visibles?"),
    "verändert": ("changed", "changée?s?|modifiée?s?", "cambiad[oa]s?|modificad[oa]s?"),
    "wahrscheinlich": ("likely probable", "probables?", "probables?"),
    "zulässig": ("admissible allowed permissible", "admissibles?|autorisée?s?", "admisibles?"),
    "regelmäßig": ("regular", "régulière?s?|réguliers?", "regulares?"),
    "bezahlt": ("paid", "payée?s?", "pagad[oa]s?"),
    "gelöst": ("solved resolved", "résolue?s?", "resuelt[oa]s?"),
    "freundlich": ("friendly kind", "aimables?", "amables?"),
    "genau": ("exact precise accurate", "exacte?s?|précise?s?", "exact[oa]s?|precis[oa]s?"),
    "fair": ("fair", "équitables?", "just[oa]s?"),
    "erwartet": ("expected", "attendue?s?", "esperad[oa]s?"),
    "verständlich": ("understandable comprehensible", "compréhensibles?", "comprensibles?"),
    "beantwortet": ("answered", "répondue?s?", "respondid[oa]s?"),
    "begründet": ("justified founded", "justifiée?s?|fondée?s?", "justificad[oa]s?|fundad[oa]s?"),
}  # fmt: skip
_CONTRARY |= {word.replace("ß", "ss"): found for word, found in _CONTRARY.items()}
_UN = re.compile(rf"un({'|'.join(_CONTRARY)})(?:e[nmrs]?|heit|keit)?", re.IGNORECASE)
_POSITIVE = {
    language: {
        german: re.compile(rf"(?:{words[at].replace(' ', '|')})", re.IGNORECASE)
        for german, words in _CONTRARY.items()
    }
    for at, language in enumerate(("en", "fr", "es"))
}
_EXPLICIT = {
    "en": re.compile(
        r"\b(?:not|no|none|never|nothing|nobody|nor|neither|without|cannot|nowhere|non)\b|n['’]t\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:ne|pas|non|sans|jamais|aucune?|rien|ni|nulle?|guère)\b|\bn['’]", re.IGNORECASE
    ),
    "es": re.compile(
        r"\b(?:no|nunca|nadie|nada|ningun[oa]s?|ningún|ni|sin|tampoco|jamás)\b", re.IGNORECASE
    ),
}
# Words with a negative meaning.
_MEANING = {
    "en": re.compile(
        r"\b(?:zero|rare\w*|short|hardly|barely|scarcely|fail\w*|lack\w*|less|little|few|refus\w+|den(?:y|ies|ied|ying)"
        r"|absen\w+|exclu\w+|except\w*|rather|instead|yet|avoid\w*|prevent\w*|miss(?:ing|ed|es)?"
        r"|beyond|too|rul(?:e|ed|es|ing) out|stop\w*|ceas\w+|unless|until|only|otherwise|far from"
        r"|prohibit\w*|forb\w+|ban(?:s|ned)?|reject\w*|any\w*|but|free of|other than|remain\w*"
        r"|halt\w*|end(?:s|ed)?|wrong|false|[a-z]{3,}less)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:zéro|rares?|hors|sauf|manqu\w*|absen\w+|refus\w*|plutôt|peu|exclu\w*|interdi\w*|évit\w*"
        r"|empêch\w*|seule?s?|lieu|loin|moins|faute|défaut|cess\w*|personne|trop|non-\w+"
        r"|contraire|autre que|à part|rest\w+)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:cero|rar[oa]s?|falta\w*|poc[oa]s?|salvo|excepto|evit\w+|rechaz\w+|neg\w+|lugar|carec\w+|ausen\w+"
        r"|exclu\w*|solo|sólo|solamente|excepción|imped\w+|prohib\w*|dej\w+|menos|demasiad\w+"
        r"|lejos|contrario|sino|fuera de)\b",
        re.IGNORECASE,
    ),
}
_PREFIXES = {
    "en": ("un", "in", "im", "ir", "il", "dis", "non", "mis"),
    "fr": ("in", "im", "ir", "il", "dé", "dés", "mal", "mé"),
    "es": ("in", "im", "ir", "i", "des", "mal", "a"),
}
_ROOT = 4
_MAX_SHOWN = 40


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Find a German negation without an explicit negation in the translation.

    It is information only if a word of the translation has a negative meaning.
    """
    language = context.base
    if language not in _EXPLICIT:
        return
    words = lowered(source)
    text = strip_markup(target)
    if _EXPLICIT[language].search(text):
        return
    if _GERMAN.isdisjoint(words):
        yield from _contrary(words, target, language)
        return
    negations = [word for word in words if word in _GERMAN]
    if len(negations) <= len(_IDIOM.findall(source)) + len(_DOUBLE.findall(source)):
        return
    has_meaning = _MEANING[language].search(text) or _LITOTES.search(source)
    shown = shorten(", ".join(dict.fromkeys(negations)), _MAX_SHOWN)
    if has_meaning or any(_is_negated(w, language) for w in lowered(target)):
        message = f"The German has a negation; the translation may have none: {shown}"
        yield Problem(message, Severity.INFO)
    else:
        yield Problem(f"The German has a negation; the translation has none: {shown}")


def _contrary(words: Sequence[str], target: str, language: str) -> Iterator[Problem]:
    """Find an adjective with un- whose contrary is in the translation."""
    ours = lowered(target)
    for word in words:
        match = _UN.fullmatch(word) if word.startswith("un") else None
        if match is None:
            continue
        positive = _POSITIVE[language][match[1].lower()]
        found = next((other for other in ours if positive.fullmatch(other)), "")
        if found and not _MEANING[language].search(strip_markup(target)):
            yield Problem(f"{word!r} became {found!r}")


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the source is a negation."""
    if is_target:
        return False
    words = lowered(piece)
    return not _GERMAN.isdisjoint(words) or any(
        word.startswith("un") and _UN.fullmatch(word) for word in words
    )


def _is_negated(word: str, language: str) -> bool:
    """Return whether a word has a negative prefix: un-known, im-possible."""
    from pipeline.lang import is_known

    return any(
        word.startswith(prefix)
        and len(word) - len(prefix) >= _ROOT
        and is_known(word[len(prefix) :], lang=language)
        for prefix in _PREFIXES[language]
    )


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation has an explicit negation."""
    explicit = _EXPLICIT.get(context.base)
    return explicit is None or explicit.search(target.plain) is not None


CHECK = Check(
    id="negation",
    severity=Severity.WARNING,
    summary="The source has a negation, the translation shows none.",
    why=(
        "A lost “not” reverses the meaning, and the sentence still reads well. Languages negate in "
        "many ways (fail, without, un-): with one of these words, this is information only."
    ),
    fix="Compare the meaning with the source.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RANKING,
    wrong=(
        ("en", "Der Minister kommt nicht.", "The minister is coming."),
        ("fr", "Das ist kein Geheimnis.", "C’est un secret."),
        ("es", "Er hat nie gelogen.", "Siempre ha mentido."),
        ("en", "Sie ist unzufrieden.", "She is satisfied."),
    ),
    right=(
        ("en", "Der Minister kommt nicht.", "The minister isn’t coming."),
        ("fr", "Das ist kein Geheimnis.", "Ce n’est pas un secret."),
        ("en", "Er kommt nicht nur heute.", "He comes today and tomorrow."),
        ("fr", "Das ist nicht unmöglich.", "C’est possible."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
