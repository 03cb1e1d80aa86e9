"""Keys of servers, read from the environment only, and the rule for hosts that need none."""

from __future__ import annotations

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from pipeline.core import EngineError


class Secret:
    """A key whose value never appears in a representation or a message."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret()" if not self._value else "Secret(…)"

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """Return the key. Send it to its server only."""
        return self._value

    def redact(self, text: str) -> str:
        """Remove the key from a text: servers often repeat it in error messages."""
        return text.replace(self._value, "…") if self._value else text


def find_key(url: str, variable: str, vendor_variable: str = "", vendor_domain: str = "") -> Secret:
    """Return the key for the server at `url`; empty if there is none.

    `variable` may hold a key for any server. `vendor_variable` is read by the vendor's own
    tools as well, so its key is sent to hosts of `vendor_domain` only: the settings of
    somebody else's project must not send it anywhere else.

    Raises EngineError for a key that would be sent over a network without encryption, or
    that has characters no key has.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_vendor = bool(vendor_domain) and (
        host == vendor_domain or host.endswith(f".{vendor_domain}")
    )
    source = vendor_variable if is_vendor and not os.environ.get(variable) else variable
    value = os.environ.get(source, "").strip()
    # http.client would repeat a header that it rejects, including the key.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise EngineError(
            f"the key in ${source} contains spaces or special characters",
            f"Set {source} to the key alone.",
        )
    if value and parts.scheme != "https" and not is_loopback(host):
        raise EngineError(
            f"the key in ${source} would go to {host} unencrypted",
            f"Use an https url, or unset {source} if the server needs no key.",
        )
    return Secret(value)


def is_loopback(host: str) -> bool:
    """Return whether a host (`name`, `name:port`, `[::1]:port`) is certainly this machine.

    True for `localhost`, its subdomains (RFC 6761, 6.3) and loopback addresses. Any other
    name may resolve to this machine, but that is not guaranteed.
    """
    plain = host if host.count(":") > 1 and "[" not in host else urlsplit(f"//{host}").hostname
    name = (plain or "").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
