"""Concordance search: translations whose German text or translation contains some words.

A text contains a query as a phrase, or all of its words in any order. Words match inside longer
words (`brücke` in `Eisenbahnbrücken`), because German joins and inflects them. Case is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Concordance", "ConcordanceMatch", "ConcordanceUnit", "Containment"]


class Containment(IntEnum):
    """How a text contains a query, the best first."""

    PHRASE = 0
    WORDS = 1


@dataclass(frozen=True, slots=True)
class ConcordanceUnit:
    """A translation to search; `obsolete` if its text is no longer in its article."""

    source: str
    target: str
    file: str
    obsolete: bool = False


@dataclass(frozen=True, slots=True)
class ConcordanceMatch:
    """A translation that contains the query, and the spans of the query in both texts."""

    unit: ConcordanceUnit
    containment: Containment
    source_spans: tuple[tuple[int, int], ...]
    target_spans: tuple[tuple[int, int], ...]


class Concordance:
    """Searches translations for the words of a query, which must not be blank."""

    def __init__(self, query: str) -> None:
        words = [re.escape(word) for word in query.split()]
        self._phrase = re.compile(r"\s+".join(words), re.IGNORECASE)
        self._words = [re.compile(word, re.IGNORECASE) for word in dict.fromkeys(words)]

    def search(self, units: Iterable[ConcordanceUnit], limit: int) -> list[ConcordanceMatch]:
        """Return at most `limit` matches: phrases first, then in the order of the units.

        Equal translations of equal texts are returned once.
        """
        found: dict[Containment, list[ConcordanceMatch]] = {one: [] for one in Containment}
        seen: set[tuple[str, str]] = set()
        for match in self._matches(units):
            pair = match.unit.source, match.unit.target
            matches = found[match.containment]
            if pair in seen or len(matches) == limit:
                continue
            seen.add(pair)
            matches.append(match)
            if len(found[Containment.PHRASE]) == limit:
                break
        return [match for matches in found.values() for match in matches][:limit]

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return the spans of the query in a text: of the phrase, otherwise of its words."""
        phrases = [match.span() for match in self._phrase.finditer(text)]
        words = [match.span() for word in self._words for match in word.finditer(text)]
        return tuple(phrases) or tuple(_merged(words))

    def _matches(self, units: Iterable[ConcordanceUnit]) -> Iterator[ConcordanceMatch]:
        for unit in units:
            kinds = [self._containment(text) for text in (unit.source, unit.target)]
            known = [kind for kind in kinds if kind is not None]
            if known:
                source, target = (
                    self.spans(text) if kind is not None else ()
                    for text, kind in zip((unit.source, unit.target), kinds, strict=True)
                )
                yield ConcordanceMatch(unit, min(known), source, target)

    def _containment(self, text: str) -> Containment | None:
        if not all(word.search(text) for word in self._words):
            return None
        return Containment.PHRASE if self._phrase.search(text) else Containment.WORDS


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Merge overlapping spans, in order."""
    last: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if last is not None and start <= last[1]:
            last = last[0], max(end, last[1])
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last
