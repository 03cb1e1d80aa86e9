"""How broken lines of a catalog are mended, one kind of damage after the other.

Each step takes and gives the lines of one entry with their numbers, and leaves alone what
it does not know. Numbers that are missing afterwards are of lines that were left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.catalog.po.parser import is_field

Lines = list[tuple[int, str]]

_FIELD = re.compile(r"([ \t]*(?:#~[ \t]*)?(?:msg[a-z_]+(?:\[[0-9]+\])?)?[ \t]*)(.*)", re.DOTALL)
_KEYWORD = re.compile(r"[ \t]*(?:#~[ \t]*)?(msg(?:ctxt|id_plural|id|str(?:\[[0-9]+\])?))?[ \t]*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LONE_QUOTE = re.compile(r'(\\.)|"', re.DOTALL)
_KNOWN = 'ntrbfva\\"'


def _keyword(line: str) -> str | None:
    """The keyword of a line that begins a field, "" of a string, None of any other line."""
    match = _KEYWORD.match(line)
    if match is None or not (match[1] or line[match.end() :].startswith('"')):
        return None
    return match[1] or ""


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#") and _keyword(line) is None


def head(lines: Lines) -> Lines:
    """The fields of an entry that say which it is: those before its first `msgstr`."""
    kept: Lines = []
    for number, line in lines:
        keyword = _keyword(line)
        if keyword and keyword.startswith("msgstr"):
            break
        if keyword is not None:
            kept.append((number, line))
    return kept


def is_other_version(lines: Lines) -> bool:
    """Whether lines are the second half of git's conflict inside an entry, without its head."""
    first = next((line for _, line in lines if line.strip()), "")
    return first.startswith("=======") and not any(_keyword(t) == "msgid" for _, t in lines)


def parted(lines: Lines) -> list[Lines]:
    """Part messages that damage has run together: a `msgid` without `msgstr` before another."""
    parts: list[Lines] = [[]]
    seen: set[str] = set()
    waiting: Lines = []
    for number, line in lines:
        keyword = _keyword(line)
        waiting.append((number, line))
        if keyword is None:
            continue
        again = keyword in seen or (keyword == "msgctxt" and "msgid" in seen)
        if again and keyword in ("msgid", "msgctxt"):
            parts.append([])
            seen.clear()
        seen.add(keyword)
        parts[-1] += waiting
        waiting = []
    parts[-1] += waiting
    return parts


def only_before(lines: Lines, kept: Lines) -> bool:
    """Whether what was left out stood before the message, which is whole without it."""
    here = {number for number, _ in kept}
    first = next((n for n, line in kept if _keyword(line) is not None), 0)
    return all(number < first for number, _ in lines if number not in here)


def without_garbage(lines: Lines) -> Lines:
    """Take out lines that are none of a catalog, such as git's conflict marks."""
    return [
        (number, line)
        for number, line in lines
        if not line.strip() or _is_comment(line) or _keyword(line) is not None
    ]


def with_quotes(lines: Lines) -> Lines:
    """Close strings that are open, and escape the quotes inside."""
    return [
        (number, line if _keyword(line) is None or is_field(line) else _quoted(line))
        for number, line in lines
    ]


def _quoted(line: str) -> str:
    match = _FIELD.match(line.rstrip())
    assert match is not None
    text = match[2].removeprefix('"')
    if text.endswith('"') and _trailing(text[:-1]) % 2 == 0:
        text = text[:-1]
    text = _LONE_QUOTE.sub(lambda m: m[1] or '\\"', text)
    end = "\\" * (_trailing(text) % 2)
    return f'{match[1]}"{text}{end}"'


def _trailing(text: str) -> int:
    """How many backslashes a text ends with."""
    return len(text) - len(text.rstrip("\\"))


def comments_first(lines: Lines) -> Lines:
    """Move comments that stand inside an entry before it."""
    plain = [(n, line) for n, line in lines if not _is_comment(line)]
    return [(n, line) for n, line in lines if _is_comment(line)] + plain


def all_marked(lines: Lines) -> Lines:
    """Mark an entry as obsolete of which a part is."""
    fields = [line for _, line in lines if _keyword(line) is not None]
    if not any("#~" in line.partition('"')[0] for line in fields):
        return lines
    return [
        (n, f"#~ {t}" if _keyword(t) is not None and "#~" not in t.partition('"')[0] else t)
        for n, t in lines
    ]


def with_escapes(lines: Lines) -> Lines:
    """Take a backslash that escapes nothing known for a backslash."""
    return [
        (n, line if _keyword(line) is None else _ESCAPE.sub(_escape, line)) for n, line in lines
    ]


def _escape(match: re.Match[str]) -> str:
    return match[0] if match[1] in _KNOWN else f"\\\\{match[1]}"


def complete(lines: Lines) -> Lines:
    """Leave out fields that come twice or belong to none; add the `msgstr` that was cut off."""
    kept: Lines = []
    seen: set[str] = set()
    here = False  # whether the field that strings now belong to is kept
    for number, line in lines:
        keyword = _keyword(line)
        if keyword:
            here = keyword not in seen
            seen.add(keyword)
        if keyword is None or here:
            kept.append((number, line))
    if "msgid" not in seen:
        return []
    kept = [(n, line) for n, line in kept if _fits(_keyword(line), seen)]
    if not any(name.startswith("msgstr") for name in seen):
        mark = "#~ " if any(line.lstrip().startswith("#~") for _, line in kept) else ""
        form = "[0]" if "msgid_plural" in seen else ""
        kept.append((kept[-1][0], f'{mark}msgstr{form} ""'))
    return [(n, f'{t.rstrip()} ""' if _is_bare(t, n, kept) else t) for n, t in kept]


def _fits(keyword: str | None, seen: set[str]) -> bool:
    """Whether a field goes with the others: forms with a plural, and nothing else."""
    if keyword == "msgstr":
        return "msgid_plural" not in seen
    if keyword and keyword.startswith("msgstr["):
        return "msgid_plural" in seen
    return True


def _is_bare(line: str, number: int, lines: Lines) -> bool:
    """Whether a keyword has no string, neither on its line nor on the next."""
    if not _keyword(line) or '"' in line:
        return False
    after = [text for n, text in lines if n > number and text.strip()]
    return not after or _keyword(after[0]) != ""


MENDS: tuple[Callable[[Lines], Lines], ...] = (
    without_garbage,
    with_quotes,
    comments_first,
    all_marked,
    complete,
    with_escapes,
)
