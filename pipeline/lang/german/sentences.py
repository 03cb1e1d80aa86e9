"""German sentence boundaries: an article's blocks cut into what is translated as one.

A line break always ends a segment. Within a line, marks that may end a sentence are read
from left to right; what stands before a full stop (`full_stops`) and what follows
decide. Every step looks at a bounded stretch, so the time grows with the length alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.core.text import split_lines, trim_span
from pipeline.lang.german import full_stops
from pipeline.lang.german.abbreviations import BEFORE_ORDINAL, STARTERS, WITH_MARK

_DOUBLE = '"“”„«»'
_SINGLE = "'’‘‚‹›"
_OPENERS = frozenset(" \t\xa0\u202f([{–—-/„‚»«›‹\"'“‘¿¡:…")
_CLOSERS = frozenset("\"“”»«’‘'›‹)]")
# A run of marks with the quotes and brackets that close after it, or one quote or bracket.
# Possessive, and without a look ahead: hostile runs of marks are read once.
_EVENT = re.compile(
    r"[.!?…‽][.!?…‽\"“”»«’‘'›‹)\]]*+(?:\[\d{1,3}\])*+[¹²³⁰⁴-⁹]*+|[\"“”„«»'’‘‚‹›()\[\]]"
)
_NEXT = re.compile(
    r"\s++(?P<open>(?:[\"“„‚'‘«»‹›(\[¿¡*–—-]|…|\.{2,3}|\s){0,6}+)(?P<word>[^\W_]{0,40}+)"
)
_SPACED_CLOSE = re.compile(r"\s([»«“”\"])(?=\s|$)")
_GLUED = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?=\s)")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]|[a-z]\)\s")
_GOES_ON = re.compile(r",?\s?[a-zäöüß]|\s?[,;]")

# Up to this many characters a quotation that a sentence goes on after, or an aside in
# brackets, is kept whole, whatever ends inside it.
_REPORTED = 80
_ASIDE = 250


@dataclass(slots=True)
class _Frame:
    """A quotation or bracket that is open, and the boundaries found inside it."""

    sign: str
    start: int
    at_start: bool
    speech: bool
    ends: list[int] = field(default_factory=list)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Give the spans of a text's sentences, without the blanks around them."""
    spans: list[tuple[int, int]] = []
    for first, last in split_lines(text):
        at = first
        for end in (*_Reader(text, first, last).ends(), last):
            start, stop = trim_span(text, at, end)
            if start < stop:
                spans.append((start, stop))
            at = end
    return spans


class _Reader:
    """Reads a line from left to right and finds where its sentences end."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.frames: list[_Frame] = []
        self.found: list[int] = []
        self.last = start
        self.closed: _Frame | None = None

    def ends(self) -> list[int]:
        """Give the ends of all sentences but the last."""
        for match in _EVENT.finditer(self.text, self.start, self.end):
            if match[0][0] in ".!?…‽":
                self._stop(match.start(), match.end())
            else:
                self._mark(match.start())
        for frame in self.frames:
            self.found += frame.ends
        return sorted(self.found)

    def _mark(self, at: int) -> None:
        """Open or close a quotation or bracket."""
        text, sign = self.text, self.text[at]
        before = text[at - 1] if at > self.start else " "
        after = text[at + 1] if at + 1 < self.end else " "
        if sign in "([":
            self._open(sign, at)
        elif sign in ")]":
            self._close("(" if sign == ")" else "[", at)
        elif sign in "„‚" or (before in _OPENERS and not after.isspace()):
            self._open('"' if sign in _DOUBLE else "'", at)
        elif sign in _DOUBLE:
            self._close('"', at)
        elif not (before.isalnum() and after.isalnum()):
            self._close("'", at)

    def _open(self, sign: str, at: int) -> None:
        # Nothing nests deeper in prose; unclosed ones must not pile up.
        if len(self.frames) == 6:
            self.found += self.frames.pop(0).ends
        before = self.text[max(self.last, at - 6) : at].rstrip()
        at_start = not before.strip("\"“„»«‚'–—-… ") and at - self.last < 6
        self.frames.append(_Frame(sign, at, at_start, at_start or before[-1:] in (":", ",")))

    def _close(self, sign: str, at: int) -> None:
        for depth in range(len(self.frames) - 1, -1, -1):
            if self.frames[depth].sign == sign:
                break
        else:
            return
        frame = self.frames[depth]
        ends = [end for inner in self.frames[depth:] for end in inner.ends]
        del self.frames[depth:]
        self.closed = frame
        if ends and self._kept(frame, at + 1):
            (self.frames[-1].ends if self.frames else self.found).extend(ends)

    def _kept(self, frame: _Frame, end: int) -> bool:
        """Tell whether boundaries inside a quotation or bracket count."""
        length = end - frame.start
        if frame.sign in "([":
            return frame.at_start or length > _ASIDE
        return length > _REPORTED or not _GOES_ON.match(self.text, end, self.end)

    def _stop(self, at: int, end: int) -> None:
        """Read a run of marks at `at:end`; where it ends a sentence, keep the boundary."""
        self.closed = None
        for position in range(at, min(end, at + 8)):
            if self.text[position] in _CLOSERS:
                self._mark(position)
            elif self.text[position] not in ".!?…‽":
                break
        spaced = _SPACED_CLOSE.match(self.text, end, self.end)
        if spaced and self.frames:
            self._mark(spaced.start(1))
            end = spaced.end()
        if end < self.end and self._final(at, end):
            self.last = end
            (self.frames[-1].ends if self.frames else self.found).append(end)

    def _final(self, at: int, end: int) -> bool:
        text = self.text
        following = _NEXT.match(text, end, self.end)
        if not following:
            return self._glued(at, end)
        word, place = following["word"], following.start("word")
        if place == self.end or text[at - 1] in "([" or text[place : place + 1] in "€%,;:)":
            return False
        if word[:1].islower() and not self._begins_small(following, place):
            return False
        if text[end - 1] in ".!?…" and text[at:end].strip(".!?…"):
            # A full stop of its own after what closes: „… (2.).“
            return True
        if self.closed and self._aside(self.closed, word, end):
            return False
        stop = text[at : at + 2]
        if stop[0] in "!?‽":
            return full_stops.word_before(text, self.last, at)[0] not in WITH_MARK
        if stop[0] == "…" or stop == "..":
            return self._after_ellipsis(at, word)
        return full_stops.ends_sentence(text, self.last, at, end, following["open"], word, place)

    def _begins_small(self, following: re.Match[str], place: int) -> bool:
        """Tell whether a sentence may begin with this small letter: "iPhone", "b) …", „ich …"""
        quoted = any(sign in following["open"] for sign in '„»"“')
        return bool(quoted or _BRAND.match(self.text, place))

    def _aside(self, frame: _Frame, word: str, end: int) -> bool:
        """Tell whether a quotation or bracket that ends in a mark is a mere part of a sentence.

        So is „Wer hat Angst?“ as a title, and what stands in brackets after other words.
        """
        length = end - frame.start
        if frame.at_start:
            return False
        if frame.sign in "([":
            return length < 30 or not self.text[frame.start + 1].isupper()
        return not frame.speech and length < 40 and word not in STARTERS

    def _after_ellipsis(self, at: int, word: str) -> bool:
        before = self.text[max(self.last, at - 40) : at].split()
        if not before or word[:1].isdigit():
            return False
        return before[-1] not in BEFORE_ORDINAL or word in STARTERS

    def _glued(self, at: int, end: int) -> bool:
        """Tell whether a blank is missing between two sentences ("… gesagt.Der …")."""
        word = _GLUED.match(self.text, end, self.end)
        if not word or word[0] not in STARTERS or end - at != 1:
            return False
        before = full_stops.word_before(self.text, self.last, at)[0]
        return len(before) > 2 and before.isalpha() and before[1:].islower()
