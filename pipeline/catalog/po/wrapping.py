"""Layout of PO strings as in GNU msgcat: escapes, quotes and line breaks.

A string that fits is on the line of its keyword. A longer string, or one with a newline inside,
starts with `""` and is broken at newlines and where Unicode allows a line break. The break
rules are those of UAX #14 (Unicode 14), as a table of class pairs like gettext's library has;
uniseg provides the classes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

PAGE_WIDTH = 79  # columns of a line with quotes and marks; the default of msgcat

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}
_ESCAPED = re.compile(r'[\a\b\f\n\r\t\v\\"]')
_LOGICAL_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SINGLE_WIDTH = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")
_LINE_SEPARATOR = re.compile("(?<=[\x85\u2028\u2029])")

_PROHIBITED, _INDIRECT, _DIRECT = 0, 1, 2  # never; only across spaces; always

# (classes before, classes after, break): the first matching rule applies; without one, a break
# is allowed (LB31). "*" matches every class. Rule numbers are those of UAX #14. Like gettext,
# the table has no LB29.
_RULES = tuple(
    (frozenset(before.split()), frozenset(after.split()), action)
    for before, after, action in (
        ("*", "SP ZW BK NL", _PROHIBITED),  # LB6, LB7
        ("ZW", "*", _DIRECT),  # LB8
        ("*", "WJ", _PROHIBITED),  # LB11
        ("WJ GL ZWJ", "CL CP EX IS SY", _PROHIBITED),  # LB13
        ("WJ GL ZWJ", "*", _INDIRECT),  # LB8a, LB11, LB12
        ("*", "CL CP EX IS SY", _PROHIBITED),  # LB13
        ("OP", "*", _PROHIBITED),  # LB14
        ("BA HY", "GL", _DIRECT),  # LB12a
        ("*", "GL", _INDIRECT),  # LB12a
        ("QU", "OP", _PROHIBITED),  # LB15
        ("CL", "NS", _PROHIBITED),  # LB16, which gettext does not apply to CP
        ("B2", "B2", _PROHIBITED),  # LB17
        ("*", "QU", _INDIRECT),  # LB19
        ("QU", "*", _INDIRECT),  # LB19
        ("*", "BA HY NS IN", _INDIRECT),  # LB21, LB22
        ("BB", "*", _INDIRECT),  # LB21
        ("SY", "HL", _INDIRECT),  # LB21b
        ("AL HL", "NU AL HL PR PO OP", _INDIRECT),  # LB23, LB24, LB28, LB30
        ("NU", "NU AL HL PR PO OP", _INDIRECT),  # LB23, LB25, LB30
        ("PR", "ID EB EM JL JV JT H2 H3", _INDIRECT),  # LB23a, LB27
        ("ID EB EM JL JV JT H2 H3", "PO", _INDIRECT),  # LB23a, LB27
        ("PR PO", "AL HL OP NU", _INDIRECT),  # LB24, LB25
        ("CL", "PO PR", _INDIRECT),  # LB25
        ("CP", "PO PR AL HL NU", _INDIRECT),  # LB25, LB30
        ("HY IS SY", "NU", _INDIRECT),  # LB25
        ("JL", "JL JV H2 H3", _INDIRECT),  # LB26
        ("JV H2", "JV JT", _INDIRECT),  # LB26
        ("JT H3", "JT", _INDIRECT),  # LB26
        ("RI", "RI", _INDIRECT),  # LB30a
        ("EB", "EM", _INDIRECT),  # LB30b
    )
)
# Resolution of ambiguous classes, as in gettext (LB1).
_RESOLVED = {"AI": "AL", "SA": "AL", "SG": "AL", "XX": "AL", "CB": "ID", "CJ": "NS", "HH": "BA"}
_LATIN_LETTERS = frozenset(filter(str.isalpha, map(chr, range(0x250)))) - {"ª", "º"}
_COMBINING = ("CM", "ZWJ")


def escape(text: str) -> str:
    """Escape control characters, quotes and backslashes as gettext does."""
    return _ESCAPED.sub(lambda match: _ESCAPES[match.group()], text)


def format_field(keyword: str, text: str, mark: str = "", *, wrap: bool = True) -> list[str]:
    """Format a field as lines without line ends.

    `mark` comes before every line (`#~ `, `#| `). Without `wrap`, lines are broken at newlines
    only, as `msgcat --no-wrap` does.
    """
    logical_lines = [escape(logical_line) for logical_line in _LOGICAL_LINE.findall(text)]
    if not logical_lines:
        return [f'{mark}{keyword} ""']
    width = PAGE_WIDTH - 2 - len(mark)
    if len(logical_lines) == 1:
        # The keyword and a blank come before the opening quote.
        fits = len(keyword) + 1 + display_width(logical_lines[0]) <= width
        if fits or not wrap or len(wrap_line(logical_lines[0], width, len(keyword) + 1)) == 1:
            return [f'{mark}{keyword} "{logical_lines[0]}"']
    lines = [f'{mark}{keyword} ""']
    for logical_line in logical_lines:
        pieces = wrap_line(logical_line, width) if wrap else [logical_line]
        lines.extend(f'{mark}"{piece}"' for piece in pieces)
    return lines


def display_width(text: str) -> int:
    """Return the width in columns: two for wide characters, none for combining ones."""
    return len(text) if _SINGLE_WIDTH.fullmatch(text) else sum(map(_char_width, text))


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if (
        unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc", "Zl", "Zp")
        or "\u1160" <= char <= "\u11ff"
    ):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap_line(logical_line: str, width: int, column: int = 0) -> list[str]:
    """Wrap an escaped text without newlines inside into lines of `width` columns.

    The first line starts at `column`. A part without a break opportunity stays whole.
    """
    if column + display_width(logical_line) <= width:
        return [logical_line]
    lines = [""]
    # A Unicode line separator resets the column, but does not end a line of the file.
    for part in _LINE_SEPARATOR.split(logical_line):
        first, *rest = _wrapped_lines(part, width, column)
        lines[-1] += first
        lines.extend(rest)
        column = 0
    return lines


def _wrapped_lines(text: str, width: int, column: int) -> Iterator[str]:
    narrow = _SINGLE_WIDTH.fullmatch(text) is not None
    ends = () if narrow else tuple(accumulate(map(_char_width, text)))
    start = 0
    while True:
        fit = start + width - column if narrow else _fitting_end(ends, start, width - column)
        if fit >= len(text):
            break
        cut = next((at for at in range(fit, start, -1) if _can_break(text, at, start)), 0)
        cut = cut or next(
            (at for at in range(max(fit, start) + 1, len(text)) if _can_break(text, at, start)), 0
        )
        if not cut:
            break
        yield text[start:cut]
        start, column = cut, 0
    yield text[start:]


def _fitting_end(ends: tuple[int, ...], start: int, room: int) -> int:
    """Return the end of the longest part from `start` that fits into `room` columns."""
    limit = (ends[start - 1] if start else 0) + room
    low, high = start, len(ends)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ends[middle] <= limit else (low, middle)
    return low


def _can_break(text: str, at: int, start: int) -> bool:
    """Return whether a line from `start` may end before `text[at]`; `text` is escaped."""
    if text[at] in _LATIN_LETTERS and text[at - 1] in _LATIN_LETTERS:
        return False  # LB28
    if text[at] == " ":  # LB7; the loop below would read a long run again for each blank
        return False
    if _inside_escape(text, at, start):
        return False
    after = _break_class(text[at])
    last = at - 1
    if after in _COMBINING:  # LB9, LB10
        return _break_class(text[last]) in ("SP", "ZW")
    while last > 0 and text[last] == " ":
        last -= 1
    before = _break_class(text[last])
    spaced = last < at - 1
    if before == "CM" or (before == "ZWJ" and spaced):
        while last > 0 and _break_class(text[last]) in _COMBINING:
            last -= 1
        base = _break_class(text[last])
        before = "AL" if base in ("SP", "ZW", *_COMBINING) else base
    action = _break_action(before, after)
    return action == _DIRECT or (action == _INDIRECT and spaced)


def _inside_escape(text: str, at: int, start: int) -> bool:
    """Return whether a break would split an escape or precede the final newline.

    No escape is at both sides of `start`, where a line starts.
    """
    backslashes = 0
    while backslashes < at - start and text[at - 1 - backslashes] == "\\":
        backslashes += 1
    return backslashes % 2 == 1 or (at == len(text) - 2 and text.endswith("\\n"))


@lru_cache(maxsize=4096)
def _break_class(char: str) -> str:
    # Imported late: its tables would add half again to the start-up time of a command.
    from uniseg.linebreak import line_break

    name = str(line_break(char).value)
    return _RESOLVED.get(name, name)


@lru_cache(maxsize=4096)
def _break_action(before: str, after: str) -> int:
    for befores, afters, action in _RULES:
        if ("*" in befores or before in befores) and ("*" in afters or after in afters):
            return action
    return _DIRECT
