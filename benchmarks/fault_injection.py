"""Killed runs and full disks: how much work is lost, and how much is done twice.

    python benchmarks/fault_injection.py [KILLS [FULL_DISKS]]        (300 and 100 by default)

*Kills.* A process does what `translate run` does (extraction, then `Job.fill` for every
catalog, each batch written on its own), with an engine that answers at once. It is killed
(SIGKILL) at a random moment while a translator's editor saves the same catalogs: some
entries approved, some changed and left fuzzy. Then every file must be readable, every text
of the translator's be there in its state, and the next run must finish the work; an answer
that was drafted but not in the catalog when the process died is work done twice, at most
one batch.

*Full disks.* The largest file that the process may write is limited to a random number of
bytes, then it runs again without a limit. Every catalog must be readable, with the
translator's texts in it, then complete. Exits with 1 where something was lost.
"""

from __future__ import annotations

import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
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
from pipeline.memory.memory import TranslationMemory
from pipeline.workflows.draft import DraftRun
from pipeline.workflows.extract import Extractor

LANGUAGE = "fr"
GERMAN = "Der Stadtrat hat am Montag den Bau einer Brücke beschlossen, sagte Sprecher {} von {}."
FRENCH = "Lundi, le conseil a décidé de construire un pont, selon le porte-parole {} de {}."


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


def start(root: Path) -> int:
    """Start a run in a process of its own; a fork, so that nothing has to be loaded first."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run(root)
            code = 0
        finally:
            os._exit(code)
    return child


def save_as_editor(path: Path, chance: random.Random, number: int) -> tuple[str, str, State] | None:
    """Change one entry and save, as an editor that warns if the file changed meanwhile."""
    if not path.exists():
        return None
    file = po_file.read(path)
    entry = chance.choice([e for e in file.text.entries if e.source and not e.obsolete])
    target, fuzzy = f"Humain {number}.", chance.random() < 0.5
    flags = editing.flag_lines(("fuzzy",) if fuzzy else ())
    new = editing.edit_entry(entry, file.text.style, {"#,": flags}, targets=[target])
    data = b"".join((new if e is entry else e).raw.encode() for e in file.text.entries)
    beside = path.with_name(f"{path.name}.editor")
    beside.write_bytes(data)
    if path.read_bytes() != file.data:
        beside.unlink()
        return None
    beside.replace(path)
    return entry.source, target, State.TOUCHED if fuzzy else State.APPROVED


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


class Tally:
    def __init__(self) -> None:
        self.saves = self.lost = self.unreadable = self.unfinished = self.midway = 0
        self.most_twice = self.leftovers = 0


def killed(root: Path, chance: random.Random, kills: int) -> Tally:
    """Kill runs at random moments; compare what is there with what the translator saved."""
    tally = Tally()
    human: Human = {}
    log = root / "asked.log"
    paths = [root / "output" / LANGUAGE / "LC_MESSAGES" / f"a{n}.po" for n in range(3)]
    undone(root, ())
    began = time.monotonic()
    assert os.waitpid(start(root), 0)[1] == 0
    longest = (time.monotonic() - began) * 1.2
    for _ in range(kills):
        for known in chance.sample(sorted(human), max(0, len(human) - 20)):
            del human[known]
        undone(root, (source for _, source in human))
        log.write_text("")
        child = start(root)
        end = time.monotonic() + chance.uniform(0.0, longest)
        while time.monotonic() < end:
            path = chance.choice(paths)
            if saved := save_as_editor(path, chance, tally.saves):
                tally.saves += 1
                human[path, saved[0]] = saved[1:]
            time.sleep(chance.uniform(0.0, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _look(paths, human, log, tally)
        run(root)
        left = [p for p in paths[0].parent.iterdir() if p not in paths]
        tally.leftovers += len(left)
        for path in paths:
            states = {one.state for one in catalog.load(path).translations}
            tally.unfinished += State.MISSING in states
    return tally


def _look(paths: Sequence[Path], human: Human, log: Path, tally: Tally) -> None:
    """After a kill: read everything, count what is gone and what was drafted for nothing."""
    drafted = set()
    missing = False
    for path in paths:
        try:
            found = {one.source: one for one in catalog.load(path).translations}
        except PipelineError as error:
            tally.unreadable += 1
            print(error.message)
            continue
        drafted |= {source for source, one in found.items() if one.target}
        missing |= any(not one.target for one in found.values())
        for (where, source), (target, state) in list(human.items()):
            if where == path and (found[source].target, found[source].state) != (target, state):
                tally.lost += 1
                print(f"lost: {source!r}: {target!r}, now {found[source].target!r}")
                del human[where, source]
    asked = set(log.read_text(encoding="utf-8").split("\n")[:-1])
    tally.midway += bool(asked) and missing
    tally.most_twice = max(tally.most_twice, len(asked - drafted))


def full(root: Path, chance: random.Random, times: int) -> int:
    """Run with a limit on the size of files, then without; returns what went wrong."""
    wrong = unchanged = fitted = 0
    paths = [root / "output" / LANGUAGE / "LC_MESSAGES" / f"a{n}.po" for n in range(3)]
    human = {
        (path, saved[0]): saved[1:]
        for number, path in enumerate(paths)
        if (saved := save_as_editor(path, chance, number))
    }
    for number in range(times):
        undone(root, (source for _, source in human))
        before = {path: path.read_bytes() for path in paths}
        room = chance.randrange(max(map(len, before.values())) * 3)
        code = limited(root, room, at_once=number % 5 == 0)
        fitted += code == 0
        wrong += code not in (0, 3)
        for path in paths:
            wrong += not intact(path, human, finished=False)
            unchanged += path.read_bytes() == before[path]
        run(root)
        wrong += sum(not intact(path, human, finished=True) for path in paths)
    print(
        f"full disk: {times} limits; {fitted} runs fitted in; {unchanged} of {3 * times} catalogs"
        f" to the byte as before; {wrong} unreadable, unfinished, with a human's text lost, or a"
        " run that ended without a message"
    )
    return wrong


def limited(root: Path, room: int, *, at_once: bool) -> int:
    """Run with files of at most `room` bytes, `at_once` or from the first draft on.

    Returns 0 where that was enough, 3 where the run said what was wrong.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if at_once:
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            run(root, room)
            code = 0
        except PipelineError:
            code = 3
        finally:
            os._exit(code)  # Whatever it was: not into the parent's code.
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def intact(path: Path, human: Human, *, finished: bool) -> bool:
    try:
        found = {one.source: one for one in catalog.load(path).translations}
    except PipelineError:
        return False
    kept = all(
        (found[source].target, found[source].state) == saved
        for (where, source), saved in human.items()
        if where == path
    )
    return kept and not (finished and any(not one.target for one in found.values()))


def main() -> None:
    """Print what was found."""
    kills, times = int((sys.argv[1:] or ["300"])[0]), int((sys.argv[2:] or ["100"])[0])
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        os.environ["TRANSLATE_CACHE"] = f"{name}/cache"
        root = Path(name) / "project"
        make(root)
        tally = killed(root, chance, kills)
        print(
            f"kills: {kills}, {tally.midway} of them with drafts made and work left; "
            f"{tally.saves} saves beside; {tally.lost} texts of the translator lost; "
            f"{tally.unreadable} files unreadable; {tally.unfinished} catalogs not finished by "
            f"the next run; at most {tally.most_twice} drafts made twice "
            f"(a batch is {DEFAULT_BATCH_SIZE}); "
            f"{tally.leftovers} files left over after it"
        )
        wrong = full(root, chance, times)
    bad = tally.lost + tally.unreadable + tally.unfinished + tally.leftovers + wrong
    sys.exit(1 if bad or tally.most_twice > DEFAULT_BATCH_SIZE else 0)


if __name__ == "__main__":
    main()
