"""Entries with format flags, plural forms, and articles with inline markup."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import Mock

import pytest

from pipeline.articles.formats import CatalogToken
from pipeline.checks import entry_rules
from pipeline.checks.runner import CheckPlan, check_catalogs
from pipeline.core.types import Markup, MarkupRole

PLURALS = {
    "en": "nplurals=2; plural=n != 1;",
    "ja": "nplurals=1; plural=0;",
    "sl": "nplurals=4; plural=n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3;",
}
CHECKS = ("numbers", "placeholders", "markup", "consistency", "untranslated")


def findings(folder: Path, language: str, entries: str, *, project: bool = False) -> list[str]:
    path = folder / f"{language}.po"
    path.write_text(
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Plural-Forms: {PLURALS[language]}\\n"\n\n{entries}\n',
        encoding="utf-8",
    )
    plan = CheckPlan(language, checks=CHECKS, project=folder if project else None)
    return [f"{f.severity}: {f.message}" for f in check_catalogs([path], lambda *_: plan)]


def plural(source: str, sources: str, *forms: str) -> str:
    lines = [f'msgid "{source}"', f'msgid_plural "{sources}"']
    return "\n".join([*lines, *(f'msgstr[{n}] "{form}"' for n, form in enumerate(forms))])


@pytest.mark.parametrize(
    ("language", "entry", "number"),
    [
        ("en", plural("Eine Datei", "%d Dateien", "One file", "%d files"), 0),
        ("en", plural("Eine Datei", "%d Dateien", "%d file", "%d files"), 0),
        ("en", plural("%d Datei", "%d Dateien", "One file", "%d files"), 1),
        ("en", plural("Eine Datei", "%d Dateien", "One file", "files"), 1),
        ("en", plural("Ein Tag", "Seit 3 Tagen", "A day", "For 3 days"), 0),
        ("en", plural("Ein Tag", "Seit 3 Tagen", "A day", "For 4 days"), 1),
        ("en", plural("%d Fenster", "%d Fenster", "%d window", "%d windows"), 0),
        ("en", plural("%d Fenster", "%d Fenster", "%d window", "windows"), 1),
        ("ja", plural("Eine Datei", "%d Dateien", "%d"), 0),
        ("sl", plural("%d Tag", "%d Tage", "%d dan", "%d dneva", "%d dnevi", "%d dni"), 0),
    ],
)
def test_plural_entries_are_checked_as_one(
    tmp_path: Path, language: str, entry: str, number: int
) -> None:
    """A number may be in the plural alone; equal German forms may have two translations."""
    assert len(findings(tmp_path, language, entry)) == number


def test_the_flag_selects_the_format(tmp_path: Path) -> None:
    """A percent sign is a directive in C alone; a broken source is compared as a warning."""
    pair = 'msgid "100 %% Garn von %s"\nmsgstr "100 % yarn of %s"\n'
    assert findings(tmp_path, "en", pair) == []
    (error,) = findings(tmp_path, "en", f"#, c-format\n{pair}")
    assert error.startswith("error: No valid c format string, unlike the source")
    broken = '#, c-format\nmsgid "{name} hat 5 %."\nmsgstr "{nom} has 5 %."\n'
    assert {line.partition(":")[0] for line in findings(tmp_path, "en", broken)} == {"warning"}


def tokenize(text: str) -> tuple[CatalogToken, ...]:
    """Find the tokens of a format that marks elements as ⟦a⟧ and ⟦/a⟧."""
    found = []
    for match in re.finditer(r"⟦(/?)(\w)⟧", text):
        role = MarkupRole.CLOSE if match[1] else MarkupRole.OPEN
        found.append(CatalogToken(*match.span(), match[0], Markup("strong", role, ord(match[2]))))
    return tuple(found)


def test_articles_with_markup_are_compared_by_their_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their tokens must be the same and nested; plain articles and other catalogs have tags."""
    marked = Mock(tokenize=tokenize)
    monkeypatch.setattr(
        entry_rules, "find_markup_format", lambda suffix: marked if suffix == ".fake" else None
    )
    entry_rules._by_suffix.cache_clear()
    pair = 'msgid "Ein ⟦a⟧guter⟦/a⟧ <b>Tag"\nmsgstr "A good <b>day"\n'
    entry = f"#: a.fake:3\n{pair}"
    assert findings(tmp_path, "en", entry, project=True) == [
        "error: ⟦a⟧…⟦/a⟧ is missing",
    ]
    for other in (pair, f"#: a.txt:3\n{pair}"):
        assert findings(tmp_path, "en", other, project=True) == []
    assert findings(tmp_path, "en", entry) == []
    entry_rules._by_suffix.cache_clear()


@pytest.mark.parametrize(
    ("name", "source", "target", "number"),
    [
        ("a.md", "Ein **guter** Tag", "A good day", 1),
        ("a.md", "Ein **guter** Tag", "A **good** day", 0),
        ("a.html", "Ein <b>guter</b> Tag", "A good day", 1),
        ("a.html", "Ein <b>guter</b> Tag", "A <b>good</b> day", 0),
    ],
)
def test_markdown_and_html_articles(
    tmp_path: Path, name: str, source: str, target: str, number: int
) -> None:
    """Their own tokens are compared, by the suffix of the article."""
    entry = f'#: {name}:3\nmsgid "{source}"\nmsgstr "{target}"\n'
    found = findings(tmp_path, "en", entry, project=True)
    assert len(found) == number
    assert all(message.endswith("is missing") for message in found)
