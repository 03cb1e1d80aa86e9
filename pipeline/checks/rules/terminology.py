"""Missing glossary terms, and forbidden words."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity, TermStatus


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Verify all glossary terms that occur in the source."""
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
    """Return whether a piece of the source may start a term."""
    matcher = context.matcher
    return not is_target and matcher is not None and matcher.may_begin(piece)


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation clearly contains the terms of the source."""
    pieces = [piece.text for piece in source.triggering(bit)]
    return context.matcher is None or context.matcher.clearly_used(pieces, target.plain)


CHECK = Check(
    id="terminology",
    severity=Severity.ERROR,
    summary="A glossary term is missing, a forbidden word is used, or a kept name changed.",
    why=(
        "The glossary is the agreed terminology. Inflected forms match, in German and in the "
        "translation; a term inside a compound requires nothing."
    ),
    fix=(
        "Use the term of the glossary, inflected as needed. If the glossary is wrong, correct "
        "it; for an exception, add the flag "
        "`ignore-terminology`."
    ),
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    needs_glossary=True,
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
