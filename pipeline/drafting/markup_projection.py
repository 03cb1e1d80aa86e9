"""Markup projection: translate a text without its markup, and restore the markup after.

Engines translate plain text better than text with tags, and cannot lose what they do not see.
The elements are placed in the translation by word alignment: an element encloses the words
that its German words are aligned with. The result always has all tokens, properly nested.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from pipeline.articles import CatalogToken, MarkupFormat, markup_problems
from pipeline.articles.formats import BREAK
from pipeline.core import MarkupRole, base_language, shorten
from pipeline.drafting.types import Issue
from pipeline.engines import TagName, escape_tagged, parse_answer, start_tag
from pipeline.lang.german import is_compound
from pipeline.lang.word_alignment import align, find_words, is_function_word

_CODE = re.compile(r"^(`+) ?(?P<text>.*?) ?\1$|<[^<>]*>", re.DOTALL)
_OPENING, _CLOSING = "([{„“‚‘«»‹›\"'¿¡", ".,;:!?…)]}”“’‘»«›‹\"'"
_CODE_KIND = "code"
# Larger texts are not aligned: time and memory grow with the product of the words.
_MAX_TOKENS, _MAX_DEPTH, _MAX_PAIRS = 500, 50, 250_000
_ELIDED = re.compile(r"[^\W\d]{1,2}['’]")  # l'accord: the article is no part of the noun
_ELIDING = frozenset(("ca", "fr", "it"))
_MARKS = re.compile(r"\S+")
_CERTAIN = 1.0  # score of a word that is aligned by more than its position


@dataclass(slots=True)
class _Element:
    """An element of a source: its tokens, and its span in the plain text.

    `content` is the text of an element that must stay as it is, such as code. `before` and
    `after` are the characters around the tokens in the source.
    """

    tokens: list[str]
    start: int
    end: int
    content: str = ""
    before: str = ""
    after: str = ""
    children: list[_Element] = field(default_factory=list)
    is_open: bool = False


@dataclass(slots=True)
class _Place:
    """Where an element is in a translation: characters, and words `first:last`."""

    element: _Element
    start: int
    end: int
    first: int
    last: int
    children: list[_Place] = field(default_factory=list)
    inserted: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Projection:
    """A translation with the markup of its source.

    `uncertain` lists the tokens that were placed by position alone, or whose text was not
    found in the translation.
    """

    text: str
    uncertain: tuple[str, ...] = ()


class MarkedText:
    """A text with inline markup, and its plain text for engines."""

    def __init__(self, form: MarkupFormat, text: str) -> None:
        self.form, self._marked = form, text
        self._root = _Element([], 0, 0)
        self._tokens: list[tuple[str, int, str]] = []
        self._depth = 0
        self._numbered: list[list[str]] = []  # the tokens of each element in `tagged`
        self.plain = self._parse(text, form.tokenize(text))
        self._root.end = len(self.plain)

    @property
    def has_markup(self) -> bool:
        """Whether the text has any markup token."""
        return bool(self._root.children)

    def project(
        self, translation: str, language: str, terms: Sequence[tuple[str, str]] = ()
    ) -> Projection:
        """Restore the markup in a translation of the plain text.

        `terms` are pairs (German as in the text, required translation).
        """
        if not self.has_markup:
            return Projection(translation)
        pairs = len(self.plain.split()) * len(translation.split())
        if len(self._tokens) > _MAX_TOKENS or self._depth > _MAX_DEPTH or pairs > _MAX_PAIRS:
            return self._place_by_position(translation)
        return _Projector(self.plain, self._root, translation, language, terms).project()

    def _place_by_position(self, translation: str) -> Projection:
        """Place the tokens in their order, which keeps them nested, where the text is as long."""
        written: list[str] = []
        at = 0
        blanks = [match.start() for match in re.finditer(r"\s|\Z", translation)]
        scale = len(translation) / max(1, len(self.plain))
        for shown, start, content in self._tokens:
            end = max(at, blanks[bisect_left(blanks, int(start * scale))])
            found = translation.find(content, at) if content else -1
            end = found if found >= 0 else end
            written += (translation[at:end], shown)
            at = end + len(content) * (found >= 0)
        tokens = tuple(dict.fromkeys(shown for shown, _, _ in self._tokens))
        return Projection("".join((*written, translation[at:])), tokens)

    @cached_property
    def tagged(self) -> str:
        """The text with its markup as tags, for engines that take them; "" if elements cross."""
        written: list[str] = []
        at = 0
        numbers: dict[int, int] = {}
        tokens = self.form.tokenize(self._marked)
        closed = _closing_places(tokens)
        for token in tokens:
            written.append(escape_tagged(self._marked[at : token.start]))
            at = token.end
            role, element = token.markup.role, token.markup.element
            shown = self._marked[token.start : token.end]
            if role is MarkupRole.CLOSE and element in numbers:
                if element != next(reversed(numbers)):
                    return ""
                self._numbered[numbers.pop(element)].append(shown)
                written.append(f"</{TagName.GROUP}>")
                continue
            number = len(self._numbered)
            self._numbered.append([shown])
            content = _content(shown) if token.markup.kind == _CODE_KIND else ""
            if role is MarkupRole.OPEN and closed.get(element, -1) > token.start:
                numbers[element] = number
                written.append(start_tag(TagName.GROUP, number))
            elif content:
                start = start_tag(TagName.PROTECTED, number)
                written.append(f"{start}{escape_tagged(content)}</{TagName.PROTECTED}>")
            else:
                is_break = token.markup.kind == BREAK
                written.append(start_tag(TagName.BREAK if is_break else TagName.EMPTY, number))
        return "".join((*written, escape_tagged(self._marked[at:])))

    def place_tags(self, answer: str, translation: str) -> str:
        """Return a translation with the markup where an engine placed its tags.

        `answer` is the translation of `tagged`, with the same tags; `translation` is its plain
        text, whose white space and punctuation may have been normalized. Returns "" if the
        result does not have the markup of the text.
        """
        found = parse_answer(self.tagged, answer)
        if found is None:
            return ""
        moved = _Offsets(found.plain, translation)
        written, at = "", 0
        for tag in found.tags:
            start = max(at, moved.find(tag.at, is_start=tag.role is MarkupRole.OPEN))
            tokens = self._numbered[tag.number]
            written += translation[at:start]
            written += tokens[-1] if tag.role is MarkupRole.CLOSE else tokens[0]
            at = start
            if tag.name == TagName.PROTECTED:
                if not translation.startswith(tag.content, at):
                    return ""
                at += len(tag.content)
            elif tag.is_spaced:
                written += " "
            elif tag.adds_blank:
                at += translation.startswith(" ", at)
        written = (written + translation[at:]).strip()
        return "" if markup_problems(self.form, self._marked, written) else written

    def _parse(self, text: str, tokens: Sequence[CatalogToken]) -> str:
        """Build the tree of elements; return the plain text."""
        plain: list[str] = []
        at = length = 0
        opened = [self._root]
        elements: dict[int, _Element] = {}
        closed = _closing_places(tokens)
        for token in tokens:
            plain.append(text[at : token.start])
            length += token.start - at
            at = token.end
            shown, role = text[token.start : token.end], token.markup.role
            before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
            content = _content(shown) if token.markup.kind == _CODE_KIND else ""
            self._tokens.append((shown, length, content))
            element = elements.pop(token.markup.element, None)
            if role is MarkupRole.CLOSE and element is not None and element.is_open:
                while opened[-1] is not element:
                    opened.pop().is_open = False
                opened.pop().is_open = False
                element.tokens.append(shown)
                element.end, element.after = length, after
                continue
            found = _Element([shown], length, length, content, before, after)
            opened[-1].children.append(found)
            if role is MarkupRole.OPEN and closed.get(token.markup.element, -1) > token.start:
                elements[token.markup.element] = found
                found.is_open = True
                opened.append(found)
                self._depth = max(self._depth, len(opened))
            elif content:
                plain.append(content)
                length += len(content)
                found.end = length
            elif role is MarkupRole.EMPTY:
                # Without the token, one blank of two is enough; a line break is a blank.
                if before.isspace() and after.isspace():
                    at += 1
                elif token.markup.kind == "break" and not (before.isspace() or after.isspace()):
                    plain.append(" ")
                    length += 1
        return "".join((*plain, text[at:]))


def find_markup(text: str, form: MarkupFormat | None) -> MarkedText | None:
    """Return the markup of a catalog text, None if it has none; `form` is None for plain text."""
    marked = MarkedText(form, text) if form is not None else None
    return marked if marked and marked.has_markup else None


def plain_text(text: str, form: MarkupFormat | None) -> str:
    """Return a catalog text without its markup; `form` is None for plain text."""
    return MarkedText(form, text).plain.strip() if form is not None else text


def project(
    marked: MarkedText,
    translation: str,
    language: str,
    terms: Sequence[tuple[str, str]],
    tagged: str = "",
) -> tuple[str, list[Issue]]:
    """Restore markup in a translation; return it, and an issue if places are uncertain.

    `tagged` is the translation as an engine that takes tags returned it.
    """
    if tagged and (placed := marked.place_tags(tagged, translation)):
        return placed, []
    projection = marked.project(translation, language, terms)
    if not projection.uncertain:
        return projection.text, []
    names = ", ".join(dict.fromkeys(shorten(token, 20) for token in projection.uncertain))
    message = f"The place of {names} is a guess; compare it with the German."
    return projection.text, [Issue("markup", message, critical=False)]


class _Offsets:
    """Maps offsets of a text to those of the same text with normalized punctuation."""

    def __init__(self, old: str, new: str) -> None:
        self._old, collapsed = old, " ".join(old.split())
        self._changes, self._length = None, len(new)
        if collapsed != new:
            self._changes = SequenceMatcher(None, collapsed, new, autojunk=False).get_opcodes()

    def find(self, offset: int, *, is_start: bool) -> int:
        """Return the new offset. A start is after what was inserted there, an end before it."""
        before = self._old[:offset]
        offset = len(" ".join(before.split()))
        offset += bool(offset) and before[-1:].isspace()
        if self._changes is None:
            return min(offset, self._length)
        places = []
        for kind, start, end, new_start, new_end in self._changes:
            if start <= offset <= end:
                within = offset - start if kind == "equal" else 0
                places.append(new_end if offset == end else new_start + within)
                if offset == start:
                    places.append(new_start)
        return (max if is_start else min)(places, default=self._length)


def _closing_places(tokens: Sequence[CatalogToken]) -> dict[int, int]:
    """Return where each element is closed."""
    return {
        token.markup.element: token.start
        for token in tokens
        if token.markup.role is MarkupRole.CLOSE and token.markup.element >= 0
    }


def _content(token: str) -> str:
    """Return the text of a code token, without its marks."""
    match = _CODE.match(token)
    if match and match["text"] is not None:
        return match["text"]
    return _CODE.sub("", token)


class _Projector:
    """Places the elements of one text in one translation."""

    def __init__(
        self,
        plain: str,
        root: _Element,
        translation: str,
        language: str,
        terms: Sequence[tuple[str, str]],
    ) -> None:
        self._plain, self._root, self._text = plain, root, translation
        self._language = base_language(language)
        self._source, self._target = find_words(plain), find_words(translation)
        self._scores = align(self._source, self._target, language, terms)
        self._uncertain: list[str] = []
        self._search_from = 0

    def project(self) -> Projection:
        """Return the translation with all tokens."""
        whole = _Place(self._root, 0, len(self._text), 0, len(self._target))
        self._place_children(whole)
        return Projection("".join(self._write(whole)), tuple(self._uncertain))

    def _place_children(self, parent: _Place) -> None:
        """Place the children of an element inside its words, the most certain ones first."""
        inside = self._words(parent.element)
        taken: list[_Place] = []
        pending = sorted(
            enumerate(parent.element.children),
            key=lambda one: (-self._certainty(one[1], parent), one[0]),
        )
        placed: dict[int, _Place] = {}
        for number, element in pending:
            place = self._find_content(element, parent, taken)
            if place is None and not element.content and len(element.tokens) > 1:
                place = self._enclose(element, inside, parent, taken)
            if place is None:
                place = self._insert(element, inside, parent, taken)
            placed[number] = place
            taken.append(place)
        parent.children = [placed[number] for number in sorted(placed)]
        parent.children.sort(key=lambda place: (place.start, place.end))
        for place in parent.children:
            if place.element.children:
                self._place_children(place)

    def _words(self, element: _Element) -> range:
        """Return the indices of the German words in an element, also of cut ones."""
        found = [
            index
            for index, word in enumerate(self._source)
            if word.start < element.end and word.end > element.start
        ]
        return range(found[0], found[-1] + 1) if found else range(0)

    def _certainty(self, element: _Element, parent: _Place) -> float:
        words = self._words(element)
        columns = range(parent.first, parent.last)
        return max((self._scores[i][j] for i in words for j in columns), default=0.0)

    def _find_content(
        self, element: _Element, parent: _Place, taken: Sequence[_Place]
    ) -> _Place | None:
        """Find the text of an element that the engine copied."""
        if not element.content:
            return None
        start = parent.start
        while (at := self._text.find(element.content, start, parent.end)) >= 0:
            end = at + len(element.content)
            if all(end <= other.start or at >= other.end for other in taken):
                first, last = self._word_span(at, end)
                return _Place(element, at, end, first, last)
            start = at + 1
        return None

    def _word_span(self, start: int, end: int) -> tuple[int, int]:
        inside = [n for n, w in enumerate(self._target) if w.start < end and w.end > start]
        if inside:
            return inside[0], inside[-1] + 1
        after = sum(word.end <= start for word in self._target)
        return after, after

    def _enclose(
        self, element: _Element, inside: range, parent: _Place, taken: Sequence[_Place]
    ) -> _Place | None:
        """Find the words of a translation that an element with words encloses."""
        words = self._words(element)
        if not words or parent.first == parent.last:
            return None
        is_all = words == inside and not taken
        if is_all:
            first, last = parent.first, parent.last
        else:
            others = [i for i in inside if i not in words]
            gains = [
                max(self._scores[i][j] for i in words)
                - max((self._scores[i][j] for i in others), default=0.0)
                for j in range(parent.first, parent.last)
            ]
            blocked = {n for place in taken for n in range(place.first, place.last)}
            span = _best_span(gains, {n - parent.first for n in blocked})
            if span is None:
                return None
            first, last = span[0] + parent.first, span[1] + parent.first
            first, last = self._match_function_words(words, first, last, blocked, parent)
            first, last = self._trim(words, first, last)
        evidence = max(self._scores[i][j] for i in words for j in range(first, last))
        if evidence < _CERTAIN and not is_all:
            self._uncertain.append(element.tokens[0])
        start, end = self._extend(element, first, last, parent)
        start = max([start, *(p.end for p in taken if p.first < first)])
        end = min([end, *(p.start for p in taken if p.last > last)])
        return _Place(element, start, end, first, last)

    def _trim(self, words: range, first: int, last: int) -> tuple[int, int]:
        """Leave out what only its place aligns with a single German word; compounds have two."""
        if len(words) > 1:
            return first, last
        most = 1 + is_compound(self._source[words[0]].text)
        scores = self._scores[words[0]]
        while last - first > most and min(scores[first], scores[last - 1]) < _CERTAIN:
            if scores[first] < scores[last - 1]:
                first += 1
            else:
                last -= 1
        return first, last

    def _match_function_words(
        self, words: range, first: int, last: int, blocked: set[int], parent: _Place
    ) -> tuple[int, int]:
        """Begin and end a span with function words only if the German element does."""
        own = {self._source[i].text for i in words}  # with an initial: I. Harms
        functional = [
            is_function_word(w.text, self._language) and w.text not in own for w in self._target
        ]
        german = [is_function_word(self._source[i].text, "de") for i in (words[0], words[-1])]
        while last - first > 1 and functional[last - 1] and not german[1]:
            last -= 1
        while last - first > 1 and functional[first] and not german[0]:
            first += 1
        before = first - 1
        if german[0] and before >= parent.first and before not in blocked:
            has_article = functional[first] or bool(self._elided(first))
            first -= functional[before] and not has_article
        return first, last

    def _extend(self, element: _Element, first: int, last: int, parent: _Place) -> tuple[int, int]:
        """Include punctuation at the ends if the German element does."""
        start, end = self._target[first].start, self._target[last - 1].end
        german = self._plain[element.start : element.end]
        if not self._has_function_word_first(german):
            start += self._elided(first)
        before = self._plain[parent.element.start : element.start]
        after = self._plain[element.end : parent.element.end]
        inner = self._text[parent.start : parent.end]
        if first == parent.first and not before.strip():
            start = parent.start + (len(inner) - len(inner.lstrip()) if before else 0)
        if last == parent.last and not after.strip():
            end = parent.end - (len(inner) - len(inner.rstrip()) if after else 0)
        if german[:1] and german[0] in _OPENING:
            while start > parent.start and self._text[start - 1] in _OPENING:
                start -= 1
        if german[-1:] and german[-1] in _CLOSING:
            while end < parent.end and self._text[end] in _CLOSING:
                end += 1
        return start, end

    def _elided(self, word: int) -> int:
        """Return the length of an elided article at the start of a word."""
        found = _ELIDED.match(self._target[word].text) if self._language in _ELIDING else None
        return found.end() if found else 0

    @staticmethod
    def _has_function_word_first(german: str) -> bool:
        words = find_words(german)
        return bool(words) and ("'" in words[0].text or is_function_word(words[0].text, "de"))

    def _insert(
        self, element: _Element, inside: range, parent: _Place, taken: Sequence[_Place]
    ) -> _Place:
        """Find the place between two words for an element without words."""
        if element.content:
            self._uncertain.append(element.tokens[0])
        split = sum(word.start < element.start for word in self._source)
        allowed = [
            n
            for n in range(parent.first, parent.last + 1)
            if not any(place.first < n < place.last for place in taken)
        ]
        before = [i for i in inside if i < split]
        after = [i for i in inside if i >= split]
        if not before:
            boundary = min(allowed)
        elif not after:
            boundary = max(allowed)
        else:
            boundary = min(allowed, key=lambda n: self._crossing(n, before, after, parent))
        return self._between(element, boundary, parent, taken)

    def _crossing(
        self, boundary: int, before: Sequence[int], after: Sequence[int], parent: _Place
    ) -> float:
        """Return how much alignment a boundary between two words crosses."""
        scores = self._scores
        left = sum(max(scores[i][j] for i in after) for j in range(parent.first, boundary))
        right = sum(max(scores[i][j] for i in before) for j in range(boundary, parent.last))
        return left + right

    def _between(
        self, element: _Element, boundary: int, parent: _Place, taken: Sequence[_Place]
    ) -> _Place:
        """Return the place of an element before the word `boundary`, spaced as in the German."""
        low = self._target[boundary - 1].end if boundary > parent.first else parent.start
        high = self._target[boundary].start if boundary < parent.last else parent.end
        low = max([low, *(p.end for p in taken if p.end <= high and p.end > low)])
        high = min([high, *(p.start for p in taken if low <= p.start < high)])
        gap = self._text[low:high]
        if found := self._marks(element, gap):
            start, end = found
            return _Place(element, low + start, low + end, boundary, boundary)
        is_attached = bool(element.before) and not element.before.isspace()
        if is_attached:
            closing = len(gap) - len(gap.lstrip(_CLOSING))
            at = low + (closing if element.before in _CLOSING else 0)
            if boundary == parent.last and boundary == parent.first:
                at = low
        elif not element.before or boundary == parent.first:
            at = low
        elif not element.after and boundary == parent.last:
            at = high
        else:
            at = high - len(gap.lstrip(_CLOSING).lstrip()) if gap else high
        spaced_after = element.after.isspace() and self._text[at : at + 1].strip()
        spaced_before = element.before.isspace() and self._text[:at][-1:].strip()
        inserted = (" " if spaced_before else "", " " if spaced_after else "")
        return _Place(element, at, at, boundary, boundary, inserted=inserted)

    def _marks(self, element: _Element, gap: str) -> tuple[int, int] | None:
        """Find the punctuation between two words that an element without words encloses."""
        german = self._plain[element.start : element.end]
        marks = german.strip()
        if not marks or len(element.tokens) < 2:
            return None
        start, end = gap.find(marks), gap.find(marks) + len(marks)
        if start < 0:
            found = _MARKS.search(gap)
            if not found:
                self._uncertain.append(element.tokens[0])
                return None
            start, end = found.span()
        start -= german[:1].isspace() and gap[:start][-1:].isspace()
        end += german[-1:].isspace() and gap[end : end + 1].isspace()
        return start, end

    def _write(self, place: _Place) -> Iterator[str]:
        at = place.start
        for child in place.children:
            yield self._text[at : child.start]
            yield child.inserted[0]
            tokens = child.element.tokens
            yield tokens[0]
            if len(tokens) > 1:
                yield from self._write(child)
                yield tokens[1]
            yield child.inserted[1]
            at = child.end
        yield self._text[at : place.end]


def _best_span(gains: Sequence[float], blocked: set[int]) -> tuple[int, int] | None:
    """Return the span with the largest sum, without blocked positions, None if there is none."""
    best: tuple[float, int, int] | None = None
    total, start = 0.0, 0
    for index, gain in enumerate(gains):
        if index in blocked:
            total, start = 0.0, index + 1
            continue
        if total <= 0:
            total, start = 0.0, index
        total += gain
        if best is None or total > best[0]:
            best = total, start, index + 1
    return best and (best[1], best[2])
