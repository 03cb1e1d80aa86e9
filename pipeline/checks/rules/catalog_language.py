"""Catalogs in another language than the header says, or largely in German."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.checks.base import Check, Context, Problem
from pipeline.core import Severity, Translation
from pipeline.lang.function_words import FUNCTION_WORDS

_MIN_WORDS = 60
"""Function words of the other language: about 200 words of text."""

_FACTOR = 2


class FunctionWordCounts(NamedTuple):
    """How many words of the translations are function words of each language."""

    counts: dict[str, int]
    first: int


class CatalogLanguageAggregator:
    """Compares the function words of all translations of a catalog together.

    Short texts say little about their language by themselves.
    """

    def __init__(self, context: Context) -> None:
        self._language = context.base

    def summarize(self, entries: Sequence[Translation]) -> FunctionWordCounts:
        """Count the function words of the translations by language."""
        # Splitting at spaces is enough here, and costs a fifth.
        texts = [entry.target.lower() for entry in entries]
        words = Counter(" ".join(texts).split())
        counts = {
            language: sum(map(words.__getitem__, filter(words.__contains__, known)))
            for language, known in FUNCTION_WORDS.items()
        }
        first = next((number for number, entry in enumerate(entries) if entry.target), 0)
        return FunctionWordCounts(counts, first)

    def merge(self, path: str, summary: FunctionWordCounts) -> Iterator[tuple[int, Problem]]:
        """Report a part of a catalog that has the function words of another language."""
        own = summary.counts.get(self._language)
        if own is None:
            return
        other, count = max(summary.counts.items(), key=lambda item: item[1])
        if other != self._language and count >= _MIN_WORDS and count > own * _FACTOR:
            message = (
                f"The catalog looks like {other!r}, not {self._language!r}: "
                f"{count} function words against {own}"
            )
            yield summary.first, Problem(message, once_per_catalog=True)


CHECK = Check(
    id="catalog-language",
    severity=Severity.ERROR,
    summary="The texts of a catalog, taken together, are in another language.",
    why=(
        "Catalogs get mixed up when they are copied, and short texts of an interface say little "
        "about their language each. Reported once, at the first translation."
    ),
    fix="Correct the field `Language` of the header, or move the file to the right folder.",
    aggregator=CatalogLanguageAggregator,
)
