"""Negations that may be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup
from pipeline.core import Severity

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
_ROOT = 5


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Find a German negation without an explicit negation in the translation.

    It is information only if a word of the translation has a negative meaning.
    """
    language = context.base
    if language not in _EXPLICIT or _GERMAN.isdisjoint(lowered(source)):
        return
    negations = sum(w in _GERMAN for w in lowered(source))
    text = strip_markup(target)
    if negations <= len(_IDIOM.findall(source)) or _EXPLICIT[language].search(text):
        return
    if _MEANING[language].search(text) or any(_is_negated(w, language) for w in lowered(target)):
        yield Problem("The German has a negation; the translation may have none", Severity.INFO)
    else:
        yield Problem("The German has a negation; the translation has none")


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the source is a negation."""
    return not is_target and not _GERMAN.isdisjoint(lowered(piece))


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
    ),
    right=(
        ("en", "Der Minister kommt nicht.", "The minister isn’t coming."),
        ("fr", "Das ist kein Geheimnis.", "Ce n’est pas un secret."),
        ("en", "Er kommt nicht nur heute.", "He comes today and tomorrow."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
