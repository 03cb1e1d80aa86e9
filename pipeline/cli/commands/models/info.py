"""`translate models info`: tell what a model is, and what it is fit for."""

from __future__ import annotations

import json

import click
from rich.filesize import decimal

from pipeline import models
from pipeline.cli.commands.models.list import facts, package_facts
from pipeline.cli.model_progress import Display
from pipeline.models import argos


@click.command("info")
@click.argument("name", metavar="[ID|FILE]", default="")
@click.option("--verify", is_flag=True, help="Read the whole file and check its digest.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def command(name: str, verify: bool, as_json: bool) -> None:
    """Tell what a model is, and what it is fit for.

    ID may be the pair of an Argos package (`de-en`). Without ID, that is the default model.
    """
    package = argos.find(name)
    if package:
        click.echo(
            json.dumps(package_facts(package), indent=2)
            if as_json
            else describe_package(package, verify=verify)
        )
        return
    model = models.find(name) if name else models.MODELS[0]
    if verify:
        with Display() as display:
            models.verify(model, display.progress)
    if as_json:
        click.echo(json.dumps(facts(model), indent=2))
        return
    click.echo(describe(model))
    if verify and model.sha256:
        click.echo("  verified   the installed file has this digest")


def describe(model: models.Model) -> str:
    """Describe a model in lines for a reader."""
    path = models.path_if_installed(model)
    lines = [model.id + (" (the default)" if model == models.MODELS[0] else "")]
    if model.description:
        lines.append(f"  {model.description}")
    rows = [
        ("size", f"{decimal(model.size)} ({model.size:,} bytes)"),
        ("licence", model.licence or "not known"),
        ("digest", f"SHA-256 {models.digest(model)}"),
        ("installed", str(path) if path else f"no: translate models install {model.id}"),
        *(("from", source.describe()) for source in model.sources),
        *((f"into {code}", fitness) for code, fitness in model.languages.items()),
        ("into other", "not fit: refused unless forced" if model.languages else models.UNRATED),
    ]
    return "\n".join([*lines, *(f"  {label:<10} {text}" for label, text in rows)])


def describe_package(package: argos.ArgosPackage, *, verify: bool = False) -> str:
    """Describe an Argos package in lines for a reader; raises ModelError where it is damaged."""
    first = argos.archive_digest(package)
    rows = [
        ("pair", f"from {package.source} into {package.target}, not rated"),
        ("size", f"{decimal(package.bytes)} ({package.bytes:,} bytes)"),
        ("digest", f"SHA-256 {first}" if first else "not known: another program installed it"),
        ("installed", str(package.folder)),
    ]
    if verify:
        argos.verify(package)
        rows += [("verified", "its files are as they were installed")] if package.managed else []
    lines = [f"{package.id} {package.version} (Argos package)"]
    return "\n".join([*lines, *(f"  {label:<10} {text}" for label, text in rows)])
