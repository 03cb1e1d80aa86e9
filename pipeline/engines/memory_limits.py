"""Memory that this process may still allocate, checked before a model is loaded.

Without the check, the kernel would kill this process or another one without a message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core import EngineError


@dataclass(frozen=True, slots=True)
class AvailableMemory:
    """The bytes that a limit leaves, and the name of the limit."""

    bytes: int
    limit: str


@dataclass(frozen=True, slots=True)
class _CgroupVersion:
    """The folder and the files of a version of control groups."""

    controller: str
    folder: str
    limit_file: str
    used: str
    cached: tuple[str, str]


_CGROUP_VERSIONS = (
    _CgroupVersion(
        "", "sys/fs/cgroup", "memory.max", "memory.current", ("inactive_file", "active_file")
    ),
    _CgroupVersion(
        "memory",
        "sys/fs/cgroup/memory",
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        ("total_inactive_file", "total_active_file"),
    ),
)


def require_memory(name: str, required: int, hint: str) -> None:
    """Raise EngineError, with `hint`, if `required` bytes for `name` are not available.

    Never raises on systems that do not report their memory.
    """
    free = available()
    if free is None or required <= free.bytes:
        return
    from rich.filesize import decimal

    raise EngineError(
        f"{name} needs about {decimal(required)} of memory, and {free.limit} leaves "
        f"{decimal(max(0, free.bytes))}",
        hint,
    )


def available(root: Path = Path("/")) -> AvailableMemory | None:
    """Return what the tightest limit leaves; None if the system reports none.

    The limits are the memory of the machine including swap, the control groups of this
    process, and `ulimit -v`. `root` is the folder with proc and sys.
    """
    limits = [*_machine_limit(root), *_cgroup_limits(root), *_address_space_limit(root)]
    return min(limits, key=lambda free: free.bytes, default=None)


def _machine_limit(root: Path) -> Iterator[AvailableMemory]:
    """Read proc_meminfo(5). MemAvailable includes caches that the kernel can drop."""
    values = _read_table(root / "proc/meminfo")
    if "MemAvailable" in values:
        free = values["MemAvailable"] + values.get("SwapFree", 0)
        yield AvailableMemory(free * 1024, "this machine")


def _cgroup_limits(root: Path) -> Iterator[AvailableMemory]:
    """Read cgroups(7). The limit of a group includes all groups below it."""
    for line in _read_text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        version = next(
            (v for v in _CGROUP_VERSIONS if v.controller in controllers.split(",")), None
        )
        if version is None or ".." in path:
            continue
        top = root / version.folder
        group = top / path.strip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(top):
                yield from _cgroup_limit(folder, version, root)


def _cgroup_limit(folder: Path, version: _CgroupVersion, root: Path) -> Iterator[AvailableMemory]:
    limit_file, used = _read_text(folder / version.limit_file), _read_text(folder / version.used)
    if limit_file.isdecimal() and used.isdecimal():
        # The kernel drops cached file pages before a group is out of memory.
        states = _read_table(folder / "memory.stat")
        dropped = sum(states.get(name, 0) for name in version.cached)
        place = (folder / version.limit_file).relative_to(root)
        yield AvailableMemory(int(limit_file) - int(used) + dropped, f"the limit in /{place}")


def _address_space_limit(root: Path) -> Iterator[AvailableMemory]:
    """Read getrlimit(2) and proc_pid_statm(5)."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limit_file, _ = resource.getrlimit(resource.RLIMIT_AS)
    used = _read_text(root / "proc/self/statm").split()
    if limit_file != resource.RLIM_INFINITY and used:
        yield AvailableMemory(limit_file - int(used[0]) * resource.getpagesize(), "ulimit -v")


def _read_table(path: Path) -> dict[str, int]:
    """Parse the lines `name value` and `name: value kB` of a file in proc or sys."""
    rows = (line.replace(":", " ").split() for line in _read_text(path).splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdecimal()}


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
