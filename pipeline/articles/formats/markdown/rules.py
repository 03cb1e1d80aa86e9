"""Rules for Markdown dialects that markdown-it-py and its plugins do not have.

Block rules: containers (`::: tip Title`, of VitePress, Docusaurus and Pandoc), admonitions and
tabs of Python-Markdown (`!!! note "Title"`, `=== "Tab"`), template tags, and MDX imports,
exports and components. Inline rules: bare URLs, attribute lists, expressions, components.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from markdown_it import MarkdownIt, helpers
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_inline import StateInline

_FLOW = ["paragraph", "reference", "blockquote", "list"]
_COMPONENT_TAG = re.compile(r"</?[A-Z][\w.]*(?:\s[^<>]*)?>")

_CONTAINER = re.compile(
    r":{3,}[ \t]*(?P<name>[\w-]+)?"
    r"(?:\[(?P<label>[^\]]*)\]|[ \t]+(?P<title>[^\s{][^{]*?))?[ \t]*(?:\{[^}]*\})?[ \t]*:*$"
)
_ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?)[ \t]*(?P<name>[^\s\"][^\"]*)?(?:\"(?P<title>.*)\")?[ \t]*$"
)
_TAB = re.compile(r"===[!+]?[ \t]+\"(?P<title>[^\"]+)\"[ \t]*$")
_TEMPLATE = re.compile(r"(?:\{%.*%\}|\{\{[<%].*[>%]\}\})[ \t]*$")
# Template tags around code, or around text that is not published.
_CODE_TEMPLATE = re.compile(
    r"(?:\{%-?|\{\{[<%])[ \t]*(?P<name>highlight|code|code-toggle|codeblock|comment|mermaid)\b"
)
_PARAMETER = re.compile(
    r"\b(?P<name>alt|title|subtitle|caption|description)[ \t]*=[ \t]*"
    r"(?:\"(?P<double>[^\"\\{}<>]+)\"|'(?P<single>[^'\\{}<>]+)')"
)
# What the usual parser reads the same, at a tenth of its time.
_SIMPLE_TARGET = re.compile(r"[!#-%'*-;=?-\[\]-z|}~]+(?=[) \n])")
_TEMPLATE_TARGET = re.compile(
    r"(?:\{\{(?:(?!\}\}).)*\}\}|\{%(?:(?!%\}).)*%\}|[^\s(){}<>\\])+", re.DOTALL
)
_MDX_STATEMENT = re.compile(
    r"import[ \t]+(?:[\w*{$][^'\"]*[ \t}]from[ \t]*)?['\"]"
    r"|import[ \t]+\{[ \t]*$|export[ \t]+(?:(?:const|let|default|function|async|class)\b|[{*])"
)
_COMPONENT = re.compile(r"</?(?:[A-Z][\w.]*|[a-z][\w-]*)?(?=[\s/>{])")
_URL = re.compile(r"://[^\s<>\[\]]*[^\s<>?!.,:*_~'\"“”„»«\[\])};]")
_SCHEME = re.compile(r"(?<![^\W_])https?$", re.IGNORECASE)
_ATTRIBUTES = re.compile(
    r"\{(?::[^{}\n]*|\s*(?:(?:[#.][\w:.-]+|[\w:-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s{}\"']+))\s*)+)\}"
)
_EXPRESSION = re.compile(r"\{\s*(?:/\*|[\w$.]+\s*\}|.*[.()=+\[\]<>&|$#%`?\d])", re.DOTALL)
_MAX_TAG_LINES, _MAX_EXPRESSION, _MAX_INLINE_TAG, _MAX_COMPONENTS = 50, 2000, 500, 100


def install(md: MarkdownIt) -> None:
    """Add the rules to a parser."""
    md.helpers = SimpleNamespace(  # type: ignore[assignment] # an object with the same functions
        parseLinkLabel=helpers.parseLinkLabel,
        parseLinkDestination=parse_destination,
        parseLinkTitle=helpers.parseLinkTitle,
    )
    block = md.block.ruler
    block.before("fence", "container", _container, {"alt": _FLOW})
    block.before("fence", "admonition", _admonition, {"alt": _FLOW})
    block.before("fence", "template", _template, {"alt": _FLOW})
    block.before("reference", "mdx_statement", _mdx_statement)
    block.at("html_block", _html_block, {"alt": _FLOW})
    block.after("html_block", "component", _component, {"alt": ["paragraph", "reference"]})
    inline = md.inline.ruler
    inline.before("escape", "url", _url)
    inline.before("escape", "braces", _braces)
    inline.after("html_inline", "component_inline", _component_inline)
    for character in ":{":
        md.inline.add_terminator_char(character)


@dataclass(slots=True)
class Destination:
    """The target of a link at the end position `pos`, if there is one."""

    ok: bool
    pos: int
    str: str


def parse_destination(text: str, at: int, limit: int) -> Destination:
    """Parse the target of a link, in which template tags may have blanks."""
    if simple := _SIMPLE_TARGET.match(text, at, limit):
        return Destination(True, simple.end(), simple[0])
    match = _TEMPLATE_TARGET.match(text, at, limit) if "{" in text else None
    if match is not None and "{" in match[0]:
        return Destination(True, match.end(), match[0])
    found = helpers.parseLinkDestination(text, at, limit)
    return Destination(found.ok, found.pos, found.str)


def template_parameters(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the name and span of each parameter of a template tag whose value is text."""
    for match in _PARAMETER.finditer(text):
        span = match.span("double" if match["double"] else "single")
        yield match["name"], *span


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _push_title(state: StateBlock, line: int, title: str) -> None:
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = title.strip(), [line, line + 1], []
    token.meta = {"title": True}


def _container(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Match a line that opens or closes a container; what is between is usual Markdown."""
    if not state.src.startswith(":::", state.bMarks[line] + state.tShift[line]):
        return False
    text = _text(state, line)
    match = _CONTAINER.match(text)
    if state.is_code_block(line):
        return False
    if silent:
        return True
    title = (match["label"] or match["title"] or "") if match else ""
    token = state.push("container", "", 0)
    token.map = [line, line + 1]
    token.content = text.replace(title, "", 1) if title else text
    if title.strip():
        _push_title(state, line, title)
    state.line = line + 1
    return True


def _admonition(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Match an admonition or tab: a line with a title, and indented blocks."""
    at = state.bMarks[line] + state.tShift[line]
    if state.src[at : at + 3] not in ("!!!", "???", "===") or state.is_code_block(line):
        return False
    text = _text(state, line)
    match = _ADMONITION.match(text) or _TAB.match(text)
    if match is None:
        return False
    if silent:
        return True
    title = match["title"] or ""
    outer = state.parentType, state.lineMax, state.blkIndent
    state.parentType = "admonition"
    state.blkIndent = state.sCount[line] + 4
    following = line + 1
    while following < end and (
        state.isEmpty(following) or state.sCount[following] >= state.blkIndent
    ):
        following += 1
    state.lineMax = following
    token = state.push("admonition_open", "div", 1)
    token.map = [line, following]
    token.content = text.replace(title, "", 1) if title else text
    if title.strip():
        _push_title(state, line, title)
    state.md.block.tokenize(state, line + 1, following)
    state.push("admonition_close", "div", -1)
    state.parentType, state.lineMax, state.blkIndent = outer
    state.line = following
    return True


def _template(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Match a line that is a template tag: `{% … %}`, `{{< … >}}`; with the code in it."""
    at = state.bMarks[line] + state.tShift[line]
    if state.src[at : at + 1] != "{" or not _TEMPLATE.match(text := _text(state, line)):
        return False
    if state.is_code_block(line):
        return False
    if not silent and (code := _CODE_TEMPLATE.match(text)):
        closing = re.compile(r"[ \t>]*\{[{%][-<%]?[ \t]*(?:end|/[ \t]*)" + re.escape(code["name"]))
        for following in range(line + 1, end):
            if closing.match(state.src, state.bMarks[following], state.eMarks[following]):
                return _push_lines(state, "template", line, following + 1)
    return silent or _push_lines(state, "template", line, line + 1)


def _mdx_statement(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Match an MDX import or export; it ends at a blank line."""
    text = _text(state, line)
    if silent or not text.startswith(("import", "export")) or not _MDX_STATEMENT.match(text):
        return False
    following = line + 1
    while following < end and not state.isEmpty(following):
        following += 1
    return _push_lines(state, "mdx_statement", line, following)


def _component(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Match a JSX tag that is no HTML, alone on its lines: `<Tabs items={["a"]}>`."""
    at = state.bMarks[line] + state.tShift[line]
    if state.src[at : at + 1] != "<" or not _COMPONENT.match(state.src, at):
        return False
    if silent and state.src[at + 1 : at + 2] != "/":
        return False
    limit = state.eMarks[min(end, line + _MAX_TAG_LINES) - 1]
    stop = _tag_end(state.src, at, limit)
    following = line + 1
    while following < end and state.bMarks[following] < stop:
        following += 1
    if stop < 0 or state.src[stop : state.eMarks[following - 1]].strip():
        return False
    if not silent:
        _follow_component(state, line, state.src[at:stop])
    return silent or _push_lines(state, "component", line, following)


def _html_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Match a block of HTML, which may open or close components."""
    found = html_block(state, line, end, silent)
    if found and not silent:
        for match in _COMPONENT_TAG.finditer(state.tokens[-1].content):
            _follow_component(state, line, match[0])
    return found


def _follow_component(state: StateBlock, line: int, tag: str) -> None:
    """Read indented lines in a component as text: MDX has no indented code."""
    match = re.match(r"</?([\w.-]*)", tag)
    name = match[1] if match else ""
    opened: list[str] = state.env.setdefault("components", [])
    unclosed: set[str] = state.env.setdefault("unclosed_components", set())
    if tag.startswith("</"):
        if name in opened:
            del opened[len(opened) - 1 - opened[::-1].index(name) :]
    elif not tag.endswith("/>") and name not in unclosed and len(opened) < _MAX_COMPONENTS:
        if state.src.find(f"</{name}>", state.bMarks[line]) >= 0:
            opened.append(name)
        else:
            unclosed.add(name)
    state._code_enabled = not opened


def _push_lines(state: StateBlock, kind: str, start: int, end: int) -> bool:
    """Add a block without translatable text."""
    token = state.push(kind, "", 0)
    token.map = [start, end]
    token.content = state.getLines(start, end, state.blkIndent, False)
    state.line = end
    return True


def _tag_end(text: str, at: int, limit: int) -> int:
    """Return the end of a JSX tag at `at`, -1 if it is not closed before `limit`."""
    depth, quote = 0, ""
    for index in range(at + 1, limit):
        character = text[index]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'`" and (depth or text[index - 1] == "="):
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == ">" and depth == 0:
            return index + 1
        elif depth < 0 or (character == "<" and depth == 0):
            return -1
    return -1


def _url(state: StateInline, silent: bool) -> bool:
    """Match a bare URL with its scheme; the position is at the colon."""
    at = state.pos
    if not state.src.startswith("://", at) or state.linkLevel:
        return False
    scheme = _SCHEME.search(state.src, max(0, at - 6), at)
    match = _URL.match(state.src, at, state.posMax)
    if scheme is None or match is None:
        return False
    end = match.end()
    if state.src.startswith(")", end) and "(" in match[0]:
        end += match[0].count("(") > match[0].count(")")
    if not silent:
        length = at - scheme.start()
        if not state.pending.endswith(state.src[scheme.start() : at]):
            return False
        state.pending = state.pending[:-length]
        token = state.push("url", "", 0)
        token.meta["start"] = scheme.start()
    state.pos = end
    return True


def _braces(state: StateInline, silent: bool) -> bool:
    """Match `{{ … }}`, `{% … %}`, a list of attributes, or an MDX expression."""
    at, text = state.pos, state.src
    if text[at] != "{":
        return False
    kind, end = "expression", -1
    attributes = _ATTRIBUTES.match(text, at, state.posMax)
    if text.startswith(("{{", "{%"), at):
        closing = "}}" if text[at + 1] == "{" else "%}"
        end = _find_closing(state, closing, at + 2)
        end = end + 2 if end >= 0 else -1
    elif attributes:
        kind, end = "attributes", attributes.end()
    else:
        end = _matching_braces(state).get(at, -1)
        if end - at > _MAX_EXPRESSION or not _EXPRESSION.match(text, at, max(at, end)):
            end = -1
    if not at < end <= state.posMax:
        return False
    if not silent:
        state.push(kind, "", 0)
    state.pos = end
    return True


def _find_closing(state: StateInline, closing: str, at: int) -> int:
    """Return the next position of a delimiter, or -1; many open ones share one search."""
    known: dict[str, tuple[str, int, int, int]] = state.env.setdefault("closings", {})
    text, end, start, found = known.get(closing, ("", 0, 0, 0))
    if text is not state.src or end != state.posMax or at < start or 0 <= found < at:
        found = state.src.find(closing, at, state.posMax)
        known[closing] = state.src, state.posMax, at, found
    return found


def _matching_braces(state: StateInline) -> dict[int, int]:
    """Return the end of each balanced pair of braces by its start."""
    found: dict[int, int] | None = state.env.get("braces")
    if found is None or state.env.get("braces_of") is not state.src:
        found, opened = {}, []
        for match in re.finditer(r"[{}]", state.src):
            if match[0] == "{":
                opened.append(match.start())
            elif opened:
                found[opened.pop()] = match.end()
        state.env["braces"], state.env["braces_of"] = found, state.src
    return found


def _component_inline(state: StateInline, silent: bool) -> bool:
    """Match a JSX tag that is no HTML, such as `<Icon size={2} />`."""
    at = state.pos
    if state.src[at] != "<" or not _COMPONENT.match(state.src, at, state.posMax):
        return False
    limit = min(state.posMax, at + _MAX_INLINE_TAG)
    if state.src.find("{", at, limit) < 0 or state.src.find("}", at, limit) < 0:
        return False
    end = _tag_end(state.src, at, limit)
    if end < 0:
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        token.content = state.src[at:end]
    state.pos = end
    return True
