"""Format strings with `%` and a conversion letter: C, Objective-C, PHP, Python, Boost.

Rules: ISO C 7.23.6.1, POSIX fprintf, PHP sprintf, Python printf-style formatting, Boost.Format;
where they leave room, those of GNU gettext's `msgfmt --check-format`.
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
    type_differences,
)

_INTEGER, _UNSIGNED, _FLOAT = "an integer", "an unsigned integer", "a floating-point number"
_CHARACTER, _STRING, _POINTER, _ANY = "a character", "a string", "a pointer", "anything"

_C_DIRECTIVE = re.compile(
    r"(?:(?P<number>\d+)\$)?(?P<flags>[ +\-#0'I]*)"
    r"(?:(?P<width>\*)(?:(?P<width_number>\d+)\$)?|\d+)?"
    r"(?:\.(?:(?P<precision>\*)(?:(?P<precision_number>\d+)\$)?|\d*))?"
    r"(?:<(?P<macro>[^>]*)>|(?P<size>(?:hh|h|ll|l|L|q|j|z|Z|t)*)(?P<letter>.)?)",
    re.DOTALL,
)
_C_MACRO = re.compile(r"PRI([diouxX])((?:LEAST|FAST)?(?:8|16|32|64)|MAX|PTR)")
_C_TYPES = {
    **dict.fromkeys("di", _INTEGER), **dict.fromkeys("ouxX", _UNSIGNED),
    **dict.fromkeys("eEfFgGaA", _FLOAT), "c": _CHARACTER, "C": f"{_CHARACTER} (wide)",
    "s": _STRING, "S": f"{_STRING} (wide)", "p": _POINTER, "n": "a pointer to a count",
}  # fmt: skip
_SIZES = {
    "hh": "char", "h": "short", "l": "long", "ll": "long long", "L": "long long",
    "q": "long long", "j": "intmax_t", "z": "size_t", "Z": "size_t", "t": "ptrdiff_t",
}  # fmt: skip


class _Numbering:
    """Collects arguments; numbered and unnumbered ones exclude each other."""

    def __init__(self, wildcard: str = "") -> None:
        self.types: dict[Argument, str] = {}
        self._wildcard = wildcard
        self._unnumbered = 0

    @property
    def are_numbered(self) -> bool:
        """Whether the arguments have explicit numbers."""
        return bool(self.types) and not self._unnumbered

    def add(self, number: str | None, kind: str) -> None:
        """Add an argument. Raises FormatStringError."""
        if number is not None and int(number) == 0:
            raise FormatStringError("argument 0 does not exist")
        if bool(self.types) and (number is None) == self.are_numbered:
            raise FormatStringError("numbered and unnumbered arguments are mixed")
        if number is None:
            self._unnumbered += 1
            self.types[self._unnumbered] = kind
        else:
            merged(self.types, int(number), kind, self._wildcard)


def _directives(text: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """Return the matches of a pattern after each `%` that starts a directive."""
    found, at = [], text.find("%")
    while at >= 0:
        match = pattern.match(text, at + 1)
        if match is None:
            raise FormatStringError(f"{text[at : at + 8]!r} is no directive")
        found.append(match)
        at = text.find("%", match.end())
    return found


@dataclass(frozen=True, slots=True)
class CFormat:
    """Format strings of C, and of Objective-C with `%@`."""

    has_objects: bool = False

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string. Raises FormatStringError."""
        numbering = _Numbering()
        for match in _directives(text, _C_DIRECTIVE):
            if "I" in match["flags"] and not is_translation:
                raise _not_a_conversion("I")
            if match["width"]:
                numbering.add(match["width_number"], _INTEGER)
            if match["precision"]:
                numbering.add(match["precision_number"], _INTEGER)
            if match["number"] is not None and int(match["number"]) == 0:
                raise FormatStringError("argument 0 does not exist")
            if kind := self._kind(match):
                numbering.add(match["number"], kind)
        types = dict(sorted(numbering.types.items(), key=lambda item: int(item[0])))
        for expected, number in enumerate(types, 1):
            if number != expected:
                raise FormatStringError(f"argument {number} is used, but not argument {expected}")
        return Arguments(types)

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ from its source."""
        before, after = len(source.types), len(target.types)
        if (before != after) if strict else (before < after):
            return [f"{after} arguments, but {before} in the source"]
        return type_differences(source, target)

    def _kind(self, match: re.Match[str]) -> str:
        """Return the type of a directive, "" for one without argument."""
        if match["macro"] is not None:
            macro = _C_MACRO.fullmatch(match["macro"])
            if macro is None:
                raise FormatStringError(f"<{match['macro']}> is no macro of inttypes.h")
            return f"{_C_TYPES[macro[1]]} ({macro[2]})"
        letter = match["letter"] or ""
        if letter in ("%", "m"):
            return ""
        if letter == "@" and self.has_objects:
            return "an object"
        if letter not in _C_TYPES:
            raise _not_a_conversion(letter)
        return _sized(letter, match["size"])


def _sized(letter: str, written: str) -> str:
    """Return the type of a conversion with its size; `hhh` is `hh`, as for gettext."""
    kind = _C_TYPES[letter]
    last = written[-1:]
    size = _SIZES[last * 2 if last in "hl" and written.count(last) > 1 else last] if last else ""
    if letter in "cs":
        return f"{kind} (wide)" if size in ("long", "long long") else kind
    if letter in "eEfFgGaA":
        return f"{kind} ({size})" if size == "long long" else kind
    return kind if letter in "CSp" or not size else f"{kind} ({size})"


def _not_a_conversion(letter: str) -> FormatStringError:
    if not letter:
        return FormatStringError("the text ends in the middle of a directive")
    return FormatStringError(f"{letter!r} is no conversion")


_PHP_DIRECTIVE = re.compile(
    r"(?P<percent>%)|(?:(?P<number>\d+)\$)?(?:[0\- ]|'.)*\d*(?:\.\d+)?l?(?P<letter>.)?", re.DOTALL
)
_PHP_TYPES = {
    **dict.fromkeys("bduoxX", _INTEGER), **dict.fromkeys("ef", _FLOAT), "c": _CHARACTER,
    "s": _STRING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhpFormat:
    """Format strings of PHP; numbered arguments do not count for the unnumbered ones."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string. Raises FormatStringError."""
        types: dict[Argument, str] = {}
        unnumbered = 0
        for match in _directives(text, _PHP_DIRECTIVE):
            if match["percent"]:
                continue
            number = int(match["number"]) if match["number"] else 0
            if match["number"] and not number:
                raise FormatStringError("argument 0 does not exist")
            if not number:
                unnumbered += 1
                number = unnumbered
            letter = match["letter"] or ""
            if letter not in _PHP_TYPES:
                raise _not_a_conversion(letter)
            merged(types, number, _PHP_TYPES[letter])
        return Arguments(types)

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ from its source."""
        return named_differences(source, target, strict=strict)


_PYTHON_DIRECTIVE = re.compile(
    r"[\-+ #0]*(?:(?P<width>\*)|\d*)(?:\.(?:(?P<precision>\*)|(?P<digits>\d*)))?[hlL]?"
    r"(?P<letter>.)?",
    re.DOTALL,
)
_PYTHON_TYPES = {
    "c": _CHARACTER, **dict.fromkeys("sra", _STRING), **dict.fromkeys("iduoxX", _INTEGER),
    **dict.fromkeys("eEfgG", _FLOAT), "%": "nothing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PythonFormat:
    """Format strings of Python with `%`: named arguments, or unnamed ones in order."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string. Raises FormatStringError."""
        named: dict[Argument, str] = {}
        unnamed: list[str] = []
        at = text.find("%")
        while at >= 0:
            name, start = self._name(text, at + 1)
            match = _PYTHON_DIRECTIVE.match(text, start)
            assert match is not None, "every part is optional"
            letter = match["letter"] or ""
            if letter not in _PYTHON_TYPES or letter == "a":
                raise _not_a_conversion(letter)
            unnamed += [_INTEGER] * (bool(match["width"]) + bool(match["precision"]))
            is_empty = letter in "sr" and match["digits"] and not match["digits"].strip("0")
            kind = _ANY if is_empty else _PYTHON_TYPES[letter]
            if name is not None:
                merged(named, name, kind, _ANY)
            elif letter != "%":
                unnamed.append(kind)
            if named and unnamed:
                raise FormatStringError("named and unnamed arguments are mixed")
            at = text.find("%", match.end())
        return Arguments(named or dict(enumerate(unnamed, 1)))

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ from its source."""
        is_named = any(isinstance(key, str) for key in (*source.types, *target.types))
        if is_named:
            kinds = {type(key) for key in (*source.types, *target.types)}
            if len(kinds) > 1:
                return ["the arguments have names in one text and none in the other"]
            found = named_differences(source, target, strict=strict)
        else:
            before, after = len(source.types), len(target.types)
            found = [f"{after} arguments, but {before} in the source"] if before != after else []
            found = found or type_differences(source, target)
        return found if strict else [text for text in found if _ANY not in text]

    @staticmethod
    def _name(text: str, start: int) -> tuple[str | None, int]:
        """Return the name in parentheses at an offset, and the offset after it."""
        if not text.startswith("(", start):
            return None, start
        depth = 0
        for at in range(start, len(text)):
            depth += (text[at] == "(") - (text[at] == ")")
            if not depth:
                return text[start + 1 : at], at + 1
        raise FormatStringError("the text ends in the middle of a directive")


_BOOST_DIRECTIVE = re.compile(
    r"(?P<percent>%)|(?P<plain>[1-9]\d*)%"
    r"|(?P<bracket>\|?)(?:(?P<number>[1-9]\d*)\$)?[ +\-#0'_=hl]*"
    r"(?:(?P<width>\*)(?:(?P<width_number>\d+)\$)?|\d+)?"
    r"(?:\.(?:(?P<precision>\*)(?:(?P<precision_number>\d+)\$)?|\d*))?"
    r"[hlL]*(?P<letter>T.|.)?",
    re.DOTALL,
)
_BOOST_TYPES = {
    **dict.fromkeys("cC", _CHARACTER), **dict.fromkeys("sS", _ANY),
    **dict.fromkeys("idouxX", _INTEGER), **dict.fromkeys("eEfgG", _FLOAT), "p": _POINTER,
    "t": "", "n": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoostFormat:
    """Format strings of Boost: `%1%`, `%s`, `%|1$s|`."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string. Raises FormatStringError."""
        numbering = _Numbering(_ANY)
        at = text.find("%")
        while at >= 0:
            match = _BOOST_DIRECTIVE.match(text, at + 1)
            assert match is not None, "every part is optional"
            end = match.end()
            if match["plain"]:
                numbering.add(match["plain"], _ANY)
            elif not match["percent"]:
                end = self._add(match, numbering, text)
            at = text.find("%", end)
        return Arguments(numbering.types)

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ from its source."""
        return named_differences(source, target, strict=strict)

    @staticmethod
    def _add(match: re.Match[str], numbering: _Numbering, text: str) -> int:
        """Add the arguments of a directive; return the offset after it."""
        if match["width"]:
            numbering.add(match["width_number"], _INTEGER)
        if match["precision"]:
            numbering.add(match["precision_number"], _INTEGER)
        letter, end = match["letter"] or "", match.end()
        if match["bracket"] and letter == "|":
            numbering.add(match["number"], _ANY)
            return end
        if letter[:1] == "T" and len(letter) == 2:
            kind = ""
        elif letter in _BOOST_TYPES:
            kind = _BOOST_TYPES[letter]
        else:
            raise _not_a_conversion(letter)
        if match["bracket"]:
            if not text.startswith("|", end):
                raise FormatStringError("a directive starts with | and does not end with |")
            end += 1
        if kind:
            numbering.add(match["number"], kind)
        return end
