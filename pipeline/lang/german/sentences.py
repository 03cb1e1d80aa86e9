"""German sentence boundaries.

A line break always ends a sentence. Within a line, the punctuation is read from left to
right; the words before a full stop (see `full_stops`) and after it decide. Each step examines
a bounded window, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.core import split_lines, trim_span
from pipeline.lang.german import full_stops
from pipeline.lang.german.abbreviations import (
    BEFORE_ORDINAL,
    NAMING_VERBS,
    STARTERS,
    WITH_MARK,
)
from pipeline.lang.german.spelling import ReadableLine

_DOUBLE = '"“”„«»'
_OPENERS = frozenset(" \t\xa0\u202f([{–—-/„‚»«›‹\"'“‘¿¡:…")
_QUOTES = frozenset('„»"“')
_END_MARKS = frozenset(".!?…‽")
_CLOSERS = frozenset("\"“”»«’‘'›‹)]")
# A run of end marks with the quotes and brackets that close after it. Possessive and without
# lookahead, so that hostile runs of punctuation are read only once.
# Class: footnote marks. "[3]", "²", "*" and "1)" after an end mark belong to the sentence.
_RUN = re.compile(
    r"\.(?: \.){2,}+|[.!?…‽][.!?…‽\"“”»«’‘'›‹)\]]*+(?:\[\^?\w{1,3}\])*+(?:[¹²³⁰⁴-⁹*†‡]++\)?)?+"
    "(?: ?[\u2600-\u26ff\ufe0f\U0001f300-\U0001faff])*+"
)
_SIGN = re.compile(r"[.!?…‽\"“”„«»'’‘‚‹›()\[\]]")
_FOOTNOTE = re.compile(r"(?<=[^\W\d_]\.)\d{1,2}\)?(?=\s)")
_NEXT = re.compile(
    r"\s++(?P<open>(?:[\"“„‚'‘«»‹›(\[¿¡*–—-]|…|\.{2,3}|\s){0,6}+)(?P<word>[^\W_]{0,40}+)"
)
_SPACED_CLOSE = re.compile(r"\s([»«“”\"])(?=\s|$)")
_GLUED = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?=\s)")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]|[a-z]\.?\)\s")
_ASIDE_DASH = re.compile(r"(?<=\S\s)[–—](?=\s)")
_NAME_TO_END = re.compile(r"[A-ZÄÖÜ][\w’-]*+(?: [A-ZÄÖÜ][\w’-]*+){0,2}+[.!?]")
_CONTINUES = re.compile(r",?\s?[a-zäöüß]|\s?[,;]")

# Longest quotation within a sentence, and longest parenthesis, that are not split, in
# characters.
_MAX_QUOTATION = 80
_MAX_PARENTHESIS = 250
# Longest part of a sentence that is searched for the dash of an aside, in characters.
_MAX_ASIDE = 200


@dataclass(slots=True)
class _Frame:
    """An open quotation or bracket and the sentence ends inside it."""

    sign: str
    start: int
    starts_sentence: bool
    is_speech: bool
    ends: list[int] = field(default_factory=list)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text, without surrounding white space."""
    spans: list[tuple[int, int]] = []
    for first, last in split_lines(text):
        line = ReadableLine(text[first:last])
        at = first
        for place in _LineScanner(line.text).ends():
            end = first + line.original(place)
            start, stop = trim_span(text, at, end)
            if start < stop:
                spans.append((start, stop))
            at = end
        spans.append((trim_span(text, at, last)[0], last))
    return spans


class _LineScanner:
    """Reads a line from left to right and finds the ends of its sentences."""

    def __init__(self, text: str) -> None:
        self.text, self.end = text, len(text)
        self.frames: list[_Frame] = []
        self.boundaries: list[int] = []
        self.sentence_start = self.read_to = 0
        self.last_closed: _Frame | None = None

    def ends(self) -> list[int]:
        """Return the ends of all sentences except the last."""
        text, find = self.text, _SIGN.search
        while sign := find(text, self.read_to):
            at = sign.start()
            if text[at] in _END_MARKS and (run := _RUN.match(text, at)):
                self.read_to = run.end()
                self._punctuation(at, run.end())
            else:
                self.read_to = at + 1
                self._quote_or_bracket(at)
        for frame in self.frames:
            self.boundaries += frame.ends
        return sorted(self.boundaries)

    def _quote_or_bracket(self, at: int) -> None:
        """Open or close a quotation or bracket."""
        text, sign = self.text, self.text[at]
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < self.end else " "
        if sign in "([":
            self._open(sign, at)
        elif sign in ")]":
            self._close("(" if sign == ")" else "[", at)
        elif sign in "«»" and (after.isspace() or after in ",.;:!?)") and before in _OPENERS:
            # Class: quotation marks with spaces inside ("« Nein », sagte er").
            if any(frame.sign == '"' for frame in self.frames):
                self._close('"', at)
            else:
                self._open('"', at)
        elif sign in "„‚" or (before in _OPENERS and not after.isspace()):
            self._open('"' if sign in _DOUBLE else "'", at)
        elif sign in _DOUBLE:
            self._close('"', at)
        elif not (before.isalnum() and after.isalnum()):
            self._close("'", at)

    def _open(self, sign: str, at: int) -> None:
        # Prose does not nest deeper; unclosed quotes must not accumulate.
        if len(self.frames) == 6:
            self.boundaries += self.frames.pop(0).ends
        before = self.text[max(self.sentence_start, at - 6) : at].rstrip()
        starts_sentence = not before.strip("\"“„»«‚'–—-… ") and at - self.sentence_start < 6
        self.frames.append(
            _Frame(sign, at, starts_sentence, starts_sentence or before[-1:] in (":", ","))
        )

    def _close(self, sign: str, at: int) -> None:
        for depth in range(len(self.frames) - 1, -1, -1):
            if self.frames[depth].sign == sign:
                break
        else:
            return
        frame = self.frames[depth]
        ends = [end for inner in self.frames[depth:] for end in inner.ends]
        del self.frames[depth:]
        self.last_closed = frame
        if ends and self._counts(frame, at + 1):
            (self.frames[-1].ends if self.frames else self.boundaries).extend(ends)

    def _counts(self, frame: _Frame, end: int) -> bool:
        """Return whether sentence ends inside a quotation or bracket count."""
        length = end - frame.start
        if frame.sign in "([":
            return frame.starts_sentence or length > _MAX_PARENTHESIS
        return length > _MAX_QUOTATION or not _CONTINUES.match(self.text, end)

    def _punctuation(self, at: int, end: int) -> None:
        """Read a run of punctuation; record the boundary if it ends a sentence."""
        self.last_closed = None
        for position in range(at + 1, min(end, at + 8)):
            if self.text[position] in _CLOSERS:
                self._quote_or_bracket(position)
            elif self.text[position] not in _END_MARKS and self.text[position] not in "*†‡":
                break
        if self.frames:
            if spaced := _SPACED_CLOSE.match(self.text, end):
                self._close('"', spaced.start(1))
                self.read_to = end = spaced.end()
        elif self.text[end : end + 1].isdigit() and (note := _FOOTNOTE.match(self.text, end)):
            end = note.end()
        if end < self.end and self._is_final(at, end):
            self.sentence_start = end
            (self.frames[-1].ends if self.frames else self.boundaries).append(end)

    def _is_final(self, at: int, end: int) -> bool:
        text = self.text
        following = _NEXT.match(text, end)
        if not following:
            return self._lacks_space(at, end)
        word, place = following["word"], following.start("word")
        if place == self.end or text[place] in "€%,;:)":
            return False
        if text[at - 1] in "([" and text[end - 1] not in _END_MARKS:
            return False  # "(!)", "[…]"
        if word[:1].islower() and not self._starts_lower_case(following, place):
            return False
        if end - at > 1 and text[end - 1] in ".!?…" and text[at:end].strip(".!?…"):
            # A further full stop after the closing bracket: „… (2.).“
            return True
        if self.last_closed and self._is_embedded(self.last_closed, word, end):
            return False
        if self.last_closed and following["open"][:1] in ("–", "—"):
            # A quotation in the sentence, and an addition: "Thema „Wer zahlt?“ – Ein Abend".
            return self.last_closed.starts_sentence
        stop = text[at : at + 2]
        if stop == ".)" and not self.last_closed and full_stops.is_marker(text, 0, at):
            # Class: list markers with full stop and bracket ("1.) Die Klage").
            return False
        if stop[0] in "!?‽":
            if following["open"][:1] in ("–", "—") and self._is_inside_dashes(at):
                return False
            return full_stops.word_before(text, self.sentence_start, at)[0] not in WITH_MARK
        if stop[0] == "…" or (stop in ("..", ". ") and end - at > 1):
            return self._after_ellipsis(at, word, place)
        return full_stops.ends_sentence(
            text, self.sentence_start, at, end, following["open"], word, place
        )

    def _starts_lower_case(self, following: re.Match[str], place: int) -> bool:
        """Return whether a sentence may start so: "iPhone", "b) …", "*inkl. …", „ich …"""
        if following["open"].endswith("*"):
            return True
        return not _QUOTES.isdisjoint(following["open"]) or bool(_BRAND.match(self.text, place))

    def _is_embedded(self, frame: _Frame, word: str, end: int) -> bool:
        """Return whether a quotation or bracket is only a part of its sentence.

        Examples are titles („Wer hat Angst?“) and parentheses after other words.
        """
        length = end - frame.start
        if frame.starts_sentence:
            return False
        if frame.sign in "([":
            return length < 30 or not self.text[frame.start + 1].isupper()
        return not frame.is_speech and length < 40 and word not in STARTERS

    def _is_inside_dashes(self, at: int) -> bool:
        """Return whether a dash in the sentence opened an aside that ends at `at`.

        Class: asides with end marks ("Sie fand – kaum zu glauben! – Gold").
        """
        said = self.text[max(self.sentence_start, at - _MAX_ASIDE) : at]
        return len(_ASIDE_DASH.findall(said)) % 2 == 1

    def _after_ellipsis(self, at: int, word: str, place: int) -> bool:
        """Return whether a sentence ends with an ellipsis.

        Class: ellipses inside a sentence. A determiner, preposition or naming verb before it,
        or nothing but a name up to the next end mark, continues the sentence.
        """
        before = self.text[max(self.sentence_start, at - 40) : at].split()
        if not before or word[:1].isdigit():
            return False
        names = before[-1] in NAMING_VERBS
        if word in STARTERS and not (names and _NAME_TO_END.match(self.text, place)):
            return True
        if names or before[-1] in BEFORE_ORDINAL:
            return False
        is_open = before[-1].islower() if len(before) > 1 else before[0] in STARTERS
        return not (is_open and _NAME_TO_END.match(self.text, place))

    def _lacks_space(self, at: int, end: int) -> bool:
        """Return whether the space between two sentences is missing ("… gesagt.Der …")."""
        word = _GLUED.match(self.text, end)
        if not word or word[0] not in STARTERS or end - at != 1:
            return False
        before = full_stops.word_before(self.text, self.sentence_start, at)[0]
        return len(before) > 2 and before.isalpha() and before[1:].islower()
