"""Which tools return a Markdown file unchanged when nothing is translated?

    python benchmarks/format_peers.py PEERS_PYTHON FILE...

PEERS_PYTHON is the Python of an environment with mdpo and translate-toolkit; po4a must be
installed. Each tool extracts a catalog from a file and writes the file again: with the empty
catalog, and with each text as its own translation. Prints for each tool how many files have the
same bytes, how many have the same text without white space, and how many are refused.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polib

from pipeline.articles import decode_article, render_article
from pipeline.testing import encode_all

_PO4A = ("-f", "text", "-o", "markdown", "-M", "utf-8")


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=60)


def po4a(path: Path, folder: Path, fill: Callable[[Path], None], python: str) -> bytes:
    """Return the file as po4a writes it."""
    _run("po4a-updatepo", *_PO4A, "-m", path, "-p", folder / "a.po")
    fill(folder / "a.po")
    options = ["-L", "utf-8", "-k", "0", "-w", "0"]
    _run(
        "po4a-translate", *_PO4A, *options, "-m", path, "-p", folder / "a.po", "-l", folder / "out"
    )
    return (folder / "out").read_bytes()


def mdpo(path: Path, folder: Path, fill: Callable[[Path], None], python: str) -> bytes:
    """Return the file as mdpo writes it."""
    catalog = folder / "a.po"
    _run(python, "-m", "mdpo.md2po", "--quiet", "--save", "--po-filepath", catalog, path)
    fill(catalog)
    build = ["--quiet", "--po-files", catalog, "--save", folder / "out"]
    _run(python, "-m", "mdpo.po2md", *build, path)
    return (folder / "out").read_bytes()


def toolkit(path: Path, folder: Path, fill: Callable[[Path], None], python: str) -> bytes:
    """Return the file as translate-toolkit writes it."""
    _run(python, "-m", "translate.convert.md2po", "--progress=none", path, folder / "a.po")
    fill(folder / "a.po")
    build = ["-m", "translate.convert.po2md", "--progress=none", "-t", path]
    _run(python, *build, folder / "a.po", folder / "out.md")
    return (folder / "out.md").read_bytes()


def ours(path: Path, folder: Path, fill: Callable[[Path], None], python: str) -> bytes:
    """Return the file as this project writes it."""
    article = decode_article(path, path.read_bytes())
    text = render_article(article, []).text if fill is _leave else encode_all(article)
    return text.encode(article.encoding)


def _leave(path: Path) -> None:
    """Leave a catalog empty."""


def _fill(path: Path) -> None:
    """Translate each entry with its own text."""
    catalog = polib.pofile(str(path))
    for entry in catalog:
        entry.msgstr = entry.msgid
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    catalog.save()


def main(python: str, *names: str) -> None:
    for tool in (ours, po4a, mdpo, toolkit):
        for fill in (_leave, _fill):
            counts: Counter[str] = Counter()
            for path in map(Path, names):
                data = path.read_bytes()
                with tempfile.TemporaryDirectory() as folder:
                    try:
                        written = tool(path, Path(folder), fill, python)
                    except (OSError, subprocess.SubprocessError) as error:
                        reason = getattr(error, "stderr", b"") or str(error).encode()
                        print(f"{tool.__name__} {path}: {reason[-300:].decode('utf-8', 'replace')}")
                        counts["refused"] += 1
                        continue
                counts["same bytes"] += written == data
                counts["same without white space"] += written.split() == data.split()
            print(tool.__name__, fill.__name__.strip("_"), dict(counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
