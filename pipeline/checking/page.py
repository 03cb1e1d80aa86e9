"""What the checks say of themselves: for `--explain`, and as the page `docs/checks.md`."""

from __future__ import annotations

from pipeline.checking.check import Check
from pipeline.checks import CHECKS

_INTRODUCTION = """\
# Checks

<!-- Written by `make docs` from the checks themselves: change those. -->

`translate check` runs these checks on every entry of a catalog, drafts included.

- **Severity**: an error makes `translate check` exit with 1; a warning does with `--strict`;
  information is shown with `--verbose`.
- **Settings**: in `translate.toml`, `[checks]` gives a check another severity or switches it
  off, and `[checks.fr]` does so for one language:

  ```toml
  [checks]
  negation = "warning"
  capital = "off"

  [checks.fr]
  blanks = "error"
  ```

- **One entry**: the flag `ignore-ID` in the catalog silences a check for that entry, as in
  Weblate: `#, ignore-numbers`. gettext's own tools, and Poedit with them, drop flags that they
  do not know; a comment of the translator's with the same words stays:
  `# translate: ignore-numbers`.
- `translate check --explain ID` says the same in the terminal.
- [How good the checks are](quality-checks.md): false alarms and mistakes caught, measured.

| check | severity | finds |
|---|---|---|
"""


def explain(check: Check) -> str:
    """What a check finds, why that matters, and how to mend it, as plain text."""
    lines = [
        f"{check.id} ({check.severity})",
        f"  {check.summary}",
        "",
        f"  Why: {check.why}",
        f"  Fix: {check.fix}",
        f"  Silence it for one entry with the flag ignore-{check.id}.",
    ]
    for title, examples in (("Found", check.wrong), ("Not found", check.right)):
        for language, source, target in examples:
            lines += ["", f"  {title} ({language}):", f"    {source!r}", f"    {target!r}"]
    return "\n".join(lines) + "\n"


def overview() -> str:
    """A line for every check: its id, severity and summary."""
    return "".join(f"{c.id:16} {c.severity:8} {c.summary}\n" for c in CHECKS)


def page() -> str:
    """The whole page, in Markdown."""
    rows = [f"| [{c.id}](#{c.id}) | {c.severity} | {c.summary} |\n" for c in CHECKS]
    return _INTRODUCTION + "".join(rows) + "".join(_section(check) for check in CHECKS)


def _section(check: Check) -> str:
    text = f"\n## {check.id}\n\n{check.summary} Severity: {check.severity}.\n\n"
    text += f"{check.why}\n\n**Fix**: {check.fix}\n"
    rows = [("found", *e) for e in check.wrong] + [("fine", *e) for e in check.right]
    if rows:
        text += "\n| | German | translation |\n|---|---|---|\n"
    for verdict, language, source, target in rows:
        text += f"| {verdict} | {_cell(source)} | {language}: {_cell(target)} |\n"
    return text


def _cell(text: str) -> str:
    """A text as code in a table; what Markdown or the eye would lose is shown as a sign."""
    signs = {"\n": "⏎", "\u00a0": "⍽", "\u202f": "⍽", "|": "\\|", "\x07": "␇"}
    return f"`` {''.join(signs.get(c, c) for c in text)} ``"
