"""Front matter of Markdown: where its scalar values are, and how they are written.

Values are located line by line, without a YAML or TOML loader: aliases and tags are never
resolved, and what is not understood stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.articles.formats.base import MarkupError
from pipeline.articles.formats.markdown.source import wrap_width

_FENCE = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*(?:\r\n?|\n)")
_YAML_KEY = re.compile(
    r"(?P<indent>[ ]*)(?P<dash>(?:-[ ]+)*)(?P<key>[^\W\d][\w.-]*|\"[^\"]*\"|'[^']*')[ \t]*:"
    r"(?:[ \t]+(?P<value>\S.*)?)?$"
)
_YAML_ITEM = re.compile(r"(?P<indent>[ ]*)(?:-[ ]+)+(?P<value>\S.*)$")
_BLOCK_HEADER = re.compile(r"(?P<style>[|>])[-+\d]{0,2}[ \t]*(?:#.*)?$")
_TOML_KEY = re.compile(r"[ \t]*(?P<key>[\w-]+|\"[^\"]*\")[ \t]*=[ \t]*(?P<value>\S.*)?$")
_DOUBLE = re.compile(r"\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_SINGLE = re.compile(r"'(?:[^']|'')*'", re.DOTALL)
_LITERAL = re.compile(r"'[^']*'")
_COMMENT = re.compile(r"[ \t]#.*$")
_REST_OF_LINE = re.compile(r"[ \t]*(?:[ \t]#[^\r\n]*)?(?=[\r\n]|\Z)")
_NOT_PLAIN = re.compile(r"[-?:](?:\s|$)|[\[\]{},#&*!|>'\"%@`]")
_NO_TEXT = re.compile(r"(?:true|false|yes|no|on|off|null|~)$|[-+.\d][-+.,:\d_TZxoeE ]*$", re.I)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "_": "\xa0", "N": "\x85", "e": "\x1b"}
_FOLD = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")
_LANGUAGE_KEYS = frozenset({"lang", "language", "locale"})

PLAIN, SINGLE, DOUBLE, FLOW, BLOCK = "plain", "single", "double", "flow", "block"
BASIC, LITERAL = "basic", "literal"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value at `start:end` of the article, with its quotes.

    `style` is one of YAML's (plain, single, double, flow for plain in a list, block) or
    TOML's (basic, literal). For `block`, `lines` are the spans of its lines.
    """

    key: str
    style: str
    start: int
    end: int
    value: str
    lines: tuple[tuple[int, int], ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether the value has words: it is no number, date, URL or constant."""
        if self.style in (PLAIN, FLOW) and _NO_TEXT.match(self.value):
            return False
        return any(map(str.isalpha, self.value)) and not re.match(r"\w+://\S+$", self.value)


def find(text: str) -> tuple[str, int, int, int]:
    """Return the kind of front matter, the start and end of its content, and its end.

    The kind is `yaml`, `toml`, or an empty string if the text has none.
    """
    opening = _FENCE.match(text)
    if opening is None:
        return "", 0, 0, 0
    closing = r"(?:---|\.\.\.)" if opening[1] == "---" else r"\+\+\+"
    match = re.compile(rf"^{closing}[ \t]*(?:\r\n?|\n|\Z)", re.M).search(text, opening.end())
    if match is None:
        match = re.compile(rf"(?<=\r){closing}[ \t]*(?:\r|\Z)").search(text, opening.end())
    if match is None:
        return "", 0, 0, 0
    kind = "yaml" if opening[1] == "---" else "toml"
    lines = [line for _, _, line in _lines(text, opening.end(), match.start()) if line.strip()]
    head = next((line for line in lines if not line.lstrip().startswith("#")), "")
    pattern = _YAML_KEY if kind == "yaml" else _TOML_KEY
    if head and not pattern.match(head) and not re.match(r"- |\[|%", head):
        return "", 0, 0, 0
    return kind, opening.end(), match.start(), match.end()


def scalars(text: str, kind: str, start: int, end: int) -> Iterator[Scalar]:
    """Yield the scalar values of front matter at `start:end`, in order."""
    yield from (_toml if kind == "toml" else _yaml)(text, start, end)


def language_values(text: str) -> Iterator[Scalar]:
    """Yield the values that name the language of the article."""
    kind, start, end, _ = find(text)
    for scalar in scalars(text, kind, start, end) if kind else ():
        if scalar.key in _LANGUAGE_KEYS and re.fullmatch(r"de(?:[-_][A-Za-z]{2})?", scalar.value):
            yield scalar


def skeleton(text: str, kind: str, start: int, end: int) -> tuple[str, ...]:
    """Return front matter without its texts: what a translation must not change."""
    parts, at = [], start
    for scalar in scalars(text, kind, start, end):
        if scalar.is_text and scalar.key not in _LANGUAGE_KEYS:
            parts += [text[at : scalar.start], "text" if scalar.style != BLOCK else "block"]
            at = scalar.end
    return (*parts, text[at:end])


def write(style: str, value: str) -> str:
    """Write a value in a style, or in one that can represent it.

    Raises MarkupError for a value that no style can represent.
    """
    if style in (PLAIN, FLOW) and _may_be_plain(value, in_list=style == FLOW):
        return value
    if style in (PLAIN, FLOW, SINGLE) and value.isprintable():
        if style != SINGLE and "'" in value and '"' not in value and "\\" not in value:
            return f'"{value}"'
        return "'" + value.replace("'", "''") + "'"
    if style == LITERAL and "'" not in value and value.isprintable():
        return f"'{value}'"
    if any(character < " " and character not in "\n\t" for character in value):
        raise MarkupError("it contains a control character")
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + quoted.replace("\n", "\\n").replace("\t", "\\t") + '"'


def _may_be_plain(value: str, *, in_list: bool) -> bool:
    if not value or value != value.strip() or not value.isprintable() or _NOT_PLAIN.match(value):
        return False
    if ": " in value or " #" in value or value.endswith(":") or _NO_TEXT.match(value):
        return False
    return not (in_list and set(value) & set(",[]{}"))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the start and end of each line, and the line without its end."""
    for match in re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)").finditer(text, start, end):
        if match.start() == match.end():
            return
        yield match.start(), match.end(1), match[1]


def _yaml(text: str, start: int, end: int) -> Iterator[Scalar]:
    rows = list(_lines(text, start, end))
    index, list_key = 0, ""
    list_indent = -1
    while index < len(rows):
        at, _, line = rows[index]
        index += 1
        match = _YAML_KEY.match(line)
        item = _YAML_ITEM.match(line) if match is None else None
        if match is not None:
            key = match["key"].strip("'\"")
            indent = len(match["indent"]) + len(match["dash"])
            list_key, list_indent = ("", -1) if match["value"] else (key, len(match["indent"]))
        elif item is not None and list_key and len(item["indent"]) >= list_indent:
            match, key, indent = item, list_key, len(item["indent"])
        else:
            continue
        if not match["value"]:
            continue
        following = index
        while following < len(rows) and (
            not rows[following][2].strip() or _indent(rows[following][2]) > indent
        ):
            following += 1
        value_start = at + match.start("value")
        found, used = _yaml_value(text, key, value_start, rows[index - 1 : following])
        yield from found
        index += used


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _yaml_value(
    text: str, key: str, start: int, rows: list[tuple[int, int, str]]
) -> tuple[list[Scalar], int]:
    """Return the scalars of a value, and how many lines after the first one it has.

    `rows` are the line of the value and the lines that are indented below it.
    """
    while len(rows) > 1 and not rows[-1][2].strip():
        rows = rows[:-1]
    end = rows[-1][1]
    value = text[start : rows[0][1]]
    header = _BLOCK_HEADER.match(value)
    if header is not None:
        return _block_scalar(text, key, header["style"], rows[1:]), len(rows) - 1
    if value[0] in "\"'":
        match = (_DOUBLE if value[0] == '"' else _SINGLE).match(text, start, end)
        if match is None or not _REST_OF_LINE.match(text, match.end()):
            return [], 0
        style = DOUBLE if value[0] == '"' else SINGLE
        used = sum(row[0] < match.end() for row in rows[1:])
        return [Scalar(key, style, *match.span(), _unquote(match[0]))], used
    if value[0] == "[":
        return _flow_list(text, key, start, end), len(rows) - 1
    if _NOT_PLAIN.match(value):
        return [], 0
    used = 0
    for _, _, line in rows[1:]:
        if not line.strip() or _YAML_KEY.match(line) or _YAML_ITEM.match(line):
            break
        used += 1
    raw = _COMMENT.sub("", text[start : rows[used][1]]).rstrip()
    return [Scalar(key, PLAIN, start, start + len(raw), _FOLD.sub(" ", raw))], used


def _block_scalar(
    text: str, key: str, style: str, rows: list[tuple[int, int, str]]
) -> list[Scalar]:
    """Return the paragraphs of a literal or folded scalar; lines that are not wrapped count
    as paragraphs in the literal style.
    """
    spans = [(at + _indent(line), end) for at, end, line in rows if line.strip()]
    if not spans:
        return []
    paragraphs: list[list[tuple[int, int]]] = []
    gap, width = True, _indent(rows[0][2])
    texts = [text[slice(*span)] for span in spans]
    continues = any(one[0].islower() for one in texts[1:])
    folds = style == ">" or continues or wrap_width(texts) > 0
    for at, end, line in rows:
        if not line.strip():
            gap = True
            continue
        if gap or not folds or _indent(line) != width:
            paragraphs.append([])
        paragraphs[-1].append((at + _indent(line), end - len(line) + len(line.rstrip())))
        gap = _indent(line) != width
    return [
        Scalar(
            key,
            BLOCK,
            lines[0][0],
            lines[-1][1],
            " ".join(text[slice(*span)] for span in lines),
            tuple(lines),
        )
        for lines in paragraphs
    ]


def _flow_list(text: str, key: str, start: int, end: int) -> list[Scalar]:
    """Return the items of a list in brackets; none if it has anything but scalars."""
    found = []
    pattern = re.compile(
        rf"\s*(?:({_DOUBLE.pattern})|({_SINGLE.pattern})|([^\s\[\]{{}},'\"][^\[\]{{}},\n]*?))"
        r"\s*([,\]])",
        re.DOTALL,
    )
    at = start + 1
    while match := pattern.match(text, at, end):
        group = next(number for number in (1, 2, 3) if match[number] is not None)
        style = (DOUBLE, SINGLE, FLOW)[group - 1]
        value = match[group] if style == FLOW else _unquote(match[group])
        found.append(Scalar(key, style, *match.span(group), value))
        at = match.end()
        if match[4] == "]":
            return found
    return []


def _toml(text: str, start: int, end: int) -> Iterator[Scalar]:
    skip_until = start
    for at, line_end, line in _lines(text, start, end):
        match = _TOML_KEY.match(line)
        if at < skip_until or match is None or not match["value"]:
            continue
        value, value_start = match["value"], at + match.start("value")
        key = match["key"].strip('"')
        if value.startswith(('"""', "'''")):
            closing = text.find(value[:3], value_start + 3, end)
            skip_until = end if closing < 0 else closing + 3
        elif value[0] in "\"'":
            pattern = _DOUBLE if value[0] == '"' else _LITERAL
            quoted = pattern.match(text, value_start, line_end)
            if quoted is not None and _REST_OF_LINE.match(text, quoted.end()):
                style = BASIC if value[0] == '"' else LITERAL
                content = _unquote(quoted[0]) if style == BASIC else quoted[0][1:-1]
                yield Scalar(key, style, *quoted.span(), content)
        elif value[0] == "[":
            for item in _flow_list(text, key, value_start, end):
                style = {DOUBLE: BASIC, SINGLE: LITERAL}.get(item.style, "")
                if style:
                    yield Scalar(key, style, item.start, item.end, item.value)
                    skip_until = item.end


def _unquote(quoted: str) -> str:
    """Return the value of a quoted scalar; its line breaks are folded."""
    content = _FOLD.sub(" ", quoted[1:-1])
    if quoted[0] == "'":
        return content.replace("''", "'")

    def decode(match: re.Match[str]) -> str:
        digits = match[1] or match[2] or match[3]
        if digits:
            code = int(digits, 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]
        return _ESCAPED.get(match[4], match[4])

    return _ESCAPE.sub(decode, content)
