"""What catalogs cost: reading, updating and filling large ones, beside the peers' own tools.

    python benchmarks/catalogs.py [ENTRIES ...]        (10,000 and 100,000 by default)

Every row is a process of its own: user seconds and peak memory are that process's. The
work is the same for all: a catalog in which every entry is translated, and an article in
which every twentieth sentence was edited.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.core.types import Provenance

LETTERS = "enisratdhulcgmobwfkzvpüäößjyqx"


def sentences(count: int) -> list[str]:
    """Distinct sentences of six to twenty made-up words, the same in every run."""
    chance = random.Random(1)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 12))) for _ in range(20_000)]
    return [
        " ".join(chance.choices(words, k=chance.randint(6, 20))) + f" {n}." for n in range(count)
    ]


def messages(texts: list[str]) -> list[Message]:
    return [
        Message(text, (f"source_de/a.txt:{n}",), (f"paragraph {n}",))
        for n, text in enumerate(texts)
    ]


def edited(texts: list[str]) -> list[str]:
    return [f"{text} Neu." if n % 20 == 0 else text for n, text in enumerate(texts)]


def make(folder: Path, count: int) -> None:
    """Write the catalog (translated), and a template of the edited article for msgmerge."""
    texts = sentences(count)
    path = folder / "old.po"
    catalog.sync(path, "fr", messages(texts), project="benchmark")
    catalog.write_drafts(path, {t: Draft(t.swapcase(), Provenance("x", "", "", "")) for t in texts})
    path.write_bytes(path.read_bytes().replace(b"#, fuzzy\n", b""))
    catalog.sync(folder / "new.pot", "", messages(edited(texts)), project="benchmark")


def load(folder: Path, count: int) -> None:
    assert len(catalog.load(folder / "old.po").translations) == count


def update(folder: Path, count: int) -> None:
    path = folder / "updated.po"
    shutil.copy(folder / "old.po", path)
    done = catalog.sync(path, "fr", messages(edited(sentences(count))), project="benchmark")
    assert done.carried == -(-count // 20)


def polib_load(folder: Path, count: int) -> None:
    import polib

    assert len(polib.pofile(str(folder / "old.po"))) == count


def msgmerge(folder: Path, count: int) -> None:
    command = ["msgmerge", "-N", "-q", "-o", os.devnull, folder / "old.po", folder / "new.pot"]
    subprocess.run(command, check=True)


def batch(folder: Path, count: int) -> None:
    """A hundred batches of eight drafts, each written on its own."""
    texts = sentences(count)
    path = folder / "drafted.po"
    catalog.sync(path, "fr", messages(texts), project="benchmark")
    for n in range(0, 800, 8):
        drafts = {text: Draft(text, Provenance("x", "", "", "")) for text in texts[n : n + 8]}
        assert len(catalog.write_drafts(path, drafts)) == 8


WORK: dict[str, Callable[[Path, int], None]] = {
    "translate: load": load,
    "translate: update, 5 % edited": update,
    "polib: load": polib_load,
    "msgmerge -N, 5 % edited": msgmerge,
}


def measure(name: str, folder: Path, count: int) -> None:
    """Run a piece of work in a child and print what it cost."""
    child = os.fork()
    if child == 0:
        {**WORK, "make": make, "100 batches of 8 drafts": batch}[name](folder, count)
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    assert status == 0, name
    # A tool that the child ran counts too.
    print(
        f"{count:>9,}  {name:32} {used.ru_utime:8.2f} s {used.ru_maxrss / 1024:8.0f} MB", flush=True
    )


def main() -> None:
    """Print the table."""
    for count in [int(word) for word in sys.argv[1:]] or [10_000, 100_000]:
        with tempfile.TemporaryDirectory() as name:
            make_in = Path(name)
            measure("make", make_in, count)
            for work in WORK:
                measure(work, make_in, count)
    with tempfile.TemporaryDirectory() as name:
        measure("100 batches of 8 drafts", Path(name), 1000)


if __name__ == "__main__":
    main()
