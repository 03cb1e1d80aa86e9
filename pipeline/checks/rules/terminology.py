"""Glossary terms that a translation lacks, forbidden words that it has."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core.types import Severity, TermStatus


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Verify every term of the glossary that occurs in the source."""
    if context.matcher is None:
        return
    theirs, ours = strip_markup(source), strip_markup(target)
    for use in context.matcher.verify(theirs, ours):
        place = theirs[use.start : use.end]
        for word in use.forbidden:
            better = f"; write {use.targets[0]!r}" if use.targets else ""
            yield f"{word!r} must not be used for {place!r}{better}"
        if use.respected or use.forbidden:
            continue
        if use.term.status is TermStatus.KEEP:
            yield f"The name {use.term.source!r} must stay as it is"
        else:
            wanted = " or ".join(repr(choice) for choice in use.targets)
            yield f"{place!r} must be translated as {wanted}"


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """A German word, or words with a hyphen, that may begin a term."""
    matcher = context.matcher
    return not is_target and matcher is not None and matcher.may_begin(piece)


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Uses the terms of the source as they are."""
    pieces = [piece.text for piece in source.triggering(bit)]
    return context.matcher is None or context.matcher.clearly_used(pieces, target.plain)


CHECK = Check(
    id="terminology",
    severity=Severity.ERROR,
    summary="A glossary term is missing, a forbidden word is used, or a kept name changed.",
    why=(
        "The glossary is the agreement of how a term is called. Inflected forms count, in "
        "German and in the translation; a term inside a compound demands nothing."
    ),
    fix=(
        "Write the term that the glossary gives, inflected as the sentence needs it. If the "
        "glossary is wrong, correct it; if this place is an exception, add the flag "
        "`ignore-terminology`."
    ),
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    needs_glossary=True,
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
