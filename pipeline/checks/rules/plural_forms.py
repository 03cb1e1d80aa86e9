"""The number of plural forms of an entry, as strictly as `msgfmt -c` checks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.catalog import CatalogHeader, plural_forms_problem, read_form_count
from pipeline.checks.base import Check, Context, Problem
from pipeline.core import Severity, Translation


def check_forms(
    forms: Sequence[Translation], header: CatalogHeader, context: Context
) -> Iterator[Problem]:
    """Compare the number of forms with the header, and find empty forms.

    An untranslated entry has no problem yet. Those of a fuzzy entry are warnings, because
    `msgfmt` leaves it out.
    """
    if not any(form.target for form in forms):
        return
    used = forms[0].target != "" and "fuzzy" not in forms[0].flags
    severity = None if used else Severity.WARNING
    text = header.text or ""
    if "nplurals=" not in text or "plural=" not in text:
        message = "The catalog has plural forms, but its header lacks Plural-Forms"
        yield Problem(message, severity, once_per_catalog=True)
    elif not plural_forms_problem(text):
        wanted = read_form_count(text)
        if len(forms) != wanted:
            number = "1 plural form" if len(forms) == 1 else f"{len(forms)} plural forms"
            yield Problem(f"{number}, but nplurals is {wanted} in the header", severity)
    empty = [f"msgstr[{form.plural_form}]" for form in forms if not form.target]
    if empty:
        yield Problem(f"Not translated: {', '.join(empty)}", Severity.WARNING)


CHECK = Check(
    id="plural-forms",
    severity=Severity.ERROR,
    summary="The number of plural forms differs from `Plural-Forms`, or a form is empty.",
    why=(
        "Gettext rejects the catalog, and a program shows a wrong or an empty form. In a fuzzy "
        "entry it is a warning; so is an empty form."
    ),
    fix="Write as many `msgstr[N]` as `nplurals` in the header says, and fill in all of them.",
    check_forms=check_forms,
)
