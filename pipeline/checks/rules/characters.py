"""Unexpected characters: broken encodings, other scripts, control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import URL
from pipeline.core import Severity

# UTF-8 that was read as Latin-1 or Windows-1252: Ã¤ for ä, â€œ for “, Â before a space.
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf\u0152-\u017e\u2018-\u203a€™]|â€[\u0080-\u02dc™œ\u009d]")
_BROKEN = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = {
    "\ufeff": "a byte order mark (U+FEFF)", "\u200b": "a zero-width space (U+200B)",
    "\u200e": "a left-to-right mark (U+200E)", "\u200f": "a right-to-left mark (U+200F)",
}  # fmt: skip
_MARKS_OF_DIRECTION = frozenset("\u200e\u200f")
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur", "ps", "yi", "ckb", "ug"))
# A letter that was lost when a text was saved in a smaller encoding: Gr??e.
_LOST = re.compile(r"[^\W\d_]\?+[^\W\d_]")
_SCRIPTS = {
    "Chinese, Japanese or Korean": re.compile(
        "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uff01-\uff60]+"
    ),
    "Cyrillic": re.compile("[\u0400-\u04ff]+"),
    "Greek": re.compile("[\u0370-\u03ff]{2,}"),
    "Arabic": re.compile("[\u0600-\u06ff]+"),
}
# The first character of any of these, to rule out most texts with one search.
_ANY = re.compile(
    "[\ufffd\ufffe\uffff\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    "\ufeff\u200b\u200e\u200fÃÂ\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uff01-\uff60\u0370-\u06ff]|â€"
    r"|[^\W\d_]\?+[^\W\d_]"
)
# Languages that are not written in Latin letters alone.
_OTHER_SCRIPTS = frozenset(
    ("ar", "be", "bg", "bn", "el", "fa", "he", "hi", "hy", "ja", "ka", "kk", "km", "ko", "ky",
     "lo", "mk", "mn", "mr", "my", "ne", "ps", "ru", "sr", "ta", "te", "th", "tg", "uk", "ur",
     "uz", "zh")
)  # fmt: skip


def check_texts(source: str, target: str, context: Context) -> Iterator[str | Problem]:
    """Find unexpected characters that the source does not have."""
    if not _ANY.search(target):
        return
    if (match := _BROKEN.search(target)) and match[0] not in source:
        yield f"A broken character: {match[0]!r}"
    if (match := _MOJIBAKE.search(target)) and match[0] not in source:
        yield f"A wrongly decoded character: {match[0]!r}"
    if (match := _CONTROL.search(target)) and match[0] not in source:
        yield f"A control character: {match[0]!r}"
    for sign, name in _INVISIBLE.items():
        is_needed = sign in _MARKS_OF_DIRECTION and context.base in _RIGHT_TO_LEFT
        if sign in target and sign not in source and not is_needed:
            yield Problem(f"An invisible character: {name}", Severity.WARNING)
    text = URL.sub(" ", target) if "?" in target else ""
    if (match := _LOST.search(text)) and not _LOST.search(URL.sub(" ", source)):
        yield Problem(f"A letter became '?': {match[0]!r}", Severity.WARNING)
    if context.base not in _OTHER_SCRIPTS:
        for script, pattern in _SCRIPTS.items():
            match = pattern.search(target)
            if match and not pattern.search(source):
                yield f"{script} letters: {match[0][:20]!r}"


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the translation has any of these characters."""
    return is_target and _ANY.search(piece) is not None


CHECK = Check(
    id="characters",
    severity=Severity.ERROR,
    summary="A character is broken, invisible, or of another script.",
    why=(
        "Text that was saved in one encoding and read in another shows Ã¤ for ä; language "
        "models slip into Chinese; control characters break feeds and search."
    ),
    fix="Type the character again. If it is intended, add the flag `ignore-characters`.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.IGNORE,
    wrong=(
        ("fr", "Der Präsident", "Le prÃ©sident"),
        ("en", "Das ist wichtig.", "This is 重要."),
        ("en", "Guten Tag", "Good\x07 day"),
        ("en", "Müller", "M\ufffdller"),
        ("en", "Zum Schluss", "Finally\u200b"),
        ("fr", "Die Größe", "La th?orie"),
    ),
    right=(
        ("fr", "Der Präsident", "Le président"),
        ("en", "Das Zeichen 中", "The sign 中"),
        ("es", "São Paulo", "São Paulo"),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
