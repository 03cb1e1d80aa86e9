"""Lost, added, changed, badly nested or emptied tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.articles import markup_problems
from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.rules.urls import LANGUAGE_IN_PATH as _LANGUAGE
from pipeline.checks.text import TAG, URL, Text
from pipeline.core import Severity, shorten

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)")
# Attributes with translatable text, and tags without an end.
_TEXT_ATTRIBUTE = re.compile(
    r"\s(?:alt|title|lang|hreflang|aria-label)\s*=\s*(?:\"[^\"]*\"|'[^']*')"
)
_VOID_HTML = frozenset(
    ("br", "hr", "img", "wbr", "input", "area", "col", "source", "link", "meta", "track", "embed")
)
_VOID = _VOID_HTML | {"x", "bx", "ex", "ph", "it"}
_LIST_SIGNS = ("-", "*", "+", "•", "#", "##", "###", "####")
_MAX_SHOWN = 60
# Other names in angle brackets, without attribute and end, are text: <Name eingeben>.
_HTML_NAMES = """
    a abbr address article aside audio b base bdi bdo big blockquote body br button canvas
    caption center cite code col colgroup data dd del details dfn dialog div dl dt em embed
    fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe
    img input ins kbd label legend li link main map mark meta meter nav noscript object ol
    optgroup option output p param picture pre progress q rp rt ruby s samp script section
    select small source span strike strong style sub summary sup svg table tbody td template
    textarea tfoot th thead time title tr track tt u ul var video wbr g x bx ex bpt ept ph it
    mrk pc sc ec
"""
_HTML = frozenset(_HTML_NAMES.split())
_LINK_TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)")
_BOLD = re.compile(r"(?<!\*)\*\*(?=[^\s*])[^*]*?(?<=[^\s*])\*\*(?!\*)")
_LIST_MARKER = re.compile(r"^[ \t]*(?:[-*+•·▪◦–—‣●○■□►]|#{1,6})(?=[ \t]+\S)", re.MULTILINE)
_CODE = re.compile(r"`([^`\s]*[_./\\()=<>:-][^`\s]*)`")
# :ref:`a chapter <label>` of reStructuredText.
_ROLE_TARGET = re.compile(r"`[^`<>]*<([^<>`\n]+)>`")
_NAMED_ENTITY = re.compile(r"&([A-Za-z]{2,8}\d{0,2});")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_OTHER_MARKS = frozenset("&*`]\n")
_MAY_BE_EMPTY = re.compile(r">\s*</")
_MARKDOWN = (
    ("](", re.compile(r"\]\("), "link"),
    ("**", re.compile(r"(?<!\*)\*\*(?!\*)"), "bold mark"),
    ("`", re.compile(r"`"), "code mark"),
)


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the tags regardless of order, their nesting, entities and Markdown marks.

    Entries of articles with inline markup are compared by the tokens of their format.
    """
    if context.entry is not None and context.entry.markup is not None:
        for message in markup_problems(context.entry.markup, source, target):
            yield Problem(f"{message[:1].upper()}{message[1:]}")
        return
    if "<" in source or "<" in target:
        yield from _tags(source, target)
    if "&" in source:
        theirs, ours = (_ENTITY.findall(URL.sub("", text)) for text in (source, target))
        lost = Counter(theirs) - Counter(ours)
        for entity in lost:
            yield Problem(f"The entity {entity} is missing", Severity.WARNING)
        for name in dict.fromkeys(_NAMED_ENTITY.findall(source)):
            if re.search(rf"&{name}(?![\w;])", target) and f"&{name};" not in lost:
                yield Problem(f"The entity &{name}; lacks its semicolon", Severity.WARNING)
    yield from _markdown(source, target)


def _markdown(source: str, target: str) -> Iterator[Problem]:
    """Compare the marks of Markdown: links, bold, code and list markers."""
    if source[:1] in _LIST_SIGNS or "\n" in source:
        before, after = len(_LIST_MARKER.findall(source)), len(_LIST_MARKER.findall(target))
        if before > after:
            yield Problem(f"{after} list markers, but {before} in the source", Severity.WARNING)
    if "](" in source:
        yield from _link_targets(source, target)
    if "`" in source:
        for pattern, name in ((_CODE, "code"), (_ROLE_TARGET, "target")):
            for text in Counter(pattern.findall(source)) - Counter(pattern.findall(target)):
                yield Problem(f"The {name} {text} is missing or changed", Severity.WARNING)
    marks = "*" in source or "*" in target or "`" in source or "`" in target
    for sign, pattern, name in _MARKDOWN if marks or "](" in source or "](" in target else ():
        if sign not in source and sign not in target:
            continue
        before, after = len(pattern.findall(source)), len(pattern.findall(target))
        if before != after and (name != "code mark" or before):
            yield Problem(f"{after} {name}s, but {before} in the source", Severity.WARNING)
        elif name == "bold mark" and len(_BOLD.findall(source)) > len(_BOLD.findall(target)):
            yield Problem("A space inside ** keeps the text from being bold", Severity.WARNING)


def _link_targets(source: str, target: str) -> Iterator[Problem]:
    """Compare the targets of links and images, except for the language of a page."""
    theirs, ours = (
        [(_LANGUAGE.sub("*", link), link) for link in _LINK_TARGET.findall(text)]
        for text in (source, target)
    )
    if len(theirs) != len(ours):
        return
    known = {key for key, _ in ours}
    for (key, link), (_, other) in zip(theirs, ours, strict=True):
        if key not in known and "://" not in link:
            yield Problem(f"The link target {link} became {other}", Severity.WARNING)


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece has a tag, an entity or a Markdown mark."""
    if any(sign in piece for sign in ("<", "&", "*", "`", "](")):
        return True
    return not is_target and (piece in _LIST_SIGNS or "\n" in piece or piece.startswith("#"))


def _tags(source: str, target: str) -> Iterator[Problem]:
    theirs, ours = _find_tags(source), _find_tags(target)
    if not theirs and not ours:
        return
    before, after = Counter(map(_normalized, theirs)), Counter(map(_normalized, ours))
    for tag in before - after:
        yield Problem(f"The tag {tag} is missing")
    for tag in after - before:
        yield Problem(f"The tag {tag} is not in the source")
    if before != after:
        return
    if _is_well_nested(theirs) and not _is_well_nested(ours):
        yield Problem(f"The tags are not well nested: {shorten(' '.join(ours), _MAX_SHOWN)}")
    elif _count_empty(target) > _count_empty(source):
        yield Problem("A tag that held text is empty", Severity.WARNING)


def _normalized(tag: str) -> str:
    """Return a tag without translatable attributes and repeated white space."""
    text = re.sub(r"\s+", " ", _TEXT_ATTRIBUTE.sub("", tag)).replace(" /", "/").replace(" >", ">")
    match = _NAME.match(text)
    if match and match[1].lower() in _VOID_HTML and text.endswith("/>"):
        return f"{text[:-2]}>"  # <br/> is <br>
    return text


def _find_tags(text: str) -> list[str]:
    """Return the tags of a text; a description in angle brackets is none."""
    found = TAG.findall(text)
    if not found:
        return found
    closed = {name for tag in found if tag.startswith("</") for name in _NAME.findall(tag)}
    return [tag for tag in found if _is_tag(tag, closed)]


def _is_tag(tag: str, closed: set[str]) -> bool:
    if tag.startswith("</") or tag.endswith("/>") or "=" in tag or ":" in tag:
        return True
    match = _NAME.match(tag)
    name = match[1] if match else ""
    return name in closed or (name.lower() in _HTML and len(tag.split()) == 1)


def _is_well_nested(tags: list[str]) -> bool:
    """Return whether every tag is closed, the last opened first, except tags without an end."""
    stack: list[str] = []
    for tag in tags:
        match = _NAME.match(tag)
        name = match[1].lower() if match else ""
        if tag.endswith("/>") or name in _VOID:
            continue
        if not tag.startswith("</"):
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack


def _count_empty(text: str) -> int:
    """Count the elements without text."""
    count, end, opened = 0, 0, False
    for match in TAG.finditer(text):
        closes = match[0].startswith("</")
        if closes and opened and not text[end : match.start()].strip():
            count += 1
        opened = not closes and not match[0].endswith("/>")
        end = match.end()
    return count


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether both texts have the same tags in the same order, and no other marks."""
    theirs, ours = source.raw, target.raw
    if (
        theirs[:1] in _LIST_SIGNS
        or not _OTHER_MARKS.isdisjoint(theirs)
        or not _OTHER_MARKS.isdisjoint(ours)
    ):
        return False
    return TAG.findall(theirs) == TAG.findall(ours) and not _MAY_BE_EMPTY.search(ours)


CHECK = Check(
    id="markup",
    severity=Severity.ERROR,
    summary="A tag is lost, added, changed, badly nested or emptied.",
    why="The built article loses its links and emphasis, or does not parse at all.",
    fix="Copy every tag of the source into the translation, around the same words.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    wrong=(
        ("en", "Ein <b>guter</b> Tag", "A good day"),
        ("en", "Ein <b>guter</b> Tag", "A </b>good<b> day"),
        ("fr", '<a href="/a">hier</a>', '<a href="/b">ici</a>'),
        ("en", "Ein <b>guter</b> Tag", "A good <b></b> day"),
        ("en", "Ein **guter** Tag", "A **good day"),
        ("en", "- Punkt eins", "Point one"),
    ),
    right=(
        ("en", "Ein <b>guter</b> Tag", "A <b>good</b> day"),
        ("en", "<i>Heute</i> ist <b>Montag</b>.", "<b>Monday</b> is <i>today</i>."),
        ("en", '<img src="a.png" alt="Hund">', '<img src="a.png" alt="Dog">'),
        ("en", "Es sind 5 < 7.", "It is 5 < 7."),
        ("en", "Zeile<br>Zeile", "Line<br/>line"),
        ("en", "<Name eingeben>", "<enter name>"),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
