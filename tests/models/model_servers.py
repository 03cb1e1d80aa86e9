"""A loopback HTTP server with faults on demand, and small wheels for a package index."""

from __future__ import annotations

import io
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answers:
    """The files of the server and its faults; `seen` are (path, Range header)."""

    files: dict[str, bytes] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    ignore_range: bool = False
    without_length: bool = False
    cuts: list[int] = field(default_factory=list)
    """The next responses end after so many bytes of the body."""
    gates: dict[str, threading.Event] = field(default_factory=dict)
    """Half of a file is sent at once, the rest when its event is set."""
    reached: threading.Event = field(default_factory=threading.Event)

    def count(self, text: str) -> int:
        """Return the number of requests with `text` in their path."""
        return sum(text in path for path, _ in self.seen)


class Server(ThreadingHTTPServer):
    """Serves `answers` on a free port of 127.0.0.1 until it is closed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = Answers()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def close(self) -> None:
        for gate in self.answers.gates.values():
            gate.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: killed clients break connections."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        answers = self.server.answers
        wanted = self.headers.get("Range", "")
        answers.seen.append((self.path, wanted))
        if self.path in answers.redirects:
            self.send_response(302)
            self.send_header("Location", answers.redirects[self.path])
            self.end_headers()
            return
        if self.path not in answers.files:
            self.send_error(404)
            return
        body = answers.files[self.path]
        etag = answers.etags.get(self.path, "")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if answers.ignore_range or self.headers.get("If-Range", etag) != etag:
            start = 0
        if start and start >= len(body):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if etag:
            self.send_header("ETag", etag)
        kind = "text/html" if self.path.startswith("/simple") else "application/octet-stream"
        self.send_header("Content-Type", kind)
        if not answers.without_length:
            self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self._send(body[start:])

    def _send(self, body: bytes) -> None:
        answers = self.server.answers
        if answers.cuts:
            body = body[: answers.cuts.pop(0)]
        gate = answers.gates.get(self.path)
        if gate and not gate.is_set():
            half = len(body) // 2
            self.wfile.write(body[:half])
            self.wfile.flush()
            answers.reached.set()
            gate.wait(60)
            body = body[half:]
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def wheel(package: str, version: str, members: dict[str, bytes]) -> tuple[str, bytes]:
    """Return the file name and content of a wheel."""
    name = package.replace("-", "_")
    info = f"{name}-{version}.dist-info"
    meta = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
    tags = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
        archive.writestr(f"{info}/METADATA", meta)
        archive.writestr(f"{info}/WHEEL", tags)
        archive.writestr(f"{info}/RECORD", "")
    return f"{name}-{version}-py3-none-any.whl", content.getvalue()


def publish(answers: Answers, package: str, file: str, data: bytes) -> None:
    """Put a wheel into the server's package index (the simple repository API, PEP 503)."""
    answers.files[f"/wheels/{file}"] = data
    page = f'<!DOCTYPE html><html><body><a href="/wheels/{file}">{file}</a></body></html>'
    answers.files[f"/simple/{package}/"] = page.encode()
