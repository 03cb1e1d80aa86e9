"""Parallel texts as catalogs, and what `translate check` and pofilter find in them.

For the benchmarks of the checks. The texts are files with a segment a line; pofilter is
the translate-toolkit's, named by its path, and left out where there is none.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple


class Pair(NamedTuple):
    """A German segment and its translation."""

    source: str
    target: str


def read(source: Path, target: Path) -> list[Pair]:
    """Read two files with a segment a line."""
    texts = [path.read_text(encoding="utf-8").split("\n") for path in (source, target)]
    return [Pair(a, b) for a, b in zip(*texts, strict=True) if a and b]


def own(language: str) -> list[Pair]:
    """Read the approved entries of this project's own catalogs."""
    from pipeline.catalog import catalog
    from pipeline.core.types import State
    from pipeline.project import find_project

    return [
        Pair(entry.source, entry.target)
        for path in find_project(Path(__file__).parent).catalogs(language)
        for entry in catalog.load(path).translations
        if entry.state is State.APPROVED
    ]


def write(path: Path, language: str, pairs: Iterable[Pair], start: int = 0) -> dict[int, int]:
    """Write a catalog of approved entries; gives the number of the entry of each msgctxt line.

    Entries have their number as context, so that the same German may stand twice.
    """
    lines = ['msgid ""', 'msgstr ""', f'"Language: {language}\\n"']
    lines += ['"Content-Type: text/plain; charset=UTF-8\\n"', ""]
    places = {}
    for number, pair in enumerate(pairs, start):
        places[len(lines) + 1] = number
        lines += [f'msgctxt "{number}"', f"msgid {quoted(pair.source)}"]
        lines += [f"msgstr {quoted(pair.target)}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return places


def quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


Found = dict[int, set[tuple[str, str]]]
"""By the number of an entry: what was found, as (check, severity)."""


def by_translate(language: str, pairs: Sequence[Pair], glossary: Path | None = None) -> Found:
    """Run `translate check` on the pairs, as one catalog of approved entries."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.po"
        places = write(path, language, pairs)
        words = [sys.executable, "-m", "pipeline", "check", "-v", "--format", "json", str(path)]
        words += ["--glossary", str(glossary)] if glossary else []
        done = subprocess.run(words, capture_output=True, check=False, encoding="utf-8")
        if done.returncode > 1:
            sys.exit(done.stderr)
        found: Found = defaultdict(set)
        for row in json.loads(done.stdout)["findings"]:
            if row["line"] in places:  # not of the header
                found[places[row["line"]]].add((row["check"], row["severity"]))
        return found


def by_pofilter(program: str, language: str, pairs: Sequence[Pair]) -> Found:
    """Run pofilter with its default tests on the pairs; its severity is always a warning."""
    import polib

    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder) / "pairs.po", Path(folder) / "found.po"
        write(path, language, pairs)
        words = [program, f"--language={language}", "--progress=none", str(path), str(output)]
        subprocess.run(words, check=True, capture_output=True)
        found: Found = defaultdict(set)
        if not output.exists():
            return found
        for entry in polib.pofile(str(output), encoding="utf-8"):
            for line in entry.tcomment.split("\n"):
                name, colon, _ = line.removeprefix("(pofilter) ").partition(":")
                if line.startswith("(pofilter) ") and colon:
                    found[int(entry.msgctxt)].add((name, "warning"))
        return found
