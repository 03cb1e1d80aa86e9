"""Properties of the system that differ between platforms."""

from __future__ import annotations

import math
import os
from pathlib import Path, PurePosixPath

__all__ = ["usable_cores"]

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_CGROUP = Path("/proc/self/cgroup")


def usable_cores() -> int:
    """Return the number of cores this process may use.

    Linux knows the affinity of a process, and the share of time that a container, a Kubernetes
    Pod or a Slurm job may use: on a node of 64 cores with a limit of two, 64 threads that wait for
    each other are slower than two. A limit of 1.5 cores counts as two.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min([cores, *_time_limits()]))


def _time_limits() -> list[int]:
    """The limits of the control groups (version 2) above this process, in cores."""
    try:
        lines = _OWN_CGROUP.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    # In a container the path is relative to the container's own root.
    groups = [line.removeprefix("0::/") for line in lines if line.startswith("0::/")]
    limits = []
    for group in groups:
        path = PurePosixPath(group)
        for folder in (path, *path.parents):
            try:
                quota, period = (_CGROUPS / folder / "cpu.max").read_text("ascii").split()
                limits.append(math.ceil(int(quota) / int(period)))
            except (OSError, ValueError, ZeroDivisionError):
                continue  # no limit ("max"), or no such file
    return limits
