"""Tokenizers of Argos packages: SentencePiece, and byte pair encoding on Moses tokens.

SentencePiece: Kudo and Richardson (EMNLP 2018). Byte pair encoding (BPE): Sennrich et al.
(ACL 2016), in the format of subword-nmt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from pipeline.core import EngineError
from pipeline.models.argos import BPE_FILE, SENTENCEPIECE_FILE, ArgosPackage

_SPACE_MARK = "▁"
_CONTINUATION = "@@"


class Tokenizer(Protocol):
    """A reversible conversion of text to the subword tokens of a model."""

    def encode(self, text: str) -> list[str]:
        """Tokenize a text of the source language."""

    def encode_target(self, text: str) -> list[str]:
        """Tokenize a text of the target language, as it appears inside a sentence."""

    def decode(self, tokens: Sequence[str]) -> str:
        """Convert tokens of the target language to text."""

    def words(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """Return the words of the text as spans of tokens."""


class SentencePieceTokenizer:
    """A SentencePiece model that both languages share."""

    def __init__(self, path: str) -> None:
        import sentencepiece

        try:
            self._model: Any = sentencepiece.SentencePieceProcessor(model_file=path)
        except (OSError, RuntimeError) as error:
            raise EngineError(
                f"{path}: not a SentencePiece model", "Install the package again."
            ) from error

    def encode(self, text: str) -> list[str]:
        """Tokenize a text of the source language."""
        tokens: list[str] = self._model.encode(text, out_type=str)
        return tokens

    encode_target = encode

    def decode(self, tokens: Sequence[str]) -> str:
        """Convert tokens of the target language to text."""
        return str(self._model.decode_pieces(list(tokens))).replace(_SPACE_MARK, " ").strip()

    def words(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """Return the words of the text as spans of tokens."""
        starts = [n for n, token in enumerate(tokens) if n == 0 or token.startswith(_SPACE_MARK)]
        return list(zip(starts, [*starts[1:], len(tokens)], strict=True))


class BPETokenizer:
    """Byte pair encoding of the words of the Moses tokenizer."""

    def __init__(self, path: str, source: str, target: str) -> None:
        try:
            from sacremoses.normalize import MosesPunctNormalizer
            from sacremoses.tokenize import MosesDetokenizer, MosesTokenizer
        except ImportError as error:
            raise EngineError(
                f"{path}: packages with a {BPE_FILE} need sacremoses ({error})",
                "Install it: pip install sacremoses",
            ) from error
        self._normalizer: Any = MosesPunctNormalizer(source)
        self._source_tokenizer: Any = MosesTokenizer(source)
        self._target_tokenizer: Any = MosesTokenizer(target)
        self._detokenizer: Any = MosesDetokenizer(target)
        self._ranks, self._has_end_mark = _read_merges(path)
        self._split = lru_cache(1 << 16)(self._split_word)

    def encode(self, text: str) -> list[str]:
        """Tokenize a text of the source language."""
        return self._split_words(self._source_tokenizer.tokenize(self._normalizer.normalize(text)))

    def encode_target(self, text: str) -> list[str]:
        """Tokenize a text of the target language, as it appears inside a sentence."""
        return self._split_words(self._target_tokenizer.tokenize(text))

    def decode(self, tokens: Sequence[str]) -> str:
        """Convert tokens of the target language to text."""
        words = " ".join(tokens).replace(f"{_CONTINUATION} ", "").removesuffix(_CONTINUATION)
        return str(self._detokenizer.detokenize(words.split(" "))).strip()

    def words(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """Return the words of the text as spans of tokens."""
        ends = [n + 1 for n, token in enumerate(tokens) if not token.endswith(_CONTINUATION)]
        ends += [len(tokens)] if not ends or ends[-1] < len(tokens) else []
        return list(zip([0, *ends[:-1]], ends, strict=True)) if tokens else []

    def _split_words(self, words: Sequence[str]) -> list[str]:
        return [token for word in words if word for token in self._split(word)]

    def _split_word(self, word: str) -> tuple[str, ...]:
        """Merge the characters of a word in the order in which the merges were learned."""
        parts = [*word[:-1], f"{word[-1]}</w>"] if self._has_end_mark else [*word, "</w>"]
        while len(parts) > 1:
            pairs = list(pairwise(parts))
            best = min(pairs, key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if best not in self._ranks:
                break
            merged, at = [], 0
            while at < len(parts):
                two = tuple(parts[at : at + 2]) == best
                merged.append("".join(best) if two else parts[at])
                at += 2 if two else 1
            parts = merged
        if parts[-1] == "</w>":
            parts.pop()
        parts[-1] = parts[-1].removesuffix("</w>")
        return (*(f"{part}{_CONTINUATION}" for part in parts[:-1]), parts[-1])


def load_tokenizer(package: ArgosPackage) -> Tokenizer:
    """Load the tokenizer of a package; raises EngineError if a library or a file is missing."""
    path = package.folder / SENTENCEPIECE_FILE
    if path.is_file():
        return SentencePieceTokenizer(str(path))
    return BPETokenizer(str(package.folder / BPE_FILE), package.source, package.target)


def _read_merges(path: str) -> tuple[dict[tuple[str, ...], int], bool]:
    """Read the merges by rank, and whether the end mark is part of the last character."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path}: {error}", "Install the package again.") from error
    has_end_mark = bool(lines) and re.match(r"#version:\s*0\.2", lines[0]) is not None
    ranks: dict[tuple[str, ...], int] = {}
    for line in lines[1:] if lines and lines[0].startswith("#version") else lines:
        merge = tuple(line.split(" "))
        if len(merge) != 2:
            raise EngineError(
                f"{path}: {line!r} is not a merge of two tokens", "Install the package again."
            )
        ranks.setdefault(merge, len(ranks))
    return ranks, has_end_mark
