"""Writing of translations: markup restored, escaped where needed, wrapped as the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from pipeline.articles.formats.base import BREAK, CatalogToken, MarkupError, RenderSite
from pipeline.articles.formats.html.references import escape_html
from pipeline.articles.formats.markdown import catalog_text, front_matter
from pipeline.articles.formats.markdown.blocks import (
    CELL,
    LABEL,
    LINE,
    PARAMETER,
    SCALAR,
    TITLE,
)
from pipeline.articles.formats.markdown.catalog_text import escape, tokenize, unescape
from pipeline.articles.formats.markdown.inline import HTML, IMAGE, LINK, normalize_label, scan
from pipeline.articles.inline import markup_problems, restore_markup
from pipeline.core import Fragment, Layout, MarkupRole, Segment

_BLANKS = re.compile(r"\s*[\r\n]\s*")
_SOURCE_BREAK = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t>]*")
# What starts a block at the start of a line, and the place of the backslash that prevents it.
_BLOCK_START = re.compile(
    r"(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|=+\s*$|-+\s*$|[-*_](?:\s*[-*_]){2,}\s*$|`{3}|~{3}|:{3}"
    r"|!!!|\?\?\?|===|\||[:~]\s|\[[^\]]*\]:|<[A-Za-z/!?]|\$\$|\{[%{]|\+\+\+)"
    r"|\d{1,9}(?=[.)](?:\s|$))"
)
# A link at the start of a line that would be the definition of its label.
_LABELLED = re.compile(r"\[(?:[^\[\]\\]|\\.)*\](?=:\s*\S)")
_LABEL = re.compile(r"\]\[(.+)\]$")
# An escaped character or reference, or one character that is neither.
_CHARACTER = re.compile(r"\\([!-/:-@\[-`{-~])|&#?\w+;|.", re.DOTALL)
_TRAILING_HASHES = re.compile(r"(?<=\s)(#+)$|^(#+)$")


def encode(segment: Segment, translation: str, site: RenderSite) -> str:
    """Return a translation as the article needs it, see `MarkupFormat.encode`."""
    layout = segment.layout or Layout()
    text = _BLANKS.sub(" ", translation).strip()
    source = site.source(Fragment("", segment.start, segment.end))
    if layout.context == TITLE:
        return source if text == segment.text else _title(unescape(text), source)
    if layout.context == PARAMETER:
        return source if text == segment.text else _parameter(unescape(text))
    if layout.context.startswith(SCALAR) and layout.context != f"{SCALAR}:{front_matter.BLOCK}":
        style = layout.context.partition(":")[2]
        return source if text == segment.text else front_matter.write(style, unescape(text))
    if layout.context.startswith(SCALAR):
        return _Writer(segment, text, site, layout).write()
    markup = [fragment for fragment in segment.fragments if fragment.markup is not None]
    if len(tokenize(segment.text)) != len(markup):
        raise MarkupError("the German text has markup that a catalog cannot show")
    if layout.context.startswith(f"{HTML}:"):
        return source if text == segment.text else _html(segment, text, site, layout)
    if problems := markup_problems(catalog_text, segment.text, text, check_empty=False):
        raise MarkupError("; ".join(problems))
    writer = _Writer(segment, text, site, layout)
    for strictly in (False, True):
        written = writer.write(strictly=strictly)
        if writer.reads_as_translation():
            is_label = layout.context == LABEL and written != source
            return f"{written}][{source}" if is_label else written
    raise MarkupError("Markdown would read its markup differently: put blanks around it")


def _title(value: str, source: str) -> str:
    """Write the title of a link with the quotes of its source."""
    opening, closing = source[0], source[-1]
    text = value.replace("\\", "\\\\")
    for quote in {opening, closing}:
        text = text.replace(quote, "\\" + quote)
    return opening + re.sub(r"&(?=#?\w+;)", "&amp;", text) + closing


def _parameter(value: str) -> str:
    """Write the parameter of a template tag, which has no escapes."""
    if found := re.search(r"[\"'\\{}<>]", value):
        raise MarkupError(f"a parameter of a template tag cannot contain {found[0]}")
    return value


def _html(segment: Segment, text: str, site: RenderSite, layout: Layout) -> str:
    """Write a translation in a block of HTML, or in an attribute there."""
    quote = layout.context.partition(":")[2]

    def escaped(part: str) -> str:
        return escape_html(unescape(part), quote)

    return restore_markup(catalog_text, segment, text, escape=escaped, source=site.source)


class _Writer:
    """Writes the translation of a segment."""

    def __init__(self, segment: Segment, text: str, site: RenderSite, layout: Layout) -> None:
        self._segment, self._text, self._site, self._layout = segment, text, site, layout
        self._fragments = segment.fragments or (Fragment(segment.text, segment.start, segment.end),)
        self._tokens: Sequence[CatalogToken] = (
            () if layout.context.startswith(SCALAR) else tokenize(text)
        )
        self._kept = tuple(self._common_start())
        self._spelling = self._source_spelling()
        self._parts: list[tuple[str, str]] = []
        self._labels: dict[int, str] = {}

    def _common_start(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield the spans of text at the start that is that of the source, and their sources.

        It ends at a word; a line break at its end is not kept.
        """
        at = 0
        found = []
        for fragment in self._fragments:
            end = at + len(fragment.text)
            if self._text.startswith(fragment.text, at):
                if fragment.markup is None:
                    found.append(((at, end), (fragment.start, fragment.end)))
                at = end
                continue
            if fragment.markup is None and len(fragment.text) == fragment.end - fragment.start:
                length = _common_words(fragment.text, self._text[at:])
                if length:
                    span = fragment.start, fragment.start + length
                    found.append(((at, at + length), span))
            break
        while found and at < len(self._text) and self._is_break(found[-1][1]):
            found.pop()
        yield from found

    def _is_break(self, span: tuple[int, int]) -> bool:
        source = self._site.source(Fragment("", *span))
        return "\n" in source or "\r" in source

    def _source_spelling(self) -> dict[str, str]:
        """Return the characters that the source escapes, as it writes them."""
        return {
            one.text: self._site.source(one)
            for one in self._fragments
            if one.markup is None and len(one.text) == 1 < one.end - one.start and one.text != " "
        }

    def write(self, *, strictly: bool = False) -> str:
        """Write the translation; `strictly` escapes all that may be markup."""
        available = self._sources()
        self._parts, self._labels = [], {}
        at = 0
        for token in self._tokens:
            self._add_text(at, token.start, strictly)
            source, label = available[token.key].popleft()
            if label:
                self._labels[len(self._parts)] = label
            self._parts.append((self._token_kind(token), source))
            at = token.end
        self._add_text(at, len(self._text), strictly)
        self._keep_labels()
        self._protect_line_start()
        return self._wrap()

    def _token_kind(self, token: CatalogToken) -> str:
        return token.markup.kind + token.markup.role.value

    def _sources(self) -> dict[str, deque[tuple[str, str]]]:
        """Return the source of each token by key, and the label of a link named by its text."""
        available: dict[str, deque[tuple[str, str]]] = defaultdict(deque)
        markup = [one for one in self._fragments if one.markup is not None]
        opened: list[Fragment] = []
        if not self._tokens:
            return available
        for token, fragment in zip(tokenize(self._segment.text), markup, strict=True):
            source, label = self._site.source(fragment), ""
            if token.markup.kind == IMAGE:
                label = _image_label(source)
            elif token.markup.kind == LINK and token.markup.role is MarkupRole.OPEN:
                opened.append(fragment)
            elif token.markup.kind == LINK:
                start = opened.pop().end
                if source in ("]", "][]"):
                    label = _flat(self._site.source(Fragment("", start, fragment.start)))
            available[token.key].append((source, label))
        return available

    def _add_text(self, start: int, end: int, strictly: bool) -> None:
        """Add text of the translation: what is kept as in the source, the rest escaped."""
        at = start
        first = bisect_right(self._kept, at, key=lambda kept: kept[0][1])
        for index in range(first, len(self._kept)):
            span, source = self._kept[index]
            if not span[0] <= at < min(span[1], end):
                break
            stop = min(end, span[1])
            place = source
            if (at, stop) != span:
                place = source[0] + at - span[0], source[0] + stop - span[0]
            self._parts.append(("kept", self._site.source(Fragment("", *place))))
            at = stop
        text = self._text[at:end]
        if not self._layout.context.startswith(SCALAR):
            text = self._escaped(text, strictly=strictly)
        for part in re.split("( )", text):
            if part:
                self._parts.append(("space" if part == " " else "text", part))

    def _escaped(self, text: str, *, strictly: bool) -> str:
        """Return text of a catalog as Markdown, with the characters that the source escapes.

        A catalog is Markdown, so its own escapes are right unless the place differs.
        """
        if strictly:
            text = escape(unescape(text))

        def spelled(match: re.Match[str]) -> str:
            return self._spelling.get(match[1] or match[0], match[0])

        text = _CHARACTER.sub(spelled, text) if self._spelling else text
        return re.sub(r"(?<!\\)\|", r"\\|", text) if self._layout.context == CELL else text

    def _keep_labels(self) -> None:
        """Give links that are named by their text a label if the text changes."""
        opened: list[int] = []
        for index, (kind, _) in enumerate(self._parts):
            if kind == LINK + MarkupRole.OPEN.value:
                opened.append(index)
            elif kind == LINK + MarkupRole.CLOSE.value:
                inner = "".join(part for _, part in self._parts[opened.pop() + 1 : index])
                label = self._labels.get(index, "")
                if label and normalize_label(_flat(inner)) != normalize_label(label):
                    self._parts[index] = (kind, f"][{label}]")

    def _protect_line_start(self) -> None:
        """Escape what would start a block; tables and headings in one line have no such place."""
        if self._layout.context in (LINE, LABEL, CELL) or self._layout.context.startswith(SCALAR):
            if self._layout.context == LINE and self._parts and self._parts[-1][0] == "text":
                kind, text = self._parts[-1]
                self._parts[-1] = kind, _TRAILING_HASHES.sub(r"\\\g<0>", text)
            return
        if not self._parts or not self._is_line_start():
            return
        rest = "".join(text for _, text in self._parts)
        if self._parts[0][0].startswith(LINK) and (match := _LABELLED.match(rest)):
            self._escape_at(match.end())
        if self._parts[0][0] != "text":
            return
        match = _BLOCK_START.match(rest)
        if match and not rest.startswith("\\"):
            kind, text = self._parts[0]
            self._parts[0] = kind, text[: match.end()] + "\\" + text[match.end() :]

    def _escape_at(self, offset: int) -> None:
        """Put a backslash before a part of the text."""
        at = 0
        for index, (kind, text) in enumerate(self._parts):
            if at == offset and kind in ("text", "kept"):
                self._parts[index] = kind, "\\" + text
            at += len(text)

    def _is_line_start(self) -> bool:
        return self._segment.number == 1 or not self._site.line.strip(" \t>")

    def _wrap(self) -> str:
        """Join the parts; break lines at blanks where the width requires it."""
        width, line_break = self._layout.width, self._layout.line_break
        texts = [text for _, text in self._parts]
        if not width or not line_break:
            return "".join(texts)
        column = len(self._site.line)
        for index, (kind, text) in enumerate(self._parts):
            if kind == "space":
                word = "".join(_word(self._parts, index + 1))
                fits = column + 1 + len(word) <= width
                rest = "".join(texts[index + 1 : index + 12])
                if not fits and word and not _BLOCK_START.match(rest):
                    texts[index] = text = line_break
            tail = max(text.rfind("\n"), text.rfind("\r"))
            column = len(text) - tail - 1 if tail >= 0 else column + len(text)
        return "".join(texts)

    def reads_as_translation(self) -> bool:
        """Return whether Markdown reads what was written as the translation."""
        content = "".join(
            "\\\n" if kind.startswith(BREAK) and "<" not in text else _flat(text)
            for kind, text in self._parts
        )
        labels = {*self._labels.values()}
        for kind, text in self._parts:
            is_link = kind.startswith((LINK, IMAGE))
            if is_link and (match := _LABEL.search(_flat(text))):
                labels.add(match[1])
        references = {normalize_label(one): {"href": one, "title": ""} for one in labels}
        if self._layout.context == CELL:
            content = content.replace(r"\|", "|")
        items = scan(content, references)
        found = [one.kind + one.role.value for one in items if not one.is_text]
        expected = [self._token_kind(token) for token in self._tokens]
        if found != expected:
            return False
        text = "".join(one.text for one in items if one.is_text)
        wanted = "".join(one.text for one in scan(self._text) if one.is_text)
        return text.split() == wanted.split()


def _image_label(source: str) -> str:
    match = re.fullmatch(r"!\[(.*)\](?:\[\])?", _flat(source))
    return match[1] if match else ""


def _word(parts: Sequence[tuple[str, str]], index: int) -> Iterator[str]:
    """Yield the parts up to the next blank."""
    for kind, text in parts[index:]:
        blank = re.search(r"\s", text) if kind != "text" else None
        if kind == "space":
            return
        yield text[: blank.start()] if blank else text
        if blank:
            return


def _common_words(first: str, second: str) -> int:
    """Return the length of the words that two texts start with, with the blank after them."""
    pairs = enumerate(zip(first, second, strict=False))
    shorter = min(len(first), len(second))
    length = next((index for index, (one, other) in pairs if one != other), shorter)
    return length if length == len(first) == len(second) else first.rfind(" ", 0, length) + 1


def _flat(text: str) -> str:
    """Return a source with each line break, and prefix of a line, as a blank."""
    return _SOURCE_BREAK.sub(" ", text)
