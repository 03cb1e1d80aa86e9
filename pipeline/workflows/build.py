"""Build: render articles with the translations in their catalogs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from pathlib import Path

from pipeline.articles import load_link_targets, render_article
from pipeline.catalog import Catalog, catalog, compile_mo, is_outdated
from pipeline.core import ArticleError, PipelineError, Segment, State
from pipeline.core.input import parse_json
from pipeline.core.parallel import after_chunks, map_in_order
from pipeline.core.system import usable_cores
from pipeline.files import FileState, WriteGroup, atomic
from pipeline.project import Project
from pipeline.workflows.build_state import BuildFingerprints, BuildInputs
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

    line: int
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class ArticleBuild:
    """The result for an article in a language.

    It `is_built` unless it was refused for its gaps, or could not be built because of a
    problem. `rejected` lists the segments that stay German because their translation would
    break the article, each with the reason. `used` counts the translated segments by state (a
    `State`, or `OUTDATED`). `is_current` means that nothing had to be done: the result is that
    of an earlier build.
    """

    article: Path
    language: str
    is_built: bool = False
    gaps: tuple[Gap, ...] = ()
    rejected: tuple[tuple[Segment, str], ...] = ()
    used: Mapping[str, int] = field(default_factory=dict)
    problem: ArticleProblem | None = None
    is_current: bool = False


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
    task = _BuildTask(project, replace(options, paths=(), languages=languages))
    done: list[tuple[int, int, ArticleBuild]] = []
    with closing(_fingerprints(project, options)) as fingerprints:

        def parts() -> Iterator[list[_Due]]:
            part = []
            for number, path in enumerate(articles):
                due = []
                for at, language in enumerate(languages):
                    if current := _current(fingerprints, path, language):
                        done.append((at, number, current))
                    else:
                        due.append(language)
                if due:
                    part.append(_Due(number, path, tuple(due)))
                if len(part) == _CHUNK:
                    yield part
                    part = []
            yield part

        jobs = options.jobs or usable_cores()
        for _, results in map_in_order(task, parts(), jobs, after_chunks(len, _CHUNK)):
            for built in results:
                one = built.result
                done.append((languages.index(one.language), built.number, one))
                if built.inputs:
                    fingerprints.record(one.article, one.language, built.inputs, _note(one))
    done.sort(key=lambda row: row[:2])
    return BuildResult(tuple(one for _, _, one in done))


def _fingerprints(project: Project, options: BuildOptions) -> BuildFingerprints:
    chosen = f"{options.policy.value} {options.allow_outdated}"
    return BuildFingerprints(project, options.encoding or project.encoding, chosen)


def _current(fingerprints: BuildFingerprints, path: Path, language: str) -> ArticleBuild | None:
    """Return the result of an earlier build, if it is still what a build would do."""
    note = fingerprints.note(path, language)
    if note is None:
        return None
    is_built, used, gaps = _parse_note(note)
    return ArticleBuild(path, language, is_built, gaps, used=used, is_current=True)


@lru_cache
def _parse_note(note: str) -> tuple[bool, Mapping[str, int], tuple[Gap, ...]]:
    """Return the parts of a note; most articles share theirs with others."""
    found = parse_json(note)
    return found["built"], found["used"], tuple(Gap(*row) for row in found["gaps"])


def _note(built: ArticleBuild) -> str:
    """Return what `_current` needs of a result."""
    gaps = [(gap.line, gap.text, gap.state) for gap in built.gaps]
    return json.dumps({"built": built.is_built, "used": built.used, "gaps": gaps})


@dataclass(frozen=True, slots=True)
class _Due:
    """An article to build in some languages, and its number in the order of the results."""

    number: int
    path: Path
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Built:
    """A result, and the files to write for it.

    `inputs` are those of a result that the next build may repeat; None for a problem.
    """

    number: int
    result: ArticleBuild
    files: tuple[tuple[Path, bytes], ...] = ()
    inputs: BuildInputs | None = None


@dataclass(frozen=True, slots=True)
class _BuildTask:
    """Builds some articles, and writes the files in groups."""

    project: Project
    options: BuildOptions

    def __call__(self, articles: Sequence[_Due]) -> list[_Built]:
        extractor = Extractor(self.project, encoding=self.options.encoding)
        done: list[_Built] = []
        pending: list[_Built] = []
        with WriteGroup() as group:
            for due in articles:
                for built in self._build_all(due, extractor):
                    pending.append(built)
                    for file in built.files:
                        group.replace(*file)
                    if group.is_full:
                        done += _commit(group, pending)
            done += _commit(group, pending)
        return done

    def _build_all(self, due: _Due, extractor: Extractor) -> Iterator[_Built]:
        try:
            state, segmented = extractor.load(due.path)
        except PipelineError as error:
            for language in due.languages:
                yield _Built(due.number, _problem(due.path, language, error))
            return
        for language in due.languages:
            try:
                yield _build(self.project, segmented, state, due, language, self.options)
            except PipelineError as error:
                yield _Built(due.number, _problem(due.path, language, error))


def _commit(group: WriteGroup, pending: list[_Built]) -> list[_Built]:
    """Write the files of a group; return the results of its articles, without the files."""
    done = []
    try:
        failed = set(group.commit())
    except PipelineError as error:
        done = [_failed(built, error) for built in pending if built.files]
        done += [built for built in pending if not built.files]
        pending.clear()
        return done
    for built in pending:
        try:
            for path, data in built.files:
                if path in failed:
                    atomic.write_atomic(path, data)  # raises the error
        except PipelineError as error:
            done.append(_failed(built, error))
        else:
            done.append(replace(built, files=()))
    pending.clear()
    return done


def _failed(built: _Built, error: PipelineError) -> _Built:
    return _Built(built.number, _problem(built.result.article, built.result.language, error))


def _problem(path: Path, language: str, error: PipelineError) -> ArticleBuild:
    return ArticleBuild(path, language, problem=ArticleProblem.from_error(error))


def _build(
    project: Project,
    segmented: SegmentedArticle,
    article_state: FileState,
    due: _Due,
    language: str,
    options: BuildOptions,
) -> _Built:
    """Build one article; with gaps that the policy does not allow, nothing is to be written."""
    article, path = segmented.article, due.path
    catalog_path = project.catalog(path, language)  # raises ArticleError outside of the project
    project.require_inside(catalog_path, "read")
    loaded, catalog_state = catalog.load_with_state(catalog_path)
    inputs = BuildInputs(article_state, catalog_state)
    states = _states(loaded)
    accepted = _accepted(loaded, states, options)
    gaps = tuple(
        Gap(segment.line, segment.text, states.get(segment.text, State.MISSING))
        for segment in segmented.segments
        if segment.text not in accepted
    )
    if gaps and options.policy is BuildPolicy.APPROVED:
        return _Built(due.number, ArticleBuild(path, language, gaps=gaps), (), inputs)
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
    result = ArticleBuild(path, language, True, gaps, rendered.rejected, used)
    files = ((target, data), (compiled, compile_mo(loaded)))
    written = {file: hashlib.sha256(content).digest() for file, content in files}
    inputs = replace(inputs, written=written)
    return _Built(due.number, result, files, None if rejected else inputs)


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
