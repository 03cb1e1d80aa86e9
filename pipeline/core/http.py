"""HTTP addresses and connections through the user's proxy, for engines and downloads.

An address is parsed with the parser of urllib3, which also opens the connection. Two parsers
can disagree about the host, and text or a key would then go to a host that was not checked.
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass
from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import urllib3

__all__ = [
    "Address",
    "AddressError",
    "Deadline",
    "connection_pool",
    "is_loopback",
    "parse_address",
]

_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*"
    r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?"
)
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
"""A name that the C library reads as an IPv4 address (`127.1`, `0x7f000001`)."""


class AddressError(ValueError):
    """An address is not accepted.

    The message is a predicate ("has a backslash"). It never quotes the address, which may
    contain a password.
    """


@dataclass(frozen=True, slots=True)
class Address:
    """A valid http(s) address.

    `url` is the address as written, `scheme` and `host` are in lower case. `host` has no
    brackets. `port` is None if the address has none.
    """

    scheme: str
    host: str
    port: int | None
    url: str

    @property
    def netloc(self) -> str:
        """The host as `name`, `name:port` or `[ipv6]:port`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether the host is `localhost` or a loopback IP address.

        Any other name may resolve to this machine, but that is not guaranteed.
        """
        if self.host == "localhost":
            return True
        if ":" in self.host:
            ip = IPv6Address(self.host)
            return (ip.ipv4_mapped or ip).is_loopback
        return bool(_NUMERIC.fullmatch(self.host)) and IPv4Address(self.host).is_loopback


def parse_address(url: str) -> Address:
    """Parse an http(s) address; raises AddressError with the reason if it is not accepted."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    if any(char.isspace() or not char.isprintable() for char in url):
        raise AddressError("has white space or a control character (write a space as %20)")
    if "\\" in url:
        raise AddressError("has a backslash")
    match = _AUTHORITY.match(url)
    if not match:
        raise AddressError("is not an http(s) address")
    authority = match[1].lower()
    if "@" in authority:
        raise AddressError("has a user name or password")
    host, port = _split_port(authority)
    try:
        parsed = parse_url(url)
    except LocationParseError:
        raise AddressError("has an invalid host or port") from None
    # The host that a reader sees must be the host that urllib3 connects to.
    if (parsed.host, parsed.port, parsed.auth) != (host, port, None):
        raise AddressError("has an invalid host or port")
    return Address(parsed.scheme or "", host.strip("[]"), port, url)


def is_loopback(host: str) -> bool:
    """Return whether a host (`name`, `name:port`, `::1`, `[::1]:port`) is this machine."""
    bracketed = f"[{host}]" if host.count(":") > 1 and "[" not in host else host
    try:
        address = parse_address(f"http://{bracketed}")
    except AddressError:
        return False
    return not set("/?#") & set(host) and address.is_loopback


class Deadline:
    """A time limit for everything that a block sends and receives.

    The time-outs of a socket limit each wait: a server that sends a byte now and then would
    never exceed them. At the deadline, the connection of the block is shut down.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._token: Token[Deadline | None] | None = None
        self._outer: Deadline | None = None

    def __enter__(self) -> Self:
        """Start the clock; connections of `connection_pool` in this thread obey it."""
        self._outer = _DEADLINE.get()
        self._token = _DEADLINE.set(self)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the clock."""
        self._timer.cancel()
        with self._lock:
            self._socket = None
        if self._token is not None:
            _DEADLINE.reset(self._token)

    def watch(self, connection: socket.socket | None) -> None:
        """Shut this socket down at the deadline, and at that of an enclosing block."""
        with self._lock:
            self._socket = connection
        if self._outer is not None:
            self._outer.watch(connection)
        if self.expired:
            self._expire()

    def _expire(self) -> None:
        self.expired = True
        with self._lock:
            if self._socket is not None:
                with suppress(OSError):
                    # Not that of ssl, which removes the encryption while another thread reads.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


_DEADLINE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@cache
def _pool_classes() -> dict[str, Any]:
    """Return pools whose connections obey the deadline of their thread, by scheme."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Watched:
        sock: Any

        def connect(self) -> None:
            super().connect()  # type: ignore[misc]
            if deadline := _DEADLINE.get():
                deadline.watch(self.sock)

        def getresponse(self) -> Any:
            if deadline := _DEADLINE.get():
                deadline.watch(self.sock)
            return super().getresponse()  # type: ignore[misc]

    http = type("WatchedHttp", (Watched, HTTPConnection), {})
    https = type("WatchedHttps", (Watched, HTTPSConnection), {})
    return {
        "http": type("HttpPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
        "https": type("HttpsPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
    }


def connection_pool(
    address: Address, max_connections: int = 1, *, use_proxy: bool = True
) -> urllib3.PoolManager:
    """Return a pool of connections to the host of `address`.

    The proxy is that of the environment or the system (`https_proxy`, `no_proxy`), as
    urllib finds it. Raises urllib3's HTTPError for the address of a proxy it cannot use.
    """
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    proxy = getproxies().get(address.scheme) if use_proxy else None
    if proxy and not (proxy_bypass(address.netloc) or proxy_bypass(address.host)):
        server = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        credentials, _, netloc = server.netloc.rpartition("@")
        headers = (
            urllib3.make_headers(proxy_basic_auth=unquote(credentials)) if credentials else None
        )
        pool: urllib3.PoolManager = urllib3.ProxyManager(
            f"{server.scheme}://{netloc}", maxsize=max_connections, proxy_headers=headers
        )
    else:
        pool = urllib3.PoolManager(maxsize=max_connections)
    pool.pool_classes_by_scheme = _pool_classes()
    return pool


def _split_port(authority: str) -> tuple[str, int | None]:
    """Split and validate host and port; an IPv6 address keeps its brackets."""
    host, colon, digits = authority.partition(":")
    if authority.startswith("["):
        inner, bracket, rest = authority[1:].partition("]")
        host, colon, digits = f"[{inner}{bracket}", rest[:1], rest[1:]
    if not host:
        raise AddressError("has no host")
    if not _is_valid_host(host) or colon not in ("", ":"):
        raise AddressError("has an invalid host")
    if not colon:
        return host, None
    if not re.fullmatch("[1-9][0-9]{0,4}", digits) or int(digits) > 0xFFFF:
        raise AddressError("has an invalid port")
    return host, int(digits)


def _is_valid_host(host: str) -> bool:
    try:
        if host.startswith("["):
            return bool(IPv6Address(host.strip("[]"))) and "%" not in host and host[-1] == "]"
        if _NUMERIC.fullmatch(host):
            return bool(IPv4Address(host))
    except AddressValueError:
        return False
    return bool(_NAME.fullmatch(host))
