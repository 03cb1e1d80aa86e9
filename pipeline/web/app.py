"""The ASGI application of the review page: routes to use cases, answers in JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.core import PipelineError
from pipeline.core.input import parse_json
from pipeline.project import Project
from pipeline.web.guard import Access, Guard
from pipeline.web.hub import Hub, Page
from pipeline.web.payloads import article_json, edit_from, entry_json, report_json
from pipeline.workflows.editing.checking import LiveChecks
from pipeline.workflows.editing.overview import OverviewCache, next_entry, overview, search
from pipeline.workflows.editing.session import EditingSession

__all__ = ["ReviewSettings", "create_app"]

_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
_PAGE_ROWS = 100

Handler = Callable[[Any], Any]
"""A handler gets the parameters or the body of a request, and returns JSON."""


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What a server shows: some articles and languages, or all; `read_only` refuses writes."""

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    read_only: bool = False


def create_app(project: Project, access: Access, settings: ReviewSettings | None = None) -> Guard:
    """Return the guarded application for a project.

    Raises SettingsError for an unknown language, ArticleError for an unknown article or if
    there is none.
    """
    settings = settings or ReviewSettings()
    session = EditingSession(project, settings.paths, settings.languages)
    review = _Review(session, settings.read_only)
    reads: Mapping[str, Handler] = {
        "project": review.project,
        "overview": review.overview,
        "next": review.next,
        "search": review.search,
        "article": review.article,
        "findings": review.findings,
    }
    routes = [
        Route(f"/api/{name}", partial(_answer_get, handler), methods=["GET"])
        for name, handler in reads.items()
    ]
    routes.append(Route("/api/check", partial(_answer_post, review.check), methods=["POST"]))
    writes: Mapping[str, Handler] = {"save": review.save}
    for name, handler in writes.items():
        answer = _refuse if settings.read_only else partial(_answer_post, handler)
        routes.append(Route(f"/api/{name}", answer, methods=["POST"]))
    hub = Hub()
    routes.append(Route("/api/events", partial(_events, hub), methods=["GET"]))
    routes += _static_routes()
    return Guard(Starlette(routes=routes), access, hub.stop)


class _Review:
    """The handlers; each is called in a thread."""

    def __init__(self, session: EditingSession, read_only: bool) -> None:
        self._session, self._read_only = session, read_only
        self._rows = OverviewCache()
        self._checks = LiveChecks(session)

    def project(self, query: Mapping[str, str]) -> Any:
        project = self._session.project
        return {
            "name": project.name or project.root.name,
            "languages": self._session.languages,
            "articles": len(self._session.articles()),
            "readOnly": self._read_only,
        }

    def overview(self, query: Mapping[str, str]) -> Any:
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

    def next(self, query: Mapping[str, str]) -> Any:
        found = next_entry(self._session, self._rows, _languages(query))
        keys = ("article", "language", "entry")
        return dict(zip(keys, found, strict=True)) if found else {}

    def search(self, query: Mapping[str, str]) -> Any:
        hits = search(self._session, query.get("text", ""), _languages(query))
        return {"hits": [asdict(hit) for hit in hits]}

    def article(self, query: Mapping[str, str]) -> Any:
        return article_json(self._session.article(*_names(query)))

    def findings(self, query: Mapping[str, str]) -> Any:
        article = self._session.article(*_names(query))
        found = self._checks.article(*_names(query))
        reports = {
            key: report_json(report, article.entries[key])
            for key, report in found.reports.items()
            if key in article.entries
        }
        header = [asdict(one) for one in found.header]
        return {"entries": reports, "header": header, "notice": found.notice}

    def check(self, body: Mapping[str, Any]) -> Any:
        name, language = _names(body)
        entry, targets = str(body.get("entry")), tuple(map(str, body.get("targets", ())))
        report = self._checks.entry(name, language, entry, targets)
        if report is None:
            return {"findings": [], "terms": []}
        known = self._session.article(name, language).entries[entry]
        return report_json(report, known, targets)

    def save(self, body: Mapping[str, Any]) -> Any:
        name, language = _names(body)
        edit = edit_from(body)
        if edit.approved and edit.restore is None and not body.get("force"):
            report = self._checks.entry(name, language, edit.entry, edit.targets)
            if report and report.errors:
                return {"refused": [asdict(one) for one in report.errors]}
        saved = self._session.save(name, language, edit)
        return {"outcome": saved.outcome, "entry": entry_json(saved.entry)}


async def _answer_get(handler: Handler, request: Request) -> Response:
    return await _answer(handler, dict(request.query_params))


async def _answer_post(handler: Handler, request: Request) -> Response:
    try:
        body = parse_json(await request.body())
    except ClientDisconnect:
        return Response(status_code=400)  # the guard has answered
    except ValueError as error:
        return JSONResponse({"error": f"not JSON: {error}"}, 400)
    if not isinstance(body, dict):
        return JSONResponse({"error": "not a JSON object"}, 400)
    return await _answer(handler, body)


async def _answer(handler: Handler, values: Mapping[str, Any]) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(handler, values))
    except PipelineError as error:
        answer = {"error": error.message, "hint": error.hint}
        # Wrong usage is a request that cannot succeed; a lock or a server may be free later.
        status = {2: 404, 75: 503}.get(error.exit_code, 422)
        return JSONResponse(answer, status)


async def _events(hub: Hub, request: Request) -> Response:
    page = Page(*_names(request.query_params))
    return StreamingResponse(hub.stream(page), media_type="text/event-stream")


async def _refuse(request: Request) -> Response:
    return JSONResponse({"error": "read-only: nothing is written"}, 403)


def _static_routes() -> Sequence[Route]:
    """Return a route for each file of the page: no path of a request is opened."""

    def serve(data: bytes, kind: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return Response(data, media_type=kind)

        return answer

    found = []
    for file in sorted(files("pipeline.web").joinpath("static").iterdir(), key=lambda f: f.name):
        suffix = Path(file.name).suffix
        if suffix in _TYPES:
            path = "/" if file.name == "index.html" else f"/static/{file.name}"
            found.append(Route(path, serve(file.read_bytes(), _TYPES[suffix]), methods=["GET"]))
    return found


def _names(values: Mapping[str, Any]) -> tuple[str, str]:
    return str(values.get("article", "")), str(values.get("language", ""))


def _languages(values: Mapping[str, str]) -> tuple[str, ...]:
    return (values["language"],) if values.get("language") else ()


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise PipelineError(f"{text!r} is not a number", "Load the page again.")
    return int(text)
