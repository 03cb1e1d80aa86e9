"""Compare the findings of this checkout with those of another one, byte for byte.

usage: python benchmarks/same_findings.py OTHER [--entries 40000] [--language en]... [TEXTS ...]

OTHER is a folder with another state of this repository, for example a worktree. TEXTS are
alternately German files and translations, a segment a line, in the first language, then in the
second, and so on; without them, the approved entries of this project's own catalogs are taken.
Half of the entries are broken by the mutations of `mutations.py`; some have flags, references or
comments. Each language has a catalog of `--entries` entries, and a glossary. Both checkouts check
them with one process and with two. Exits with 1 if the reports differ.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import glossary as short_glossary
from mutation_operators import OPERATORS, TERMS, Material
from mutations import glossary
from parallel import Pair, own, quoted, read

COMMENTS = (
    "#, c-format",
    "#, python-brace-format",
    "#, ignore-numbers",
    "#: a.md:3",
    "#: a.txt:7",
    "# a remark",
    "#, fuzzy",
    "#. heading",
)


def broken(pair: Pair, given: Material) -> Pair:
    """Break a pair in one of the ways that fit."""
    names = list(OPERATORS)
    given.chance.shuffle(names)
    for name in names:
        for new in OPERATORS[name](pair, given):
            if new != pair:
                return new
    return pair


def entries(number: int, language: str, pairs: list[Pair], chance: random.Random) -> list[Pair]:
    """Return entries: half of them broken, half of the rest numbered."""
    material = Material(language, pairs, chance)
    found = []
    for n in range(number):
        pair = chance.choice(pairs)
        if n % 2:
            pair = broken(pair, material)
        elif n % 4:
            pair = Pair(f"{pair.source} ({n})", f"{pair.target} ({n})")
        found.append(pair)
    return found


def write(path: Path, language: str, pairs: list[Pair], chance: random.Random) -> None:
    """Write a catalog in which every tenth entry has comments."""
    lines = ['msgid ""', 'msgstr ""', f'"Language: {language}\\n"']
    lines += ['"Content-Type: text/plain; charset=UTF-8\\n"', ""]
    for number, pair in enumerate(pairs):
        if number % 10 == 0:
            lines += sorted(chance.sample(COMMENTS, 2))
        lines += [f'msgctxt "{number}"', f"msgid {quoted(pair.source)}"]
        lines += [f"msgstr {quoted(pair.target)}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def report(checkout: Path, catalog: Path, terms: list[Path], jobs: int, output: Path) -> bytes:
    """Check a catalog with a checkout; return the report."""
    words = [sys.executable, "-m", "pipeline", "check", "-v", "--format", "json", "-j", str(jobs)]
    words += [word for path in terms for word in ("--glossary", str(path))]
    words += ["-o", str(output), str(catalog)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        words, capture_output=True, check=False, cwd=catalog.parent, env=environment, text=True
    )
    if done.returncode > 1:
        sys.exit(done.stderr)
    found = output.read_bytes()
    output.unlink()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("texts", type=Path, nargs="*")
    parser.add_argument("--entries", type=int, default=40_000)
    parser.add_argument("--language", action="append", choices=sorted(TERMS), dest="languages")
    parser.add_argument("--keep", type=Path, help="keep the other checkout's reports here")
    given = parser.parse_intermixed_args()
    here = Path(__file__).resolve().parents[1]
    languages = given.languages or ["en", "fr", "es"]
    files = [(a, b) for a, b in zip(given.texts[::2], given.texts[1::2], strict=True)]
    different = total = 0
    for at, language in enumerate(languages):
        chance = random.Random(at)
        pairs = [p for pair in files[at :: len(languages)] for p in read(*pair)] or own(language)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            catalog, more = folder / "catalog.po", folder / "terms.csv"
            made = entries(given.entries, language, pairs, chance)
            write(catalog, language, made, chance)
            short_glossary(more, made, 300)
            terms = [glossary(folder, language), more]
            reports = [
                report(checkout, catalog, terms, jobs, folder / "report.json")
                for checkout, jobs in ((given.other.resolve(), 1), (here, 1), (here, 2))
            ]
        number = reports[0].count(b'"check"')
        same = len(set(reports)) == 1
        different += not same
        total += number
        print(
            f"{language}: {given.entries} entries, {number} findings: "
            f"{'identical' if same else 'DIFFERENT'}",
            flush=True,
        )
        if given.keep:
            for label, text in zip(("other", "here", "here-2"), reports, strict=True):
                (given.keep / f"{language}-{label}.json").write_bytes(text)
    print(f"{given.entries * len(languages)} entries, {total} findings")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
