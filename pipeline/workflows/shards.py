"""Shards: divide the articles of a project among processes or machines without coordination.

An article belongs to the shard that the hash of its name selects. The name does not contain the
folder of the project, so all machines agree. A catalog belongs to the shard of its article.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.core import SettingsError

__all__ = ["ALL", "Shard", "parse_shard", "shard_from_environment"]

_NUMBERS = re.compile(r"(\d{1,6})/(\d{1,6})")
_OVERRIDE = "Add --shard K/N, or --shard 1/1 for all articles."


@dataclass(frozen=True, slots=True)
class Shard:
    """The shard `number` of `count`, from 1; `origin` is the variable that it comes from."""

    number: int = 1
    count: int = 1
    origin: str = ""

    def holds(self, name: PurePath) -> bool:
        """Return whether an article belongs to this shard.

        `name` is its path in the folder of articles, without suffix.
        """
        if self.count == 1:
            return True
        # macOS stores names decomposed; Git and Linux do not.
        text = unicodedata.normalize("NFC", name.as_posix())
        digest = hashlib.sha256(text.encode(errors="surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1

    def __str__(self) -> str:
        """Return the shard as in `--shard`."""
        return f"{self.number}/{self.count}"


ALL = Shard()
"""The only shard."""


def parse_shard(text: str) -> Shard | None:
    """Return the shard for `K/N`; None unless 1 <= K <= N."""
    match = _NUMBERS.fullmatch(text)
    number, count = (int(match[1]), int(match[2])) if match else (0, 0)
    return Shard(number, count) if 1 <= number <= count else None


def shard_from_environment(environment: Mapping[str, str]) -> Shard:
    """Return the shard of a task of Slurm, Kubernetes or GitLab; outside of these, `ALL`.

    - Slurm (sbatch, "Job arrays"): SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _MAX and _STEP.
    - Kubernetes sets JOB_COMPLETION_INDEX, from 0, in an indexed Job. It does not set the number of
      completions: the manifest must set JOB_COMPLETIONS.
    - GitLab (`parallel`) sets CI_NODE_INDEX, from 1, and CI_NODE_TOTAL.

    Raises SettingsError for values from which no shard follows.
    """
    for origin, read in (
        ("SLURM_ARRAY_TASK_ID", _slurm),
        ("JOB_COMPLETION_INDEX", _kubernetes),
        ("CI_NODE_INDEX", _gitlab),
    ):
        if environment.get(origin):
            index, count = read(environment)
            if not 0 <= index < count:
                raise SettingsError(
                    f"{origin} = {environment[origin]!a} is not a task of {count}", _OVERRIDE
                )
            return Shard(index + 1, count, origin)
    return ALL


def _slurm(environment: Mapping[str, str]) -> tuple[int, int]:
    count = _number(environment, "SLURM_ARRAY_TASK_COUNT")
    first = _number(environment, "SLURM_ARRAY_TASK_MIN", 0)
    step = _number(environment, "SLURM_ARRAY_TASK_STEP", 1) or 1
    last = _number(environment, "SLURM_ARRAY_TASK_MAX", first + (count - 1) * step)
    if first + (count - 1) * step != last:
        raise SettingsError(
            f"the tasks of this Slurm array are not {count} equal steps from {first} to {last}",
            f"Submit a regular array, as --array=0-{count - 1}. {_OVERRIDE}",
        )
    return (_number(environment, "SLURM_ARRAY_TASK_ID") - first) // step, count


def _kubernetes(environment: Mapping[str, str]) -> tuple[int, int]:
    if not environment.get("JOB_COMPLETIONS"):
        raise SettingsError(
            "JOB_COMPLETION_INDEX is set, but Kubernetes does not tell the number of completions",
            f"Set JOB_COMPLETIONS in the manifest. {_OVERRIDE}",
        )
    return _number(environment, "JOB_COMPLETION_INDEX"), _number(environment, "JOB_COMPLETIONS")


def _gitlab(environment: Mapping[str, str]) -> tuple[int, int]:
    return _number(environment, "CI_NODE_INDEX") - 1, _number(environment, "CI_NODE_TOTAL", 1)


def _number(environment: Mapping[str, str], name: str, default: int | None = None) -> int:
    value = environment.get(name, "")
    if not value and default is not None:
        return default
    if not re.fullmatch(r"\d{1,9}", value):
        missing = f"{name} = {value!a} is not a number" if value else f"{name} is missing"
        raise SettingsError(missing, _OVERRIDE)
    return int(value)
