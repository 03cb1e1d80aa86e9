"""How much of what is wrong the checks catch: right translations, broken on purpose.

usage: python benchmarks/mutations.py [LANGUAGE [SOURCE TARGET …]]
           [--each 200] [--pofilter PROGRAM]

SOURCE and TARGET have a segment a line, and are good translations; without them, the
approved entries of this project's own catalogs are taken. Those on which
`translate check` finds nothing are broken, in every way that fits, up to --each times a
way. A broken entry is caught if it has a finding that the whole one had not: as an error or
warning, or as information, which is counted apart. pofilter is measured in the same way.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from pathlib import Path

from mutation_operators import OPERATORS, TERMS, Material
from parallel import Found, Pair, by_pofilter, by_translate, own, read


def glossary(folder: Path, language: str) -> Path:
    """Write the glossary of the table of terms."""
    path = folder / f"de-{language}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("source", "target", "status"))
        for number, (german, targets, synonym) in enumerate(TERMS[language]):
            rows.writerow((german, targets, "preferred"))
            if number % 2:
                rows.writerow((german, synonym, "forbidden"))
    return path


def broken(name: str, clean: list[Pair], given: Material, each: int) -> list[tuple[Pair, Pair]]:
    """Break up to `each` of the clean pairs in one way: (whole, broken)."""
    made: list[tuple[Pair, Pair]] = []
    for pair in given.chance.sample(clean, len(clean)):
        for new in OPERATORS[name](pair, given):
            # The source may have been made longer as well: then the whole one is so too.
            if new.target != pair.target or new.source != pair.source:
                made.append((pair, new))
                break
        if len(made) == each:
            break
    return made


def share(before: Found, after: Found, number: int, severities: tuple[str, ...]) -> int:
    """How many of `number` entries have a finding of these severities that was not there."""
    return sum(
        any(s in severities for _, s in after.get(n, set()) - before.get(n, set()))
        for n in range(number)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("language", choices=sorted(TERMS), nargs="?", default="en")
    parser.add_argument("texts", type=Path, nargs="*")
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--pofilter", help="path of pofilter, to compare with")
    parser.add_argument("--only", action="append", metavar="WAY", help="break in this way alone")
    parser.add_argument("--show", action="store_true", help="print the ones that got away")
    given = parser.parse_args()
    files = given.texts
    pairs = [p for a, b in zip(files[::2], files[1::2], strict=True) for p in read(a, b)]
    pairs = pairs or own(given.language)
    with tempfile.TemporaryDirectory() as folder:
        terms = glossary(Path(folder), given.language)
        found = by_translate(given.language, pairs, terms)
        clean = [pair for number, pair in enumerate(pairs) if not found.get(number)]
        material = Material(given.language, clean, random.Random(0))
        print(f"de-{given.language}: {len(clean)} of {len(pairs)} pairs are clean")
        print(f"{'way':36} {'n':>4} {'caught':>7} {'+ info':>7} {'pofilter':>9}")
        totals = [0, 0, 0, 0]
        for name in given.only or OPERATORS:
            row = measure(name, clean, material, given, terms)
            totals = [a + b for a, b in zip(totals, row, strict=True)]
        show("all", totals, bool(given.pofilter))


def measure(
    name: str, clean: list[Pair], material: Material, given: argparse.Namespace, terms: Path
) -> tuple[int, int, int, int]:
    """Measure one way and print its row."""
    made = broken(name, clean, material, given.each)
    if not made:
        print(f"{name:36} {0:4}")
        return 0, 0, 0, 0
    before, after = [whole for whole, _ in made], [new for _, new in made]
    empty: Found = {}
    found = by_translate(given.language, after, terms)
    # The whole pairs are clean by choice, so that every finding is new.
    caught = share(empty, found, len(made), ("error", "warning"))
    with_info = share(empty, found, len(made), ("error", "warning", "info"))
    theirs = 0
    if given.pofilter:
        usual = by_pofilter(given.pofilter, given.language, before)
        theirs = share(
            usual, by_pofilter(given.pofilter, given.language, after), len(made), ("warning",)
        )
    row = (len(made), caught, with_info, theirs)
    show(name, list(row), bool(given.pofilter))
    if given.show:
        for number, pair in enumerate(after):
            if not found.get(number):
                print(f"  - {pair.source}\n  + {pair.target}\n")
    return row


def show(name: str, row: list[int], compared: bool) -> None:
    number = max(row[0], 1)
    theirs = f"{row[3] / number:9.1%}" if compared else ""
    print(
        f"{name:36} {row[0]:4} {row[1] / number:7.1%} {row[2] / number:7.1%} {theirs}", flush=True
    )


if __name__ == "__main__":
    main()
