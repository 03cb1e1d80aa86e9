"""Keys of servers: from the environment only, and never shown."""

from __future__ import annotations

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from pipeline.core.errors import EngineError


class Secret:
    """A key that a server asks for; printing it, or an object that holds it, shows nothing."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret()" if not self._value else "Secret(…)"

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """The key itself, to be sent to its server and nowhere else."""
        return self._value

    def redact(self, text: str) -> str:
        """A text without the key: servers like to repeat in an error what they were sent."""
        return text.replace(self._value, "…") if self._value else text


def find_key(url: str, own: str, vendor: str = "", domain: str = "") -> Secret:
    """Find the key for the server at `url`; empty where there is none.

    The variable `own` holds a key for whichever server the settings name; `vendor` is the
    variable that the vendor's own tools read, so its key goes to hosts of `domain` alone:
    the settings of a strange project must not send it anywhere else. Raises EngineError
    for a key that would go over a network in the clear, or that cannot be one.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    theirs = bool(domain) and (host == domain or host.endswith(f".{domain}"))
    variable = vendor if theirs and not os.environ.get(own) else own
    value = os.environ.get(variable, "").strip()
    # http.client would show a header that it refuses, key and all.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise EngineError(
            f"the key in ${variable} has characters that no key has", "Set it anew, key alone."
        )
    if value and parts.scheme != "https" and not is_loopback(host):
        raise EngineError(
            f"the key in ${variable} would go to {host} unencrypted",
            f"Use an https url, or unset {variable} if the server needs no key.",
        )
    return Secret(value)


def is_loopback(host: str) -> bool:
    """Whether a host (`name`, `name:port`, `[::1]:port`) is this machine for certain.

    Only `localhost` and its sub-domains (RFC 6761, 6.3) and the loopback addresses are;
    another name may lead here, but nobody can promise that.
    """
    plain = host if host.count(":") > 1 and "[" not in host else urlsplit(f"//{host}").hostname
    name = (plain or "").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
