"""A project on a network file system: what do locks, editors and caches there do to it?

    python benchmarks/network_files.py [ROUNDS] [--sshfs PROGRAM] [--sftp-server PROGRAM]

Needs Linux, root or fusermount3, and sshfs. A folder is mounted twice through SFTP servers of this
machine: two machines that share neither locks nor caches, with attributes that are cached for 20
seconds and times in whole seconds. Printed, and compared with a folder on the local disk:

- locks: whether a lock of one machine excludes the other
- one machine: whether all steps of a project write the same bytes as on the local disk
- shards: whether a run on each machine at the same time does too
- edits: texts lost in ROUNDS (20) saves on one machine, each right before a command on the other
- edits meanwhile: the same during the command, which docs/scale.md advises against
- changes: how many articles saved on one machine the next command on the other notices at once,
  and when cached attributes have expired
- cache: how commands end whose cache folder is on the network, on both machines at once

Exits with 1 if bytes differ, a text of the first kind of edits is lost, a change stays unnoticed,
or a command ends with a traceback or an undocumented code.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import random
import re
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODES = (0, 1, 3, 75)
ARTICLES = 6
EXPIRY_SECONDS = 21
COMMAND = (
    "from pipeline.engines import registry as r; from pipeline.cli import root; import sys; "
    "r.ENGINES['double'] = r.EngineSpec('double', 'tests.workflows.engine:open_engine', "
    "sends_text_away=False); sys.exit(root.run())"
)
STEPS = ("extract", "run -q --engine double", "approve -y --drafts", "check", "build")


def main() -> None:
    """Mount the folder twice and print what happens."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", type=int, nargs="?", default=20)
    parser.add_argument("--sshfs", default="sshfs")
    parser.add_argument("--sftp-server", default="/usr/lib/openssh/sftp-server")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as mounts:
        folder = Path(name)
        (folder / "server").mkdir()
        machines = [
            mounts.enter_context(mounted(folder, number, options.sshfs, options.sftp_server))
            for number in (1, 2)
        ]
        wrong = Machines(folder, *machines).test(options.rounds)
    sys.exit(bool(wrong))


@contextmanager
def mounted(folder: Path, number: int, sshfs: str, server: str) -> Iterator[Path]:
    """Mount the folder of the server; yield the mount point."""
    place, connect = folder / f"machine{number}", folder / "connect"
    place.mkdir()
    connect.write_text(f"#!/bin/sh\nexec {server}\n")
    connect.chmod(connect.stat().st_mode | stat.S_IXUSR)
    words = [sshfs, f"host:{folder / 'server'}", place, "-o", f"ssh_command={connect}"]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, timeout=30)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


class Machines:
    """Two machines that share a folder, and what was wrong so far."""

    def __init__(self, folder: Path, first: Path, second: Path) -> None:
        self.folder, self.first, self.second = folder, first, second
        self.wrong: list[str] = []
        self.codes: Counter[int] = Counter()

    def test(self, rounds: int) -> list[str]:
        """Print the results of all tests; return what was wrong."""
        self.locks()
        expected = self.steps(self.folder / "local", self.folder / "local")
        self.compare("one machine", expected, self.steps(self.first / "a", self.first / "a"))
        self.shards(expected)
        for meanwhile in (False, True):
            saved, lost = self.edits(rounds, meanwhile=meanwhile)
            name = "edits meanwhile" if meanwhile else "edits"
            print(f"{name}: {lost} of {saved} texts lost", flush=True)
            if lost and not meanwhile:
                self.wrong.append(name)
        self.changes(max(1, rounds // 4))
        self.cache(rounds)
        print(f"{len(self.wrong)} wrong{': ' if self.wrong else ''}{'; '.join(self.wrong)}")
        return self.wrong

    def locks(self) -> None:
        """Print whether a lock excludes the other machine, and this one."""
        with ExitStack() as opened:
            descriptors = [os.open(place, os.O_RDONLY) for place in (self.first, self.second)]
            for one in (*descriptors, again := os.open(self.first, os.O_RDONLY)):
                opened.callback(os.close, one)
            fcntl.flock(descriptors[0], fcntl.LOCK_EX)
            found = [_is_free(descriptor) for descriptor in (again, descriptors[1])]
        print(f"locks: exclude this machine {not found[0]}, the other one {not found[1]}")

    def steps(self, root: Path, drafting: Path) -> dict[str, bytes]:
        """Do all steps of a new project; return its catalogs and articles."""
        make(root)
        for step in STEPS:
            self.execute(drafting if step.startswith("run") else root, step)
        return contents(root)

    def shards(self, expected: dict[str, bytes]) -> None:
        """Draft on both machines at the same time."""
        root = self.first / "b"
        make(root)
        self.execute(root, STEPS[0])
        running = [
            self.start(machine / "b", f"{STEPS[1]} --shard {number}/2")
            for number, machine in enumerate((self.first, self.second), 1)
        ]
        for process in running:
            self.finish(process, "run --shard")
        for step in STEPS[2:]:
            self.execute(root, step)
        self.compare("shards on two machines", expected, contents(root))

    def edits(self, rounds: int, *, meanwhile: bool) -> tuple[int, int]:
        """Save translations on one machine while the other drafts; return all and the lost ones."""
        chance = random.Random(7)
        name = "d" if meanwhile else "c"
        make(self.first / name)
        self.execute(self.first / name, STEPS[0])
        catalogs = sorted((self.second / name).rglob("*.po"))
        saved: dict[tuple[str, str], str] = {}
        for number in range(rounds):
            path = chance.choice(catalogs)
            process = None
            if meanwhile:
                process = self.start(self.first / name, f"{STEPS[1]} --redraft")
                time.sleep(chance.random())
            edited = translate_one(path, f"Human {number:03}.", in_place=chance.random() < 0.5)
            if edited:
                saved[path.name, edited] = f"Human {number:03}."
            process = process or self.start(self.first / name, f"{STEPS[1]} --redraft")
            self.finish(process, "run --redraft")
        time.sleep(2)
        texts = {path.name: path.read_text("utf-8") for path in (self.first / name).rglob("*.po")}
        lost = sum(text not in texts[name] for (name, _), text in saved.items())
        return len(saved), lost

    def changes(self, rounds: int) -> None:
        """Change an article on one machine, and extract on the other."""
        make(self.first / "f")
        at_once = later = 0
        for number in range(rounds):
            self.execute(self.first / "f", STEPS[0])
            article = self.second / "f" / "source_de" / "a0.txt"
            article.write_text(f"Der Rat tagt zum Thema {number:03}.\n", "utf-8")
            self.execute(self.first / "f", STEPS[0])
            at_once += self._has(article.name, number)
            time.sleep(EXPIRY_SECONDS)
            self.execute(self.first / "f", STEPS[0])
            later += self._has(article.name, number)
        print(f"changes: {at_once} of {rounds} noticed at once, {later} later", flush=True)
        if later < rounds:
            self.wrong.append("changes of articles")

    def _has(self, article: str, number: int) -> bool:
        catalog = self.second / "f" / "output/en/LC_MESSAGES" / article.replace(".txt", ".po")
        return f"zum Thema {number:03}" in catalog.read_text("utf-8")

    def cache(self, rounds: int) -> None:
        """Use one cache folder on the network from both machines at once."""
        make(self.first / "e")
        self.codes.clear()
        for _ in range(max(1, rounds // 4)):
            running = [
                self.start(machine / "e", f"{STEPS[1]} --redraft", cache=machine / "cache")
                for machine in (self.first, self.second)
            ]
            for process in running:
                self.finish(process, "run with a cache on the network")
        ends = ", ".join(f"{code}: {times}" for code, times in sorted(self.codes.items()))
        print(f"cache on the network: exit codes {ends}", flush=True)

    def compare(self, name: str, expected: dict[str, bytes], found: dict[str, bytes]) -> None:
        different = [path for path in expected | found if expected.get(path) != found.get(path)]
        print(f"{name}: {len(found)} files, {len(different)} differ", flush=True)
        if different:
            self.wrong.append(f"{name}: {', '.join(different[:3])}")

    def execute(self, root: Path, command: str) -> None:
        self.finish(self.start(root, command), command)

    def start(self, root: Path, command: str, cache: Path | None = None) -> subprocess.Popen[str]:
        variables = {
            "TRANSLATE_CACHE": str(cache or self.folder / "caches" / root.parent.name),
            "SOURCE_DATE_EPOCH": "1700000000",
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *command.split()], cwd=root, text=True,
            env=os.environ | variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def finish(self, process: subprocess.Popen[str], command: str) -> None:
        _, error = process.communicate(timeout=300)
        self.codes[process.returncode] += 1
        if "Traceback" in error or process.returncode not in CODES:
            self.wrong.append(f"{command}: exits with {process.returncode}: {error[-800:]}")
        elif process.returncode > 1:
            print(f"  {command}: {error.splitlines()[0]}")


def make(root: Path) -> None:
    """Create a project with articles and without catalogs."""
    (root / "source_de").mkdir(parents=True)
    (root / "translate.toml").write_text('languages = ["en"]\nname = "news"\n')
    for article in range(ARTICLES):
        lines = [f"Der Rat kennt den Plan Nummer {article}{n} der Stadt." for n in range(8)]
        (root / "source_de" / f"a{article}.txt").write_text("\n\n".join(lines) + "\n")


def contents(root: Path) -> dict[str, bytes]:
    """Return what a project has written, without the drafts' numbers of the engine."""
    files = sorted(path for path in (root / "output").rglob("*") if path.suffix in (".po", ".txt"))
    return {str(path.relative_to(root)): _stable(path.read_text("utf-8")) for path in files}


def _stable(text: str) -> bytes:
    text = re.sub(r" draft[a-j]+", "", text)
    return re.sub(r"# translate: [^\n]*\n", "", text).encode()


def translate_one(path: Path, translation: str, *, in_place: bool) -> str:
    """Translate the first entry that has no human translation, as an editor does."""
    parts = path.read_text("utf-8").split("\n\n")
    for number, part in enumerate(parts[1:], 1):
        lines = part.splitlines()
        target = next((n for n, line in enumerate(lines) if line.startswith("msgstr ")), None)
        if target is None or lines[target].startswith('msgstr "Human'):
            continue
        source = next(line for line in lines if line.startswith("msgid "))
        kept = [line for line in lines[:target] if line != "#, fuzzy"]
        parts[number] = "\n".join([*kept, f'msgstr "{translation}"'])
        data = "\n\n".join(parts).rstrip("\n") + "\n"
        if in_place:
            path.write_text(data, "utf-8")
        else:
            copy = path.with_suffix(".new")
            copy.write_text(data, "utf-8")
            copy.replace(path)
        return source
    return ""


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    main()
