"""Server-sent events: what happens in the server, streamed to the open pages.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

__all__ = ["Hub", "Page"]

_STOP_SECONDS = 3.0
_POLL_SECONDS = 0.05
_QUEUED = 1_000


class Page:
    """An open page: the article it shows, and the events it has not got yet."""

    def __init__(self, article: str, language: str) -> None:
        self.article, self.language = article, language
        self.events: asyncio.Queue[str] = asyncio.Queue(_QUEUED)

    def put(self, kind: str, data: Any) -> None:
        """Queue an event; a page that reads nothing loses the oldest ones."""
        if self.events.full():
            self.events.get_nowait()
        self.events.put_nowait(f"event: {kind}\ndata: {json.dumps(data)}\n\n")


class Hub:
    """The open pages of a server."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.stopping = False

    async def stream(self, page: Page) -> AsyncIterator[str]:
        """Yield the events of a page until it closes the connection."""
        self._loop = asyncio.get_running_loop()
        self.pages.add(page)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    yield await asyncio.wait_for(page.events.get(), 15)
                except TimeoutError:
                    yield ": alive\n\n"
        finally:
            self.pages.discard(page)

    def publish(self, kind: str, data: Any) -> None:
        """Send an event to all pages; may be called in any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._put, kind, data)

    def _put(self, kind: str, data: Any) -> None:
        for page in list(self.pages):
            page.put(kind, data)

    def stop(self, exit_server: Callable[[], None]) -> None:
        """Ask the pages to save, then call `exit_server` when they have closed their streams."""
        self.stopping = True
        if self._loop is None or not self.pages:
            exit_server()
            return
        loop = self._loop
        self.publish("stop", {})
        deadline = loop.time() + _STOP_SECONDS

        def wait() -> None:
            if not self.pages or loop.time() > deadline:
                exit_server()
            else:
                loop.call_later(_POLL_SECONDS, wait)

        loop.call_soon_threadsafe(wait)
