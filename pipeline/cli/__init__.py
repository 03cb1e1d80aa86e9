"""The command line: thin Click commands over the use cases of `pipeline.workflows`."""

from pipeline.cli.main import main

__all__ = ["main"]
