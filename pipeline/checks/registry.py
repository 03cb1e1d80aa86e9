"""Registry of the checks: the built-in ones in their documented order, and plug-ins by id.

Both are declared the same way: an id and the entry point of a value `CHECK`, here in
`ENTRY_POINTS`, in another package's metadata in the group `translate.checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.core import Finding, PluginError, SettingsError, Severity, plugins, suggest

__all__ = [
    "CHECKS",
    "ENTRY_POINTS",
    "MALFORMED",
    "TERMINOLOGY",
    "Check",
    "Context",
    "DraftPolicy",
    "Problem",
    "by_id",
    "canonical_id",
    "canonical_severities",
    "check_segment",
    "draft_checks",
    "get_checks",
    "select_checks",
    "severity_of",
    "validate_severities",
]

ENTRY_POINTS: Mapping[str, str] = {
    "malformed": "pipeline.checks.rules.malformed:CHECK",
    "header": "pipeline.checks.rules.header:CHECK",
    "plural-forms": "pipeline.checks.rules.plural_forms:CHECK",
    "terminology": "pipeline.checks.rules.terminology:CHECK",
    "names": "pipeline.checks.rules.names:CHECK",
    "numbers": "pipeline.checks.rules.numbers:CHECK",
    "number-words": "pipeline.checks.rules.number_words:CHECK",
    "units": "pipeline.checks.rules.units:CHECK",
    "dates": "pipeline.checks.rules.dates:CHECK",
    "placeholders": "pipeline.checks.rules.placeholders:CHECK",
    "markup": "pipeline.checks.rules.markup:CHECK",
    "urls": "pipeline.checks.rules.urls:CHECK",
    "untranslated": "pipeline.checks.rules.untranslated:CHECK",
    "untranslated-words": "pipeline.checks.rules.untranslated_words:CHECK",
    "language": "pipeline.checks.rules.language:CHECK",
    "catalog-language": "pipeline.checks.rules.catalog_language:CHECK",
    "empty": "pipeline.checks.rules.empty:CHECK",
    "length": "pipeline.checks.rules.length:CHECK",
    "end-punctuation": "pipeline.checks.rules.end_punctuation:CHECK",
    "quotes": "pipeline.checks.rules.quotes:CHECK",
    "brackets": "pipeline.checks.rules.brackets:CHECK",
    "whitespace": "pipeline.checks.rules.whitespace:CHECK",
    "repeated-words": "pipeline.checks.rules.repeated_words:CHECK",
    "capitalization": "pipeline.checks.rules.capitalization:CHECK",
    "characters": "pipeline.checks.rules.characters:CHECK",
    "negation": "pipeline.checks.rules.negation:CHECK",
    "consistency": "pipeline.checks.rules.consistency:CHECK",
    "address": "pipeline.checks.rules.address:CHECK",
    "variant-spelling": "pipeline.checks.rules.variant_spelling:CHECK",
    "outdated-terms": "pipeline.checks.rules.outdated_terms:CHECK",
    "unknown-flag": "pipeline.checks.rules.unknown_flag:CHECK",
    "unreviewed": "pipeline.checks.rules.unreviewed:CHECK",
}
"""Entry points of the built-in checks by id, in the order of `docs/checks.md` and of findings."""

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def _validated(name: str, value: object) -> Check:
    """Return the value of an entry point. Raises PluginError if it is no check of that name."""
    if isinstance(value, Check) and name in (value.id, *value.aliases):
        return value
    raise PluginError(
        f"the entry point {name!r} in translate.checks is no check with that id",
        "Let it name a value of pipeline.checks.Check with that id: see docs/plugins.md.",
    )


def _built_in(name: str, entry_point: str) -> Check:
    module, _, attribute = entry_point.partition(":")
    return _validated(name, getattr(import_module(module), attribute))


def _plugin(name: str) -> Check | None:
    value = plugins.load(plugins.CHECKS, name)
    return None if value is None else _validated(name, value)


CHECKS: tuple[Check, ...] = tuple(_built_in(*item) for item in ENTRY_POINTS.items())
"""The built-in checks."""

_ALIASES = {alias: check for check in CHECKS for alias in check.aliases}

MALFORMED = "malformed"
"""The check that reports damaged catalogs."""

TERMINOLOGY = "terminology"
"""The check of required and forbidden glossary terms."""

_UNREVIEWED = "unreviewed"


class _Checks(dict[str, Check]):
    """Checks by id; falls back to aliases, then to plug-ins."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or _unlisted(str(name)) is not None

    def __missing__(self, name: str) -> Check:
        check = _unlisted(name)
        if check is None:
            raise KeyError(name)
        return check


def _unlisted(name: str) -> Check | None:
    return _ALIASES.get(name) or _plugin(name)


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


def get_checks(ids: Iterable[str]) -> list[Check]:
    """Return the checks with these ids or aliases: built-in ones in their order, then plug-ins.

    Unknown ids are left out.
    """
    names = set(map(canonical_id, ids))
    plugin_ids = sorted(names - _BY_ID.keys())
    built_in = [check for check in CHECKS if check.id in names]
    return built_in + [_BY_ID[name] for name in plugin_ids if name in _BY_ID]


def select_checks(
    only: Iterable[str], skip: Iterable[str], severities: Mapping[str, str], reviewed: bool
) -> tuple[str, ...]:
    """Return the ids of the checks to run, given the options and the project's settings.

    Without `only`, these are all built-in checks except optional ones. A severity other than
    "off" in the settings activates an optional check or a plug-in; `reviewed` activates
    `unreviewed`.
    """
    only, skip = set(map(canonical_id, only)), set(map(canonical_id, skip))
    severities = canonical_severities(severities)
    ids = []
    for check in (*CHECKS, *get_checks({*only, *severities} - ENTRY_POINTS.keys())):
        setting = severities.get(check.id, "off" if check.optional else "on")
        by_default = setting != "off" and not only
        demanded = reviewed and check.id == _UNREVIEWED
        if (check.id in only or by_default or demanded) and check.id not in skip:
            ids.append(check.id)
    return tuple(ids)


def draft_checks(severities: Mapping[str, str]) -> list[Check]:
    """Return the checks that evaluate drafts: those of `translate check` with a draft policy.

    `severities` are the project's settings for a language; they activate plug-ins. Raises
    SettingsError as `validate_severities`: no draft passes unevaluated because a plug-in is
    not installed.
    """
    validate_severities(severities)
    checks = get_checks(select_checks((), (), severities, reviewed=False))
    return [c for c in checks if c.check_texts and c.draft_policy is not DraftPolicy.IGNORE]


def check_segment(
    source: str,
    target: str,
    context: Context,
    ids: Iterable[str] | None = None,
    severities: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Run the checks of two texts on one translation; findings come in the order of `CHECKS`.

    `ids` limits the checks (default: the built-in ones); `severities` are the project's
    settings for the language. Raises SettingsError for an unknown id.
    """
    names = list(_BY_ID) if ids is None else list(ids)
    for name in names:
        _require(name)
    settings = canonical_severities(severities or {})
    return [
        Finding(
            check.id,
            severity_of(check, problem, settings),
            problem.message,
            language=context.language,
            source=source,
            target=target,
        )
        for check in get_checks(names)
        if settings.get(check.id) != "off"
        for problem in check.problems(source, target, context)
    ]


def validate_severities(settings: Mapping[str, object]) -> None:
    """Raise SettingsError for an unknown check or severity in the table `[checks]`."""
    for name, severity in settings.items():
        _require(name, "checks: ")
        if severity not in (*Severity, "off"):
            hint = f"Write {', '.join(Severity)} or off."
            raise SettingsError(f"checks: {name} = {severity!r} is no severity", hint)


def _require(name: str, prefix: str = "") -> None:
    if name not in _BY_ID:
        hint = suggest(name, _BY_ID, "Checks")
        raise SettingsError(f"{prefix}there is no check {name!r}", hint)


def severity_of(check: Check, problem: Problem, settings: Mapping[str, str]) -> Severity:
    """Return the severity of a problem: the setting, else the check's, lowered by the problem's."""
    severity = Severity(settings.get(check.id, check.severity))
    if problem.severity is not None and _RANK[problem.severity] < _RANK[severity]:
        return problem.severity
    return severity
