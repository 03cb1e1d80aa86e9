"""Glossary and style files that no language of a project uses, often with a misspelled name.

Apart from the other use cases of glossaries, so that `check` starts without their imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.core import Finding, Severity
from pipeline.glossary import target_language
from pipeline.project import Project

__all__ = ["unused_glossaries", "unused_styles"]


def unused_glossaries(project: Project) -> Iterator[Finding]:
    """Yield a warning for each file in the folder of glossaries that no language uses."""
    for path in project.unused_glossaries():
        message = f"no language of the project uses it. {_hint(path, project)}"
        yield Finding("unused-glossary", Severity.WARNING, message, path)


def unused_styles(project: Project) -> Iterator[Finding]:
    """Yield a warning for each file in the folder of style instructions that no language uses."""
    for path in project.unused_styles():
        names = ", ".join(f"{language}.md" for language in project.languages)
        message = f"no language of the project uses it. Style files: {names}."
        yield Finding("unused-style", Severity.WARNING, message, path)


def _hint(path: Path, project: Project) -> str:
    expected = [project.glossary(language) for language in project.languages]
    similar = [other for other in expected if _letters(other) == _letters(path)]
    if similar:
        name = similar[0].relative_to(project.root).as_posix()
        return f"Rename it to {name}."
    if language := target_language(path):
        return f"Add {language} to languages in the settings, or delete the file."
    return f"Glossaries: {', '.join(other.name for other in expected)}."


def _letters(path: Path) -> str:
    return re.sub(r"[\W_]", "", path.stem).casefold()
