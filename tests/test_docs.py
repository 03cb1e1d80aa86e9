"""The generated parts of the documentation are those of the code; `make docs` renews them."""

import re
from pathlib import Path

import click
import pytest

from pipeline.cli import translate as cli
from pipeline.commands import COMMANDS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_HELP = re.compile(r"(?<=<!-- help -->\n).*?(?=<!-- /help -->)", re.DOTALL)


def help_texts() -> str:
    """The help of the command and of every sub-command, as a terminal of 80 columns shows it."""
    parts = []
    context = click.Context(
        cli, info_name="translate", terminal_width=80, help_option_names=["-h", "--help"]
    )
    for name in ["", *COMMANDS]:
        command = cli.get_command(context, name) if name else cli
        assert command is not None
        inner = click.Context(command, parent=context, info_name=name, terminal_width=80)
        text = command.get_help(inner if name else context)
        shown = f"translate {name}".strip()
        parts.append(
            f"<details><summary><code>{shown} --help</code></summary>\n\n"
            f"```text\n{text}\n```\n\n</details>\n"
        )
    return "\n" + "\n".join(parts) + "\n"


def test_the_readme_has_the_help_texts(request: pytest.FixtureRequest) -> None:
    """What the README says of a command is what the command says."""
    old = README.read_text(encoding="utf-8")
    new = _HELP.sub(lambda _: help_texts(), old)
    if request.config.getoption("--write-docs"):
        README.write_text(new, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == new, "stale: make docs"


@pytest.mark.parametrize("page", sorted([README, *ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link is a file of the project."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target
