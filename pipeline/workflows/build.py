"""Build: render articles with the translations in their catalogs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path

from pipeline.articles import load_link_targets, render_article
from pipeline.catalog import Catalog, catalog, compile_mo, is_outdated
from pipeline.core import ArticleError, PipelineError, Segment, State
from pipeline.files import atomic
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.extract import (
    ArticleProblem,
    Extractor,
    SegmentedArticle,
    in_shard,
    select_articles,
)
from pipeline.workflows.shards import ALL, Shard

__all__ = ["OUTDATED", "ArticleBuild", "BuildOptions", "BuildPolicy", "build"]


class BuildPolicy(Enum):
    """Which translations a built article may contain.

    With `APPROVED`, an article with gaps is refused. With `ALLOW_MISSING` and `DRAFT`,
    gaps stay German.
    """

    APPROVED = "approved"
    ALLOW_MISSING = "allow-missing"
    DRAFT = "draft"


OUTDATED = "outdated"
"""The state of a segment whose translation was made for an earlier German text."""

_ACCEPTED = {
    BuildPolicy.APPROVED: {State.APPROVED},
    BuildPolicy.ALLOW_MISSING: {State.APPROVED},
    BuildPolicy.DRAFT: {State.APPROVED, State.TOUCHED, State.DRAFT},
}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of `build`: some articles and languages, or all, of a shard.

    `allow_outdated` accepts translations of an earlier German text: those a human worked on,
    and with `DRAFT` all. An empty `encoding` is the project's.
    """

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    policy: BuildPolicy = BuildPolicy.APPROVED
    allow_outdated: bool = False
    encoding: str = ""
    shard: Shard = ALL


@dataclass(frozen=True, slots=True)
class Gap:
    """A segment without an accepted translation; its line is that of the article.

    `state` is a `State`, or `OUTDATED`.
    """

    segment: Segment
    state: str


@dataclass(frozen=True, slots=True)
class ArticleBuild:
    """The result for an article in a language.

    `path` is the built file, None if the article was refused for its gaps, or could not be
    built because of a problem. `rejected` lists the segments that stay German because their
    translation would break the article, each with the reason. `used` counts the translated
    segments by state (a `State`, or `OUTDATED`).
    """

    article: Path
    language: str
    path: Path | None = None
    gaps: tuple[Gap, ...] = ()
    rejected: tuple[tuple[Segment, str], ...] = ()
    used: Mapping[str, int] = field(default_factory=dict)
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
    articles = in_shard(project, select_articles(project, options.paths, events), options.shard)
    read = cache(Extractor(project, encoding=options.encoding).read)
    built = []
    for language in languages:
        for article in articles:
            try:
                project.catalog(article, language)  # raises ArticleError outside of the project
                one = _build(project, read(article), article, language, options)
            except PipelineError as error:
                problem = ArticleProblem.from_error(error)
                one = ArticleBuild(article, language, problem=problem)
            built.append(one)
    return BuildResult(tuple(built))


def _build(
    project: Project, segmented: SegmentedArticle, path: Path, language: str, options: BuildOptions
) -> ArticleBuild:
    """Build one article; with gaps that the policy does not allow, nothing is written."""
    article = segmented.article
    catalog_path = project.catalog(path, language)
    project.require_inside(catalog_path, "read")
    loaded = catalog.load(catalog_path)
    states = _states(loaded)
    accepted = _accepted(loaded, states, options)
    gaps = tuple(
        Gap(segment, states.get(segment.text, State.MISSING))
        for segment in segmented.segments
        if segment.text not in accepted
    )
    if gaps and options.policy is BuildPolicy.APPROVED:
        return ArticleBuild(path, language, gaps=gaps)
    translated = [(one, accepted[one.text]) for one in segmented.segments if one.text in accepted]
    links = load_link_targets(project.link_targets, language)
    rendered = render_article(article, translated, language, links)
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
    rejected = {segment for segment, _ in rendered.rejected}
    used = Counter(states[one.text] for one, _ in translated if one not in rejected)
    return ArticleBuild(path, language, target, gaps, rendered.rejected, used)


def _states(loaded: Catalog) -> dict[str, str]:
    """Return the state of each text: a `State`, or `OUTDATED`."""
    states: dict[str, str] = {one.source: one.state for one in loaded.translations}
    outdated = (one for one in loaded.entries if not one.obsolete and is_outdated(one))
    return states | {one.source: OUTDATED for one in outdated if all(one.targets)}


def _accepted(loaded: Catalog, states: Mapping[str, str], options: BuildOptions) -> dict[str, str]:
    """Return the translations that the options allow, by German text."""
    allowed = _ACCEPTED[options.policy]
    outdated = allowed | {State.TOUCHED} if options.allow_outdated else set()
    return {
        one.source: one.target
        for one in loaded.translations
        if one.state in (outdated if states[one.source] == OUTDATED else allowed)
    }
