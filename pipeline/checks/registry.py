"""The checks, in the order in which they are documented, and `examine` for two plain texts.

A check is a small module with the value `CHECK`, named as the check's id; a new one is
that file, its line in `CHECKS`, and its test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.checks.base import Check, Context, Problem
from pipeline.checks.rules import (
    brackets,
    capitalization,
    characters,
    consistency,
    dates,
    empty,
    end_punctuation,
    language,
    length,
    malformed,
    markup,
    names,
    negation,
    numbers,
    outdated_terms,
    placeholders,
    quotes,
    repeated_words,
    terminology,
    unknown_flag,
    unreviewed,
    untranslated,
    untranslated_words,
    urls,
    whitespace,
)
from pipeline.core import plugins
from pipeline.core.errors import PluginError, SettingsError
from pipeline.core.types import Finding, Severity

__all__ = [
    "CHECKS",
    "TERMINOLOGY",
    "Check",
    "Context",
    "Problem",
    "by_id",
    "check_segment",
    "chosen",
    "severity_of",
]

CHECKS: tuple[Check, ...] = (
    malformed.CHECK,
    terminology.CHECK,
    names.CHECK,
    numbers.CHECK,
    dates.CHECK,
    placeholders.CHECK,
    markup.CHECK,
    urls.CHECK,
    untranslated.CHECK,
    untranslated_words.CHECK,
    language.CHECK,
    empty.CHECK,
    length.CHECK,
    end_punctuation.CHECK,
    quotes.CHECK,
    brackets.CHECK,
    whitespace.CHECK,
    repeated_words.CHECK,
    capitalization.CHECK,
    characters.CHECK,
    negation.CHECK,
    consistency.CHECK,
    outdated_terms.CHECK,
    unknown_flag.CHECK,
    unreviewed.CHECK,
)

TERMINOLOGY = terminology.CHECK.id
"""The check of required and forbidden glossary terms."""

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class _Checks(dict[str, Check]):
    """Checks by id; falls back to aliases, then to plug-ins."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or _unlisted(str(name)) is not None

    def __missing__(self, name: str) -> Check:
        check = _unlisted(name)
        if check is None:
            raise KeyError(name)
        return check


_ALIASES = {alias: check for check in CHECKS for alias in check.aliases}


_BY_ID = _Checks({check.id: check for check in CHECKS})


def by_id() -> Mapping[str, Check]:
    """Return the checks by id. Aliases and plug-ins are found, but not listed."""
    return _BY_ID


def canonical_id(name: str) -> str:
    """Return the id of the check with an id or alias; an unknown name stays as it is."""
    return _BY_ID[name].id if name in _BY_ID else name


def canonical_severities(settings: Mapping[str, str]) -> dict[str, str]:
    """Return settings by check id. Of an id and its alias, the last one wins."""
    return {canonical_id(name): severity for name, severity in settings.items()}


def chosen(ids: Iterable[str]) -> list[Check]:
    """Return the checks with these ids or aliases: built-in ones in their order, then plug-ins.

    Unknown ids are left out.
    """
    wanted = set(map(canonical_id, ids))
    own = [check for check in CHECKS if check.id in wanted]
    others = sorted(wanted - _BY_ID.keys())
    return own + [_BY_ID[name] for name in others if name in _BY_ID]


def _unlisted(name: str) -> Check | None:
    return _ALIASES.get(name) or _plugin(name)


def _plugin(name: str) -> Check | None:
    found = plugins.load(plugins.CHECKS, name)
    if found is None:
        return None
    if not isinstance(found, Check) or name not in (found.id, *found.aliases):
        raise PluginError(
            f"what a package brings as the check {name!r} is no check of that id",
            "Its entry point must name a value of pipeline.checks.Check: see docs/plugins.md.",
        )
    return found


def check_segment(
    source: str,
    target: str,
    context: Context,
    ids: Iterable[str] | None = None,
    severities: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Examine one translation with the checks that look at the texts alone.

    `ids` limits them (an unknown id raises SettingsError); `severities` are the project's
    settings, as of `Project.severities`. Findings come in the order of `CHECKS`.
    """
    checks = by_id()
    names = list(checks) if ids is None else list(ids)
    for name in names:
        if name not in checks:
            raise SettingsError(f"there is no check {name!r}", f"Checks: {', '.join(checks)}.")
    settings = canonical_severities(severities or {})
    found = []
    for check in chosen(names):
        if settings.get(check.id) == "off":
            continue
        for problem in check.problems(source, target, context):
            severity = severity_of(check, problem, settings)
            found.append(
                Finding(
                    check.id,
                    severity,
                    problem.message,
                    language=context.language,
                    source=source,
                    target=target,
                )
            )
    return found


def severity_of(check: Check, problem: Problem, settings: Mapping[str, str]) -> Severity:
    """How much a problem matters: the setting, else the check's own; a lesser one stays so."""
    severity = Severity(settings.get(check.id, check.severity))
    if problem.severity is not None and _RANK[problem.severity] < _RANK[severity]:
        return problem.severity
    return severity
