"""Whether a model fits into the memory that this process may still take.

Where it does not, the kernel would end this process, or another one, without a word.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import EngineError


@dataclass(frozen=True, slots=True)
class Free:
    """How many bytes a limit leaves, and which limit it is."""

    bytes: int
    limit: str


@dataclass(frozen=True, slots=True)
class _Version:
    """Where a version of control groups has its limit, and the names of its files."""

    controller: str
    folder: str
    most: str
    used: str
    cached: tuple[str, str]


_VERSIONS = (
    _Version(
        "", "sys/fs/cgroup", "memory.max", "memory.current", ("inactive_file", "active_file")
    ),
    _Version(
        "memory", "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
        ("total_inactive_file", "total_active_file"),
    ),
)  # fmt: skip


def require_memory(name: str, need: int, cure: str) -> None:
    """Raise EngineError, with the `cure`, where `need` bytes for `name` are not free.

    Where a system does not tell what is free, nothing is refused.
    """
    free = available()
    if free is None or need <= free.bytes:
        return
    from rich.filesize import decimal

    raise EngineError(
        f"{name} needs about {decimal(need)} of memory, and {free.limit} leaves "
        f"{decimal(max(0, free.bytes))}",
        cure,
    )


def available(root: Path = Path("/")) -> Free | None:
    """What the tightest of all limits leaves; None where the system does not tell.

    `root` is where /proc and /sys are. The limits: the memory of the machine with what it
    may swap out, the control groups of this process, and `ulimit -v`.
    """
    limits = [*_machine(root), *_control_groups(root), *_address_space(root)]
    return min(limits, key=lambda free: free.bytes, default=None)


def _machine(root: Path) -> Iterator[Free]:
    """See proc_meminfo(5); MemAvailable counts what the kernel can drop of its caches."""
    values = _table(root / "proc/meminfo")
    if "MemAvailable" in values:
        free = values["MemAvailable"] + values.get("SwapFree", 0)
        yield Free(free * 1024, "this machine")


def _control_groups(root: Path) -> Iterator[Free]:
    """See cgroups(7): a limit of a group counts for all groups in it."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        version = next((v for v in _VERSIONS if v.controller in controllers.split(",")), None)
        if version is None or ".." in path:
            continue
        top = root / version.folder
        group = top / path.strip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(top):
                yield from _group(folder, version, root)


def _group(folder: Path, version: _Version, root: Path) -> Iterator[Free]:
    most, used = _text(folder / version.most), _text(folder / version.used)
    if most.isdecimal() and used.isdecimal():
        # Pages of files are dropped before a group is out of memory.
        states = _table(folder / "memory.stat")
        dropped = sum(states.get(name, 0) for name in version.cached)
        place = (folder / version.most).relative_to(root)
        yield Free(int(most) - int(used) + dropped, f"the limit in /{place}")


def _address_space(root: Path) -> Iterator[Free]:
    """See getrlimit(2) and proc_pid_statm(5)."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    used = _text(root / "proc/self/statm").split()
    if most != resource.RLIM_INFINITY and used:
        yield Free(most - int(used[0]) * resource.getpagesize(), "ulimit -v")


def _table(path: Path) -> dict[str, int]:
    """The lines `name value` or `name: value kB` of a file of the kernel."""
    rows = (line.replace(":", " ").split() for line in _text(path).splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdecimal()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
