"""Format strings with braces: Python's `str.format`, Java's MessageFormat, C#, Perl.

Rules: PEP 3101, java.text.MessageFormat, .NET composite formatting, Locale::TextDomain, and
`msgfmt --check-format`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.checks.formats.base import (
    Argument,
    Arguments,
    FormatStringError,
    merged,
    named_differences,
)

_VALUE = "a value"
_MANY = 1000
_NAME = r"(?:[A-Za-z_]\w*|\d+)(?:\.[A-Za-z_]\w*|\[(?:[A-Za-z_]\w*|\d+)\])*"
_PYTHON_FIELD = re.compile(
    rf"({_NAME}(?::(?:\{{(?:\{{|{_NAME}\}})"
    r"|(?:.[<>=^]|[<>=^])?[+\- ]?#?0?\d*(?:\.\d+)?[bcdoxXneEfFgG%]?))?)\}",
    re.ASCII | re.DOTALL,
)


class _Named:
    """Formats that compare arguments by number or name."""

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ from its source."""
        return named_differences(source, target, strict=strict)


@dataclass(frozen=True, slots=True)
class PythonBraceFormat:
    """Format strings of Python with braces: `{name}`, `{0}`, `{size:>8}`.

    Fields are compared with their format specification. Unnamed fields are not valid here, as for
    gettext before 0.23; a source with them is compared as one of an unknown format.
    """

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string. Raises FormatStringError."""
        types: dict[Argument, str] = {}
        at = text.find("{")
        while at >= 0:
            if text.startswith("{{", at):
                end = at + 2
            elif match := _PYTHON_FIELD.match(text, at + 1):
                types[match[1]] = _VALUE
                end = match.end()
            else:
                raise FormatStringError(f"{text[at : at + 12]!r} is no valid field")
            at = text.find("{", end)
        return Arguments(types)

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the fields of a translation differ; a form for few numbers is free."""
        return named_differences(source, target, strict=True) if strict else []


_CSHARP = re.compile(r"\{\{|\}\}|\{(?P<number>\d+)(?:, *-?\d+)?(?::[^}]*)?\}|[{}]", re.ASCII)


@dataclass(frozen=True, slots=True)
class CSharpFormat:
    """Format strings of C#: `{0}`, `{0,8:N}`, with braces doubled."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return all arguments up to the last one used. Raises FormatStringError."""
        count = 0
        for match in _CSHARP.finditer(text):
            if match["number"]:
                count = max(count, int(match["number"]) + 1)
            elif len(match[0]) == 1:
                raise FormatStringError(f"{match[0]!r} is alone")
        return Arguments(dict.fromkeys(range(min(count, _MANY)), _VALUE))

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the number of arguments differs."""
        before, after = len(source.types), len(target.types)
        if (before != after) if strict else (before < after):
            return [f"{after} arguments, but {before} in the source"]
        return []


_PERL = re.compile(r"\{([A-Za-z_]\w*)\}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PerlBraceFormat:
    """Format strings of Perl with braces: `{name}`; every text is valid."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string."""
        return Arguments(dict.fromkeys(_PERL.findall(text), _VALUE))

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return the missing arguments; others in the translation are plain text."""
        known = {key: kind for key, kind in target.types.items() if key in source.types}
        return named_differences(source, Arguments(known), strict=strict)


_OBJECT, _NUMBER, _DATE = "an object", "a number", "a date"
_JAVA_ELEMENT = re.compile(
    r"(?P<number>\d+)(?:,(?P<kind>time|date|number|choice)(?:,(?P<style>.*))?)?",
    re.ASCII | re.DOTALL,
)
_JAVA_NUMBER_STYLE = re.compile(r"[^0#]*#*(?:#|0|,)+(?:\.0*#*)?(?:E0+)?.*", re.DOTALL)
_JAVA_KINDS = {None: _OBJECT, "time": _DATE, "date": _DATE, "number": _NUMBER, "choice": _NUMBER}


@dataclass(frozen=True, slots=True)
class JavaFormat(_Named):
    """Patterns of Java's MessageFormat: `{0}`, `{0,number,#.#}`, with `'` as quote."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a pattern. Raises FormatStringError."""
        types: dict[Argument, str] = {}
        self._message(text, types)
        return Arguments(types)

    def _message(self, text: str, types: dict[Argument, str]) -> None:
        at, is_quoted = 0, False
        while at < len(text):
            if text[at] == "'":
                at += 1
                if not text.startswith("'", at):
                    is_quoted = not is_quoted
                    continue
            elif text[at] == "{" and not is_quoted:
                end = _closing_brace(text, at)
                self._element(text[at + 1 : end], types)
                at = end
            elif text[at] == "}" and not is_quoted:
                raise FormatStringError("'}' without '{'")
            at += 1

    def _element(self, element: str, types: dict[Argument, str]) -> None:
        match = _JAVA_ELEMENT.fullmatch(element)
        if match is None:
            raise FormatStringError(f"{{{element[:12]}}} is no valid element")
        style = match["style"]
        if match["kind"] == "choice" and style:
            self._choice(style, types)
        is_named = style in ("currency", "percent", "integer")
        if match["kind"] == "number" and style is not None and not is_named:
            plain = re.sub("'[^']*'?", "", style)
            if _JAVA_NUMBER_STYLE.fullmatch(plain) is None:
                raise FormatStringError(f"{style!r} is no number style")
        merged(types, int(match["number"]), _JAVA_KINDS[match["kind"]], _OBJECT)

    def _choice(self, style: str, types: dict[Argument, str]) -> None:
        """Parse the patterns of a choice: `0#no files|1#one file|2#{0} files`."""
        for choice in _split_choices(style):
            number, separator, message = re.split(r"(<|#|\\u2264|$)", choice, maxsplit=1)
            if not separator:
                if choice and choice is not style:
                    continue
                return
            if not number:
                raise FormatStringError("a choice has no number")
            self._message(message, types)


def _split_choices(style: str) -> list[str]:
    parts, is_quoted = [""], False
    for sign in style:
        is_quoted ^= sign == "'"
        if sign == "|" and not is_quoted:
            parts.append("")
        elif sign != "'":
            parts[-1] += sign
    return parts


def _closing_brace(text: str, start: int) -> int:
    """Return the offset of the brace that closes the one at an offset."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if not depth:
            return at
    raise FormatStringError("'{' without '}'")
