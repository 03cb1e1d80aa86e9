"""The ASGI application of the review page: addresses, files of the page, event streams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.core import PipelineError
from pipeline.core.input import parse_json
from pipeline.project import Project
from pipeline.web.guard import Access, Guard
from pipeline.web.hub import Hub
from pipeline.web.payloads import entry_json
from pipeline.web.views import ReviewViews
from pipeline.workflows.editing.preview import built_file, preview
from pipeline.workflows.editing.session import EditingSession

__all__ = ["ReviewSettings", "create_app"]

_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
_READS = (
    "project", "engines", "overview", "count", "next", "search", "article", "findings", "history",
    "ages", "concordance", "preview", "effort",
)  # fmt: skip
_WRITES = ("save", "term", "extract", "draft", "build", "alternatives")

# The preview shows the HTML of an article: nothing in it runs, and nothing is loaded from
# anywhere but this server. The page around it may look inside, to make segments clickable.
_PREVIEW_HEADERS = {
    "content-security-policy": (
        "sandbox allow-same-origin; default-src 'none'; style-src 'self' data:; img-src data:; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    ),
    "x-frame-options": "SAMEORIGIN",
}

_Handler = Callable[[Mapping[str, Any]], Any]


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
    hub = Hub()
    views = ReviewViews(session, hub, read_only=settings.read_only)
    routes = [_get(name, getattr(views, name)) for name in _READS]
    routes.append(_post("check", views.check))
    for name in _WRITES:
        handler = getattr(views, name)
        routes.append(_refused(name) if settings.read_only else _post(name, handler))
    routes += [
        Route("/api/events", partial(_events, hub, session), methods=["GET"]),
        Route("/api/download", partial(_download, session), methods=["GET"]),
        Route("/preview", partial(_preview, session), methods=["GET"]),
        *_static_routes(),
    ]
    return Guard(Starlette(routes=routes), access, hub.stop)


def _get(name: str, handler: _Handler) -> Route:
    async def answer(request: Request) -> Response:
        return await _answer(handler, dict(request.query_params))

    return Route(f"/api/{name}", answer, methods=["GET"])


def _post(name: str, handler: _Handler) -> Route:
    async def answer(request: Request) -> Response:
        try:
            body = parse_json(await request.body())
        except ClientDisconnect:
            return Response(status_code=400)  # the guard has answered
        except ValueError as error:
            return JSONResponse({"error": f"not JSON: {error}"}, 400)
        if not isinstance(body, dict):
            return JSONResponse({"error": "not a JSON object"}, 400)
        return await _answer(handler, body)

    return Route(f"/api/{name}", answer, methods=["POST"])


def _refused(name: str) -> Route:
    async def answer(request: Request) -> Response:
        return JSONResponse({"error": "read-only: nothing is written"}, 403)

    return Route(f"/api/{name}", answer, methods=["POST"])


async def _answer(handler: _Handler, values: Mapping[str, Any]) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(handler, values))
    except PipelineError as error:
        return _failed(error)


def _failed(error: PipelineError) -> Response:
    # Unknown names are not found; a lock or a server may be free later.
    status = {2: 404, 75: 503}.get(error.exit_code, 422)
    return JSONResponse({"error": error.message, "hint": error.hint}, status)


async def _events(hub: Hub, session: EditingSession, request: Request) -> Response:
    article, language = (request.query_params.get(name, "") for name in ("article", "language"))

    def changes(known: Mapping[str, int]) -> tuple[dict[str, int], list[Any], bool]:
        """Return the entries of the article now, those that differ, and whether any is new."""
        shown = session.article(article, language)
        now = {key: hash(entry.snapshot) for key, entry in shown.entries.items()}
        fresh = [entry_json(shown.entries[key]) for key in now if known.get(key) != now[key]]
        return now, fresh, now.keys() != known.keys()

    def version() -> str:
        return session.revision(article, language) if article else ""

    async def stream() -> AsyncIterator[str]:
        revision, known = "", {}
        try:
            if article:
                revision = await run_in_threadpool(version)
                known = (await run_in_threadpool(changes, {}))[0]
            async with hub.page() as page:
                yield "retry: 1000\n\n"
                while True:
                    event = await page.next()
                    if event:
                        yield event
                    now = await run_in_threadpool(version)
                    if now == revision:
                        continue
                    revision = now
                    known, fresh, moved = await run_in_threadpool(changes, known)
                    if moved:
                        yield Hub.event("reload", {})
                    elif fresh:
                        yield Hub.event("changed", {"entries": fresh})
        except PipelineError as error:
            yield Hub.event("problem", {"message": error.message, "hint": error.hint})

    return StreamingResponse(stream(), media_type="text/event-stream")


async def _preview(session: EditingSession, request: Request) -> Response:
    name, language = (request.query_params.get(key, "") for key in ("article", "language"))
    try:
        found = await run_in_threadpool(preview, session, name, language)
    except PipelineError as error:
        return _failed(error)
    head = '<!doctype html><meta charset="utf-8"><title>Preview</title>'
    style = '<link rel="stylesheet" href="static/preview.css">'
    body = f'<body data-segments="{len(found.segments)}">{found.body}</body>'
    return HTMLResponse(f"{head}{style}{body}", headers=_PREVIEW_HEADERS)


async def _download(session: EditingSession, request: Request) -> Response:
    name, language = (request.query_params.get(key, "") for key in ("article", "language"))
    try:
        file, data = await run_in_threadpool(built_file, session, name, language)
    except PipelineError as error:
        return _failed(error)
    disposition = f"attachment; filename*=utf-8''{quote(file)}"
    headers = {"content-disposition": disposition}
    return Response(data, media_type="application/octet-stream", headers=headers)


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
