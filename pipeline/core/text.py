"""Text helpers: lines, shortening, suggestions, word differences, site names."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Characters without width: a byte order mark, joiners, and marks of direction.
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
_SITE = re.compile(r"(?<![\w.@/-])[a-z0-9-]{3,}(?:\.[a-z0-9-]{2,})*\.[a-z]{2,}(?![\w-])")


def trim_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Exclude white space and invisible characters at both ends of a span."""
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    return start, end


def split_lines(text: str) -> list[tuple[int, int]]:
    """Return the trimmed spans of the lines of a text that are not blank."""
    spans = (trim_span(text, *match.span()) for match in _LINE.finditer(text))
    return [(start, end) for start, end in spans if start < end]


def count_line_breaks(text: str, start: int, end: int) -> int:
    """Count line breaks as editors do: `\\n`, `\\r\\n` and a lone `\\r`."""
    returns = text.count("\r", start, end)
    return text.count("\n", start, end) + (returns and returns - text.count("\r\n", start, end))


def one_line(text: str) -> str:
    """Collapse white space and NUL characters into single spaces."""
    return " ".join(text.replace("\0", " ").split())


def shorten(text: str, length: int) -> str:
    """Return a text on one line, cut to `length` characters with an ellipsis."""
    line = one_line(text)
    return line if len(line) <= length else f"{line[: length - 1]}…"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 file", "2 files", "1,200 entries"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def find_similar(name: str, options: Iterable[str]) -> str:
    """Return the option most similar to a misspelled name, or an empty string.

    One that differs only in case comes first.
    """
    from difflib import get_close_matches

    options = list(options)
    same = [option for option in options if option.casefold() == name.casefold()]
    return next(iter(same or get_close_matches(name, options, 1)), "")


def suggest(name: str, options: Iterable[str], label: str = "Known") -> str:
    """Word a hint for an unknown name: the most similar option, else all of them."""
    options = tuple(options)
    similar = find_similar(name, options)
    return f"Did you mean {similar!r}?" if similar else f"{label}: {', '.join(options)}."


def site_names(text: str) -> Iterable[str]:
    """Return the distinct names of web sites (`beispiel.example`) in a text, in order."""
    return dict.fromkeys(_SITE.findall(text))


def word_diff(old: str, new: str) -> str:
    """Return a word diff in the notation of git: `[-removed-]{+added+}`.

    Words are separated by white space. The number of changed words is minimal.
    """
    from rapidfuzz.distance import Indel

    before, after = old.split(), new.split()
    parts: list[str] = []
    removed: list[str] = []
    added: list[str] = []

    def flush() -> None:
        marked = [f"[-{' '.join(removed)}-]"] * bool(removed)
        marked += [f"{{+{' '.join(added)}+}}"] * bool(added)
        parts.extend(["".join(marked)] if marked else [])
        removed.clear()
        added.clear()

    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            flush()
            parts += before[step.src_start : step.src_end]
        else:
            removed += before[step.src_start : step.src_end]
            added += after[step.dest_start : step.dest_end]
    flush()
    return " ".join(parts)
