"""The subcommands of `translate`, and their short help.

Each command is a module with the Click command `command`. The module has the name of the
command, with an underscore appended to a Python keyword. The short help is in a table, so
that `--help` imports no command.
"""

from __future__ import annotations

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "run": "Translate missing segments: articles in, catalogs of drafts out.",
    "status": "Show the translation state of every article in every language.",
    "report": "Write one file that shows where the translations stand.",
    "count": "Count words by the effort they need, before a run.",
    "review": "Review translations in the browser.",
    "approve": "Approve translations: remove their fuzzy flag.",
    "reset": "Make drafts missing again; the next run regenerates them.",
    "check": "Check catalogs: glossary, numbers, markup and more.",
    "build": "Build the translated articles from the catalogs.",
    "export": "Write catalogs for translators' tools, as XLIFF or CSV.",
    "import": "Import translated XLIFF or CSV files into the catalogs.",
    "weblate": "Write what Weblate needs for this project.",
    "init": "Create a translation project here, or in FOLDER.",
    "watch": "Extract, draft, check and build what changes, until Ctrl-C.",
    "extract": "Write or update the catalogs without translating.",
    "mv": "Rename an article with its catalogs, template and built files.",
    "segment": "Print the segments of an article.",
    "text": "Translate lines from standard input.",
    "merge": "Merge two versions of a catalog, entry by entry, as git's merge driver.",
    "doctor": "Report damage in catalogs or a project, and how to repair it.",
    "glossary": "Manage glossaries: lint, find, import, export.",
    "tm": "Manage the translation memory: import, export, find.",
    "trust": "Allow settings of a project to reach beyond it.",
    "models": "Manage translation models: list, install, remove.",
    "completion": "Print the script that lets your shell complete commands.",
}
