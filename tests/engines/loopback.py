"""Real HTTP servers on this machine, which answer as a test wants, and keep what was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came in; `at` is the server's monotonic time in seconds."""

    method: str
    path: str
    headers: Message
    body: Any
    at: float


@dataclass(frozen=True)
class Reply:
    """What goes back; `body` is sent as JSON unless it is bytes. With `cut`, the server
    promises that many bytes more than it sends."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0


class Loopback:
    """A server on a free port; `answer` makes the reply to each request."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.asked: list[Asked] = []
        self._answer = answer
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.host = f"127.0.0.1:{self._http.server_address[1]}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the port: from now on nobody answers there."""
        self._http.shutdown()
        self._http.server_close()

    def bodies(self) -> list[Any]:
        """What was posted, in order."""
        return [asked.body for asked in self.asked if asked.method == "POST"]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                text = self.rfile.read(length)
                body = json.loads(text) if text else None
                path = self.path if self.path.startswith("/") else urlsplit(self.path).path
                asked = Asked(self.command, path, self.headers, body, time.monotonic())
                outer.asked.append(asked)
                reply = outer._answer(asked)
                data = reply.body if isinstance(reply.body, bytes) else b""
                if not isinstance(reply.body, bytes) and reply.body is not None:
                    data = json.dumps(reply.body).encode()
                self.send_response(reply.status)
                kind = {"Content-Type": "application/json"} | dict(reply.headers)
                for name, value in kind.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data) + reply.cut))
                self.end_headers()
                self.wfile.write(data)
                if reply.cut:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def chat(text: str, reason: str = "stop", **more: Any) -> Reply:
    """A chat server's good answer, in the form of the OpenAI API."""
    message = {"role": "assistant", "content": text, **more}
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return Reply({"object": "chat.completion", "system_fingerprint": "b1", "choices": [choice]})


def question(asked: Asked) -> str:
    """The German text that a chat server is asked for, without the terms."""
    said = [str(message["content"]) for message in asked.body["messages"]]
    first = said[-3] if said[-1].startswith("That translation is not right.") else said[-1]
    return first.rpartition("Text: ")[2]
