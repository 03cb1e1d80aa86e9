"""Glossary files that no language of a project uses, usually because of a misspelled name.

Apart from the other use cases of glossaries, so that `check` starts without their imports.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core import Finding, Severity, suggest
from pipeline.project import Project

__all__ = ["unused_glossaries"]


def unused_glossaries(project: Project) -> Iterator[Finding]:
    """Yield a warning for each file in the folder of glossaries that no language uses."""
    for path in project.unused_glossaries():
        names = [project.glossary(language).name for language in project.languages]
        message = f"no language of the project uses it. {suggest(path.name, names, 'Glossaries')}"
        yield Finding("unused-glossary", Severity.WARNING, message, path)
