"""Lost, unpaired or German quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity

_GERMAN_ONLY = re.compile("[„‚](?=\\w)")
# »…« and ›…‹ point inwards in German and Danish alone.
_INWARD = re.compile("»(?=\\w)[^»«]*(?<=[\\w.!?,])«|›(?=\\w)[^›‹]*(?<=[\\w.!?,])‹")
_COMMAS = re.compile(",,(?=\\w)")
_MARKS = frozenset('"“”„‚«»›‹,')
_ANY = re.compile("[\"“”„«»‘‹›]|(?<!\\w)['’](?=\\w)")
# The text of a German quotation; «…» is Swiss.
_QUOTATION = re.compile(
    '„([^„“”]*)[“”]|«([^«»]*)»|»([^»«]*)«|(?<!\\w)‚([^‚‘’]*)[‘’](?!\\w)|(?<!\\w)"([^"]*)"'
)
# A quotation of four words or more, or with an end of a sentence.
_SPEECH = re.compile(r"[.!?,]$|(?:\s\S+){3}$")
_PAIRS = (("«", "»"), ("“", "”"))
_LOWER_MARK = frozenset(
    ("de", "pl", "cs", "sk", "hu", "ro", "bg", "hr", "sl", "lt", "nl", "sr", "et")
)
_INWARD_MARK = frozenset(("de", "da", "sl", "hr", "cs", "sk", "hu", "pl", "sr"))


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Find German marks, missing marks, and unpaired marks."""
    if _has_german_marks(target, context.base):
        yield Problem("German quotation marks: use those of the target language")
        return
    quotations = [next(filter(None, found), "") for found in _QUOTATION.findall(source)]
    if quotations and not _is_unbalanced(source) and not _ANY.search(target):
        # Titles and names often have no marks, or italics, or stay as they are.
        is_speech = any(_SPEECH.search(text) and text not in target for text in quotations)
        yield Problem(
            "The quotation marks of the source are missing", None if is_speech else Severity.INFO
        )
        return
    if (
        '"' in strip_markup(target)
        and strip_markup(target).count('"') % 2
        and not _is_unbalanced(source)
    ):
        yield Problem('An odd number of "')
    for opening, closing in _PAIRS:
        if target.count(opening) != target.count(closing) and not _is_unbalanced(source):
            if opening == "“" and context.base in _LOWER_MARK:
                continue
            count = target.count(opening), target.count(closing)
            yield Problem(f"{opening} and {closing} do not pair: {count[0]} and {count[1]}")
            return


def _has_german_marks(target: str, language: str) -> bool:
    """Return whether a text has quotation marks that its language does not use."""
    if language not in _LOWER_MARK and (
        (("„" in target or "‚" in target) and _GERMAN_ONLY.search(target))
        or (",," in target and _COMMAS.search(target))
    ):
        return True
    may_point_inwards = "»" in target or "›" in target
    return may_point_inwards and language not in _INWARD_MARK and bool(_INWARD.search(target))


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece has a double quotation mark."""
    if "," in piece and ",," not in piece:
        piece = piece.replace(",", "")
    return not _MARKS.isdisjoint(piece)


def _is_unbalanced(source: str) -> bool:
    """Return whether a quotation continues beyond the source, or marks cannot be counted."""
    closing = source.count("“") + source.count("”")
    return (
        source.count("„") != closing
        or source.count('"') % 2 == 1
        or source.count("»") != source.count("«")
    )


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation has paired marks of its language, or neither text has any."""
    raw, straight = target.raw, target.plain.count('"')
    if "„" in raw or "‚" in raw or "›" in raw or ",," in raw:
        return False
    if "»" not in raw and _is_unbalanced(source.raw):
        return True
    if straight % 2:
        return False
    if raw.count("“") != raw.count("”"):
        return False
    if "»" in raw or "«" in raw:
        return (
            context.base not in _INWARD_MARK
            and raw.count("«") == raw.count("»")
            and (_INWARD.search(raw) is None)
        )
    return straight > 0 or "“" in raw or _QUOTATION.search(source.raw) is None


CHECK = Check(
    id="quotes",
    severity=Severity.WARNING,
    summary="Quotation marks are missing, do not pair, or are the German ones.",
    why="Who said what is lost without them, and „these“ are wrong outside German.",
    fix='Write “…” or "…" in English, « … » in French, «…» or “…” in Spanish.',
    check_texts=check_texts,
    draft_policy=DraftPolicy.IGNORE,
    wrong=(
        ("en", "Er sagte: „Nein.“", "He said: „No.“"),
        ("fr", "Er sagte: „Wir gehen heute nicht hin.“", "Il a dit que nous n’y allons pas."),
        ("en", "Er sagte: „Nein.“", "He said: “No."),
        ("fr", "Das »Haus« brennt.", "La »maison« brûle."),
        ("en", "Er sagte: »Ich gehe jetzt nach Hause.«", "He said he was going home now."),
    ),
    right=(
        ("en", "Er sagte: „Nein.“", "He said: “No.”"),
        ("en", "Er sagte: „Nein.“", "He said: 'No.'"),
        ("fr", "Er sagte: „Nein.“", "Il a dit\u00a0: «\u00a0Non.\u00a0»"),
        ("en", "„Das ist nicht alles.", "“That is not all."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
