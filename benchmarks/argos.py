"""Segments per second of the argos engine and of argostranslate itself, on the same package.

    python benchmarks/argos.py [--base FILE] [--count 2000] [--peer PYTHON]

PYTHON is that of an environment with argos-translate-lt (or argostranslate). `--base` makes a
package of the size of real ones: 6 + 6 layers, 512 wide, 32,000 words. It is the tests' own
model (the weights that tests/packages/make.py keeps) made larger without changing what it
computes, so the lengths of its translations are those of a trained model. Both use the same
package, segments, beam and number of cores, and load the model before the clock starts. BLEU
is ours against theirs: 100 is the same text.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
from sacrebleu import BLEU

from pipeline.engines import Request, Setup
from pipeline.engines.argos import open_engine
from tests.packages import DE_EN, network
from tests.packages.sentences import sentences

PEER = """
import json, sys, time
from argostranslate import translate, package, sbd
class Whole:
    def __init__(self, *given): pass
    def split_sentences(self, text): return [text]
# Its sentence splitter would fetch a model: each segment is one sentence, which is faster.
translate.MiniSBDSentencizer = Whole
way = translate.get_translation_from_codes("de", "en")
texts = json.load(sys.stdin)
way.translate(texts[0])
began, used = time.monotonic(), time.process_time()
answers = [way.translate(text) for text in texts]
json.dump([time.monotonic() - began, time.process_time() - used, answers], sys.stdout)
"""
TIMES, WORDS = 4, 32_000
SMALL, LARGE = network.Shape(), network.Shape(6, 6, 512, 2048, 8)


def enlarge(old: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Make a model larger, computing the same.

    Its numbers are repeated `TIMES` times side by side, which norms do not notice, and what
    reads them is divided accordingly; new layers and heads add nothing to what passes them,
    and new words are never likely. All of it is computed as in any model of that size.
    """
    new = network.begin(LARGE, WORDS, 1)
    rows = head_rows()
    for name, value in new.items():
        part = name.removesuffix(".b").rpartition(".")[2]
        if name not in old:
            if part in ("o", "out") or name.endswith(".b"):
                value[:] = 0
        elif part in ("gamma", "beta") or (part in ("o", "out") and name.endswith(".b")):
            value[:] = np.tile(old[name], TIMES)
        elif part in ("q", "k", "v"):
            value[:] = 0
            root = 2**0.5 if part == "q" else 1.0
            wide = old[name] if value.ndim == 1 else np.tile(old[name], (1, TIMES)) / TIMES
            value[rows] = wide * root
        elif part == "o":
            value[:] = 0
            value[:, rows] = np.tile(old[name], (TIMES, 1))
        elif part == "in":
            wide = old[name] if value.ndim == 1 else np.tile(old[name], (1, TIMES)) / TIMES
            value[: len(wide)] = wide
        elif part == "out":
            value[:] = 0
            value[:, : old[name].shape[1]] = np.tile(old[name], (TIMES, 1))
    known = len(old["words"])
    new["words"][:], new["bias"][:] = 0, -1e4
    new["words"][:known] = np.tile(old["words"], (1, TIMES)) / TIMES**0.5
    new["bias"][:known] = old["bias"]
    new["projection"] = np.zeros_like(new["words"])
    new["projection"][:known] = np.tile(old["words"], (1, TIMES)) / TIMES
    new["positions"] = np.tile(network.positions(SMALL.width), (1, TIMES))
    return new


def head_rows() -> np.ndarray:
    """Where the rows of the small heads go: the first of each of the first large heads."""
    small, large = SMALL.width // SMALL.heads, LARGE.width // LARGE.heads
    return np.concatenate([np.arange(small) + large * head for head in range(SMALL.heads)])


def package(base: str, folder: Path) -> None:
    """Put the package into a folder as Argos has them; `base` is a file of weights or ""."""
    with zipfile.ZipFile(DE_EN) as archive:
        archive.extractall(folder)
    if base:
        model = next(folder.iterdir()) / "model"
        words = json.loads((model / "shared_vocabulary.json").read_text(encoding="utf-8"))
        words += [f"<new{n}>" for n in range(WORDS - len(words))]
        network.convert(LARGE, enlarge(dict(np.load(base))), words, model, "int8")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="", metavar="FILE", help="weights kept by make.py")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--peer", default="", metavar="PYTHON")
    given = parser.parse_args()
    texts = [s.de for s in sentences(given.count, seed=5)]
    with tempfile.TemporaryDirectory() as name:
        os.environ["ARGOS_PACKAGES_DIR"] = name
        os.environ["TRANSLATE_MODELS"] = f"{name}/none"
        package(given.base, Path(name))
        engine = open_engine(Setup())
        list(engine.translate([Request(texts[0])], "en"))
        began, used = time.monotonic(), time.process_time()
        ours = [a.text for a in engine.translate([Request(text) for text in texts], "en")]
        seconds, computed = time.monotonic() - began, time.process_time() - used
        print(f"{len(texts)} segments, {'base size' if given.base else 'small'}")
        print(row("argos engine", len(texts), seconds, computed))
        if given.peer:
            done = subprocess.run(
                [given.peer, "-c", PEER], input=json.dumps(texts), text=True,
                stdout=subprocess.PIPE, check=True, env=dict(os.environ),
            )  # fmt: skip
            peer, peer_computed, theirs = json.loads(done.stdout)
            bleu = BLEU().corpus_score(ours, [theirs]).score
            print(row("argostranslate", len(texts), peer, peer_computed))
            print(
                f"{peer / seconds:.1f} times as fast, {peer_computed / computed:.1f} times by the "
                f"processor's time; BLEU against its output {bleu:.1f}"
            )


def row(name: str, count: int, seconds: float, computed: float) -> str:
    """A line of the table; the processor's time tells more where others compute too."""
    speed = f"{count / seconds:8.1f} segments/s"
    return f"{name:16} {speed}  {seconds:7.1f} s  {computed:7.1f} s of processor time"


if __name__ == "__main__":
    main()
