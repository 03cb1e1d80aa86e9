"""What the tool raises when it cannot do what was asked: a message and its cure."""

from __future__ import annotations


class PipelineError(Exception):
    """Inability to work that the user can mend.

    `message` says what is wrong, naming file and line where there is one; `hint` says
    what to do about it. `cli.py` alone turns it into output and exit code 3.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(PipelineError):
    """The project's settings are missing, unreadable or wrong."""


class NoProjectError(SettingsError):
    """There is no translation project here."""


class ArticleError(PipelineError):
    """An article cannot be read or written back."""


class CatalogError(PipelineError):
    """A gettext catalog is damaged, locked, or not what it should be."""


class GlossaryError(PipelineError):
    """A glossary file has a broken row."""


class TmxError(PipelineError):
    """A translation memory file cannot be read or written."""


class InterchangeError(PipelineError):
    """A file of a translator's tool is broken, or was not made by `translate export`."""


class ModelError(PipelineError):
    """A model is missing, damaged, cannot be fetched or is not fit for the language."""


class EngineError(PipelineError):
    """An engine could not translate."""


class PluginError(PipelineError):
    """A part that another package brings cannot be used."""
