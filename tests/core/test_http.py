"""HTTP addresses: one parser decides, and the same connects."""

from __future__ import annotations

import pytest
from urllib3.util import parse_url

from pipeline.core.http import AddressError, is_loopback, parse_address

_SPACE = "has white space or a control character (write a space as %20)"
_HOST = "has an invalid host"
_PORT = "has an invalid port"
_USER = "has a user name or password"

HOSTILE = {
    "https://127.0.0.1\\.deepl.com": "has a backslash",
    "https://evil.example\\.api.openai.com/v1": "has a backslash",
    "http://0.0.0.0\\.localhost": "has a backslash",
    "http://localhost\\@evil.example": "has a backslash",
    "https://evil.example\t.api.openai.com": _SPACE,
    "https://evil.example\n.localhost": _SPACE,
    "https://evil.example .localhost": _SPACE,
    " http://localhost": _SPACE,
    "http://localhost\r\nX-Key: y": _SPACE,
    "http://evil.example\x00.localhost": _SPACE,
    "http://local\u200bhost": _SPACE,
    "http://localhost\u00a0.evil.example": _SPACE,
    "https://api.openai.com@evil.example": _USER,
    "https://me:sk-very-secret-4711@evil.example": _USER,
    "http://@localhost": _USER,
    "http://localhost:0": _PORT,
    "http://localhost:65536": _PORT,
    "http://localhost:-1": _PORT,
    "http://localhost:+80": _PORT,
    "http://localhost:\u0661": _PORT,
    "http://localhost:80:80": _PORT,
    "http://localhost:x": _PORT,
    "http://localhost:": _PORT,
    "http://[::1]:": _PORT,
    "http:": "is not an http(s) address",
    "http:///localhost": "has no host",
    "http://:80": "has no host",
    "http://?x=@localhost": "has no host",
    "http://[::1": _HOST,
    "http://[::1]evil.example": _HOST,
    "http://[]": _HOST,
    "http://[v1.localhost]": _HOST,
    "http://[127.0.0.1]": _HOST,
    "http://[fe80::1%25lo]": _HOST,
    "http://.localhost": _HOST,
    "http://evil..localhost": _HOST,
    "http://-.localhost": _HOST,
    "http://local%68ost": _HOST,
    "http://evil.example%2f.localhost": _HOST,
    "http://evil.example%5c.localhost": _HOST,
    "http://evil.example;.localhost": _HOST,
    "http://evil.example,localhost": _HOST,
    "http://evil.example\uff0flocalhost": _HOST,
    "http://\uff11\uff12\uff17.0.0.1": _HOST,
    "http://m\u00fcnchen.example": _HOST,
    "http://127.1": _HOST,
    "http://0177.0.0.1": _HOST,
    "http://0x7f.0.0.1": _HOST,
    "http://0x7f000001": _HOST,
    "http://2130706433": _HOST,
    "http://127.0.0.1.": _HOST,
    "http://256.0.0.1": _HOST,
    "http://evil.example.1": _HOST,
    "http://" + "a" * 64: _HOST,
    "http://" + "a." * 130 + "example": _HOST,
    "ftp://localhost": "is not an http(s) address",
    "file:///etc/passwd": "is not an http(s) address",
    "http:localhost": "is not an http(s) address",
    "//localhost": "is not an http(s) address",
    "localhost:5000": "is not an http(s) address",
    "httpx://localhost": "is not an http(s) address",
}
"""Addresses that are refused, with the reason."""


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_addresses(url: str) -> None:
    """Refused with the reason, which does not quote the address."""
    with pytest.raises(AddressError) as error:
        parse_address(url)
    assert str(error.value) == HOSTILE[url]


@pytest.mark.parametrize(
    ("url", "scheme", "netloc", "loopback"),
    [
        ("http://127.0.0.1:5000", "http", "127.0.0.1:5000", True),
        ("http://127.255.0.9/v1", "http", "127.255.0.9", True),
        ("HTTP://LocalHost:80/v1", "http", "localhost:80", True),
        ("http://[::1]:9", "http", "[::1]:9", True),
        ("http://[::FFFF:127.0.0.1]", "http", "[::ffff:127.0.0.1]", True),
        ("http://[::ffff:128.0.0.1]", "http", "[::ffff:128.0.0.1]", False),
        ("http://[2001:db8::1]", "http", "[2001:db8::1]", False),
        ("http://0.0.0.0", "http", "0.0.0.0", False),
        ("http://localhost.", "http", "localhost.", False),
        ("http://mt.localhost", "http", "mt.localhost", False),
        ("http://my_server-1:8080", "http", "my_server-1:8080", False),
        ("https://API.OpenAI.com/v1", "https", "api.openai.com", False),
        ("https://xn--mnchen-3ya.example", "https", "xn--mnchen-3ya.example", False),
        ("https://h.example/@me/a.gguf?x=http://b#c@d", "https", "h.example", False),
        ("http://evil.example?localhost", "http", "evil.example", False),
        ("http://evil.example#@localhost", "http", "evil.example", False),
    ],
)
def test_addresses(url: str, scheme: str, netloc: str, loopback: bool) -> None:
    """The host is that to which urllib3 connects."""
    address = parse_address(url)
    assert (address.scheme, address.netloc, address.url) == (scheme, netloc, url)
    assert address.is_loopback is loopback
    assert is_loopback(netloc) is loopback
    connected = parse_url(url)
    assert (address.host, address.port) == ((connected.host or "").strip("[]"), connected.port)


@pytest.mark.parametrize("host", ["::1", "[::1]", "::1%lo", "localhost:80", "127.0.0.2:1"])
def test_hosts_of_this_machine(host: str) -> None:
    """With a port or without; a zone is not accepted."""
    assert is_loopback(host) is ("%" not in host)


@pytest.mark.parametrize(
    "host",
    ["", "localhost/x", "localhost?", "localhost#x", "localhost:x", "me@localhost", "::2", "a b"]
    + [url.removeprefix("http://") for url in HOSTILE if url.startswith("http://")],
)
def test_what_is_no_host_is_another_machine(host: str) -> None:
    """A plug-in may report anything as its host."""
    assert not is_loopback(host)
