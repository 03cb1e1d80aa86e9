"""Text to the word pieces that a package's model was trained on, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from pipeline.core.errors import EngineError
from pipeline.models.argos.package import BPE_FILE, SENTENCEPIECE_FILE, ArgosPackage

_BLANK = "▁"
_GOES_ON = "@@"


class Tokenizer(Protocol):
    """Cuts text into pieces and joins them; `begins` tells whether a piece begins a word."""

    def encode(self, text: str) -> list[str]:
        """Cut a text of the source language."""

    def encode_target(self, text: str) -> list[str]:
        """Cut a text of the target language, as the model writes it inside a sentence."""

    def decode(self, pieces: Sequence[str]) -> str:
        """Join pieces of the target language."""

    def words(self, pieces: Sequence[str]) -> list[tuple[int, int]]:
        """Group pieces into the words of the text, as spans of pieces."""


class SentencePieceTokenizer:
    """Pieces of a SentencePiece model, one for both languages."""

    def __init__(self, path: str) -> None:
        import sentencepiece

        try:
            self._model: Any = sentencepiece.SentencePieceProcessor(model_file=path)
        except (OSError, RuntimeError) as error:
            raise EngineError(f"{path}: no SentencePiece model", "Install it anew.") from error

    def encode(self, text: str) -> list[str]:
        """Cut a text of the source language."""
        pieces: list[str] = self._model.encode(text, out_type=str)
        return pieces

    encode_target = encode

    def decode(self, pieces: Sequence[str]) -> str:
        """Join pieces of the target language."""
        return str(self._model.decode_pieces(list(pieces))).replace(_BLANK, " ").strip()

    def words(self, pieces: Sequence[str]) -> list[tuple[int, int]]:
        """Group pieces into the words of the text, as spans of pieces."""
        starts = [n for n, piece in enumerate(pieces) if n == 0 or piece.startswith(_BLANK)]
        return list(zip(starts, [*starts[1:], len(pieces)], strict=True))


class BPETokenizer:
    """Byte pairs (Sennrich et al., ACL 2016) of the tokens of Moses, as subword-nmt has them."""

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
        self._source: Any = MosesTokenizer(source)
        self._target: Any = MosesTokenizer(target)
        self._joiner: Any = MosesDetokenizer(target)
        self._ranks, self._marked = _codes(path)
        self._cut = lru_cache(1 << 16)(self._cut_word)

    def encode(self, text: str) -> list[str]:
        """Cut a text of the source language."""
        return self._pieces(self._source.tokenize(self._normalizer.normalize(text)))

    def encode_target(self, text: str) -> list[str]:
        """Cut a text of the target language, as the model writes it inside a sentence."""
        return self._pieces(self._target.tokenize(text))

    def decode(self, pieces: Sequence[str]) -> str:
        """Join pieces of the target language."""
        words = " ".join(pieces).replace(f"{_GOES_ON} ", "").removesuffix(_GOES_ON)
        return str(self._joiner.detokenize(words.split(" "))).strip()

    def words(self, pieces: Sequence[str]) -> list[tuple[int, int]]:
        """Group pieces into the words of the text, as spans of pieces."""
        ends = [n + 1 for n, piece in enumerate(pieces) if not piece.endswith(_GOES_ON)]
        ends += [len(pieces)] if not ends or ends[-1] < len(pieces) else []
        return list(zip([0, *ends[:-1]], ends, strict=True)) if pieces else []

    def _pieces(self, words: Sequence[str]) -> list[str]:
        return [piece for word in words if word for piece in self._cut(word)]

    def _cut_word(self, word: str) -> tuple[str, ...]:
        """Merge the characters of a word, the pair that was learned first first."""
        parts = [*word[:-1], f"{word[-1]}</w>"] if self._marked else [*word, "</w>"]
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
        return (*(f"{part}{_GOES_ON}" for part in parts[:-1]), parts[-1])


def load_tokenizer(package: ArgosPackage) -> Tokenizer:
    """Load a package's pieces; raises EngineError where a library or the model is missing."""
    path = package.folder / SENTENCEPIECE_FILE
    if path.is_file():
        return SentencePieceTokenizer(str(path))
    return BPETokenizer(str(package.folder / BPE_FILE), package.source, package.target)


def _codes(path: str) -> tuple[dict[tuple[str, ...], int], bool]:
    """The merges by rank, and whether a word's last character carries the mark of its end."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path}: {error}", "Install it anew.") from error
    marked = bool(lines) and re.match(r"#version:\s*0\.2", lines[0]) is not None
    ranks: dict[tuple[str, ...], int] = {}
    for line in lines[1:] if lines and lines[0].startswith("#version") else lines:
        merge = tuple(line.split(" "))
        if len(merge) != 2:
            raise EngineError(f"{path}: {line!r} is no merge of two pieces", "Install it anew.")
        ranks.setdefault(merge, len(ranks))
    return ranks, marked
