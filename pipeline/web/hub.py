"""Server-sent events: what happens in the server, streamed to the open pages.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

__all__ = ["Hub", "Page"]

_STOP_SECONDS = 3.0
_POLL_SECONDS = 0.05
_TICK_SECONDS = 0.5
_ALIVE_SECONDS = 15.0
_QUEUED = 1_000


class Page:
    """An open page, with the events it has not got yet."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[str] = asyncio.Queue(_QUEUED)
        self._quiet = 0.0

    async def next(self) -> str:
        """Return the next event; after half a second without one, nothing or a sign of life."""
        try:
            return await asyncio.wait_for(self._events.get(), _TICK_SECONDS)
        except TimeoutError:
            self._quiet += _TICK_SECONDS
        if self._quiet < _ALIVE_SECONDS:
            return ""
        self._quiet = 0.0
        return ": alive\n\n"

    def put(self, event: str) -> None:
        """Queue an event; a page that reads nothing loses the oldest ones."""
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(event)


class Hub:
    """The open pages of a server."""

    def __init__(self) -> None:
        self._pages: set[Page] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        """Open a page, until it closes its connection."""
        self._loop = asyncio.get_running_loop()
        page = Page()
        self._pages.add(page)
        try:
            yield page
        finally:
            self._pages.discard(page)

    @staticmethod
    def event(kind: str, data: Any) -> str:
        """Return an event as it is sent."""
        return f"event: {kind}\ndata: {json.dumps(data)}\n\n"

    def publish(self, kind: str, data: Any) -> None:
        """Send an event to all pages; may be called in any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._put, kind, data)

    def _put(self, kind: str, data: Any) -> None:
        for page in list(self._pages):
            page.put(self.event(kind, data))

    def stop(self, exit_server: Callable[[], None]) -> None:
        """Ask the pages to save, then call `exit_server` when they have closed their streams."""
        if self._loop is None or not self._pages:
            exit_server()
            return
        loop = self._loop
        self.publish("stop", {})
        deadline = loop.time() + _STOP_SECONDS

        def wait() -> None:
            if not self._pages or loop.time() > deadline:
                exit_server()
            else:
                loop.call_later(_POLL_SECONDS, wait)

        loop.call_soon_threadsafe(wait)
