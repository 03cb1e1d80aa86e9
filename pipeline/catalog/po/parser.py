"""A strict PO parser whose entries keep their own lines.

polib drops an entry with a broken quote, cuts a comment at U+2028, and rewrites every entry in
its own layout. This parser refuses a file with any invalid line, and writes unedited entries
back as they were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core import shorten

_STRING = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_FIELD = re.compile(
    r"[ \t]*(#~)?[ \t]*(?=[m\"])(msg(?:ctxt|id_plural|id|str(?:\[[0-9]+\])?))?[ \t]*"
    rf"(?:{_STRING}[ \t]*((?:{_STRING}[ \t]*)*+))?\r?"
)
_FIELD_START = re.compile(r"[ \t]*(?:#~[ \t]*)?(?:(msgid(?!_)|msgctxt)|(msgstr)|\"|msgid_)")
_ESCAPE = re.compile(r"((?:\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2}))+)|\\(.)")
_BYTE = re.compile(r"\\(?:x(..?)|([0-7]+))")
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_SIMPLE_ESCAPES |= {"\\": "\\", '"': '"'}
_REFERENCE = re.compile("\u2068([^\u2069]*)\u2069(:[0-9]+)?|([^ \t]+)")
_BLANK = " \t\r\f\v"  # white space that gettext skips; other Unicode spaces are text
_LONG_LINE = re.compile(r'^(?=[^\n]{81})[m"][^\n]* [^\n]', re.MULTILINE)
_WRAPPED_LINE = re.compile(r' "\r?\n[ \t]*"')

_FIELD_ORDER = {"msgctxt": 0, "msgid": 1, "msgid_plural": 2}
_TARGETS = 3  # msgstr, msgstr[N]

COMMENT_ORDER = ("#", "#.", "#:", "#,", "#|")  # order of comments in an entry, as in msgcat


EntryKey = tuple[str | None, str]
"""Context and source, which identify an entry in a file."""


class PoSyntaxError(ValueError):
    """An invalid line; `line` counts from 1."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Style:
    """The layout of a file: its line end, and whether it wraps long strings."""

    newline: str = "\n"
    wrap: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with its own lines.

    `raw` are all its lines, with line ends and preceding blank lines. `comments` are the lines
    before the first field, without line ends. `line` is the line of `msgctxt` or `msgid`.
    """

    raw: str
    line: int
    obsolete: bool
    context: str | None
    source: str
    plural: str | None
    targets: tuple[str, ...]
    comments: tuple[str, ...]

    @property
    def key(self) -> EntryKey:
        """Context and source."""
        return self.context, self.source

    @property
    def flags(self) -> tuple[str, ...]:
        """Flags, in order."""
        lines = [line[2:] for line in self.comments if line.startswith("#,")]
        if not lines:
            return ()
        flags = [flag.strip() for line in lines for flag in line.split(",")]
        return tuple(filter(None, flags))

    @property
    def references(self) -> tuple[str, ...]:
        """References to articles, as `file:line`."""
        lines = [line[2:] for line in self.comments if line.startswith("#:")]
        matches = [parts for line in lines for parts in _REFERENCE.findall(line)]
        return tuple(plain or name + number for name, number, plain in matches)

    @property
    def extracted(self) -> tuple[str, ...]:
        """Extracted comments (`#.`), with their marks."""
        return tuple(line for line in self.comments if line.startswith("#."))

    @property
    def previous(self) -> dict[str, str]:
        """Fields, above all `msgid`, that a fuzzy translation was made for."""
        lines = [line.partition("|")[2] for line in self.comments if comment_mark(line) == "#|"]
        matches = [match for line in lines if (match := _FIELD.fullmatch(line))]
        fields: dict[str, str] = {}
        key = "msgid"
        for match in matches:
            key = match[2] or key
            fields[key] = fields.get(key, "") + _unescape(match[3] or "", self.line)
        return fields

    @property
    def notes(self) -> tuple[str, ...]:
        """Translator comments (`# `), with their marks."""
        return tuple(line for line in self.comments if comment_mark(line) == "#")


@dataclass(frozen=True, slots=True)
class PoText:
    """A PO file as entries, and `tail`, the lines after the last entry."""

    entries: tuple[Entry, ...]
    tail: str
    style: Style

    def render(self) -> str:
        """Return the text of the file; unedited entries are unchanged."""
        return "".join([entry.raw for entry in self.entries]) + self.tail


def parse_po(text: str) -> PoText:
    """Parse the text of a PO file; only `\n` ends a line.

    Raises PoSyntaxError for an invalid line or entry.
    """
    lines = text.split("\n")
    entries = []
    entries_end = 0
    for start, end in entry_ranges(lines):
        raw = "\n".join(lines[start:end])
        entries.append(
            _parse_lines(lines[start:end], raw + "\n" if end < len(lines) else raw, start + 1)
        )
        entries_end = end
    for number, line in enumerate(lines[entries_end:], entries_end + 1):
        _check_comment(line, number, False)
    style = Style("\r\n" if lines[0].endswith("\r") else "\n", uses_wrapping(text))
    return PoText(tuple(entries), "\n".join(lines[entries_end:]), style)


def is_field(line: str) -> bool:
    """Return whether a line, without line end, is a field or a string."""
    return _FIELD.fullmatch(line) is not None


def starts_target(line: str) -> bool:
    """Return whether a line starts a `msgstr`."""
    match = _FIELD_START.match(line)
    return match is not None and match[2] is not None


def parse_entry(raw: str, line: int) -> Entry:
    """Parse one entry; `line` is the number of its first line."""
    return _parse_lines(raw.removesuffix("\n").split("\n"), raw, line)


def uses_wrapping(text: str) -> bool:
    """Return whether a file wraps long strings, judging by its beginning."""
    sample = text[:200_000]
    return len(_LONG_LINE.findall(sample)) <= len(_WRAPPED_LINE.findall(sample))


def entry_ranges(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the line ranges of entries, each with the comments before it.

    An entry ends after the last string of its `msgstr`. Comments after the last entry belong to
    no range.
    """
    start = end = 0
    has_field = False
    for number, line in enumerate(lines):
        if not line.strip(_BLANK):
            continue
        match = _FIELD_START.match(line)
        begins = match is None or match[1] is not None
        if begins and end > start:
            yield start, end
            start, has_field = end, False
        if match is not None:
            has_field = True
            if match[2] is not None or end > start:
                end = number + 1
    if end > start or has_field:
        yield start, end if end > start else len(lines)


def _parse_lines(lines: Sequence[str], raw: str, first: int) -> Entry:
    """Parse an entry; `first` is the number of its first line."""
    begin = 0
    marks = set()
    comments: list[str] = []
    fields: dict[str, list[str]] = {}
    key = ""
    for number, line in enumerate(lines, first):
        plain = line[:1] == "#" and line[1:2] != "~" and not fields
        match = None if plain else _FIELD.fullmatch(line)
        if match is None:
            if not plain:
                _check_comment(line, number, bool(fields))
            if line.strip(_BLANK):
                comments.append(line.lstrip(_BLANK).rstrip("\r"))
            continue
        begin = begin or number
        mark, new_key, text, more, _ = match.groups()
        marks.add(mark)
        if new_key is not None:
            if new_key in fields:
                hint = "Separate the two entries."
                raise PoSyntaxError(number, f"a second {new_key} in one entry", hint)
            key = new_key
        values = fields.setdefault(key, [])
        if text is not None:
            values.append(_unescape(text, number) if "\\" in text else text)
        values += [_unescape(part, number) for part in re.findall(_STRING, more)] if more else []
    if len(marks) > 1:
        raise PoSyntaxError(begin, "only part of the entry is marked #~", "Mark all lines or none.")
    texts = _join_fields(fields, begin)
    targets = tuple([text for key, text in texts.items() if key.startswith("msgstr")])
    context, source, plural = texts.get("msgctxt"), texts["msgid"], texts.get("msgid_plural")
    return Entry(raw, begin, marks == {"#~"}, context, source, plural, targets, tuple(comments))


def _join_fields(fields: Mapping[str, Sequence[str]], line: int) -> dict[str, str]:
    """Join the strings of each field; raises PoSyntaxError unless they form an entry."""
    single = "msgstr" in fields
    forms = any(name.startswith("msgstr[") for name in fields)
    if "" in fields:
        problem = "a string without a keyword"
    elif not all(fields.values()):
        problem = "a keyword without a string"
    elif "msgid" not in fields:
        problem = "msgstr without msgid"
    elif not single and not forms:
        problem = "the entry has no msgstr"
    elif single == forms or forms != ("msgid_plural" in fields):
        problem = "msgid_plural does not match the msgstr fields"
    elif (order := [_FIELD_ORDER.get(name, _TARGETS) for name in fields]) != sorted(order):
        hint = "Write msgctxt, msgid, msgid_plural and msgstr in this order."
        raise PoSyntaxError(line, "the fields of the entry are out of order", hint)
    elif forms and (gap := _misplaced_form(fields)):
        hint = "Number the plural forms from 0, in order and without gaps."
        raise PoSyntaxError(line, f"plural form {shorten(gap, 20)} is out of order", hint)
    else:
        return {key: "".join(values) for key, values in fields.items()}
    raise PoSyntaxError(line, problem, "Complete the entry.")


def _misplaced_form(fields: Iterable[str]) -> str:
    """Return the first `msgstr[N]` that is not the next one, "" if there is none."""
    names = [name for name in fields if name.startswith("msgstr[")]
    numbers = [name[7:-1].lstrip("0") or "0" for name in names]  # there may be 5000 digits
    found = zip(names, numbers, strict=True)
    return next((name for due, (name, number) in enumerate(found) if number != str(due)), "")


def _check_comment(line: str, number: int, inside: bool) -> None:
    text = line.strip(_BLANK)
    if not text:
        return
    if not text.startswith("#") or _FIELD_START.match(line):
        if _FIELD_START.match(line):
            hint = 'Write a quotation mark in a text as \\".'
            raise PoSyntaxError(number, f"broken quotes: {text[:40]}", hint)
        raise PoSyntaxError(number, f"not PO syntax: {text[:40]}", "Fix the line.")
    if inside:
        raise PoSyntaxError(number, "a comment inside an entry", "Move it before the msgid.")


def _unescape(text: str, number: int) -> str:
    def plain(match: re.Match[str]) -> str:
        if match[1] is not None:
            codes = [int(h, 16) if h else int(o, 8) for h, o in _BYTE.findall(match[1])]
            try:
                return bytes(codes).decode("utf-8")
            except ValueError:
                raise PoSyntaxError(
                    number, f"{match[1]} is not UTF-8", "Write the character itself."
                ) from None
        if match[2] not in _SIMPLE_ESCAPES:
            hint = "Write a backslash as \\\\."
            raise PoSyntaxError(number, f"unknown escape \\{match[2]}", hint)
        return _SIMPLE_ESCAPES[match[2]]

    return _ESCAPE.sub(plain, text)


def comment_mark(comment: str) -> str:
    """Return the mark of a comment line, one of `COMMENT_ORDER`."""
    if comment.startswith("#~|"):
        return "#|"
    return comment[:2] if comment[:2] in COMMENT_ORDER else "#"
