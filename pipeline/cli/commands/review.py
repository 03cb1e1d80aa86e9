"""`translate review`: review translations in the browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from pipeline.cli.options import languages_option, paths_argument
from pipeline.cli.output import echo
from pipeline.core import PipelineError
from pipeline.project import load_project


@click.command("review")
@paths_argument
@languages_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Port to listen on [default: any free one].",
)
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--read-only", is_flag=True, help="Show everything, and write nothing.")
@click.option(
    "--base-url",
    default="",
    metavar="URL",
    help="Address under which a reverse proxy on this machine serves the page.",
)
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    port: int,
    no_browser: bool,
    read_only: bool,
    base_url: str,
) -> None:
    """Review translations in the browser.

    Serves a page on 127.0.0.1 that shows all articles, or only PATHS, beside their
    translations. Catalogs are the only state, and every change is saved at once. Ctrl-C
    stops the server.
    """
    project = load_project(folder)
    try:
        from pipeline.web import ReviewServer, ReviewSettings
    except ImportError as error:
        raise PipelineError(
            f"the review page needs {error.name}, which is not installed",
            "pip install 'translate-pipeline[review]'",
        ) from error
    settings = ReviewSettings(paths, languages, read_only)
    server = ReviewServer(project, settings, port=port, base_url=base_url)
    echo(server.url)
    if server.public_url:
        echo(server.public_url)
    echo("Press Ctrl-C to stop.", err=True)
    if not no_browser:
        webbrowser.open(server.public_url or server.url)
    server.run()
