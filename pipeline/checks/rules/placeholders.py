"""Lost, added or changed placeholders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import PLACEHOLDER
from pipeline.core import Severity


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Compare the placeholders of both texts and their numbers."""
    if not (_may_have(source) or _may_have(target)):
        return
    theirs = Counter(PLACEHOLDER.findall(source))
    ours = Counter(PLACEHOLDER.findall(target))
    for name in theirs - ours:
        yield f"The placeholder {name!r} is missing"
    for name in ours - theirs:
        yield f"The placeholder {name!r} is not in the source"


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece may contain a placeholder."""
    return _may_have(piece)


def _may_have(text: str) -> bool:
    return "%" in text or "{" in text or "$" in text


CHECK = Check(
    id="placeholders",
    severity=Severity.ERROR,
    summary="A placeholder such as %s, {name} or ${name} is lost, added or changed.",
    why="The program that fills it in fails, or prints it to the reader.",
    fix="Copy the placeholder from the source exactly; its place in the sentence may change.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    wrong=(
        ("en", "Hallo {name}!", "Hello {nom}!"),
        ("fr", "%(count)s Dateien", "fichiers"),
        ("es", "Guten Tag, %s.", "Buenos días."),
    ),
    right=(
        ("en", "Hallo {name}!", "Hello {name}!"),
        ("en", "100 % der Stimmen", "100% of the votes"),
        ("fr", "Es kostet 5 US$.", "Cela coûte 5 $US."),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
