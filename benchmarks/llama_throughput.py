"""How long the llama engine takes, beside llama.cpp's own benchmark for as many tokens.

usage: python benchmarks/llama_throughput.py SOURCE [--count 60] [--first 0] [--quality balanced]
           --batched-bench "PROGRAM WITH ITS ARGUMENTS"

SOURCE has a German segment a line. The engine drafts them, without a glossary; counted are the
tokens that it reads for a text, and those that it writes in all its draws. llama.cpp's
`llama-batched-bench` is then asked for the mean of both, with as many sequences over a shared
prompt as the engine draws. It draws no token and splits, judges and chooses nothing.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import models
from pipeline.engines.base import TranslationRequest
from pipeline.engines.llama.decoder import Decoder, DecodeRequest, Sample
from pipeline.engines.llama.engine import LlamaEngine
from pipeline.engines.selection import resolve_engine


@dataclass
class Counted:
    """A model whose tokens are counted."""

    model: Decoder
    read: int = 0
    written: int = 0

    def __getattr__(self, name: str) -> object:
        """All else is the model's own."""
        return getattr(self.model, name)

    def generate(self, requests: Sequence[DecodeRequest], limit: int) -> list[list[Sample]]:
        """Generate samples and count tokens."""
        samples = self.model.generate(requests, limit)
        self.read += sum(len(self.model._tokenize(request.text)) for request in requests)
        self.written += sum(
            len(self.model._tokenize(s.text)) + s.complete for group in samples for s in group
        )
        return samples


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--quality", default="balanced")
    parser.add_argument("--batched-bench", required=True)
    given = parser.parse_args()
    lines = given.source.read_text(encoding="utf-8").splitlines()[given.first :][: given.count]
    engine = resolve_engine("llama", "", "en", options={"quality": given.quality}).open()
    assert isinstance(engine, LlamaEngine)
    list(engine.translate([TranslationRequest(lines[0])], "en"))
    counted = Counted(engine._model)
    engine._model = counted  # type: ignore[assignment]
    began = time.monotonic()
    list(engine.translate([TranslationRequest(line) for line in lines], "en"))
    ours = (time.monotonic() - began) / len(lines)
    draws = engine._plan.samples
    shared = counted.model._prefix_length
    engine.close()
    read, written = counted.read / len(lines), counted.written / len(lines) / draws
    print(f"{len(lines)} texts: {read:.0f} tokens read, {draws} × {written:.0f} written, behind "
          f"a prefix of {shared}")  # fmt: skip
    theirs = bench(given.batched_bench, round(read), round(written), draws)
    print(f"llama engine         {ours:6.2f} s a text")
    print(f"llama-batched-bench  {theirs:6.2f} s for as many tokens")
    print(f"the engine's throughput is {theirs / ours:.2f} of it")


def bench(program: str, read: int, written: int, draws: int) -> float:
    """Seconds that llama.cpp takes to read a prompt and write behind it, `draws` times at once."""
    model = models.path_if_installed(models.default_model("en"))
    words = [*shlex.split(program), "-m", str(model), "-c", "8192", "-t", "2", "-tb", "2", "-pps"]
    words += ["-npp", str(read), "-ntg", str(written), "-npl", str(draws)]
    words += ["--output-format", "jsonl"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    (row,) = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return float(row["t"])


if __name__ == "__main__":
    main()
