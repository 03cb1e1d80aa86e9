"""Redaction: the last step before text leaves the program on standard output or error.

Everything that is printed passes here, also tracebacks and progress, whoever quoted a key.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

from pipeline.core.secrets import SecretSet, environment_secrets

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["redact_streams"]


def redact_streams() -> None:
    """Remove the keys in the environment from all text on standard output and error."""
    secrets = environment_secrets()
    if secrets:
        sys.stdout = _redacting(sys.stdout, secrets)
        sys.stderr = _redacting(sys.stderr, secrets)


class _RedactingStream(TextIOWrapper):
    """A text stream that removes keys from each text that is written."""

    secrets = SecretSet()

    def write(self, text: str, /) -> int:
        """Write a text without keys; return its length, as the caller expects."""
        super().write(self.secrets.redact(text))
        return len(text)


def _redacting(stream: TextIO, secrets: SecretSet) -> TextIO:
    if not isinstance(stream, TextIOWrapper):  # None for a service without standard output
        return stream
    stream.flush()
    redacting = _RedactingStream(
        stream.buffer,
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
    redacting.secrets = secrets
    return redacting
