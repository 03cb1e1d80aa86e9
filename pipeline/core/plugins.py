"""Plug-ins: engines, checks, article formats and quality estimators of other packages.

Packages register them as entry points in the groups `translate.engines`, `translate.checks`,
`translate.formats` and `translate.estimators`. They are looked up only for names that are not
built in, because reading the metadata of all packages takes time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import PluginError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["CHECKS", "ENGINES", "ESTIMATORS", "FORMATS", "load", "names"]

ENGINES, CHECKS, FORMATS, ESTIMATORS = "engines", "checks", "formats", "estimators"


def names(group: str) -> tuple[str, ...]:
    """Return the sorted names of the plug-ins in a group."""
    return tuple(sorted({point.name for point in _entry_points(group)}))


@lru_cache(maxsize=256)
def load(group: str, name: str) -> Any | None:
    """Import a plug-in; returns None if no package provides it.

    Raises PluginError if several packages provide it, or if it cannot be imported.
    """
    points = [point for point in _entry_points(group) if point.name == name]
    if not points:
        return None
    if len(points) > 1:
        packages = " and ".join(sorted(_package(point) for point in points))
        raise PluginError(f"{packages} both provide {name!r} ({group})", "Uninstall one of them.")
    try:
        return points[0].load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise PluginError(
            f"{name!r} of the package {_package(points[0])} cannot be imported: {error}",
            "Update that package, or uninstall it.",
        ) from error


@lru_cache(maxsize=8)
def _entry_points(group: str) -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points

    return tuple(entry_points(group=f"translate.{group}"))


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
