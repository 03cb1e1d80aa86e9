"""Hostile articles through `translate extract`, `check`, `build` and `text`: seconds and memory.

    python benchmarks/hostile_articles.py md|html [SIZE] [NAME...]

For each kind of input, a project with one article of SIZE repetitions (default 100,000) is
extracted, checked, built without translations, and built with a translation of its first and last
segments. `text` receives each line of the article (at most ten) through a server on this machine.
Prints a row with the processor time of each command, the highest peak of memory, and what is wrong:
a traceback, an exit code that is not documented, more than one line of error, a build without
translations that differs from its article, or more than 120 s of processor time or 4 GB of memory.
The commands after one that was killed for that are left out.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.cli import main as translate_main
from pipeline.core.types import Provenance
from tests.engines.loopback import Asked, Loopback, Reply, chat, question

# What commands import, once for all copies of this process.
for _name in ("articles.formats.html", "articles.formats.markdown", "checks", "cli.root"):
    import_module(f"pipeline.{_name}")

LIMIT = 120
"""Seconds of processor time that a command may take."""

MEMORY_BYTES = 4 << 30

_SETTINGS = """name = "x"
languages = ["en"]
[engines.openai]
url = "{url}"
model = "m"
"""


def markdown(n: int) -> dict[str, str]:
    """Return hostile Markdown by name."""
    word = "Wort"
    indents = "".join(" " * i + "a:\n" for i in range(min(n, 2000)))
    tables = "".join(f"[a{'.a' * i}]\n" for i in range(min(n, 1000)))
    return {
        "nested quotes": "> " * n + word,
        "nested lists": "- " * n + word,
        "indented lists": "".join(" " * 2 * i + "- Wort\n" for i in range(min(n, 2000))),
        "nested admonitions": "".join("    " * i + "!!! note\n" for i in range(min(n, 2000))),
        "containers": "::: tip Titel\n" * n + word,
        "nested tags": "Ein " + "<b>" * n + word + "</b>" * n,
        "unclosed tags": "Ein " + "<b>" * n + word,
        "block tags": "<div>\n" * n + word,
        "components": "<Tab>\n" * n + word,
        "tags without end": "Ein <a href=" * n,
        "expressions": "{a " * n + word,
        "templates": "{{ a " * n + word,
        "table columns": "|" + "Wort|" * n + "\n|" + "-|" * n + "\n|" + "Wort|" * n,
        "table rows": "|Wort|x|\n|-|-|\n" + "|Wort|x|\n" * n,
        "tables": "|Wort|x|\n|-|-|\n\n" * (n // 2),
        "pipes": "|" * n + word,
        "entities": "&amp;" * n + word,
        "open entities": "&am" * n + word,
        "wrong entities": "Ein &#x110000; und &#xD800; und &#0; und &zzz; Wort.",
        "5 MB of words": "Der Hafen wächst weiter. " * (n * 2),
        "5 MB word": "Wort" * (n * 12),
        "lines": "Wort\n" * n,
        "hard breaks": "Wort  \n" * n,
        "stars": "*" * n + word,
        "open emphasis": "*a " * n + word,
        "mixed emphasis": "**a *b __c _d " * (n // 4) + word,
        "tildes": "~~a " * n + word,
        "backticks": "`" * n + word,
        "runs of backticks": " ".join("`" * i + "a" for i in range(min(n, 2500))) + word,
        "dollars": "$a " * n + word,
        "backslashes": "\\" * n + word,
        "open brackets": "[" * n + word,
        "brackets": "[" * n + word + "]" * n,
        "open images": "![" * n + word,
        "images in images": "![" * n + word + "](x)" * n,
        "open links": "[a](" * n + word,
        "open targets": "[a](<b" * n + word,
        "open titles": '[a](b "' * n + word,
        "links": "[Wort](https://example.org/lang/und/laenger) " * n,
        "reference links": "[Wort][a] " * n + "\n\n[a]: b",
        "definitions": "".join(f"[a{i}]: b\n" for i in range(n)) + "\n[a1] Wort",
        "open definitions": "[a\n" * n + word,
        "footnotes": "".join(f"Wort[^{i}]\n\n[^{i}]: Note\n\n" for i in range(n // 2)),
        "open notes": "^[" * n + word,
        "comments without end": "Wort\n\n" + "<!-- " * n + word,
        "inline comments": "Wort " + "<!-- " * n + word,
        "script without end": "Wort\n\n<script>\n" + "Wort\n" * n,
        "switches": "<!-- translate:off -->\n\n" * n + word,
        "URLs": "http://" * n + word,
        "attribute of 5 MB": f'Wort\n\n<img alt="{"Ein Bild. " * n * 5}">',
        "target of 5 MB": f"[Wort](<{'a' * n * 50}>)",
        "setext": "Wort\n" * n + "===",
        "list items": "- Wort\n" * n,
        "loose list items": "1. Wort\n\n" * n,
        "lazy quote": "> Wort\n" + "Wort\n" * n,
        "definition lists": "Wort\n: Text\n\n" * (n // 2),
        "mixed line ends": "Wort\r\n\rWort\n\n\r" * (n // 4),
        "NUL": "Wort\0Wort\n\n" * 10 + "\0" * n,
        "YAML aliases": "---\na: &a [x]\n"
        + "".join(f"b{i}: &b{i} [*b{i - 1}, *b{i - 1}]\n" for i in range(1, n // 4))
        + "title: *b9\n---\nWort",
        "YAML brackets": f"---\ntitle: {'[' * n}\n---\nWort",
        "YAML indents": f"---\n{indents}---\nWort",
        "YAML dashes": f"---\ntitle:\n  {'- ' * n}Wort\n---\nWort",
        "YAML keys": "---\n" + "title: Wort\n" * n + "---\nWort",
        "YAML quotes": "---\n" + 'title: "Wort\n' * n + "---\nWort",
        "YAML items": f"---\ntitle: [{'Wort, ' * n}]\n---\nWort",
        "YAML block": "---\ntitle: |\n" + "  Wort\n" * n + "---\nWort",
        "YAML without end": "---\n" + "title: Wort\n" * n,
        "TOML brackets": f"+++\ntitle = {'[' * n}\n+++\nWort",
        "TOML tables": f"+++\n{tables}+++\nWort",
        "TOML quotes": "+++\n" + "title = '''\n" * n + "+++\nWort",
        "not UTF-8": "Wort \udcff",
    }  # fmt: skip


def html(n: int) -> dict[str, str]:
    """Return hostile HTML by name."""
    word = "Wort"

    def ld(text: str) -> str:
        return f'<script type="application/ld+json">{text}</script><p>Wort'

    return {
        "nested div": "<div>" * n + word + "</div>" * n,
        "nested quotes": "<blockquote>" * n + word,
        "nested lists": "<ul><li>" * n + word,
        "nested tables": "<table><tr><td>" * n + word,
        "nested b": "<p>Ein " + "<b>" * n + word + "</b>" * n,
        "unclosed p": "<p>Wort" * n,
        "unclosed b": "<p>Ein " + "<b>" * n + word,
        "closing tags": "Wort" + "</b></p>" * n,
        "crossed tags": "<p>" + "<b><i>Wort</b></i>" * (n // 2),
        "nested links": "<p>" + "<a href=x>Wort " * n,
        "nested svg": "<svg><title>" * n + word,
        "nested select": "<select><option>" * n + word,
        "table cells": "<table>" + "<tr><td>Wort<td>x" * n,
        "open brackets": "<" * n + word,
        "open tags": "<p>Wort <a href=" * n,
        "open quotes": '<p>Wort <a href="' * n,
        "attributes": "<p " + "a=b " * n + ">Wort",
        "attribute of 5 MB": f'<p>Wort <img alt="{"Ein Bild. " * n * 5}">',
        "entities": "<p>" + "&amp;" * n + word,
        "open entities": "<p>" + "&am" * n + word,
        "long entity": "<p>&" + "a" * n + "; &#" + "9" * n + "; Wort",
        "wrong entities": "<p>Ein &#x110000; und &#xD800; und &#0; und &zzz; Wort.",
        "5 MB of words": "<p>" + "Der Hafen wächst weiter. " * (n * 2),
        "5 MB word": "<p>" + "Wort" * (n * 12),
        "line breaks": "<p>" + "Wort<br>" * n,
        "comments without end": "<p>Wort" + "<!-- " * n + word,
        "comments": "<p>Wort" + "<!-- -->" * n + word,
        "declarations": "<p>Wort" + "<!x" * n + word,
        "instructions": "<p>Wort" + "<?x" * n + word,
        "CDATA": "<p>Wort" + "<![CDATA[" * n + word,
        "script without end": "<p>Wort<script>" + "Wort\n" * n,
        "scripts": "<p>Wort<script>" + "</scrip" * n + word,
        "escaped scripts": "<p>Wort<script><!--<script>" * n,
        "textarea without end": "<p>Wort<textarea>" + "<p>Wort" * n,
        "title without end": "<title>" + "Wort " * n,
        "plaintext": "<p>Wort<plaintext>" + "<p>Wort" * n,
        "switches": "<p>Wort<!-- translate:off -->" * n,
        "notranslate": "<p>Ein " + "<span translate=no>" * n + word,
        "mixed line ends": "<p>Wort\r\n\rWort\n" * (n // 2),
        "NUL": "<p>Wort\0Wort" + "\0" * n,
        "JSON-LD brackets": ld("[" * n),
        "JSON-LD objects": ld('{"a":' * n + "1" + "}" * n),
        "JSON-LD surrogates": ld('{"headline": "Ein \\ud800 Wort", "description": "Ein Text"}'),
        "JSON-LD of 5 MB": ld('{"articleBody": "' + "Ein Text. " * (n * 5) + '"}'),
        "JSON-LD items": ld("[" + '{"headline": "Wort"},' * n + "{}]"),
        "JSON-LD numbers": ld('{"a": ' + "9" * n + ', "headline": "Wort"}'),
        "charset unknown": '<meta charset="nonsense"><p>Wort ä',
        "charset of Python": '<meta charset="idna"><p>Wort ä',
        "charset that is no text": '<meta charset="hex"><p>Wort ä',
        "charset too wide": '<meta charset="utf-16"><p>Wort ä',
        "charset too long": f'<meta charset="{"a" * n}"><p>Wort ä',
        "charsets": '<meta charset="utf-8">' * n + "<p>Wort ä",
        "not UTF-8": '<meta charset="utf-8"><p>Wort \udcff',
    }  # fmt: skip


@dataclass
class Outcome:
    """How a command ended."""

    code: int
    error: str
    seconds: float
    megabytes: float


def run(folder: Path, *words: str, data: bytes = b"") -> Outcome:
    """Run `translate` for a project in a copy of this process, with a limit on its time."""
    (folder / "stdin").write_bytes(data)
    process = os.fork()
    if not process:
        os.dup2(os.open(folder / "stdin", os.O_RDONLY), 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(folder / "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        os.environ.update(XDG_CACHE_HOME=str(folder / "cache"), HOME=str(folder))
        sys.argv = ["translate", "-C", str(folder / "project"), *words]
        try:
            translate_main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 - shown, with a code of its own
            traceback.print_exc()
            code = 99
        sys.stderr.flush()
        os._exit(code)
    _, status, usage = os.wait4(process, 0)
    return Outcome(
        os.waitstatus_to_exitcode(status),
        (folder / "stderr").read_text("utf-8", "replace"),
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
    )


def faults(name: str, one: Outcome) -> list[str]:
    """Return what is wrong with the end of a command."""
    if "Traceback" in one.error or one.code not in (0, 1, 2, 3):
        return [f"{name}: code {one.code} {one.error[-300:]!r}"]
    if one.code > 1 and len(one.error[one.error.find("error: ") :].strip().splitlines()) > 2:
        return [f"{name}: {one.error[:300]!r}"]
    return []


def translate_some(path: Path) -> None:
    """Translate the first and last entries of a catalog, as drafts."""
    found = catalog.load(path).translations
    sources = {one.source for one in (*found[:3], *found[-3:])}
    origin = Provenance("x", "", "", "")
    catalog.write_drafts(path, {one: catalog.Draft(f"{one} Zusatz", origin) for one in sources})


def measure(suffix: str, text: str, url: str) -> tuple[list[Outcome], list[str]]:
    """Return the ends of all commands for one article, and what is wrong."""
    ends: list[Outcome] = []
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        (project / "source_de").mkdir(parents=True)
        (project / "translate.toml").write_text(_SETTINGS.format(url=url))
        data = text.encode("utf-8", "surrogateescape")
        article = project / "source_de" / f"a.{suffix}"
        article.write_bytes(data)

        def step(*words: str, data: bytes = b"") -> None:
            if ends and ends[-1].code < 0:
                return
            ends.append(run(folder, *words, data=data))
            wrong.extend(faults(words[0], ends[-1]))

        step("extract", "--force-language")
        built = project / "output" / "en" / article.name
        found = list((project / "output").rglob("*.po"))
        step("check")
        step("build", "--draft")
        if built.exists() and built.read_bytes() != data and 'lang="de' not in text:
            wrong.append("build: other bytes")
        if found:
            translate_some(found[0])
            step("build", "--draft")
        lines = b"\n".join(data.splitlines()[:10])
        form = {"md": "markdown", "html": "html"}[suffix]
        step("text", "--format", form, "--to", "en", "--engine", "openai", data=lines)
    return ends, wrong


def answer(asked: Asked) -> Reply:
    """Answer as a chat server that changes no word."""
    return chat(question(asked)) if asked.method == "POST" else Reply({"data": [{"id": "m"}]})


def main(suffix: str, size: str = "100000", *names: str) -> None:
    cases = {"md": markdown, "html": html}[suffix](int(size))
    with Loopback(answer) as server:
        for name, text in cases.items():
            if names and name not in names:
                continue
            ends, wrong = measure(suffix, text, f"{server.url}/v1")
            seconds = " | ".join(f"{one.seconds:.1f}" for one in ends)
            peak = max(one.megabytes for one in ends)
            said = ends[0].error.strip().split("\n")[0][:160] if ends[0].code else ""
            print(f"| {name} | {len(text) / 1e6:.1f} | {seconds} | {peak:.0f} | {said} |", *wrong)
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
