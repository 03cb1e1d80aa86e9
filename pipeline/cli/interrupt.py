"""Ctrl-C while the program starts or ends: exit at once, without a traceback.

`core.interrupts` takes over while a command runs. This module is the first that the script
`translate` imports. It needs only what Python has loaded already, since Ctrl-C may come at any
moment.
"""

import _signal  # type: ignore[import-not-found]
import os
import sys

__all__ = ["exit_on_interrupt"]


def exit_on_interrupt() -> None:
    """Let Ctrl-C end the process at once, unless the parent process ignores it."""
    if _signal.getsignal(_signal.SIGINT) is not _signal.SIG_IGN:
        _signal.signal(_signal.SIGINT, lambda number, frame: os._exit(128 + number))


def _is_program() -> bool:
    """Return whether this process is the command line, not one that imports it."""
    program = sys.argv[0] if sys.argv else ""
    return os.path.basename(program).partition(".")[0] == "translate"  # noqa: PTH119 (pathlib is slow)


if _is_program():
    exit_on_interrupt()
