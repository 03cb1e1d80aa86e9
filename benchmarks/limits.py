"""Time and memory of `extract` and `check` for very large inputs.

    python benchmarks/limits.py [NAME...]

Inputs: an article of one line of 5 MB, of 100,000 lines, and of 200 MB; a glossary of 100,000
rows; a glossary term of 10,000 words; a catalog with an entry of 5 MB. Each command is a process
of its own. Printed are its exit code, user seconds, peak memory, and the first line of its
messages.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from parallel import Pair, write

SENTENCE = (
    "Der Rat der Stadt hat am Montag {n} Stunden lange beraten.",
    "The council met for {n} h.",
)
SETTINGS = 'name = "limits"\nlanguages = ["en"]\n'


def sentences(size: int, separator: str) -> str:
    """Return German sentences of about `size` characters together."""
    one = SENTENCE[0] + separator
    return "".join(one.format(n=n) for n in range(size // len(one)))


def article(text: Callable[[], str]) -> Callable[[Path], list[list[str]]]:
    def make(folder: Path) -> list[list[str]]:
        (folder / "source_de" / "a.txt").write_text(text(), encoding="utf-8")
        return [["extract"], ["check"]]

    return make


def glossary(rows: Callable[[], list[str]]) -> Callable[[Path], list[list[str]]]:
    def make(folder: Path) -> list[list[str]]:
        lines = ["source,target,status", *rows()]
        (folder / "glossary" / "de-en.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "source_de" / "a.txt").write_text(sentences(20_000, "\n\n"), encoding="utf-8")
        return [["extract"], ["check"], ["glossary", "lint"]]

    return make


def entry(size: int) -> Callable[[Path], list[list[str]]]:
    def make(folder: Path) -> list[list[str]]:
        pairs = [SENTENCE] * (size // len(SENTENCE[0]))
        texts = [" ".join(pair[at].format(n=n) for n, pair in enumerate(pairs)) for at in (0, 1)]
        write(folder / "one.po", "en", [Pair(*texts)])
        return [["check", "one.po"]]

    return make


INPUTS: dict[str, Callable[[Path], list[list[str]]]] = {
    "a line of 5 MB": article(lambda: sentences(5_000_000, " ")),
    "a word of 5 MB": article(lambda: "x" * 5_000_000),
    "100,000 lines": article(lambda: sentences(100_000 * len(SENTENCE[0]), "\n")),
    "200 MB": article(lambda: sentences(200_000_000, "\n\n")),
    "100,000 terms": glossary(lambda: [f"Fachwort{n},term {n}," for n in range(100_000)]),
    "a term of 10,000 words": glossary(
        lambda: [f"{' '.join(f'Wort{n}' for n in range(10_000))},term,"]
    ),
    "an entry of 5 MB": entry(5_000_000),
}


def measure(name: str, folder: Path, command: list[str]) -> None:
    """Run a command and print what it costs."""
    start = time.perf_counter()
    with (folder / "messages").open("w+b") as messages:
        words = [sys.executable, "-m", "pipeline", *command]
        process = subprocess.Popen(words, stdout=messages, stderr=messages, cwd=folder)
        _, status, used = os.wait4(process.pid, 0)
        messages.seek(0)
        first = messages.read(200).decode("utf-8", "replace").partition("\n")[0]
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    print(
        f"{name:24} {' '.join(command)[:20]:16} exit {code}  user {used.ru_utime:7.1f} s  "
        f"wall {wall:7.1f} s  {used.ru_maxrss / 1024:6.0f} MB  {first[:90]}",
        flush=True,
    )


def main() -> None:
    for name, make in INPUTS.items():
        if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
            continue
        with tempfile.TemporaryDirectory() as folder:
            for part in ("source_de", "glossary"):
                (Path(folder) / part).mkdir()
            (Path(folder) / "translate.toml").write_text(SETTINGS, encoding="utf-8")
            for command in make(Path(folder)):
                measure(name, Path(folder), command)


if __name__ == "__main__":
    main()
