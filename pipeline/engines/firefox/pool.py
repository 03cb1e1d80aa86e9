"""A pool of worker processes that translate sentences; see `worker`."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import LifoQueue

from pipeline.core import EngineError

MAX_CHUNK = 32
"""Maximum number of sentences that a worker receives at once."""

_WORKER = Path(__file__).with_name("worker.py")
_STOP_SECONDS = 5.0

Files = tuple[str | None, ...]
"""The paths of model, source vocabulary, target vocabulary and shortlist."""

Result = tuple[str | None, str | None]
"""A translation and None, or None and the reason why there is no translation."""


class _WorkerDiedError(Exception):
    """A worker process ended; the message is the reason."""


class _Worker:
    """A worker process."""

    def __init__(self) -> None:
        # -P: the folder of the script is not a place to import from.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def translate(self, files: Files, texts: Sequence[str]) -> list[Result]:
        """Translate texts; raises EngineError if the model cannot be loaded."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump((files, list(texts)), self._process.stdin)
            self._process.stdin.flush()
            response = pickle.load(self._process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            raise _WorkerDiedError(f"exit code {self._process.wait(_STOP_SECONDS)}") from None
        if isinstance(response, str):
            raise EngineError(
                f"the model {files[0]} cannot be loaded: {response}",
                "Verify it: translate models info ID --verify --try. Otherwise install it again.",
            )
        return list(response)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait(_STOP_SECONDS)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


class WorkerPool:
    """Up to `size` worker processes, started when there is work for them. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: LifoQueue[_Worker | None] = LifoQueue()  # started workers first
        for _ in range(size):
            self._idle.put(None)
        self._workers: set[_Worker] = set()
        self._lock = threading.Lock()

    def translate(self, files: Files, texts: Sequence[str]) -> list[Result]:
        """Translate texts with the model in `files`; returns results in the order of `texts`.

        Texts of similar length are sent together, the longest first, so that all workers end
        at about the same time. Raises EngineError if the model cannot be loaded.
        """
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        size = max(1, min(MAX_CHUNK, -(-len(texts) // (4 * self._size))))
        chunks = [order[start : start + size] for start in range(0, len(order), size)]
        results: list[Result] = [(None, None)] * len(texts)
        stopped = threading.Event()

        def run(chunk: list[int]) -> None:
            found = self._translate(files, [texts[number] for number in chunk], stopped)
            for number, result in zip(chunk, found, strict=True):
                results[number] = result

        with (
            ThreadPoolExecutor(max(1, min(self._size, len(chunks)))) as threads,
            ExitStack() as on_error,
        ):
            futures = [threads.submit(run, chunk) for chunk in chunks]
            # After an error or Ctrl-C, do not wait for what is running.
            on_error.callback(self.close)
            for future in futures:
                on_error.callback(future.cancel)
            on_error.callback(stopped.set)
            for future in futures:
                future.result()
            on_error.pop_all()
        return results

    def close(self) -> None:
        """End all worker processes. The pool can be used again."""
        with self._lock:
            for worker in self._workers:
                worker.close()
            self._workers.clear()

    def _translate(
        self, files: Files, texts: Sequence[str], stopped: threading.Event, *, retried: bool = False
    ) -> list[Result]:
        """Translate a chunk; if the worker ends, translate its texts one by one.

        A text that ends two workers is the cause. A worker that was killed is replaced, unless
        `stopped` is set.
        """
        with ExitStack() as on_error:
            worker = self._take()
            on_error.callback(self._discard, worker)
            try:
                result = worker.translate(files, texts)
            except _WorkerDiedError as error:
                problem = (None, f"its worker process ended ({error})")
            else:
                on_error.pop_all()
                self._idle.put(worker)
                return result
        if retried or stopped.is_set():
            return [problem] * len(texts)
        alone = (self._translate(files, [text], stopped, retried=True) for text in texts)
        return [result for (result,) in alone]

    def _take(self) -> _Worker:
        worker = self._idle.get()
        with self._lock:
            if worker is None or worker not in self._workers:
                worker = _Worker()
                self._workers.add(worker)
        return worker

    def _discard(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.close()
        self._idle.put(None)
