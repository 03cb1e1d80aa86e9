"""A store of models with small Argos packages in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.models import argos
from tests import lexicons


@contextmanager
def installed(folder: Path, *files: Path) -> Iterator[pytest.MonkeyPatch]:
    """Use a store in `folder` with exactly these packages during the block."""
    lexicons.lend(folder / "cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_MODELS", str(folder / "store"))
        patch.setenv("TRANSLATE_CACHE", str(folder / "cache"))
        patch.setenv("ARGOS_PACKAGES_DIR", str(folder / "none"))
        for file in files:
            argos.install_file(str(file))
        yield patch
        lexicons.collect(folder / "cache")
