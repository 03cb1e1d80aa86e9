"""Text generation with a GGUF language model in this process.

It runs ik_llama.cpp (https://github.com/ikawrakow/ik_llama.cpp) through the C interface of
`llama.h`. The KV cache keeps the prefix that all requests share. Everything after the prefix
is removed after each request, so that results do not depend on earlier requests. The samples
of a request are decoded in one batch, and share a KV cache sequence until they diverge: on
two cores, eight samples take little longer than three.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engines.base import TextRejectedError
from pipeline.engines.llama import bindings
from pipeline.engines.llama.phrase_boosting import Phrase, PhraseBooster, make_booster
from pipeline.engines.llama.sampling import SamplingParams, sample_token

if TYPE_CHECKING:
    from pipeline.engines.llama.sampling import Logits

CONTEXT_TOKENS = 8192
"""Size of the KV cache: the prefix, the requests and all their samples, in tokens."""

BATCH_TOKENS = 256
"""Tokens per evaluation; more of them need more memory and are not faster."""

MAX_SEQUENCES = 64
"""Number of KV cache sequences."""

_PREFIX_SEQUENCE, _FIRST_REQUEST, _FIRST_SAMPLE = 0, 1, 16
"""KV cache sequences: the prefix, then one per request, then one per sample."""


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """A text after the prefix, with sampling parameters per sample and phrases to boost."""

    text: str
    sampling: tuple[SamplingParams, ...]
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A continuation of a request.

    `complete` is False if it reached the limit. `likelihood` is the mean log-probability (base
    e) of its tokens, without logit bias; `boosted` the mean of their boosted log-probabilities
    (see `sampling.SampledToken`).
    """

    text: str
    complete: bool
    likelihood: float
    boosted: float


@dataclass(slots=True)
class _Sequence:
    """A sample in progress, which starts at `position`.

    `cache_id` is the KV cache sequence with all its tokens but the last: that of its request,
    or of a sample with the same tokens. `own_id` is the sequence to fork into.
    """

    own_id: int
    cache_id: int
    position: int
    sampling: SamplingParams
    rng: random.Random
    booster: PhraseBooster
    tokens: list[int] = field(default_factory=list)
    likelihood: float = 0.0
    boosted: float = 0.0
    ended: bool = False


class Decoder:
    """A loaded model.

    Raises EngineError if the library is not installed or cannot load the file.
    """

    def __init__(self, path: Path, threads: int) -> None:
        self._c = bindings.load_library()
        self._model, self._context = bindings.load_model(
            self._c, path, threads, CONTEXT_TOKENS, BATCH_TOKENS, MAX_SEQUENCES
        )
        self._vocabulary_size: int = self._c.llama_vocab_n_tokens(
            self._c.llama_model_get_vocab(self._model)
        )
        self._batch = self._c.llama_batch_init(BATCH_TOKENS, 0, 1)
        self._prefix: str | None = None
        self._prefix_length = 0

    def close(self) -> None:
        """Free the model; a second call has no effect."""
        if self._model:
            self._c.llama_batch_free(self._batch)
            self._c.llama_free(self._context)
            self._c.llama_free_model(self._model)
            self._model = None

    def metadata(self, key: str) -> str:
        """Return an entry of the metadata of the file; "" if there is none."""
        read = self._c._lib.llama_model_meta_val_str
        size = read(self._model, key.encode(), None, 0)
        buffer = ctypes.create_string_buffer(max(0, size) + 1)
        read(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode(errors="replace")

    def special_token(self, name: str) -> str:
        """Return the text of the token `bos` or `eos`; "" if there is none."""
        token = getattr(self._c._lib, f"llama_token_{name}")(self._model)
        text = self._c._lib.llama_token_get_text(self._model, token) if token >= 0 else None
        return text.decode(errors="replace") if text else ""

    def is_control_token(self, text: str) -> bool:
        """Return whether the tokenizer parses a text as a control token, such as end of turn."""
        return len(self._tokenize(text)) == 1 < len(self._tokenize(text, plain=True))

    def set_prefix(self, prefix: str) -> None:
        """Evaluate the prefix of all following requests, unless the KV cache contains it."""
        if prefix == self._prefix:
            return
        self._c.llama_kv_cache_clear(self._context)
        self._prefix = None
        tokens = self._tokenize(prefix)
        self._evaluate([(token, i, _PREFIX_SEQUENCE) for i, token in enumerate(tokens)])
        self._prefix, self._prefix_length = prefix, len(tokens)

    def generate(self, requests: Sequence[DecodeRequest], limit: int) -> list[list[Sample]]:
        """Sample continuations of at most `limit` tokens, in the order of the requests.

        The result is deterministic. If the context is too small, the last samples are omitted.
        Raises TextRejectedError if it is too small for any.
        """
        prompts = [self._tokenize(request.text) for request in requests]
        free = CONTEXT_TOKENS - self._prefix_length - sum(map(len, prompts))
        max_samples = min(free // (limit + 1), MAX_SEQUENCES - _FIRST_SAMPLE)
        if max_samples < 1:
            raise TextRejectedError(
                f"a prompt of {len(prompts[0])} tokens is too long for the model",
                "Shorten the segment.",
            )
        started: list[list[_Sequence]] = []
        try:
            for request, tokens in zip(requests, prompts, strict=True):
                count = sum(map(len, started))
                fitting = replace(request, sampling=request.sampling[: max_samples - count])
                started.append(self._start(fitting, tokens, len(started), count))
            self._decode_all([sequence for group in started for sequence in group], limit)
        finally:
            self._reset_to_prefix()
        return [[self._to_sample(sequence) for sequence in group] for group in started]

    def _start(
        self, request: DecodeRequest, tokens: Sequence[int], number: int, sample_count: int
    ) -> list[_Sequence]:
        """Evaluate a request and sample the first token of each of its samples.

        `number` and `sample_count` are the requests and samples started before.
        """
        if not request.sampling:
            return []
        cache_id, end = _FIRST_REQUEST + number, self._prefix_length + len(tokens)
        self._copy_sequence(_PREFIX_SEQUENCE, cache_id)
        inputs = [(token, self._prefix_length + i, cache_id) for i, token in enumerate(tokens)]
        logits = self._evaluate(inputs, logit_count=1)
        booster = make_booster(request.phrases, self._tokenize)
        sequences = []
        for i, sampling in enumerate(request.sampling):
            sequence = _Sequence(
                _FIRST_SAMPLE + sample_count + i,
                cache_id,
                end,
                sampling,
                random.Random(sampling.seed),
                replace(booster) if sampling.logit_bias else PhraseBooster({}),
            )
            self._append_token(sequence, logits[0])
            sequences.append(sequence)
        return sequences

    def _decode_all(self, sequences: Sequence[_Sequence], limit: int) -> None:
        """Sample the tokens of all sequences in parallel, until all have ended."""
        for step in range(limit):
            groups: dict[tuple[int, int], list[_Sequence]] = {}
            for sequence in sequences:
                if not sequence.ended:
                    groups.setdefault((sequence.cache_id, sequence.tokens[-1]), []).append(sequence)
            if not groups:
                return
            self._fork_sequences(groups)
            first = [group[0] for group in groups.values()]
            inputs = [(s.tokens[-1], s.position + step, s.cache_id) for s in first]
            rows = self._evaluate(inputs, logit_count=len(inputs))
            for group, logits in zip(groups.values(), rows, strict=True):
                for sequence in group:
                    self._append_token(sequence, logits)

    def _fork_sequences(self, groups: Mapping[tuple[int, int], Sequence[_Sequence]]) -> None:
        """Copy a KV cache sequence for each group but the first that continues it."""
        used = set()
        for (cache_id, _), group in groups.items():
            if cache_id in used:
                self._copy_sequence(cache_id, group[0].own_id)
                for sequence in group:
                    sequence.cache_id = group[0].own_id
            used.add(cache_id)

    def _append_token(self, sequence: _Sequence, logits: Logits) -> None:
        boosted = sequence.booster.boosted_tokens()
        token = sample_token(logits, sequence.sampling, sequence.rng, boosted)
        sequence.booster.advance(token.id)
        sequence.likelihood += token.likelihood
        sequence.boosted += token.boosted
        sequence.tokens.append(token.id)
        sequence.ended = bool(self._c.llama_token_is_eog(self._model, token.id))

    def _to_sample(self, sequence: _Sequence) -> Sample:
        tokens = sequence.tokens[:-1] if sequence.ended else sequence.tokens
        return Sample(
            self._detokenize(tokens),
            sequence.ended,
            sequence.likelihood / len(sequence.tokens),
            sequence.boosted / len(sequence.tokens),
        )

    def _tokenize(self, text: str, *, plain: bool = False) -> list[int]:
        data = text.encode()
        buffer = (ctypes.c_int32 * (len(data) + 8))()
        size = self._c.llama_tokenize(
            self._model, data, len(data), buffer, len(buffer), False, not plain
        )
        return list(buffer[:size])

    def _detokenize(self, tokens: Sequence[int]) -> str:
        buffer = ctypes.create_string_buffer(512)
        pieces = []
        for token in tokens:
            size = self._c.llama_token_to_piece(self._model, token, buffer, len(buffer), 0, False)
            pieces.append(buffer.raw[: max(0, size)])
        return b"".join(pieces).decode(errors="replace")

    def _evaluate(self, inputs: Sequence[tuple[int, int, int]], logit_count: int = 0) -> Logits:
        """Evaluate inputs (token, position, KV cache sequence).

        Returns the logits of the last `logit_count` inputs, shape (logit_count, vocabulary).
        """
        import numpy as np

        for start in range(0, len(inputs), BATCH_TOKENS):
            part = inputs[start : start + BATCH_TOKENS]
            self._batch.n_tokens = len(part)
            for i, (token, position, cache_id) in enumerate(part):
                self._batch.token[i], self._batch.pos[i] = token, position
                self._batch.n_seq_id[i], self._batch.seq_id[i][0] = 1, cache_id
                self._batch.logits[i] = start + i >= len(inputs) - logit_count
            if self._c.llama_decode(self._context, self._batch):
                raise TextRejectedError(
                    "llama.cpp cannot compute this text", "Shorten the segment."
                )
        logits: Any = self._c._lib.llama_get_logits(self._context)
        return np.ctypeslib.as_array(logits, (logit_count, self._vocabulary_size))

    def _copy_sequence(self, source: int, target: int) -> None:
        self._c._lib.llama_kv_cache_seq_cp(self._context, source, target, -1, -1)

    def _reset_to_prefix(self) -> None:
        """Remove everything but the prefix from the KV cache."""
        for cache_id in range(_FIRST_REQUEST, MAX_SEQUENCES):
            self._c._lib.llama_kv_cache_seq_rm(self._context, cache_id, -1, -1)
