"""Asks a translation server over HTTP, and words what can go wrong with one.

Time-outs, retries with growing pauses (and the pause that a server asks for), a limit to
what is read, any number of requests at once, and no redirects: text goes to the host that
the settings name, and to no other.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pipeline import __version__
from pipeline.core.errors import EngineError
from pipeline.core.http import connection_pool
from pipeline.engines.base import DEFAULT_BATCH_SIZE
from pipeline.engines.http import errors
from pipeline.engines.http.credentials import Secret, is_loopback
from pipeline.engines.http.errors import BusyError

if TYPE_CHECKING:
    import urllib3

CONNECT_SECONDS = 10.0
"""How long a connection may take to come about."""

LIMIT_BYTES = 2 << 20
"""How much of an answer is read: far more than any translation takes."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""The pause before the first retry in seconds; it doubles up to the longest one."""

LONGEST_WAIT = 120.0
"""How long a pause that a server asks for may be, in seconds."""

_CHUNK = 1 << 16

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: `url` without a slash at its end; `timeout` for one answer, in
    seconds; `retries` of a request that failed; `concurrency`, the requests at once."""

    url: str
    timeout: float
    retries: int
    concurrency: int


@dataclass(slots=True)
class HttpClient:
    """A server at an address, asked in the name of the engine `engine`.

    `scheme` is the word before the key in the header Authorization; "" sends no header.
    """

    engine: str
    address: Address
    secret: Secret
    scheme: str = ""
    _pool: urllib3.PoolManager | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _backoff_until: float = field(default=0.0, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that is none. Raises EngineError."""
        try:
            parts = urlsplit(self.address.url)
            good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
        except ValueError:
            good = False
        if not good:
            raise EngineError(
                f"[engines.{self.engine}]: url is not an http(s) address",
                'Write it as url = "http://127.0.0.1:8080" or as the server\'s documentation says.',
            )
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise EngineError(
                f"[engines.{self.engine}]: url has more than scheme, host and path in it",
                "Keys and passwords belong into the environment: see docs/engines.md.",
            )

    @property
    def host(self) -> str:
        """The server as `name` or `name:port`."""
        return urlsplit(self.address.url).netloc.lower()

    @property
    def batch_size(self) -> int:
        """How many requests keep it busy, where each has one text."""
        return max(DEFAULT_BATCH_SIZE, 4 * self.address.concurrency)

    def call(self, method: str, path: str, payload: object = None) -> Any:
        """Send a request and give the JSON that is answered (None for an empty answer).

        Raises RefusedError where the server finds fault with this one request, else
        EngineError, after the retries where a later attempt may succeed.
        """
        pause, left = FIRST_PAUSE, self.address.retries
        while True:
            self._wait()
            try:
                status, headers, body = self._send(method, path, payload)
                return errors.read(self.host, status, headers, body, self.secret.redact)
            except BusyError as error:
                wait = error.wait if error.wait is not None else pause * random.uniform(0.5, 1)
                # A second long wait is fair, a fifth one wastes an hour of the user's.
                left = min(left, 1) if error.slow else left
                if not left or wait > LONGEST_WAIT:
                    raise error.final(self.host) from None
                # All threads wait: a server that is busy for one is busy for the others.
                with self._lock:
                    self._backoff_until = max(self._backoff_until, time.monotonic() + wait)
                left, pause = left - 1, min(2 * pause, LONGEST_PAUSE)

    def invalid_response(self, answer: object) -> EngineError:
        """The error for an answer that is JSON, but not what was asked for."""
        shown = errors.short(self.secret.redact(json.dumps(answer, ensure_ascii=False)))
        return EngineError(
            f"{self.host} answers what is no translation: {shown}",
            f"Check that [engines.{self.engine}] names the url of such a server.",
        )

    def map_concurrently(
        self, ask: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[Result]:
        """Ask for all items, several at once, and yield what comes in their order.

        The first error is raised in its turn. When the reader goes away, nothing more is
        asked; threads that wait for an answer do not keep the program from ending.
        """
        waiting: SimpleQueue[tuple[Item, Future[Result]]] = SimpleQueue()
        futures: list[Future[Result]] = []
        for item in items:
            futures.append(Future())
            waiting.put((item, futures[-1]))
        stopped = threading.Event()
        for _ in range(min(self.address.concurrency, len(items))):
            threading.Thread(target=_work, args=(ask, waiting, stopped), daemon=True).start()
        try:
            for future in futures:
                yield future.result()
        finally:
            stopped.set()

    def close(self) -> None:
        """Close idle connections."""
        if self._pool is not None:
            self._pool.clear()

    def _wait(self) -> None:
        while (rest := self._backoff_until - time.monotonic()) > 0:
            time.sleep(rest)

    def _send(self, method: str, path: str, payload: object) -> tuple[int, Mapping[str, str], str]:
        """Send a request once; gives status, headers and text of the answer."""
        import urllib3

        deadline = time.monotonic() + self.address.timeout
        headers = {"User-Agent": f"translate-pipeline/{__version__}", "Accept": "application/json"}
        body = None
        if payload is not None:
            body = json.dumps(payload, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        if self.scheme and self.secret:
            headers["Authorization"] = f"{self.scheme} {self.secret.reveal()}"
        try:
            response = self._connections().request(
                method,
                self.address.url + path,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=self.address.timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            with closing(response):
                data = self._read(response, deadline)
        except urllib3.exceptions.HTTPError as error:
            raise errors.network(error, self.address.timeout) from None
        return response.status, response.headers, data.decode(errors="replace")

    def _read(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        data = bytearray()
        while chunk := response.read1(_CHUNK):
            data += chunk
            if len(data) > LIMIT_BYTES:
                raise EngineError(
                    f"{self.host} answers with more than {LIMIT_BYTES >> 20} MB to one request",
                    "That is no translation: check what runs at this url.",
                )
            if time.monotonic() > deadline:
                raise errors.slow(self.address.timeout)
        return bytes(data)

    def _connections(self) -> urllib3.PoolManager:
        with self._lock:
            if self._pool is None:
                self._pool = _pool(self.address)
            return self._pool


def _pool(address: Address) -> urllib3.PoolManager:
    """The connections: through the user's proxy, except to this machine."""
    use_proxy = not is_loopback(urlsplit(address.url).netloc)
    return connection_pool(address.url, address.concurrency, use_proxy=use_proxy)


def _work(
    ask: Callable[[Item], Result],
    waiting: SimpleQueue[tuple[Item, Future[Result]]],
    stopped: threading.Event,
) -> None:
    while not stopped.is_set():
        try:
            item, future = waiting.get_nowait()
        except Empty:
            return
        try:
            future.set_result(ask(item))
        except EngineError as error:
            future.set_exception(error)
        finally:
            if not future.done():
                future.cancel()  # a bug: this thread's traceback tells of it
