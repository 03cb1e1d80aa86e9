"""`translate glossary`: manage glossaries."""

from __future__ import annotations

from collections.abc import Mapping

import click

from pipeline.cli.lazy_group import LazyGroup

COMMANDS: Mapping[str, str] = {
    "lint": "Check glossary files for broken and contradictory rows.",
    "find": "Show which terms occur in each line of a text.",
    "stats": "Count the rows of a glossary, and their uses in the articles.",
    "candidates": "List frequent expressions that are not in the glossary.",
    "import": "Import a TBX file or a CSV file of Weblate into a glossary.",
    "export": "Export a glossary as TBX or as CSV for Weblate.",
}


@click.command("glossary", cls=LazyGroup, package="pipeline.cli.commands.glossary", table=COMMANDS)
def command() -> None:
    """Manage glossaries: lint, find, import, export.

    The glossary of a language is the file glossary/de-LANGUAGE.csv of the project; see
    docs/glossary.md.
    """
