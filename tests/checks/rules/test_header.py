"""The header of a catalog is reported as by `msgfmt -c`."""

from __future__ import annotations

import pytest

from pipeline.catalog import CatalogHeader
from pipeline.checks.base import Context, as_problem
from pipeline.checks.rules.header import CHECK
from tests.conftest import FIELDS

TEXT = FIELDS.replace("\\n", "\n") + "Content-Type: text/plain; charset=UTF-8\nLanguage: fr\n"


def found(header: CatalogHeader, language: str = "fr") -> list[str]:
    assert CHECK.check_header
    problems = map(as_problem, CHECK.check_header(header, Context(language)))
    return [f"{p.severity or 'error'}: {p.message}" for p in problems]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (TEXT, []),
        (TEXT + "Plural-Forms: nplurals=2; plural=n>1;\n", []),
        (TEXT + "Plural-Forms: nplurals=2; plural=n;\n",
         ["error: Plural-Forms: nplurals is 2, but the plural expression can be 1000"]),
        (TEXT.replace("MIME-Version: 1.0\n", ""),
         ["warning: Missing in the header: MIME-Version"]),
        (TEXT.replace("Last-Translator: t", "Last-Translator: FULL NAME <EMAIL@ADDRESS>"),
         ["warning: Not filled in in the header: Last-Translator"]),
        (TEXT.replace("Language: fr", "Language: "),
         ["warning: Not filled in in the header: Language"]),
        (TEXT.replace("Language: fr", "Language: French"),
         ["warning: Language: 'French' is not a language code"]),
        (TEXT.replace("Language: fr", "Language: fr-CA"), []),
        (TEXT.replace("Language: fr", "Language: it"),
         ["warning: Language is it, but the catalog is in the folder of fr"]),
        (None, ["error: There is no header entry, and gettext's tools need one"]),
    ],
)  # fmt: skip
def test_fields(text: str | None, messages: list[str]) -> None:
    """What gettext rejects is an error, what it warns of a warning."""
    assert found(CatalogHeader(text, 1)) == messages


def test_a_byte_order_mark() -> None:
    """It is an error, because gettext's tools stop at it."""
    (message,) = found(CatalogHeader(TEXT, 1, has_byte_order_mark=True))
    assert message.startswith("error: The file starts with a byte order mark")
