"""Killed runs and full disks beside editors at work: is human work lost, is work done twice?

    python benchmarks/fault_injection.py [KILLS [FULL_DISKS]] [--no-exchange] [--slow]

300 kills and 100 full disks by default. `--no-exchange` is a system that cannot exchange two
files. With `--slow`, editors pause up to a second in the middle of a save.

A process does the work of `translate run` (extraction, then drafts for every catalog, each
batch written on its own), with an engine that answers at once. Meanwhile, a translator's
editors save the three catalogs, each in another way, in turns: by renaming a copy, in place at
once, and in place with a pause after the first half. Some entries become approved, some are
changed and stay fuzzy.

*Kills.* The process is killed (SIGKILL) at a random moment. Then every file must be readable,
every text of the translator be there in its state, and the next run must finish the work. A
draft that was requested but was not in a catalog when the process died is work done twice, at
most one batch.

*Full disks.* The largest file that the process may write is limited to a random number of
bytes, then it runs again without a limit. Every catalog must be readable, with the
translator's texts in it, then complete. Exits with 1 if something was lost.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline import project
from pipeline.catalog import catalog
from pipeline.catalog.po import editing
from pipeline.catalog.po import file as po_file
from pipeline.catalog.po.parser import PoText
from pipeline.core.errors import PipelineError
from pipeline.core.types import State
from pipeline.drafting.drafter import LanguageDrafter
from pipeline.engines.base import (
    DEFAULT_BATCH_SIZE,
    Engine,
    EngineInfo,
    TranslationRequest,
    TranslationResult,
)
from pipeline.files import exchange
from pipeline.memory.memory import TranslationMemory
from pipeline.workflows.draft import DraftRun
from pipeline.workflows.extract import Extractor

LANGUAGE = "fr"
GERMAN = "Der Stadtrat hat am Montag den Bau einer Brücke beschlossen, sagte Sprecher {} von {}."
FRENCH = "Lundi, le conseil a décidé de construire un pont, selon le porte-parole {} de {}."


RENAME, AT_ONCE, SLOWLY = WAYS = ("rename", "at once", "slowly")

# What the translator saved: (catalog, source) -> (translation, state).
Human = dict[tuple[Path, str], tuple[str, State]]


class Quick:
    """Answers at once, and notes what it was asked."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("quick", "none", "0", "1")

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        for request in requests:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(f"{request.text}\n")
            speaker, number = re.findall(r"[0-9]+", request.text)
            yield TranslationResult(FRENCH.format(speaker, number))

    def close(self) -> None:
        """Nothing is held."""


def make(root: Path) -> None:
    """A project of three articles with 20 sentences each."""
    (root / "source_de").mkdir(parents=True)
    (root / "translate.toml").write_text(f'languages = ["{LANGUAGE}"]\n')
    for number in range(3):
        lines = [GERMAN.format(number, n) + "\n\n" for n in range(20)]
        (root / "source_de" / f"a{number}.txt").write_text("".join(lines), encoding="utf-8")


def run(root: Path, room: int | None = None) -> None:
    """What `translate run` does once its engine is open.

    From the first draft on, no file may be larger than `room` bytes.
    """
    found = project.load_project(root)
    extractor, memory = Extractor(found), TranslationMemory(found)
    for article in found.articles():
        extractor.refresh(article, [LANGUAGE])
    # What is asked is not logged where no file may grow: the log is no part of the tool.
    engine: Engine = Quick(root / "asked.log" if room is None else Path(os.devnull))
    drafter = LanguageDrafter(LANGUAGE, found, lambda: None, memory, lambda: engine)
    memory.refresh(LANGUAGE)
    if room is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    drafts = DraftRun(found, extractor, engine_id="quick none")
    plans = (drafts.plan(article, drafter) for article in found.articles())
    list(drafts.run(plans, drafter, lambda count: None))
    memory.close()
    extractor.close()


class Editor(threading.Thread):
    """A translator's editor, which saves one catalog again and again in one way."""

    def __init__(self, path: Path, way: str, pause: float, seed: int) -> None:
        super().__init__(daemon=True)
        self._path, self._way, self._pause = path, way, pause
        self._chance = random.Random(seed)
        self._stopped = threading.Event()
        self.saved: dict[str, tuple[str, State]] = {}
        self.saves = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._stopped.is_set():
                self.save()
                time.sleep(self._chance.uniform(0.0, 0.02))
        except BaseException as error:
            self.failure = error
            raise

    def stop(self) -> None:
        """Let the editor finish its save."""
        self._stopped.set()
        self.join()
        if self.failure:
            raise self.failure

    def save(self) -> None:
        """Change one entry and save, unless the file changed since it was loaded."""
        try:
            file = po_file.read(self._path)
        except (FileNotFoundError, PipelineError):
            return
        entry = self._chance.choice([e for e in file.text.entries if e.source and not e.obsolete])
        target = f"Humain {self._chance.randrange(10**9)}."
        fuzzy = self._chance.random() < 0.5
        flags = editing.flag_lines(("fuzzy",) if fuzzy else ())
        new = editing.edit_entry(entry, file.text.style, {"#,": flags}, targets=[target])
        data = b"".join((new if e is entry else e).raw.encode() for e in file.text.entries)
        if self._by_rename(data, file.data) if self._way == RENAME else self._in_place(data, file):
            self.saves += 1
            self.saved[entry.source] = target, State.TOUCHED if fuzzy else State.APPROVED

    def _by_rename(self, data: bytes, loaded: bytes) -> bool:
        beside = self._path.with_name(f"{self._path.name}.editor")
        beside.write_bytes(data)
        try:
            changed = self._path.read_bytes() != loaded
        except FileNotFoundError:  # Without exchange, it is missing for a moment.
            changed = True
        if changed:
            beside.unlink()
            return False
        beside.replace(self._path)
        return True

    def _in_place(self, data: bytes, file: po_file.PoFile) -> bool:
        with self._path.open("r+b", buffering=0) as stream:
            if stream.read() != file.data or not _is_linked(stream.fileno(), self._path):
                return False
            stream.seek(0)
            if self._chance.random() < 0.5:
                stream.truncate()
            cut = self._chance.randrange(len(data))
            stream.write(data[:cut])
            if self._way == SLOWLY:
                time.sleep(self._chance.uniform(0.0, self._pause))
            stream.write(data[cut:])
            stream.truncate()
        return True


def _is_linked(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def undone(root: Path, kept: Iterable[str]) -> None:
    """Empty all entries but those of the sources `kept`, so that the next run has work."""
    sources = set(kept)

    def emptied(old: po_file.PoFile | None) -> tuple[PoText, None]:
        assert old
        style = old.text.style
        entries = tuple(
            e
            if e.source in sources | {""}
            else editing.edit_entry(e, style, {"#": (), "#,": ()}, targets=[""])
            for e in old.text.entries
        )
        return PoText(entries, old.text.tail, style), None

    for path in project.load_project(root).catalogs(LANGUAGE):
        po_file.edit(path, emptied)


@dataclass
class Tally:
    """Counts of a campaign: all after `fitted` must be zero, `most_twice` below a batch."""

    kills: int = 0
    full_disks: int = 0
    saves: int = 0
    midway: int = 0
    fitted: int = 0
    lost: int = 0
    unreadable: int = 0
    unfinished: int = 0
    leftovers: int = 0
    wordless: int = 0
    most_twice: int = 0

    def is_bad(self) -> bool:
        bad = self.lost + self.unreadable + self.unfinished + self.leftovers + self.wordless
        return bool(bad) or self.most_twice > DEFAULT_BATCH_SIZE


class Campaign:
    """Rounds of a run that is killed, or has no room, beside three editors."""

    def __init__(self, root: Path, options: argparse.Namespace) -> None:
        self.root, self.options = root, options
        self.chance = random.Random(options.seed)
        self.tally = Tally()
        self.human: Human = {}
        self.log = root / "asked.log"
        folder = root / "output" / LANGUAGE / "LC_MESSAGES"
        self.paths = [folder / f"a{n}.po" for n in range(3)]
        started = time.monotonic()
        assert os.waitpid(self.start(), 0)[1] == 0
        self.longest = (time.monotonic() - started) * 3

    def start(self, room: int | None = None, *, at_once: bool = False) -> int:
        """Start a run in a process of its own; a fork, so that nothing has to be loaded first."""
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if self.options.no_exchange:
                    exchange._rename = lambda old, new, flag: False
                if room is not None and at_once:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
                run(self.root, room)
                code = 0
            except PipelineError:
                code = 3
            finally:
                os._exit(code)
        return child

    def round(self, number: int, room: int | None = None) -> int:
        """Run beside the editors, and look at what is there; return the code of the run."""
        for known in self.chance.sample(sorted(self.human), max(0, len(self.human) - 20)):
            del self.human[known]
        undone(self.root, (source for _, source in self.human))
        self.log.write_text("")
        child = self.start(room, at_once=number % 5 == 0)
        ways = [WAYS[(number + n) % 3] for n in range(3)]
        pause = 1.0 if self.options.slow else 0.1
        editors = [
            Editor(path, way, pause, self.chance.randrange(10**9))
            for path, way in zip(self.paths, ways, strict=True)
        ]
        for editor in editors:
            editor.start()
        if room is None:
            time.sleep(self.chance.uniform(0.0, self.longest))
            os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
        else:
            status = self.wait(child, editors)
        for editor, path in zip(editors, self.paths, strict=True):
            editor.stop()
            self.tally.saves += editor.saves
            self.human |= {(path, source): saved for source, saved in editor.saved.items()}
        self.look()
        assert os.waitpid(self.start(), 0)[1] == 0
        self.look(finished=True)
        return os.waitstatus_to_exitcode(status)

    def wait(self, child: int, editors: Sequence[Editor]) -> int:
        """Wait for a run; a run that editors delay all the time is given some rest."""
        end = time.monotonic() + 2 * self.longest
        while not (done := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() > end:
                for editor in editors:
                    editor.stop()
                return os.waitpid(child, 0)[1]
            time.sleep(0.01)
        return done[1]

    def look(self, *, finished: bool = False) -> None:
        """Count what is gone, damaged, and drafted for nothing."""
        drafted = set()
        missing = False
        for path in self.paths:
            try:
                found = {one.source: one for one in catalog.load(path).translations}
            except PipelineError as error:
                self.tally.unreadable += 1
                print(error.message)
                continue
            drafted |= {source for source, one in found.items() if one.target}
            missing |= any(not one.target for one in found.values())
            for (where, source), saved in list(self.human.items()):
                if where == path and (found[source].target, found[source].state) != saved:
                    self.tally.lost += 1
                    print(f"lost: {source!r}: {saved}, now {found[source].target!r}")
                    del self.human[where, source]
        if finished:
            self.tally.unfinished += missing
            left = [p for p in self.paths[0].parent.iterdir() if p not in self.paths]
            self.tally.leftovers += len(left)
            for path in left:
                print(f"left over: {path.name}")
                path.unlink()
        else:
            asked = set(self.log.read_text(encoding="utf-8").split("\n")[:-1])
            self.tally.midway += bool(asked) and missing
            self.tally.most_twice = max(self.tally.most_twice, len(asked - drafted))


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kills", nargs="?", type=int, default=300)
    parser.add_argument("full_disks", nargs="?", type=int, default=100)
    parser.add_argument("--no-exchange", action="store_true")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["TRANSLATE_CACHE"] = f"{name}/cache"
        for root in (Path(name) / "first", Path(name) / "project"):
            make(root)
        run(Path(name) / "first")  # loads what all runs need, 40 times as long as a run
        campaign = Campaign(root, options)
        tally = campaign.tally
        with suppress(KeyboardInterrupt):  # Ctrl-C prints what was found so far
            for number in range(options.kills):
                campaign.round(number)
                tally.kills += 1
            for number in range(options.full_disks):
                size = max(path.stat().st_size for path in campaign.paths)
                code = campaign.round(number, campaign.chance.randrange(size * 3))
                tally.full_disks += 1
                tally.fitted += code == 0
                tally.wordless += code not in (0, 3)
    print(
        f"kills: {tally.kills}, {tally.midway} of all runs with drafts made and work left; "
        f"full disks: {tally.full_disks}, {tally.fitted} fitted in; "
        f"{tally.saves} saves beside; {tally.lost} texts of the translator lost; "
        f"{tally.unreadable} files unreadable; {tally.unfinished} runs did not finish the work; "
        f"{tally.wordless} ended without a message; {tally.leftovers} files left over; "
        f"at most {tally.most_twice} drafts made twice (a batch is {DEFAULT_BATCH_SIZE})"
    )
    sys.exit(tally.is_bad())


if __name__ == "__main__":
    main()
