"""Make the models of the tests: train on invented sentences, export, compress.

    python -m tests.models.firefox.make de-en|en-fr [--steps N] [--again]

The files are those that Mozilla's record list has: a model with 8-bit weights and a vocabulary,
each compressed with zstd. Needs jax and sentencepiece beside the dependencies of the project;
takes some minutes on two cores. `--again` exports the weights of the last training.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.models.argos.make import texts
from tests.models.argos.sentences import held_out, sentences
from tests.models.firefox import network

HERE = Path(__file__).parent
WORDS = 1000
SHAPE = network.Shape()


def vocabulary(pairs: list[tuple[str, str]]) -> bytes:
    """Train a SentencePiece model for both languages, with the numbers that the runtime expects."""
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text for pair in pairs[:12_000] for text in pair]),
        model_writer=model, model_type="unigram", vocab_size=WORDS, split_digits=True,
        character_coverage=1.0, hard_vocab_limit=False, minloglevel=2,
        bos_id=-1, eos_id=network.END, unk_id=1, pad_id=-1,
    )  # fmt: skip
    return model.getvalue()


def evaluate(pair: str, model: bytes, words: bytes) -> str:
    """Translate unseen sentences with the runtime; returns how many are exact."""
    from fxtranslate import Translator

    source, target = pair.split("-")
    made = {s.de: s for s in sentences(6000, 7, usual=1.0)}
    unseen = [s for s in made.values() if held_out(s)][:200]
    runtime = Translator(model, words, words)
    found = [(runtime.translate(getattr(s, source)), getattr(s, target)) for s in unseen]
    for one, expected in [pair for pair in found if pair[0] != pair[1]][:8]:
        sys.stderr.write(f"  {one}\n  {expected}\n")
    return f"{sum(a == b for a, b in found)} of {len(found)} exact"


def main() -> None:
    """Train and export, or export again."""
    import sentencepiece
    import zstandard

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pair", choices=["de-en", "en-fr"])
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    keep = Path(tempfile.gettempdir()) / f"firefox-{given.pair}-weights.npz"
    pairs = texts(given.pair)
    words = vocabulary(pairs)
    processor = sentencepiece.SentencePieceProcessor(model_proto=words)
    count = processor.get_piece_size()
    sys.stderr.write(f"{len(pairs)} pairs, {count} words\n")
    if given.again:
        weights = dict(np.load(keep))
    else:
        ids = [(processor.encode(a), processor.encode(b)) for a, b in pairs]
        ids = [pair for pair in ids if max(map(len, pair)) < 64]
        weights = network.train(SHAPE, count, ids, given.steps, keep)
    name = given.pair.replace("-", "")
    for int8 in (False, True):
        model = network.export(SHAPE, weights, int8=int8)
        result = evaluate(given.pair, model, words)
        sys.stderr.write(f"{'int8' if int8 else 'float32'}, {len(model):,} bytes: {result}\n")
    compress = zstandard.ZstdCompressor(level=19).compress
    (HERE / f"model.{name}.intgemm.alphas.bin.zst").write_bytes(compress(model))
    (HERE / f"vocab.{name}.spm.zst").write_bytes(compress(words))


if __name__ == "__main__":
    main()
