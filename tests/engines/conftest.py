"""The default model, which `make test` installs first, loaded once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.engines.base import Engine
from pipeline.engines.selection import resolve_engine


@pytest.fixture(scope="session")
def llama() -> Iterator[Engine]:
    """The engine as it is chosen without settings; its tests are in the xdist group `llama`."""
    loaded = resolve_engine("auto", "", "en").open()
    yield loaded
    loaded.close()
