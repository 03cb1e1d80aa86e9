"""The review page under load: edits in parallel with a run and with other editors; answer times.

    python benchmarks/review.py [EDITS] [SAVES] [SEGMENTS]

Writes a project with one long article, serves it, and edits it over HTTP while a process
drafts what is missing and another program saves the whole file. Prints how many edits were
lost or torn, and the times of answers at this size.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import polib

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft
from pipeline.core.types import Provenance
from pipeline.files import lock_directory
from pipeline.project import load_project
from pipeline.web import ReviewServer
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract

NAMES = {"article": "a.txt", "language": "en"}


class Client:
    """Requests with the token of a server."""

    def __init__(self, url: str) -> None:
        self.port = urlsplit(url).port or 0
        self.token = url.partition("token=")[2]
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, name: str, body: dict[str, Any] | None = None, **query: str) -> Any:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        if body is None:
            self.connection.request("GET", f"/api/{name}?{urlencode(query)}", headers=headers)
        else:
            headers["Content-Type"] = "application/json"
            self.connection.request("POST", f"/api/{name}", json.dumps(body), headers)
        answer = self.connection.getresponse()
        data = answer.read()
        assert answer.status == 200, (answer.status, data)
        return json.loads(data)


def make_project(root: Path, segments: int) -> Path:
    """Write a project with an article of distinct sentences, half of them drafted."""
    (root / "source_de").mkdir()
    (root / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    text = "\n\n".join(f"Der Satz Nummer {n} steht in diesem Artikel." for n in range(segments))
    (root / "source_de" / "a.txt").write_text(text, encoding="utf-8")
    project = load_project(root)
    extract(project, ExtractOptions(force_language=True), SilentEvents())
    path = project.catalog(root / "source_de" / "a.txt", "en")
    sources = [one.source for one in catalog.load(path).translations]
    write_drafts(path, sources[::2])
    return path


def write_drafts(path: Path, sources: list[str]) -> None:
    draft = Provenance("double", "m", "", "", 50)
    catalog.write_drafts(path, {s: Draft(f"Draft of {s}", draft) for s in sources})


def edit(client: Client, number: int, typed: dict[str, str], seed: int) -> None:
    """Save edits of random entries; `typed` gets every text that a save has acknowledged."""
    choice = random.Random(seed)
    entries = list(client.ask("article", **NAMES)["entries"].values())
    for count in range(number):
        known = entries[choice.randrange(seed % 4, len(entries), 4)]
        text = f"Typed {seed}.{count} for this entry."
        body = {**NAMES, "entry": known["id"], "seen": known["snapshot"], "targets": [text]}
        saved = client.ask("save", body)
        known.update(saved["entry"])
        typed[known["source"]] = text


def save_outside(path: Path, number: int, seed: int) -> int:
    """Save the file as an editor does, with a comment added; returns how many were saved."""
    choice, saved = random.Random(seed), 0
    for count in range(number):
        before = path.read_bytes()
        file = polib.pofile(before.decode())
        one = file[choice.randrange(len(file))]
        one.tcomment = f"{one.tcomment}\nseen {seed}.{count}".strip()
        temporary = path.with_suffix(f".{seed}")
        temporary.write_text(str(file), encoding="utf-8")
        # An editor that notices changes by others; without the lock, the race would be its own.
        with lock_directory(path.parent):
            if path.read_bytes() == before:
                temporary.replace(path)
                saved += 1
        time.sleep(0.01)
    return saved


def contend(folder: Path, edits: int, saves: int, segments: int = 200) -> dict[str, int]:
    """Edit in four threads beside a run and outside saves; count lost and torn edits."""
    path = make_project(folder, segments)
    missing = [one.source for one in catalog.load(path).translations if not one.target]
    server = ReviewServer(load_project(folder))
    serving = threading.Thread(target=server.run)
    serving.start()
    typed: list[dict[str, str]] = [{} for _ in range(4)]
    outside: list[int] = []
    work = [
        threading.Thread(target=edit, args=(Client(server.url), edits // 4, typed[n], n))
        for n in range(4)
    ]
    work.append(threading.Thread(target=lambda: outside.append(save_outside(path, saves, 1))))
    work.append(threading.Thread(target=lambda: [write_drafts(path, [one]) for one in missing]))
    for one in work:
        one.start()
    for one in work:
        one.join()
    server.stop()
    serving.join()
    text = path.read_text(encoding="utf-8")
    file = polib.pofile(text)
    final = {one.msgid: one for one in file}
    expected = {source: text for each in typed for source, text in each.items()}
    lost = sum(expected[source] not in (final[source].msgstr, *final[source].tcomment.split('"'))
               for source in expected)  # fmt: skip
    torn = sum(not one.msgstr for one in file)
    return {"edits": edits // 4 * 4, "outside": sum(outside), "lost": lost, "torn": torn}


def measure(folder: Path, segments: int) -> None:
    """Print the times of answers for an article of a size."""
    make_project(folder, segments)
    server = ReviewServer(load_project(folder))
    serving = threading.Thread(target=server.run)
    serving.start()
    try:
        client = Client(server.url)
        client.ask("findings", **NAMES)
        entries = list(client.ask("article", **NAMES)["entries"].values())
        times: dict[str, list[tuple[float, float]]] = {}

        def timed(name: str, *args: Any, **query: str) -> Any:
            start, used = time.perf_counter(), time.process_time()
            found = client.ask(name, *args, **query)
            passed = time.perf_counter() - start, time.process_time() - used
            times.setdefault(name, []).append((passed[0] * 1000, passed[1] * 1000))
            return found

        for number in range(60):
            known = entries[number * 7 % len(entries)]
            body = {**NAMES, "entry": known["id"], "targets": [f"Typed {number}."]}
            timed("check", body)
            timed("save", {**body, "seen": known["snapshot"]})
            if number % 6 == 0:
                timed("article", **NAMES)
                timed("findings", **NAMES)
                timed("overview")
                timed("search", text="Nummer 7")
        for name, values in times.items():
            clock, processor = (sorted(one) for one in zip(*values, strict=True))
            last = int(len(values) * 0.95) - 1
            print(
                f"{name:10} n={len(values):3}  median {statistics.median(clock):6.1f} ms  "
                f"95 % {clock[last]:6.1f} ms  processor time: median "
                f"{statistics.median(processor):5.1f} ms  95 % {processor[last]:5.1f} ms"
            )
    finally:
        server.stop()
        serving.join()


def main() -> None:
    """Run both parts with the sizes of the command line."""
    edits, saves, segments = ([int(word) for word in sys.argv[1:]] + [500, 100, 500])[:3]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("TRANSLATE_CACHE", f"{folder}/cache")
        for name in ("contend", "measure"):
            (Path(folder) / name).mkdir()
        print(contend(Path(folder) / "contend", edits, saves))
        print(f"{segments} segments:")
        measure(Path(folder) / "measure", segments)


if __name__ == "__main__":
    main()
