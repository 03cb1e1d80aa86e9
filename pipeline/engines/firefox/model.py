"""A model of Firefox Translations: its vocabulary, its limits, and the checks of its results.

The runtime reports no error for a text that it cannot translate as a whole: it returns the
translation of a part, and drops characters that the vocabulary does not have. Both are found
here, by counting the pieces of the vocabulary before and after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pipeline.core import EngineError
from pipeline.engines.base import TextRejectedError
from pipeline.engines.firefox.pool import WorkerPool
from pipeline.engines.sentence_route import SentenceResult
from pipeline.models import firefox
from pipeline.models.firefox import FirefoxModel, Role

MAX_PIECES = 128
"""Maximum length of a sentence in pieces; Firefox breaks longer ones (`max-length-break`)."""

MAX_TARGET_PIECES = 256
"""Maximum length of a translation in the runtime; it is at most 2 n + 4 for n source pieces."""

_MIN_CHECKED = 12
_MIN_SHARE = 0.4
"""Share of the source's pieces below which a translation is incomplete."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


class SentenceTranslator:
    """A verified model with its vocabularies, and the workers that translate with it."""

    def __init__(self, model: FirefoxModel, pool: WorkerPool) -> None:
        """Verify the files; raises ModelError if one is damaged, EngineError if not usable."""
        self.model, self._pool = model, pool
        self.source, self.target = model.source, model.target
        paths = firefox.verified_files(model)
        source = model.file(Role.SOURCE_VOCABULARY, Role.VOCABULARY)
        target = model.file(Role.TARGET_VOCABULARY, Role.VOCABULARY)
        assert source is not None
        assert target is not None
        self._files = (
            str(paths[Role.MODEL]),
            str(source.path),
            str(target.path),
            str(paths[Role.SHORTLIST]) if Role.SHORTLIST in paths else None,
        )
        self._source = _vocabulary(model, source.path.read_bytes())
        same = source.path == target.path
        self._known: dict[str, bool] = {}
        self._target = self._source if same else _vocabulary(model, target.path.read_bytes())

    def translate(self, sentences: Sequence[str]) -> list[SentenceResult]:
        """Translate sentences, in order. A sentence without letters and digits is copied.

        Raises EngineError if the model cannot be loaded.
        """
        results = [self._without_runtime(sentence) for sentence in sentences]
        pending = [number for number, result in enumerate(results) if result is None]
        answers = self._pool.translate(self._files, [sentences[number] for number in pending])
        for number, (text, problem) in zip(pending, answers, strict=True):
            results[number] = self._checked(sentences[number], text, problem)
        return [result or SentenceResult() for result in results]

    def unknown_characters(self, text: str) -> set[str]:
        """Return the characters of a text that the vocabulary lacks, and the runtime drops."""
        new = set(text) - self._known.keys()
        self._known |= {character: self._has(character) for character in new}
        return {character for character in set(text) if not self._known[character]}

    def _has(self, character: str) -> bool:
        if character.isspace() or _SURROGATE.match(character):
            return True
        ids = self._source.encode(character)
        return self._source.unk_id() not in ids and bool(self._source.decode(ids).strip())

    def _without_runtime(self, sentence: str) -> SentenceResult | None:
        """Return the result of a sentence that needs or allows no translation, else None."""
        if match := _SURROGATE.search(sentence):
            return _rejected(
                f"the text has half a character (U+{ord(match[0]):04X}), which cannot be encoded",
                retry_in_parts=False,
            )
        if not _LETTER_OR_DIGIT.search(sentence):
            return SentenceResult(sentence)
        count = len(self._source.encode(sentence))
        if count > MAX_PIECES:
            return _rejected(
                f"a sentence has {count} word pieces, and model {self.model.id} translates "
                f"at most {MAX_PIECES}"
            )
        return None

    def _checked(self, sentence: str, text: str | None, problem: str | None) -> SentenceResult:
        """Return the result of a sentence, or reject a translation that is not complete."""
        if text is None:
            return _rejected(f"the runtime failed: {problem}", retry_in_parts=False)
        if not text.strip():
            return _rejected("the runtime returned nothing")
        before, after = len(self._source.encode(sentence)), len(self._target.encode(text))
        if after >= min(2 * before + 4, MAX_TARGET_PIECES) - 1:
            return _rejected("the translation repeats itself up to the limit of the runtime")
        if before >= _MIN_CHECKED and after < _MIN_SHARE * before:
            return _rejected(
                f"the translation is incomplete: {after} word pieces for {before} of the German"
            )
        return SentenceResult(text)


def _vocabulary(model: FirefoxModel, data: bytes) -> Any:
    from sentencepiece import SentencePieceProcessor

    try:
        return SentencePieceProcessor(model_proto=data)
    except (RuntimeError, ValueError) as error:
        raise EngineError(
            f"the vocabulary of model {model.id} cannot be loaded: {error}",
            f"Install it again: translate models install {model.id}",
        ) from error


def _rejected(message: str, *, retry_in_parts: bool = True) -> SentenceResult:
    return SentenceResult(problem=TextRejectedError(message, retry_in_parts=retry_in_parts))
