"""Reports of runs for programs: one JSON file for each run, merged to one result.

The schema is docs/run-report-schema.json. Counts refer to distinct segments of a catalog, as in
`CatalogOutcome`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.core import PipelineError, RetryLaterError
from pipeline.core.input import parse_json, read_bytes
from pipeline.engines.usage import Usage
from pipeline.project import Project
from pipeline.workflows.draft import MAX_TIME, CatalogOutcome, DraftReport
from pipeline.workflows.shards import Shard

__all__ = [
    "MergedReport",
    "RunInfo",
    "dump",
    "exit_code",
    "merge_reports",
    "read_reports",
    "render_metrics",
    "to_json",
]

VERSION = 1
TITLE = "translate run"

_LEFT_OUT = 1
_SUMMED = (
    "memory", "drafted", "words", "characters", "seconds", "flawed", "from_cache",
)  # fmt: skip
_STATE = ("segments", "approved", "waiting", "left", "failed")


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a report says about the run as a whole.

    `started` is in UTC. `error` is the error that ended the run; `exit_code` that of the command.
    """

    project: str
    started: datetime
    seconds: float
    exit_code: int
    shard: Shard
    error: PipelineError | None = None


def exit_code(report: DraftReport) -> int:
    """Return the exit code of a run that ended without an error.

    75 if a retry may solve all problems, or if the time was over; 1 for failed segments.
    """
    codes = {problem.exit_code for problem in report.problems}
    if codes:
        return codes.pop() if len(codes) == 1 else PipelineError.exit_code
    if report.stopped == MAX_TIME:
        return RetryLaterError.exit_code
    return 0 if report.is_good else _LEFT_OUT


def to_json(project: Project, report: DraftReport, info: RunInfo) -> dict[str, Any]:
    """Return a report as a value for JSON."""
    error = info.error
    return {
        "version": VERSION,
        "kind": TITLE,
        "tool": f"translate {__version__}",
        "project": info.project,
        "shard": str(info.shard),
        "started": info.started.astimezone(UTC).isoformat(timespec="milliseconds"),
        "seconds": round(info.seconds, 3),
        "exit_code": info.exit_code,
        "stopped": report.stopped,
        "error": error and {"message": error.message, "hint": error.hint},
        "problems": [
            {"message": one.message, "hint": one.hint, "exit_code": one.exit_code}
            for one in report.problems
        ],
        "estimates": [
            {
                "language": one.language,
                "engine": one.engine,
                "texts": one.segments,
                "usage": asdict(one.usage),
                "cost": round(one.cost, 6),
                "currency": one.prices.currency,
            }
            for one in report.estimates
        ],
        "catalogs": [_catalog(project, outcome) for outcome in report.outcomes],
    }


def _catalog(project: Project, outcome: CatalogOutcome) -> dict[str, Any]:
    engine, _, model = outcome.engine.partition(" ")
    return {
        "article": project.article_name(outcome.article),
        "language": outcome.language,
        "engine": engine,
        "model": model,
        "segments": outcome.segments,
        "approved": outcome.approved,
        "waiting": outcome.waiting,
        "memory": outcome.memory,
        "drafted": outcome.drafted,
        "failed": len(outcome.failures),
        "left": outcome.left,
        "flawed": outcome.flawed,
        "from_cache": outcome.from_cache,
        "compared": outcome.compared,
        "disagreeing": outcome.disagreeing,
        "by_second": outcome.by_second,
        "words": outcome.words,
        "characters": outcome.characters,
        "terms": {"required": outcome.required, "respected": outcome.respected},
        "seconds": round(outcome.seconds, 3),
        "cost": outcome.cost if outcome.cost is None else round(outcome.cost, 6),
        "currency": outcome.currency,
        "usage": asdict(outcome.usage),
        "failures": [
            {
                "catalog": failure.path.relative_to(project.root).as_posix(),
                "line": failure.line,
                "reference": failure.reference,
                "source": failure.source,
                "reason": failure.reason,
            }
            for failure in outcome.failures
        ],
    }


def is_run_report(data: bytes) -> bool:
    """Return whether a file is the report of a run."""
    try:
        value = parse_json(data)
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("kind") == TITLE


@dataclass(slots=True)
class MergedReport:
    """The reports of all shards and attempts of a job.

    `totals` are sums over `reports` reports; `catalogs` counts articles in a language.
    `currencies` are those of the costs. `failures`, `problems` and `missing`, the shards
    without a report, are what is left to do.
    `exit_code` is 3 for errors that a human must solve, otherwise 75 if a repetition may help,
    otherwise 1 for failed segments.
    """

    reports: int = 0
    catalogs: int = 0
    totals: dict[str, float] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    exit_code: int = 0
    currencies: list[str] = field(default_factory=list)


def merge_reports(paths: Sequence[Path]) -> MergedReport:
    """Merge the reports of shards, and of repeated runs of a shard.

    Work (drafts, words, seconds, cost) is the sum of all runs; the state of a catalog, and
    what is left to do, is that of the latest run. Raises PipelineError for a file that is no
    report of a run.
    """
    reports = sorted(read_reports(paths), key=lambda report: str(report["started"]))
    latest_runs = {report["shard"]: report for report in reports}
    latest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for report in reports:
        latest |= {(one["article"], one["language"]): one for one in report["catalogs"]}
    rows = [one for report in reports for one in report["catalogs"]]
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    totals = {name: sum(row[name] for row in rows) for name in _SUMMED}
    totals |= {name: sum(row[name] for row in latest.values()) for name in _STATE}
    for name in ("required", "respected"):
        totals[f"terms_{name}"] = sum(row["terms"][name] for row in rows)
    merged = MergedReport(len(reports), len(latest), totals)
    if costs:
        totals["cost"] = round(sum(costs), 6)
    merged.currencies = sorted({str(row.get("currency", "")) for row in rows if row["cost"]})
    merged.failures = [
        {"article": article, "language": language, **failure}
        for (article, language), row in sorted(latest.items())
        for failure in row["failures"]
    ]
    for shard, report in sorted(latest_runs.items(), key=lambda pair: _numbers(pair[0])):
        found = [*report["problems"], *([report["error"]] if report["error"] else [])]
        merged.problems += [{"shard": shard, **problem} for problem in found]
    merged.missing = _missing_shards(latest_runs)
    codes = {report["exit_code"] for report in latest_runs.values()}
    if merged.missing:
        codes.add(RetryLaterError.exit_code)
    merged.exit_code = _worst(codes)
    return merged


def read_reports(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Read reports of runs; raises PipelineError for a file that is none."""
    return [_load(path) for path in paths]


def _worst(codes: Iterable[int]) -> int:
    """Return one exit code; an interrupted run can be repeated."""
    retry = RetryLaterError.exit_code
    ranks = {0: 0, _LEFT_OUT: 1, retry: 2}
    interrupted = 128
    known = [retry if code > interrupted else code for code in codes]
    return max(known, key=lambda code: (ranks.get(code, 3), code), default=0)


def _missing_shards(shards: Iterable[str]) -> list[str]:
    """Return the shards of the largest number of shards that have no report."""
    numbers = [_numbers(shard) for shard in shards]
    count = max((count for _, count in numbers), default=1)
    present = {number for number, of in numbers if of == count}
    return [f"{number}/{count}" for number in range(1, count + 1) if number not in present]


def _numbers(shard: str) -> tuple[int, int]:
    number, _, count = shard.partition("/")
    return int(number), int(count)


def _load(path: Path) -> dict[str, Any]:
    hint = "Name files that `translate run --report FILE` wrote."
    data = read_bytes(path, PipelineError, hint)
    try:
        report = parse_json(data)
    except ValueError as error:
        raise PipelineError(f"{path}: is not JSON: {error}", hint) from error
    if not isinstance(report, dict) or report.get("kind") != TITLE:
        raise PipelineError(f"{path}: is not the report of a run", hint)
    if report.get("version") != VERSION:
        raise PipelineError(
            f"{path}: has version {report.get('version')!a} of the format, not {VERSION}",
            "Merge reports with the version of translate that wrote them.",
        )
    if problem := _problem(report):
        raise PipelineError(f"{path}: {problem}: damaged, or written by another program", hint)
    return report


_ROW_TYPES = {
    **dict.fromkeys(("article", "language"), (str,)),
    **dict.fromkeys((*_SUMMED, *_STATE), (int, float)),
    "terms": (dict,),
    "failures": (list,),
    "cost": (int, float, type(None)),
}


def _problem(report: Mapping[str, Any]) -> str:
    """Return what is wrong with a report, "" if nothing is."""
    if not re.fullmatch(r"\d{1,6}/[1-9]\d{0,5}", str(report.get("shard"))):
        return "no shard"
    if not isinstance(report.get("exit_code"), int) or not isinstance(report.get("started"), str):
        return "no exit code, or no start"
    if not isinstance(report.get("error"), (dict, type(None))):
        return "the error is no object"
    for name in ("problems", "catalogs"):
        rows = report.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return f"no list of {name}"
    for row in report["catalogs"]:
        wrong = [n for n, types in _ROW_TYPES.items() if not isinstance(row.get(n), types)]
        wrong = wrong or [n for n in ("required", "respected") if not _is_count(row["terms"], n)]
        if wrong or not all(isinstance(one, dict) for one in row["failures"]):
            return f"a catalog without {(wrong or ['failures'])[0]}"
    return ""


def _is_count(table: Mapping[str, Any], name: str) -> bool:
    return isinstance(table.get(name), (int, float))


def render_metrics(report: Mapping[str, Any]) -> str:
    """Return a report in the text format of Prometheus, for node_exporter's textfile collector.

    Format: prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4.
    """
    common = {"project": report["project"], "shard": report["shard"]}
    lines: list[str] = []

    def metric(name: str, text: str, values: Iterable[tuple[Mapping[str, str], float]]) -> None:
        lines.append(f"# HELP translate_run_{name} {text}")
        lines.append(f"# TYPE translate_run_{name} gauge")
        for labels, number in values:
            pairs = ",".join(
                f'{key}="{_label(value)}"' for key, value in (*common.items(), *labels.items())
            )
            lines.append(f"translate_run_{name}{{{pairs}}} {number:g}")

    def by_language(names: Mapping[str, str]) -> list[tuple[Mapping[str, str], float]]:
        sums: dict[tuple[str, str], float] = {}
        for row in report["catalogs"]:
            flat = row | {f"terms_{key}": value for key, value in row["terms"].items()}
            flat |= {f"usage_{key}": value for key, value in row["usage"].items()}
            for label, name in names.items():
                key = (row["language"], label)
                sums[key] = sums.get(key, 0) + (flat[name] or 0)
        return [({"language": code, "state": label}, n) for (code, label), n in sums.items()]

    ended = datetime.fromisoformat(report["started"]).timestamp() + report["seconds"]
    metric("end_time_seconds", "Unix time at which the run ended.", [({}, round(ended))])
    metric("duration_seconds", "Duration of the run.", [({}, report["seconds"])])
    metric("exit_code", "Exit code of the run.", [({}, report["exit_code"])])
    metric("problems", "Articles and catalogs skipped.", [({}, len(report["problems"]))])
    states = ("approved", "waiting", "memory", "drafted", "failed", "left")
    metric("segments", "Distinct segments by state.", by_language({name: name for name in states}))
    metric("words", "German words drafted.", by_language({"drafted": "words"}))
    terms = {name: f"terms_{name}" for name in ("required", "respected")}
    metric("terms", "Glossary terms in the drafted segments.", by_language(terms))
    metric("cost", "Price of the drafts.", by_language({"drafted": "cost"}))
    used = {name: f"usage_{name}" for name in (f.name for f in fields(Usage))}
    metric("usage", "Characters and tokens that the engine counted.", by_language(used))
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def is_metrics(data: bytes) -> bool:
    """Return whether a file contains the metrics of a run."""
    return data.startswith(b"# HELP translate_run_")


def dump(value: object) -> bytes:
    """Return the bytes of a JSON file."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode(errors="backslashreplace") + b"\n"
