"""`translate models info`: describe a model."""

from __future__ import annotations

import click

from pipeline.cli.commands.models.list import to_object
from pipeline.cli.completion import complete_models
from pipeline.cli.console import ConsoleEvents, downloads
from pipeline.cli.output import echo, echo_json
from pipeline.workflows.models import ModelInfo, ModelInfoOptions, ModelInfoResult, model_info


@click.command("info")
@click.argument("name", metavar="[ID|FILE]", default="", shell_complete=complete_models)
@click.option("--verify", is_flag=True, help="Read the whole file and check its digest.")
@click.option("--try", "try_it", is_flag=True, help="Translate sample sentences with the model.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str, verify: bool, try_it: bool, as_json: bool) -> None:
    """Show the size, licence and languages of a model.

    ID is the ID of a model (`firefox:de-en` for a Firefox model) or the pair of languages of
    a package (`de-en`); without it, the default model is shown.
    """
    events = ConsoleEvents()
    options = ModelInfoOptions(name, verify, compute_digest=not as_json, try_it=try_it)
    with downloads(events):
        result = model_info(options, events)
    if as_json:
        echo_json(to_object(result.model))
        return
    echo("\n".join(_lines(result)))


def _lines(result: ModelInfoResult) -> list[str]:
    model = result.model
    if model.pair:
        title, rows = f"{model.id} {model.version} ({model.label})", _package_rows(model)
        verified = "the files are as they were installed"
    else:
        title, rows = model.id + (" (the default)" if model.default else ""), _model_rows(model)
        verified = "the installed file has this digest"
    if result.verified:
        rows.append(("verified", verified))
    rows += [("sample", f"{source} → {target}") for source, target in result.samples]
    description = [f"  {model.description}"] if model.description else []
    return [title, *description, *(f"  {label:<10} {text}" for label, text in rows)]


def _model_rows(model: ModelInfo) -> list[tuple[str, str]]:
    from pipeline.models import UNRATED

    return [
        ("size", _size(model)),
        ("licence", model.licence or "not known"),
        *([("note", model.restriction)] if model.restriction else []),
        ("digest", f"SHA-256 {model.sha256}"),
        ("installed", str(model.path or f"no: translate models install {model.id}")),
        *(("from", source) for source in model.sources),
        *((f"into {code}", fitness) for code, fitness in model.languages.items()),
        ("into other", "not fit: refused unless forced" if model.languages else UNRATED),
    ]


def _package_rows(model: ModelInfo) -> list[tuple[str, str]]:
    source, target = model.pair or ("", "")
    unknown = "not known: another program installed it"
    kind = [("kind", model.architecture)] if model.architecture else []
    return [
        ("pair", f"from {source} into {target}"),
        ("quality", model.quality or "no published figure known"),
        *kind,
        ("size", _size(model)),
        ("licence", model.licence or "not stated by the package"),
        *(("from", source) for source in model.sources),
        ("digest", f"SHA-256 {model.sha256}" if model.sha256 else unknown),
        ("installed", str(model.path)),
    ]


def _size(model: ModelInfo) -> str:
    from rich.filesize import decimal

    return f"{decimal(model.size)} ({model.size:,} bytes)"
