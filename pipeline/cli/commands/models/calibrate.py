"""`translate models calibrate`: correct the confidence of drafts by what reviewers approved."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import json_option
from pipeline.cli.output import echo, echo_json
from pipeline.drafting.calibration import MIN_EACH, MIN_SAMPLES
from pipeline.project import load_project
from pipeline.workflows.calibrate import EngineCalibration, calibrate


@click.command("calibrate")
@json_option
@click.pass_obj
def command(folder: Path | None, as_json: bool) -> None:
    """Correct the confidence of drafts by what reviewers approved or edited.

    Compares the drafts of this project with what became of them, in the catalogs and in their
    history in git, and stores a correction for each engine in the folder .translate. It applies
    to later drafts if translate.toml has `learn = true` under [confidence]. Nothing leaves
    this machine.
    """
    project = load_project(folder)
    found = calibrate(project)
    if as_json:
        echo_json(found)
        return
    if not found:
        echo("No reviewed drafts with a confidence yet.")
    for one in found:
        echo(_line(one))
    if any(one.calibration for one in found) and not project.confidence.get("learn"):
        echo("To apply it, set learn = true under [confidence] in translate.toml.")


def _line(one: EngineCalibration) -> str:
    seen = f"{one.engine}: {one.drafts} reviewed drafts, {one.unchanged} approved unchanged"
    if one.corrected_error is None:
        return (
            f"{seen}: too few for a correction (at least {MIN_SAMPLES} are needed, {MIN_EACH} of"
            " them unchanged and as many edited)"
        )
    errors = f"error {one.error:.3f}, corrected {one.corrected_error:.3f}"
    if one.calibration is None:
        return f"{seen}: a correction would not improve the confidence ({errors})"
    return f"{seen}: correction stored ({errors})"
