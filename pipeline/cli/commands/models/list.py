"""`translate models list`: list the models, and which are installed."""

from __future__ import annotations

from typing import Any

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo, echo_json
from pipeline.workflows.models import ModelInfo, list_models


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """List the models, and which are installed."""
    found = list_models(ConsoleEvents())
    if as_json:
        echo_json([to_object(model) for model in found])
        return
    for model in found:
        for line in _lines(model):
            echo(line)
    echo(
        "\nAny other GGUF model can be used by the path of its file. Packages are installed\n"
        "by their pair of languages: translate models install de-en",
        err=True,
    )


def to_object(model: ModelInfo) -> dict[str, Any]:
    """Return the JSON object of a model; `size` is in bytes."""
    return {
        "id": model.id,
        "kind": model.kind,
        **({"version": model.version} if model.pair else {}),
        "size": model.size,
        "sha256": model.sha256,
        "licence": model.licence,
        "languages": dict(model.languages),
        "installed": model.path is not None,
        "path": str(model.path) if model.path else None,
    }


def _lines(model: ModelInfo) -> list[str]:
    from rich.filesize import decimal

    if model.pair and model.path:
        place = "installed" if model.managed else f"in {model.path.parent}"
        return [f"{model.id} {model.version}  {decimal(model.size)}  {model.label}  {place}"]
    state = "installed" if model.path else "not installed"
    licence = model.licence or "licence not known"
    return [
        f"{model.id}  {decimal(model.size)}  {licence}  {state}",
        f"    {_languages(model)}",
    ]


def _languages(model: ModelInfo) -> str:
    """Format languages by fitness: `en good enough for drafts; fr, es weak`."""
    if not model.languages:
        return "your own: not rated for any language"
    by_fitness: dict[str, list[str]] = {}
    for language, fitness in model.languages.items():
        by_fitness.setdefault(fitness, []).append(language)
    return "; ".join(f"{', '.join(codes)} {fitness}" for fitness, codes in by_fitness.items())
