"""Only requests of the page itself reach the application: a table of those that do not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipeline.web import guard
from tests.web.conftest import Client, english, serving

JSON = {"Content-Type": "application/json"}
SAVE = json.dumps({"article": "bruecke.txt", "language": "en", "entry": "x", "seen": {}}).encode()


@pytest.fixture(scope="module")
def patience() -> Iterator[None]:
    """A body may take one second here instead of ten."""
    before = guard.BODY_SECONDS
    guard.BODY_SECONDS = 1.0
    yield
    guard.BODY_SECONDS = before


def raw(client: Client, text: str, *, wait: bool = False) -> int:
    """Send a request as it is, and return the status of the answer, 0 for none."""
    with socket.create_connection(("127.0.0.1", client.port), timeout=20) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode())
        if not wait:
            connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").readline().split()
        return int(answer[1]) if len(answer) > 1 else 0


# What a request changes about one that is let through: name, method, path, headers, status.
WITHOUT = object()
TABLE: list[tuple[str, str, str, Mapping[str, object], int]] = [
    ("no token", "GET", "/", {"Authorization": WITHOUT}, 401),
    ("no token for data", "GET", "/api/project", {"Authorization": WITHOUT}, 401),
    ("no token for a script", "GET", "/static/main.js", {"Authorization": WITHOUT}, 401),
    ("another token", "GET", "/", {"Authorization": "Bearer " + "x" * 32}, 401),
    ("another token in the address", "GET", "/?token=" + "x" * 32, {"Authorization": WITHOUT}, 401),
    ("a token that is not ASCII", "GET", "/?token=%C3%A4", {"Authorization": WITHOUT}, 401),
    ("the token where it has no place", "GET", "/api/project?token=TOKEN",
     {"Authorization": WITHOUT}, 401),
    ("the cookie of another port", "GET", "/",
     {"Authorization": WITHOUT, "Cookie": "translate-review-1=TOKEN"}, 401),
    ("the token as cookie", "GET", "/",
     {"Authorization": WITHOUT, "Cookie": "translate-review-PORT=TOKEN"}, 401),
    ("a rebinding name", "GET", "/", {"Host": "evil.example:PORT"}, 403),
    ("a rebinding name that looks local", "GET", "/", {"Host": "127.0.0.1.nip.example:PORT"}, 403),
    ("a local name with a suffix", "GET", "/", {"Host": "localhost.evil.example:PORT"}, 403),
    ("another address of this machine", "GET", "/", {"Host": "127.0.0.2:PORT"}, 403),
    ("all addresses", "GET", "/", {"Host": "0.0.0.0:PORT"}, 403),
    ("the host of another port", "GET", "/", {"Host": "127.0.0.1:1"}, 403),
    ("a host without port", "GET", "/", {"Host": "127.0.0.1"}, 403),
    ("a host with a user", "GET", "/", {"Host": "user@127.0.0.1:PORT"}, 403),
    ("an unknown host before a proxy", "GET", "/", {"X-Forwarded-Host": "evil.example"}, 403),
    ("a foreign origin reads", "GET", "/api/project", {"Origin": "https://evil.example"}, 403),
    ("a foreign origin writes", "POST", "/api/save", {"Origin": "https://evil.example"}, 403),
    ("the origin of another port", "POST", "/api/save", {"Origin": "http://127.0.0.1:1"}, 403),
    ("the origin with another scheme", "POST", "/api/save",
     {"Origin": "https://127.0.0.1:PORT"}, 403),
    ("the origin of a sandbox", "POST", "/api/save", {"Origin": "null"}, 403),
    ("neither origin nor site", "POST", "/api/save", {"Origin": WITHOUT}, 403),
    ("a cross-site fetch", "GET", "/api/project", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("a cross-site script", "GET", "/static/main.js",
     {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"}, 403),
    ("a cross-site frame", "GET", "/",
     {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}, 403),
    ("a fetch of another port", "GET", "/api/project", {"Sec-Fetch-Site": "same-site"}, 403),
    ("a cross-site post", "POST", "/api/save", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("a post of another port", "POST", "/api/save", {"Sec-Fetch-Site": "same-site"}, 403),
    ("traversal", "GET", "/static/../../pyproject.toml", {}, 400),
    ("traversal, encoded", "GET", "/static/%2e%2e/%2e%2e/pyproject.toml", {}, 400),
    ("traversal, encoded twice", "GET", "/static/%252e%252e/pyproject.toml", {}, 400),
    ("traversal with backslashes", "GET", "/static/..\\..\\pyproject.toml", {}, 400),
    ("an absolute path", "GET", "//etc/passwd", {}, 400),
    ("NUL in the path", "GET", "/static/main.js%00.css", {}, 400),
    ("a long path", "GET", "/" + "a" * 3000, {}, 400),
    ("a file that is not of the page", "GET", "/static/app.py", {}, 404),
    ("an article outside", "GET", "/api/article?article=../translate.toml&language=en", {}, 404),
    ("an article by its path", "GET", "/api/article?article=/etc/passwd&language=en", {}, 404),
    ("a language outside", "GET", "/api/article?article=bruecke.txt&language=../../x", {}, 404),
    ("DELETE", "DELETE", "/api/save", {}, 405),
    ("PUT", "PUT", "/api/save", {}, 405),
    ("OPTIONS", "OPTIONS", "/api/save", {"Access-Control-Request-Method": "POST"}, 405),
    ("TRACE", "TRACE", "/", {}, 405),
    ("reading with a write's name", "GET", "/api/save", {}, 405),
    ("method override", "GET", "/api/save", {"X-HTTP-Method-Override": "POST"}, 400),
    ("method override, another name", "POST", "/api/save", {"X-Method-Override": "GET"}, 400),
    ("a websocket", "GET", "/api/events", {"Upgrade": "websocket", "Connection": "Upgrade"}, 400),
    ("a form", "POST", "/api/save", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ("text, as a form can send it", "POST", "/api/save", {"Content-Type": "text/plain"}, 415),
    ("a compressed body", "POST", "/api/save", {"Content-Encoding": "gzip"}, 415),
    ("two origins", "GET", "/", {"Origin": "http://127.0.0.1:PORT\nOrigin: http://evil"}, 400),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for the table."""
    root = tmp_path_factory.mktemp("guarded")
    (root / "source_de").mkdir()
    (root / "source_de" / "bruecke.txt").write_text("Ein Satz.\n", encoding="utf-8")
    (root / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    with serving(root) as made:
        yield made


@pytest.mark.parametrize(("name", "method", "path", "changes", "status"), TABLE)
def test_requests_that_are_not_of_the_page_are_rejected(
    shared: Client, name: str, method: str, path: str, changes: Mapping[str, object], status: int
) -> None:
    """Each with its status, and nothing of the project in the answer."""

    def put(text: str) -> str:
        return text.replace("PORT", str(shared.port)).replace("TOKEN", shared.token)

    headers: dict[str, object] = {"Host": f"127.0.0.1:{shared.port}", **shared.own()}
    body = SAVE if method == "POST" else b""
    if method == "POST":
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    headers |= changes
    lines = [f"{k}: {put(str(v))}" for k, v in headers.items() if v is not WITHOUT]
    assert raw(shared, "\n".join([f"{method} {put(path)} HTTP/1.1", *lines, "", ""]) +
               body.decode(), wait=True) == status  # fmt: skip


def test_a_request_of_the_page_is_let_through(shared: Client) -> None:
    """The table changes one thing about a request that is answered."""
    assert shared.get("project")["languages"] == ["en"]
    shared.post("check", {"article": "bruecke.txt", "language": "en", "entry": "x"})


@pytest.mark.usefixtures("patience")
def test_bodies_are_limited_in_size_and_time(shared: Client) -> None:
    """A large body is refused by its length, a large stream when it is large, a slow one soon."""
    own = "".join(f"{k}: {v}\n" for k, v in {**shared.own(), **JSON}.items())
    start = f"POST /api/check HTTP/1.1\nHost: 127.0.0.1:{shared.port}\n{own}"
    assert raw(shared, f"{start}Content-Length: 1000001\n\n", wait=True) == 413
    chunk = f"{100_000:x}\n{'x' * 100_000}\n"
    assert raw(shared, f"{start}Transfer-Encoding: chunked\n\n{chunk * 11}", wait=True) == 413
    assert raw(shared, f"{start}Content-Length: 10\n\n123", wait=True) == 408
    assert raw(shared, f"{start}Content-Length: 10\nContent-Length: 11\n\n123", wait=True) == 400
    assert raw(shared, f"{start}Content-Length: 3\n\n123", wait=True) == 400, "not an object"


def test_the_token_becomes_a_cookie(shared: Client) -> None:
    """The address sets a cookie that scripts cannot read, and leads to one without the token."""
    status, headers, _ = shared.send("GET", f"/?token={shared.token}")
    assert (status, headers["location"]) == (303, "/")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert shared.token not in cookie
    status, headers, body = shared.send("GET", "/", headers={"Cookie": cookie.partition(";")[0]})
    assert status == 200
    assert b"<main" in body
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_proxy_adds_a_prefix(drafted: Path) -> None:
    """With --base-url, its host, origin and prefix are those of the page; others are not."""
    with serving(drafted, base_url="https://review.example/translate/") as client:
        proxied = {"Host": "review.example", "Origin": "https://review.example"}
        status, headers, _ = client.send("GET", f"/translate/?token={client.token}", None, proxied)
        assert (status, headers["location"]) == (303, "/translate/")
        assert "Path=/translate/; " in headers["set-cookie"]
        assert "Secure" in headers["set-cookie"]
        cookie = {"Cookie": headers["set-cookie"].partition(";")[0]}
        for path in ("/translate/api/project", "/api/project"):
            assert client.send("GET", path, None, proxied | cookie)[0] == 200
        other = proxied | cookie | {"Host": "evil.example"}
        assert client.send("GET", "/translate/", None, other)[0] == 403


def test_read_only_writes_nothing(drafted: Path) -> None:
    """Every write is refused, reading and checking are not, and no file changes."""
    before = english(drafted).read_bytes()
    with serving(drafted, read_only=True) as client:
        article = client.get("article", article="bruecke.txt", language="en")
        entry = next(iter(article["entries"].values()))
        names = {"article": "bruecke.txt", "language": "en", "entry": entry["id"]}
        edit = {**names, "seen": entry["snapshot"], "targets": ["x"]}
        for name in ("save", "term", "draft", "extract", "build", "alternatives"):
            answer = client.post(name, edit, 403)
            assert "read-only" in answer["error"]
        assert client.post("check", {**names, "targets": ["2 x"]})["findings"] is not None
    assert english(drafted).read_bytes() == before
