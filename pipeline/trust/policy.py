"""The policy: settings that reach beyond the project need the user's agreement."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pipeline.core import SettingsError, TrustError
from pipeline.core.file_names import real_path
from pipeline.core.terminal import printable

__all__ = [
    "Confirm",
    "Reach",
    "Trust",
    "agree",
    "describe",
    "not_agreed",
    "printable",
    "question",
    "trust_command",
]

TRUST_VARIABLE = "TRANSLATE_TRUST_PROJECT"
_MAX_VALUE = 120


class Confirm(Protocol):
    """Asks the user a question; returns None if nobody can be asked."""

    def __call__(self, question: str, *, default: bool = True) -> bool | None:
        """Ask."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A setting of a project that has an effect outside of it.

    - `setting`, `value`: the key of the setting, and the value that the user agrees to.
    - `effect`: a sentence without its full stop.
    - `host`: the other machine that receives texts; "" if there is none.
    - `required`: the setting has no effect before the user agrees. Otherwise only a key is
      withheld.
    """

    setting: str
    value: str
    effect: str
    host: str = ""
    required: bool = True

    @property
    def digest(self) -> str:
        """The SHA-256 of the setting and its value: after a change, the user is asked again."""
        import hashlib
        import json

        return hashlib.sha256(json.dumps([self.setting, self.value]).encode()).hexdigest()

    def __str__(self) -> str:
        """Return the setting with its value, on one line and without control characters."""
        value = self.value if len(self.value) <= _MAX_VALUE else f"{self.value[:_MAX_VALUE]}…"
        return f"{self.setting} = {one_line(value)}"


@dataclass(frozen=True, slots=True)
class Trust:
    """Decides which settings of a project may reach beyond it.

    - `everything`: trust all settings, as `--trust` does. Nothing is stored.
    - `confirm`: asks the user about settings without a decision; a yes is stored. None raises
      TrustError instead.
    """

    everything: bool = False
    confirm: Confirm | None = None

    def __reduce__(self) -> tuple[type[Trust], tuple[bool]]:
        """Leave the way to ask behind: another process cannot ask the user of this one."""
        return Trust, (self.everything,)

    def asking(self, confirm: Confirm) -> Trust:
        """Return this policy with a way to ask the user."""
        return replace(self, confirm=confirm)

    def undecided(self, root: Path, reaches: Iterable[Reach]) -> tuple[Reach, ...]:
        """Return the settings of the project at `root` that the user has not agreed to.

        Raises PipelineError if the stored decisions cannot be read.
        """
        wanted = tuple(reaches)
        if not wanted or self.everything or _trusts_everything():
            return ()
        return not_agreed(root, wanted)

    def require(self, root: Path, reaches: Iterable[Reach]) -> None:
        """Return if the user agreed to all required settings, now or earlier.

        Raises TrustError otherwise.
        """
        open_ = self.undecided(root, (reach for reach in reaches if reach.required))
        if not open_:
            return
        if self.confirm and self.confirm(question(root, open_), default=False):
            agree(root, open_)
            return
        first, *others = open_
        also = f" (and {len(others)} more)" if others else ""
        raise TrustError(
            f"you have not trusted this setting{also}: {first}: {one_line(first.effect)}",
            f"Review and allow it once: {trust_command(root)}. Or add --trust for one command "
            f"(in CI: {TRUST_VARIABLE}=1).",
        )


def not_agreed(root: Path, reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """Return the settings without a stored decision. Raises PipelineError if unreadable."""
    from pipeline.trust.decisions import project_decisions

    digests = {decision.digest for decision in project_decisions(root)}
    return tuple(dict.fromkeys(reach for reach in reaches if reach.digest not in digests))


def agree(root: Path, reaches: Iterable[Reach]) -> None:
    """Store that the user trusts settings; raises PipelineError if they cannot be written."""
    from pipeline.trust.decisions import store

    store(root, ((one.setting, one.value, one.digest) for one in reaches))


def question(root: Path, reaches: Sequence[Reach]) -> str:
    """Return the question whether to trust settings, which lists them with their effects."""
    lines = [f"The settings of {one_line(str(root))} reach beyond the project:", ""]
    lines += describe(reaches)
    these = "this setting" if len(reaches) == 1 else f"these {len(reaches)} settings"
    return "\n".join([*lines, "", f"Do you trust {these}?"])


def describe(reaches: Iterable[Reach]) -> list[str]:
    """Return the lines that show settings with their effects."""
    return [
        line for reach in reaches for line in (f"  {reach}", f"      {one_line(reach.effect)}.")
    ]


def trust_command(root: Path) -> str:
    """Return the command that asks for trust, as it works in the current folder."""
    import shlex

    try:
        inside = real_path(Path.cwd()).is_relative_to(real_path(root))
    except OSError:
        inside = False
    return "translate trust" if inside else f"translate -C {shlex.quote(str(root))} trust"


def one_line(text: str) -> str:
    """Escape control characters, line ends, and characters that change the direction of text."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def _trusts_everything() -> bool:
    value = os.environ.get(TRUST_VARIABLE, "")
    if value not in ("", "0", "1"):
        raise SettingsError(
            f"{TRUST_VARIABLE} = {value!a} is neither 1 nor 0",
            f"Set {TRUST_VARIABLE}=1 to trust the settings of all projects, or unset it.",
        )
    return value == "1"
