"""The main job as schedulers call it: draft, then report to programs, also after a failure."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.core import PipelineError
from pipeline.core.file_names import real_path
from pipeline.core.interrupts import InterruptedRunError
from pipeline.project import Project
from pipeline.trust import load_user_settings
from pipeline.workflows.draft import DraftOptions, DraftReport, draft
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import OutputKind, require_writable, write_output
from pipeline.workflows.run_report import (
    RunInfo,
    dump,
    exit_code,
    is_metrics,
    is_run_report,
    render_metrics,
    to_json,
)

__all__ = ["Draft", "RunOutputs", "run"]

RUN_REPORT = OutputKind("the report of a run", is_run_report)
METRICS = OutputKind("metrics of a run", is_metrics)

_NOTIFY_SECONDS = 60
_BUG = 1  # The exit code of Python for an uncaught exception.

Draft = Callable[[Project, DraftOptions, Events, DraftReport], DraftReport]
"""Drafts as `draft` does, in this process or elsewhere."""


@dataclass(frozen=True, slots=True)
class RunOutputs:
    """Files to write at the end of a run: a JSON report, and metrics for Prometheus.

    `force` replaces other files.
    """

    report: Path | None = None
    metrics: Path | None = None
    force: bool = False


def run(
    project: Project,
    options: DraftOptions,
    outputs: RunOutputs,
    events: Events,
    execute: Draft = draft,
) -> DraftReport:
    """Draft as `draft` does; then write the report and the metrics, and call `notify`.

    These are also written if drafting fails. The command `notify` receives the report on its
    standard input; that of the user's own settings comes first. Its failure is a warning.
    Raises what `draft` raises, and PipelineError for a file that cannot be written.
    """
    for path, kind in ((outputs.report, RUN_REPORT), (outputs.metrics, METRICS)):
        if path is not None:
            require_writable(path, kind, force=outputs.force)
    commands = () if options.dry_run else _notify_commands(project.asking(events.confirm))
    report = DraftReport()
    started, start = datetime.now(UTC), time.monotonic()
    error: PipelineError | None = None
    code = _BUG
    try:
        execute(project, options, events, report)
        code = exit_code(report)
    except PipelineError as failure:
        error, code = failure, failure.exit_code
        raise
    except InterruptedRunError as stop:
        code = stop.exit_code
        raise
    finally:
        info = RunInfo(
            project.name or real_path(project.root).name,
            started,
            time.monotonic() - start,
            code,
            options.extract.shard,
            error,
        )
        _write(project, report, info, outputs, commands, events)
    return report


def _write(
    project: Project,
    report: DraftReport,
    info: RunInfo,
    outputs: RunOutputs,
    commands: Sequence[Sequence[str]],
    events: Events,
) -> None:
    if not (outputs.report or outputs.metrics or commands):
        return
    value = to_json(project, report, info)
    if outputs.report is not None:
        write_output(outputs.report, dump(value), RUN_REPORT, force=outputs.force)
    if outputs.metrics is not None:
        text = render_metrics(value)
        write_output(outputs.metrics, text.encode(), METRICS, force=outputs.force)
    for command in commands:
        _notify(command, project.root, dump(value), events)


def _notify_commands(project: Project) -> tuple[Sequence[str], ...]:
    """Return the commands to call; raises TrustError unless the user agreed to the project's."""
    project.require_trust(project.notify_reaches())
    found = (load_user_settings().notify.get("command"), project.notify.get("command"))
    return tuple(command for command in found if command)


def _notify(command: Sequence[str], folder: Path, report: bytes, events: Events) -> None:
    name = json.dumps(list(command), ensure_ascii=False)
    try:
        done = subprocess.run(
            command, input=report, cwd=folder, timeout=_NOTIFY_SECONDS, check=False
        )
    except OSError as error:
        events.warn(f"notify: {name} cannot be called: {error.strerror}")
    except subprocess.TimeoutExpired:
        events.warn(f"notify: {name} did not end within {_NOTIFY_SECONDS} s and was stopped")
    else:
        if done.returncode:
            events.warn(f"notify: {name} failed with exit code {done.returncode}")
