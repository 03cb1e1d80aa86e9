"""A negation of the source that the translation may lack."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checking.check import Check, Context
from pipeline.checking.plain import words
from pipeline.model import Severity

_GERMAN = frozenset(
    [
        "nicht",
        "kein",
        "keine",
        "keinen",
        "keinem",
        "keiner",
        "keines",
        "niemand",
        "niemanden",
        "niemandem",
        "nichts",
        "nie",
        "niemals",
        "weder",
        "nirgends",
        "keinesfalls",
        "keineswegs",
    ]
)
# German has not only "nicht" where others say it so: nicht nur … sondern, nicht mehr, nichts als.
_NOT_ONLY = re.compile(r"\bnicht (?:nur|zuletzt|allein|umsonst|minder|ohne|selten|unerheblich)\b")
_SIGNS = {
    "en": re.compile(
        r"\b(?:not|no|none|never|nothing|nobody|nor|neither|without|cannot|nowhere|hardly|barely"
        r"|fail\w*|lack\w*|un\w{3,}|non|in(?!g|t|d|v|f|st|cl|cr)\w{4,}|im(?:p|m)\w{3,}|dis\w{4,}"
        r"|ir\w{4,}|il\w{4,}|less|little|few|refus\w+|den(?:y|ies|ied|ying)|absen\w+|exclud\w+"
        r"|except\w*|rather|instead|only|yet|remain\w*|avoid\w*|prevent\w*|miss\w*|beyond|too"
        r"|impossible|rul(?:e|ed|es|ing) out|stop\w*|ceas\w+|end\w*|until|otherwise|last|far from"
        r"|prohibit\w*|forb\w+|ban\w*|reject\w*|anything|any|but|\w+less|[a-z]+n['’]t)\b"
        r"|n['’]t\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:ne|n['’]\w|pas|non|sans|jamais|aucune?|rien|personne|ni|nulle?|in\w{4,}|im\w{4,}"
        r"|ir\w{4,}|il\w{4,}|dé\w{4,}|mé\w{4,}|hors|sauf|manqu\w*|absen\w+|refus\w*|plutôt|peu"
        r"|exclu\w*|interdi\w*|éviter|empêch\w*|seul\w*|lieu|loin|moins|faute|défaut|cess\w*)",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:no|nunca|nadie|nada|ningun\w*|ningún|ni|sin|tampoco|jamás|in\w{4,}|im\w{4,}"
        r"|ir\w{4,}|des\w{4,}|falta\w*|poco|salvo|excepto|evitar|rechaz\w+|neg\w+|imposible|lugar"
        r"|carec\w+|ausencia|exclu\w*|solo|sólo|excepción|impedir|prohib\w*|dej\w+|menos)\b",
        re.IGNORECASE,
    ),
}


def find(source: str, target: str, context: Context) -> Iterator[str]:
    """Find a German negation where no word of the translation can stand for it."""
    signs = _SIGNS.get(context.base)
    if signs is None or _GERMAN.isdisjoint(w.lower() for w in words(source)):
        return
    negations = sum(w.lower() in _GERMAN for w in words(source))
    if negations <= len(_NOT_ONLY.findall(source)) or signs.search(target):
        return
    yield "The source negates, and the translation seems not to"


CHECK = Check(
    id="negation",
    severity=Severity.INFO,
    summary="The source has a negation, the translation shows none.",
    why=(
        "A lost “not” turns the meaning round and reads well. Languages negate in many ways "
        "(fail, without, un-), so this is information, not a warning."
    ),
    fix="Compare the meaning with the source.",
    find=find,
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
