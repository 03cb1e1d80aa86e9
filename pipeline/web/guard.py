"""The guard of the review server: lets only requests of its own page reach the application.

A server on 127.0.0.1 is reachable by every program of the machine, and by every web page
that the user's browser shows. So each request is checked, in this order:

1. The form of the request: path, method, headers, no websocket.
2. `Host` is a loopback name with the port of the server, or that of `--base-url`. A foreign
   name that resolves to 127.0.0.1 (DNS rebinding) is not.
3. `Origin` and `Sec-Fetch-Site`, where a browser sends them, name this server; a request that
   may change something must have one of them.
4. The token of the printed address, exchanged for a cookie that scripts cannot read.
5. The body has a limited size and arrives in limited time.

The model is the guard of jupyter_server; `Sec-Fetch-*` are from the W3C's Fetch Metadata.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000
"""Size of a request's body in bytes; a segment has a few hundred."""

BODY_SECONDS = 10.0
"""Time for the body of a request to arrive."""

_MAX_PATH = 2_000
_SAFE = ("GET", "HEAD")
_METHODS = (*_SAFE, "POST")
_OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")
_SINGLE = ("host", "origin", "content-length", "content-type", "cookie")
_SUSPICIOUS = re.compile(r"//|\\|(?:^|/)\.\.?(?:/|$)|[\x00-\x1f\x7f]|%", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
"""Content security policy of the page: nothing inline, nothing from elsewhere."""

HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every response that does not set its own."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the server: its port, the secrets, and the address of a reverse proxy.

    The cookie has a value of its own, so that the address in a shell's history is not a
    session of a browser.
    """

    port: int
    base_url: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def cookie(self) -> str:
        """The name of the cookie; cookies do not distinguish ports."""
        return f"translate-review-{self.port}"

    @property
    def prefix(self) -> str:
        """The path of `--base-url`, without a slash at its end."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def hosts(self) -> frozenset[str]:
        """The values of `Host` that name this server."""
        own = {f"{name}:{self.port}" for name in _LOOPBACK}
        proxy = urlsplit(self.base_url).netloc.lower()
        return frozenset(own | {proxy} if proxy else own)

    def is_own_origin(self, origin: str) -> bool:
        """Return whether an `Origin` is a page of this server."""
        base = urlsplit(self.base_url)
        own = {f"http://{name}:{self.port}" for name in _LOOPBACK}
        return origin in own or bool(base.netloc and origin == f"{base.scheme}://{base.netloc}")


Stop = Callable[[Callable[[], None]], None]
"""Prepares the end of the server, then calls its argument."""


class Rejected(Exception):  # noqa: N818 - an answer, not a failure
    """A request that is not let through: the status and the reason."""

    def __init__(self, status: int, reason: str, close: bool = False) -> None:
        super().__init__(reason)
        self.status, self.reason, self.close = status, reason, close


class Guard:
    """ASGI middleware that checks every request before the application sees it.

    `stop` is called before the server ends.
    """

    def __init__(self, app: ASGIApp, access: Access, stop: Stop) -> None:
        self._app, self._access, self.stop = app, access, stop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the reason why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            headers = _headers(scope)
            self._check_form(scope, headers)
            self._check_host(headers)
            self._check_site(scope, headers)
            if self._is_exchange(scope):
                await _send(send, 303, b"", self._exchange_headers())
                return
            self._check_session(headers)
            self._check_body(scope, headers)
        except Rejected as rejected:
            accepted = dict(scope["headers"]).get(b"accept", b"")
            await _reject(send, rejected, page=b"text/html" in accepted)
            return
        scope = dict(scope, path=self._inner_path(scope["path"]), root_path="")
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
        limited = _LimitedBody(receive, send, expected=scope["method"] not in _SAFE)
        await self._app(scope, limited.receive, limited.send)

    def _inner_path(self, path: str) -> str:
        """Return a path without the prefix of a reverse proxy, which may or may not remove it."""
        prefix = self._access.prefix
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            return path[len(prefix) :] or "/"
        return path

    def _check_form(self, scope: Scope, headers: Mapping[str, list[str]]) -> None:
        raw = scope.get("raw_path", b"").decode("latin-1")
        path = scope["path"]
        for text in (raw, path):
            if not text.startswith("/") or len(text) > _MAX_PATH or _SUSPICIOUS.search(text):
                raise Rejected(400, "invalid path")
        if scope["method"] not in _METHODS:
            raise Rejected(405, f"method {scope['method']} not allowed")
        if any(name in headers for name in _OVERRIDES):
            raise Rejected(400, "the method cannot be overridden")
        if "upgrade" in headers:
            raise Rejected(400, "no websockets here")
        if any(len(headers.get(name, ())) > 1 for name in _SINGLE):
            raise Rejected(400, "a header occurs twice")

    def _check_host(self, headers: Mapping[str, list[str]]) -> None:
        host = headers.get("host", [""])[0].lower()
        if not host:
            raise Rejected(400, "Host is missing")
        if host not in self._access.hosts:
            raise Rejected(403, "unknown host: open the address that `translate review` printed")
        for name in headers.get("x-forwarded-host", ()):
            if name.lower() not in self._access.hosts:
                raise Rejected(403, "unknown host before the proxy: see --base-url")

    def _check_site(self, scope: Scope, headers: Mapping[str, list[str]]) -> None:
        origin = headers.get("origin", [""])[0]
        site = headers.get("sec-fetch-site", [""])[0]
        if origin and not self._access.is_own_origin(origin):
            raise Rejected(403, "a request of another origin")
        if scope["method"] in _SAFE:
            opened = headers.get("sec-fetch-dest", [""])[0] == "document"
            if site not in ("", "same-origin", "none") and not opened:
                raise Rejected(403, "a request of another site")
            return
        if site not in ("", "same-origin"):
            raise Rejected(403, "a request of another site")
        if not (origin or site):
            raise Rejected(403, "neither Origin nor Sec-Fetch-Site")

    def _is_exchange(self, scope: Scope) -> bool:
        """Return whether this is the printed address; raises Rejected for a wrong token."""
        given = [v for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k == "token"]
        if not given or self._inner_path(scope["path"]) != "/":
            return False
        if not _is_same(given[0], self._access.token):
            raise Rejected(401, "wrong token: `translate review` prints a new one at each start")
        return True

    def _exchange_headers(self) -> dict[str, str]:
        access = self._access
        path = f"{access.prefix}/"
        secure = "; Secure" if access.base_url.startswith("https:") else ""
        cookie = f"{access.cookie}={access.session}; Path={path}; HttpOnly; SameSite=Strict{secure}"
        return {"set-cookie": cookie, "location": path}

    def _check_session(self, headers: Mapping[str, list[str]]) -> None:
        pairs = (pair.partition("=") for pair in headers.get("cookie", [""])[0].split(";"))
        given = {name.strip(): value.strip() for name, _, value in pairs}
        bearer = headers.get("authorization", [""])[0].removeprefix("Bearer ")
        known = _is_same(given.get(self._access.cookie, ""), self._access.session)
        if not known and not _is_same(bearer, self._access.token):
            raise Rejected(401, "no session: open the address that `translate review` printed")

    def _check_body(self, scope: Scope, headers: Mapping[str, list[str]]) -> None:
        length = headers.get("content-length", ["0"])[0]
        if not length.isdecimal():
            raise Rejected(400, "invalid Content-Length", close=True)
        if int(length) > MAX_BODY:
            raise Rejected(413, "the body is too large", close=True)
        if scope["method"] in _SAFE:
            if int(length) or "transfer-encoding" in headers:
                raise Rejected(400, "a request that reads has no body", close=True)
            return
        kind = headers.get("content-type", [""])[0].partition(";")[0].strip().lower()
        if kind != "application/json" or "content-encoding" in headers:
            raise Rejected(415, "the body must be JSON", close=True)


class _LimitedBody:
    """The channel of a request, which ends a body that is too large or too slow."""

    def __init__(self, receive: Receive, send: Send, *, expected: bool) -> None:
        self._receive, self._send = receive, send
        self._size = 0
        self._complete, self._answered = not expected, False
        self._deadline = asyncio.get_running_loop().time() + BODY_SECONDS

    async def receive(self) -> Message:
        """Receive a part of the body, or that the client is gone."""
        if self._complete:
            return await self._receive()
        left = self._deadline - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0))
        except TimeoutError:
            return await self._end(Rejected(408, "the body is too slow", close=True))
        self._size += len(message.get("body", b""))
        if self._size > MAX_BODY:
            return await self._end(Rejected(413, "the body is too large", close=True))
        self._complete = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send a response, with the headers of the guard, unless the request was ended."""
        if self._answered:
            return
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            missing = [
                (name.encode(), value.encode())
                for name, value in HEADERS.items()
                if name.encode() not in given
            ]
            message = dict(message, headers=[*message["headers"], *missing])
        await self._send(message)

    async def _end(self, rejected: Rejected) -> Message:
        await _reject(self._send, rejected)
        self._answered = self._complete = True
        return {"type": "http.disconnect"}


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _is_same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


async def _reject(send: Send, rejected: Rejected, *, page: bool = False) -> None:
    """Answer with the reason: as text to a person who opened an address, else as JSON."""
    body = json.dumps({"error": rejected.reason}).encode()
    headers = {"content-type": "application/json"}
    if page:
        body, headers = rejected.reason.encode(), {"content-type": "text/plain; charset=utf-8"}
    if rejected.close:
        headers["connection"] = "close"
    if rejected.status == 405:
        headers["allow"] = ", ".join(_METHODS)
    await _send(send, rejected.status, body, headers)


async def _send(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    all_headers = {**HEADERS, **headers, "content-length": str(len(body))}
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in all_headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
