"""The Markdown parser: markdown-it-py with plugins, without its inline and renderer stages.

Only blocks are parsed here; `inline` scans the contents that are needed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock, code
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.articles.formats.base import FormatError
from pipeline.articles.formats.markdown import rules

MAX_NESTING = 100
"""Nested blocks that are parsed; each level of a list counts twice."""


_BLOCK_STARTS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "reference": "[",
    "footnote_def": "[",
    "html_block": "<",
    "component": "<",
    "heading": "#",
    "math_block": "$",
    "amsmath": "\\",
    "container": ":",
    "admonition": "!?=",
    "template": "{",
    "mdx_statement": "ie",
}
_INLINE_STARTS = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "footnote_ref": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "component_inline": "<",
    "entity": "&",
    "math_inline": "$",
    "footnote_inline": "^",
    "url": ":",
    "braces": "{",
}
# The first characters of the text that each rule matches; without an entry, any. Calling only
# these rules halves the time of parsing.
_Dispatch: TypeAlias = defaultdict[str, tuple[Callable[..., bool], ...]]
_BRACKETS = frozenset(("link", "image", "footnote_ref", "footnote_inline"))
_MAY_BE_DEFINITION = re.compile(r"^[ \t>]*[:~][ \t]", re.MULTILINE)


def _dispatch(
    rules: Iterable[tuple[str, Callable[..., bool]]], starts: Mapping[str, str]
) -> _Dispatch:
    """Return the rules that may match a text by its first character."""
    rules = list(rules)
    anywhere = tuple(rule for name, rule in rules if name not in starts)
    found: _Dispatch = defaultdict(lambda: anywhere)
    for character in set("".join(starts.values())):
        found[character] = tuple(
            rule for name, rule in rules if character in starts.get(name, character)
        )
    return found


class _Block(ParserBlock):
    """A block parser that reports blocks nested too deep, which its parent would skip."""

    def __init__(self) -> None:
        super().__init__()
        self._rules = self._terminators = _dispatch((), {})

    def prepare(self, body: str) -> None:
        """Select the rules for a text."""
        unused = {"code"}
        if "|" not in body:
            unused.add("table")
        if not _MAY_BE_DEFINITION.search(body):
            unused.add("deflist")
        names = dict(zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True))
        used = [(name, rule) for name, rule in names.items() if name not in unused]
        ending = self.ruler.getRules("paragraph")
        self._rules = _dispatch(used, _BLOCK_STARTS)
        self._terminators = _dispatch([one for one in used if one[1] in ending], _BLOCK_STARTS)

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - as in the parent class
        """Generate tokens as the parent class does; raises FormatError."""
        if state.level >= MAX_NESTING:
            raise FormatError(
                f"blocks are nested deeper than {MAX_NESTING} levels",
                "Remove some levels of its quotes and lists.",
                startLine + 1,
            )
        line, has_empty_lines = startLine, False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            first = state.src[state.bMarks[line] + state.tShift[line]]
            rules = (code,) if state.is_code_block(line) else ()
            if not any(rule(state, line, endLine, False) for rule in (*rules, *self._rules[first])):
                raise RuntimeError(f"no block rule matched line {line}")
            state.tight = not has_empty_lines
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                has_empty_lines = True
            if line < endLine and state.isEmpty(line):
                has_empty_lines = True
                line += 1
                state.line = line

    def prose(self, state: StateBlock, line: int, end: int, silent: bool) -> bool:
        """Match a paragraph, or a heading that is underlined."""
        outer, state.parentType = state.parentType, "paragraph"
        following, level, end = line + 1, 0, state.lineMax
        while following < end and not state.isEmpty(following):
            indent = state.sCount[following] - state.blkIndent
            # Lines below zero were checked by the rule of quotes.
            if indent <= 3 and state.sCount[following] >= 0:
                at = state.bMarks[following] + state.tShift[following]
                first = state.src[at]
                if first in "=-" and indent >= 0 and not state.is_code_block(line):
                    underline = state.src[at : state.eMarks[following]].rstrip(" \t")
                    if underline == first * len(underline):
                        level = 1 if first == "=" else 2
                        break
                if any(rule(state, following, end, True) for rule in self._terminators[first]):
                    break
            following += 1
        kind, tag = ("heading", f"h{level}") if level else ("paragraph", "p")
        content = state.getLines(line, following, state.blkIndent, False).strip()
        state.line = following + (level > 0)
        token = state.push(f"{kind}_open", tag, 1)
        token.map = [line, state.line]
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = content, [line, following], []
        state.push(f"{kind}_close", tag, -1)
        state.parentType = outer
        return True


def _is_deep(text: str) -> bool:
    """Return whether brackets are nested so deep that looking for links takes too long."""
    if text.count("[") <= MAX_NESTING:
        return False
    depth = 0
    for bracket in re.findall(r"[\[\]]", text):
        depth = depth + 1 if bracket == "[" else max(0, depth - 1)
        if depth > MAX_NESTING:
            return True
    return False


class _State(StateInline):
    """Marks tokens of pending text, whose place follows from their neighbours."""

    def pushPending(self) -> Token:  # noqa: N802 - as in the parent class
        token = super().pushPending()
        token.meta["pending"] = True
        return token


class _Inline(ParserInline):
    """Records the place of each token in `meta["at"]`."""

    def __init__(self) -> None:
        super().__init__()
        self._nested: tuple[int, int] | None = None
        self._busy = False
        self._rules = self._all = self._without_brackets = _dispatch((), {})

    def prepare(self) -> None:
        """Collect the rules."""
        names = zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True)
        rules = {name: rule for name, rule in names if name != "text"}
        self._all = _dispatch(rules.items(), _INLINE_STARTS)
        others = [one for one in rules.items() if one[0] not in _BRACKETS]
        self._without_brackets = _dispatch(others, _INLINE_STARTS)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse a content; texts of images and notes inside it are contents of their own."""
        if self._busy:
            return tokens
        self._busy, self._nested = True, None
        self._rules = self._without_brackets if _is_deep(src) else self._all
        try:
            state = _State(src, md, env, tokens)
            self.tokenize(state)
            for rule in self.ruler2.getRules(""):
                rule(state)
            return state.tokens
        finally:
            self._busy = False

    def tokenize(self, state: StateInline) -> None:
        """Generate tokens as the parent class does, with their places."""
        first, end = state.pos, state.posMax
        while state.pos < end:
            start, known = state.pos, len(state.tokens)
            if (stop := self._text_end(state)) > start:
                state.append_pending(state.src[start:stop])
                state.pos = stop
                continue
            self._nested = None
            if state.level < MAX_NESTING and any(
                rule(state, False) for rule in self._rules[state.src[start]]
            ):
                self._place(state, known, start)
                continue
            state.append_pending(state.src[start])
            state.pos += 1
        if state.pending:
            state.pushPending()
        self._nested = first, end

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - as in the parent class
        """Skip a token as the parent class does."""
        start = state.pos
        if start in state.cache:
            state.pos = state.cache[start]
            return
        if (stop := self._text_end(state)) > start:
            state.pos = stop
        elif state.level >= MAX_NESTING:
            state.pos = state.posMax
        else:
            state.level += 1
            if not any(rule(state, True) for rule in self._rules[state.src[start]]):
                state.pos = start + 1
            state.level -= 1
        state.cache[start] = state.pos

    def _text_end(self, state: StateInline) -> int:
        """Return the end of the text at the position that no rule matches."""
        match = self.terminator_re.search(state.src, state.pos, state.posMax)
        return match.start() if match else state.posMax

    def _place(self, state: StateInline, known: int, start: int) -> None:
        """Set the places of the tokens that a rule has added."""
        added = state.tokens[known:]
        new = [one for one in added if "at" not in one.meta and "pending" not in one.meta]
        if not new:
            return
        if self._nested is not None and len(new) == 2:
            low, high = self._nested
            new[0].meta["at"], new[1].meta["at"] = (start, low), (high, state.pos)
        elif new[0].type == "text":
            for token in new:
                end = start + len(token.content)
                token.meta["at"] = start, end
                start = end
        else:
            for token in new:
                token.meta["at"] = start, start
            new[0].meta["at"] = new[0].meta.get("start", start), state.pos


def _as_written(url: str) -> str:
    return url


def _is_target(url: str) -> bool:
    """Accept every scheme: nothing is rendered, and targets are not translated."""
    return True


def _at_start(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Return a rule that reads a space before the first character.

    The plugin reads index -1 there, so that the last digit of a text would decide.
    """

    def apply(state: StateInline, silent: bool) -> bool:
        if state.pos:
            return rule(state, silent)
        text, state.src = state.src, f"{state.src} "
        try:
            return rule(state, silent)
        finally:
            state.src = text

    return apply


@cache
def _parser() -> tuple[MarkdownIt, _Block]:
    """Return the parser of all dialects, and its block parser."""
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING, "inline_definitions": True})
    block, inline = _Block(), _Inline()
    md.block, md.inline = block, inline
    md.normalizeLink = _as_written  # type: ignore[method-assign]
    md.validateLink = _is_target  # type: ignore[method-assign]
    md.enable(["table", "strikethrough"])
    md.disable(["fragments_join", "linkify", "lheading", "paragraph"])
    block.ruler.push("prose", block.prose)
    footnote_plugin(md, move_to_end=False, always_match_refs=True)
    deflist_plugin(md)
    dollarmath_plugin(md, allow_space=False, allow_digits=False, double_inline=True)
    math = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)
    inline.ruler.at("math_inline", _at_start(math))
    amsmath_plugin(md)
    rules.install(md)
    inline.prepare()
    return md, block


def parse_blocks(body: str) -> tuple[list[Token], dict[str, Any]]:
    """Return the block tokens of a text with `\\n` line ends, and the link definitions.

    Raises FormatError for blocks that are nested too deep.
    """
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    md, block = _parser()
    block.prepare(body)
    block.parse(body.replace("\0", "\ufffd"), md, env, tokens)
    return tokens, env.get("references", {})


def parse_inline(text: str, references: Mapping[str, Any]) -> list[Token]:
    """Return the inline tokens of a content, each with its place in `meta["at"]`.

    Tokens with `meta["pending"]` are text; they have no place.
    """
    env: dict[str, Any] = {"references": references}
    md, _ = _parser()
    return md.inline.parse(text.replace("\0", "\ufffd"), md, env, [])
