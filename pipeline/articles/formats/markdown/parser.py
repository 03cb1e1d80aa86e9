"""The Markdown parser: markdown-it-py with plugins, without its inline and renderer stages.

Only blocks are parsed here; `inline` scans the contents that are needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.articles.formats.base import FormatError
from pipeline.articles.formats.markdown import rules

MAX_NESTING = 100
"""Nested blocks that are parsed; each level of a list counts twice."""


class _Block(ParserBlock):
    """Reports blocks that are nested too deep, which markdown-it-py would skip."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - as in the parent class
        if state.level >= MAX_NESTING:
            raise FormatError(
                f"blocks are nested deeper than {MAX_NESTING} levels",
                "Remove some levels of its quotes and lists.",
                startLine + 1,
            )
        super().tokenize(state, startLine, endLine)


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

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse a content; texts of images and notes inside it are contents of their own."""
        if self._busy:
            return tokens
        self._busy, self._nested = True, None
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
        all_rules = self.ruler.getRules("")
        while state.pos < end:
            start, known = state.pos, len(state.tokens)
            self._nested = None
            if state.level < state.md.options["maxNesting"] and any(
                rule(state, False) for rule in all_rules
            ):
                if state.pos <= start:
                    raise RuntimeError(f"inline rule did not move on from {start}")
                self._place(state, known, start)
                continue
            state.append_pending(state.src[state.pos])
            state.pos += 1
        if state.pending:
            state.pushPending()
        self._nested = first, end

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


@cache
def parser() -> MarkdownIt:
    """Return the parser of all dialects; it is not safe for several threads."""
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING, "inline_definitions": True})
    md.block, md.inline = _Block(), _Inline()
    md.enable(["table", "strikethrough"])
    md.disable(["fragments_join", "linkify"])
    footnote_plugin(md, move_to_end=False, always_match_refs=True)
    deflist_plugin(md)
    dollarmath_plugin(md, allow_space=False, allow_digits=False, double_inline=True)
    amsmath_plugin(md)
    rules.install(md)
    return md


def parse_blocks(body: str) -> tuple[list[Token], dict[str, Any]]:
    """Return the block tokens of a text with `\\n` line ends, and the link definitions.

    Raises FormatError for blocks that are nested too deep.
    """
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    parser().block.parse(body.replace("\0", "\ufffd"), parser(), env, tokens)
    return tokens, env.get("references", {})


def parse_inline(text: str, references: Mapping[str, Any]) -> list[Token]:
    """Return the inline tokens of a content, each with its place in `meta["at"]`.

    Tokens with `meta["pending"]` are text; they have no place.
    """
    env: dict[str, Any] = {"references": references}
    return parser().inline.parse(text.replace("\0", "\ufffd"), parser(), env, [])
