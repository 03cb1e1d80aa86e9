"""Entry point of the command `translate`.

Ctrl-C during the imports ends the program at once (see `cli.interrupt`).
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pipeline.cli.interrupt import exit_on_interrupt

if TYPE_CHECKING:
    from typing import Any

    from pipeline.cli.root import translate

__all__ = ["main", "translate"]


_SIGNALLED = 128
"""The smallest exit code after a signal."""


def main() -> None:
    """Run the command line and exit with the codes of docs/commands.md."""
    exit_on_interrupt()
    from pipeline.cli.root import run
    from pipeline.core.interrupts import InterruptedRunError

    try:
        code = run()
        exit_on_interrupt()  # also during the clean-up of the interpreter: nothing is left to save
    except InterruptedRunError as stop:  # before or after the part that can stop at a safe point
        code = stop.exit_code
    if code >= _SIGNALLED:
        os._exit(code)  # without waiting for threads and worker processes
    sys.exit(code)


def __getattr__(name: str) -> Any:
    if name == "translate":
        from pipeline.cli.root import translate

        return translate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if __name__ == "__main__":
    main()
