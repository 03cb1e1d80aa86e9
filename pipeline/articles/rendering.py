"""Rendering of articles: translations in place of segments, everything else unchanged."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.articles.formats import MarkupError, MarkupFormat, RenderSite, load_format
from pipeline.articles.line_filling import fill_lines
from pipeline.core import Article, Fragment, Segment

Translated: TypeAlias = tuple[Segment, str]

_LINE_START = 4000
"""Characters of an output's last line that formats see: more than any width of lines."""

_BROKEN = "it would change the structure of the article"


@dataclass(frozen=True, slots=True)
class RenderedArticle:
    """The text of a translated article.

    `rejected` lists the segments that stay German, each with the reason: their translation
    loses markup, or breaks the structure of the article.
    """

    text: str
    rejected: tuple[Translated, ...] = ()


def render_article(
    article: Article,
    translations: Iterable[Translated],
    language: str = "",
    links: Mapping[str, str] | None = None,
) -> RenderedArticle:
    """Replace segments of an article by translations; every other character is kept.

    A translation equal to its segment keeps the source as it is. `language` is the target
    language, for marks such as `lang` attributes. `links` maps link targets of the article to
    those of the translation. The result has the structure of the article: what would change
    it is rejected.
    """
    changed = [(segment, text) for segment, text in translations if text != segment.text]
    found = load_format(article.path.suffix.lower())
    if not isinstance(found, MarkupFormat):
        return RenderedArticle(splice(article.text, dict(_replacements(article, changed))))
    rejected: list[Translated] = []
    if changed:
        expected = found.structure(article.text)
        rejected = _find_breaking(article, found, changed, expected)
        broken = {segment for segment, _ in rejected}
        changed = [pair for pair in changed if pair[0] not in broken]
    adapted = found.adapt(article.text, language, links or {})
    renderer = _Renderer(article, found, changed, language, adapted)
    text = renderer.slice(0, len(article.text))
    return RenderedArticle(text, (*renderer.rejected, *rejected))


def _replacements(
    article: Article, changed: Sequence[Translated]
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the replaced spans of a text without markup.

    A wrapped paragraph is filled anew as a whole, because its sentences share lines.
    """
    wrapped = [block for block in article.blocks if block.layout and block.layout.width]
    starts = [block.start for block in wrapped]
    inside: dict[int, list[Translated]] = {}
    for segment, text in changed:
        index = bisect_right(starts, segment.start) - 1
        if index >= 0 and segment.end <= wrapped[index].end:
            inside.setdefault(index, []).append((segment, text))
        else:
            yield (segment.start, segment.end), text
    for index, pairs in inside.items():
        block = wrapped[index]
        yield (block.start, block.end), fill_lines(article, block, pairs)


def splice(text: str, replacements: Mapping[tuple[int, int], str]) -> str:
    """Replace spans of a text, keyed by `(start, end)` in characters.

    Raises ValueError for spans that overlap or are outside of the text.
    """
    parts: list[str] = []
    at = 0
    for start, end in sorted(replacements):
        if not at <= start <= end <= len(text):
            raise ValueError(f"span {start}:{end} overlaps another or is outside of the text")
        parts += (text[at:start], replacements[start, end])
        at = end
    return "".join((*parts, text[at:]))


def _find_breaking(
    article: Article, form: MarkupFormat, pairs: Sequence[Translated], expected: object
) -> list[Translated]:
    """Return the segments whose translation changes the structure, found by bisection."""
    text = _Renderer(article, form, pairs).slice(0, len(article.text))
    if form.structure(text) == expected:
        return []
    if len(pairs) == 1:
        return [(pairs[0][0], _BROKEN)]
    middle = len(pairs) // 2
    halves = (pairs[:middle], pairs[middle:])
    found = [one for half in halves for one in _find_breaking(article, form, half, expected)]
    # Translations that break it only together, such as two halves of a code span.
    return found or [(segment, _BROKEN) for segment, _ in pairs]


@dataclass(frozen=True, slots=True)
class _Replacement:
    start: int
    end: int
    text: str
    segment: Segment | None = None


class _Renderer:
    """Renders spans of an article; a replacement may be inside another one's markup."""

    def __init__(
        self,
        article: Article,
        form: MarkupFormat,
        pairs: Iterable[Translated],
        language: str = "",
        adapted: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        self._text, self._format, self._language = article.text, form, language
        self._encoding = article.encoding
        found = [_Replacement(s.start, s.end, text, s) for s, text in pairs]
        found += [_Replacement(*span, text) for span, text in (adapted or {}).items()]
        self._found = sorted(found, key=lambda r: (r.start, -r.end))
        self._starts = [replacement.start for replacement in self._found]
        self.rejected: list[Translated] = []

    def slice(self, start: int, end: int, first: int = 0) -> str:
        """Return the span `start:end` with the outermost replacements inside it.

        `first` is the index of the first replacement that may be used.
        """
        written: list[str] = []
        line, at = "", start
        for index in range(max(first, bisect_left(self._starts, start)), len(self._found)):
            one = self._found[index]
            if one.start >= end:
                break
            if one.start < at or one.end > end:
                continue
            between = self._text[at : one.start]
            line = _last_line(line, between)
            text = self._render(one, index, line)
            line = _last_line(line, text)
            written += (between, text)
            at = one.end
        return "".join((*written, self._text[at:end]))

    def _render(self, one: _Replacement, index: int, line: str) -> str:
        if one.segment is None:
            return one.text

        def source(fragment: Fragment) -> str:
            # A fragment may have the span of its own segment: only what is inside is replaced.
            return self.slice(fragment.start, fragment.end, index + 1)

        site = RenderSite(line, source, self._language, self._encoding)
        try:
            return self._format.encode(one.segment, one.text, site)
        except MarkupError as error:
            self.rejected.append((one.segment, str(error)))
            return self.slice(one.start, one.end, index + 1)


def _last_line(line: str, added: str) -> str:
    """Return the start of the last line of an output after adding a text to it."""
    at = max(added.rfind("\n"), added.rfind("\r")) + 1
    if at:
        return added[at : at + _LINE_START]
    return line if len(line) >= _LINE_START else line + added[: _LINE_START - len(line)]
