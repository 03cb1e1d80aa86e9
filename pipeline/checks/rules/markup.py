"""Lost, added, changed, badly nested or emptied tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.articles import markup_problems
from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import TAG, URL, Text
from pipeline.core import Severity

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)")
# Attributes with translatable text, and tags without an end.
_TEXT_ATTRIBUTE = re.compile(
    r"\s(?:alt|title|lang|hreflang|aria-label)\s*=\s*(?:\"[^\"]*\"|'[^']*')"
)
_VOID = frozenset(
    [
        "br",
        "hr",
        "img",
        "wbr",
        "input",
        "x",
        "bx",
        "ex",
        "ph",
        "it",
        "area",
        "col",
        "source",
        "link",
        "meta",
    ]
)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_OTHER_MARKS = frozenset("&*`]")
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
    marks = "*" in source or "*" in target or "`" in source or "`" in target
    for sign, pattern, name in _MARKDOWN if marks or "](" in source or "](" in target else ():
        if sign not in source and sign not in target:
            continue
        before, after = len(pattern.findall(source)), len(pattern.findall(target))
        if before != after and (name != "code mark" or before):
            yield Problem(f"{after} {name}s, but {before} in the source", Severity.WARNING)


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece has a tag, an entity or a Markdown mark."""
    return any(sign in piece for sign in ("<", "&", "*", "`", "]("))


def _tags(source: str, target: str) -> Iterator[Problem]:
    theirs, ours = TAG.findall(source), TAG.findall(target)
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
        yield Problem("The tags are not well nested")
    elif _count_empty(target) > _count_empty(source):
        yield Problem("A tag that held text is empty", Severity.WARNING)


def _normalized(tag: str) -> str:
    """Return a tag without translatable attributes and repeated white space."""
    return re.sub(r"\s+", " ", _TEXT_ATTRIBUTE.sub("", tag)).replace(" /", "/").replace(" >", ">")


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
    if not _OTHER_MARKS.isdisjoint(theirs) or not _OTHER_MARKS.isdisjoint(ours):
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
    ),
    right=(
        ("en", "Ein <b>guter</b> Tag", "A <b>good</b> day"),
        ("en", "<i>Heute</i> ist <b>Montag</b>.", "<b>Monday</b> is <i>today</i>."),
        ("en", '<img src="a.png" alt="Hund">', '<img src="a.png" alt="Dog">'),
        ("en", "Es sind 5 < 7.", "It is 5 < 7."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
