"""Generated documentation matches the code (`make docs` renews it), and links have targets."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli.main import translate as cli

ROOT = Path(__file__).parent.parent
COMMANDS = ROOT / "docs" / "commands.md"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_HELP = re.compile(r"(?<=<!-- help -->\n).*?(?=<!-- /help -->)", re.DOTALL)
_FENCED = re.compile(r"```.*?```", re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")


def walk(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the full name and the help of a command and its sub-commands, 80 columns wide."""
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=80,
        help_option_names=["-h", "--help"],
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert found is not None
            yield from walk(found, sub, context)


def help_texts() -> str:
    """Return the help of every command as Markdown sections."""
    sections = [f"## {name}\n\n```text\n{text}\n```\n" for name, text in walk(cli, "translate")]
    return "\n" + "\n".join(sections) + "\n"


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_page_of_commands_has_the_help_texts(request: pytest.FixtureRequest) -> None:
    """docs/commands.md shows the help of every command, sub-commands of groups included."""
    old = COMMANDS.read_text(encoding="utf-8")
    new = _HELP.sub(lambda _: help_texts(), old)
    if request.config.getoption("--write-docs"):
        COMMANDS.write_text(new, encoding="utf-8")
    assert COMMANDS.read_text(encoding="utf-8") == new, "stale: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_have_targets(page: Path) -> None:
    """Every relative link names a file of the project, and its anchor a heading there."""
    text = _CODE.sub("", _FENCED.sub("", page.read_text(encoding="utf-8")))
    for link in re.findall(r"\]\(([^)\s]+)[^)]*\)", text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link
