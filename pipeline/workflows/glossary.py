"""Glossaries: lint, find terms, count, suggest terms, import and export termbases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.articles import read_article
from pipeline.core import (
    Article,
    Finding,
    GlossaryError,
    SettingsError,
    Term,
    TermMatch,
    TermStatus,
)
from pipeline.core.file_names import real_path
from pipeline.files import atomic
from pipeline.glossary import (
    COLUMNS,
    EditedTerm,
    Glossary,
    RowProblem,
    Termbase,
    TermCandidate,
    TermMatcher,
    empty_glossary,
    is_same_target,
    lint_glossary,
    load_glossary,
    lossy_terms,
    read_termbase,
    render_csv,
    render_termbase,
)
from pipeline.glossary import extract_terms as find_candidates
from pipeline.project import Project, find_project
from pipeline.workflows.edits import edited_terms
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import TERMBASE, is_stream, require_writable, write_output
from pipeline.workflows.unused_glossaries import unused_glossaries, unused_styles

__all__ = [
    "CandidateOptions",
    "GlossaryOptions",
    "GlossaryStatsOptions",
    "LineTerms",
    "LintOptions",
    "TermExportOptions",
    "TermImportOptions",
    "export_terms",
    "extract_terms",
    "find_terms",
    "import_terms",
    "learn_terms",
    "lint",
    "read_terms",
    "stats",
]


@dataclass(frozen=True, slots=True)
class LintOptions:
    """Options of `lint`: glossary files, or all of the project."""

    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class LintResult:
    """The linted files and their findings."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class GlossaryOptions:
    """The glossary to use: a file, or the project's of a language (its first if empty).

    A file whose name contains no language needs `language`.
    """

    path: Path | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class LineTerms:
    """A line of text and the terms found in it."""

    line: str
    matches: tuple[TermMatch, ...]


@dataclass(frozen=True, slots=True)
class GlossaryStatsOptions:
    """Options of `stats`: some languages, or all."""

    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GlossaryStats:
    """The rows of a glossary by status, and how often its terms occur in the articles.

    `uses` is ordered by frequency; `unused` are the terms that do not occur.
    """

    language: str
    rows: Mapping[TermStatus, int]
    uses: Mapping[str, int]
    unused: tuple[str, ...]
    articles: int


@dataclass(frozen=True, slots=True)
class CandidateOptions:
    """Options of `extract_terms`.

    `paths` are files to search instead of the articles; terms of the glossary of `language`
    are not suggested. A candidate occurs `min_count` times or more. `from_edits` is for
    `learn_terms`, which reads the catalogs of the articles instead.
    """

    paths: tuple[Path, ...] = ()
    language: str = ""
    min_count: int = 2
    limit: int = 50
    from_edits: bool = False


@dataclass(frozen=True, slots=True)
class TermImportOptions:
    """Options of `import_terms`: a termbase, its language, and the glossary file to extend.

    An empty `language` is the project's first; without `output`, the project's glossary is
    extended.
    """

    file: Path
    language: str = ""
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class TermImportResult:
    """The glossary file, the number of rows added, and of terms that it had already.

    `problems` are the parts of the termbase that a glossary cannot contain.
    """

    path: Path
    added: int
    existing: int
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class TermExportOptions:
    """Options of `export_terms`: the file to write, whose suffix is the format.

    If `file` is `-`, or another stream without a suffix, TBX is written to it.
    """

    file: Path
    glossary: GlossaryOptions = GlossaryOptions()
    force: bool = False


@dataclass(frozen=True, slots=True)
class TermExportResult:
    """The number of rows written, and the rows that the format cannot hold completely."""

    rows: int
    lossy: tuple[Term, ...] = ()


def lint(project: Project | None, options: LintOptions, events: Events) -> LintResult:
    """Lint glossary files; needs a project only without files.

    Raises GlossaryError for a file that cannot be read, or if the project has none.
    """
    files = options.files
    if files:
        unused = [finding for path in files for finding in _unused(path)]
    else:
        root = _require(project)
        files = tuple(sorted((root.root / root.glossary_dir).glob("*.csv")))
        if not files:
            name = root.glossary(root.languages[0]).relative_to(root.root)
            raise GlossaryError(f"no glossary in {root.glossary_dir}", f"Add {name}.")
        unused = [*unused_glossaries(root), *unused_styles(root)]
    return LintResult(files, (*unused, *(f for path in files for f in lint_glossary(path))))


def _unused(path: Path) -> Iterator[Finding]:
    """Yield a warning if a file is in the folder of a project, but no language uses it."""
    try:
        project = find_project(path.parent)
    except SettingsError:
        return
    for finding in unused_glossaries(project):
        if finding.path and real_path(finding.path) == real_path(path):
            yield replace(finding, path=path)


def find_terms(
    project: Project | None, options: GlossaryOptions, lines: Iterable[str], events: Events
) -> Iterator[LineTerms]:
    """Load a glossary and find its terms in lines, one after another.

    Needs a project only without a glossary file. Raises GlossaryError for a broken glossary.
    """
    matcher = TermMatcher(_load(project, options))
    return (LineTerms(line, matcher.find(line)) for line in lines)


def stats(
    project: Project, options: GlossaryStatsOptions, events: Events
) -> tuple[GlossaryStats, ...]:
    """Count rows, and uses of terms in all articles; parts of words do not count."""
    articles = [
        read_article(path, project.encoding, project.format_options) for path in project.articles()
    ]
    return tuple(
        _stats(language, _own_glossary(project, language), articles)
        for language in project.select_languages(options.languages)
    )


def extract_terms(
    project: Project, options: CandidateOptions, events: Events
) -> tuple[TermCandidate, ...]:
    """Return frequent expressions that are not in the glossary, the most frequent first."""
    language = _language(project, options.language)
    matcher = TermMatcher(_own_glossary(project, language))
    paths = [
        path
        for name in options.paths
        for path in ((name,) if name.is_file() else project.select_articles([name]))
    ] or project.articles()
    articles = [
        (path.name, read_article(path, project.encoding, project.format_options)) for path in paths
    ]
    return tuple(find_candidates(articles, matcher, options.min_count)[: options.limit])


def learn_terms(
    project: Project, options: CandidateOptions, events: Events
) -> tuple[EditedTerm, ...]:
    """Return the terms that reviewers put into drafts in `min_count` segments or more.

    Terms of the glossary are not suggested.
    """
    language = _language(project, options.language)
    matcher = TermMatcher(_own_glossary(project, language))
    articles = project.select_articles(options.paths)
    found = edited_terms(project, articles, language, matcher, options.min_count, events)
    return found[: options.limit]


def import_terms(
    project: Project | None, options: TermImportOptions, events: Events
) -> TermImportResult:
    """Add the terms of a termbase to a glossary file; its own rows are not changed.

    Needs a project only without `language` or `output`. Raises GlossaryError for a broken
    termbase or glossary.
    """
    language = _language(project, options.language) if project else options.language
    path = options.output or _require(project).glossary(language)
    found = read_terms(project, options, events)
    terms, problems = found.terms, found.problems
    if options.output is not None and (is_stream(path) or not path.exists()):
        write_output(path, render_csv(terms).encode(), TERMBASE)
        return TermImportResult(path, len(terms), 0, problems)
    added, refused = add_terms(path, terms, language)
    existing = len({term.source for term in terms}) - len({term.source for term in added})
    problems += refused
    return TermImportResult(path, len(added), existing, problems)


def read_terms(project: Project | None, options: TermImportOptions, events: Events) -> Termbase:
    """Read the terms of a termbase; raises GlossaryError as `import_terms` does."""
    language = _language(project, options.language) if project else options.language
    return read_termbase(options.file, language)


def add_terms(
    path: Path, terms: tuple[Term, ...], language: str
) -> tuple[tuple[Term, ...], tuple[RowProblem, ...]]:
    """Append terms to a glossary file; return those added, and what its rows contradict.

    Added are terms whose source the file does not have, and forbidden targets of the others.
    Raises GlossaryError for a broken file, or one with other columns than usual.
    """
    if not terms:
        return (), ()
    if not path.exists():
        atomic.write_atomic(path, render_csv(terms).encode())
        return terms, ()
    own = load_glossary(path, language).terms
    known = {term.source for term in own}
    added, problems = [], []
    for term in terms:
        if term.source not in known:
            added.append(term)
        elif term.status is TermStatus.FORBIDDEN:
            rows = [row for row in own if row.source == term.source]
            targets, contradictions = _new_forbidden(path, term, rows, language)
            problems += contradictions
            added += [replace(term, targets=targets, forms=())] if targets else []
    if added:
        _append(path, added)
    return tuple(added), tuple(problems)


def _new_forbidden(
    path: Path, term: Term, rows: Sequence[Term], language: str
) -> tuple[tuple[str, ...], list[RowProblem]]:
    """Return the forbidden targets that rows neither forbid nor accept, and those accepted."""
    new, problems = [], []
    for target in term.targets:
        same = next((row for row in rows if _has_target(row, target, language)), None)
        if same is None:
            new.append(target)
        elif same.status is not TermStatus.FORBIDDEN:
            message = f"{target!r} is deprecated for {term.source!r}, but {path}:{same.line}"
            problems.append(RowProblem(0, f"{message} accepts it", "Change that row by hand."))
    return tuple(new), problems


def _has_target(row: Term, target: str, language: str) -> bool:
    if row.status is TermStatus.FORBIDDEN:
        return target in row.targets
    return any(
        is_same_target(target, own, language, exact_case=row.exact_case) for own in row.targets
    )


def _append(path: Path, added: Iterable[Term]) -> None:
    text = path.read_bytes().decode("utf-8")
    header = text.removeprefix("\ufeff").lstrip("\r\n").splitlines()[0]
    if header.strip() != ",".join(COLUMNS):
        raise GlossaryError(
            f"{path}: its columns are not {','.join(COLUMNS)}",
            "Import to another file with --output, and merge the two by hand.",
        )
    rows = render_csv(added, header=False)
    newline = "\r\n" if "\r\n" in text else "\n"
    separator = "" if text.endswith("\n") else newline
    atomic.write_atomic(path, (text + separator + rows.replace("\n", newline)).encode())


def export_terms(
    project: Project | None, options: TermExportOptions, events: Events
) -> TermExportResult:
    """Write a glossary as a termbase.

    Raises GlossaryError for an unknown suffix or language, or if the file exists and
    `force` is not set.
    """
    glossary, file = _load(project, options.glossary), options.file
    require_writable(file, TERMBASE, force=options.force)
    if not glossary.language:
        hint = "Name the language with --lang."
        raise GlossaryError(f"{glossary.path}: which language?", hint)
    named = file if file.suffix or not is_stream(file) else Path("termbase.tbx")
    data = render_termbase(named, glossary.terms, glossary.language)
    write_output(file, data, TERMBASE, force=options.force)
    return TermExportResult(
        len(glossary.terms), lossy_terms(named, glossary.terms, glossary.language)
    )


def _language(project: Project, language: str) -> str:
    """Return a language of the project, its first if empty."""
    return project.select_languages([language] if language else project.languages[:1])[0]


def _require(project: Project | None) -> Project:
    assert project is not None, "these options need a project"
    return project


def _load(project: Project | None, options: GlossaryOptions) -> Glossary:
    if options.path is not None:
        return load_glossary(options.path, options.language or None)
    own = _require(project)
    language = _language(own, options.language)
    return load_glossary(own.glossary(language), language)


def _own_glossary(project: Project, language: str) -> Glossary:
    """Load the project's glossary of a language, an empty one if there is no file."""
    path = project.glossary(language)
    return load_glossary(path, language) if path.is_file() else empty_glossary(language)


def _stats(language: str, glossary: Glossary, articles: Iterable[Article]) -> GlossaryStats:
    articles = list(articles)
    matcher = TermMatcher(glossary)
    uses = Counter(
        match.term.source
        for article in articles
        for block in article.blocks
        for match in matcher.find(article.plain_text(block))
        if not match.compound
    )
    rows = Counter(term.status for term in glossary.terms)
    unused = dict.fromkeys(t.source for t in glossary.terms if t.source not in uses)
    return GlossaryStats(language, rows, dict(uses.most_common()), tuple(unused), len(articles))
