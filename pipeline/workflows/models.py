"""Models: install one with progress."""

from __future__ import annotations

from pathlib import Path

from pipeline import models
from pipeline.workflows.events import Events


class InstallInterruptedError(KeyboardInterrupt):
    """The user interrupted an installation; the parts that arrived are kept for the next one."""


def install_model(model: models.Model, events: Events, *, file: Path | None = None) -> Path:
    """Install a model of the registry, from `file` if given; return the path of its file.

    Raises ModelError as `models.install` does, InstallInterruptedError on an interrupt.
    """
    try:
        return models.install(model, events.downloading, events.notice, file=file)
    except KeyboardInterrupt as error:
        raise InstallInterruptedError from error
