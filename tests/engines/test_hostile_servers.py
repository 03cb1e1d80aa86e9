"""Servers that send anything: every answer is a translation, a rejection, or one clear error."""

from __future__ import annotations

import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from pipeline.core import EngineError
from pipeline.engines import deepl, libretranslate, openai
from pipeline.engines.base import EngineConfig, TranslationRequest, TranslationResult

KEY = "sk-hostile-4711"
DEADLINE = 4.0


def body(text: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": text}}]}).encode()


def http(data: bytes, *headers: str, status: str = "200 OK", length: bool = True) -> bytes:
    lines = [f"HTTP/1.1 {status}", *([f"Content-Length: {len(data)}"] if length else []), *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data


def chunked(*pieces: bytes) -> bytes:
    return http(b"", "Transfer-Encoding: chunked", length=False) + b"".join(pieces)


BOMB = zlib.compress(b" " * (64 << 20))
OK = body("He came.")

JSON = (
    b"",
    b" ",
    b"null",
    b"true",
    b"0",
    b'""',
    b"[]",
    b"{}",
    b"[[]]",
    b"[1]",
    b"[{}]",
    b"nul",
    b"{",
    b"[1,",
    b"{'a':1}",
    b"NaN",
    b"\xff\xfe{\0}\0",
    b"\x00",
    b"\xc3(",
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 90_000,
    b"9" * 10_000,
    b"1e999999999",
    b"-" * 999,
    b'{"choices": null}',
    b'{"choices": {}}',
    b'{"choices": []}',
    b'{"choices": "abc"}',
    b'{"choices": 7}',
    b'{"choices": [null]}',
    b'{"choices": [[]]}',
    b'{"choices": [7]}',
    b'{"choices": ["a"]}',
    b'{"choices": [{}]}',
    b'{"choices": [{"message": null}]}',
    b'{"choices": [{"message": []}]}',
    b'{"choices": [{"message": "He came."}]}',
    b'{"choices": [{"message": {}}]}',
    b'{"choices": [{"message": {"content": null}}]}',
    b'{"choices": [{"message": {"content": 5}}]}',
    b'{"choices": [{"message": {"content": ["a"]}}]}',
    b'{"choices": [{"message": {"content": {"a": 1}}}]}',
    b'{"choices": [{"message": {"content": "\\ud800"}}]}',
    b'{"choices": [{"message": {"content": "a\\udfffb"}}]}',
    b'{"choices": [{"message": {"content": "a"}}], "\\ud800": 1}',
    b'{"choices": [{"message": {"content": "a"}}], "x": NaN}',
    b'{"choices": [{"message": {"content": "a"}, "finish_reason": {"a": []}}]}',
    b'{"choices": [{"message": {"content": "a", "refusal": {"a": 1}}}]}',
    b'{"choices": [{"message": {"content": "", "refusal": "\\u001b[2J\\n::error::x"}}]}',
    b'{"choices": [{"message": {"content": "a"}}], "system_fingerprint": [[]]}',
    b'{"choices": [{"message": {"content": "a"}}], "system_fingerprint": "\\u0000\\n"}',
    b'{"error": null}',
    b'{"error": []}',
    b'{"error": "x"}',
    b'{"error": {"message": {"a": [1]}}}',
    b'{"error": {"message": "\\u001b[2J"}}',
    b'{"error": {"code": [], "param": {}}}',
    body("a\0b"),
    body("\x1b[2J"),
    body("\u202e"),
    body("a" * 500_000),
    body(KEY),
    body(KEY[::-1]),
    body("<think>" * 9000),
    body("\n" * 9000),
    body("\u2028"),
    OK[:-1],
    OK + OK,
    OK + b"\0",
    b"\xef\xbb\xbf" + OK,
    OK.decode().encode("utf-16"),
    OK.decode().encode("utf-32"),
    b" " * (3 << 20),
    b'{"choices"' + b" " * (3 << 20) + b":[]}",
)

RAW = (
    b"",
    b"\r\n",
    b"\r\n\r\n",
    b"\0",
    b"HTTP",
    b"HTTP/1.1",
    b"HTTP/1.1 200",
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/1.1 -1 OK\r\n\r\n",
    b"HTTP/1.1 99999 OK\r\n\r\n",
    b"SSH-2.0-OpenSSH_9\r\n",
    b"\x16\x03\x01" + b"\0" * 99,
    b"A" * 300_000,
    b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    http(OK, "X: " + "x" * 70_000),
    http(OK, "no colon"),
    http(OK, "A\0: b"),
    http(OK, " folded: x"),
    http(OK, "Content-Type: \x1b[2J"),
    http(OK, "Content-Length: 3"),
    http(OK, "Content-Length: -5", length=False),
    http(OK, "Content-Length: 1e3", length=False),
    http(OK, "Content-Length: 99999999999999999999", length=False),
    http(OK, "Content-Length: 999", length=False),
    http(OK, length=False),
    http(OK, "Transfer-Encoding: chunked", length=False),
    http(OK, "Transfer-Encoding: gzip"),
    http(OK, "Content-Encoding: gzip"),
    http(OK, "Content-Encoding: deflate"),
    http(OK, "Content-Encoding: br"),
    http(OK, "Content-Encoding: " + ", ".join(["gzip"] * 99)),
    http(BOMB, "Content-Encoding: deflate"),
    chunked(b"zz\r\n"),
    chunked(b"-1\r\n\r\n"),
    chunked(b"F" * 40 + b"\r\n"),
    chunked(b"5\r\nab\r\n0\r\n\r\n"),
    chunked(b"1" * 99_000),
    chunked(b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 500 + b"\r\n"),
    b"HTTP/1.1 100 Continue\r\n\r\n" * 500 + http(OK),
    *(
        http(OK, status=f"{status} x")
        for status in (
            201,
            204,
            206,
            299,
            300,
            301,
            304,
            305,
            399,
            400,
            401,
            402,
            403,
            404,
            405,
            408,
            409,
            410,
            413,
            418,
            422,
            425,
            429,
            451,
            456,
            499,
            500,
            501,
            502,
            503,
            504,
            511,
            529,
            599,
            600,
            999,
        )
    ),
    *(
        http(b"", f"Location: {place}", status="302 Found")
        for place in (
            "",
            "/",
            "//",
            "http://[",
            "\x1b[2J",
            "file:///etc/passwd",
            "x" * 9000,
            f"http://h/?{KEY}",
        )
    ),
    *(
        http(b"", f"Retry-After: {delay}", status="429 x")
        for delay in (
            "9" * 5000,
            "-1",
            "nan",
            "inf",
            "1e9",
            "",
            "\x1b",
            "Fri, 31 Dec 99999999 23:59:59 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Mon, 99 Foo 2020",
            "3600",
        )
    ),
)

ANSWERS = (*map(http, JSON), *RAW)


@contextmanager
def raw_server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads a request and lets `answer` send anything."""
    listener = socket.create_server(("127.0.0.1", 0))

    def handle(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            data = connection.recv(1 << 16)
            while b"\r\n\r\n" not in data:
                data += connection.recv(1 << 16)
            answer(connection)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def outcome(
    open_engine: Callable[[EngineConfig], object], url: str, **more: object
) -> list[TranslationResult] | EngineError:
    """What an engine makes of a text and of one more."""
    engine = open_engine(EngineConfig(settings={"url": url, "retries": 0, "timeout": 1} | more))
    try:
        return list(
            engine.translate([TranslationRequest("Er kam."), TranslationRequest("Sie kam.")], "en")
        )  # type: ignore[attr-defined]
    except EngineError as error:
        return error
    finally:
        engine.close()  # type: ignore[attr-defined]


def test_there_are_enough_answers() -> None:
    """The table covers JSON, headers, statuses, encodings and framing."""
    assert len(set(ANSWERS)) >= 140


@pytest.mark.parametrize("name", ["openai", "libretranslate", "deepl"])
def test_any_answer_is_a_result_or_an_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other exception, no endless wait, no control character and no key in what is shown."""
    for variable in ("TRANSLATE_OPENAI_KEY", "TRANSLATE_LIBRETRANSLATE_KEY", "TRANSLATE_DEEPL_KEY"):
        monkeypatch.setenv(variable, KEY)
    current = [b""]
    module = {"openai": openai, "libretranslate": libretranslate, "deepl": deepl}[name]
    more = {"model": "m"} if name == "openai" else {}
    with raw_server(lambda connection: connection.sendall(current[0])) as url:
        for number, answer in enumerate(ANSWERS):
            current[0] = answer
            began = time.monotonic()
            found = outcome(module.open_engine, url, **more)
            assert time.monotonic() - began < DEADLINE, (number, answer[:80])
            texts = (
                [found.message, found.hint]
                if isinstance(found, EngineError)
                else [text for one in found for text in (one.text, one.rejection_reason)]
            )
            assert isinstance(found, EngineError) or len(found) == 2
            assert not any(KEY in text for text in texts), (number, answer[:80])
            assert not any("\ud800" <= char <= "\udfff" for text in texts for char in text)


def drip(piece: bytes, head: bytes = b"") -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(0.05)

    return answer


SLOW: dict[str, Callable[[socket.socket], None]] = {
    "noise": drip(b"X"),
    "status": drip(b"H"),
    "header": drip(b"A", b"HTTP/1.1 200 OK\r\n"),
    "headers": drip(b"A: b\r\n", b"HTTP/1.1 200 OK\r\n"),
    "continue": drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": drip(b" ", http(b"", length=False)),
    "length": drip(b" ", http(b"", "Content-Length: 5000", length=False)),
    "chunks": drip(b"1\r\n \r\n", chunked()),
    "size": drip(b"0", chunked()),
    "stall": drip(b"", http(b"", "Content-Length: 5", length=False)),
    "silence": lambda connection: time.sleep(8),
}


def test_slow_servers_are_given_up_in_time() -> None:
    """The time limit is for the whole response, headers included, however it is stretched."""
    found: dict[str, tuple[object, float]] = {}

    def measure(name: str) -> None:
        with raw_server(SLOW[name]) as url:
            began = time.monotonic()
            result = outcome(openai.open_engine, url, model="m")
            found[name] = result, time.monotonic() - began

    threads = [threading.Thread(target=measure, args=(name,)) for name in SLOW]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, (result, seconds) in found.items():
        assert isinstance(result, EngineError), name
        assert result.exit_code == 75, name
        assert seconds < DEADLINE, name
    assert len(found) == len(SLOW)


@pytest.mark.parametrize("count", [0, 1, 3, 50])
def test_a_wrong_number_of_translations_is_rejected(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never are translations assigned to other texts."""
    monkeypatch.setenv("TRANSLATE_DEEPL_KEY", KEY)
    data = json.dumps({"translations": [{"text": "He came."}] * count}).encode()
    with raw_server(lambda connection: connection.sendall(http(data))) as url:
        found = outcome(deepl.open_engine, url)
    if count == 1:
        assert isinstance(found, list)
        assert [one.text for one in found] == ["He came."] * 2
    else:
        assert isinstance(found, EngineError)
