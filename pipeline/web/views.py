"""What the review page asks for: each method is one address below `api/`.

A method gets the parameters or the body of a request, calls a use case and returns JSON. It
runs in a thread, and raises PipelineError for what cannot be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from threading import Lock, Thread
from typing import Any

from pipeline.core import PipelineError
from pipeline.web.hub import Hub
from pipeline.web.payloads import article_json, edit_from, entry_json, report_json
from pipeline.workflows.build import BuildPolicy
from pipeline.workflows.editing import assistance, history
from pipeline.workflows.editing.checking import LiveChecks
from pipeline.workflows.editing.effort import effort_by_engine, read_approvals, record_approval
from pipeline.workflows.editing.overview import OverviewCache, next_entry, overview, search
from pipeline.workflows.editing.preview import build_article, preview
from pipeline.workflows.editing.session import EditingSession

_PAGE_ROWS = 100

Query = Mapping[str, Any]


class ReviewViews:
    """The use cases of one session as JSON."""

    def __init__(self, session: EditingSession, hub: Hub, *, read_only: bool) -> None:
        self._session, self._hub, self._read_only = session, hub, read_only
        self._rows = OverviewCache()
        self._checks = LiveChecks(session)
        self._running = Lock()
        self._warm = False
        self._engines = cache(self._usable_engines)

    def project(self, query: Query) -> Any:
        """The project, and the engines that can be asked, by language."""
        project = self._session.project
        if not self._warm:
            self._warm = True
            Thread(target=self._checks.warm_up, daemon=True).start()
        return {
            "name": project.name or project.root.name,
            "languages": self._session.languages,
            "articles": len(self._session.articles()),
            "readOnly": self._read_only,
            "measure": bool(project.review.get("measure")),
        }

    def engines(self, query: Query) -> Any:
        """The engines that can be asked for a language."""
        return {"engines": [] if self._read_only else self._engines(_names(query)[1])}

    def overview(self, query: Query) -> Any:
        """A page of articles and languages."""
        found = overview(
            self._session,
            self._rows,
            text=query.get("text", ""),
            language=query.get("language", ""),
            unfinished=query.get("unfinished") == "1",
            offset=_number(query.get("offset", "0")),
            limit=_PAGE_ROWS,
        )
        return {"rows": [asdict(row) for row in found.rows], "total": found.total}

    def count(self, query: Query) -> Any:
        """The number of findings of an article by severity."""
        found = self._checks.article(*_names(query))
        all_findings = [*found.header, *(f for r in found.reports.values() for f in r.findings)]
        return {"findings": Counter(one.severity for one in all_findings)}

    def next(self, query: Query) -> Any:
        """The entry that is most worth reviewing."""
        found = next_entry(self._session, self._rows, _languages(query))
        keys = ("article", "language", "entry")
        return dict(zip(keys, found, strict=True)) if found else {}

    def search(self, query: Query) -> Any:
        """Entries that contain a text."""
        hits = search(self._session, query.get("text", ""), _languages(query))
        return {"hits": [asdict(hit) for hit in hits]}

    def article(self, query: Query) -> Any:
        """An article with its translations."""
        return article_json(self._session.article(*_names(query)))

    def findings(self, query: Query) -> Any:
        """The findings and terms of all entries of an article."""
        article = self._session.article(*_names(query))
        found = self._checks.article(*_names(query))
        reports = {
            key: report_json(report, article.entries[key])
            for key, report in found.reports.items()
            if key in article.entries
        }
        header = [asdict(one) for one in found.header]
        return {"entries": reports, "header": header, "notice": found.notice}

    def check(self, query: Query) -> Any:
        """The findings and terms of an entry with other translations."""
        name, language = _names(query)
        entry, targets = str(query.get("entry")), tuple(map(str, query.get("targets", ())))
        report = self._checks.entry(name, language, entry, targets)
        if report is None:
            return {"findings": [], "terms": []}
        return report_json(report, self._session.entry(name, language, entry), targets)

    def concordance(self, query: Query) -> Any:
        """Earlier translations that contain a text."""
        _, language = _names(query)
        self._session.find(*_names(query))
        found = assistance.concordance(
            self._session, language, str(query.get("text", "")), RunEvents(self._hub)
        )
        return {"hits": [asdict(one) for one in found]}

    def history(self, query: Query) -> Any:
        """The versions of an entry in git."""
        found = history.history(self._session, *_names(query), str(query.get("entry", "")))
        return {"versions": [asdict(one) for one in found]}

    def ages(self, query: Query) -> Any:
        """When each entry got its German text."""
        return {"ages": history.ages(self._session, *_names(query))}

    def alternatives(self, query: Query) -> Any:
        """A translation of an entry by another engine; nothing is written."""
        engine = str(query.get("engine", ""))
        name, language = _names(query)
        if engine not in [one["name"] for one in self._engines(language)]:
            raise PipelineError(f"{engine!r} cannot be asked here", "Load the page again.")
        with self._one_run():
            found = assistance.alternative(
                self._session, name, language, str(query.get("entry")), engine, RunEvents(self._hub)
            )
        if not found.text:
            return {"alternatives": [], "reason": found.reason}
        sure = "" if found.confidence is None else f", confidence {found.confidence} %"
        return {"alternatives": [{"text": found.text, "title": f"{found.engine}{sure}"}]}

    def save(self, query: Query) -> Any:
        """Save an entry; an approval with errors is refused unless it is forced."""
        name, language = _names(query)
        edit = edit_from(query)
        if edit.approved and edit.restore is None and not query.get("force"):
            report = self._checks.entry(name, language, edit.entry, edit.targets)
            if report and report.errors:
                return {"refused": [asdict(one) for one in report.errors]}
        saved = self._session.save(name, language, edit)
        if edit.approved and edit.restore is None:
            draft, seconds = str(query.get("draft", "")), _seconds(query.get("seconds", 0))
            record_approval(self._session.project, name, language, saved.entry, draft, seconds)
        return {"outcome": saved.outcome, "entry": entry_json(saved.entry)}

    def effort(self, query: Query) -> Any:
        """What drafts were worth so far, by engine."""
        found = effort_by_engine(read_approvals(self._session.project))
        return {"engines": [asdict(one) for one in found]}

    def term(self, query: Query) -> Any:
        """Add a term to the glossary."""
        source, target = str(query.get("source", "")), str(query.get("target", ""))
        return {"added": assistance.add_term(self._session, _names(query)[1], source, target)}

    def extract(self, query: Query) -> Any:
        """Synchronize a catalog with its article."""
        done = assistance.update_catalog(self._session, *_names(query), RunEvents(self._hub))
        for problem in done.problems:
            raise PipelineError(problem.message, problem.hint)
        return {"changed": len(done.changed)}

    def draft(self, query: Query) -> Any:
        """Start drafting the missing entries of an article, or one entry."""
        names = _names(query)
        self._session.find(*names)
        wanted, again = str(query.get("entry", "")), query.get("again") is True
        if not self._running.acquire(blocking=False):
            raise PipelineError("a run is going on", "Wait until it is finished.")
        events = RunEvents(self._hub)

        def work() -> None:
            finished, message = "failed", "The run ended with an error: see the terminal."
            try:
                report = assistance.draft_entries(self._session, *names, wanted, again, events)
                finished, message = "done", _summary(report)
            except PipelineError as error:
                message = " ".join(filter(None, (error.message, error.hint)))
            finally:
                self._running.release()
                self._hub.publish("run", {"finished": finished, "message": message})

        Thread(target=work, daemon=True).start()
        return {"started": True}

    def preview(self, query: Query) -> Any:
        """The states of the segments of the preview, and those that stay German."""
        found = preview(self._session, *_names(query))
        segments = [[one.entry, one.state] for one in found.segments]
        return {"segments": segments, "rejected": found.rejected}

    def build(self, query: Query) -> Any:
        """Build an article; says what was refused and why."""
        try:
            policy = BuildPolicy(query.get("policy"))
        except ValueError:
            raise PipelineError("unknown policy", "Load the page again.") from None
        outdated = query.get("outdated") is True
        done = build_article(
            self._session, *_names(query), policy, RunEvents(self._hub), allow_outdated=outdated
        )
        if done.problem:
            raise PipelineError(done.problem.message, done.problem.hint)
        return {
            "built": done.is_built,
            "gaps": [[gap.text, gap.line, gap.state] for gap in done.gaps],
            "rejected": [[segment.text, reason] for segment, reason in done.rejected],
            "used": done.used,
        }

    def _usable_engines(self, language: str) -> list[dict[str, str]]:
        found = assistance.usable_engines(self._session, language)
        note = "on this machine"
        return [
            {"name": one.name, "note": f"sends the text to {one.host}" if one.host else note}
            for one in found
        ]

    @contextmanager
    def _one_run(self) -> Iterator[None]:
        if not self._running.acquire(blocking=False):
            raise PipelineError("a run is going on", "Wait until it is finished.")
        try:
            yield
        finally:
            self._running.release()


class RunEvents:
    """The events of a use case, streamed to the open pages; nobody is asked anything."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._label, self._done, self._total = "", 0, 0

    def notice(self, message: str) -> None:
        """Show a message."""
        self._hub.publish("run", self._state() | {"message": message})

    def warn(self, message: str) -> None:
        """Show a message."""
        self.notice(message)

    def confirm(self, question: str, *, default: bool = True) -> bool | None:
        """Answer that nobody can be asked: consent is given on the command line."""
        return None

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[RunEvents]:
        """Show a bar."""
        self._label, self._done, self._total = label, 0, total
        self._hub.publish("run", self._state())
        yield self

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._done += steps
        self._hub.publish("run", self._state())

    def note(self, line: str) -> None:
        """Drop a detail: the page shows the entries."""

    def downloading(self, done: int, total: int) -> None:
        """Show the progress of a download."""
        self._label, self._done, self._total = "download", done, total
        self._hub.publish("run", self._state())

    def _state(self) -> dict[str, Any]:
        return {"label": self._label, "done": self._done, "total": self._total}


def _summary(report: Any) -> str:
    """Word what a run did."""
    drafted = sum(one.drafted + one.memory for one in report.outcomes)
    failures = [failure for one in report.outcomes for failure in one.failures]
    problems = [f"{problem.message} {problem.hint}" for problem in report.problems]
    reasons = dict.fromkeys(failure.reason for failure in failures)
    return " ".join([f"{drafted} drafted.", *problems, *(list(reasons)[:3])])


def _names(values: Query) -> tuple[str, str]:
    return str(values.get("article", "")), str(values.get("language", ""))


def _languages(values: Query) -> Sequence[str]:
    return (str(values["language"]),) if values.get("language") else ()


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PipelineError(f"{value!r} is not a time", "Load the page again.")
    return float(value)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise PipelineError(f"{text!r} is not a number", "Load the page again.")
    return int(text)
