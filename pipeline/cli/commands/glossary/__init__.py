"""`translate glossary`: look after glossaries."""

from __future__ import annotations

from collections.abc import Mapping

import click

from pipeline.cli.lazy_group import LazyGroup

COMMANDS: Mapping[str, str] = {
    "lint": "Check glossary files for broken and contradictory rows.",
    "find": "Show which terms occur in every line of a text.",
    "stats": "Count a glossary's rows, and their uses in the articles.",
    "candidates": "List frequent expressions that no glossary has yet.",
    "import": "Turn a TBX file or Weblate's CSV into a glossary.",
    "export": "Turn a glossary into TBX or Weblate's CSV.",
}


@click.command("glossary", cls=LazyGroup, package="pipeline.cli.commands.glossary", table=COMMANDS)
def command() -> None:
    """Look after glossaries: lint, find, import, export.

    A glossary is the file glossary/de-LANGUAGE.csv of a project; docs/glossary.md
    describes it.
    """
