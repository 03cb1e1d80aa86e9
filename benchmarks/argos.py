"""Segments per second of the argos engine and of argostranslate itself, on the same package.

    python benchmarks/argos.py [--base] [--count 2000] [--peer PYTHON]

PYTHON is that of an environment with argos-translate-lt (or argostranslate). `--base` makes a
package of the size of real ones: 6 + 6 layers, 512 wide, 32,000 words. It is the tests' own
model made larger without changing what it computes (benchmarks/argos_base.py), so the lengths
of its translations are those of a trained model. Both use the same
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
from pathlib import Path

from sacrebleu import BLEU

from benchmarks.argos_base import package
from pipeline.engines.argos.engine import open_engine
from pipeline.engines.base import EngineConfig, TranslationRequest
from tests.models.argos.sentences import sentences

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


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", action="store_true", help="a model of the size of real ones")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--peer", default="", metavar="PYTHON")
    given = parser.parse_args()
    texts = [s.de for s in sentences(given.count, seed=5)]
    with tempfile.TemporaryDirectory() as name:
        os.environ["ARGOS_PACKAGES_DIR"] = name
        os.environ["TRANSLATE_MODELS"] = f"{name}/none"
        package(Path(name), base=given.base)
        engine = open_engine(EngineConfig())
        list(engine.translate([TranslationRequest(texts[0])], "en"))
        began, used = time.monotonic(), time.process_time()
        ours = [
            a.text for a in engine.translate([TranslationRequest(text) for text in texts], "en")
        ]
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
