"""Lost, added or changed addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import EMAIL, URL
from pipeline.core import Severity

# Pages exist in several languages: /DE/ may become /FR/.
LANGUAGE_IN_PATH = re.compile(
    r"(?<![a-z0-9])(?:de|en|fr|es|it|nl|pt|pl)(?![a-z0-9])", re.IGNORECASE
)


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the URLs and e-mail addresses of both texts."""
    if not (_may_have(source) or _may_have(target)):
        return
    theirs, ours = _addresses(source), _addresses(target)
    for key, address in theirs.items():
        if key not in ours:
            yield Problem(f"The address {address} is missing or changed")
    if len(ours) > len(theirs):
        for key, address in ours.items():
            if key not in theirs:
                yield Problem(f"The address {address} is not in the source", Severity.WARNING)


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece may contain an address."""
    return _may_have(piece)


def _may_have(text: str) -> bool:
    return "://" in text or "www." in text or "@" in text or "mailto:" in text


def _addresses(text: str) -> dict[str, str]:
    """Return the addresses in a text, by key: the address without the language of a page."""
    found = {}
    for pattern in (URL, EMAIL):
        for match in pattern.finditer(text):
            address = match[0].rstrip(".,;:!?'’)]")
            found[LANGUAGE_IN_PATH.sub("*", unquote(address))] = address
    return found


CHECK = Check(
    id="urls",
    severity=Severity.ERROR,
    summary="A URL or an e-mail address is lost or changed.",
    why="The link leads nowhere, or to another page.",
    fix=(
        "Copy the address from the source. The page in another language (/de/ and /fr/) is "
        "accepted; for any other page, add the flag `ignore-urls`."
    ),
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    wrong=(
        ("en", "Mehr unter https://example.org/a.", "More at https://example.org/b."),
        ("fr", "Mail an info@example.org", "Écrire à information@example.org"),
    ),
    right=(
        ("en", "Mehr unter https://example.org/de/a.", "More at https://example.org/en/a."),
        ("en", "Siehe www.example.org", "See www.example.org."),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
