"""Format strings with `%` and a number: Qt and KDE.

Rules: QString::arg of Qt, KLocalizedString of KDE, and `msgfmt --check-format`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.checks.formats.base import (
    Argument,
    Arguments,
    FormatStringError,
    named_differences,
    shown,
)

_QT = re.compile(r"%(?P<locale>L?)(?P<number>\d\d?)", re.ASCII)
_KDE = re.compile(r"%([1-9]\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class QtFormat:
    """Format strings of Qt: `%1`, `%L1`; every text is valid."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string."""
        found = list(_QT.finditer(text))
        types: dict[Argument, str] = {int(match["number"]): "a value" for match in found}
        is_simple = not any(match["locale"] or len(match["number"]) > 1 for match in found)
        return Arguments(types, is_simple)

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ; no form may leave one out."""
        if source.is_simple and not target.is_simple:
            return ["the translation has an L flag or a number of two digits, the source has none"]
        return named_differences(source, target, strict=True)


@dataclass(frozen=True, slots=True)
class KdeFormat:
    """Format strings of KDE: `%1`; one argument may be unused."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string. Raises FormatStringError."""
        numbers = sorted({int(number) for number in _KDE.findall(text)})
        if numbers and numbers[-1] > len(numbers) + 1:
            raise FormatStringError(f"argument {numbers[-1]} is used, but not all before it")
        return Arguments(dict.fromkeys(numbers, "a value"))

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ; a plural form may leave out one."""
        found = named_differences(source, target, strict=strict)
        missing = sorted(source.types.keys() - target.types.keys(), key=str)
        if not strict and not found and len(missing) > 1:
            return [f"{shown(missing[0])} and {len(missing) - 1} more are missing"]
        return found
