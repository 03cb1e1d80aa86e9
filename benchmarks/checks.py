"""Speed and memory of all checks on a large catalog, beside pofilter.

usage: python benchmarks/checks.py [--entries 100000] [--terms 1000] [--pofilter PROGRAM]
           [--times 3] [SOURCE TARGET]

The entries are sentences made by chance from a small German and English lexicon, or drawn
from SOURCE and TARGET (a segment a line) and numbered, so that no two are the same. Seconds
are of processor time, of all processes together; memory is the largest process's, and the
sum of the sizes of all processes where the system tells it. Programs take turns, since a machine
is not always as fast; medians are shown. Before that each checks a small catalog once, so that
what it keeps, compiled code and dictionaries, is there.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

from parallel import Pair, read, write

NOUNS = [
    ("Minister", "minister"), ("Rat", "council"), ("Bericht", "report"), ("Gipfel", "summit"),
    ("Vertrag", "treaty"), ("Haushalt", "budget"), ("Angriff", "attack"), ("Verband", "union"),
    ("Präsident", "president"), ("Konzern", "company"), ("Streit", "dispute"), ("Plan", "plan"),
]  # fmt: skip
VERBS = [
    ("beginnt", "begins"), ("endet", "ends"), ("wächst", "grows"), ("wankt", "is shaking"),
    ("hilft dem Land nicht", "does not help the country"), ("überrascht alle", "surprises all"),
]  # fmt: skip
PLACES = [
    ("in Berlin", "in Berlin"), ("am Montag", "on Monday"), ("nach 3,5 Jahren", "after 3.5 years"),
    ("mit 7.000 Gästen", "with 7,000 guests"), ("laut <b>dpa</b>", "according to <b>dpa</b>"),
    ("im Streit um die Brücke über den Fluss", "in the dispute over the bridge across the river"),
    ("trotz der Warnungen der Opposition", "in spite of the warnings of the opposition"),
]  # fmt: skip


def made(chance: random.Random) -> Pair:
    """A sentence of two clauses, and its translation."""
    halves = []
    for _ in range(2):
        (a, x), (b, y), (c, z) = map(chance.choice, (NOUNS, VERBS, PLACES))
        halves.append((f"der {a} {b} {c}", f"the {x} {y} {z}"))
    german, english = (", und ".join(h[0] for h in halves), ", and ".join(h[1] for h in halves))
    return Pair(f"D{german[1:]}.", f"T{english[1:]}.")


def entries(number: int, texts: list[Pair], chance: random.Random) -> list[Pair]:
    pairs = [chance.choice(texts) if texts else made(chance) for _ in range(number)]
    return [Pair(f"{p.source} ({n})", f"{p.target} ({n})") for n, p in enumerate(pairs, 1000)]


def glossary(path: Path, pairs: list[Pair], terms: int) -> None:
    """A glossary: some words of the texts, so that about half of the entries have a term."""
    words = sorted(
        {
            word
            for pair in pairs[:5000]
            for word in {*pair.source.split()} & {*pair.target.split()}
            if word.isalpha() and word[0].isupper()
        }
    )
    rows = ["source,target,status", *(f"{german},{english}," for german, english in NOUNS[:3])]
    known = {german for german, _ in NOUNS}
    rows += [f"{w},,keep" for w in words[:: len(words) // 50 + 1] if w not in known]
    rows += [f"Fachwort{n}begriff,technical term {n}," for n in range(terms - len(rows) + 1)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


_SMALL = 10


class Figures(NamedTuple):
    """User seconds, wall seconds, MB of the largest process, MB of all."""

    user: float
    wall: float
    largest: float
    together: float


def measured(words: list[str]) -> Figures:
    """Run a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    start = time.perf_counter()
    null = subprocess.DEVNULL
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    running = subprocess.Popen(words, stdout=null, stderr=null, env=environment)
    together = largest = 0.0
    while running.poll() is None:
        sizes = [proportional(pid) for pid in family(running.pid)]
        together, largest = max(together, sum(sizes)), max(largest, *sizes, 0.0)
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.5)
    wall = time.perf_counter() - start
    user = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return Figures(user, wall, largest, together)


def family(pid: int) -> list[int]:
    """A process and its descendants, where /proc tells them."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return [pid]
    return [pid, *(p for child in text.split() for p in family(int(child)))]


def proportional(pid: int) -> float:
    """MB of a process; what it shares with others is divided among them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", type=Path, nargs="*")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--terms", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--pofilter", help="path of pofilter, to compare with")
    given = parser.parse_args()
    chance = random.Random(0)
    texts = read(*given.texts) if given.texts else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs: dict[str, list[str]] = {}
        for number in (_SMALL, given.entries // 2, given.entries):
            catalog, terms = folder / f"{number}.po", folder / f"{number}.csv"
            pairs = entries(number, texts, chance)
            write(catalog, "en", pairs)
            glossary(terms, pairs, given.terms)
            words = [sys.executable, "-m", "pipeline", "check", "-v", "--format", "json"]
            words += ["-o", str(folder / "out"), "--glossary", str(terms), "-j", str(given.jobs)]
            programs[f"translate, {number}"] = [*words, str(catalog)]
            if given.pofilter and number != given.entries // 2:
                words = [given.pofilter, "--language=en", "--progress=none", str(catalog)]
                programs[f"pofilter, {number}"] = [*words, str(folder / "found.po")]
        for name in programs:
            if name.endswith(f", {_SMALL}"):
                measured(programs[name])
        found: dict[str, list[Figures]] = {name: [] for name in programs}
        for _ in range(given.times):
            for name, words in programs.items():
                found[name].append(measured(words))
    show(found)
    ours, theirs = found[f"translate, {given.entries}"], found.get(f"pofilter, {given.entries}", ())
    shares = sorted(one.user / other.user for one, other in zip(ours, theirs, strict=False))
    if shares:
        print(f"user time by pofilter's, from turn to turn: {' '.join(f'{s:.2f}' for s in shares)}")


def show(found: dict[str, list[Figures]]) -> None:
    cores = f"({os.cpu_count()} cores, n={len(next(iter(found.values())))})"
    print(f"{'':24} {'user s':>7} {'wall s':>7} {'MB':>6} {'all MB':>7}  {cores}")
    for name, figures in found.items():
        user, wall, largest, together = map(median, zip(*figures, strict=True))
        print(f"{name:24} {user:7.2f} {wall:7.2f} {largest:6.0f} {together:7.0f}")


if __name__ == "__main__":
    main()
