"""Trust: agree to the settings of a project that reach beyond it, list and revoke decisions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.core import TrustError
from pipeline.engines import project_reaches
from pipeline.project import Project
from pipeline.trust import Decision, Reach, agree, all_decisions, not_agreed, question
from pipeline.trust import revoke as revoke_decisions
from pipeline.workflows.events import Events

__all__ = ["RevokeResult", "TrustOptions", "TrustResult", "list_trust", "revoke", "trust"]


@dataclass(frozen=True, slots=True)
class TrustOptions:
    """Options of `trust`; `yes` agrees without asking."""

    yes: bool = False


@dataclass(frozen=True, slots=True)
class TrustResult:
    """The settings that reach beyond a project, and those to which the user now agreed.

    `declined` are settings that the user does not trust.
    """

    reaches: tuple[Reach, ...] = ()
    agreed: tuple[Reach, ...] = ()
    declined: tuple[Reach, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustList:
    """The stored decisions by the path of the project, and settings that are not trusted."""

    decisions: dict[str, tuple[Decision, ...]]
    untrusted: tuple[Reach, ...] = ()


@dataclass(frozen=True, slots=True)
class RevokeResult:
    """The path of the project, "" if there was no decision, and the number of decisions."""

    project: str
    number: int


def trust(project: Project, options: TrustOptions, events: Events) -> TrustResult:
    """Ask the user to agree to the settings that reach beyond a project, and store a yes.

    Raises TrustError if nobody can be asked, SettingsError or EngineError for settings that
    are not valid, and PipelineError if decisions cannot be read or written.
    """
    reaches = project_reaches(project)
    undecided = not_agreed(project.root, reaches)
    if not undecided:
        return TrustResult(reaches)
    text = question(project.root, undecided)
    answer: bool | None = options.yes
    if options.yes:
        events.notice(text.rpartition("\n")[0].rstrip())
    else:
        answer = events.confirm(text, default=False)
    if answer is None:
        raise TrustError(
            f"nobody can be asked to trust {len(undecided)} settings, as {undecided[0]}",
            "Run this command on a terminal, or add --yes.",
        )
    if not answer:
        return TrustResult(reaches, declined=undecided)
    agree(project.root, undecided)
    return TrustResult(reaches, agreed=undecided)


def list_trust(project: Project | None, events: Events) -> TrustList:
    """Return the decisions on all projects, and what is not trusted in `project`."""
    reaches = project_reaches(project) if project else ()
    untrusted = not_agreed(project.root, reaches) if project else ()
    return TrustList(all_decisions(), untrusted)


def revoke(folder: Path, events: Events) -> RevokeResult:
    """Forget the decisions on the project in a folder; the project may be gone or invalid."""
    return RevokeResult(*revoke_decisions(folder))
