"""Placeholders of entries without a format flag, recognized by their shape.

Blanks inside `{{ name }}` do not count. `%s` and `%1$s` may stand for each other, in their order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.checks.formats import icu
from pipeline.checks.text import EMAIL, URL

_PRINTF = re.compile(
    r"%(?:(?P<number>\d{1,2})\$)?(?P<flags>[#0+-]{0,3}\d{0,3}(?:\.\d{1,3})?)"
    r"(?P<size>hh|h|ll|l|z)?(?P<letter>[sdiuxXfFgGcr@])(?!\w)"
)
_OTHERS = re.compile(
    r"%%\w{1,60}%%"  # %%name%%
    r"|%\(\w{1,60}\)[#0 +-]{0,3}\d{0,3}(?:\.\d{1,3})?[a-zA-Z]"  # %(name)s
    r"|%\{[^{}\s]{1,60}\}"  # %{name}
    r"|(?<![\w%])%L?\d{1,2}(?![\d%$.,\w])|%n(?!\w)"  # %1, %n
    r"|\{%-?[^{}%]{1,120}-?%\}"  # {% if a %}
    r"|\$\{[^{}\s]{1,80}\}|\{\{[^{}]{1,80}\}\}"  # ${name}, {{ name }}
    r"|\{[A-Za-z0-9_.\[\]]{0,60}(?:![rsa])?(?::[^{}\s]{0,20})?\}"  # {name}, {0}, {}
    r"|(?<![\w$])\$[A-Za-z_][A-Za-z0-9_]{3,40}\b"  # $name, but not $US
    r"|\[\[[\w.-]{1,60}\]\]|(?<!\w)__[A-Za-z]\w{0,40}?__(?!\w)"  # [[name]], __name__
    r"|(?<![\w@/.])[@!][a-z_]{2,40}\b(?![.@/])"  # @name, !count
    r"|(?<![\w-])--[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?![\w-])"  # --no-color
)
_SIGNS = re.compile(r"[%{$]|[@!][a-z]|__|\[\[|--")
_BLANKS = re.compile(r"\s+")


class Directive(NamedTuple):
    """A directive of printf: its number, from 1, its conversion, and its text."""

    number: int
    letter: str
    text: str


def may_have(text: str) -> bool:
    """Return whether a text may have a placeholder."""
    return _SIGNS.search(text) is not None


def recognized_problems(source: str, target: str, language: str) -> Iterator[str]:
    """Yield the placeholders that a translation lost, added or changed."""
    if icu.is_message(source):
        yield from icu.message_problems(source, target, language)
        return
    before, after = (URL.sub(" ", EMAIL.sub(" ", text)) for text in (source, target))
    theirs, ours = _named(before), _named(after)
    for name in theirs - ours:
        yield f"The placeholder {name!r} is missing"
    for name in ours - theirs:
        if name[0] not in "@!-":
            yield f"The placeholder {name!r} is not in the source"
    yield from _printf(before, after)


def _named(text: str) -> Counter[str]:
    """Return the placeholders that must be the same, without blanks at their ends."""
    found = Counter[str]()
    for match in _OTHERS.finditer(text):
        name = _BLANKS.sub(" ", match[0])
        if name.startswith(("{{", "{%")):
            name = f"{name[:2]} {name[2:-2].strip()} {name[-2:]}"
        found[name] += 1
    return found


def _printf(source: str, target: str) -> Iterator[str]:
    """Compare directives of printf by number and conversion."""
    theirs, ours = _directives(source), _directives(target)
    if not theirs and not ours:
        return
    if not any("$" in one.text for one in (*theirs, *ours)):
        yield from _unnumbered(theirs, ours, target)
        return
    before = {(one.number, one.letter): one.text for one in theirs}
    after = {(one.number, one.letter): one.text for one in ours}
    for key in before.keys() - after:
        yield f"The placeholder {before[key]!r} is missing"
    for key in after.keys() - before:
        yield f"The placeholder {after[key]!r} is not in the source"


def _unnumbered(theirs: list[Directive], ours: list[Directive], target: str) -> Iterator[str]:
    before, after = (Counter(one.text for one in found) for found in (theirs, ours))
    for text in before - after:
        if target.count(text) < before[text]:  # "%shere%s" has it, too
            yield f"The placeholder {text!r} is missing"
    for text in after - before:
        yield f"The placeholder {text!r} is not in the source"
    if before == after:
        for one, other in zip(theirs, ours, strict=True):
            if one.letter != other.letter:
                yield f"The placeholders changed places: {other.text!r} is number {one.number}"
                return


def _directives(text: str) -> list[Directive]:
    found: list[Directive] = []
    for match in _PRINTF.finditer(text):
        if text[match.start() - 1 : match.start()] == "%":
            continue
        number = int(match["number"]) if match["number"] else len(found) + 1
        found.append(Directive(number, match["letter"], match[0]))
    return found
