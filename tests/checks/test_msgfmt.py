"""Catalogs get an error if, and only if, `msgfmt -c` rejects them."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.checks.registry import select_checks
from pipeline.checks.runner import CheckPlan, check_catalogs
from pipeline.core.types import Severity

GENERATED = 60
DAMAGED = 140
STRUCTURE = ("malformed", "header", "plural-forms")

FIELDS = {
    "Project-Id-Version": "news 1",
    "PO-Revision-Date": "2024-01-01 00:00+0000",
    "Last-Translator": "Ann",
    "Language-Team": "French",
    "Language": "fr",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
PLURALS = [
    (1, "0"), (2, "n > 1"), (2, "(n != 1)"), (2, "n!=1"),
    (3, "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"),
    (6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"),
]  # fmt: skip
WORDS = ["Haus", "Rat der Stadt", "Brücke", "3 Tage", 'der \\"Rat\\"', "Zeile\\tTab", "ja", "Öl"]


class Made:
    """A catalog in the making: header fields, entries, and whether it starts with a mark."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.fields = dict(FIELDS)
        self.mark = b""
        self.has_header = True
        self.count, expression = chance.choice(PLURALS)
        self.fields["Plural-Forms"] = f"nplurals={self.count}; plural={expression};"
        self.entries = [self.entry(number) for number in range(chance.randint(1, 5))]

    def entry(self, number: int) -> list[str]:
        chance = self.chance
        lines = []
        if chance.random() < 0.2:
            lines.append("#, fuzzy")
        if chance.random() < 0.3:
            lines.append(f'msgctxt "{chance.choice(WORDS)}"')
        lines.append(f'msgid "{number} {chance.choice(WORDS)}"')
        if chance.random() < 0.5:
            return [*lines, f'msgstr "{chance.choice(["", *WORDS])}"']
        lines.append(f'msgid_plural "{number} {chance.choice(WORDS)}"')
        texts = [chance.choice(WORDS)] * self.count if chance.random() < 0.8 else [""] * self.count
        return [*lines, *(f'msgstr[{n}] "{text}"' for n, text in enumerate(texts))]

    def data(self) -> bytes:
        header = "".join(f'"{name}: {value}\\n"\n' for name, value in self.fields.items())
        parts = [f'msgid ""\nmsgstr ""\n{header}'] if self.has_header else []
        parts += ["\n".join(entry) + "\n" for entry in self.entries]
        return self.mark + "\n".join(parts).encode()


def plural(made: Made) -> list[str]:
    """Return an entry with plural forms, a new one if there is none."""
    for entry in made.entries:
        if any(line.startswith("msgstr[") and not line.endswith('""') for line in entry):
            return entry
    forms = [f'msgstr[{n}] "x"' for n in range(made.count)]
    made.entries.append(['msgid "eins"', 'msgid_plural "viele"', *forms])
    return made.entries[-1]


def drop_field(made: Made) -> None:
    del made.fields[made.chance.choice([*made.fields])]


def initial_value(made: Made) -> None:
    made.fields["PO-Revision-Date"] = "YEAR-MO-DA HO:MI+ZONE"
    made.fields["Last-Translator"] = "FULL NAME <EMAIL@ADDRESS>"


def no_header(made: Made) -> None:
    made.has_header = False


def byte_order_mark(made: Made) -> None:
    made.mark = b"\xef\xbb\xbf"


def other_plural_forms(made: Made) -> None:
    made.fields["Plural-Forms"] = made.chance.choice([
        "nplurals=2; plural=n;", "nplurals=x; plural=0;", "nplurals=; plural=0;",
        "nplurals=2; plural=;", "nplurals=2; plural=n=1;", "nplurals=2; plural=(n>1;",
        "nplurals=2; plural=1/n;", "nplurals=2; plural=n%0;", "nplurals=2; plural=0-1;",
        "nplurals=2;", "plural=n>1;", "nplurals=0; plural=0;", "nplurals = 2; plural = 0;",
        "nplurals=2 plural=n>1", "nplurals=2; plural=n>1 ? 1 : ;", "nplurals=2; plural=!n",
        "nplurals=3; plural=n>1 and 2;", "nplurals=7; plural=n>1;", "nplurals=1; plural=n||0;",
        "nplurals=EXPRESSION; plural=INTEGER;", "", "nplurals=2; plural=1000-n > 5;",
    ])  # fmt: skip


def drop_form(made: Made) -> None:
    plural(made).pop()


def add_form(made: Made) -> None:
    plural(made).append(f'msgstr[{made.count}] "more"')


def renumber(made: Made) -> None:
    entry = plural(made)
    at = made.chance.choice([n for n, line in enumerate(entry) if line.startswith("msgstr[")])
    entry[at] = f'msgstr[{made.chance.choice([1, 2, 7])}] "y"'


def swap_forms(made: Made) -> None:
    entry = plural(made)
    entry[-1], entry[-2] = entry[-2], entry[-1]


def empty_form(made: Made) -> None:
    entry = plural(made)
    entry[-1] = entry[-1].partition(" ")[0] + ' ""'


def obsolete(made: Made) -> None:
    entry = made.entries[0]
    entry[:] = [line if line.startswith("#") else f"#~ {line}" for line in entry]


def duplicate(made: Made) -> None:
    made.entries.append(made.chance.choice(made.entries))


def cut_quote(made: Made) -> None:
    entry = made.chance.choice(made.entries)
    at = made.chance.randrange(len(entry))
    entry[at] = entry[at].removesuffix('"')


def drop_line(made: Made) -> None:
    entry = made.chance.choice(made.entries)
    del entry[made.chance.randrange(len(entry))]


def stray_text(made: Made) -> None:
    made.chance.choice(made.entries).insert(0, "<<<<<<< ours")


DAMAGE: list[Callable[[Made], None]] = [
    drop_field, initial_value, no_header, byte_order_mark, other_plural_forms, other_plural_forms,
    drop_form, add_form, renumber, swap_forms, empty_form, obsolete, duplicate, cut_quote,
    drop_line, stray_text,
]  # fmt: skip


def generate(seed: int) -> bytes:
    """Return a generated catalog: sound for the first seeds, damaged for the others."""
    made = Made(random.Random(seed))
    if seed >= GENERATED:
        for _ in range(1 + (seed % 7 == 0)):
            DAMAGE[(seed + made.chance.randrange(2)) % len(DAMAGE)](made)
    return made.data()


def rejected(path: Path) -> str:
    """Return what `msgfmt -c` says of a catalog that it rejects, else ""."""
    done = subprocess.run(
        ["msgfmt", "-c", "-o", "/dev/null", str(path)],
        capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin"},
    )  # fmt: skip
    return done.stderr if done.returncode else ""


def differences(folder: Path, seeds: range) -> list[str]:
    """Return the generated catalogs that are judged differently, and why."""
    paths = []
    for seed in seeds:
        paths.append(folder / f"{seed:05}.po")
        paths[-1].write_bytes(generate(seed))
    plan = CheckPlan("fr", checks=select_checks(STRUCTURE, (), {}, reviewed=False))
    found: dict[Path, list[str]] = {path: [] for path in paths}
    for finding in check_catalogs(paths, lambda *_: plan):
        if finding.severity is Severity.ERROR and finding.path:
            found[finding.path].append(f"{finding.line}: {finding.message}")
    wrong = []
    for path in paths:
        said = rejected(path)
        if bool(said) != bool(found[path]):
            wrong.append(f"{path.name}: msgfmt: {said!r}, check: {found[path]}\n{path.read_text()}")
    return wrong


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_generated_and_damaged_catalogs_are_judged_as_by_msgfmt(tmp_path: Path) -> None:
    """Of 200 catalogs, 140 of them damaged, the same ones have errors."""
    assert differences(tmp_path, range(GENERATED + DAMAGED)) == []
