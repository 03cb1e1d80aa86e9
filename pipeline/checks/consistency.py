"""The same German translated in two ways, or two German texts in the same way."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import islice

from pipeline.checking.check import Check, Context, Problem
from pipeline.checking.plain import TAG
from pipeline.model import Severity, State, Translation

_LETTER = re.compile(r"[^\W\d_]")
_SHOWN = 60
_SHORT = 20
"""Characters below which a text may well be translated in two ways (`Ja`, `Mehr`, `Seite`)."""


class Memory:
    """Remembers the first translation of each German text, and the other way round.

    Texts are told apart by their hashes: an even text would be a copy of every entry.
    """

    def __init__(self, context: Context) -> None:
        self._targets = _Firsts()
        self._sources = _Firsts()

    def look(self, path: str, translation: Translation) -> Iterator[Problem]:
        """Compare an approved entry with those before it."""
        if translation.state is not State.APPROVED:
            return
        source = _even(translation.source)
        if not _LETTER.search(source):
            return
        german, other = hash(source), hash(_even(translation.target))
        first = self._targets.unlike(german, other, path, translation.line, translation.target)
        if first:
            severity = Severity.INFO if len(source) < _SHORT else None
            yield Problem(f"Translated otherwise at {first}", severity)
        first = self._sources.unlike(other, german, path, translation.line, translation.source)
        if first:
            message = f"The same translation as of another German text at {first}"
            yield Problem(message, Severity.INFO)


class _Firsts:
    """Where each text stood first, and with which other one.

    In arrays and bytes: as objects they would take more memory than all else.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._others, self._lines, self._paths = array("q"), array("q"), array("q")
        self._names: dict[str, int] = {}
        self._shown = bytearray()
        self._ends = array("q", [0])

    def unlike(self, text: int, other: int, path: str, line: int, shown: str) -> str:
        """Take in a pair of texts; gives the place of the first, if the other was unlike there.

        `shown` is what to tell of the place, if this pair is the first.
        """
        number = self._numbers.setdefault(text, len(self._others))
        if number < len(self._others):
            return self._place(number) if self._others[number] != other else ""
        self._others.append(other)
        self._lines.append(line)
        self._paths.append(self._names.setdefault(path, len(self._names)))
        self._shown += shown[:_SHOWN].encode("utf-8", "surrogatepass")
        self._ends.append(len(self._shown))
        return ""

    def _place(self, number: int) -> str:
        path = next(islice(self._names, self._paths[number], None))
        start, end = self._ends[number : number + 2]
        shown = self._shown[start:end].decode("utf-8", "surrogatepass")
        return f"{path}:{self._lines[number]}: {shown!r}"


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
