"""Whether a server is this machine."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host (`name`, `name:port`, `[::1]:port`) is this machine for certain.

    Only `localhost` and its sub-domains (RFC 6761, 6.3) and the loopback addresses are;
    another name may lead here, but nobody can promise that.
    """
    from ipaddress import ip_address

    plain = host if host.count(":") > 1 and "[" not in host else urlsplit(f"//{host}").hostname
    name = (plain or "").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
