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
    "import": "Take translated XLIFF or CSV files back into the catalogs.",
    "init": "Make a translation project here.",
    "extract": "Write or update the catalogs without translating.",
    "mv": "Rename an article with its catalogs, template and built files.",
    "segment": "Print the segments of an article.",
    "text": "Translate lines from standard input.",
    "merge": "Merge two versions of a catalog, entry by entry, as git's merge driver.",
    "doctor": "Name what is damaged in catalogs or a project, and how to mend it.",
    "glossary": "Look after glossaries: lint, find, import, export.",
    "tm": "Look after the translation memory: import, export, find.",
    "models": "Look after translation models: list, install, remove.",
}
