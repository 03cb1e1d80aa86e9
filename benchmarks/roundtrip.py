"""Round trip of real catalogs: every .po file of some folders loaded and saved, to the byte.

    python benchmarks/roundtrip.py FOLDER ...

Folders that do well: an environment with Django or Sphinx in it, or unpacked sources of
Debian packages. Every file is read, written again and compared; then gettext's tools are
asked whether they agree: `msgcat` must give the same output for our file as for theirs,
after every entry was rebuilt from its values (which loses a file's own layout, and must
lose nothing else), and `msgcmp` must find all messages of one in the other. Every file
that fails, or that is refused as damaged, is named with the reason, beside the word of
`msgfmt`, which refuses the same ones as a rule.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from pipeline.catalog.header import is_header
from pipeline.catalog.po import file as po_file
from pipeline.catalog.po.editing import edit_entry
from pipeline.catalog.po.file import PoFile
from pipeline.catalog.po.parser import PoText
from pipeline.core.errors import CatalogError


def gettext(*words: str | Path) -> tuple[int, bytes, str]:
    done = subprocess.run(words, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip()


def rebuilt(file: PoFile) -> bytes:
    """The file with its translations laid out anew (the header keeps its own lines)."""
    style = file.text.style
    entries = []
    for entry in file.text.entries:
        if not is_header(entry):
            other = replace(entry, targets=tuple(f"{text}x" for text in entry.targets))
            entry = edit_entry(other, style, targets=entry.targets)
        entries.append(entry)
    return file.encode(PoText(tuple(entries), file.text.tail, style))


def compare(path: Path, folder: Path) -> tuple[str, str]:
    """Say how a file fared: a word for the table, and details where it is not well."""
    try:
        file = po_file.read(path)
    except CatalogError as error:
        code, _, told = gettext("msgfmt", "-o", "/dev/null", path)
        first = told.partition("\n")[0].removeprefix(f"{path}:") or "msgfmt accepts it"
        word = "refused, msgfmt too" if code else "refused, msgfmt accepts"
        return word, f"{error.message.removeprefix(str(path))} | {first}"
    if file.encode(file.text) != file.data:
        return "bytes differ", "load and save changed it"
    ours = folder / "a.po"
    ours.write_bytes(rebuilt(file))
    code, theirs, told = gettext("msgcat", path)
    if code:
        return "same bytes, msgcat refuses", told.partition("\n")[0]
    if gettext("msgcat", ours)[1] != theirs:
        return "msgcat differs", "after every entry was rebuilt"
    code, _, told = gettext("msgcmp", "--use-fuzzy", "--use-untranslated", "-N", ours, path)
    if code:
        return "msgcmp differs", told.partition("\n")[0]
    return "same bytes, msgcat and msgcmp agree", ""


def main() -> None:
    """Print the table, and every file that did not do well."""
    found = {p.resolve() for name in sys.argv[1:] for p in Path(name).rglob("*.po") if p.is_file()}
    words: Counter[str] = Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        for path in sorted(found):
            word, details = compare(path, Path(name))
            words[word] += 1
            if details:
                print(f"{word}: {path}: {details}", flush=True)
    print(f"\n{len(found):6} catalogs in {time.monotonic() - began:.0f} s")
    for word, count in words.most_common():
        print(f"{count:6} {word}")


if __name__ == "__main__":
    main()
