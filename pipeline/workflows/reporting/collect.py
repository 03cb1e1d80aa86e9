"""Collect what a report shows: states, words, findings, terms, effort, progress and texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.catalog import catalog, format_time
from pipeline.core import ArticleError, CatalogError, Severity, State, Translation
from pipeline.core.file_names import real_path
from pipeline.glossary import TermMatcher
from pipeline.project import Project
from pipeline.workflows.check import CheckOptions, check
from pipeline.workflows.count import BANDS, CountOptions, count
from pipeline.workflows.editing.effort import effort_by_engine, read_approvals
from pipeline.workflows.events import Events, SilentEvents
from pipeline.workflows.extract import Extractor, select_articles
from pipeline.workflows.reporting.progress import Point, progress
from pipeline.workflows.run_report import read_reports

__all__ = [
    "ArticleRow",
    "LanguageTotals",
    "ProjectReport",
    "ReportOptions",
    "ReportedText",
    "collect",
]

VERSION = 1
TITLE = "translate report"

STATES = ("approved", "touched", "draft", "missing")
_WEIGHTS = {"errors": 10, "warnings": 2, "unsure": 2, "missing": 1}
"""How much each counts for the risk of an article."""

_UNSURE = 50
_LISTED = 10


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Options of `collect`: some articles and languages, or all.

    `texts` includes all segments with their translations; `runs` are reports of runs.
    """

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    texts: bool = True
    runs: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedText:
    """A segment of an article, its translation and the messages of the findings on it."""

    source: str
    target: str
    state: str
    confidence: int | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a language, in distinct segments; `words_left` are German words to review.

    `unsure` drafts have a confidence below 50 %. `seconds` is the time of drafting in the
    reports of runs. `risk` weighs errors, warnings, unsure drafts and missing segments by the
    number of segments. `note` says that the catalog is damaged or missing.
    """

    article: str
    language: str
    segments: int = 0
    approved: int = 0
    touched: int = 0
    draft: int = 0
    missing: int = 0
    unsure: int = 0
    errors: int = 0
    warnings: int = 0
    words: int = 0
    words_left: int = 0
    terms_required: int = 0
    terms_respected: int = 0
    seconds: float = 0.0
    risk: float = 0.0
    note: str = ""
    texts: tuple[ReportedText, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageTotals:
    """The sums of a language.

    `bands` are words by effort, as `count` returns them. `confidence` counts drafts by tenth,
    from 0-9 % to 90-100 %. `findings` counts them by check and severity.
    """

    language: str
    segments: int
    states: Mapping[str, int]
    words: int
    words_left: int
    terms_required: int
    terms_respected: int
    bands: Mapping[str, int]
    confidence: tuple[int, ...]
    findings: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ProjectReport:
    """Everything a report shows.

    `notices` is what was not checked. `effort` is empty unless the project measures it.
    """

    version: int
    kind: str
    tool: str
    project: str
    date: str
    languages: tuple[LanguageTotals, ...]
    articles: tuple[ArticleRow, ...]
    progress: tuple[Point, ...] = ()
    effort: tuple[Any, ...] = ()
    notices: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())

    @property
    def riskiest(self) -> tuple[ArticleRow, ...]:
        """The articles with the highest risk."""
        ranked = sorted(self.articles, key=lambda row: (-row.risk, row.article, row.language))
        return tuple(row for row in ranked[:_LISTED] if row.risk)

    @property
    def slowest(self) -> tuple[ArticleRow, ...]:
        """The articles that took the longest to draft."""
        ranked = sorted(self.articles, key=lambda row: (-row.seconds, row.article, row.language))
        return tuple(row for row in ranked[:_LISTED] if row.seconds)


def collect(project: Project, options: ReportOptions, events: Events) -> ProjectReport:
    """Read articles and catalogs, run the checks, and read the history in git.

    Writes nothing but the index of the memory. An article or catalog that cannot be read is a
    problem of the report. Raises SettingsError for an unknown language, ArticleError for an
    unknown article or without any, and TrustError for memory outside the project.
    """
    languages = project.select_languages(options.languages)
    counted = count(project, CountOptions(options.paths, languages), events)
    articles = select_articles(project, options.paths, SilentEvents())
    findings, notices = _findings(project, articles, languages)
    seconds = _seconds(options.runs)
    problems = [problem.message for problem in counted.problems]
    extractor = Extractor(project)
    rows = []
    confidences: dict[str, list[int]] = {language: [0] * 10 for language in languages}
    for article in articles:
        name = project.article_name(article)
        try:
            texts = list(dict.fromkeys(s.text for s in extractor.read(article).segments))
        except ArticleError as error:
            problems.append(error.message)
            continue
        for language in languages:
            path = project.catalog(article, language)
            row, entries = _row(name, language, path, texts)
            row = _with_checks(row, entries, extractor.matcher(language), findings.get(path, {}))
            rows.append(_finish(row, entries, texts, findings.get(path, {}), seconds, options))
            for entry in entries.values():
                if entry.confidence is not None:
                    confidences[language][min(9, entry.confidence // 10)] += 1
    bands: dict[str, Counter[str]] = defaultdict(Counter)
    for band in counted.rows:
        bands[band.language][band.band] += band.words
    by_check: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for of_catalog in findings.values():
        for found in of_catalog.values():
            for language, check_id, severity, _ in found:
                by_check[language][check_id][severity] += 1
    totals = tuple(
        _totals(code, rows, bands[code], confidences[code], by_check[code]) for code in languages
    )
    return ProjectReport(
        VERSION,
        TITLE,
        f"translate {__version__}",
        project.name or real_path(project.root).name,
        format_time(),
        totals,
        tuple(rows),
        progress(project, languages),
        tuple(effort_by_engine(read_approvals(project))),
        notices,
        tuple(dict.fromkeys(problems)),
    )


_Found = tuple[str, str, str, str]
"""Language, check, severity and message of a finding."""


def _findings(
    project: Project, articles: Iterable[Path], languages: Iterable[str]
) -> tuple[dict[Path, dict[int, list[_Found]]], tuple[str, ...]]:
    """Return the findings of each catalog by line, and what was not checked."""
    paths = [project.catalog(article, code) for code in languages for article in articles]
    existing = tuple(path for path in paths if path.exists())
    by_path: dict[Path, dict[int, list[_Found]]] = {}
    if not existing:
        return by_path, ("no catalogs: nothing was checked",)
    options = CheckOptions(existing, lowest=Severity.INFO, allow_empty=True)
    result = check(project, options, SilentEvents())
    for one in result.findings:
        if one.path is not None:
            lines = by_path.setdefault(one.path, {})
            found = one.language, one.check, one.severity.value, one.message
            lines.setdefault(one.line, []).append(found)
    return by_path, tuple(notice.message for notice in result.tally.notices)


def _seconds(runs: tuple[Path, ...]) -> dict[tuple[str, str], float]:
    total: dict[tuple[str, str], float] = defaultdict(float)
    for report in read_reports(runs):
        for row in report["catalogs"]:
            total[row["article"], row["language"]] += row["seconds"]
    return total


def _row(
    name: str, language: str, path: Path, texts: list[str]
) -> tuple[ArticleRow, dict[str, Translation]]:
    words = sum(len(text.split()) for text in texts)
    entries: dict[str, Translation] = {}
    note = ""
    if path.exists():
        try:
            entries = {entry.source: entry for entry in catalog.load(path).translations}
        except CatalogError as error:
            note = error.message
    else:
        note = "no catalog yet"
    states = Counter(entries[t].state if t in entries else State.MISSING for t in texts)
    left = [t for t in texts if t not in entries or entries[t].state is not State.APPROVED]
    unsure = sum(
        one.confidence is not None and one.confidence < _UNSURE
        for one in entries.values()
        if one.state is State.DRAFT
    )
    row = ArticleRow(
        name,
        language,
        len(texts),
        states[State.APPROVED],
        states[State.TOUCHED],
        states[State.DRAFT],
        states[State.MISSING],
        unsure,
        words=words,
        words_left=sum(len(text.split()) for text in left),
        note=note,
    )
    return row, entries


def _with_checks(
    row: ArticleRow,
    entries: Mapping[str, Translation],
    matcher: TermMatcher | None,
    findings: Mapping[int, list[_Found]],
) -> ArticleRow:
    """Add findings and the use of glossary terms."""
    severities = Counter(severity for found in findings.values() for _, _, severity, _ in found)
    required = respected = 0
    for entry in entries.values() if matcher else ():
        if entry.target and matcher:
            uses = [use for use in matcher.verify(entry.source, entry.target) if use.targets]
            required += len(uses)
            respected += sum(use.respected and not use.forbidden for use in uses)
    return replace(
        row,
        errors=severities[Severity.ERROR.value],
        warnings=severities[Severity.WARNING.value],
        terms_required=required,
        terms_respected=respected,
    )


def _finish(
    row: ArticleRow,
    entries: Mapping[str, Translation],
    texts: list[str],
    findings: Mapping[int, list[_Found]],
    seconds: Mapping[tuple[str, str], float],
    options: ReportOptions,
) -> ArticleRow:
    """Add risk, time, and the texts if they are wanted."""
    weight = sum(getattr(row, name) * each for name, each in _WEIGHTS.items())
    return replace(
        row,
        risk=round(weight / max(row.segments, 1), 3),
        seconds=round(seconds.get((row.article, row.language), 0.0), 3),
        texts=tuple(_text(text, entries.get(text), findings) for text in texts)
        if options.texts
        else (),
    )


def _text(
    source: str, entry: Translation | None, findings: Mapping[int, list[_Found]]
) -> ReportedText:
    if entry is None:
        return ReportedText(source, "", State.MISSING.value)
    messages = tuple(f"{check}: {message}" for _, check, _, message in findings.get(entry.line, ()))
    return ReportedText(source, entry.target, entry.state.value, entry.confidence, messages)


def _totals(
    language: str,
    rows: Iterable[ArticleRow],
    bands: Mapping[str, int],
    confidence: Iterable[int],
    findings: Mapping[str, Mapping[str, int]],
) -> LanguageTotals:
    own = [row for row in rows if row.language == language]
    return LanguageTotals(
        language,
        sum(row.segments for row in own),
        {state: sum(getattr(row, state) for row in own) for state in STATES},
        sum(row.words for row in own),
        sum(row.words_left for row in own),
        sum(row.terms_required for row in own),
        sum(row.terms_respected for row in own),
        {band: bands.get(band, 0) for band in BANDS},
        tuple(confidence),
        {check: dict(by_severity) for check, by_severity in sorted(findings.items())},
    )
