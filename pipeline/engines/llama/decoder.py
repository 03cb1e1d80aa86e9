"""A GGUF language model in this process: what is likely to follow a text.

Runs ik_llama.cpp (https://github.com/ikawrakow/ik_llama.cpp) through the C interface of its
`llama.h`. What all questions share, the prefix, is computed once and kept; each question is
answered from there, and all that comes behind the prefix is forgotten again, so that an
answer never depends on what was asked before. The continuations of a question are computed
together, on two cores eight of them take little longer than three, and once as long as they
are the same.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import EngineError
from pipeline.engines.llama import bindings
from pipeline.engines.llama.phrase_boosting import Phrase, PhraseBooster, spelled
from pipeline.engines.llama.sampling import SamplingParams, sample_token

if TYPE_CHECKING:
    from pipeline.engines.llama.sampling import Logits

CONTEXT_TOKENS = 8192
"""Room for a prefix, questions and all their continuations, in tokens."""

CHUNK_TOKENS = 256
"""How many tokens are computed at once; more of them take more memory and no less time."""

SEQUENCES = 64
"""How many lines of thought the model keeps apart."""

_PREFIX, _QUESTIONS, _LINES = 0, 1, 16


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """A text behind the prefix, what is wanted behind it, and words that are to be in that."""

    text: str
    sampling: tuple[SamplingParams, ...]
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A continuation; `complete` is false where it was cut off at the limit.

    `likelihood` is the mean natural logarithm of the probabilities of its tokens, without
    any insistence.
    """

    text: str
    complete: bool
    likelihood: float


@dataclass(slots=True)
class _Sequence:
    """A continuation under way, behind `position` tokens of the question and its prefix.

    The model keeps what it has computed for it, all but the last token, as `sequence`: that of
    the question, or of a line that was the same; `own` where it goes a way of its own.
    """

    own: int
    sequence: int
    position: int
    draw: SamplingParams
    chance: random.Random
    wishes: PhraseBooster
    tokens: list[int] = field(default_factory=list)
    likelihood: float = 0.0
    ended: bool = False


class Decoder:
    """A loaded model; `close` frees it.

    Raises EngineError where the library is not installed or cannot load the file.
    """

    def __init__(self, path: Path, threads: int) -> None:
        self._c = bindings.library()
        self._model, self._context = bindings.load(
            self._c, path, threads, CONTEXT_TOKENS, CHUNK_TOKENS, SEQUENCES
        )
        self._words: int = self._c.llama_vocab_n_tokens(self._c.llama_model_get_vocab(self._model))
        self._batch = self._c.llama_batch_init(CHUNK_TOKENS, 0, 1)
        self._prefix: str | None = None
        self._behind = 0

    def close(self) -> None:
        """Free the memory of the model; closing twice does nothing."""
        if self._model:
            self._c.llama_batch_free(self._batch)
            self._c.llama_free(self._context)
            self._c.llama_free_model(self._model)
            self._model = None

    def metadata(self, key: str) -> str:
        """Give an entry of the file's metadata, "" where there is none."""
        read = self._c._lib.llama_model_meta_val_str
        size = read(self._model, key.encode(), None, 0)
        buffer = ctypes.create_string_buffer(max(0, size) + 1)
        read(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode(errors="replace")

    def special(self, name: str) -> str:
        """Give the text of the token that begins (`bos`) or ends (`eos`) a text, or ""."""
        token = getattr(self._c._lib, f"llama_token_{name}")(self._model)
        text = self._c._lib.llama_token_get_text(self._model, token) if token >= 0 else None
        return text.decode(errors="replace") if text else ""

    def controls(self, text: str) -> bool:
        """Whether the model reads a text as one of its control marks, such as an end of turn."""
        return len(self._tokens(text)) == 1 < len(self._tokens(text, plain=True))

    def set_prefix(self, prefix: str) -> None:
        """Compute what all questions to come share, unless that is done already."""
        if prefix == self._prefix:
            return
        self._c.llama_kv_cache_clear(self._context)
        self._prefix = None
        tokens = self._tokens(prefix)
        self._read([(token, at, _PREFIX) for at, token in enumerate(tokens)])
        self._prefix, self._behind = prefix, len(tokens)

    def generate(self, questions: Sequence[DecodeRequest], limit: int) -> list[list[Sample]]:
        """Draw the continuations of questions, of `limit` tokens at most, in their order.

        The same questions give the same continuations. Where the context has not enough
        room, the last draws are left out. Raises EngineError where there is none for any.
        """
        asked = [self._tokens(question.text) for question in questions]
        free = CONTEXT_TOKENS - self._behind - sum(map(len, asked))
        room = min(free // (limit + 1), SEQUENCES - _LINES)
        if room < 1:
            raise EngineError(
                f"a text of {len(asked[0])} tokens is too long for the model",
                "Shorten the segment.",
            )
        lines: list[list[_Sequence]] = []
        try:
            for question, tokens in zip(questions, asked, strict=True):
                at = sum(map(len, lines))
                fitting = replace(question, sampling=question.sampling[: room - at])
                lines.append(self._start(len(lines), tokens, fitting, at))
            self._finish([line for some in lines for line in some], limit)
        finally:
            self._forget()
        return [[self._drawn(line) for line in some] for some in lines]

    def _start(
        self, number: int, tokens: Sequence[int], question: DecodeRequest, at: int
    ) -> list[_Sequence]:
        """Read a question, and begin its lines with a token each; `at` lines are there."""
        if not question.sampling:
            return []
        asked, end = _QUESTIONS + number, self._behind + len(tokens)
        self._copy(_PREFIX, asked)
        places = [(token, self._behind + i, asked) for i, token in enumerate(tokens)]
        logits = self._read(places, last=1)
        wishes, lines = spelled(question.phrases, self._tokens), []
        for i, draw in enumerate(question.sampling):
            wished = replace(wishes) if draw.logit_bias else PhraseBooster({})
            line = _Sequence(_LINES + at + i, asked, end, draw, random.Random(draw.seed), wished)
            self._extend(line, logits[0])
            lines.append(line)
        return lines

    def _finish(self, lines: Sequence[_Sequence], limit: int) -> None:
        """Draw token after token of all lines at once."""
        for step in range(limit):
            alike: dict[tuple[int, int], list[_Sequence]] = {}
            for line in lines:
                if not line.ended:
                    alike.setdefault((line.sequence, line.tokens[-1]), []).append(line)
            if not alike:
                return
            self._part(alike)
            first = [some[0] for some in alike.values()]
            places = [(line.tokens[-1], line.position + step, line.sequence) for line in first]
            read = self._read(places, last=len(places))
            for some, logits in zip(alike.values(), read, strict=True):
                for line in some:
                    self._extend(line, logits)

    def _part(self, alike: Mapping[tuple[int, int], Sequence[_Sequence]]) -> None:
        """Give lines that go another way than the first of their sequence one of their own."""
        kept = set()
        for (sequence, _), lines in alike.items():
            if sequence in kept:
                self._copy(sequence, lines[0].own)
                for line in lines:
                    line.sequence = lines[0].own
            kept.add(sequence)

    def _extend(self, line: _Sequence, logits: Logits) -> None:
        token, likelihood = sample_token(logits, line.draw, line.chance, line.wishes.next())
        line.wishes.take(token)
        line.likelihood += likelihood
        line.tokens.append(token)
        line.ended = bool(self._c.llama_token_is_eog(self._model, token))

    def _drawn(self, line: _Sequence) -> Sample:
        tokens = line.tokens[:-1] if line.ended else line.tokens
        return Sample(self._text(tokens), line.ended, line.likelihood / len(line.tokens))

    def _tokens(self, text: str, *, plain: bool = False) -> list[int]:
        data = text.encode()
        buffer = (ctypes.c_int32 * (len(data) + 8))()
        size = self._c.llama_tokenize(
            self._model, data, len(data), buffer, len(buffer), False, not plain
        )
        return list(buffer[:size])

    def _text(self, tokens: Sequence[int]) -> str:
        buffer = ctypes.create_string_buffer(512)
        pieces = []
        for token in tokens:
            size = self._c.llama_token_to_piece(self._model, token, buffer, len(buffer), 0, False)
            pieces.append(buffer.raw[: max(0, size)])
        return b"".join(pieces).decode(errors="replace")

    def _read(self, places: Sequence[tuple[int, int, int]], last: int = 0) -> Logits:
        """Compute tokens (token, position, sequence); gives the logits behind the last ones."""
        import numpy as np

        for start in range(0, len(places), CHUNK_TOKENS):
            part = places[start : start + CHUNK_TOKENS]
            self._batch.n_tokens = len(part)
            for i, (token, position, sequence) in enumerate(part):
                self._batch.token[i], self._batch.pos[i] = token, position
                self._batch.n_seq_id[i], self._batch.seq_id[i][0] = 1, sequence
                self._batch.logits[i] = start + i >= len(places) - last
            if self._c.llama_decode(self._context, self._batch):
                raise EngineError("llama.cpp cannot compute this text", "Shorten the segment.")
        logits: Any = self._c._lib.llama_get_logits(self._context)
        return np.ctypeslib.as_array(logits, (last, self._words))

    def _copy(self, source: int, target: int) -> None:
        self._c._lib.llama_kv_cache_seq_cp(self._context, source, target, -1, -1)

    def _forget(self) -> None:
        """Go back to the end of the prefix."""
        for sequence in range(_QUESTIONS, SEQUENCES):
            self._c._lib.llama_kv_cache_seq_rm(self._context, sequence, -1, -1)
