"""A loaded Argos package: a CTranslate2 model and its tokenizer, for batches of texts."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.core import EngineError, number
from pipeline.core.settings import choice
from pipeline.core.system import usable_cores
from pipeline.engines.argos.tokenizers import Tokenizer, load_tokenizer
from pipeline.models.argos import MODEL_FOLDER, ArgosPackage

LENGTH_PENALTY = 0.2
"""As in Argos Translate, so that translations are the same."""

RUNTIMES = CTRANSLATE2, ARGOSTRANSLATE = "ctranslate2", "argostranslate"
"""The values of the setting `runtime`."""

MAX_TOKENS = 250
"""Maximum length of a translation; sentences of articles are shorter."""

_MAX_GROWTH, _EXTRA_TOKENS = 3.0, 10

# Parameters of glibc, from malloc.h; see mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_RETAINED_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class ArgosSettings:
    """The table `[engines.argos]` of a project's settings.

    - `device`: cpu, cuda or auto.
    - `threads`: batches computed concurrently; 0 for the number of cores.
    - `compute_type`: type of CTranslate2 (int8, float16, …); default is that of the model.
    - `beam_size`: hypotheses of the beam search.
    - `batch_tokens`: tokens per batch.
    - `runtime`: "ctranslate2" calls the models directly, "argostranslate" calls Argos Translate,
      which has settings of its own.
    """

    device: str = "cpu"
    threads: int = field(default=0, metadata={"rule": number(int, 0, 1024)})
    compute_type: str = "default"
    beam_size: int = field(default=4, metadata={"rule": number(int, 1, 64)})
    batch_tokens: int = field(default=1024, metadata={"rule": number(int, 1, 1 << 20)})
    runtime: str = field(
        default=CTRANSLATE2, metadata={"rule": choice(CTRANSLATE2, ARGOSTRANSLATE)}
    )

    @property
    def parallel(self) -> int:
        """The number of batches computed concurrently."""
        return self.threads or usable_cores()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A result of the beam search.

    `attention` has a row of weights over the source tokens for each token; it is empty unless
    `TranslationModel.attend` added it. `likelihood` is the mean log-probability (base e) of the
    tokens.
    """

    tokens: tuple[str, ...]
    text: str
    complete: bool
    attention: Sequence[Sequence[float]] = ()
    likelihood: float = 0.0


class TranslationModel:
    """A loaded package. All methods accept batches of any size."""

    def __init__(self, package: ArgosPackage, settings: ArgosSettings) -> None:
        """Load a package; raises EngineError if CTranslate2 cannot load it."""
        import ctranslate2

        _retain_buffers()
        self.package = package
        self.tokenizer: Tokenizer = load_tokenizer(package)
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
                f"package {package.id} cannot be loaded from {package.folder}: {_reason(error)}",
                "Check [engines.argos] in the settings, or install the package again.",
            ) from error

    def translate(
        self,
        sources: Sequence[Sequence[str]],
        prefixes: Sequence[str] | None = None,
        *,
        count: int = 1,
        beam: int = 0,
        max_growth: float = _MAX_GROWTH,
    ) -> list[list[Hypothesis]]:
        """Translate tokenized texts; returns `count` hypotheses each, best first.

        - `prefixes`: for each text, the words with which its translation must begin.
        - `beam`: the beam size; 0 for that of the settings.
        - `max_growth`: the maximum length of a translation, relative to its source.

        Raises EngineError if CTranslate2 fails.
        """
        target_prefix = [
            [*self._prefix, *self.tokenizer.encode_target(text)] for text in prefixes or ()
        ]
        if self._prefix and prefixes is None:
            target_prefix = [self._prefix] * len(sources)
        # A degenerate translation repeats itself up to the limit: keep the limit low. CTranslate2
        # has one for the batch, but a translation must not depend on the texts beside it.
        limits = [min(int(max_growth * (len(s) + _EXTRA_TOKENS)), MAX_TOKENS) for s in sources]
        results = self._run(
            "translate_batch",
            sources,
            target_prefix=target_prefix or None,
            beam_size=max(count, beam or self._settings.beam_size),
            num_hypotheses=count,
            length_penalty=LENGTH_PENALTY,
            replace_unknowns=True,
            return_scores=True,
            max_decoding_length=max(limits, default=0),
        )
        return [
            [self._to_hypothesis(result, n, limit) for n in range(len(result.hypotheses))]
            for result, limit in zip(results, limits, strict=True)
        ]

    def attend(
        self, sources: Sequence[Sequence[str]], hypotheses: Sequence[Hypothesis]
    ) -> list[Hypothesis]:
        """Return translations with their attention, which `translate` leaves out.

        The model decodes each translation once more, as a prefix without a search. The attention
        that CTranslate2 4.8 returns from a beam search belongs to other hypotheses of the batch.
        """
        prefixes = [[*self._prefix, *one.tokens] for one in hypotheses]
        results = self._run(
            "translate_batch",
            sources,
            target_prefix=prefixes,
            beam_size=1,
            return_attention=True,
            max_decoding_length=max(map(len, prefixes), default=0) + 1,
        )
        skipped = len(self._prefix)
        return [
            replace(one, attention=result.attention[0][skipped : skipped + len(one.tokens)])
            for one, result in zip(hypotheses, results, strict=True)
        ]

    def likelihoods(self, sources: Sequence[Sequence[str]], texts: Sequence[str]) -> list[float]:
        """Score translations: the mean log-probability (base e) of the tokens of each."""
        targets = [[*self._prefix, *self.tokenizer.encode_target(text)] for text in texts]
        results = self._run("score_batch", sources, target=targets)
        return [sum(r.log_probs) / max(1, len(r.log_probs)) for r in results]

    def _run(self, method: str, sources: Sequence[Sequence[str]], **options: Any) -> list[Any]:
        if not sources:
            return []
        try:
            results: list[Any] = getattr(self._model, method)(
                [list(source) for source in sources],
                max_batch_size=self._batch_tokens(sources),
                batch_type="tokens",
                max_input_length=0,
                **options,
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineError(
                f"the model of package {self.package.id} failed: {_reason(error)}",
                "Shorten the segment, or reduce batch_tokens in [engines.argos].",
            ) from error
        return results

    def _batch_tokens(self, sources: Sequence[Sequence[str]]) -> int:
        """Return the tokens per batch that give every core an equal share of the work."""
        longest, total = max(map(len, sources)), sum(map(len, sources))
        maximum, cores = self._settings.batch_tokens, int(self._model.num_translators)
        rounds = max(1, round(total / (cores * maximum)))
        return min(maximum, total // (cores * rounds) + longest)

    def _to_hypothesis(self, result: Any, number: int, limit: int) -> Hypothesis:
        tokens = list(result.hypotheses[number][:limit])
        complete = len(tokens) < limit - 1
        # CTranslate2 divides the sum by length ** penalty, where the length includes the end
        # token. Convert that to the mean.
        likelihood = result.scores[number] / (len(tokens) + 1) ** (1 - LENGTH_PENALTY)
        if self._prefix and tokens[:1] == self._prefix:
            tokens = tokens[1:]
        text = self.tokenizer.decode(tokens)
        return Hypothesis(tuple(tokens), text, complete, likelihood=likelihood)


def _reason(error: Exception) -> str:
    """Return the message of an error; that of MemoryError is only `std::bad_alloc`."""
    return "out of memory" if isinstance(error, MemoryError) else str(error)


def _retain_buffers() -> None:
    """Keep up to 1 GiB of freed memory in this process, if the C library supports that.

    By default, glibc returns blocks above 32 MB to the kernel as soon as they are free. The
    scores of a batch are larger, so the kernel would clear pages in every step of the search.
    docs/quality.md has measurements.
    """
    if os.name != "posix":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _RETAINED_BYTES)
        library.mallopt(_TRIM_THRESHOLD, _RETAINED_BYTES)
