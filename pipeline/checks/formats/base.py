"""What a format string asks of its program: arguments with types, by number or name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

Argument = int | str
"""A position from 1, or a name."""


class FormatStringError(ValueError):
    """A text that is no valid format string; the message says why."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a format string.

    `types` are the types by argument, in words. `is_simple` is specific to Qt: one digit for
    each argument, and no locale flag.
    """

    types: Mapping[Argument, str] = field(default_factory=dict)
    is_simple: bool = True


class FormatLanguage(Protocol):
    """The format strings of one language, as `msgfmt -c` checks them."""

    def parse(self, text: str, *, is_translation: bool) -> Arguments:
        """Return the arguments of a format string. Raises FormatStringError."""

    def differences(self, source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
        """Return how the arguments of a translation differ from its source, in words.

        Without `strict`, a plural form may leave out arguments.
        """


def named_differences(source: Arguments, target: Arguments, *, strict: bool) -> list[str]:
    """Compare arguments that are identified by number or name."""
    found = [f"{shown(key)} is not in the source" for key in target.types.keys() - source.types]
    if strict:
        found += [f"{shown(key)} is missing" for key in source.types.keys() - target.types]
    return sorted(found) or type_differences(source, target)


def type_differences(source: Arguments, target: Arguments) -> list[str]:
    """Compare the types of the arguments that both format strings use."""
    return [
        f"{shown(key)} is {source.types[key]} in the source, {kind} in the translation"
        for key, kind in target.types.items()
        if key in source.types and source.types[key] != kind
    ]


def shown(argument: Argument) -> str:
    """Return an argument in words."""
    return f"Argument {argument}" if isinstance(argument, int) else f"The argument {argument!r}"


def merged(types: dict[Argument, str], key: Argument, kind: str, wildcard: str = "") -> None:
    """Add the type of an argument; `wildcard` is compatible with every type.

    Raises FormatStringError if the argument has another type already.
    """
    before = types.get(key, kind)
    if before == wildcard:
        before = kind
    if kind not in (before, wildcard):
        raise FormatStringError(f"{shown(key)} is used as {before} and as {kind}")
    types[key] = before
