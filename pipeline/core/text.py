"""Text helpers that several packages need: word differences and the names of web sites."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SITE = re.compile(r"(?<![\w.@/-])[a-z0-9-]{3,}(?:\.[a-z0-9-]{2,})*\.[a-z]{2,}(?![\w-])")


def site_names(text: str) -> Iterable[str]:
    """Return the distinct names of web sites (`beispiel.example`) in a text, in order."""
    return dict.fromkeys(_SITE.findall(text))


def word_diff(old: str, new: str) -> str:
    """Mark what must change in `old` to make it `new`: `[-gone-]{+come+}`, as git does.

    Words are what blanks separate; of all ways the one that changes the fewest words.
    """
    from rapidfuzz.distance import Indel

    before, after = old.split(), new.split()
    parts: list[str] = []
    gone: list[str] = []
    come: list[str] = []

    def close() -> None:
        marked = [f"[-{' '.join(gone)}-]"] * bool(gone) + [f"{{+{' '.join(come)}+}}"] * bool(come)
        parts.extend(["".join(marked)] if marked else [])
        gone.clear()
        come.clear()

    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            close()
            parts += before[step.src_start : step.src_end]
        else:
            gone += before[step.src_start : step.src_end]
            come += after[step.dest_start : step.dest_end]
    close()
    return " ".join(parts)
