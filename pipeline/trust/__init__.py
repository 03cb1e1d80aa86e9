"""Trust: which settings of a project may have effects outside of it, as the user decided.

A project can be anybody's, for example a clone. Its settings must not send texts or keys to
other machines, or read files of the user, before the user has agreed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.trust.decisions import Decision, all_decisions, project_decisions, revoke
    from pipeline.trust.outside import FilePattern, linked_outside
    from pipeline.trust.policy import (
        Confirm,
        Reach,
        Trust,
        agree,
        describe,
        not_agreed,
        one_line,
        question,
        trust_command,
    )
    from pipeline.trust.user_settings import UserSettings, config_dir, load_user_settings

__all__ = [
    "Confirm",
    "Decision",
    "FilePattern",
    "Reach",
    "Trust",
    "UserSettings",
    "agree",
    "all_decisions",
    "config_dir",
    "describe",
    "linked_outside",
    "load_user_settings",
    "not_agreed",
    "one_line",
    "project_decisions",
    "question",
    "revoke",
    "trust_command",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "decisions": ("Decision", "all_decisions", "project_decisions", "revoke"),
            "outside": ("FilePattern", "linked_outside"),
            "policy": (
                "Confirm",
                "Reach",
                "Trust",
                "agree",
                "describe",
                "not_agreed",
                "one_line",
                "question",
                "trust_command",
            ),
            "user_settings": ("UserSettings", "config_dir", "load_user_settings"),
        },
    )
