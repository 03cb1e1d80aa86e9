"""Format strings of programming languages, compared as strictly as by `msgfmt -c`.

The format flags of an entry (`c-format`, `python-brace-format`) select the language. Entries
without one, and languages that are not listed, are compared by what `recognized` finds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pipeline.checks.formats.base import FormatLanguage, FormatStringError
from pipeline.checks.formats.braces import (
    CSharpFormat,
    JavaFormat,
    PerlBraceFormat,
    PythonBraceFormat,
)
from pipeline.checks.formats.percent import KdeFormat, QtFormat
from pipeline.checks.formats.printf import BoostFormat, CFormat, PhpFormat, PythonFormat

__all__ = ["FORMAT_LANGUAGES", "format_languages", "format_problems", "is_format_string"]

FORMAT_LANGUAGES: Mapping[str, FormatLanguage] = {
    "c-format": CFormat(),
    "objc-format": CFormat(has_objects=True),
    "python-format": PythonFormat(),
    "python-brace-format": PythonBraceFormat(),
    "php-format": PhpFormat(),
    "qt-format": QtFormat(),
    "kde-format": KdeFormat(),
    "boost-format": BoostFormat(),
    "java-format": JavaFormat(),
    "csharp-format": CSharpFormat(),
    "perl-brace-format": PerlBraceFormat(),
}
"""The languages by the flag of gettext."""


def format_languages(flags: Collection[str]) -> tuple[str, ...]:
    """Return the flags that select a language, in a fixed order."""
    return tuple(flag for flag in FORMAT_LANGUAGES if flag in flags) if flags else ()


def is_format_string(flag: str, text: str) -> bool:
    """Return whether a text of the source is a valid format string; else msgfmt ignores it."""
    try:
        FORMAT_LANGUAGES[flag].parse(text, is_translation=False)
    except FormatStringError:
        return False
    return True


def format_problems(flag: str, source: str, target: str, *, strict: bool) -> Iterator[str]:
    """Yield how a translation differs from its source as a format string.

    A source that is no valid format string is not compared, as by `msgfmt`.
    """
    language, name = FORMAT_LANGUAGES[flag], flag.removesuffix("-format")
    try:
        theirs = language.parse(source, is_translation=False)
    except FormatStringError:
        return
    try:
        ours = language.parse(target, is_translation=True)
    except FormatStringError as error:
        yield f"No valid {name} format string, unlike the source: {error}"
        return
    for difference in language.differences(theirs, ours, strict=strict):
        yield f"{difference[:1].upper()}{difference[1:]} ({name} format)"
