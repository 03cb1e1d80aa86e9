"""Init: create a translation project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from pipeline.core import SettingsError, UnknownLanguageError, base_language, canonical_code
from pipeline.glossary import COLUMNS
from pipeline.project import SETTINGS_FILE, Project, find_project, find_settings, language_problem
from pipeline.workflows.events import Events

__all__ = ["InitOptions", "init"]

_HEADER = """\
# Settings of this translation project.
# To change a setting, remove the # before it; the values shown are the defaults.

# Target languages, in the order in which they are drafted.
languages = {languages}
"""
_COMMENTS = {
    "name": "Name of the project in the headers of new catalogs [default: that of the folder].",
    "source_dir": "Folder of the German articles: .txt, .md, .html.",
    "output_dir": "Folder of the catalogs and of the translated articles.",
    "glossary_dir": "Folder of the glossaries: de-en.csv, de-fr.csv, …",
    "memory_dir": "Folder of imported TMX files.",
    "memory": 'More TMX files, for example ["tm/*.tmx"].',
    "memory_shown": "Similarity in per cent from which a translation is shown to the translator.",
    "memory_examples": "Similarity in per cent from which it is given to the engine as an example.",
    "encoding": "Encoding of the articles.",
    "boilerplate": 'Labels of the page around an article: "translate", "copy" or "skip".',
    "lines": 'Lines of plain text that are one paragraph: "auto", "paragraph" or "line" (none).',
    "content": 'Part of a web page to translate: "page", "main" or "auto".',
    "front_matter": "Keys of the front matter of Markdown that are translated.",
    "segmentation": '"sentence" or "paragraph".',
    "engine": "Engine that drafts; auto selects one for the language by what is installed.",
    "model": "ID of a model (translate models list), or path of a .gguf file.",
    "formality": 'How drafts address the reader: "formal", "informal", or a table by language.',
    "second_opinion": "A second engine to compare drafts with (auto: the next best installed).",
    "term_engine": "A second engine for texts whose drafts lack glossary terms (off: none).",
    "estimator": "A plug-in that estimates the quality of drafts.",
    "offline": "Send no text to other machines, and download nothing.",
}
"""A comment for each setting that a value can show."""
_TABLES = """
# Severities of checks: "error", "warning", "info" or "off" (translate check --explain).
# [checks]
# quotes = "off"

# The same for one language.
# [checks.{language}]
# length = "info"

# Price of a million characters, for estimates, --max-cost and reports of runs. The tables of
# engines have their own: price_per_million_characters (openai: _input_tokens, _output_tokens).
# [prices]
# deepl = 20.0

# Command to call at the end of a run; it receives the report on standard input.
# [notify]
# command = ["notify-send", "Translation finished"]

# The review page records time and edits of approvals, on this machine only.
# [review]
# measure = true

# Correct the confidence of drafts by what reviewers approved: translate models calibrate
# [confidence]
# learn = true

# Instructions for engines that take them are not here but in style/{language}.md: "Use British
# spelling.", and under "## heading" those for headings (docs/engines.md, "Style").

# Settings of an estimator that a plug-in provides.
# [estimators.NAME]

# Settings of an engine.
# [engines.llama]
# quality = "balanced"
"""
_GITIGNORE = """\
# Written by `translate build`; catalogs and templates are versioned.
/{output}/*/*
!/{output}/*/LC_MESSAGES/
!/{output}/templates/*
*.mo

# Temporary files and copies of damaged catalogs.
.translate-*
*.salvaged
"""


@dataclass(frozen=True, slots=True)
class InitOptions:
    """Options of `init`: the folder, which need not exist, and the target languages."""

    folder: Path
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class InitResult:
    """The files and folders that were created."""

    created: tuple[Path, ...] = ()


def init(options: InitOptions, events: Events) -> InitResult:
    """Create the settings, folders and glossaries of a project; keep what exists.

    Raises UnknownLanguageError for a code that is no target language, and SettingsError if
    the folder is a project already or a file cannot be written.
    """
    folder = options.folder
    languages = tuple(dict.fromkeys(map(canonical_code, options.languages)))
    existing = find_settings(folder)
    if existing:
        raise SettingsError(f"{existing[0]}: exists already", "Edit it to change the settings.")
    for language in languages:
        if problem := language_problem(language):
            raise UnknownLanguageError(problem, "Write the code of a target language: en, en_GB.")
    try:
        return InitResult(tuple(_create(folder, languages)))
    except OSError as error:
        hint = "Check the permissions of the folder."
        raise SettingsError(f"{error.filename}: {error.strerror}", hint) from error


def _create(folder: Path, languages: tuple[str, ...]) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / SETTINGS_FILE
    settings.write_text(_settings(languages), encoding="utf-8")
    yield settings
    project = find_project(folder)
    for path in (folder / project.source_dir, folder / project.output_dir):
        if not path.is_dir():
            path.mkdir()
            yield path
    for language in languages:
        own = folder / project.glossary(language).relative_to(project.root)
        # The glossary of a language serves its variants; an empty one of a variant would hide it.
        glossary = folder / project.glossary(base_language(language)).relative_to(project.root)
        if not (own.exists() or glossary.exists()):
            glossary.parent.mkdir(exist_ok=True)
            glossary.write_text(f"{','.join(COLUMNS)}\n", encoding="utf-8")
            yield glossary
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text(_GITIGNORE.format(output=project.output_dir), encoding="utf-8")
        yield ignored


def _settings(languages: tuple[str, ...]) -> str:
    """Return the content of a settings file with a commented line for each setting."""
    parts = [_HEADER.format(languages=json.dumps(list(languages)))]
    for field in fields(Project):
        if field.name in _COMMENTS and field.default is not MISSING:
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            value = json.dumps(default, ensure_ascii=False)
            parts.append(f"\n# {_COMMENTS[field.name]}\n# {field.name} = {value}\n")
    return "".join(parts) + _TABLES.format(language=languages[0])
