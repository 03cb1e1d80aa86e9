"""Build: render articles with the translations in their catalogs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from pipeline.articles import load_link_targets, render_article
from pipeline.catalog import Catalog, catalog, compile_mo, is_outdated
from pipeline.core import ArticleError, PipelineError, Segment, State
from pipeline.core.parallel import after_chunks, map_in_order
from pipeline.core.system import usable_cores
from pipeline.files import WriteGroup, atomic
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

_CHUNK = 32  # articles

_ACCEPTED = {
    BuildPolicy.APPROVED: {State.APPROVED},
    BuildPolicy.ALLOW_MISSING: {State.APPROVED},
    BuildPolicy.DRAFT: {State.APPROVED, State.TOUCHED, State.DRAFT},
}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of `build`: some articles and languages, or all, of a shard.

    `allow_outdated` accepts translations of an earlier German text: those a human worked on,
    and with `DRAFT` all. An empty `encoding` is the project's. `jobs` is the number of
    processes (0: one per core if there are many articles).
    """

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    policy: BuildPolicy = BuildPolicy.APPROVED
    allow_outdated: bool = False
    encoding: str = ""
    shard: Shard = ALL
    jobs: int = 0


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
    parts = (articles[at : at + _CHUNK] for at in range(0, len(articles), _CHUNK))
    task = _BuildTask(project, replace(options, paths=(), languages=languages))
    jobs = options.jobs or usable_cores()
    results = map_in_order(task, parts, jobs, after_chunks(len, _CHUNK))
    built = [one for _, result in results for one in result]
    return BuildResult(tuple(sorted(built, key=lambda one: languages.index(one.language))))


@dataclass(frozen=True, slots=True)
class _Built:
    """A result, and the files to write for it."""

    result: ArticleBuild
    files: tuple[tuple[Path, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class _BuildTask:
    """Builds some articles in all languages of the options, and writes the files in groups."""

    project: Project
    options: BuildOptions

    def __call__(self, articles: Sequence[Path]) -> list[ArticleBuild]:
        extractor = Extractor(self.project, encoding=self.options.encoding)
        done: list[ArticleBuild] = []
        pending: list[_Built] = []
        with WriteGroup() as group:
            for path in articles:
                for built in self._build_all(path, extractor):
                    pending.append(built)
                    for file in built.files:
                        group.replace(*file)
                    if group.is_full:
                        done += _commit(group, pending)
            done += _commit(group, pending)
        return done

    def _build_all(self, path: Path, extractor: Extractor) -> Iterator[_Built]:
        try:
            segmented = extractor.read(path)
        except PipelineError as error:
            for language in self.options.languages:
                yield _Built(_problem(path, language, error))
            return
        for language in self.options.languages:
            try:
                yield _build(self.project, segmented, path, language, self.options)
            except PipelineError as error:
                yield _Built(_problem(path, language, error))


def _commit(group: WriteGroup, pending: list[_Built]) -> list[ArticleBuild]:
    """Write the files of a group; return the results of its articles."""
    done = []
    try:
        failed = set(group.commit())
    except PipelineError as error:
        done = [_problem(b.result.article, b.result.language, error) for b in pending if b.files]
        done += [b.result for b in pending if not b.files]
        pending.clear()
        return done
    for built in pending:
        result = built.result
        try:
            for path, data in built.files:
                if path in failed:
                    atomic.write_atomic(path, data)  # raises the error
        except PipelineError as error:
            result = _problem(result.article, result.language, error)
        done.append(result)
    pending.clear()
    return done


def _problem(path: Path, language: str, error: PipelineError) -> ArticleBuild:
    return ArticleBuild(path, language, problem=ArticleProblem.from_error(error))


def _build(
    project: Project, segmented: SegmentedArticle, path: Path, language: str, options: BuildOptions
) -> _Built:
    """Build one article; with gaps that the policy does not allow, nothing is to be written."""
    article = segmented.article
    catalog_path = project.catalog(path, language)  # raises ArticleError outside of the project
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
        return _Built(ArticleBuild(path, language, gaps=gaps))
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
    rejected = {segment for segment, _ in rendered.rejected}
    used = Counter(states[one.text] for one, _ in translated if one not in rejected)
    result = ArticleBuild(path, language, target, gaps, rendered.rejected, used)
    return _Built(result, ((target, data), (compiled, compile_mo(loaded))))


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
