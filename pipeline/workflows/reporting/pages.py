"""Show a report as one HTML page without scripts or other files, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from pipeline.core import counted, shorten
from pipeline.workflows.reporting.charts import Series, badge, bars, stacked_areas, stacked_bar
from pipeline.workflows.reporting.collect import (
    STATES,
    ArticleRow,
    LanguageTotals,
    ProjectReport,
    ReportedText,
)

__all__ = ["MARKER", "badges", "html", "is_page", "markdown"]

MARKER = "<!-- translate report -->"
"""The first line of the Markdown report, by which CI finds the comment to update."""

_HTML_MARKER = '<meta name="generator" content="translate report">'

_STYLE = """
:root { color-scheme: light dark; --approved: #2e7d32; --touched: #7cb342; --draft: #e0a100;
  --missing: #9e9e9e; --bar: #3367a8; --line: #8886; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; } .scroll { overflow-x: auto; }
th, td { text-align: start; padding: .25rem .5rem; border-bottom: 1px solid var(--line);
  vertical-align: top; } td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; max-height: 14rem; } svg text { font-size: 11px;
  text-anchor: middle; fill: currentColor; } svg text.start { text-anchor: start; }
svg text.end { text-anchor: end; }
rect.approved, polygon.approved { fill: var(--approved); } rect.touched, polygon.touched {
  fill: var(--touched); } rect.draft, polygon.draft { fill: var(--draft); }
rect.missing, polygon.missing { fill: var(--missing); } rect.bar { fill: var(--bar); }
.key { display: inline-block; width: .8em; height: .8em; margin-inline: .8em .3em; }
.key.approved { background: var(--approved); } .key.touched { background: var(--touched); }
.key.draft { background: var(--draft); } .key.missing { background: var(--missing); }
details { margin: .5rem 0; } summary { cursor: pointer; } summary:focus-visible {
  outline: 3px solid var(--bar); } td.text { width: 45%; overflow-wrap: anywhere;
  white-space: pre-wrap; } .finding { color: #b3261e; font-size: .9em; }
@media (prefers-color-scheme: dark) { .finding { color: #ff8a80; } }
@media (max-width: 40rem) { td.text { display: block; width: auto; } }
"""


def html(report: ProjectReport) -> str:
    """Return a self-contained page; every text is escaped, and nothing in it is executed."""
    title = f"Translation report: {report.project}"
    sections = [
        *map(_language, report.languages),
        _progress(report),
        _articles("Riskiest articles", report.riskiest, "risk"),
        _articles("Slowest articles", report.slowest, "seconds"),
        _effort(report),
        _articles("All articles", report.articles, "words_left"),
        *(_side_by_side(row) for row in report.articles if row.texts),
    ]
    notes = "".join(f"<li>{escape(text)}</li>" for text in (*report.problems, *report.notices))
    notes = f"<section><h2>Not covered</h2><ul>{notes}</ul></section>" if notes else ""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'{_HTML_MARKER}\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>{escape(title)}</h1>\n<p>{escape(report.date)}, {escape(report.tool)}</p>\n"
        + notes
        + "\n".join(section for section in sections if section)
        + "\n</main>\n</body>\n</html>\n"
    )


def is_page(data: bytes) -> bool:
    """Return whether a file is a report on a project in one of the formats."""
    start = data[:400]
    return (
        _HTML_MARKER.encode() in start
        or start.startswith(MARKER.encode())
        or b'"kind": "translate report"' in start
    )


def _language(totals: LanguageTotals) -> str:
    code = escape(totals.language)
    done = _percent(totals.states["approved"], totals.segments)
    states: list[Series] = [(state, state, totals.states[state]) for state in STATES]
    bands = [(name, "bar", float(number)) for name, number in totals.bands.items()]
    confidence = [
        (f"{low * 10}-{min(low * 10 + 9, 100) if low < 9 else 100}", "bar", float(number))
        for low, number in enumerate(totals.confidence)
    ]
    keys = "".join(
        f'<span class="key {state}"></span>{state} {totals.states[state]}' for state in STATES
    )
    rows = [
        (check, *(by.get(name, 0) for name in ("error", "warning", "info")))
        for check, by in totals.findings.items()
    ]
    drafts = ""
    if any(totals.confidence):
        drafts = "<h3>Confidence of drafts, in per cent</h3>"
        drafts += bars(f"{totals.language}: drafts by confidence", confidence)
    return (
        f"<section><h2>{code}: {done} approved</h2>"
        + stacked_bar(f"{totals.language}: segments by state", states)
        + f"<p>{keys}</p><p>{totals.words_left} of {counted(totals.words, 'word')} left to review. "
        f"{_terms(totals.terms_respected, totals.terms_required)}</p>"
        "<h3>Words by effort</h3>"
        + bars(f"{totals.language}: words by effort", bands)
        + drafts
        + ("<h3>Findings</h3>" + _table(("check", "errors", "warnings", "information"), rows))
        * bool(rows)
        + "</section>"
    )


def _progress(report: ProjectReport) -> str:
    parts = []
    for totals in report.languages:
        points = [point for point in report.progress if point.language == totals.language]
        if len(points) < 2:
            continue
        dates = [point.date for point in points]
        layers = [(s, s, [float(getattr(point, s)) for point in points]) for s in STATES]
        rows = [(p.date[:16], *(getattr(p, state) for state in STATES)) for p in points]
        parts.append(
            f"<h3>{escape(totals.language)}</h3>"
            + stacked_areas(f"{totals.language}: segments over time", dates, layers)
            + "<details><summary>As a table</summary>"
            + _table(("date", *STATES), rows)
            + "</details>"
        )
    return f"<section><h2>Progress</h2>{''.join(parts)}</section>" if parts else ""


def _effort(report: ProjectReport) -> str:
    if not report.effort:
        return ""
    header = ("engine", "model", "language", "approvals", "words", "edited, %", "unedited, %")
    rows = [
        (*(one.engine, one.model, one.language), one.approvals, one.words, *rates)
        for one in report.effort
        for rates in [(f"{one.edit_rate:.1f}", f"{one.unedited:.1f}")]
    ]
    return f"<section><h2>Editing by engine</h2>{_table(header, rows, names=3)}</section>"


_COLUMNS = ("article", "language", "segments", *STATES, "unsure", "errors", "warnings")


def _articles(title: str, rows: Sequence[ArticleRow], last: str) -> str:
    if not rows:
        return ""
    cells = [
        (*(getattr(row, name) for name in _COLUMNS), f"{getattr(row, last):g}", row.note)
        for row in rows
    ]
    header = (*_COLUMNS, last.replace("_", " "), "note")
    return f"<section><h2>{escape(title)}</h2>{_table(header, cells, names=2)}</section>"


def _side_by_side(row: ArticleRow) -> str:
    lines = "".join(map(lambda text: _segment(text, row.language), row.texts))  # noqa: C417
    name = f"{row.article}, {row.language}: {_percent(row.approved, row.segments)} approved"
    return (
        f"<details><summary>{escape(name)}</summary><div class='scroll'><table>"
        "<thead><tr><th>German</th><th>Translation</th><th>State</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></div></details>"
    )


def _segment(text: ReportedText, language: str) -> str:
    code = escape(language.replace("_", "-").partition("@")[0], quote=True)
    sure = "" if text.confidence is None else f" {text.confidence} %"
    found = "".join(f'<div class="finding">{escape(one)}</div>' for one in text.findings)
    return (
        f'<tr><td class="text" lang="de">{escape(text.source)}</td>'
        f'<td class="text" lang="{code}" dir="auto">{escape(text.target)}{found}</td>'
        f"<td>{escape(text.state)}{sure}</td></tr>"
    )


def _table(header: Iterable[str], rows: Iterable[Sequence[object]], names: int = 1) -> str:
    """Return a table whose first `names` columns are text; "note" is text as well."""
    titles = list(header)

    def style(number: int) -> str:
        return "" if number < names or titles[number] == "note" else ' class="n"'

    head = "".join(f'<th scope="col"{style(i)}>{escape(t)}</th>' for i, t in enumerate(titles))
    body = "".join(
        "<tr>"
        + "".join(f"<td{style(i)}>{escape(str(cell))}</td>" for i, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    content = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll" tabindex="0" role="group"><table>{content}</table></div>'


def markdown(report: ProjectReport) -> str:
    """Return a summary for a comment on a pull request."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: ProjectReport) -> Iterator[str]:
    yield MARKER
    yield f"### Translation report: {_cell(report.project)}"
    yield ""
    names = ("language", "approved", "edited", "drafts", "missing", "words left", "terms", "errors")
    yield f"| {' | '.join(names)} |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for one in report.languages:
        errors = sum(by.get("error", 0) for by in one.findings.values())
        terms = f"{one.terms_respected}/{one.terms_required}" if one.terms_required else "–"
        cells = (
            one.language,
            _percent(one.states["approved"], one.segments),
            *(one.states[state] for state in STATES[1:]),
            one.words_left,
            terms,
            errors,
        )
        yield f"| {' | '.join(map(str, cells))} |"
    for note in (*report.problems, *report.notices):
        yield f"\n> {_cell(note)}"
    if report.riskiest:
        yield "\n<details><summary>Articles to look at first</summary>\n"
        yield "| article | language | errors | warnings | unsure | missing |"
        yield "|---|---|---:|---:|---:|---:|"
        for row in report.riskiest:
            numbers = (row.errors, row.warnings, row.unsure, row.missing)
            yield f"| {_cell(row.article)} | {row.language} | {' | '.join(map(str, numbers))} |"
        yield "\n</details>"


def badges(report: ProjectReport) -> dict[str, str]:
    """Return an SVG badge for each language, by file name."""
    return {
        f"{one.language}.svg": badge(
            one.language, 100 * one.states["approved"] / max(one.segments, 1)
        )
        for one in report.languages
    }


def _cell(text: str) -> str:
    """Return text for a cell of a table; what Markdown or HTML would interpret is escaped."""
    line = escape(shorten(" ".join(text.split()), 200), quote=False)
    return "".join(f"\\{c}" if c in "\\`*_[]|#!@" else c for c in line)


def _percent(part: int, whole: int) -> str:
    """Return a share, rounded down: 100 % means all."""
    return f"{100 * part // whole} %" if whole else "–"


def _terms(respected: int, required: int) -> str:
    if not required:
        return "No glossary terms in the translations."
    return f"{respected} of {counted(required, 'glossary term')} used as required."
