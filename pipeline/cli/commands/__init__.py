"""The sub-commands, imported only when they are called.

A command is a module with the Click command `command`, named as the module is (a trailing
underscore, if the name is a Python keyword, does not count). Its line in a table of
this package has its short help too, so that `--help` imports nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "run": "Translate what is missing: articles in, catalogs of drafts out.",
    "status": "Show the translation state of every article in every language.",
    "approve": "Approve translations: remove their fuzzy flag.",
    "reset": "Make drafts missing again; the next run regenerates them.",
    "check": "Check catalogs: glossary, numbers, markup and more.",
    "build": "Build the translated articles from the catalogs.",
    "export": "Write catalogs for translators' tools, as XLIFF or CSV.",
    "import": "Import translated XLIFF or CSV files into the catalogs.",
    "init": "Create a translation project here, or in FOLDER.",
    "extract": "Write or update the catalogs without translating.",
    "mv": "Rename an article with its catalogs, template and built files.",
    "segment": "Print the segments of an article.",
    "text": "Translate lines from standard input.",
    "merge": "Merge two versions of a catalog, entry by entry, as git's merge driver.",
    "doctor": "Report damage in catalogs or a project, and how to repair it.",
    "glossary": "Manage glossaries: lint, find, import, export.",
    "tm": "Manage the translation memory: import, export, find.",
    "models": "Manage translation models: list, install, remove.",
}
