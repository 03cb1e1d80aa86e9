"""Lost, added or changed placeholders."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.formats import format_problems, is_format_string
from pipeline.checks.formats.recognized import may_have, recognized_problems
from pipeline.core import Severity


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the placeholders of both texts, by the format of the entry if it has a flag.

    A source that is no valid format string of its flag is compared by what is recognized, as
    a warning: `msgfmt` does not compare it.
    """
    entry = context.entry
    severity = None
    if entry is not None and entry.formats:
        reference = source if entry.plural_source is None else entry.plural_source
        formats = [flag for flag in entry.formats if is_format_string(flag, reference)]
        for flag in formats:
            for message in format_problems(flag, reference, target, strict=entry.strict):
                yield Problem(message)
        if formats:
            return
        severity = Severity.WARNING
    if may_have(source) or may_have(target):
        for message in recognized_problems(source, target, context.language):
            yield Problem(message, severity)


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece may contain a placeholder."""
    return may_have(piece)


CHECK = Check(
    id="placeholders",
    severity=Severity.ERROR,
    summary="A placeholder such as %s, {name} or ${name} is lost, added or changed.",
    why=(
        "The program that fills it in fails, or prints it to the reader. The flag of an entry "
        "(c-format, python-brace-format) selects the rules, as for `msgfmt -c`. Messages of ICU "
        "need the plural categories of the language."
    ),
    fix="Copy the placeholder from the source exactly; its place in the sentence may change.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    wrong=(
        ("en", "Hallo {name}!", "Hello {nom}!"),
        ("fr", "%(count)s Dateien", "fichiers"),
        ("es", "Guten Tag, %s.", "Buenos días."),
        ("en", "%s hat %d Punkte.", "%d points for %s."),
        (
            "en",
            "{n, plural, one {# Datei} other {# Dateien}}",
            "{n, plural, one {# file} few {# files} other {# files}}",
        ),
    ),
    right=(
        ("en", "Hallo {name}!", "Hello {name}!"),
        ("en", "Hallo {{ name }}!", "Hello {{name}}!"),
        ("en", "%s lud %s ein.", "%2$s was invited by %1$s."),
        ("en", "100 % der Stimmen", "100% of the votes"),
        ("fr", "Es kostet 5 US$.", "Cela coûte 5 $US."),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
