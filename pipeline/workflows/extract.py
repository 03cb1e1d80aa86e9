"""Extraction: cut articles into segments and synchronize their catalogs and templates."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.articles import decode_article, find_markup_format, segment_article
from pipeline.catalog import Message, catalog
from pipeline.catalog.catalog import Change, EditGroup, SyncResult
from pipeline.core import (
    Article,
    ArticleError,
    BlockKind,
    CatalogError,
    GlossaryError,
    PipelineError,
    Segment,
    counted,
    one_line,
)
from pipeline.core.input import read_bytes
from pipeline.core.parallel import after_chunks, map_in_order
from pipeline.core.system import usable_cores
from pipeline.files import FileState, FingerprintStore, digest, read_state, settle_folder
from pipeline.glossary import TermMatcher, file
from pipeline.lang import identify_article
from pipeline.lang.identification import GERMAN, UNKNOWN
from pipeline.project import ArticlePaths, Project
from pipeline.workflows import rename
from pipeline.workflows.events import Events
from pipeline.workflows.shards import ALL, Shard

__all__ = [
    "ArticleProblem",
    "ExtractOptions",
    "ExtractResult",
    "SegmentedArticle",
    "extract",
    "follow_renamed",
    "position",
]

_NOTE = "Drafts by a machine are marked fuzzy; an entry that is not is approved by a human."
_MAX_NAMED = 5  # articles in a message
_MAX_KEPT = 2_000  # articles of which an extractor keeps what it read
_CHUNK, _MAX_CHUNK = 32, 500  # articles to extract together, and all articles of a chunk


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """Options of `extract`.

    `paths` limits it to some articles, `languages` to some languages, `shard` to the
    articles of a shard. `force_language`
    skips language identification. `jobs` is the number of processes (0: one per core if there
    is much to do). `as_new` treats renamed articles as new ones;
    `accept_renames` moves their catalogs without asking. An empty `encoding` is the
    project's.
    """

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    encoding: str = ""
    force_language: bool = False
    as_new: bool = False
    accept_renames: bool = False
    shard: Shard = ALL
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class ArticleProblem:
    """Why an article or one of its catalogs was skipped, and what to do about it.

    `exit_code` is that of the error.
    """

    message: str
    hint: str = ""
    exit_code: int = PipelineError.exit_code

    @classmethod
    def from_error(cls, error: PipelineError) -> ArticleProblem:
        """Return the problem for an error."""
        return cls(error.message, error.hint, error.exit_code)


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """The catalogs and templates that changed, the articles extracted, and the problems."""

    changed: tuple[Path, ...] = ()
    extracted: tuple[Path, ...] = ()
    problems: tuple[ArticleProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentedArticle:
    """An article and its segments."""

    article: Article
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class DueArticle:
    """An article, the languages of its catalogs that are due ("": the template), or an error."""

    path: Path
    codes: tuple[str, ...] = ()
    error: PipelineError | None = None


@dataclass(slots=True)
class ExtractedArticle:
    """What extraction did with an article.

    `state` is that of the article if it was read, `changed` the catalogs that changed,
    `written` the SHA-256 of each catalog that is up to date now, by language.
    `other_language` is the language of an article that is not German, and was left alone.
    `kinds` are its texts outside of paragraphs, by kind, as `Extractor.kinds` returns them.
    """

    path: Path
    state: FileState | None = None
    changed: list[Path] = field(default_factory=list)
    written: dict[str, bytes] = field(default_factory=dict)
    other_language: str = ""
    error: PipelineError | None = None
    is_wrapped: bool = False
    kinds: dict[str, BlockKind] = field(default_factory=dict)


def extract(project: Project, options: ExtractOptions, events: Events) -> ExtractResult:
    """Synchronize the catalogs and templates of articles with their text.

    Catalogs of renamed articles are moved first, if the user agrees. An article that cannot
    be extracted is a problem of the result; the others are extracted all the same. Raises
    SettingsError for an unknown language and GlossaryError for a broken glossary.
    """
    languages = project.select_languages(options.languages)
    extractor = Extractor(project, encoding=options.encoding, force_language=options.force_language)
    try:
        return extract_with(extractor, project, options, languages, events)
    finally:
        extractor.close()


def extract_with(
    extractor: Extractor,
    project: Project,
    options: ExtractOptions,
    languages: Sequence[str],
    events: Events,
    *,
    dry_run: bool = False,
) -> ExtractResult:
    """Extract as `extract` does, with an extractor whose state the caller goes on to use.

    `dry_run` moves no catalogs of renamed articles.
    """
    articles = select_articles(project, options.paths, events)
    articles, problems = follow_renamed(extractor, project, articles, options, events, dry_run)
    changed: list[Path] = []
    extracted = []
    jobs = options.jobs or usable_cores()
    for done in extractor.refresh_all(articles, languages, jobs):
        changed += done.changed
        if done.error:
            problems.append(ArticleProblem.from_error(done.error))
        elif done.other_language:
            problems.append(_not_german(done))
        else:
            extracted.append(done.path)
    _report_wrapped(extractor, project, extracted, events)
    return ExtractResult(tuple(changed), tuple(extracted), tuple(problems))


def select_articles(project: Project, names: Sequence[Path], events: Events) -> tuple[Path, ...]:
    """Return the articles with some names; for none, return all and report ignored files.

    Raises ArticleError as `Project.select_articles` does.
    """
    if names:
        return project.select_articles(names)
    folder = project.article_folder()
    articles = project.require_articles(folder)
    if folder.ignored:
        kinds, names_of_some = folder.ignored_kinds, folder.ignored_names
        events.notice(f"{project.source_dir}: ignored {kinds} ({folder.reads}): {names_of_some}")
    return articles


def in_shard(project: Project, articles: Sequence[Path], shard: Shard) -> tuple[Path, ...]:
    """Return the articles of a shard."""
    if shard.count == 1:
        return tuple(articles)
    return tuple(path for path in articles if _holds(project, shard, path))


def _holds(project: Project, shard: Shard, path: Path) -> bool:
    try:
        return shard.holds(project.stem(path))
    except ArticleError:
        return True  # Every shard reports it.


def _report_wrapped(
    extractor: Extractor, project: Project, articles: Iterable[Path], events: Events
) -> None:
    """Report the articles whose lines were joined to paragraphs, if they were read now."""
    names = [project.article_name(path) for path in articles if path in extractor.wrapped]
    if names:
        shown = ", ".join(names[:_MAX_NAMED]) + f" and {len(names) - _MAX_NAMED} more" * (
            len(names) > _MAX_NAMED
        )
        events.notice(f'{shown}: wrapped lines are paragraphs (to keep them apart: lines = "line")')


def _not_german(found: ExtractedArticle) -> ArticleProblem:
    return ArticleProblem(
        f"{found.path}: not German ({found.other_language}): skipped",
        "Remove it from the folder, or add --force-language if it is German.",
    )


def follow_renamed(
    extractor: Extractor,
    project: Project,
    articles: Sequence[Path],
    options: ExtractOptions,
    events: Events,
    dry_run: bool,
) -> tuple[tuple[Path, ...], list[ArticleProblem]]:
    """Move the catalogs of renamed articles; return the articles to extract, and problems.

    If nobody can be asked, the article is skipped, because new catalogs would hide the old
    ones. With `as_new`, or if the user declines, it is a new article.
    """
    problems: list[ArticleProblem] = []
    skipped = set()
    own = in_shard(project, articles, options.shard)
    # Which article was renamed to which depends on all of them, also on those of other shards.
    renamed = [] if options.as_new else rename.find_renamed(project, articles, extractor.texts)
    if not renamed:
        return own, problems
    members = set(own)
    for one in (pair for pair in renamed if pair.new in members):
        old, new = (project.reference(path) for path in (one.old, one.new))
        similar = (
            f"{new} is likely {old} renamed ({one.shared} of {counted(one.total, 'segment')} match)"
        )
        question = f"{similar}. Move its translations too?"
        agreed = not dry_run and (options.accept_renames or events.confirm(question))
        if agreed:
            try:
                rename.move_article(project, one.old, one.new)
            except PipelineError as error:
                problems.append(ArticleProblem.from_error(error))
                skipped.add(one.new)
            else:
                events.warn(f"moved the catalogs of {old} to {new}")
        elif agreed is None or dry_run:
            hint = (
                f"To move its translations: translate mv {old} {new}, or --yes. "
                "If it is a new article: --as-new."
            )
            problems.append(ArticleProblem(f"{similar}: skipped", hint))
            skipped.add(one.new)
    return tuple(a for a in own if a not in skipped), problems


class Extractor:
    """Extracts articles; each is read and segmented at most once.

    Fingerprints of a catalog's inputs (article, glossary, settings) and of the file show
    which catalogs are up to date. An instance serves one run: it caches glossaries and what
    drafting needs to know of the articles.
    """

    def __init__(self, project: Project, *, encoding: str = "", force_language: bool = False):
        self._project = project
        self._encoding = encoding or project.encoding
        self._force = force_language
        self._fingerprints = FingerprintStore(project.root)
        self._matchers: dict[str, TermMatcher | None] = {}
        self._glossaries: dict[str, bytes] = {}
        self.paths = ArticlePaths(project)
        self._constants: dict[str, str] = {}
        self._contents_seen: dict[Path, bytes] = {}
        self._read: dict[Path, tuple[FileState, SegmentedArticle]] = {}
        self._kinds: dict[Path, dict[str, BlockKind]] = {}
        self._settled: set[str] = set()
        self.wrapped: set[Path] = set()
        """The articles read so far that have paragraphs of wrapped lines."""

    def read(self, path: Path) -> SegmentedArticle:
        """Read and segment an article; raises ArticleError."""
        return self.load(path)[1]

    def load(self, path: Path) -> tuple[FileState, SegmentedArticle]:
        """Return the state of an article, and its segments; raises ArticleError."""
        data, state = read_state(path, lambda: read_bytes(path, ArticleError))
        article = decode_article(path, data, self._encoding, self._project.format_options)
        segments = catalog_segments(self._project, article)
        if _has_wrapped_lines(article):
            self.wrapped.add(path)
        kinds = {segment.text: segment.kind for segment in segments}
        self._kinds[path] = {
            text: kind for text, kind in kinds.items() if kind is not BlockKind.PARAGRAPH
        }
        _limit(self._kinds)
        return state, SegmentedArticle(article, segments)

    def texts(self, path: Path) -> frozenset[str]:
        """Return the distinct texts of an article, none if it cannot be read.

        What was read is kept for `refresh`, which reports the error of an unreadable article.
        """
        try:
            state, segmented = self.load(path)
        except ArticleError:
            return frozenset()
        if len(self._read) < _MAX_KEPT:
            self._read[path] = state, segmented
        return frozenset(segment.text for segment in segmented.segments)

    def kinds(self, path: Path) -> dict[str, BlockKind]:
        """Return the kinds of the texts of an article that are not in a paragraph.

        Reads the article unless this instance
        extracted it; raises ArticleError.
        """
        if path not in self._kinds:
            self.read(path)
        return self._kinds[path]

    def matcher(self, language: str) -> TermMatcher | None:
        """Return the term matcher of a language, None without a glossary; raises GlossaryError."""
        if language not in self._matchers:
            self._glossary(language)  # first, so that a change meanwhile is seen by the next run
            path = self._project.glossary(language)
            self._matchers[language] = (
                TermMatcher(file.load_glossary(path, language)) if path.is_file() else None
            )
        return self._matchers[language]

    def refresh(self, path: Path, languages: Sequence[str]) -> ExtractedArticle:
        """Synchronize an article's catalogs and template, as `refresh_all` does.

        Raises ArticleError and CatalogError.
        """
        (done,) = self.refresh_all([path], languages)
        if done.error:
            raise done.error
        return done

    def refresh_all(
        self, articles: Sequence[Path], languages: Sequence[str], jobs: int = 1
    ) -> Iterator[ExtractedArticle]:
        """Synchronize the catalogs and templates of articles, in up to `jobs` processes.

        Yields a result for each article, in order. Catalogs with unchanged inputs are not even
        parsed. An article that is not German is left alone, unless its language is forced.
        Errors of an article or catalog, also those for a symbolic link that leads a file
        outside the project, are in its result. Raises GlossaryError, and PipelineError for a
        file that cannot be written.
        """
        task = _ExtractionTask(self, pickle.dumps((self._project, self._encoding, self._force)))
        is_warm = after_chunks(_count_written, _CHUNK)
        chunks = self._chunks(articles, languages)
        for _, results in map_in_order(task, chunks, jobs, is_warm):
            for one in results:
                self._record(one)
                if one.error and not isinstance(one.error, ArticleError | CatalogError):
                    raise one.error
                yield one

    def extract_chunk(self, chunk: Sequence[DueArticle]) -> list[ExtractedArticle]:
        """Synchronize the catalogs of articles that are due; uses no fingerprints."""
        results: list[ExtractedArticle] = []
        group: EditGroup[SyncResult] = EditGroup()
        staged: list[tuple[int, str]] = []

        def commit() -> None:
            for (number, code), edit in zip(staged, group.commit(), strict=True):
                if isinstance(edit, PipelineError):
                    results[number].error = results[number].error or edit
                    continue
                results[number].written[code] = hashlib.sha256(edit.after).digest()
                if edit.result.changed:
                    results[number].changed.append(edit.path)
            staged.clear()

        try:
            for due in chunk:
                results.append(ExtractedArticle(due.path, error=due.error))
                try:
                    edits = self._edits(due, results[-1]) if due.codes else []
                except (ArticleError, CatalogError) as error:
                    results[-1].error = error
                    continue
                for code, target, edit in edits:
                    group.edit(target, edit, create=True)
                    staged.append((len(results) - 1, code))
                    if group.is_full:
                        commit()
            commit()
        finally:
            group.discard()
        return results

    def _chunks(
        self, articles: Sequence[Path], languages: Sequence[str]
    ) -> Iterator[list[DueArticle]]:
        """Yield the articles with the catalogs that are due, in chunks of similar work."""
        chunk: list[DueArticle] = []
        work = 0
        for path in articles:
            try:
                chunk.append(self._due(path, languages))
            except (ArticleError, CatalogError) as error:
                chunk.append(DueArticle(path, error=error))
            work += bool(chunk[-1].codes)
            if work >= _CHUNK or len(chunk) >= _MAX_CHUNK:
                yield chunk
                chunk, work = [], 0
        yield chunk

    def _due(self, path: Path, languages: Sequence[str]) -> DueArticle:
        codes = (*languages, "")
        for code in codes:
            name = self.paths.catalog_name(path, code)
            self.paths.require_inside(name)
            self._settle(name)
        content = self._fingerprints.known_content(path) if path not in self._read else None
        if content is None:
            return DueArticle(path, codes)
        # Edits from here on were not extracted: they must not count as done.
        self._remember(path, content)
        return DueArticle(path, tuple(code for code in codes if not self.is_current(path, code)))

    def _edits(
        self, due: DueArticle, result: ExtractedArticle
    ) -> list[tuple[str, Path, Change[SyncResult]]]:
        """Return the edits of an article's catalogs, none if it is not German."""
        path = due.path
        state, segmented = self._read.pop(path) if path in self._read else self.load(path)
        result.state, result.is_wrapped = state, path in self.wrapped
        result.kinds = self._kinds.get(path, {})
        if not self._force and segmented.segments:
            found = identify_article(segmented.article)
            if found.language not in (GERMAN, UNKNOWN):
                result.other_language = found.language
                return []
        name = self._project.name or self._project.root.name
        reference = self._project.reference(path)
        edits = []
        for code in due.codes:
            target = self.paths.catalog(path, code)
            wanted = messages(reference, segmented.segments, self.matcher(code))
            edit = catalog.synchronization(target, code, wanted, project=name, note=_NOTE)
            edits.append((code, target, edit))
        return edits

    def _record(self, done: ExtractedArticle) -> None:
        """Record what was extracted, possibly by another process."""
        path = done.path
        if done.state is None:
            return
        self._remember(path, done.state.content)
        self._fingerprints.record_content(path, done.state)
        if done.is_wrapped:
            self.wrapped.add(path)
        self._kinds[path] = done.kinds
        _limit(self._kinds)
        for code, content in done.written.items():
            self.mark_current(path, code, content)

    def is_current(self, path: Path, code: str) -> bool:
        """Whether a catalog is up to date and unchanged since this tool wrote it."""
        target = self.paths.catalog_name(path, code)
        return self._fingerprints.matches("extracted", target, self._seen(path, code))

    def was_current(self, path: Path, code: str, content: bytes) -> bool:
        """Whether a catalog was up to date when its content had this SHA-256."""
        target = self.paths.catalog_name(path, code)
        return self._fingerprints.matches_content(
            "extracted", target, self._seen(path, code), content
        )

    def mark_current(self, path: Path, code: str, content: bytes) -> None:
        """Record that the catalog of a language is up to date when it has this SHA-256."""
        target = self.paths.catalog_name(path, code)
        self._fingerprints.record_written("extracted", target, self._seen(path, code), content)

    def is_exhausted(self, path: Path, code: str, engine_id: str) -> bool:
        """Whether an engine and its model have already tried everything in a catalog."""
        inputs = self._seen(path, code) + engine_id
        return self._fingerprints.matches("filled", self.paths.catalog_name(path, code), inputs)

    def mark_exhausted(self, path: Path, code: str, engine_id: str) -> None:
        """Record that an engine and its model have tried everything in a catalog."""
        inputs = self._seen(path, code) + engine_id
        self._fingerprints.record("filled", self.paths.catalog_name(path, code), inputs)

    def complete_counts(self, path: Path, code: str) -> tuple[int, ...] | None:
        """Return the numbers of `mark_complete` if the catalog and its inputs are unchanged."""
        target = self.paths.catalog_name(path, code)
        note = self._fingerprints.note("complete", target, self._seen(path, code))
        return tuple(map(int, note.split())) if note else None

    def mark_complete(self, path: Path, code: str, counts: Sequence[int]) -> None:
        """Record, with some numbers, that nothing is missing in a catalog, and nothing is due."""
        target = self.paths.catalog_name(path, code)
        note = " ".join(map(str, counts))
        self._fingerprints.record("complete", target, self._seen(path, code), note)

    def flush(self) -> None:
        """Write the fingerprints to the cache folder, and go on."""
        self._fingerprints.flush()

    def close(self) -> None:
        """Write the fingerprints to the cache folder."""
        self._fingerprints.close()

    def _settle(self, path: str) -> None:
        """Finish what killed writers left beside a catalog: there may be nothing to write."""
        folder = os.path.dirname(path)  # noqa: PTH120 - this is the inner loop
        if folder not in self._settled:
            self._settled.add(folder)
            settle_folder(Path(folder))

    def _seen(self, path: Path, code: str) -> str:
        """Return the fingerprint of the inputs with which a catalog was last extracted."""
        content = self._contents_seen.get(path) or self._fingerprints.known_content(path)
        if content is None:
            content = hashlib.sha256(read_bytes(path, ArticleError)).digest()
        self._remember(path, content)
        if code not in self._constants:
            project, force = self._project, self._force
            settings = f"{self._encoding} {project.segmentation} {force} {project.format_options}"
            settings += f" {project.boilerplate}"
            self._constants[code] = digest(self._glossary(code), settings.encode())
        return content.hex() + self._constants[code]

    def _remember(self, path: Path, content: bytes) -> None:
        """Remember the content with which an article was extracted, for its next fingerprints.

        The content of an article that was forgotten is that of the file now: if it was edited
        meanwhile, no fingerprint of the extracted content matches.
        """
        self._contents_seen[path] = content
        _limit(self._contents_seen)

    def _glossary(self, code: str) -> bytes:
        if code not in self._glossaries:
            path = self._project.glossary(code)
            self._glossaries[code] = (
                read_bytes(path, GlossaryError) if code and path.is_file() else b""
            )
        return self._glossaries[code]


def _limit(kept: dict[Path, Any]) -> None:
    """Forget the oldest of many articles: the memory of a run does not grow with the project."""
    while len(kept) > _MAX_KEPT:
        del kept[next(iter(kept))]


def _count_written(results: Sequence[ExtractedArticle]) -> int:
    return sum(bool(one.written) for one in results)


class _ExtractionTask:
    """Calls `Extractor.extract_chunk`, in another process with an extractor of its own."""

    def __init__(self, extractor: Extractor | None, setup: bytes) -> None:
        self._extractor, self._setup = extractor, setup

    def __call__(self, chunk: Sequence[DueArticle]) -> list[ExtractedArticle]:
        return (self._extractor or _worker_extractor(self._setup)).extract_chunk(chunk)

    def __reduce__(self) -> tuple[type[_ExtractionTask], tuple[None, bytes]]:
        return _ExtractionTask, (None, self._setup)


@lru_cache(maxsize=1)
def _worker_extractor(setup: bytes) -> Extractor:
    """Return the extractor of a worker process, which serves one run."""
    project, encoding, force = pickle.loads(setup)
    return Extractor(project, encoding=encoding, force_language=force)


def catalog_segments(project: Project, article: Article) -> tuple[Segment, ...]:
    """Return the segments of an article that its catalogs have, by the project's settings."""
    segments = segment_article(article, project.segmentation)
    if project.boilerplate != "skip":
        return segments
    return tuple(one for one in segments if one.kind is not BlockKind.BOILERPLATE)


def _has_wrapped_lines(article: Article) -> bool:
    """Return whether lines of plain text were joined; formats with markup do so by their rules."""
    wrapped = any(block.layout and block.layout.width for block in article.blocks)
    return wrapped and find_markup_format(article.path.suffix.lower()) is None


def messages(
    reference: str, segments: Sequence[Segment], matcher: TermMatcher | None
) -> list[Message]:
    """Return one message per distinct text, in article order, with all its positions.

    `reference` is the article's name in `#:` comments. The extracted comments tell a
    translator what the text is, its position, and the translations the glossary requires.
    """
    positions: dict[str, list[Segment]] = {}
    for segment in segments:
        positions.setdefault(segment.text, []).append(segment)
    found = []
    for text, at in positions.items():
        comments = list(dict.fromkeys(position(segment) for segment in at))
        comments += dict.fromkeys(line for segment in at for line in _legend(segment))
        if matcher:
            required = matcher.required(at[0].plain_text)
            comments += [f"glossary: {term} → {target}" for term, target in required]
        references = tuple(dict.fromkeys(f"{reference}:{segment.line}" for segment in at))
        found.append(Message(text, references, tuple(comments)))
    return found


def position(segment: Segment) -> str:
    """Describe the position of a segment: "paragraph 3, sentence 2 of 4"."""
    where = segment.label or f"{segment.kind.value} {segment.block}"
    if segment.count == 1:
        return where
    return f"{where}, sentence {segment.number} of {segment.count}"


def _legend(segment: Segment) -> Iterator[str]:
    """Yield what the markup tokens of a segment are, for translators."""
    for fragment in segment.fragments:
        if fragment.markup is not None and fragment.markup.legend:
            yield one_line(fragment.markup.legend)
