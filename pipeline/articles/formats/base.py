"""The protocol of article formats.

A format is a module or an object. Built-in formats and those of plug-ins (entry points in
`translate.formats`) implement the same protocol.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pipeline.core import Block


@runtime_checkable
class Format(Protocol):
    """A parser for one kind of article."""

    def parse(self, text: str) -> tuple[Block, ...]:
        """Return the blocks of a text in order, without markup and white space."""
