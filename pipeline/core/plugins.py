"""Plug-ins: engines, checks, article formats and quality estimators of other packages.

Packages register them as entry points in the groups `translate.engines`, `translate.checks`,
`translate.formats` and `translate.estimators`. They are looked up only for names that are not
built in, because reading the metadata of all packages takes time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import PipelineError, PluginError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from types import TracebackType

__all__ = ["CHECKS", "ENGINES", "ESTIMATORS", "FORMATS", "PluginGuard", "load", "names"]

ENGINES, CHECKS, FORMATS, ESTIMATORS = "engines", "checks", "formats", "estimators"


class PluginGuard:
    """A block that runs code of a plug-in; records its error instead of raising it.

    Errors of this project, which have a message for the user, and interrupts are raised.
    """

    def __init__(self) -> None:
        self.problem = ""

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Record the error of the block."""
        if kind is None or not issubclass(kind, Exception) or issubclass(kind, PipelineError):
            return False
        self.problem = f"{kind.__name__}: {error}"
        return True


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
