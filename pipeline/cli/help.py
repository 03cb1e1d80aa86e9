"""Help texts that fit the terminal, also a narrow one."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

import click

_NARROW = 60  # columns; a narrower terminal gets each option above its description
_MIN_WIDTH = 20


class TerminalFormatter(click.HelpFormatter):
    """Wraps help at the width of the terminal; Click itself stops at 50 columns."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        if width is None:
            columns = shutil.get_terminal_size().columns
            width = max(min(columns, max_width or 80) - 2, _MIN_WIDTH)
        super().__init__(indent_increment, width, max_width)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of terms and descriptions; on a narrow terminal, one above the other."""
        if self.width >= _NARROW - 2:
            super().write_dl(list(rows), col_max, col_spacing)
            return
        for term, text in rows:
            self.write_text(term)
            with self.indentation():
                self.write_text(text)


class HelpContext(click.Context):
    """A context of a command whose help fits the terminal."""

    formatter_class = TerminalFormatter
