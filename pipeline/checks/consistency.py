"""The same German translated in two ways, or two German texts in the same way."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checking.check import Check, Context, Problem
from pipeline.checking.plain import plain
from pipeline.model import Severity, State, Translation

_SHORT = 20
"""Characters below which a text may well be translated in two ways (`Ja`, `Mehr`, `Seite`)."""


class Memory:
    """Remembers the first translation of each German text, and the other way round."""

    def __init__(self, context: Context) -> None:
        self._targets: dict[str, tuple[str, str]] = {}
        self._sources: dict[str, tuple[str, str]] = {}

    def look(self, place: str, translation: Translation) -> Iterator[Problem]:
        """Compare an approved entry with those before it."""
        if translation.state is not State.APPROVED:
            return
        source, target = _even(translation.source), _even(translation.target)
        if not any(map(str.isalpha, source)):
            return
        before, where = self._targets.setdefault(source, (target, place))
        if before != target:
            short = len(source) < _SHORT
            yield Problem(
                f"Translated otherwise at {where}: {before[:60]!r}",
                Severity.INFO if short else None,
            )
        before, where = self._sources.setdefault(target, (source, place))
        if before != source:
            yield Problem(
                f"The same translation as of another German text at {where}: {before[:60]!r}",
                Severity.INFO,
            )


def _even(text: str) -> str:
    """What counts of a text: its words, not its blanks, markup and last mark."""
    return " ".join(plain(text).split()).strip(" .:;,")


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
