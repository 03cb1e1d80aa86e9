"""A worker process that translates sentences with fxtranslate.

The runtime holds the interpreter lock while it translates, and its objects belong to the thread
that made them. One process for each core avoids both. The process is started as a script and
imports nothing of this package. Requests and responses are pickled:

- request: the paths of model, source vocabulary, target vocabulary and shortlist (or None), and
  a list of texts
- response: a list of pairs (translation, problem), one of which is None; or a string, the reason
  why the model cannot be loaded

It ends with its standard input, also if the parent process is killed.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

Files = tuple[str | None, ...]


def main() -> None:
    """Answer requests until standard input ends."""
    # A terminal sends Ctrl-C to all processes; the parent process ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    responses = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Whatever the runtime prints is no response.
    loaded: dict[Files, Any] = {}
    while True:
        try:
            files, texts = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(_translate(loaded, files, texts), responses)
        responses.flush()


def _translate(loaded: dict[Files, Any], files: Files, texts: list[str]) -> object:
    """Return the response to a request; `loaded` are the models loaded so far."""
    results = []
    for text in texts:
        attempt = _Attempt()
        if files not in loaded:
            with attempt:
                loaded[files] = _load(files)
            if attempt.problem:
                return attempt.problem
        translation = None
        with attempt:
            translation = loaded[files].translate(text)
        if attempt.problem:
            del loaded[files]  # After a panic, its state is unknown.
        results.append((translation, attempt.problem))
    return results


class _Attempt:
    """A block whose error is recorded. A panic of Rust is not an Exception but a BaseException."""

    def __init__(self) -> None:
        self.problem: str | None = None

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Record the error of the block."""
        if kind is None or issubclass(kind, SystemExit):
            return False
        self.problem = f"{kind.__name__}: {error}"
        return True


def _load(files: Files) -> Any:
    from fxtranslate import Translator

    contents: list[Any] = [Path(file).read_bytes() if file else None for file in files]
    return Translator(*contents)


if __name__ == "__main__":
    main()
