"""Sentences without a capital letter at the start."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity

_ENDS = (".", "!", "?", "…")
_ITEM_ENDS = (";", ",")
_OPENERS = "\"'“”„«»‘’‚¿¡([*_#-–—• \t\n\u00a0\u202f"
_SENTENCE = 3


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find a sentence that starts in lower case, unless it is a list item or a name."""
    if target[:1].isupper():
        return
    ours = strip_markup(target).lstrip(_OPENERS)
    if not ours[:1].islower():
        return
    theirs, ours = strip_markup(source).strip(_OPENERS), ours.rstrip(_OPENERS)
    if not theirs[:1].isupper():
        return
    if not theirs.endswith(_ENDS) or len(theirs.split()) < _SENTENCE or ours.endswith(_ITEM_ENDS):
        return
    first = ours.split()[0]
    if any(c.isupper() or c.isdigit() for c in first) or first in theirs.split():
        return  # a name in lower case: iPhone, eBay, al-Quds
    yield f"Starts with a lower-case letter: {first!r}"


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation starts with a capital letter."""
    return target.plain[:1].isupper()


CHECK = Check(
    id="capitalization",
    aliases=("capital",),
    severity=Severity.WARNING,
    summary="A sentence starts with a lower-case letter, its source with a capital.",
    why="The start of the sentence may be lost; at best it is a typing error.",
    fix="Start the sentence with a capital letter. List items are not reported.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.IGNORE,
    wrong=(("en", "Der Rat tagt heute wieder.", "the Council meets again today."),),
    right=(
        ("en", "Der Rat tagt heute wieder.", "The Council meets again today."),
        ("en", "Investitionen in die Bildung,", "investments in education,"),
        ("en", "Das iPhone ist wieder da.", "iPhone sales are back again."),
    ),
)

FAST_PATH = FastPath(fast_pass=fast_pass)
