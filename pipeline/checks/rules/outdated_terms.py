"""Drafts that were made with other glossary terms than today's."""

from __future__ import annotations

from pipeline.checks.base import Check, Context, Problems
from pipeline.core.types import Severity, State, Translation


def check_entry(translation: Translation, context: Context) -> Problems:
    """Compare the digest of the terms that a draft was asked for with that of today's."""
    origin = translation.provenance
    if origin is None or context.matcher is None or translation.state is not State.DRAFT:
        return ()
    from pipeline.glossary.matcher import terms_digest

    now = terms_digest(context.matcher.required(translation.source))
    if not origin.glossary or origin.glossary == now:
        return ()
    return ("The glossary terms of this entry changed since it was drafted",)


CHECK = Check(
    id="outdated-terms",
    aliases=("stale-origin",),
    severity=Severity.WARNING,
    summary="The glossary changed since the draft was made, for terms of this entry.",
    why="The draft was asked for other terms than the glossary demands now.",
    fix="Run `translate run`: it drafts such entries anew, as long as no human touched them.",
    check_entry=check_entry,
    needs_glossary=True,
)
