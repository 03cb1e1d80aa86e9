"""Delete packages that translate installed."""

from __future__ import annotations

import shutil

from pipeline.core.errors import ModelError
from pipeline.models import store
from pipeline.models.argos.package import pair
from pipeline.models.argos.store import RECORD, find, home


def remove(name: str) -> int:
    """Delete the package of a pair and give the bytes freed.

    Raises ModelError where there is none, or another program installed it.
    """
    codes = pair(name)
    name = "-".join(codes) if codes else name
    folder = home(name)
    if not (codes and (folder / RECORD).is_file()):
        package = find(name)
        if package:
            raise ModelError(
                f"{package.folder} was not installed by translate",
                f"Remove it as it came: argospm remove translate-{package.source}_{package.target}",
            )
        raise ModelError(f"package {name} is not installed", "See: translate models list")
    try:
        with store.lock(folder, f"package {name}"):
            # The record goes first: what a kill leaves counts as not installed.
            paths = [folder / RECORD, *sorted(folder.rglob("*"), reverse=True)]
            freed = sum(p.stat().st_size for p in paths[1:] if p.is_file())
            (folder / RECORD).unlink()
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            folder.rmdir()
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror}", "Check its rights.") from error
    return freed
