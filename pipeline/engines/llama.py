"""Translates with a GGUF language model, in this process, through llama.cpp.

Sampling is greedy and requests run in one slot with one fixed cache setting, since only
then does llama.cpp answer the same to the same (measured: see docs/quality.md).
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import dictionary
from pipeline.engines import Answer, Identity, Request, Setup, prompt
from pipeline.errors import EngineError

CONTEXT_TOKENS = 4096
"""Room for prompt and answer of one request, in tokens."""

_NO_QUESTION = {"role": "user", "content": "###"}
"""Stands where questions begin, and begins like none."""

_TOKENS_PER_CHARACTER = 0.6
_SPARE_TOKENS = 48


class LlamaEngine:
    """An engine over a loaded GGUF model; `close` frees it."""

    def __init__(self, identity: Identity, path: Path, slots: int, threads: int) -> None:
        self._identity = identity
        self._slots = slots
        self._folder = tempfile.mkdtemp(prefix="translate-")
        self._server = _start(path, Path(self._folder), slots, threads)
        # A server that is closed before it began to serve waits for ever: let it serve once.
        self._server.handle_metrics()
        self._language = ""
        self._question: tuple[str, Request] | None = None

    def identity(self, language: str) -> Identity:
        """Say who translates into a language: the model, and the dictionary that helps it."""
        helper = dictionary.find(language)
        if helper is None:
            return self._identity
        return replace(self._identity, model=f"{self._identity.model} with {helper.name}")

    def translate(self, requests: Sequence[Request], language: str) -> Iterator[Answer]:
        """Translate requests into `language`, yielding the answers in their order.

        Raises EngineError where llama.cpp refuses a request.
        """
        ask = partial(self._ask, language)
        if self._slots == 1:
            yield from map(ask, requests)
            return
        with ThreadPoolExecutor(self._slots) as pool:
            yield from pool.map(ask, requests)

    def close(self) -> None:
        """Stop the model and free its memory."""
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, language: str, request: Request) -> Answer:
        # German runs at some 2.5 characters a token; an answer thrice that long is rambling.
        limit = int(len(request.text) * _TOKENS_PER_CHARACTER) + _SPARE_TOKENS
        helper = dictionary.find(language)
        hints = helper.hints(request.text, [term for term, _ in request.terms]) if helper else None
        if self._slots == 1:
            self._go_back(language, request, hinted=hints is not None)
        messages = prompt.messages(request, language, hints)
        reply = self._complete(messages, limit)
        try:
            choice = reply["choices"][0]
            text = choice["message"]["content"] or ""
        except (KeyError, IndexError, TypeError):
            raise _refusal(reply) from None
        return Answer(text.strip(), complete=choice.get("finish_reason") != "length")

    def _go_back(self, language: str, request: Request, *, hinted: bool) -> None:
        """Bring the model to where every question begins: behind what all of them share.

        llama.cpp takes over all that a question has in common with the last one. How much
        that is changes the last digits of its figures, and so, rarely, a word: the same text
        would be translated otherwise after another one. A question that is asked again goes
        on from its answer.
        """
        asked = language, replace(request, previous="", problems=())
        again = request.previous and asked == self._question
        self._question = asked
        if not again:
            shared = prompt.prefix(language, hinted=hinted)
            known = language == self._language
            self._complete([*shared, _NO_QUESTION], 1, keep=known)
            self._language = language

    def _complete(self, messages: list[prompt.Message], limit: int, *, keep: bool = True) -> Any:
        return self._server.handle_chat_completions(
            {"messages": messages, "temperature": 0, "max_tokens": limit, "cache_prompt": keep}
        )


def open_engine(setup: Setup) -> LlamaEngine:
    """Load the GGUF file `setup.path`, known as `setup.model`.

    More than one of `setup.jobs` at once is not reproducible. Raises EngineError where
    llama.cpp is not installed or cannot load the file.
    """
    assert setup.path is not None
    # GNU OpenMP's threads spin while they wait; with another process on the core that costs
    # up to 97 % of the speed. A short spin keeps what it gains on an idle machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    try:
        import xllamacpp
    except ImportError as error:
        raise EngineError(
            f"the llama engine is not installed ({error})",
            "Install it: pip install 'translate-pipeline[llama]'.",
        ) from error
    identity = Identity("llama", setup.model, setup.digest, xllamacpp.__version__)
    threads = max(1, len(os.sched_getaffinity(0)))
    return LlamaEngine(identity, setup.path, max(1, setup.jobs), threads)


def _start(path: Path, folder: Path, slots: int, threads: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    # llama.cpp's server listens somewhere in any case: on a socket in a folder of our own
    # and with a key, so that no port is opened and no one else can use it.
    params.hostnames = [str(folder / "llama.sock")]
    params.api_keys = [secrets.token_hex(32)]
    params.n_parallel = slots
    params.n_ctx = CONTEXT_TOKENS * slots
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    params.n_gpu_layers = 0
    params.ui = False
    params.endpoint_metrics = True
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise EngineError(
            f"{path}: llama.cpp cannot load this model ({error})",
            "Check it with `translate models info`, or install it again.",
        ) from error


def _refusal(reply: Any) -> EngineError:
    error = reply.get("error", reply) if isinstance(reply, dict) else reply
    said = error.get("message", error) if isinstance(error, dict) else error
    return EngineError(f"llama.cpp refused a request: {said}", "Shorten the segment.")
