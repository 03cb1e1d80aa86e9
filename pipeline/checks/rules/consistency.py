"""Inconsistent translations, across all catalogs of a language."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate, count, islice
from typing import NamedTuple

from pipeline.checks.base import Check, Context, Problem
from pipeline.checks.text import TAG
from pipeline.core import Severity, State, Translation

_LETTER = re.compile(r"[^\W\d_]")
_EXCERPT = 60
_SHORT_TEXT = 20
"""Characters; shorter texts may need two translations (`Ja`, `Mehr`, `Seite`)."""


class EntrySummary(NamedTuple):
    """The compared entries, in columns, which are quick to send between processes.

    `numbers` are their indices, `short` whether the German is short; `sources` and `targets`
    are digests, the excerpts are shown in messages.
    """

    numbers: array[int]
    lines: array[int]
    short: bytearray
    sources: array[int]
    targets: array[int]
    source_excerpts: list[str]
    target_excerpts: list[str]


class ConsistencyAggregator:
    """Remembers the first translation of each German text, and vice versa.

    Texts are excerpts apart by their hashes: an even text would be a copy of every entry.
    """

    def __init__(self, context: Context) -> None:
        self._targets = _FirstUses()
        self._sources = _FirstUses()

    def summarize(self, entries: Sequence[Translation]) -> EntrySummary:
        """Summarize the approved entries that contain letters."""
        compared = []
        for number, entry in enumerate(entries):
            if entry.state is State.APPROVED and entry.target:
                source = _normalized(entry.source)
                if entry.plural_form:  # "1 Fenster" and "2 Fenster" may have two translations
                    source += f" [{entry.plural_form}]"
                if source[:1].isalpha() or _LETTER.search(source):
                    compared.append((number, source, entry))
        return EntrySummary(
            array("q", [number for number, _, _ in compared]),
            array("q", [entry.line for _, _, entry in compared]),
            bytearray([len(source) < _SHORT_TEXT for _, source, _ in compared]),
            _digests([source for _, source, _ in compared]),
            _digests([_normalized(entry.target) for _, _, entry in compared]),
            [entry.source[:_EXCERPT] for _, _, entry in compared],
            [entry.target[:_EXCERPT] for _, _, entry in compared],
        )

    def merge(self, path: str, summary: EntrySummary) -> Iterator[tuple[int, Problem]]:
        """Compare approved entries with all those before."""
        numbers, lines, short, sources, targets, source_excerpts, target_excerpts = summary
        others = self._targets.conflicts(path, sources, targets, lines, target_excerpts)
        for at, first in others:
            severity = Severity.INFO if short[at] else None
            yield numbers[at], Problem(f"Translated differently at {first}", severity)
        for at, first in self._sources.conflicts(path, targets, sources, lines, source_excerpts):
            message = f"Same translation as another German text at {first}"
            yield numbers[at], Problem(message, Severity.INFO)


class _FirstUses:
    """The first use of each text, and the text that it was paired with.

    Stored in arrays and bytes, which need a fraction of the memory of objects. Columns are
    added as a whole, since hardly any text is repeated.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._others, self._lines, self._paths = array("q"), array("q"), array("q")
        self._names: dict[str, int] = {}
        self._shown = bytearray()
        self._ends = array("q", [0])

    def conflicts(
        self,
        path: str,
        texts: array[int],
        others: array[int],
        lines: array[int],
        shown: Sequence[str],
    ) -> Iterator[tuple[int, str]]:
        """Add pairs of texts; yield the index of each conflicting pair, and the first use.

        A pair conflicts if its text was paired with another one at its first use. `shown` are
        excerpts for messages.
        """
        start = len(self._others)
        self._others += others
        self._lines += lines
        self._paths += array("q", [self._names.setdefault(path, len(self._names))]) * len(lines)
        excerpts = [text.encode("utf-8", "surrogatepass") for text in shown]
        self._ends.extend(islice(accumulate(map(len, excerpts), initial=len(self._shown)), 1, None))
        self._shown += b"".join(excerpts)
        firsts = map(self._numbers.setdefault, texts, count(start))
        again = [(at, first) for at, first in enumerate(firsts) if first != start + at]
        for at, first in again:
            if self._others[first] != others[at]:
                yield at, self._place(first)

    def _place(self, number: int) -> str:
        path = next(islice(self._names, self._paths[number], None))
        start, end = self._ends[number : number + 2]
        shown = self._shown[start:end].decode("utf-8", "surrogatepass")
        return f"{path}:{self._lines[number]}: {shown!r}"


def _digests(texts: Iterable[str]) -> array[int]:
    """Return 64-bit digests, the same in every process, as hashes of strings are not."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    digests = array("q")
    digests.frombytes(b"".join([blake2b(text, digest_size=8).digest() for text in encoded]))
    return digests


def _normalized(text: str) -> str:
    """Return a text without markup, repeated white space and final marks."""
    if "<" in text:
        text = TAG.sub("", text)
    if "  " in text or not text.isprintable():  # a line break, a no-break space
        text = " ".join(text.split())
    return text.strip(" .:;,")


CHECK = Check(
    id="consistency",
    severity=Severity.WARNING,
    summary="The same German text is translated in two ways, or two texts in the same way.",
    why=(
        "Readers take two terms for two things. All catalogs of a language are compared, "
        "approved entries alone. Short texts, and two German texts with one translation, are "
        "reported as information."
    ),
    fix="Choose one translation. If the context requires both, add `ignore-consistency`.",
    aggregator=ConsistencyAggregator,
)
