"""Engines, checks and formats that other packages bring, found by their entry points.

An installed package offers a part in the groups `translate.engines`, `translate.checks`
and `translate.formats`. They are looked up only for a name that is not built in, so that
nobody pays for them who uses none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import PluginError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENGINES, CHECKS, FORMATS = "engines", "checks", "formats"


def names(group: str) -> tuple[str, ...]:
    """Name what the installed packages offer in a group, by alphabet."""
    return tuple(sorted({point.name for point in _points(group)}))


@lru_cache(maxsize=256)
def load(group: str, name: str) -> Any | None:
    """Import what a package offers in a group under a name; None where no package does.

    Raises PluginError where two packages offer it, or it cannot be imported.
    """
    found = [point for point in _points(group) if point.name == name]
    if not found:
        return None
    if len(found) > 1:
        packages = " and ".join(sorted(_package(point) for point in found))
        raise PluginError(f"{packages} both bring {name!r} ({group})", "Uninstall one of them.")
    try:
        return found[0].load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise PluginError(
            f"{name!r} of the package {_package(found[0])} cannot be imported: {error}",
            "Update that package, or uninstall it.",
        ) from error


@lru_cache(maxsize=8)
def _points(group: str) -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points

    return tuple(entry_points(group=f"translate.{group}"))


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
