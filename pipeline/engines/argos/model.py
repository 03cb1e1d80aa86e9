"""One loaded package: a CTranslate2 model and its pieces, asked for many texts at once."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.errors import EngineError
from pipeline.core.settings import number
from pipeline.engines.argos.tokenizers import Tokenizer, load_tokenizer
from pipeline.models.argos.package import MODEL_FOLDER, ArgosPackage

LENGTH_PENALTY = 0.2
"""As Argos Translate has it, whose packages' translations are to come out the same."""

MOST_PIECES = 250
"""How long a translation may get, in pieces; no sentence of an article is as long."""

_GROWTH, _SPARE = 3.0, 10

# From malloc.h of glibc; see mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 1 << 30


@dataclass(frozen=True, slots=True)
class ArgosSettings:
    """How models are run: the table `[engines.argos]` of a project's settings.

    `device` is cpu, cuda or auto. `threads` counts texts' batches computed at once, 0 for
    as many as there are cores. `compute_type` is CTranslate2's (int8, float16, …); default
    is the model's own. `beam_size` counts translations followed at once, `batch_tokens` the
    pieces computed together.
    """

    device: str = "cpu"
    threads: int = field(default=0, metadata={"rule": number(int, 0, 1024)})
    compute_type: str = "default"
    beam_size: int = field(default=4, metadata={"rule": number(int, 1, 64)})
    batch_tokens: int = field(default=1024, metadata={"rule": number(int, 1, 1 << 20)})

    @property
    def parallel(self) -> int:
        """How many batches are computed at once."""
        return self.threads or max(1, len(os.sched_getaffinity(0)))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A translation that a model found: its pieces, and where it looked for each of them.

    `attention` has a row for each piece, with a weight for each piece of the source; it is
    empty where it was not asked for. `likelihood` is the mean natural logarithm of the
    probability of a piece.
    """

    pieces: tuple[str, ...]
    text: str
    complete: bool
    attention: Sequence[Sequence[float]] = ()
    likelihood: float = 0.0


class TranslationModel:
    """A package's model, loaded; all methods take batches of any size."""

    def __init__(self, package: ArgosPackage, settings: ArgosSettings) -> None:
        """Load a package; raises EngineError where it does not load."""
        import ctranslate2

        keep_buffers()
        self.package = package
        self.pieces: Tokenizer = load_tokenizer(package)
        self._settings = settings
        self._prefix = [package.prefix] if package.prefix else []
        try:
            self._model = ctranslate2.Translator(
                str(package.folder / MODEL_FOLDER),
                device=settings.device,
                compute_type=settings.compute_type,
                inter_threads=settings.parallel if settings.device == "cpu" else 1,
                intra_threads=1,
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineError(
                f"package {package.id} cannot be loaded from {package.folder}: {_why(error)}",
                "Check [engines.argos] in the settings, or install the package again.",
            ) from error

    def translate(
        self,
        sources: Sequence[Sequence[str]],
        begun: Sequence[str] | None = None,
        *,
        count: int = 1,
        beam: int = 0,
        attention: bool = False,
        growth: float = _GROWTH,
    ) -> list[list[Hypothesis]]:
        """Translate texts in pieces, `count` ways each, the best first.

        `begun` are texts that the translations have to begin with, one for each. `beam` 0 is
        the setting. A translation has at most `growth` times the pieces of the longest text, and
        some. Raises EngineError where the model refuses.
        """
        prefix = [[*self._prefix, *self.pieces.encode_target(t)] for t in begun or ()]
        if self._prefix and begun is None:
            prefix = [self._prefix] * len(sources)
        # A model that has lost its way repeats itself to the limit: it is set near.
        longest = max((len(source) for source in sources), default=0)
        limit = min(int(growth * (longest + _SPARE)), MOST_PIECES)
        results = self._run(
            "translate_batch",
            sources,
            target_prefix=prefix or None,
            beam_size=max(count, beam or self._settings.beam_size),
            num_hypotheses=count,
            length_penalty=LENGTH_PENALTY,
            replace_unknowns=True,
            return_attention=attention,
            return_scores=True,
            max_decoding_length=limit,
        )
        return [
            [self._found(result, n, limit) for n in range(len(result.hypotheses))]
            for result in results
        ]

    def likelihoods(self, sources: Sequence[Sequence[str]], texts: Sequence[str]) -> list[float]:
        """The mean natural logarithm of the probability of a piece, for each translation."""
        targets = [[*self._prefix, *self.pieces.encode_target(text)] for text in texts]
        results = self._run("score_batch", sources, target=targets)
        return [sum(r.log_probs) / max(1, len(r.log_probs)) for r in results]

    def _run(self, method: str, sources: Sequence[Sequence[str]], **options: Any) -> list[Any]:
        if not sources:
            return []
        try:
            results: list[Any] = getattr(self._model, method)(
                [list(source) for source in sources],
                max_batch_size=self._size(sources),
                batch_type="tokens",
                max_input_length=0,
                **options,
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineError(
                f"the model of package {self.package.id} failed: {_why(error)}",
                "Shorten the segment, or give the computation less at once (batch_tokens).",
            ) from error
        return results

    def _size(self, sources: Sequence[Sequence[str]]) -> int:
        """The pieces of a batch with which all cores have the same to do, `batch_tokens` at most.

        The number of batches is one that the cores can share, so none waits for the last one.
        """
        longest, together = max(map(len, sources)), sum(map(len, sources))
        most, cores = self._settings.batch_tokens, int(self._model.num_translators)
        rounds = max(1, round(together / (cores * most)))
        return min(most, together // (cores * rounds) + longest)

    def _found(self, result: Any, number: int, limit: int) -> Hypothesis:
        found = list(result.hypotheses[number])
        rows = result.attention[number] if result.attention else ()
        complete = len(found) < limit - 1
        # CTranslate2 divides the sum by the length, with the end, to the power of the penalty.
        likelihood = result.scores[number] / (len(found) + 1) ** (1 - LENGTH_PENALTY)
        if self._prefix and found[:1] == self._prefix:
            found, rows = found[1:], rows[1:]
        return Hypothesis(tuple(found), self.pieces.decode(found), complete, rows, likelihood)


def _why(error: Exception) -> str:
    """The library's words, or ours where it only says `std::bad_alloc`."""
    return "out of memory" if isinstance(error, MemoryError) else str(error)


def keep_buffers() -> None:
    """Keep freed memory in this process, up to 1 GiB; where it cannot be told, do nothing."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _KEPT)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
