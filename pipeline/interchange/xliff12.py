"""XLIFF 1.2 (OASIS, 2008), which nearly every translation tool reads.

Export: a draft has the state `needs-review-translation` with the qualifier `mt-suggestion`,
or `exact-match` if it comes from the memory. An approved entry is `final` and approved.

Import: the states `translated`, `signed-off` and `final` approve a unit unless it has
`approved="no"`. Without a state, `approved="yes"` approves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.articles.formats import BREAK
from pipeline.core import InterchangeError, State, language_tag
from pipeline.files.xml import (
    INVALID,
    XmlNode,
    child_nodes,
    escape_exact,
    escape_text,
    parse_xml,
    quote_attribute,
    render_xml,
)
from pipeline.interchange.document import InterchangeDocument, TransUnit
from pipeline.interchange.inline_markup import InlineCode, UnitMarkup, find_format
from pipeline.interchange.xliff_common import (
    InlineElement,
    Interpreter,
    character,
    check_language,
    local_name,
    make_unit,
    note_elements,
    parse_text,
    required_attribute,
    xliff_version,
)

SUFFIX = ".xlf"
VERSIONS = ("1.1", "1.2")
_NAMESPACE = "urn:oasis:names:tc:xliff:document:1."
_CHARACTER = "x-cp-"
_PLACEHOLDER = f'<x id="c{{number}}" ctype="{_CHARACTER}{{code}}"/>'
_CONTENT = "…"  # the content of an element in its equivalent text
_PAIR_TYPES = {
    **dict.fromkeys(("a", "link"), "link"),
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em", "emphasis"), "italic"),
    "u": "underlined",
}
_SINGLE_TYPES = {"img": "image", "image": "image", BREAK: "lb"}
_NO_NAME = re.compile(r"[^\w-]+")
_STATES = {
    State.MISSING: "needs-translation",
    State.DRAFT: "needs-review-translation",
    State.TOUCHED: "needs-review-translation",
    State.APPROVED: "final",
}
_APPROVING = frozenset({"translated", "signed-off", "final"})


def matches(data: bytes) -> bool:
    """Return whether a file has this format."""
    return xliff_version(data) in VERSIONS


def render(document: InterchangeDocument) -> bytes:
    """Return the content of a file with one document."""
    language = quote_attribute(language_tag(document.language))
    lines = [
        f'<xliff version="1.2" xmlns="{_NAMESPACE}2">',
        f'<file original={quote_attribute(document.article)} source-language="de"'
        f' target-language={language} datatype="plaintext">',
        "<body>",
    ]
    form = find_format(document.article)
    for unit in document.units:
        lines += _unit_lines(unit, language, UnitMarkup(form))
    return render_xml([*lines, "</body>", "</file>", "</xliff>"])


def _unit_lines(unit: TransUnit, language: str, markup: UnitMarkup) -> Iterator[str]:
    approved = ' approved="yes"' if unit.state is State.APPROVED else ""
    yield f'<trans-unit id="{unit.id}"{approved} xml:space="preserve">'
    yield f'  <source xml:lang="de">{_write(unit.source, markup)}</source>'
    state = f' state="{_STATES[unit.state]}"'
    if unit.state is State.DRAFT:
        origin = "".join(unit.notes.get("origin", ()))
        match = "exact-match" if origin.startswith("draft by memory") else "mt-suggestion"
        state += f' state-qualifier="{match}"'
    yield f"  <target xml:lang={language}{state}>{_write(unit.target, markup)}</target>"
    for reference in unit.notes.get("location", ()):
        file, _, line = reference.rpartition(":")
        yield (
            '  <context-group purpose="location">'
            f'<context context-type="sourcefile">{escape_text(file)}</context>'
            f'<context context-type="linenumber">{escape_text(line)}</context></context-group>'
        )
    for note in note_elements(unit, "from"):
        if not note.startswith('<note from="location"'):
            yield f"  {note}"
    yield "</trans-unit>"


def _write(text: str, markup: UnitMarkup) -> str:
    """Return a text with its inline elements; characters are numbered in all of it."""
    characters = 0

    def escape(part: str) -> str:
        nonlocal characters
        written = escape_exact(part, _PLACEHOLDER, characters)
        characters += len(INVALID.findall(part))
        return written

    return markup.write(text, escape, _write_element)


def _write_element(code: InlineCode, content: str) -> str:
    """Return `<g>` or `<x/>`; the text that is restored is its equivalent text."""
    types = _SINGLE_TYPES if code.closing is None else _PAIR_TYPES
    kind = types.get(code.kind) or f"x-{_NO_NAME.sub('-', code.kind)}"
    start = f'id="{code.id}" ctype="{kind}" equiv-text='
    if code.closing is None:
        return f"<x {start}{quote_attribute(code.opening)}/>"
    both = f"{code.opening}{_CONTENT}{code.closing}"
    return f"<g {start}{quote_attribute(both)}>{content}</g>"


def read(data: bytes, name: str) -> tuple[InterchangeDocument, ...]:
    """Read the sheets of a file; raises InterchangeError."""
    root = parse_xml(data, name, InterchangeError)
    space, blank, _ = root.tag.rpartition(" ")
    return tuple(
        _parse_file(name, file, space + blank) for file in child_nodes(root, f"{space}{blank}file")
    )


def _parse_file(name: str, file: XmlNode, space: str) -> InterchangeDocument:
    check_language(name, file, file.get("source-language"))
    article = required_attribute(name, file, "original")
    language = required_attribute(name, file, "target-language")
    found = (node for node in file.iter(f"{space}trans-unit") if isinstance(node, XmlNode))
    units = tuple(_parse_unit(name, node, space) for node in found)
    return InterchangeDocument(article, language, units, file.line)


def _parse_unit(name: str, node: XmlNode, space: str) -> TransUnit:
    source, target = (
        next(child_nodes(node, f"{space}{tag}"), None) for tag in ("source", "target")
    )
    state = "" if target is None else target.get("state", "")
    approval = node.get("approved", "")
    approved = state in _APPROVING and approval != "no" if state else approval == "yes"
    interpret = _interpreter(source)
    texts = (parse_text(source, interpret), parse_text(target, interpret))
    notes = ((n.get("from", ""), "".join(n.itertext())) for n in child_nodes(node, f"{space}note"))
    return make_unit(name, node, *texts, approved, notes)


def _interpreter(source: XmlNode | None) -> Interpreter:
    """Return the function for inline elements, which knows those of the German by their id.

    Some tools keep only the id in the translation.
    """
    nodes = [] if source is None else list(source.iter())
    known = {
        (local_name(node), node.get("id", "")): found
        for node in nodes
        if isinstance(node, XmlNode) and (found := _interpret(node))
    }

    def interpret(node: XmlNode) -> InlineElement | None:
        return _interpret(node) or known.get((local_name(node), node.get("id", "")))

    return interpret


def _interpret(node: XmlNode) -> InlineElement | None:
    """Return the meaning of an inline element.

    `<ph>`, `<bpt>`, `<ept>` and `<it>` contain their code. The others have at most an
    equivalent text. A mark of another kind may enclose deleted text (`x-sdl-deleted`).
    """
    name = local_name(node)
    kind, comment = node.get("mtype", ""), node.get("comment", "")
    if name == "mrk" and (kind == "seg" or ("comment" in kind and comment)):
        return InlineElement(comment=comment)
    if name == "x" and node.get("ctype", "").startswith(_CHARACTER):
        return character(node.get("ctype", "").removeprefix(_CHARACTER))
    code = "".join(node.itertext()) if name in ("ph", "bpt", "ept", "it") else ""
    text = code or node.get("equiv-text", "")
    if name == "g":
        before, mark, after = text.partition(_CONTENT)
        return InlineElement(before, after) if mark else None
    return InlineElement(text, has_content=False) if text else None
