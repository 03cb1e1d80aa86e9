"""How good the drafts of each quality are, and how fast, against human translations.

usage: python benchmarks/drafts.py SOURCE REFERENCE [--to en] [--count 300] [--first 0]
           [--quality fast --quality best …] [--model ID|PATH] [--keep FOLDER]

SOURCE and REFERENCE have a segment a line. Each quality drafts them with `translate text`,
with an empty cache of answers. chrF and BLEU are sacrebleu's, with 95 % intervals from 1,000
bootstrap samples; p is that of the paired bootstrap against the first quality (Koehn 2004).
Words are those of the source. `--keep` writes the drafts into files.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest

SAMPLES = 1000


def drafted(lines: list[str], language: str, quality: str, model: str) -> tuple[list[str], float]:
    """The drafts of some lines, and the seconds they took, loading the model included."""
    words = [sys.executable, "-m", "pipeline", "text", "--to", language, "--quality", quality]
    words += ["--engine", "llama", *(["--model", model] if model else [])]
    with tempfile.TemporaryDirectory() as cache:
        began = time.monotonic()
        done = subprocess.run(
            words, input="".join(f"{line}\n" for line in lines), text=True, check=False,
            stdout=subprocess.PIPE, env=os.environ | {"TRANSLATE_CACHE": cache},
        )  # fmt: skip
    if done.returncode not in (0, 1):
        sys.exit(f"translate text failed with {done.returncode}")
    return done.stdout.splitlines(), time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--to", default="en")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--quality", action="append")
    parser.add_argument("--model", default="")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    part = slice(given.first, given.first + given.count)
    lines = given.source.read_text(encoding="utf-8").splitlines()[part]
    reference = given.reference.read_text(encoding="utf-8").splitlines()[part]
    qualities = given.quality or ["fast", "balanced", "best"]
    made = []
    for quality in qualities:
        texts, seconds = drafted(lines, given.to, quality, given.model)
        made.append((quality, texts))
        speed = sum(len(line.split()) for line in lines) / seconds
        print(f"{quality}: {len(texts)} lines in {seconds:.0f} s, {speed:.1f} words/s", flush=True)
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            text = "".join(f"{line}\n" for line in texts)
            (given.keep / f"{quality}.{given.to}").write_text(text, encoding="utf-8")
    metrics = {"chrF": CHRF(references=[reference]), "BLEU": BLEU(references=[reference])}
    test = PairedTest(made, metrics, None, "bs", SAMPLES)
    _, scores = test()
    print(f"{'quality':10} {'chrF':>18} {'p':>6} {'BLEU':>18} {'p':>6}")
    for row, (quality, _) in enumerate(made):
        cells = []
        for name in scores:
            if name == "System":
                continue
            result = scores[name][row]
            cells.append(f"{result.score:8.2f} {result.mean:5.1f}±{result.ci:.1f}")
            cells.append("" if result.p_value is None else f"{result.p_value:.3f}")
        print(f"{quality:10} {cells[0]:>18} {cells[1]:>6} {cells[2]:>18} {cells[3]:>6}")


if __name__ == "__main__":
    main()
