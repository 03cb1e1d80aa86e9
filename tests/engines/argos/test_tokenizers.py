"""Byte pairs come out as subword-nmt cuts them, and go back to text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.errors import EngineError
from pipeline.engines.argos.tokenizers import BPETokenizer

# The example of Sennrich et al. (2016), section 3.2: merges learned from low, lowest, newer.
CODES = "#version: 0.2\nl o\ne r</w>\nlo w</w>\nn e\nlo w\n"


@pytest.fixture
def pairs(tmp_path: Path) -> BPETokenizer:
    path = tmp_path / "bpe.model"
    path.write_text(CODES, encoding="utf-8")
    return BPETokenizer(str(path), "de", "en")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("low", ["low"]),
        ("lower", ["low@@", "er"]),
        ("newer low", ["ne@@", "w@@", "er", "low"]),
        ("lo!", ["l@@", "o", "!"]),
        ("x", ["x"]),
        ("", []),
    ],
)
def test_words_are_cut_by_the_merges_in_their_order(
    pairs: BPETokenizer, text: str, pieces: list[str]
) -> None:
    """The mark of a word's end tells `low` from the `low` in `lower`."""
    assert pairs.encode(text) == pieces
    assert pairs.decode(pieces) == text


def test_words_are_spans_of_pieces(pairs: BPETokenizer) -> None:
    """A piece that goes on belongs to the next one's word."""
    assert pairs.words(["ne@@", "w@@", "er", "low", "!"]) == [(0, 3), (3, 4), (4, 5)]
    assert pairs.words(["ne@@"]) == [(0, 1)]


def test_codes_that_are_none(tmp_path: Path) -> None:
    """The line is named."""
    path = tmp_path / "bpe.model"
    path.write_text("#version: 0.2\nl o w\n", encoding="utf-8")
    with pytest.raises(EngineError, match="'l o w' is not a merge"):
        BPETokenizer(str(path), "en", "fr")
