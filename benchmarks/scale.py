"""Processor time of extraction, runs and builds with nothing to do, for generated articles.

    scale.py [ARTICLES] [--paragraphs 10] [OTHER CHECKOUT ...]

Each command is a process. Its fixed costs are taken off: a tenth of the articles is measured too.
Articles have paragraphs of three segments, and one language. Times are of the processor, user and
system, in milliseconds for each article. Peak memory is in MB, and in kB for each article.
"""

from __future__ import annotations

import argparse
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


def write_articles(root: Path, number: int, paragraphs: int = 10) -> None:
    """Write articles whose paragraphs have three sentences."""
    chance = random.Random(1)

    def sentence() -> str:
        noun = chance.choice
        return (
            f"Der {noun(NOUNS)} {noun(VERBS)} seit dem {chance.randint(2, 28)}. Mai "
            f"{chance.randint(1990, 2024)} den {noun(NOUNS)}, weil die {noun(NOUNS)} mit dem "
            f"{noun(NOUNS)} nicht einverstanden ist, und zahlt {chance.randint(2, 999)} Euro."
        )

    (root / "translate.toml").write_text(
        'languages = ["en"]\nmodel = "m"\n[engines.openai]\nurl = "http://127.0.0.1:9/v1"\n',
        encoding="utf-8",
    )
    (root / "glossary").mkdir()
    (root / "glossary/de-en.csv").write_text("source,target\nBrücke,bridge\n", encoding="utf-8")
    for article in range(number):
        path = root / f"source_de/{article % 100:02}/{article:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [" ".join(sentence() for _ in range(3)) for _ in range(paragraphs)]
        path.write_text("\n\n".join(texts) + "\n", encoding="utf-8")


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


def measure_all(checkout: Path, number: int, paragraphs: int) -> dict[str, tuple[float, float]]:
    """Return processor seconds and peak memory of each command, with a warm cache."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "news"
        root.mkdir()
        write_articles(root, number, paragraphs)
        measure(checkout, root, "extract")  # builds the lexicons in the cache
        shutil.rmtree(root / "output")
        rows = {"extract, new": measure(checkout, root, "extract")}
        time.sleep(SETTLED)
        measure(checkout, root, "extract")  # notes which files are long unchanged
        rows["extract, nothing to do"] = measure(checkout, root, "extract")
        for path in (root / "output").rglob("*.po"):
            filled = path.read_text(encoding="utf-8") + "\n"
            filled = filled.replace('msgstr ""\n\n', 'msgstr "x"\n\n').removesuffix("\n")
            path.write_text(filled, encoding="utf-8")
        run = ("run", "--engine", "openai", "--offline")
        measure(checkout, root, *run)
        time.sleep(SETTLED)
        measure(checkout, root, *run)
        rows["run, nothing to do"] = measure(checkout, root, *run)
        rows["build, new"] = measure(checkout, root, "build")
        time.sleep(SETTLED)
        measure(checkout, root, "build")
        rows["build, nothing to do"] = measure(checkout, root, "build")
        return rows


def report(checkout: Path, number: int, paragraphs: int) -> None:
    """Print the slope between a tenth of the articles and all of them: no fixed costs."""
    few = max(number // 10, 1)
    small, large = (measure_all(checkout, n, paragraphs) for n in (few, number))
    for name, (seconds, memory) in large.items():
        each = 1000 * (seconds - small[name][0]) / (number - few)
        growth = 1024 * (memory - small[name][1]) / (number - few)
        print(f"{name:24} {each:8.2f} ms  {memory:6.0f} MB  {growth:6.2f} kB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=300)
    parser.add_argument("checkouts", nargs="*", type=Path)
    parser.add_argument("--paragraphs", type=int, default=10)
    chosen = parser.parse_args()
    own = Path(__file__).resolve().parent.parent
    for checkout in (own, *chosen.checkouts):
        print(f"{chosen.articles} articles of {3 * chosen.paragraphs} segments, {checkout}")
        report(checkout, chosen.articles, chosen.paragraphs)


if __name__ == "__main__":
    main()
