"""Downloads from servers that send too much, too slowly, or nonsense."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core import ModelError
from pipeline.models import Model, UrlSource, download, install
from tests.engines.test_hostile_servers import RAW, drip, http, raw_server

SECONDS = 5.0


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of a second instead of a minute."""
    monkeypatch.setattr(download, "RESPONSE_SECONDS", 0.8)
    monkeypatch.setattr(download, "INDEX_SECONDS", 0.8)
    monkeypatch.setattr(download, "MIN_RATE_SECONDS", 0.5)
    monkeypatch.setattr(download, "MAX_SLOW_ATTEMPTS", 1)
    monkeypatch.setattr(download, "_RESUME_SECONDS", 0.0)
    monkeypatch.setattr(download, "MAX_BYTES", 10 << 20)


def failure(url: str, size: int = 0) -> str:
    """The message of an installation that must fail."""
    model = Model("own", "own.gguf", size, "0" * 64, sources=(UrlSource(f"{url}/own.gguf"),))
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        install(model)
    assert time.monotonic() - began < SECONDS
    return caught.value.message + caught.value.hint


def endless(connection: socket.socket) -> None:
    connection.sendall(http(b"", length=False))
    while True:
        connection.sendall(b"x" * (1 << 20))


@pytest.mark.parametrize(
    ("answer", "size", "message"),
    [
        (endless, 0, "more than 10,485,760 bytes"),
        (lambda c: c.sendall(http(b"", "Content-Length: 99999999999", length=False)), 0, "more"),
        (
            lambda c: c.sendall(http(b"", "Content-Length: 99999999999", length=False)),
            5,
            "not the 5",
        ),
        (drip(b"A: b\r\n", b"HTTP/1.1 200 OK\r\n"), 0, "within 1 s"),
        (drip(b"X"), 0, "within 1 s"),
        (drip(b"x", http(b"", "Content-Length: 900000", length=False)), 900_000, "sends only"),
        (drip(b"x", http(b"", length=False)), 0, "sends only"),
    ],
    ids=["endless", "announced", "other size", "headers", "noise", "slow", "slow without length"],
)
def test_a_download_has_limits(
    store: Path, answer: Callable[[socket.socket], None], size: int, message: str
) -> None:
    """In size and time, with a reason; nothing is left of it that looks like a model."""
    with raw_server(answer) as url:
        assert message in failure(url, size)
    assert not (store / "own" / "own.gguf").exists()


def test_any_answer_fails_with_a_reason(store: Path) -> None:
    """No answer ends in another exception."""
    current = [b""]
    with raw_server(lambda connection: connection.sendall(current[0])) as url:
        for answer in RAW:
            current[0] = answer
            assert failure(url)


@pytest.mark.parametrize(
    "answer",
    [drip(b" ", http(b"", length=False)), drip(b"H"), endless],
    ids=["body", "status", "endless"],
)
def test_an_index_has_limits(answer: Callable[[socket.socket], None]) -> None:
    """It is read as a whole, so its time and its size are limited as a whole."""
    began = time.monotonic()
    with raw_server(answer) as url, pytest.raises(ModelError):
        download.get(f"{url}/index.json", 1 << 20)
    assert time.monotonic() - began < SECONDS
