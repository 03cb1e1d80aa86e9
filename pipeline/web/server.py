"""Run the review page on 127.0.0.1 until the user stops it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.parse import urlsplit

import uvicorn

from pipeline.core import PipelineError, SettingsError
from pipeline.project import Project
from pipeline.web.app import ReviewSettings, create_app
from pipeline.web.guard import Access

__all__ = ["ReviewServer"]

_HOST = "127.0.0.1"
_STOP_SECONDS = 5
"""Time for pages to save what was typed, and for responses to end."""


class ReviewServer:
    """A server with a socket of its own; `port` 0 is any free port.

    Raises PipelineError if the port is in use, SettingsError for an invalid base address, and
    what `create_app` raises.
    """

    def __init__(
        self,
        project: Project,
        settings: ReviewSettings | None = None,
        *,
        port: int = 0,
        base_url: str = "",
    ) -> None:
        _require_address(base_url)
        self._socket = _bind(port)
        self._access = Access(self._socket.getsockname()[1], base_url)
        try:
            app = create_app(project, self._access, settings)
        except PipelineError:
            self._socket.close()
            raise
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # it would contain the token
            server_header=False,
            ws="none",
            lifespan="off",
            http="h11",
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        self._server = _Server(config, app.stop)

    @property
    def url(self) -> str:
        """The address of the page, with its token."""
        return f"http://{_HOST}:{self._access.port}/?token={self._access.token}"

    @property
    def public_url(self) -> str:
        """The address behind the reverse proxy, with its token; "" without a proxy."""
        base = self._access.base_url.rstrip("/")
        return f"{base}/?token={self._access.token}" if base else ""

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM; pages then save what was typed."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Stop as SIGINT does; may be called in any thread."""
        self._server.handle_exit(signal.SIGINT, None)


class _Server(uvicorn.Server):
    """A server that lets pages save before it stops; a second signal stops it at once."""

    def __init__(self, config: uvicorn.Config, stop: Callable[[Callable[[], None]], None]) -> None:
        super().__init__(config)
        self._stop = stop
        self._stopping = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ask the pages to save, then stop."""
        if self._stopping:
            self.should_exit = self.force_exit = True
            return
        self._stopping = True
        self._stop(self._exit)

    def _exit(self) -> None:
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals without raising them again: stopping is how a review ends."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread gets signals
            return
        numbers = (signal.SIGINT, signal.SIGTERM)
        previous = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(128)  # the address works as soon as it is printed
    except OSError as error:
        listener.close()
        raise PipelineError(
            f"port {port}: {error.strerror}", "Name another port, or none for any free one."
        ) from error
    return listener


def _require_address(base_url: str) -> None:
    if not base_url:
        return
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"{base_url!r} is not the address of a reverse proxy",
            "Write for example --base-url https://review.example/translate/",
        )
