"""Make the packages of the tests: train on invented sentences, convert, pack.

    python -m tests.models.argos.make de-en|en-fr [--steps N] [--again]

`de-en` has a SentencePiece model, `en-fr` a BPE model and a target prefix, so that both sorts
of Argos packages are there. Needs jax, ctranslate2, sentencepiece, sacremoses and
subword-nmt; takes some 10 minutes on two cores. `--again` packs the weights kept last.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.models.argos import network
from tests.models.argos.sentences import held_out, sentences

HERE = Path(__file__).parent
WORDS = 1500
PREFIX = ">>fra<<"
SHAPE = network.Shape()
Encoded = Iterable[tuple[list[str], list[str]]]
NAMES = {"de": "German", "en": "English", "fr": "French"}


def texts(pair: str) -> list[tuple[str, str]]:
    """The sentences to train on: invented ones that are not held out."""
    source, target = pair.split("-")
    made = {s.de: s for s in sentences(60_000, seed=1) if not held_out(s)}
    return [(getattr(s, source), getattr(s, target)) for s in made.values()]


def sentencepiece(pairs: list[tuple[str, str]], folder: Path) -> tuple[list[str], Encoded]:
    """Train a SentencePiece model; gives the vocabulary and the pairs in pieces."""
    import sentencepiece as spm

    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter([text for pair in pairs[:12_000] for text in pair]),
        model_writer=model, vocab_size=WORDS, split_digits=True, character_coverage=1.0,
        byte_fallback=True, hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    (folder / "sentencepiece.model").write_bytes(model.getvalue())
    processor = spm.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = [processor.id_to_piece(n) for n in range(3, processor.get_piece_size())]
    words = [*network.SPECIAL, *pieces]
    return words, (tuple(processor.encode(list(pair), out_type=str)) for pair in pairs)


def bpe(pairs: list[tuple[str, str]], folder: Path) -> tuple[list[str], Encoded]:
    """Learn BPE codes on Moses' tokens; gives the vocabulary and the pairs in pieces."""
    from sacremoses.tokenize import MosesTokenizer
    from subword_nmt.apply_bpe import BPE
    from subword_nmt.learn_bpe import learn_bpe

    split = MosesTokenizer("en"), MosesTokenizer("fr")
    lines = [tuple(m.tokenize(t) for m, t in zip(split, pair, strict=True)) for pair in pairs]
    text = "\n".join(" ".join(words) for line in lines[:12_000] for words in line)
    with (folder / "bpe.model").open("w", encoding="utf-8") as file:
        learn_bpe(io.StringIO(text), file, 1200)
    with (folder / "bpe.model").open(encoding="utf-8") as file:
        codes = BPE(file)
    encoded = [tuple(codes.segment_tokens(words) for words in line) for line in lines]
    seen = {piece for pair in encoded for side in pair for piece in side}
    # All characters, alone and with a word going on: no name is ever unknown.
    letters = {c for c in "".join(seen) if not c.isspace()}
    seen |= letters | {f"{letter}@@" for letter in letters}
    return [*network.SPECIAL, PREFIX, *sorted(seen)], ((a, [PREFIX, *b]) for a, b in encoded)


def pack(pair: str, folder: Path, file: Path) -> None:
    """Write the package with metadata as the Argos index has it; the bytes are reproducible."""
    source, target = pair.split("-")
    metadata = {
        "package_version": "1.0", "argos_version": "1.9", "from_code": source,
        "from_name": NAMES[source], "to_code": target, "to_name": NAMES[target],
        "type": "translate",
    }  # fmt: skip
    if (folder / "bpe.model").exists():
        metadata["target_prefix"] = PREFIX
    (folder / "metadata.json").write_text(json.dumps(metadata, indent=4), encoding="utf-8")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            inside = path.relative_to(folder).as_posix()
            entry = zipfile.ZipInfo(f"translate-{source}_{target}-1_0/{inside}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=9)


def main() -> None:
    """Train and pack, or pack again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pair", choices=["de-en", "en-fr"])
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    keep = Path(tempfile.gettempdir()) / f"{given.pair}-weights.npz"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pairs = texts(given.pair)
        words, encoded = (sentencepiece if given.pair == "de-en" else bpe)(pairs, folder)
        sys.stderr.write(f"{len(pairs)} pairs, {len(words)} words\n")
        numbers = {word: number for number, word in enumerate(words)}
        if given.again:
            weights = dict(np.load(keep))
        else:
            ids = [tuple([numbers[w] for w in side] for side in pair) for pair in encoded]
            ids = [pair for pair in ids if max(map(len, pair)) < 64]
            weights = network.train(SHAPE, len(words), ids, given.steps, keep)
        (folder / "model").mkdir()
        network.convert(SHAPE, weights, words, folder / "model", "int8")
        pack(given.pair, folder, HERE / f"translate-{given.pair.replace('-', '_')}-1_0.argosmodel")


if __name__ == "__main__":
    main()
