"""Entry point of the command `translate`.

Only the standard library is imported before `main` handles signals: Ctrl-C during the imports
ends the program without a traceback.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from pipeline.cli.root import translate

__all__ = ["main", "translate"]


_SIGNALLED = 128
"""The smallest exit code after a signal."""


def main() -> None:
    """Run the command line and exit with the codes of docs/commands.md."""
    _exit_on_interrupt()
    from pipeline.cli.root import run

    code = run()
    _exit_on_interrupt()  # also during the clean-up of the interpreter: nothing is left to save
    if code >= _SIGNALLED:
        os._exit(code)  # without waiting for threads and worker processes
    sys.exit(code)


def _exit_on_interrupt() -> None:
    """Let Ctrl-C end the process at once, unless the parent process ignores it."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _exit)


def _exit(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)


def __getattr__(name: str) -> Any:
    if name == "translate":
        from pipeline.cli.root import translate

        return translate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if __name__ == "__main__":
    main()
