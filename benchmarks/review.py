"""The review page under load: edits in parallel with a run and with other editors; answer times.

    python benchmarks/review.py [EDITS] [SAVES] [SEGMENTS]
    python benchmarks/review.py --minutes MINUTES

Writes a project with one long article, serves it, and edits it over HTTP while `translate run`
drafts with the tests' Argos package what is missing (the article grows meanwhile) and another
program saves the whole file. Prints how many edits were lost or torn, and the times of answers
at this size.

With --minutes, a reviewer works in `translate review` for that time, at two segments a second:
each is checked while it is typed, and saved; now and then the article, the overview, the
findings, the preview and a search are asked for. Prints the memory of the server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
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
TRANSLATE = [sys.executable, "-m", "pipeline"]
PACKAGE = Path(__file__).parents[1] / "tests/models/argos/translate-de_en-1_0.argosmodel"


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
    """Save the file so many times as an editor does, each time with a comment added."""
    choice, saved = random.Random(seed), 0
    while saved < number:
        before = path.read_bytes()
        file = polib.pofile(before.decode())
        one = file[choice.randrange(len(file))]
        one.tcomment = f"{one.tcomment}\nseen {seed}.{saved}".strip()
        temporary = path.with_suffix(f".{seed}")
        temporary.write_text(str(file), encoding="utf-8")
        # An editor that notices changes by others; without the lock, the race would be its own.
        with lock_directory(path.parent):
            if path.read_bytes() == before:
                temporary.replace(path)
                saved += 1
        time.sleep(0.01)
    return saved


def keep_drafting(folder: Path, stop: threading.Event) -> int:
    """Let the article grow and run `translate run`, again and again; returns how many runs."""
    article, runs = folder / "source_de" / "a.txt", 0
    while not stop.is_set():
        runs += 1
        added = (f"Der neue Satz {runs}.{n} steht nun auch im Artikel." for n in range(20))
        article.write_text("\n\n".join((article.read_text("utf-8"), *added)), "utf-8")
        command = [*TRANSLATE, "-C", str(folder), "run", "--engine", "argos", "--offline"]
        ended = subprocess.run(command, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
    return runs


def contend(folder: Path, edits: int, saves: int, segments: int = 200) -> dict[str, int]:
    """Edit in four threads beside runs and outside saves; count lost and torn edits."""
    os.environ["TRANSLATE_MODELS"] = str(folder / "models")
    subprocess.run([*TRANSLATE, "models", "install", str(PACKAGE)], check=True, capture_output=True)
    path = make_project(folder, segments)
    server = ReviewServer(load_project(folder))
    serving = threading.Thread(target=server.run)
    serving.start()
    typed: list[dict[str, str]] = [{} for _ in range(4)]
    outside: list[int] = []
    runs: list[int] = []
    edited = threading.Event()
    drafting = threading.Thread(target=lambda: runs.append(keep_drafting(folder, edited)))
    drafting.start()
    work = [
        threading.Thread(target=edit, args=(Client(server.url), edits // 4, typed[n], n))
        for n in range(4)
    ]
    work.append(threading.Thread(target=lambda: outside.append(save_outside(path, saves, 1))))
    for one in work:
        one.start()
    for one in work:
        one.join()
    edited.set()
    drafting.join()
    server.stop()
    serving.join()
    text = path.read_text(encoding="utf-8")
    file = polib.pofile(text)
    final = {one.msgid: one for one in file}
    expected = {source: text for each in typed for source, text in each.items()}
    lost = sum(expected[source] not in (final[source].msgstr, *final[source].tcomment.split('"'))
               for source in expected)  # fmt: skip
    torn = sum(not one.msgstr for one in file)
    assert edits < 4 or typed[0], "nothing was edited"
    return {
        "edits": edits // 4 * 4, "outside": sum(outside), "runs": sum(runs), "entries": len(file),
        "lost": lost, "torn": torn,
    }  # fmt: skip


def memory_of(process: int) -> float:
    """The resident memory of a process, in MB."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    return int(next(one for one in lines if one.startswith("VmRSS")).split()[1]) / 1024


def review_for(folder: Path, minutes: float, segments: int) -> None:
    """Work in `translate review` for some minutes; print the server's memory each minute."""
    make_project(folder, segments)
    command = [*TRANSLATE, "-C", str(folder), "review", "--no-browser", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        client = Client(server.stdout.readline().strip())
        start = reported = time.monotonic()
        rounds = 0
        while time.monotonic() < start + minutes * 60:
            if rounds % 10 == 0:
                entries = list(client.ask("article", **NAMES)["entries"].values())
            known = entries[rounds * 7 % len(entries)]
            words = f"Typed in round {rounds} of this hour of work.".split()
            for end in range(len(words) // 2, len(words) + 1):
                body = {**NAMES, "entry": known["id"], "targets": [" ".join(words[:end])]}
                client.ask("check", body)
            saved = client.ask("save", {**body, "seen": known["snapshot"]})
            known.update(saved["entry"])
            if rounds % 20 == 0:
                client.ask("findings", **NAMES)
                client.ask("overview")
                client.ask("search", text=f"Nummer {rounds % segments}")
                client.ask("preview", **NAMES)
            rounds += 1
            if time.monotonic() >= reported + 60 or rounds == 1:
                reported = time.monotonic()
                passed, memory = (reported - start) / 60, memory_of(server.pid)
                print(f"{passed:5.1f} min  {rounds:6} saves  {memory:6.1f} MB", flush=True)
            time.sleep(0.5)
    finally:
        server.terminate()
        server.wait(30)


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
    """Run both parts with the sizes of the command line, or the long one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[], help="EDITS SAVES SEGMENTS")
    parser.add_argument("--minutes", type=float, default=0)
    arguments = parser.parse_args()
    edits, saves, segments = (arguments.sizes + [500, 100, 500][len(arguments.sizes) :])[:3]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("TRANSLATE_CACHE", f"{folder}/cache")
        for name in ("contend", "measure", "long"):
            (Path(folder) / name).mkdir()
        if arguments.minutes:
            review_for(Path(folder) / "long", arguments.minutes, segments)
            return
        print(contend(Path(folder) / "contend", edits, saves))
        print(f"{segments} segments:")
        measure(Path(folder) / "measure", segments)


if __name__ == "__main__":
    main()
