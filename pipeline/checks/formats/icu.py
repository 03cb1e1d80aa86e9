"""Messages of ICU MessageFormat: `{count, plural, one {# file} other {# files}}`.

The grammar is small, and the parsers on PyPI are unmaintained or read other syntaxes, so it is
parsed here: https://unicode-org.github.io/icu/userguide/format_parse/messages/. Plural
categories are those of CLDR, by way of Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.checks.formats.base import FormatStringError

_START = re.compile(r"\{\s*[\w.-]+\s*,\s*(?:plural|select|selectordinal)\s*,")
_WORD = re.compile(r"[^\s{},]+")
_SPACE = re.compile(r"\s*")
_OFFSET = re.compile(r"offset\s*:\s*\d+\s*")
_SELECTORS = ("plural", "select", "selectordinal")
_SIMPLE = ("number", "date", "time", "spellout", "ordinal", "duration", "list")
_MAX_DEPTH = 20


@dataclass(slots=True)
class IcuMessage:
    """The arguments of a message: kinds by name, and the branches of each selection."""

    kinds: dict[str, set[str]] = field(default_factory=dict)
    branches: dict[tuple[str, str], set[str]] = field(default_factory=dict)


def is_message(text: str) -> bool:
    """Return whether a text has a plural or a selection of ICU."""
    return _START.search(text) is not None


def parse(text: str) -> IcuMessage:
    """Parse a message. Raises FormatStringError."""
    reader = _Reader(text)
    reader.message(0)
    if reader.at < len(text):
        raise FormatStringError("'}' without '{'")
    return reader.found


def message_problems(source: str, target: str, language: str) -> Iterator[str]:
    """Yield how a translation differs from a message; none if the source is no valid one."""
    try:
        theirs = parse(source)
    except FormatStringError:
        return
    try:
        ours = parse(target)
    except FormatStringError as error:
        yield f"No valid ICU message, unlike the source: {error}"
        return
    for name in sorted(theirs.kinds.keys() | ours.kinds.keys()):
        if name not in ours.kinds:
            yield f"The argument {name!r} is missing"
        elif name not in theirs.kinds:
            yield f"The argument {name!r} is not in the source"
        elif theirs.kinds[name] != ours.kinds[name]:
            before, after = (", ".join(sorted(m.kinds[name])) for m in (theirs, ours))
            yield f"The argument {name!r} is {before} in the source, {after} in the translation"
    for key, branches in ours.branches.items():
        if key in theirs.branches:
            yield from _branch_problems(key, theirs.branches[key], branches, language)


def _branch_problems(
    key: tuple[str, str], before: set[str], after: set[str], language: str
) -> Iterator[str]:
    name, kind = key
    if kind == "select":
        for branch in sorted(before - after):
            yield f"The branch {branch!r} of {name!r} is missing"
        for branch in sorted(after - before):
            yield f"The branch {branch!r} of {name!r} is not in the source"
        return
    categories = plural_categories(language, kind == "selectordinal")
    named = {branch for branch in after if not branch.startswith("=")}
    if not categories:
        return
    for branch in sorted(named - categories):
        known = ", ".join(sorted(categories))
        yield f"{language} has no plural category {branch!r} ({name!r}; it has {known})"
    for branch in sorted(categories - named):
        yield f"The plural category {branch!r} of {name!r} is missing"


@lru_cache(maxsize=64)
def plural_categories(language: str, ordinal: bool = False) -> frozenset[str]:
    """Return the plural categories of a language by CLDR, none if it is unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.partition("@")[0].replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return frozenset()
    form = locale.ordinal_form if ordinal else locale.plural_form
    # Compact numbers (1M) alone have the category of millions in Romance languages.
    return frozenset((*form.tags, "other")) - ({"many"} if language[:2] in _COMPACT else set())


_COMPACT = ("fr", "es", "it", "pt", "ca")


class _Reader:
    """A recursive descent parser."""

    def __init__(self, text: str) -> None:
        self.at = 0
        self.found = IcuMessage()
        self._text = text

    def message(self, depth: int) -> None:
        """Read text and arguments, up to the brace that closes the message."""
        if depth > _MAX_DEPTH:
            raise FormatStringError("the message is nested too deeply")
        while self.at < len(self._text):
            sign = self._text[self.at]
            if sign == "'" and self._text[self.at + 1 : self.at + 2] in ("{", "}", "#", "|"):
                end = self._text.find("'", self.at + 2)
                self.at = len(self._text) if end < 0 else end + 1
            elif sign == "{":
                self.at += 1
                self._argument(depth)
            elif sign == "}":
                return
            else:
                self.at += 1

    def _argument(self, depth: int) -> None:
        name = self._word("an argument has no name")
        kind = ""
        if self._skip(","):
            kind = self._word("an argument has no type")
            if kind in _SELECTORS:
                self._expect(",")
                self._branches(name, kind, depth)
            elif kind not in _SIMPLE:
                raise FormatStringError(f"{kind!r} is no type of an argument")
            elif self._skip(","):
                self._style()
        self.found.kinds.setdefault(name, set()).add(kind or "a value")
        self._expect("}")

    def _branches(self, name: str, kind: str, depth: int) -> None:
        self._spaces()
        if match := _OFFSET.match(self._text, self.at):
            self.at = match.end()
        branches = self.found.branches.setdefault((name, kind), set())
        read: set[str] = set()
        while not self._text.startswith("}", self.at):
            branch = self._word(f"{name!r} ends in the middle")
            self._expect("{")
            self.message(depth + 1)
            self._expect("}")
            read.add(branch)
            self._spaces()
        if "other" not in read:
            raise FormatStringError(f"{name!r} has no branch 'other'")
        branches |= read

    def _style(self) -> None:
        """Skip the style of a number or date, in which braces pair."""
        depth = 0
        while self.at < len(self._text):
            sign = self._text[self.at]
            if sign == "}" and not depth:
                return
            depth += (sign == "{") - (sign == "}")
            self.at += 1

    def _word(self, reason: str) -> str:
        self._spaces()
        match = _WORD.match(self._text, self.at)
        if match is None:
            raise FormatStringError(reason)
        self.at = match.end()
        return match[0]

    def _skip(self, sign: str) -> bool:
        self._spaces()
        if not self._text.startswith(sign, self.at):
            return False
        self.at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            found = self._text[self.at : self.at + 8] or "its end"
            raise FormatStringError(f"{sign!r} is missing at {found!r}")

    def _spaces(self) -> None:
        match = _SPACE.match(self._text, self.at)
        self.at = match.end() if match else self.at
