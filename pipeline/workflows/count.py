"""Word counts before a run, by the effort that each word needs.

The classes are those of the analysis by which translation agencies invoice: what is done,
what a memory supplies, what is repeated, and what is new, with similar texts in bands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.core import ArticleError, CatalogError, Segment, State
from pipeline.memory import TranslationMemory, neighbours
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.extract import ArticleProblem, Extractor, select_articles

__all__ = ["BANDS", "CountOptions", "CountResult", "WordCount", "count"]

_SIMILAR = (95, 85, 75)
"""Lower limits of the bands of similar texts, in percent."""

BANDS = (
    "approved",
    "edited",
    "memory",
    "repeated",
    *(f"similar {low}-{high}" for low, high in zip(_SIMILAR, (99, 94, 84), strict=True)),
    "new",
)
"""The classes of words, from the least effort to the most."""

_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True, slots=True)
class CountOptions:
    """Options of `count`: some articles and languages, or all."""

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordCount:
    """The segments, words and characters of one band of an article in a language.

    Words are separated by white space and contain a letter or digit; characters include
    spaces. Inline markup is not counted.
    """

    article: str
    language: str
    band: str
    segments: int = 0
    words: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class CountResult:
    """A row for each article, language and band; `problems` are articles that were skipped."""

    rows: tuple[WordCount, ...] = ()
    problems: tuple[ArticleProblem, ...] = ()


def count(project: Project, options: CountOptions, events: Events) -> CountResult:
    """Count the words of articles by band, in the order of the articles.

    - `approved`, `edited`: the catalog has a translation that a human approved or edited;
    - `memory`: the memory has an approved translation of the same text;
    - `repeated`: the text occurred before, in this article or an earlier one;
    - `similar`: the memory has a translation of a similar text;
    - `new`: everything else, also if a machine has drafted it.

    Writes nothing but the index of the memory. Raises SettingsError for an unknown language,
    ArticleError for an unknown article or without any, TrustError for memory outside the
    project that the user has not agreed to.
    """
    languages = project.select_languages(options.languages)
    project = project.asking(events.confirm)
    project.require_trust(project.memory_reaches(languages))
    articles = select_articles(project, options.paths, events)
    extractor = Extractor(project)
    rows: list[WordCount] = []
    problems: list[ArticleProblem] = []
    segmented: list[tuple[Path, tuple[Segment, ...]]] = []
    for article in articles:
        try:
            segmented.append((article, extractor.read(article).segments))
        except ArticleError as error:
            problems.append(ArticleProblem(error.message, error.hint))
    with closing(TranslationMemory(project)) as memory:
        for language in languages:
            memory.refresh(language)
            seen: set[str] = set()
            for article, segments in segmented:
                try:
                    states = _states(project.catalog(article, language))
                except CatalogError as error:
                    problems.append(ArticleProblem(error.message, error.hint))
                    continue
                bands = _bands(segments, states, seen, memory, language)
                rows += _sum(project.article_name(article), language, segments, bands)
    return CountResult(tuple(rows), tuple(problems))


def _states(path: Path) -> dict[str, State]:
    """Return the states of the texts in a catalog; none if it does not exist."""
    if not path.exists():
        return {}
    return {entry.source: entry.state for entry in catalog.load(path).translations}


def _bands(
    segments: tuple[Segment, ...],
    states: dict[str, State],
    seen: set[str],
    memory: TranslationMemory,
    language: str,
) -> Iterator[str]:
    """Yield the band of each segment; `seen` are the texts before them."""
    around = neighbours([segment.text for segment in segments])
    human = {State.APPROVED: "approved", State.TOUCHED: "edited"}
    for segment in segments:
        text = segment.text
        band = human.get(states.get(text, State.MISSING), "")
        if not band and memory.exact(language, text, *around[text]):
            band = "memory"
        elif not band and text in seen:
            band = "repeated"
        seen.add(text)
        yield band or _similar_band(memory, language, text)


def _similar_band(memory: TranslationMemory, language: str, text: str) -> str:
    best = memory.similar(language, text, _SIMILAR[-1], 1)
    percent = best[0].percent if best else 0
    names = BANDS[-1 - len(_SIMILAR) : -1]
    bands = (name for low, name in zip(_SIMILAR, names, strict=True) if percent >= low)
    return next(bands, "new")


def _sum(
    article: str, language: str, segments: tuple[Segment, ...], bands: Iterator[str]
) -> Iterator[WordCount]:
    totals = {band: [0, 0, 0] for band in BANDS}
    for segment, band in zip(segments, bands, strict=True):
        text = segment.plain_text
        for index, number in enumerate((1, len(_WORD.findall(text)), len(text))):
            totals[band][index] += number
    for band, numbers in totals.items():
        yield WordCount(article, language, band, *numbers)
