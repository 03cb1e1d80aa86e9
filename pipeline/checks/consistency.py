"""The same German translated in two ways, or two German texts in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checking.check import Check, Context, Problem
from pipeline.checking.plain import TAG
from pipeline.model import Severity, State, Translation

_LETTER = re.compile(r"[^\W\d_]")
_SHORT = 20
"""Characters below which a text may well be translated in two ways (`Ja`, `Mehr`, `Seite`)."""


class Memory:
    """Remembers the first translation of each German text, and the other way round.

    Texts are told apart by their hashes: an even text would be a copy of every entry.
    """

    def __init__(self, context: Context) -> None:
        self._targets: dict[int, tuple[int, str, Translation]] = {}
        self._sources: dict[int, tuple[int, str, Translation]] = {}

    def look(self, path: str, translation: Translation) -> Iterator[Problem]:
        """Compare an approved entry with those before it."""
        if translation.state is not State.APPROVED:
            return
        source = _even(translation.source)
        if not _LETTER.search(source):
            return
        german, other = hash(source), hash(_even(translation.target))
        first, where, entry = self._targets.setdefault(german, (other, path, translation))
        if first != other:
            severity = Severity.INFO if len(source) < _SHORT else None
            place = f"{where}:{entry.line}"
            yield Problem(f"Translated otherwise at {place}: {entry.target[:60]!r}", severity)
        first, where, entry = self._sources.setdefault(other, (german, path, translation))
        if first != german:
            yield Problem(
                "The same translation as of another German text at "
                f"{where}:{entry.line}: {entry.source[:60]!r}",
                Severity.INFO,
            )


def _even(text: str) -> str:
    """What counts of a text: its words, not its blanks, markup and last mark."""
    if "<" in text:
        text = TAG.sub("", text)
    if "  " in text or not text.isprintable():  # a line break, a no-break blank
        text = " ".join(text.split())
    return text.strip(" .:;,")


CHECK = Check(
    id="consistency",
    severity=Severity.WARNING,
    summary="The same German text is translated in two ways, or two texts in the same way.",
    why=(
        "Readers take two wordings for two things. All catalogs of a language are compared, "
        "approved entries alone. Short texts, and two German texts with one translation, are "
        "reported as information."
    ),
    fix="Choose one translation. Where the context demands both, add `ignore-consistency`.",
    together=Memory,
)
