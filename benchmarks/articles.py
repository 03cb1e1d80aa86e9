"""Segments per second of `translate run` by the size of articles, with the argos engine: a table.

    python benchmarks/articles.py [--package FILE] [--segments 1200] [SIZES ...]

The same segments stand in articles of SIZES sentences, so what differs is the cost of an
article, and how full the engine's batches are. The package is the tests' small one, with
which that weighs most. The time is that of processors, of the whole command, after one that
extracts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from tests.models.argos import DE_EN
from tests.models.argos.sentences import sentences


def command(folder: Path, *words: str) -> tuple[float, int]:
    """Run `translate` in a folder; returns its processor time in s and its peak memory in kB."""
    child = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words], cwd=folder, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"translate {' '.join(words)} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def drafted(folder: Path) -> int:
    """How many entries of the catalogs have a draft."""
    files = folder.glob("output/en/LC_MESSAGES/*.po")
    return sum(bool(entry.msgstr) for path in files for entry in polib.pofile(str(path)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, default=DE_EN)
    parser.add_argument("--segments", type=int, default=1200)
    parser.add_argument("sizes", nargs="*", type=int, default=[6, 30, 300])
    chosen = parser.parse_args()
    texts = list({s.de: None for s in sentences(4 * chosen.segments, 3, usual=1.0)})
    texts = texts[: chosen.segments]
    print(
        f"{'articles':>8}  {'segments':>8}  {'drafted':>7}  {'CPU s':>6}  {'a CPU s':>7}  {'MB':>5}"
    )
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory() as name:
            for variable in ("TRANSLATE_CACHE", "TRANSLATE_MODELS", "ARGOS_PACKAGES_DIR"):
                os.environ[variable] = str(Path(name) / variable.lower())
            folder = Path(name) / "project"
            (folder / "source_de").mkdir(parents=True)
            settings = 'languages = ["en"]\nengine = "argos"\n'
            (folder / "translate.toml").write_text(settings, encoding="utf-8")
            parts = [texts[at : at + size] for at in range(0, len(texts), size)]
            for number, part in enumerate(parts):
                path = folder / "source_de" / f"a{number:05}.txt"
                path.write_text("\n\n".join(part) + "\n", encoding="utf-8")
            command(folder, "models", "install", str(chosen.package))
            command(folder, "extract", "--force-language")
            used, peak = command(folder, "run", "--force-language", "--quiet")
            made = drafted(folder)
            print(
                f"{len(parts):>8}  {len(texts):>8}  {made:>7}  {used:>6.1f}  {made / used:>7.0f}"
                f"  {peak / 1024:>5.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
