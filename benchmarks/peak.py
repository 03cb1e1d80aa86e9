"""Peak memory of `translate run` by the number of articles: a table in MB.

Every project has the same few segments to draft with the default model; all others are
approved. `--dry` measures without the model: nothing is due then.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

SENTENCES = 30
PLACES = ("Bremen", "Kiel", "Linz", "Chur", "Mainz", "Jena", "Graz", "Bern")


def article(number: int) -> str:
    """A made-up article whose sentences occur in no other."""
    lines = [f"Bericht Nummer {number} aus {PLACES[number % len(PLACES)]}"]
    for k in range(SENTENCES):
        place = PLACES[(number + k) % len(PLACES)]
        lines.append(f"Der Rat von {place} hat am Montag über Antrag {number * 100 + k} beraten.")
    return "\n\n".join(lines) + "\n"


def command(folder: Path, *words: str) -> tuple[int, str]:
    """Run `translate` in a folder; returns its peak memory in kB and its output."""
    child = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(said)
    return usage.ru_maxrss, said


def project(folder: Path, articles: int, due: int) -> None:
    """Make a project in which all is approved, then add `due` sentences."""
    (folder / "source_de").mkdir(parents=True)
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    for number in range(articles):
        path = folder / "source_de" / f"a{number:05}.txt"
        path.write_text(article(number), encoding="utf-8")
    command(folder, "extract")
    for path in folder.glob("output/en/**/*.po"):
        catalog = polib.pofile(str(path))
        for entry in catalog:
            entry.msgstr = entry.msgid.replace("Der Rat von", "The council of")
        catalog.save()
    for number in range(due):
        path = folder / "source_de" / f"a{number:05}.txt"
        with path.open("a", encoding="utf-8") as text:
            text.write(f"\nIn {PLACES[number]} regnet es heute.\n")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="draft nothing: no model is loaded")
    parser.add_argument("sizes", nargs="*", type=int, default=[10, 100, 1000])
    chosen = parser.parse_args()
    print(f"{'articles':>9}  {'segments':>9}  {'drafted':>8}  {'peak MB':>8}")
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory() as name:
            os.environ["TRANSLATE_CACHE"] = str(Path(name) / "cache")
            folder, due = Path(name) / "project", 0 if chosen.dry else 3
            project(folder, size, due)
            peak, _ = command(folder, "run", "--yes")
            print(
                f"{size:>9}  {size * (SENTENCES + 1):>9}  {due:>8}  {peak / 1024:>8.1f}", flush=True
            )


if __name__ == "__main__":
    main()
