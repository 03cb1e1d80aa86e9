"""HTTP client for translation servers.

It limits the time and the size of responses, retries with exponential back-off and jitter,
honours Retry-After, and sends concurrent requests. It follows no redirects: text is sent to
the host of the settings and to no other.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import __version__
from pipeline.core import EngineError
from pipeline.core.http import Address, AddressError, Deadline, connection_pool, parse_address
from pipeline.core.secrets import Secret, environment_secrets
from pipeline.engines.base import DEFAULT_BATCH_SIZE
from pipeline.engines.http import errors
from pipeline.engines.http.errors import RequestRejectedError, RetryableError

if TYPE_CHECKING:
    import urllib3

CONNECT_TIMEOUT = 10.0
"""Time limit for opening a connection, in seconds."""

MAX_RESPONSE_BYTES = 2 << 20
"""Maximum size of a response; translations are far smaller."""

INITIAL_BACKOFF, MAX_BACKOFF = 0.5, 30.0
"""Delay before the first retry, and the maximum to which it doubles, in seconds."""

MAX_RETRY_AFTER = 120.0
"""Maximum delay that is accepted from a server, in seconds."""

_CHUNK = 1 << 16
_SINGLE_ATTEMPT: ContextVar[bool] = ContextVar("single_attempt", default=False)

Item = TypeVar("Item")
Result = TypeVar("Result")


def server_address(engine: str, url: str) -> Address:
    """Parse the setting `url` of an engine; raises EngineError for an address not accepted."""
    try:
        address = parse_address(url)
    except AddressError as error:
        raise EngineError(
            f"[engines.{engine}]: url {error}",
            'Write it as url = "http://127.0.0.1:8080" or as the server\'s documentation says. '
            "Set keys and passwords in the environment: see docs/engines.md.",
        ) from None
    if "?" in url or "#" in url:
        raise EngineError(
            f"[engines.{engine}]: url must consist of scheme, host and path only",
            "Set keys and passwords in the environment: see docs/engines.md.",
        )
    return address


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a server and the limits for requests to it.

    `address` has no trailing slash. `timeout` is the limit for one response in seconds, `retries`
    the number of retries per request, `concurrency` the number of concurrent requests.
    """

    address: Address
    timeout: float
    retries: int
    concurrency: int


@dataclass(slots=True)
class HttpClient:
    """A client of one server; the name of the engine appears in error messages.

    `scheme` is the authentication scheme of the header Authorization; "" sends no header.
    """

    engine: str
    endpoint: Endpoint
    secret: Secret
    scheme: str = ""
    _pool: urllib3.PoolManager | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _backoff_until: float = field(default=0.0, init=False, repr=False)

    @property
    def host(self) -> str:
        """The host as `name` or `name:port`."""
        return self.endpoint.address.netloc

    @property
    def batch_size(self) -> int:
        """The number of requests of one text each that keep the server busy."""
        return max(DEFAULT_BATCH_SIZE, 4 * self.endpoint.concurrency)

    def attempt_once(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Call a function whose requests are sent once, without retries."""
        token = _SINGLE_ATTEMPT.set(True)
        try:
            return function(*arguments)
        finally:
            _SINGLE_ATTEMPT.reset(token)

    def redact(self, text: str) -> str:
        """Remove the key of this server, and all keys of the environment, from a text."""
        return environment_secrets().redact(self.secret.redact(text))

    def call(self, method: str, path: str, payload: object = None) -> Any:
        """Send a request, with retries, and return the JSON of the response.

        An empty response is None. Raises RequestRejectedError if the server rejects this
        request or returns the key, EngineError for all other failures.
        """
        retries = 0 if _SINGLE_ATTEMPT.get() else self.endpoint.retries
        backoff = INITIAL_BACKOFF
        while True:
            self._await_backoff()
            try:
                status, headers, body = self._send(method, path, payload)
                response = errors.parse_response(self.host, status, headers, body, self.redact)
            except RetryableError as error:
                delay = error.retry_after
                if delay is None:
                    delay = backoff * random.uniform(0.5, 1)
                # Each time-out may take minutes, so only the first is retried.
                retries = min(retries, 1) if error.timed_out else retries
                if not retries or delay > MAX_RETRY_AFTER:
                    raise error.to_engine_error(self.host) from None
                # A server that is busy for one thread is busy for all: they share the delay.
                with self._lock:
                    self._backoff_until = max(self._backoff_until, time.monotonic() + delay)
                retries, backoff = retries - 1, min(2 * backoff, MAX_BACKOFF)
            else:
                self._require_no_key(body)
                return response

    def invalid_response(self, response: object) -> RequestRejectedError:
        """Return the error for JSON of an unexpected structure."""
        text = json.dumps(response, ensure_ascii=False)
        shown = errors.quote(text, self.redact)
        return RequestRejectedError(
            f"{self.host} returned no translation: {shown}",
            f"Check the url in [engines.{self.engine}]: another kind of server may run there.",
        )

    def map_concurrently(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[Result]:
        """Apply a function to items in `concurrency` threads and yield the results in order.

        An EngineError is raised in the place of its result. If the caller stops iterating, no
        further item is processed. The threads are daemons and do not delay the program's exit.
        """
        pending: SimpleQueue[tuple[Item, Future[Result]]] = SimpleQueue()
        futures: list[Future[Result]] = []
        for item in items:
            futures.append(Future())
            pending.put((item, futures[-1]))
        stopped = threading.Event()
        for _ in range(min(self.endpoint.concurrency, len(items))):
            arguments = (function, pending, stopped)
            threading.Thread(target=_run_worker, args=arguments, daemon=True).start()
        try:
            for future in futures:
                yield future.result()
        finally:
            stopped.set()

    def close(self) -> None:
        """Close idle connections."""
        if self._pool is not None:
            self._pool.clear()

    def _require_no_key(self, body: str) -> None:
        """Raise RequestRejectedError for a response with the key: it may end in a catalog."""
        if self.secret.is_in(body) or environment_secrets().is_in(body):
            raise RequestRejectedError(
                f"{self.host} returned the key in its response",
                f"Replace the key, and check the url in [engines.{self.engine}].",
                retry_in_parts=False,
            )

    def _await_backoff(self) -> None:
        while (delay := self._backoff_until - time.monotonic()) > 0:
            time.sleep(delay)

    def _send(self, method: str, path: str, payload: object) -> tuple[int, Mapping[str, str], str]:
        """Send a request once and return status, headers and body of the response."""
        import urllib3

        headers = {"User-Agent": f"translate-pipeline/{__version__}", "Accept": "application/json"}
        body = None
        if payload is not None:
            body = json.dumps(payload, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        if self.scheme and self.secret:
            headers["Authorization"] = f"{self.scheme} {self.secret.reveal()}"
        timeout = self.endpoint.timeout
        with Deadline(timeout) as deadline:
            try:
                response = self._open_pool().request(
                    method,
                    self.endpoint.address.url + path,
                    body=body,
                    headers=headers,
                    timeout=urllib3.Timeout(connect=min(CONNECT_TIMEOUT, timeout), read=timeout),
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
                with closing(response):
                    data = self._read_body(response)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if deadline.expired:
                    raise errors.timeout_error(timeout) from None
                raise errors.connection_error(error, timeout, self.redact) from None
        if deadline.expired:  # The end of a body without a length looks the same.
            raise errors.timeout_error(timeout)
        return response.status, response.headers, data.decode(errors="replace")

    def _read_body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        data = bytearray()
        while chunk := response.read1(_CHUNK):
            data += chunk
            if len(data) > MAX_RESPONSE_BYTES:
                raise RequestRejectedError(
                    f"{self.host} returned more than {MAX_RESPONSE_BYTES >> 20} MB for one request",
                    "Check the url: another kind of server may run there.",
                )
        return bytes(data)

    def _open_pool(self) -> urllib3.PoolManager:
        with self._lock:
            if self._pool is None:
                self._pool = _make_pool(self.endpoint)
            return self._pool


def _make_pool(endpoint: Endpoint) -> urllib3.PoolManager:
    """Return a connection pool that uses the user's proxy, except for this machine."""
    address = endpoint.address
    return connection_pool(address, endpoint.concurrency, use_proxy=not address.is_loopback)


def _run_worker(
    function: Callable[[Item], Result],
    pending: SimpleQueue[tuple[Item, Future[Result]]],
    stopped: threading.Event,
) -> None:
    while not stopped.is_set():
        try:
            item, future = pending.get_nowait()
        except Empty:
            return
        try:
            future.set_result(function(item))
        except EngineError as error:
            future.set_exception(error)
        finally:
            if not future.done():
                future.cancel()  # A bug: the traceback of this thread reports it.
