"""Draft the same articles in one process, in shards and on a Dask cluster whose workers are killed.

    python benchmarks/same_bytes.py [ARTICLES] [--kills 20] [--keep FOLDER]

All three must write the same bytes, and their merged reports must have the same sums. The engine is
the tests' small Argos package; articles and glossary are invented. Eight shards are run by
`xargs -P 2`. The cluster has two workers; after a random part of the drafts, one of them is killed
at a random moment, and replaced. Exits with 1 for a difference, or if more chunks of articles were
drafted twice than workers were killed.

Dask loads this file in its workers too (`--preload`): they note which texts they draft.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.models.argos import DE_EN
from tests.models.argos.sentences import NOUNS, sentences

SHARDS = 8
WORKERS = 2
LOG = "SAME_BYTES_LOG"
TRANSLATE = [sys.executable, "-m", "pipeline"]
SECTIONS = ("politik", "wirtschaft", "kultur")
LEFT_OUT = (0, 1, 123)  # 1: segments without a draft; xargs returns 123 then
# Sums that depend on the way: the time, and which process finds what another has cached.
WAY = {"seconds", "from_cache"}


def write_project(root: Path, articles: int) -> None:
    """Write news articles with a title, a byline and three to five paragraphs, and a glossary."""
    chance = random.Random(7)
    texts = [one.de for one in sentences(articles * 12, seed=11)]
    (root / "glossary").mkdir(parents=True)
    settings = 'languages = ["en"]\nengine = "argos"\nname = "same-bytes"\n'
    (root / "translate.toml").write_text(settings, encoding="utf-8")
    # Where the model has a choice, the glossary demands the rarer word.
    rows = {choices[0].de[0]: choices[-1].en[0] for choices in NOUNS if len(choices) > 1}
    lines = ["source,target", *(f"{german},{english}" for german, english in rows.items())]
    (root / "glossary/de-en.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for number in range(articles):
        own = iter(texts[number * 12 : number * 12 + 12])
        blocks = [next(own).rstrip("."), f"Von Karla Winter, {number % 28 + 1}. Mai 2024"]
        while block := [text for _, text in zip(range(chance.randint(2, 4)), own, strict=False)]:
            blocks.append(" ".join(block))
        path = root / "source_de" / SECTIONS[number % 3] / f"artikel-{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


@dataclass
class Way:
    """A copy of the project, with a cache of its own, and what came of it."""

    name: str
    root: Path
    environment: dict[str, str]
    seconds: float = 0.0
    totals: dict[str, float] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def call(self, *words: str) -> None:
        """Run a command in the project; exits unless it succeeds, or leaves segments out."""
        done = subprocess.run(
            words, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in LEFT_OUT:
            raise SystemExit(f"{self.name}: {' '.join(words)}\n{done.stdout}{done.stderr}")

    def collect(self) -> None:
        """Read the catalogs and templates, and merge the reports."""
        output = self.root / "output"
        files = (path for path in output.rglob("*") if path.is_file())
        self.files = {path.relative_to(output).as_posix(): path.read_bytes() for path in files}
        done = subprocess.run(
            [*TRANSLATE, "status", "--reports", "out/*.json", "--json"],
            cwd=self.root, env=self.environment, capture_output=True, check=False,
        )  # fmt: skip
        merged = json.loads(done.stdout)
        if done.returncode not in LEFT_OUT:
            raise SystemExit(f"{self.name}: status --reports: {merged}")
        self.totals = {"catalogs": merged["catalogs"], **merged["totals"]}


def prepare(folder: Path, name: str, articles: int) -> Way:
    """Write the project of a way."""
    root = folder / name / "project"
    write_project(root, articles)
    (root / "out").mkdir()
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "TRANSLATE_CACHE": str(folder / name / "cache"),
        "TRANSLATE_MODELS": str(folder / "models"),
        "ARGOS_PACKAGES_DIR": str(folder / "none"),
        "SOURCE_DATE_EPOCH": "1700000000",
        LOG: str(folder / name / "texts.jsonl"),
        "OMP_WAIT_POLICY": "passive",
    }
    return Way(name, root, environment)


def in_one_process(way: Way) -> None:
    way.call(*TRANSLATE, "run", "-q", "--report", "out/1.json")


def in_shards(way: Way) -> None:
    """Draft as docs/scale.md recommends it."""
    way.call(*TRANSLATE, "extract")
    script = (
        f"seq {SHARDS} | xargs -P 2 -I {{}} {' '.join(TRANSLATE)} "
        f"run -q --shard {{}}/{SHARDS} --report out/{{}}.json"
    )
    way.call("sh", "-c", script)


class Cluster:
    """A scheduler, and workers that are killed and replaced."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._file = way.root.parent / "scheduler.json"
        words = ("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self._scheduler = self._start(*words, "--scheduler-file", str(self._file))
        while not self._file.exists():
            time.sleep(0.05)
        self.address = json.loads(self._file.read_text())["address"]
        self._workers = [self._worker() for _ in range(WORKERS)]

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        with (self._way.root.parent / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *words],
                cwd=self._way.root.parent, env=self._way.environment, stdout=log, stderr=log,
            )  # fmt: skip

    def _worker(self) -> subprocess.Popen[bytes]:
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--preload", __file__)
        return self._start("dask_worker", self.address, *words)

    def kill(self, number: int) -> None:
        """Kill a worker and start another one."""
        self._workers[number].kill()
        self._workers[number].wait()
        self._workers[number] = self._worker()

    def close(self) -> None:
        for process in (*self._workers, self._scheduler):
            process.send_signal(signal.SIGTERM)
        for process in (*self._workers, self._scheduler):
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


@dataclass
class Repeats:
    """What the workers of a cluster drafted more than once."""

    kills: int = 0
    chunks: int = 0
    chunks_twice: int = 0
    texts_twice: int = 0


def on_dask(way: Way, texts: int, kills: int) -> Repeats:
    """Draft on a cluster; kill a worker after random numbers of `texts`."""
    chance = random.Random(time.time_ns())
    due = sorted(chance.uniform(0, 0.95) * texts for _ in range(kills))
    killed, start, log = 0, time.monotonic(), Notes(way)
    cluster = Cluster(way)
    said = (way.root.parent / "run.log").open("wb")
    words = ["run", "--on", "dask", "--scheduler", cluster.address, "--report", "out/1.json"]
    process = subprocess.Popen(
        [*TRANSLATE, *words], cwd=way.root, env=way.environment, stdout=said, stderr=said
    )
    try:
        while process.poll() is None:
            time.sleep(0.1)
            log.read()
            if killed < kills and sum(len(line["texts"]) for line in log.lines) > due[killed]:
                # At any moment of a batch: while it is drafted, written or reported.
                batch = WORKERS * (time.monotonic() - start) / len(log.lines)
                time.sleep(chance.uniform(0, batch))
                cluster.kill(chance.randrange(WORKERS))
                killed += 1
    finally:
        process.kill()
        cluster.close()
    if process.returncode not in LEFT_OUT:
        raise SystemExit((way.root.parent / "run.log").read_text())
    log.read()
    return repeats(log.lines, killed)


def repeats(lines: Sequence[dict[str, Any]], kills: int) -> Repeats:
    """Count the chunks and texts that were drafted before by another attempt."""
    found = Repeats(kills)
    seen: dict[tuple[str, str], str] = {}
    attempts: dict[str, bool] = {}
    for line in lines:
        for name, text in line["texts"]:
            before = seen.setdefault((name, text), line["attempt"])
            again = before != line["attempt"]
            found.texts_twice += again
            attempts[line["attempt"]] = attempts.get(line["attempt"], False) or again
    found.chunks_twice = sum(attempts.values())
    found.chunks = len(attempts) - found.chunks_twice
    return found


class Notes:
    """What the workers noted, read as it is written."""

    def __init__(self, way: Way) -> None:
        self._path, self._at = Path(way.environment[LOG]), 0
        self.lines: list[dict[str, Any]] = []

    def read(self) -> None:
        """Read the lines that are new and complete."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._at)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        self._at += len(data)
        self.lines += map(json.loads, data.splitlines())


def dask_setup(worker: Any) -> None:
    """Note each batch of texts, and the attempt at a chunk it belongs to, before it is drafted."""
    from pipeline.workflows import dask, draft

    log = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    fill, draft_chunk = draft.DraftRun._fill, dask._draft_chunk
    attempt = ""

    def noting_fill(run: Any, pending: Sequence[Any], *others: Any) -> None:
        texts = [(str(one.progress.path), one.request.source) for one in pending]
        os.write(log, json.dumps({"attempt": attempt, "texts": texts}).encode() + b"\n")
        fill(run, pending, *others)

    def noting_draft_chunk(*arguments: Any) -> Any:
        nonlocal attempt
        attempt = uuid.uuid4().hex
        return draft_chunk(*arguments)

    draft.DraftRun._fill = noting_fill  # type: ignore[method-assign]
    dask._draft_chunk = noting_draft_chunk


def differences(one: Way, other: Way) -> list[str]:
    """Return what differs: files, and sums of the reports."""
    names = sorted(one.files.keys() | other.files.keys())
    files = [name for name in names if one.files.get(name) != other.files.get(name)]
    found = []
    if files:
        rest = [n for n in files if without_confidence(one, n) != without_confidence(other, n)]
        found.append(
            f"{len(files)} of {len(names)} files, first {files[0]}; "
            f"apart from confidences, {len(rest)} files"
        )
    sums = [name for name in one.totals if name not in WAY]
    return found + [
        f"{name}: {one.totals[name]:g} and {other.totals.get(name, 0):g}"
        for name in sums
        if one.totals[name] != other.totals.get(name)
    ]


def without_confidence(way: Way, name: str) -> bytes:
    """Return a file without the confidences of drafts: they depend on rounding in a batch."""
    return re.sub(rb"\d+ % sure|\d+% (?==)", b"", way.files.get(name, b""))


def show(ways: Sequence[Way], found: Repeats) -> bool:
    """Print the table; return whether all ways are the same."""
    print(f"{'':16}" + "".join(f"{way.name:>14}" for way in ways))
    print(f"{'seconds':16}" + "".join(f"{way.seconds:14.1f}" for way in ways))
    print(f"{'files':16}" + "".join(f"{len(way.files):14}" for way in ways))
    for name in ways[0].totals:
        note = "  (depends on the way)" if name in WAY else ""
        numbers = "".join(f"{way.totals.get(name, 0):14g}" for way in ways)
        print(f"{name:16}{numbers}{note}")
    print(
        f"{found.kills} workers killed; of {found.chunks} chunks, {found.chunks_twice} drafted "
        f"twice ({found.texts_twice} texts)"
    )
    different = {way.name: differences(ways[0], way) for way in ways[1:]}
    for name, lines in different.items():
        print(f"{ways[0].name} and {name}: {'; '.join(lines) or 'same bytes, same sums'}")
    return not any(different.values()) and found.chunks_twice <= found.kills


def compare(folder: Path, articles: int, kills: int) -> bool:
    """Draft in all ways; return whether they are the same."""
    one, shards, dask = (prepare(folder, name, articles) for name in ("one", "shards", "dask"))
    one.call(*TRANSLATE, "models", "install", str(DE_EN))
    found = Repeats()
    for way in (one, shards, dask):
        start = time.monotonic()
        if way is one:
            in_one_process(way)
        elif way is shards:
            in_shards(way)
        else:
            found = on_dask(way, int(one.totals["segments"]), kills)
        way.seconds = time.monotonic() - start
        way.collect()
        print(f"{way.name}: {way.seconds:.1f} s", file=sys.stderr, flush=True)
    return show((one, shards, dask), found)


def main() -> None:
    """Print the table, and exit with 1 for a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="keep the projects in this folder")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        sys.exit(not compare(folder.resolve(), chosen.articles, chosen.kills))


if __name__ == "__main__":
    main()
