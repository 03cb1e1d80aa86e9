"""The difference of two texts, word by word, as one line for a reader."""

from __future__ import annotations


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
