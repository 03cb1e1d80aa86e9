"""`translate models list`: list the models, and which are installed."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.filesize import decimal

from pipeline import models
from pipeline.models import argos


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def command(as_json: bool) -> None:
    """List the models, and which are installed."""
    if as_json:
        found = [facts(model) for model in models.known_models()]
        found += [package_facts(package) for package in argos.installed_packages()]
        click.echo(json.dumps(found, indent=2))
        return
    for model in models.known_models():
        state = "installed" if models.path_if_installed(model) else "not installed"
        licence = model.licence or "licence not known"
        click.echo(f"{model.id}  {decimal(model.size)}  {licence}  {state}")
        click.echo(f"    {languages(model)}")
    for package in argos.installed_packages():
        by = "installed" if package.managed else f"in {package.folder.parent}"
        click.echo(f"{package.id} {package.version}  {decimal(package.bytes)}  Argos package  {by}")
    click.echo(
        "\nAny other GGUF model works too, by the path of its file; Argos packages\n"
        "by their pair: translate models install de-en",
        err=True,
    )


def languages(model: models.Model) -> str:
    """Word the languages of a model by fitness: `en good enough for drafts; fr, es weak`."""
    if not model.languages:
        return "your own: not rated for any language"
    by_fitness: dict[str, list[str]] = {}
    for language, fitness in model.languages.items():
        by_fitness.setdefault(fitness, []).append(language)
    return "; ".join(f"{', '.join(codes)} {fitness}" for fitness, codes in by_fitness.items())


def facts(model: models.Model) -> dict[str, Any]:
    """What programs may want to know of a model; `size` is in bytes."""
    path = models.path_if_installed(model)
    return {
        "id": model.id,
        "kind": model.kind,
        "size": model.size,
        "sha256": model.sha256,
        "licence": model.licence,
        "languages": dict(model.languages),
        "installed": path is not None,
        "path": str(path) if path else None,
    }


def package_facts(package: argos.ArgosPackage) -> dict[str, Any]:
    """What programs may want to know of an Argos package; `size` is in bytes."""
    return {
        "id": package.id,
        "kind": "argos",
        "version": package.version,
        "size": package.bytes,
        "sha256": argos.archive_digest(package),
        "licence": "",
        "languages": {package.target: models.UNRATED},
        "installed": True,
        "path": str(package.folder),
    }
