"""Failing system calls: what do commands lose, and what do they say?

    python benchmarks/system_faults.py [--executions N] [--seed N] [--once] [COMMAND...]
    python benchmarks/system_faults.py --file-systems [COMMAND...]

Needs Linux and a C compiler. In a small project, each of `run`, `build`, `import`, `approve`
and `merge` (or those named) is executed again and again in a forked process. Each time, another
system call on a file of the project or the cache fails: with EIO, ENOSPC, ENOLCK, EACCES, EXDEV
or ESTALE, once or from then on. `run` makes 1,600 calls, and SQLite waits 10 s for a lock that
always fails: all faults take hours. `--executions N` divides them into N parts in the order of
the calls, and tries a random one of each part. `--once` leaves out faults that last.
With `--file-systems`, calls fail that some file systems do not support (locks, exchange of files,
hard links, permissions, fsync of folders), throughout each command.

After each execution, every catalog must contain all translations of the human, and articles and
settings must be unchanged. The command must end within a minute, with a documented code and an
error of one line with its hint, or succeed. Without the fault, the same command must then do its
work. Exits with 1 if one of these did not hold.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import os
import pkgutil
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path

SHIM = Path(__file__).with_suffix(".c")
ERRORS = (errno.EIO, errno.ENOSPC, errno.ENOLCK, errno.EACCES, errno.EXDEV, errno.ESTALE)
FAULTS = [*((error, False) for error in ERRORS), (errno.EIO, True), (errno.ENOSPC, True)]
SECONDS = 60
CODES = (0, 1, 2, 3, 75)  # 2: Click does not find a file that it cannot examine
GERMAN = [f"Der Rat kennt den Plan Nummer {n} der Stadt." for n in range(6)]
HUMAN = {GERMAN[n]: f"Human translation {n}." for n in (1, 4)}
TOUCHED = {GERMAN[2]: "Human work in progress."}
COMMANDS = {
    "run": ("run", "--force-language", "-q", "--engine", "double"),
    "build": ("build", "--draft", "-q"),
    "import": ("import", "out/en/a.xlf"),
    "approve": ("approve", "--touched", "-y"),
    "merge": ("merge", "base.po", "output/en/LC_MESSAGES/a.po", "theirs.po"),
}


FILE_SYSTEMS = {
    "no locks (NFS without a lock manager)": ("flock", errno.ENOLCK, "project"),
    "no locks (FUSE, SMB)": ("flock", errno.EOPNOTSUPP, "project"),
    "no locks for the cache": ("fcntl64", errno.ENOLCK, "cache"),
    "no exchange of files (NFS, macOS)": ("renameat2", errno.EINVAL, "project"),
    "neither exchange nor links (FAT)": ("renameat2 link", errno.EPERM, "project"),
    "no permissions (SMB, FAT)": ("fchmod", errno.EPERM, "project"),
    "no fsync of folders (SMB)": ("fsync_folder", errno.EINVAL, "project"),
    "no leases": ("fcntl64", errno.EINVAL, "project"),
}
"""What file systems lack: the calls that fail, with which error, and for which folder."""


def main() -> None:
    """Run the campaign, in a process in which the shim is loaded."""
    parser = argparse.ArgumentParser()
    parser.add_argument("commands", nargs="*", default=list(COMMANDS), metavar="COMMAND")
    parser.add_argument("--executions", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--file-systems", action="store_true")
    options = parser.parse_args()
    if "LD_PRELOAD" not in os.environ:
        with tempfile.TemporaryDirectory() as folder:
            shim = Path(folder) / "faults.so"
            compiler = ["cc", "-shared", "-fPIC", "-O1", "-w", "-o", shim, SHIM, "-ldl"]
            subprocess.run(compiler, check=True)
            root = str(Path(__file__).parents[1])
            environment = os.environ | {"LD_PRELOAD": str(shim), "PYTHONPATH": root}
            sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment).returncode)
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        if options.file_systems:
            for name in FILE_SYSTEMS:
                campaign.test_file_system(name, options.commands)
            sys.exit(bool(campaign.wrong))
        for name in options.commands:
            faults = [fault for fault in FAULTS if not (options.once and fault[1])]
            campaign.test(name, faults, options.executions, random.Random(options.seed))
        sys.exit(bool(campaign.wrong))


@dataclass
class Campaign:
    """A project as it is before each command, and what went wrong so far."""

    folder: Path
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        import pipeline
        from pipeline.engines import registry

        os.environ["TRANSLATE_CACHE"] = str(self.folder / "work" / "cache")
        os.environ["TRANSLATE_DICTIONARY_EN"] = ""
        registry.ENGINES["double"] = registry.EngineSpec(  # type: ignore[index]
            "double", "tests.workflows.engine:open_engine", sends_text_away=False
        )
        for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
            if not module.name.startswith(("pipeline.engines.", "pipeline.__main__")):
                import_module(module.name)  # once, not in each forked process
        _load_data()
        self.work, self.original = self.folder / "work", self.folder / "original"
        self.root = self.work / "project"
        self.make()
        self.work.rename(self.original)

    def make(self) -> None:
        """Create a project with human work, and an import and a merge that are due."""
        (self.root / "source_de").mkdir(parents=True)
        (self.root / "translate.toml").write_text('languages = ["en"]\n')
        for name in ("a", "b"):
            (self.root / "source_de" / f"{name}.txt").write_text("\n\n".join(GERMAN) + "\n")
        self.expect("extract", "--force-language")
        catalogs = [self.root / "output/en/LC_MESSAGES" / f"{name}.po" for name in ("a", "b")]
        for path in catalogs:
            text = path.read_text()
            for source, target in HUMAN.items():
                text = text.replace(f'"{source}"\nmsgstr ""', f'"{source}"\nmsgstr "{target}"')
            for source, target in TOUCHED.items():
                text = text.replace(
                    f'msgid "{source}"\nmsgstr ""',
                    f'#, fuzzy\nmsgid "{source}"\nmsgstr "{target}"',
                )
            path.write_text(text)
        base = catalogs[0].read_text()
        (self.root / "base.po").write_text(base)
        other = f'"{GERMAN[0]}"\nmsgstr "Theirs."'
        (self.root / "theirs.po").write_text(base.replace(f'"{GERMAN[0]}"\nmsgstr ""', other))
        self.expect("export", "--format", "xliff", "-o", "out")
        exported = self.root / "out/en/a.xlf"
        exported.write_text(exported.read_text().replace(HUMAN[GERMAN[1]], "Improved by a human."))

    def expect(self, *words: str) -> None:
        code, said, _ = self.execute(words)
        assert code == 0, said

    def execute(
        self,
        words: tuple[str, ...],
        number: int = 0,
        error: int = 0,
        *,
        lasting: bool = False,
        only: str = "",
        folder: str = "",
    ) -> tuple[int, str, int]:
        """Execute a command in a fork; return its code, standard error and number of calls.

        `only` names the calls that fail, `folder` is the one in which they do.
        """
        from pipeline.cli import root

        outcome = self.folder / "outcome"
        child = os.fork()
        if child == 0:
            shim = ctypes.CDLL(None)
            shim.fault_calls.restype = ctypes.c_long
            said = os.open(outcome, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(said, 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.chdir(self.root)
            sys.argv = ["translate", *words]
            signal.alarm(SECONDS)
            if only:
                shim.fault_only(f" {only} ".encode())
            place = os.fsencode(self.work / folder)
            shim.fault_arm(place, ctypes.c_long(number), error, int(lasting))
            code = 99
            try:
                code = root.run()
            finally:
                number = shim.fault_calls()
                shim.fault_arm(b"/nowhere", ctypes.c_long(0), 0, 0)
                if code == 99:
                    sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
                sys.stderr.flush()
                os.write(2, f"\n{number}".encode())
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        text, _, calls = outcome.read_text(errors="replace").rpartition("\n")
        return code, text, int(calls) if calls.isdecimal() else 0

    def test(
        self, name: str, kinds: list[tuple[int, bool]], executions: int, chance: random.Random
    ) -> None:
        """Let each system call of a command fail, or a sample of them."""
        words = COMMANDS[name]
        self.restore()
        clean, said, calls = self.execute(words)
        assert clean in (0, 1), said
        done = self.state()
        codes: Counter[int] = Counter()
        before = len(self.wrong)
        began, slowest = time.monotonic(), 0.0
        faults = [(number, *fault) for number in range(1, calls + 1) for fault in kinds]
        for number, error, lasting in _sample(faults, executions, chance):
            self.restore()
            start = time.monotonic()
            code, said, _ = self.execute(words, number, error, lasting=lasting)
            slowest = max(slowest, time.monotonic() - start)
            codes[code] += 1
            fault = f"{name}, call {number}, {errno.errorcode[error]} {lasting=}"
            problems = [*self.damage(), *_ill_worded(code, said)]
            again, text, _ = self.execute(words)
            if again not in (0, 1) or (name != "import" and again != clean):
                problems.append(f"repeated: exits with {again}: {text[-200:]}")
            problems += self.damage()
            if not problems and self.state() != done:
                problems.append("repeated: another result than without the fault")
            problems += self.leftovers()
            self.wrong += [f"{fault}: {problem}" for problem in dict.fromkeys(problems)]
        for line in self.wrong[before:][:40]:
            print(line)
        print(
            f"{name}: {calls} calls, {sum(codes.values())} of {len(faults)} executions with a "
            f"fault in {time.monotonic() - began:.0f} s (the slowest: {slowest:.1f} s), "
            f"exit codes {dict(sorted(codes.items()))}, {len(self.wrong) - before} wrong",
            flush=True,
        )

    def test_file_system(self, name: str, commands: list[str]) -> None:
        """Execute commands on a file system that lacks something."""
        only, error, folder = FILE_SYSTEMS[name]
        before = len(self.wrong)
        ends = {}
        for command in commands:
            words = COMMANDS[command]
            self.restore()
            clean, _, _ = self.execute(words)
            done = self.state()
            self.restore()
            code, said, _ = self.execute(words, 1, error, lasting=True, only=only, folder=folder)
            ends[command] = code
            problems = [*self.damage(), *_ill_worded(code, said)]
            if code not in (0, 1):
                print(f"  {command}: {said.strip().splitlines()[0]}")
                again, text, _ = self.execute(words)
                if again != clean:
                    problems.append(f"repeated: exits with {again}: {text[-200:]}")
            if not problems and self.state() != done:
                problems.append("another result than on a usual file system")
            problems += self.leftovers()
            self.wrong += [f"{name}, {command}: {problem}" for problem in problems]
        print(*self.wrong[before:], sep="\n", end="\n" if self.wrong[before:] else "")
        print(f"{name}: exit codes {ends}, {len(self.wrong) - before} wrong", flush=True)

    def restore(self) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.original, self.work)

    def damage(self) -> list[str]:
        """Return what was lost or damaged."""
        import polib

        found = []
        for path in (self.root / "output/en/LC_MESSAGES").glob("*.po"):
            try:
                entries = {e.msgid: e for e in polib.pofile(str(path))}
            except (OSError, ValueError) as error:
                found.append(f"{path.name}: damaged: {error}")
                continue
            for source, target in (HUMAN | TOUCHED).items():
                entry = entries.get(source)
                kept = (target, "Improved by a human.") if source == GERMAN[1] else (target,)
                if entry is None or entry.msgstr not in kept:
                    found.append(f"{path.name}: lost {target!r}")
                elif source in HUMAN and entry.fuzzy:
                    found.append(f"{path.name}: no longer approved: {target!r}")
        names = {p.name for p in (self.root / "output/en/LC_MESSAGES").glob("*.po")}
        found += [f"{name} is gone" for name in ("a.po", "b.po") if name not in names]
        for path in (self.original / "project").rglob("*"):
            relative = path.relative_to(self.original)
            is_input = path.is_file() and "output" not in relative.parts
            if is_input and (self.work / relative).read_bytes() != path.read_bytes():
                found.append(f"{relative} was changed")
        return found

    def state(self) -> dict[str, str]:
        """Return the catalogs and articles, without dates and details of drafts."""
        return {
            str(path.relative_to(self.root)): _stable(path.read_text())
            for path in sorted((self.root / "output").rglob("*"))
            if path.suffix in (".po", ".pot", ".txt")
        }

    def leftovers(self) -> list[str]:
        found = [p for p in self.root.rglob("*") if p.name.startswith(".translate-")]
        found += self.root.rglob("*.rescued")
        # A fault in the deletion itself leaves a file until the next write to its folder.
        return [f"{p.name} was left" for p in found if p.suffix == ".rescued"]


def _load_data() -> None:
    """Load the large tables, as a forked process would do each time."""
    from wordfreq import zipf_frequency

    from pipeline.lang import identify_language

    zipf_frequency("Rat", "de")
    identify_language(GERMAN[0])


def _sample(
    faults: list[tuple[int, int, bool]], executions: int, chance: random.Random
) -> list[tuple[int, int, bool]]:
    """Return a random fault from each of so many parts of equal length, in their order."""
    number = min(executions, len(faults))
    ends = [len(faults) * n // number for n in range(number + 1)]
    return [faults[chance.randrange(first, end)] for first, end in pairwise(ends)]


def _stable(text: str) -> str:
    text = re.sub(r"PO-Revision-Date[^\n]*", "", text)
    return re.sub(r" draft[a-z]+", "", re.sub(r"# translate: [^\n]*\n", "", text))


def _ill_worded(code: int, said: str) -> list[str]:
    found = []
    if code not in CODES:
        found.append(f"exits with {code}: {said[-300:]}")
    if "Traceback" in said or "Exception " in said:
        found.append(f"traceback: {said[-400:]}")
    if code in (3, 75):
        lines = said.splitlines()
        errors = [number for number, line in enumerate(lines) if line.startswith("error: ")]
        if not errors or len({lines[number] for number in errors}) < len(errors):
            found.append(f"no error, or the same twice: {said[:300]!r}")
        if not all("".join(lines[n + 1 : n + 2]).startswith("  ") for n in errors):
            found.append(f"no hint: {said[:300]!r}")
    return found


if __name__ == "__main__":
    main()
