"""`translate models list`: list the models, and which are installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import find_any_project
from pipeline.cli.output import echo, echo_data
from pipeline.cli.run_summary import table
from pipeline.models.firefox import ListSettings
from pipeline.workflows.models import (
    ModelInfo,
    ModelList,
    list_available,
    list_models,
    project_list_settings,
)

_COLUMNS = ("model", "engine", "languages", "size", "quality", "licence", "installed")


@click.command("list")
@click.option(
    "--available",
    is_flag=True,
    help="Also ask the list of Firefox models, for at most 3 seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(folder: Path | None, available: bool, as_json: bool) -> None:
    """List the models, and which are installed.

    Known are the default model, and all models and packages that are installed. With
    --available, the Firefox models for the languages of the project are added.
    """
    events = ConsoleEvents()
    if available:
        project = find_any_project(folder)
        languages = project.languages if project else ()
        settings = project_list_settings(project, events) if project else ListSettings()
        found = list_available(languages, events, settings)
    else:
        found = ModelList(list_models(events))
    if found.problem:
        echo(f"Firefox models: {found.problem}", fg="yellow", err=True)
    if as_json:
        echo_data(json.dumps([to_object(model) for model in found.models], indent=2))
        return
    for line in table(_COLUMNS, [_row(m) for m in found.models], left=len(_COLUMNS)):
        echo(line)
    for model in found.models:
        if model.restriction:
            echo(f"{model.id} ({model.licence}) is {model.restriction}", fg="yellow")
    hints = (
        [] if available else ["Models that could be installed: translate models list --available"]
    )
    hints.append("Any GGUF model can be used by the path of its file.")
    echo("\n" + "\n".join(hints), err=True)


def to_object(model: ModelInfo) -> dict[str, Any]:
    """Return the JSON object of a model; `size` is in bytes."""
    return {
        "id": model.id,
        "kind": model.kind,
        "engine": model.engine,
        **({"version": model.version, "pair": list(model.pair)} if model.pair else {}),
        **({"architecture": model.architecture} if model.architecture else {}),
        "size": model.size,
        "sha256": model.sha256,
        "licence": model.licence,
        "restriction": model.restriction,
        "quality": model.quality,
        "languages": dict(model.languages),
        "installed": model.path is not None,
        "path": str(model.path) if model.path else None,
        "reachable": model.reachable,
    }


def _row(model: ModelInfo) -> tuple[str, ...]:
    from rich.filesize import decimal

    name = f"{model.id} {model.version} {model.architecture}".strip()
    state = "reachable" if model.reachable else "no"
    if model.path:
        state = "yes" if model.managed else f"in {model.path.parent}"
    return (
        name,
        model.engine,
        _languages(model),
        decimal(model.size),
        model.quality or "not known",
        model.licence or "not known",
        state,
    )


def _languages(model: ModelInfo) -> str:
    """Format the pair, or the languages by fitness: `en good enough for drafts; fr, es weak`."""
    if model.pair:
        return "-".join(model.pair)
    if not model.languages:
        return "not rated"
    by_fitness: dict[str, list[str]] = {}
    for language, fitness in model.languages.items():
        by_fitness.setdefault(fitness, []).append(language)
    return "; ".join(f"{', '.join(codes)} {fitness}" for fitness, codes in by_fitness.items())
