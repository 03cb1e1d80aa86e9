"""The header of a catalog, as strictly as `msgfmt -c` checks it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.catalog import CatalogHeader, plural_forms_problem
from pipeline.checks.base import Check, Context, Problem
from pipeline.core import Severity, base_language

_INITIAL_VALUES = {
    "Project-Id-Version": ("PACKAGE VERSION",),
    "PO-Revision-Date": ("YEAR-MO-DA", "YEAR-MO-DA HO:MI+ZONE"),
    "Last-Translator": ("FULL NAME", "FULL NAME <EMAIL@ADDRESS>"),
    "Language-Team": ("LANGUAGE", "LANGUAGE <LL@li.org>"),
    "Language": ("",),
    "MIME-Version": (),
    "Content-Type": ("text/plain; charset=CHARSET",),
    "Content-Transfer-Encoding": ("ENCODING",),
}
"""The fields that `msgfmt -c` requires, and their values in a new template."""

_CODE = re.compile(r"[A-Za-z]{2,3}([_@-].+)?")


def check_header(header: CatalogHeader, context: Context) -> Iterator[Problem]:
    """Find what gettext's tools reject, and missing or wrong fields."""
    if header.has_byte_order_mark:
        yield Problem("The file starts with a byte order mark, which gettext's tools reject")
    if header.text is None:
        yield Problem("There is no header entry, and gettext's tools need one")
        return
    if problem := plural_forms_problem(header.text):
        yield Problem(f"Plural-Forms: {problem}")
    fields = header.fields
    missing = [name for name in _INITIAL_VALUES if name not in fields]
    if missing:
        yield Problem(f"Missing in the header: {', '.join(missing)}", Severity.WARNING)
    initial = [name for name, values in _INITIAL_VALUES.items() if fields.get(name) in values]
    if initial:
        yield Problem(f"Not filled in in the header: {', '.join(initial)}", Severity.WARNING)
    code = header.language
    if code and not _CODE.fullmatch(code):
        yield Problem(f"Language: {code[:40]!r} is not a language code", Severity.WARNING)
    elif code and base_language(code) != context.base:
        message = f"Language is {code}, but the catalog is in the folder of {context.language}"
        yield Problem(message, Severity.WARNING)


CHECK = Check(
    id="header",
    severity=Severity.ERROR,
    summary="The header is missing, incomplete or wrong, or there is a byte order mark.",
    why=(
        "Gettext's tools reject a catalog with a byte order mark, without a header, or with wrong "
        "`Plural-Forms`, and `msgfmt -c` warns of missing fields (a warning here too)."
    ),
    fix=(
        "Save the file as UTF-8 without a byte order mark, and fill in the fields; gettext editors "
        "do both. `msgfmt -c` suggests the `Plural-Forms` of a language."
    ),
    check_header=check_header,
)
