"""Completion of languages, articles, engines, checks and models by the shell.

Click calls these functions while the user types, so they never fail and print nothing: without
a project, or with wrong settings, there is nothing to propose.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import PurePath

import click
from click.shell_completion import CompletionItem

from pipeline.core import PipelineError
from pipeline.project import Project, load_project

PROGRAM = "translate"
VARIABLE = "_TRANSLATE_COMPLETE"
"""The environment variable by which the shell asks for completion."""
SHELLS = ("bash", "zsh", "fish")
_COMMON_LANGUAGES = ("en", "fr", "es", "it", "nl", "pl", "pt", "pt_BR", "ru", "uk", "zh")


def current_shell() -> str:
    """Return the user's shell, "" if it is not one of `SHELLS`."""
    name = PurePath(os.environ.get("SHELL", "")).name
    return name if name in SHELLS else ""


def complete_languages(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Propose the languages of the project; outside a project, common ones."""
    project = _project(ctx)
    return _starting(incomplete, project.languages if project else _COMMON_LANGUAGES)


def complete_articles(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Propose the articles by the names that `status` prints; otherwise, files."""
    project = _project(ctx)
    names: Iterable[str] = ()
    if project:
        try:
            names = [project.article_name(path) for path in project.article_folder().articles]
        except PipelineError:
            names = ()
    given = ctx.params.get(parameter.name or "")
    chosen = set(map(str, given)) if isinstance(given, tuple) else set()
    return _starting(incomplete, (one for one in names if one not in chosen)) or [
        CompletionItem(incomplete, type="file")
    ]


def complete_engines(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Propose `auto`, the engines and those of plug-ins."""
    from pipeline.engines import AUTO, engine_names

    return _starting(incomplete, (AUTO, *engine_names()))


def complete_origins(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Propose what a draft may come from: an engine, the memory, the source or the labels."""
    from pipeline.engines import draft_origins

    return _starting(incomplete, draft_origins())


def complete_checks(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Propose the ids of the checks."""
    from pipeline.checks import by_id

    return _starting(incomplete, by_id())


def complete_models(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Propose the ids of the models; otherwise, files."""
    from pipeline.models import known_models

    ids = [model.id for model in known_models()]
    return _starting(incomplete, ids) or [CompletionItem(incomplete, type="file")]


def _starting(incomplete: str, names: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _project(ctx: click.Context) -> Project | None:
    try:
        return load_project(ctx.find_root().params.get("project"))
    except PipelineError:
        return None
