"""Drafting on a Dask cluster: an adapter over the use cases `extract` and `draft`.

Articles are divided into chunks, each a task. Catalogs are the only state, so Dask may compute a
task again after it lost a worker. Errors are results of tasks: Dask does not repeat them.

Each thread of a worker keeps one session open: its engine, its memory and its fingerprints.

Dask: https://distributed.dask.org. Its protocol has no authentication by default: everybody who
reaches a scheduler can run code on its workers.
"""

from __future__ import annotations

import queue
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core import PipelineError, RetryLaterError, SettingsError, counted
from pipeline.project import Project
from pipeline.trust import Trust
from pipeline.workflows.draft import (
    DraftOptions,
    DraftReport,
    DraftSession,
    Limits,
    draft,
    reaches,
)
from pipeline.workflows.draft.attempts import Attempts
from pipeline.workflows.events import Events, SilentEvents
from pipeline.workflows.extract import (
    ArticleProblem,
    Extractor,
    ExtractResult,
    extract,
    follow_renamed,
    select_articles,
)
from pipeline.workflows.shards import ALL

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["DaskOptions", "draft_on_dask"]

_MAX_CHUNK = 20
"""Articles in a task. If a worker is lost, at most one chunk is drafted twice."""

_TASKS_PER_WORKER = 4
"""Least number of tasks for each worker, so that all finish at about the same time."""

_MAX_LOST = 10
"""Workers that a task may lose before it counts as the cause, unless the scheduler says so."""

_STEPS = 20
"""Reports of progress in a run."""


@dataclass(frozen=True, slots=True)
class DaskOptions:
    """A scheduler to connect to, or a cluster of `workers` processes on this machine.

    An empty `scheduler` starts processes here; 0 `workers` is one for each processor.
    """

    scheduler: str = ""
    workers: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    """What all tasks of a run share.

    `notes` is the folder for the notes of `Attempts`, `end` the Unix time at which drafting stops.
    """

    id: str
    project: Project
    options: DraftOptions
    notes: Path
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class _ChunkReport:
    """The result of a drafting task; `error` ended it."""

    report: DraftReport
    error: PipelineError | None = None


def draft_on_dask(
    project: Project,
    options: DraftOptions,
    events: Events,
    report: DraftReport | None = None,
    *,
    dask: DaskOptions,
) -> DraftReport:
    """Draft as `draft` does, on the workers of a cluster, which must share the project's folder.

    Renamed articles are moved first, then all articles are extracted, then drafted. Raises what
    `draft` raises, SettingsError for a cluster that cannot be used, and RetryLaterError if
    workers were lost repeatedly; what was drafted until then is in the catalogs.
    """
    report = DraftReport() if report is None else report
    if options.dry_run:
        return draft(project, options, events, report)
    languages = project.select_languages(options.extract.languages)
    project = project.asking(events.confirm)
    project.require_trust(reaches(project, options, languages))
    articles, problems = _articles(project, options, events)
    report.problems += problems
    # The user agreed here; the workers have no stored decisions, and nobody to ask.
    shared = replace(project, trust=Trust(everything=True))
    end = time.time() + options.max_seconds if options.max_seconds else 0.0
    extraction = replace(options.extract, paths=(), as_new=True, shard=ALL, jobs=1)
    run_id = uuid.uuid4().hex
    notes = project.local_file(f"dask-{run_id}", create=True)
    job = _Job(run_id, shared, replace(options, extract=extraction), notes, end)
    with _cluster(dask, events) as client, _removed_at_end(notes):
        cluster = _Cluster(client, job, events)
        ready: list[Path] = []
        for found in cluster.map(_extract_chunk, articles, "extracted"):
            if isinstance(found, PipelineError):
                raise found
            report.problems += found.problems
            ready += found.extracted
        _draft_all(cluster, sorted(ready), report)
    return report


@contextmanager
def _removed_at_end(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _articles(
    project: Project, options: DraftOptions, events: Events
) -> tuple[tuple[Path, ...], list[ArticleProblem]]:
    """Return the articles to draft, after moving the catalogs of renamed ones."""
    chosen = options.extract
    articles = select_articles(project, chosen.paths, events)
    extractor = Extractor(project, encoding=chosen.encoding)
    try:
        return follow_renamed(extractor, project, articles, chosen, events, dry_run=False)
    finally:
        extractor.close()


def _draft_all(cluster: _Cluster, articles: Sequence[Path], report: DraftReport) -> None:
    limits = Limits(max_failures=cluster.job.options.max_failures)
    start = time.monotonic()
    try:
        for result in cluster.map(_draft_chunk, articles, "drafted"):
            chunk = result.report
            report.outcomes += chunk.outcomes
            report.problems += chunk.problems
            report.stopped = report.stopped or chunk.stopped
            if result.error:
                raise result.error
            limits.failures += sum(len(outcome.failures) for outcome in chunk.outcomes)
            if reached := limits.reached():
                report.stopped = reached
                break  # the remaining tasks are cancelled
    finally:
        report.seconds += time.monotonic() - start
        report.outcomes.sort(key=lambda one: (one.language, one.article))


class _Cluster:
    """Runs the tasks of a job, and reports its progress and what workers say."""

    def __init__(self, client: Client, job: _Job, events: Events) -> None:
        self.job = job
        self._client, self._events = client, events
        # Dask calls back in a thread of its own; `Events` are for one thread.
        self._messages: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._seen: set[tuple[str, str]] = set()
        client.subscribe_topic(_topic(job), self._receive)

    def map(self, task: Any, articles: Sequence[Path], verb: str) -> Iterator[Any]:
        """Yield the results of a task for all chunks, as they are ready.

        Tasks that are not done when the caller stops are cancelled.
        """
        from distributed import KilledWorker, as_completed

        size = len(articles) // (_TASKS_PER_WORKER * max(1, len(self._client.nthreads())))
        remaining = iter(articles)
        chunks = iter(lambda: tuple(islice(remaining, min(max(size, 1), _MAX_CHUNK))), ())
        sizes = {}
        futures = []
        for chunk in chunks:
            future = self._client.submit(task, self.job, chunk, pure=False)
            futures.append(future)
            sizes[future.key] = len(chunk)
        done = reported = 0
        try:
            for future in as_completed(futures, loop=self._client.loop):
                try:
                    result = future.result()
                except KilledWorker as error:
                    lost = counted(error.allowed_failures + 1, "worker")
                    raise RetryLaterError(
                        f"{lost} ended while working on the same articles",
                        "Check their memory and logs, then run the command again to continue.",
                    ) from error
                yield result
                self._relay()
                done += sizes[future.key]
                if done * _STEPS // len(articles) > reported:
                    reported = done * _STEPS // len(articles)
                    self._events.notice(f"{done} of {counted(len(articles), 'article')} {verb}")
                future.release()
        finally:
            self._client.cancel(futures)
            self._relay()

    def _receive(self, event: tuple[float, Any]) -> None:
        _, value = event
        self._messages.put((str(value["kind"]), str(value["message"])))

    def _relay(self) -> None:
        """Pass on the messages of workers, each text once."""
        while not self._messages.empty():
            kind, message = self._messages.get()
            if (kind, message) not in self._seen:
                self._seen.add((kind, message))
                (self._events.warn if kind == "warn" else self._events.notice)(message)


def _topic(job: _Job) -> str:
    return f"translate-{job.id}"


def _extract_chunk(job: _Job, articles: tuple[Path, ...]) -> ExtractResult | PipelineError:
    """Extract some articles, on a worker."""
    try:
        return extract(job.project, replace(job.options.extract, paths=articles), SilentEvents())
    except PipelineError as error:
        return error


def _draft_chunk(job: _Job, articles: tuple[Path, ...]) -> _ChunkReport:
    """Draft some articles that are extracted, on a worker."""
    report = DraftReport()
    left = job.end - time.time()
    limits = Limits(max(left, 1e-9) if job.end else 0.0)
    session = _sessions.get(job)
    session.report, session.limits = report, limits
    session.attempts = Attempts(job.notes, job.project, articles)
    languages = job.project.select_languages(job.options.extract.languages)
    try:
        session.run(articles, languages)
    except PipelineError as error:
        return _ChunkReport(report, error)
    finally:
        session.extractor.flush()
    return _ChunkReport(report)


class _Sessions:
    """The sessions of a worker process: one for each thread, of the latest run."""

    def __init__(self) -> None:
        self._local = threading.local()

    def get(self, job: _Job) -> DraftSession:
        """Return the session of this thread, kept open from task to task of a run."""
        if getattr(self._local, "job", "") != job.id:
            if session := getattr(self._local, "session", None):
                session.close()
            events = _WorkerEvents(_topic(job))
            self._local.session = DraftSession(
                job.project, job.options, events, DraftReport(), Limits()
            )
            self._local.job = job.id
        session = self._local.session
        assert isinstance(session, DraftSession)
        return session


_sessions = _Sessions()


class _WorkerEvents(SilentEvents):
    """Sends messages to the client of the run."""

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def notice(self, message: str) -> None:
        """Send the message."""
        self._send("notice", message)

    def warn(self, message: str) -> None:
        """Send the message."""
        self._send("warn", message)

    def _send(self, kind: str, message: str) -> None:
        from distributed import get_worker

        get_worker().log_event(self._topic, {"kind": kind, "message": message})


@contextmanager
def _cluster(options: DaskOptions, events: Events) -> Iterator[Client]:
    """Connect to a scheduler, or start workers on this machine, which end with the block."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise SettingsError(
            "Dask is not installed", "Install it: pip install 'translate-pipeline[dask]'"
        ) from error
    with ExitStack() as stack:
        stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": _MAX_LOST}))
        address: Any = options.scheduler
        if not address:
            address = stack.enter_context(
                LocalCluster(
                    n_workers=options.workers or None,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs="CRITICAL",
                )
            )
        try:
            client = stack.enter_context(Client(address, set_as_default=False))
        except (OSError, ValueError, TimeoutError) as error:
            raise RetryLaterError(
                f"{address}: no Dask scheduler answers: {error}", "Check --scheduler."
            ) from error
        if any(threads > 1 for threads in client.nthreads().values()):
            events.warn(
                "workers have several threads, and each opens an engine of its own: "
                "start them with --nthreads 1"
            )
        yield client
