"""The command line: thin Click commands over the use cases of `pipeline.workflows`."""

from pipeline.cli.interrupt import exit_on_interrupt  # before all other modules
from pipeline.cli.main import main

__all__ = ["exit_on_interrupt", "main"]
