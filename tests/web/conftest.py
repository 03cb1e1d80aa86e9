"""A project with drafts, and a review server for it on a free port."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft
from pipeline.core.types import Provenance
from pipeline.project import load_project
from pipeline.web import ReviewServer, ReviewSettings
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract

TRANSLATIONS = {
    "zum Inhalt": "to the content",
    "Neue Brücke über die Elbe": "New bridge across the Elbe",
    "Von": "By",
    "Karla Winter": "Karla Winter",
    "2 Minuten Lesezeit": "2 minutes to read",
    "Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen.": (
        "On 12 March 2024 the city council decided to build a new bridge."
    ),
    "Sie soll 48 Mio. Euro kosten.": "It will cost 48 million euros.",
    "Die nächsten Schritte": "The next steps",
    "Planung: Im Herbst beginnt die Ausschreibung.": "Planning: The tender begins in autumn.",
    "Die Bürger werden vorher gehört.": "The citizens will be heard before.",
    "Quelle: beispiel.example": "Source: beispiel.example",
}


@dataclass
class Client:
    """A browser's requests, without a browser: with the token, and from the page itself."""

    port: int
    token: str

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, names, answer.read()
        finally:
            connection.close()

    def get(self, name: str, **query: str) -> Any:
        status, _, body = self.send("GET", f"/api/{name}?{urlencode(query)}", None, self.own())
        assert status == 200, (status, body)
        return json.loads(body)

    def post(self, name: str, body: Mapping[str, Any], expected: int = 200) -> Any:
        headers = self.own() | {"Content-Type": "application/json"}
        status, _, data = self.send("POST", f"/api/{name}", json.dumps(body).encode(), headers)
        assert status == expected, (status, data)
        return json.loads(data)

    def own(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Origin": f"http://127.0.0.1:{self.port}",
        }


Serve = Callable[..., Any]


@pytest.fixture
def drafted(folder: Path) -> Path:
    """The project with a draft for every segment in English."""
    extract(load_project(folder), ExtractOptions(force_language=True), SilentEvents())
    drafts = {
        source: Draft(target, Provenance("llama", "qwen", "", "", 60))
        for source, target in TRANSLATIONS.items()
    }
    catalog.write_drafts(english(folder), drafts)
    return folder


def english(folder: Path) -> Path:
    return folder / "output/en/LC_MESSAGES/bruecke.po"


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[Client]:
    base_url = settings.pop("base_url", "")
    server = ReviewServer(load_project(folder), ReviewSettings(**settings), base_url=base_url)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Client(urlsplit(server.url).port or 0, server.url.partition("token=")[2])
    finally:
        server.stop()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def client(drafted: Path) -> Iterator[Client]:
    """A client of a server for the drafted project."""
    with serving(drafted) as made:
        yield made
