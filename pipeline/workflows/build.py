"""Build: render articles with the translations in their catalogs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from pipeline.articles import render_article
from pipeline.catalog import catalog, compile_mo
from pipeline.core import ArticleError, PipelineError, Segment, State, Translation
from pipeline.files import atomic
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.extract import ArticleProblem, Extractor, SegmentedArticle

__all__ = ["ArticleBuild", "BuildOptions", "BuildPolicy", "build"]


class BuildPolicy(Enum):
    """Which translations a built article may contain.

    With `APPROVED`, an article with gaps is refused. With `ALLOW_MISSING` and `DRAFT`,
    gaps stay German.
    """

    APPROVED = "approved"
    ALLOW_MISSING = "allow-missing"
    DRAFT = "draft"


_ACCEPTED = {
    BuildPolicy.APPROVED: {State.APPROVED},
    BuildPolicy.ALLOW_MISSING: {State.APPROVED},
    BuildPolicy.DRAFT: {State.APPROVED, State.TOUCHED, State.DRAFT},
}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of `build`: some articles and languages, or all.

    An empty `encoding` is the project's.
    """

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    policy: BuildPolicy = BuildPolicy.APPROVED
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A segment without an accepted translation; its line is that of the article."""

    segment: Segment
    state: State


@dataclass(frozen=True, slots=True)
class ArticleBuild:
    """The result for an article in a language.

    `path` is the built file, None if the article was refused for its gaps, or could not be
    built because of a problem. `rejected` lists the segments that stay German because their
    translation would break the article, each with the reason.
    """

    article: Path
    language: str
    path: Path | None = None
    gaps: tuple[Gap, ...] = ()
    rejected: tuple[tuple[Segment, str], ...] = ()
    problem: ArticleProblem | None = None


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The articles, by language."""

    articles: tuple[ArticleBuild, ...] = ()


def build(project: Project, options: BuildOptions, events: Events) -> BuildResult:
    """Build the translations of articles, and a `.mo` file beside each catalog.

    Every character outside the segments is kept. An article that cannot be built is a
    problem of the result; the others are built all the same. Raises SettingsError for an
    unknown language, and ArticleError if the project has no articles.
    """
    languages = project.select_languages(options.languages)
    articles = options.paths or project.articles()
    read = cache(Extractor(project, encoding=options.encoding).read)
    built = []
    for language in languages:
        for article in articles:
            try:
                project.catalog(article, language)  # raises ArticleError outside of the project
                one = _build(project, read(article), article, language, options.policy)
            except PipelineError as error:
                problem = ArticleProblem(error.message, error.hint)
                one = ArticleBuild(article, language, problem=problem)
            built.append(one)
    return BuildResult(tuple(built))


def _build(
    project: Project, segmented: SegmentedArticle, path: Path, language: str, policy: BuildPolicy
) -> ArticleBuild:
    """Build one article; with gaps that the policy does not allow, nothing is written."""
    article = segmented.article
    loaded = catalog.load(project.catalog(path, language))
    entries = {entry.source: entry for entry in loaded.translations}
    translated, gaps = _partition(segmented.segments, entries, _ACCEPTED[policy])
    if gaps and policy is BuildPolicy.APPROVED:
        return ArticleBuild(path, language, gaps=gaps)
    rendered = render_article(article, translated, language)
    target = project.built_article(path, language)
    try:
        data = rendered.text.encode(article.encoding)
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise ArticleError(
            f"{target}: {character!r} does not exist in {article.encoding}",
            "Save the German article as UTF-8.",
        ) from error
    compiled = loaded.path.with_suffix(".mo")
    for output in (target, compiled):
        project.require_inside(output)
    target.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_atomic(target, data)
    atomic.write_atomic(compiled, compile_mo(loaded))
    return ArticleBuild(path, language, target, gaps, rendered.rejected)


def _partition(
    segments: Iterable[Segment], entries: dict[str, Translation], accepted: set[State]
) -> tuple[list[tuple[Segment, str]], tuple[Gap, ...]]:
    """Separate the segments with an accepted translation, paired with it, from the gaps."""
    translated, gaps = [], []
    for segment in segments:
        entry = entries.get(segment.text)
        if entry and entry.state in accepted:
            translated.append((segment, entry.target))
        else:
            gaps.append(Gap(segment, entry.state if entry else State.MISSING))
    return translated, tuple(gaps)
