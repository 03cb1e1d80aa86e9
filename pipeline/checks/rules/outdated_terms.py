"""Drafts made with other glossary terms than the present ones."""

from __future__ import annotations

from pipeline.checks.base import Check, Context, Problems
from pipeline.core import Severity, State, Translation


def check_entry(translation: Translation, context: Context) -> Problems:
    """Compare the digest of the terms in the provenance with that of the glossary."""
    origin = translation.provenance
    if origin is None or context.matcher is None or translation.state is not State.DRAFT:
        return ()
    from pipeline.glossary import is_digest_of_terms

    required = context.matcher.required(translation.source)
    if not origin.glossary or is_digest_of_terms(origin.glossary, required):
        return ()
    return ("The glossary terms of this entry changed since it was drafted",)


CHECK = Check(
    id="outdated-terms",
    aliases=("stale-origin",),
    severity=Severity.WARNING,
    summary="The glossary changed since the draft was made, for terms of this entry.",
    why="The draft was made with other terms than the glossary requires now.",
    fix="Run `translate run`: it redrafts these entries unless a human edited them.",
    check_entry=check_entry,
    needs_glossary=True,
)
