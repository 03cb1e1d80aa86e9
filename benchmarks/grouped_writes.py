"""Kills and power losses during grouped writes: is each file old or new, and nothing lost?

    python benchmarks/grouped_writes.py [KILLS [POWER_LOSSES]]

200 of both by default; needs Linux. In a project with translations of a human, all articles
change, and `extract` updates their catalogs as a group.

*Kills.* The process, and its workers in every second round, are killed (SIGKILL) at a random
moment. No process may remain.

*Power losses.* The system calls of one extraction are recorded: created, written, synced,
renamed, exchanged and deleted files. A power loss is a random position in this record. Of what
was not synced until then, a random part is lost: a file without fsync(2) is empty, cut or
complete; of the changes of names since the fsync of their folder, each chain of dependent ones
ends at a random place. The resulting files are written to a folder.

Afterwards each catalog must have exactly its old or its new bytes, or be missing if it is new.
The next run must finish the work, with the same bytes as without the fault, and the next write to
a folder must leave no temporary file. Exits with 1 if one of these did not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import project
from pipeline.files import exchange
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract

ARTICLES = 80
HUMAN = {"Der Rat kennt den Plan der Stadt.": "Human work.", "Die Stadt baut neu.": "Approved."}
Files = dict[str, bytes]


def write_articles(root: Path, version: int, number: int) -> None:
    """Write articles of which two sentences never change; the first version has one fewer."""
    (root / "source_de").mkdir(parents=True, exist_ok=True)
    for article in range(number):
        lines = [*HUMAN, f"Der Bau Nummer {article} beginnt in Jahr {version}."]
        path = root / "source_de" / f"a{article:03}.txt"
        path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def make(root: Path, number: int) -> None:
    """Make a project whose catalogs contain human work."""
    write_articles(root, 0, number)
    (root / "translate.toml").write_text('languages = ["en"]\nname = "news"\n')
    run(root)
    for path in root.rglob("*.po"):
        text = path.read_text(encoding="utf-8")
        for source, target in HUMAN.items():
            text = text.replace(f'"{source}"\nmsgstr ""', f'"{source}"\nmsgstr "{target}"')
        path.write_text(text, encoding="utf-8")


def run(root: Path, jobs: int = 1) -> None:
    """Extract, as `translate extract` does."""
    options = ExtractOptions(force_language=True, jobs=jobs)
    result = extract(project.load_project(root), options, SilentEvents())
    assert not result.problems, result.problems


def catalogs(root: Path) -> Files:
    """Return the files of the output folder without temporary ones."""
    files = [
        p for p in (root / "output").rglob("*") if p.is_file() and not exchange.is_temporary(p)
    ]
    return {str(p.relative_to(root)): p.read_bytes() for p in files}


def leftovers(root: Path, version: int, number: int) -> list[str]:
    """Return the temporary files that the next write to each folder does not delete."""
    write_articles(root, version, number)
    run(root)
    found = [p for p in (root / "output").rglob("*") if p.suffix not in (".po", ".pot")]
    return [p.name for p in found if p.is_file()]


@dataclass
class Tally:
    """Counts of a campaign; `old` and `new` files are those found after the faults."""

    faults: int = 0
    old: int = 0
    new: int = 0
    wrong: list[str] = field(default_factory=list)

    def compare(self, fault: str, before: Files, found: Files, after: Files) -> None:
        """Count the files that are old and new, and note what is neither."""
        self.faults += 1
        for name, wanted in after.items():
            if name not in found:
                if name in before:
                    self.wrong.append(f"{fault}: {name} is gone")
            elif found[name] == wanted:
                self.new += 1
            elif found[name] == before.get(name):
                self.old += 1
            else:
                self.wrong.append(f"{fault}: {name} is torn")

    def finish(self, fault: str, found: Files, after: Files) -> None:
        """Note what the next run did not finish."""
        wrong = [name for name, data in after.items() if found.get(name) != data]
        self.wrong += [f"{fault}: {name} is not finished" for name in wrong]


def kill_runs(folder: Path, number: int, chance: random.Random) -> Tally:
    """Kill extractions at random moments."""
    root, tally = folder / "killed", Tally()
    make(root, ARTICLES)
    start = time.monotonic()
    write_articles(root, 1, ARTICLES)
    run(root)
    longest = 1.2 * (time.monotonic() - start)
    for round_number in range(number):
        before = catalogs(root)
        write_articles(root, round_number + 2, ARTICLES)
        jobs = 1 + round_number % 2
        child = os.fork()
        if child == 0:
            os.setpgrp()
            run(root, jobs)
            os._exit(0)
        time.sleep(chance.uniform(0.0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        fault = f"kill {round_number} with {jobs} processes"
        if not _ends(child):
            tally.wrong.append(f"{fault}: a worker goes on")
        found = catalogs(root)
        run(root)
        after = catalogs(root)
        tally.compare(fault, before, found, after)
    tally.wrong += [f"{name} is left over" for name in leftovers(root, 1, ARTICLES)]
    return tally


def _ends(group: int) -> bool:
    """Return whether all processes of a group end within a minute."""
    for _ in range(6000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


@dataclass
class Recorder:
    """The system calls of a run on the files below a folder, in order.

    An inode is a number; `names` are the inodes by path, `contents` the bytes by inode.
    Operations are ("write" | "sync", inode, data), ("names", changes, folder) and
    ("folder", folder), where changes map a path to its inode before and after.
    """

    root: Path
    names: dict[str, int] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)
    open_files: dict[int, int] = field(default_factory=dict)
    folders: dict[int, str] = field(default_factory=dict)
    operations: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for inode, path in enumerate(p for p in sorted(self.root.rglob("*")) if p.is_file()):
            self.names[str(path)] = inode
            self.contents[inode] = path.read_bytes()
        self.first_names, self.first_contents = dict(self.names), dict(self.contents)

    def record(self, action: Callable[[], None]) -> None:
        """Record what an action does."""
        real = {name: getattr(os, name) for name in _RECORDED}
        real_exchange = exchange._rename
        for name in _RECORDED:
            setattr(os, name, self._wrapped(name, real[name]))
        exchange._rename = self._renamed_with(real_exchange)
        try:
            action()
        finally:
            exchange._rename = real_exchange
            for name, call in real.items():
                setattr(os, name, call)

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        note = getattr(self, f"_{name}")

        def recorded(*arguments: Any, **options: Any) -> Any:
            result = call(*arguments, **options)
            note(result, *arguments)
            return result

        return recorded

    def _renamed_with(self, call: Callable[..., bool]) -> Callable[..., bool]:
        def recorded(old: Path, new: Path, flag: int) -> bool:
            done = call(old, new, flag)
            if done and self._below(old):
                first, second = self.names[str(old)], self.names.get(str(new))
                self._change({str(old): second, str(new): first})
            return done

        return recorded

    def _below(self, path: Any) -> bool:
        return isinstance(path, str | Path) and Path(path).is_relative_to(self.root)

    def _change(self, changes: dict[str, int | None]) -> None:
        for path, inode in changes.items():
            if inode is None:
                self.names.pop(path, None)
            else:
                self.names[path] = inode
        self.operations.append(("names", changes))

    def _open(self, descriptor: int, path: Any, flags: int, *rest: Any) -> None:
        if not self._below(path):
            return
        if Path(path).is_dir():
            self.folders[descriptor] = str(path)
        elif flags & os.O_CREAT and str(path) not in self.names:
            inode = len(self.contents)
            self.contents[inode] = b""
            self._change({str(path): inode})
        if str(path) in self.names:
            self.open_files[descriptor] = self.names[str(path)]

    def _close(self, result: None, descriptor: int) -> None:
        self.open_files.pop(descriptor, None)
        self.folders.pop(descriptor, None)

    def _write(self, size: int, descriptor: int, data: Any) -> None:
        if descriptor in self.open_files:
            inode = self.open_files[descriptor]
            self.contents[inode] += bytes(data[:size])
            self.operations.append(("write", inode, self.contents[inode]))

    def _fsync(self, result: None, descriptor: int) -> None:
        if descriptor in self.folders:
            self.operations.append(("folder", self.folders[descriptor]))
        elif descriptor in self.open_files:
            self.operations.append(("sync", self.open_files[descriptor]))

    def _rename(self, result: None, old: Any, new: Any) -> None:
        if self._below(old):
            self._change({str(old): None, str(new): self.names[str(old)]})

    _replace = _rename

    def _link(self, result: None, old: Any, new: Any, **options: Any) -> None:
        if self._below(old):
            self._change({str(new): self.names[str(old)]})

    def _unlink(self, result: None, path: Any) -> None:
        if self._below(path) and str(path) in self.names:
            self._change({str(path): None})

    def lose_power(self, position: int, chance: random.Random) -> Files:
        """Return the files after a power loss at a position in the record."""
        written, durable = dict(self.first_contents), dict(self.first_contents)
        names, pending = dict(self.first_names), []
        for operation in self.operations[:position]:
            match operation:
                case ("write", inode, data):
                    written[inode] = data
                case ("sync", inode):
                    durable[inode] = written.get(inode, b"")
                case ("names", changes):
                    pending.append(changes)
                case ("folder", folder):
                    done = [c for c in pending if any(str(Path(p).parent) == folder for p in c)]
                    for changes in done:
                        _apply(names, changes)
                    pending = [c for c in pending if c not in done]
        for chain in _chains(pending):
            for changes in chain[: chance.randint(0, len(chain))]:
                _apply(names, changes)
        return {
            path: _after_crash(durable.get(inode), written.get(inode, b""), chance)
            for path, inode in names.items()
        }


_RECORDED = ("open", "close", "write", "fsync", "rename", "replace", "link", "unlink")


def _apply(names: dict[str, int], changes: dict[str, int | None]) -> None:
    for path, inode in changes.items():
        if inode is None:
            names.pop(path, None)
        else:
            names[path] = inode


def _chains(pending: list[dict[str, int | None]]) -> list[list[dict[str, int | None]]]:
    """Divide changes of names into chains that share no name."""
    chains: list[list[dict[str, int | None]]] = []
    for changes in pending:
        linked = [c for c in chains if any(path in one for one in c for path in changes)]
        chains = [c for c in chains if c not in linked]
        chains.append([one for c in linked for one in c] + [changes])
    return chains


def _after_crash(durable: bytes | None, written: bytes, chance: random.Random) -> bytes:
    """Return what is on the disk of a file: all that was synced, or a part of what was written."""
    if durable == written:
        return written
    return chance.choice([durable or b"", written[: chance.randint(0, len(written))], written])


def lose_power(folder: Path, number: int, chance: random.Random) -> Tally:
    """Materialize states after power losses, and let the next run finish."""
    root, tally = folder / "power", Tally()
    make(root, 6)
    write_articles(root, 1, 7)  # one of them is new
    before = catalogs(root)
    recorder = Recorder(root)
    recorder.record(lambda: run(root))
    after = catalogs(root)
    synced = [n for n, one in enumerate(recorder.operations) if one[0] == "sync"]
    assert len(synced) >= 2 * 7, "the recorder sees the group"
    for loss in range(number):
        position = chance.randint(0, len(recorder.operations))
        shutil.rmtree(root / "output")
        shutil.rmtree(os.environ["TRANSLATE_CACHE"], ignore_errors=True)
        for path, data in recorder.lose_power(position, chance).items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(data)
        fault = f"power loss {loss} at {position}"
        tally.compare(fault, before, catalogs(root), after)
        run(root)
        tally.finish(fault, catalogs(root), after)
        tally.wrong += [f"{fault}: {name} is left over" for name in leftovers(root, 2, 7)]
        write_articles(root, 1, 7)
    return tally


def main() -> None:
    """Run both campaigns, and print their figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kills", nargs="?", type=int, default=200)
    parser.add_argument("power_losses", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = False
    with tempfile.TemporaryDirectory() as name:
        os.environ["TRANSLATE_CACHE"] = f"{name}/cache"
        os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
        for title, campaign, number in (
            ("kills", kill_runs, options.kills),
            ("power losses", lose_power, options.power_losses),
        ):
            tally = campaign(Path(name), number, random.Random(options.seed))
            for line in tally.wrong[:20]:
                print(line)
            print(
                f"{tally.faults} {title}: {tally.old} files old, {tally.new} files new, "
                f"{len(tally.wrong)} wrong",
                flush=True,
            )
            wrong |= bool(tally.wrong)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
