"""Entries with format flags get an error if, and only if, `msgfmt -c` rejects them."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.checks.formats import FORMAT_LANGUAGES
from pipeline.checks.runner import CheckPlan, check_catalogs
from pipeline.core.types import Severity

ENTRIES = 2400
DIRECTIVES = {
    "c-format": "%d %s %5d %-5s %ld %lld %hhd %1$s %2$d %1$d %2$s %3$s %% %.2f %Lf %lf %*d %*2$d"
    " %.*f %u %x %c %p %n %m %zd %jd %td %5% %<PRId64> %<PRIuMAX> %<PRId> %Id %ls %hs %C %y %1$ %"
    " %@ %i %0$d %hhhd",
    "objc-format": "%@ %d %1$@ %2$@ %s %% % %ld",
    "python-format": "%d %s %r %(name)s %(name)d %(n %(a(b))s %()s %% %(x)% % %*d %.0s %.*f %c %f"
    " %5.2f %ld %a %(name).0s %y %(name)",
    "python-brace-format": "{} {0} {1} {name} {name.attr} {a[0]} {a[b]} {{ }} { } {0:>8} {:d}"
    " {0:{1}} {:{w}} {name!r} {0:.2f} {name:x<5} {: {a. {a[} {name:%} {{}} {a-b} {0:,}",
    "php-format": "%d %s %1$s %2$d %1$d %% %'x5d %05d %.2f %.f %e %E %g %b %c %X % %+d %ld %i"
    " %0$s %l",
    "qt-format": "%1 %2 %L1 %12 %0 % %n %L %99 %% %01",
    "kde-format": "%1 %2 %3 %4 % %n %% %10 %0",
    "boost-format": "%1% %2% %s %d %|1$s| %|s| %|2$| %% %1$s %2$d % %5d %t %Tx %|10t| %c %p %n"
    " %*d %0% %|s %y %ld %f %| %1 %3%",
    "java-format": "{0} {1} {0,number} {0,date} {1,date,short} {0,number,#.##} {0,choice,0#a|1#b}"
    " '{' {0,choice,0#a|1#{1}} '' ' { } {a} {0,foo} {0,number,x} {2} {0,date,yyyy} {0,number,}",
    "csharp-format": "{0} {1} {0:N} {0,5} {0,-5:N2} {{ }} { } {a} {0,} {0:}",
    "perl-brace-format": "{name} {a} {0} { } {{a}} {a-b}",
}
FIELDS = ("Project-Id-Version: x", "PO-Revision-Date: 2024-01-01 00:00+0000", "Last-Translator: A",
          "Language-Team: French", "Language: fr", "MIME-Version: 1.0",
          "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit",
          "Plural-Forms: nplurals=2; plural=n > 1;")  # fmt: skip
HEADER = 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in FIELDS) + "\n"


def changed(chance: random.Random, parts: list[str], known: list[str]) -> list[str]:
    """Return directives in another order, or with one replaced, lost or added."""
    parts = list(parts)
    way = chance.randrange(5)
    if way == 0:
        chance.shuffle(parts)
    elif way == 1 and parts:
        parts[chance.randrange(len(parts))] = chance.choice(known)
    elif way == 2 and parts:
        parts.pop(chance.randrange(len(parts)))
    elif way == 3:
        parts.insert(chance.randrange(len(parts) + 1), chance.choice(known))
    return parts


def text(chance: random.Random, word: str, parts: list[str]) -> str:
    """Return a text with directives, quoted for a catalog."""
    made = word + "".join(chance.choice([" ", " a", ", "]) + part for part in parts)
    return '"' + (made + chance.choice(["", " end", "."])).replace('"', '\\"') + '"'


def entry(chance: random.Random, number: int) -> list[str]:
    """Return the lines of an entry, one in four with plural forms."""
    flag = chance.choice(sorted(DIRECTIVES))
    known = DIRECTIVES[flag].split(" ")
    parts = [chance.choice(known) for _ in range(chance.choice([0, 1, 1, 2, 2, 3]))]
    lines = [f"#, {flag}", f'msgctxt "{number}"', f"msgid {text(chance, 'Wort', parts)}"]
    if chance.random() < 0.75:
        return [*lines, f"msgstr {text(chance, 'word', changed(chance, parts, known))}"]
    lines.append(f"msgid_plural {text(chance, 'Worte', changed(chance, parts, known))}")
    for form in range(2):
        lines.append(f"msgstr[{form}] {text(chance, 'mot', changed(chance, parts, known))}")
    return lines


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_generated_format_strings_are_judged_as_by_msgfmt(tmp_path: Path) -> None:
    """The same entries of 2,400 are wrong, in eleven formats, with and without plural forms."""
    chance = random.Random(16)
    entries = [entry(chance, number) for number in range(ENTRIES)]
    path = tmp_path / "fr.po"
    path.write_text(HEADER + "\n\n".join("\n".join(lines) for lines in entries) + "\n", "utf-8")
    first_lines = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if match := re.fullmatch(r'msgctxt "(\d+)"', line):
            index = int(match[1])
        if number > HEADER.count("\n"):
            first_lines[number] = index if match or line.startswith("msg") else -1
    done = subprocess.run(
        ["msgfmt", "-c", "-o", "/dev/null", str(path)],
        capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin"},
    )  # fmt: skip
    rejected = {first_lines[int(line)] for line in re.findall(r"fr\.po:(\d+): ", done.stderr)}
    plan = CheckPlan("fr", checks=("placeholders",))
    found = {
        first_lines[finding.line]: finding.message
        for finding in check_catalogs([path], lambda *_: plan)
        if finding.severity is Severity.ERROR
    }
    wrong = rejected ^ found.keys()
    assert not wrong, "\n".join(
        "\n".join([*entries[number], found.get(number, "msgfmt alone")]) for number in wrong
    )
    assert len(rejected) > ENTRIES // 5
    assert DIRECTIVES.keys() == FORMAT_LANGUAGES.keys()
