"""Processor time of extraction and of runs with nothing to do, for generated articles.

Usage: scale.py [NUMBER OF ARTICLES] [OTHER CHECKOUT], for a comparison in the same run.

Each command is a process; its start-up time is measured with `translate --version` and taken off.
Articles have 30 segments and one language. Times are of the processor, user and system, in
milliseconds for each article, and peak memory in MB.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOUNS = [
    "Stadt",
    "Rat",
    "Brücke",
    "Fluss",
    "Schule",
    "Markt",
    "Garten",
    "Straße",
    "Antrag",
    "Gericht",
    "Partei",
    "Woche",
]
VERBS = [
    "beschließt",
    "prüft",
    "baut",
    "verkauft",
    "plant",
    "kritisiert",
    "fordert",
    "eröffnet",
    "schließt",
]
SETTLED = 2.5  # seconds after which files count as unchanged


def write_articles(root: Path, number: int) -> None:
    """Write articles of ten paragraphs with three sentences."""
    chance = random.Random(1)

    def sentence() -> str:
        noun = chance.choice
        return (
            f"Der {noun(NOUNS)} {noun(VERBS)} seit dem {chance.randint(2, 28)}. Mai "
            f"{chance.randint(1990, 2024)} den {noun(NOUNS)}, weil die {noun(NOUNS)} mit dem "
            f"{noun(NOUNS)} nicht einverstanden ist, und zahlt {chance.randint(2, 999)} Euro."
        )

    (root / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    (root / "glossary").mkdir()
    (root / "glossary/de-en.csv").write_text("source,target\nBrücke,bridge\n", encoding="utf-8")
    for article in range(number):
        path = root / f"source_de/{article % 100:02}/{article:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        paragraphs = [" ".join(sentence() for _ in range(3)) for _ in range(10)]
        path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


def measure(checkout: Path, root: Path, *words: str) -> tuple[float, float]:
    """Return the processor seconds and the peak memory in MB of a command."""
    environment = os.environ | {
        "PYTHONPATH": str(checkout), "TRANSLATE_CACHE": str(root.parent / "cache"),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words],
        cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def report(checkout: Path, number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "news"
        root.mkdir()
        write_articles(root, number)
        start, _ = measure(checkout, root, "--version")
        rows = [("extract, new", *measure(checkout, root, "extract"))]
        time.sleep(SETTLED)
        measure(checkout, root, "extract")  # notes which files are long unchanged
        rows.append(("extract, nothing to do", *measure(checkout, root, "extract")))
        for path in (root / "output").rglob("*.po"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace('msgstr ""\n\n', 'msgstr "x"\n\n'), encoding="utf-8")
        shutil.rmtree(root.parent / "cache", ignore_errors=True)
        measure(checkout, root, "run", "--engine", "openai", "--offline")
        time.sleep(SETTLED)
        measure(checkout, root, "run", "--engine", "openai", "--offline")
        idle = measure(checkout, root, "run", "--engine", "openai", "--offline")
        rows.append(("run, nothing to do", *idle))
        for name, seconds, memory in rows:
            each = 1000 * (seconds - start) / number
            print(f"{name:24} {each:8.2f} ms  {memory:6.0f} MB")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    checkouts = [Path(__file__).resolve().parent.parent, *map(Path, sys.argv[2:])]
    for checkout in checkouts:
        print(f"{number} articles of 30 segments, {checkout}")
        report(checkout, number)


if __name__ == "__main__":
    main()
