"""Errors that the user can fix, each with a message and a hint.

PipelineError
    SettingsError
        NoProjectError
        UnknownLanguageError
    ArticleError
        UnknownArticleError
    CatalogError
        NoCatalogsError
    GlossaryError
    TmxError
    InterchangeError
    ModelError
    EngineError
    PluginError
    RetryLaterError
        CatalogBusyError
        EngineUnavailableError
    TrustError
"""

from __future__ import annotations

import errno
from typing import ClassVar

_RETRYABLE = frozenset(
    {
        errno.ENOSPC,
        errno.EAGAIN,
        errno.EBUSY,
        errno.EINTR,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOLCK,
        errno.ENOMEM,
        errno.ETIMEDOUT,
        *(getattr(errno, name) for name in ("EDQUOT", "ESTALE", "ETXTBSY") if hasattr(errno, name)),
    }
)
"""System errors that may be gone later: a full disk, or no more locks or memory."""


class PipelineError(Exception):
    """An error that the user can fix.

    `message` says what failed, with file and line; `hint` is an instruction that fixes it.
    The command line prints both and exits with `exit_code`.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(PipelineError):
    """The settings of a project are missing, unreadable or invalid."""


class NoProjectError(SettingsError):
    """The folder is not in a translation project."""


class UnknownLanguageError(SettingsError):
    """The user named a language that the project does not have, or cannot have."""

    exit_code = 2


class ArticleError(PipelineError):
    """An article cannot be read or written."""


class UnknownArticleError(ArticleError):
    """The user named an article or catalog that does not exist."""

    exit_code = 2


class CatalogError(PipelineError):
    """A gettext catalog is damaged, locked or cannot be written."""


class NoCatalogsError(CatalogError):
    """There is nothing to check."""

    exit_code = 2


class GlossaryError(PipelineError):
    """A glossary file has an invalid row."""


class TmxError(PipelineError):
    """A translation memory file cannot be read or written."""


class InterchangeError(PipelineError):
    """An interchange file is damaged, or was not created by `translate export`."""


class ModelError(PipelineError):
    """A model is missing, damaged, or does not support a language."""


class EngineError(PipelineError):
    """An engine cannot translate at all."""


class UnknownOriginError(EngineError):
    """No draft comes from what an option named."""

    exit_code = 2


class PluginError(PipelineError):
    """A plug-in cannot be loaded."""


class TrustError(PipelineError):
    """A setting reaches beyond the project, and the user has not agreed to it."""


class RetryLaterError(PipelineError):
    """A failure that may be gone later: a lock, a full disk, a server that does not respond."""

    exit_code = 75  # EX_TEMPFAIL in sysexits.h


class CatalogBusyError(CatalogError, RetryLaterError):
    """Another program is writing a catalog."""


class EngineUnavailableError(EngineError, RetryLaterError):
    """The server of an engine is overloaded or cannot be reached."""


def system_error(message: str, hint: str, error: OSError) -> PipelineError:
    """Return the error for a failed system call, a RetryLaterError if a retry may succeed."""
    kind = RetryLaterError if error.errno in _RETRYABLE else PipelineError
    return kind(f"{message}: {error.strerror or error}", hint)
