"""How fast the engines on this machine are: words per second, memory, start-up; on the same text.

    python benchmarks/throughput.py [--count 200] [--engines firefox,argos,llama] [--jobs 2]

The text is invented (`tests.models.argos.sentences`). `argos` and `firefox` run the tests' small
models, `llama` the default model (of 8 sentences only). For argos and firefox, a second table
compares the engine with its bare runtime, which translates the same sentences without splitting,
glossary and checks: CTranslate2 in one call, fxtranslate in as many processes. Firefox models are
also measured at the width and depth of Mozilla's (6 + 2 layers, 512 wide, random weights), with the
small vocabulary of the tests.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from pipeline.engines.argos.engine import ArgosEngine
from pipeline.engines.base import EngineConfig, TranslationRequest
from pipeline.engines.firefox.engine import FirefoxEngine, FirefoxSettings
from pipeline.engines.firefox.model import SentenceTranslator
from pipeline.engines.firefox.pool import WorkerPool
from pipeline.engines.registry import find_engine
from pipeline.engines.selection import resolve_engine
from pipeline.models import argos, firefox
from tests.models.argos import DE_EN
from tests.models.argos.sentences import sentences
from tests.models.firefox import installed, network

BARE_FIREFOX = """
import sys, time
from pathlib import Path
from fxtranslate import Translator
model, vocabulary, *texts = sys.stdin.read().split("\\n")
words = Path(vocabulary).read_bytes()
translator = Translator(Path(model).read_bytes(), words, words)
translator.translate(texts[0])
print("ready", flush=True)
began = time.monotonic()
for text in texts:
    translator.translate(text)
print(time.monotonic() - began, flush=True)
"""


def memory() -> int:
    """Return the resident bytes of this process and its children."""
    pids = [os.getpid()]
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii")
    total = 0
    for pid in (*pids, *map(int, children.split())):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS"):
                total += int(line.split()[1]) * 1024
    return total


def measure(name: str, texts: Sequence[str], jobs: int) -> None:
    """Print a row for an engine."""
    before, began = memory(), time.monotonic()
    selection = resolve_engine(name, "", "en", force=True)
    with closing(selection.open(0 if name == "llama" else jobs)) as engine:
        list(engine.translate([TranslationRequest(texts[0])], "en"))
        start = time.monotonic() - began
        began = time.monotonic()
        list(engine.translate([TranslationRequest(text) for text in texts], "en"))
        seconds = time.monotonic() - began
        words = sum(len(text.split()) for text in texts)
        used = (memory() - before) / 1e6
    print(f"{name:10} {words / seconds:10.1f} words/s {used:8.0f} MB {start:8.2f} s to start")


def timed(run: Callable[[], object]) -> float:
    """Return the seconds of the fastest of three runs."""
    times = []
    for _ in range(3):
        began = time.monotonic()
        run()
        times.append(time.monotonic() - began)
    return min(times)


def compare(name: str, engine: float, bare: float) -> None:
    print(f"{name:28} engine {engine:7.2f} s, bare {bare:7.2f} s: {100 * bare / engine:5.1f} %")


def bare_firefox(model: Path, vocabulary: Path, texts: Sequence[str], jobs: int) -> float:
    """Return the seconds that processes take for an equal share of the texts each."""
    processes = []
    for number in range(jobs):
        process = subprocess.Popen(
            [sys.executable, "-c", BARE_FIREFOX], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert process.stdin is not None
        share = list(texts)[number::jobs]
        process.stdin.write("\n".join([str(model), str(vocabulary), *share]))
        process.stdin.close()
        processes.append(process)
    seconds = []
    for process in processes:
        assert process.stdout is not None
        seconds.append(float(process.stdout.read().split()[-1]))
        process.wait()
    return max(seconds)


def compare_firefox(texts: Sequence[str], jobs: int, folder: Path) -> None:
    requests = [TranslationRequest(text) for text in texts]
    (model,) = firefox.installed_models()
    files = {file.role: file.path for file in model.files}
    path, vocabulary = files[firefox.Role.MODEL], files[firefox.Role.VOCABULARY]
    with closing(FirefoxEngine(FirefoxSettings(), "", jobs)) as engine:
        list(engine.translate(requests, "en"))
        ours = timed(lambda: list(engine.translate(requests, "en")))
    bare = min(bare_firefox(path, vocabulary, texts, jobs) for _ in range(3))
    compare("firefox, tests' model", ours, bare)
    large = folder / "model.deen.bin"
    shape = network.Shape(6, 2, 512, 2048, 8)
    words = SentencePieceProcessor(model_file=str(vocabulary)).get_piece_size()
    weights = network.begin(shape, words, 1)
    large.write_bytes(network.export(shape, weights, int8=True))
    copied = folder / "vocab.deen.spm"  # that of the store goes away
    copied.write_bytes(vocabulary.read_bytes())
    firefox.install_folder(firefox.ModelName("de", "en"), folder)
    (model,) = firefox.installed_models()
    few = requests[:60]
    with closing(WorkerPool(jobs)) as pool:
        translator = SentenceTranslator(model, pool)
        # Random weights repeat themselves, which the engine would refuse.
        sentences = [request.text for request in few]
        translator.translate(sentences[:4])
        ours = timed(lambda: translator.translate(sentences))
    bare = min(bare_firefox(large, copied, [r.text for r in few], jobs) for _ in range(3))
    compare("firefox, 6 + 2 layers of 512", ours, bare)


def compare_argos(texts: Sequence[str]) -> None:
    engine = find_engine("argos").create(EngineConfig())
    assert isinstance(engine, ArgosEngine)
    requests = [TranslationRequest(text) for text in texts]
    list(engine.translate(requests, "en"))
    ours = timed(lambda: list(engine.translate(requests, "en")))
    (model,) = engine._models.values()
    runtime = model._model

    def bare() -> None:
        tokens = [model.tokenizer.encode(text) for text in texts]
        found = runtime.translate_batch(
            tokens, max_batch_size=model._batch_tokens(tokens), batch_type="tokens", beam_size=4,
            length_penalty=0.2, max_input_length=0, return_scores=True,
        )  # fmt: skip
        for result in found:
            model.tokenizer.decode(result.hypotheses[0])

    compare("argos, tests' model", ours, timed(bare))
    engine.close()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--engines", default="firefox,argos,llama")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    made = {s.de: s for s in sentences(3 * given.count, seed=5)}
    texts = list(made)[: given.count]
    names = given.engines.split(",")
    if "llama" in names:  # before the store of the tests
        measure("llama", texts[:8], 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with installed(folder, "de-en"):
            argos.install_file(str(DE_EN))
            for engine in [one for one in names if one != "llama"]:
                measure(engine, texts, 0 if engine == "argos" else given.jobs)
            print()
            if "argos" in names:
                compare_argos(texts)
            if "firefox" in names:
                (folder / "large").mkdir()
                compare_firefox(texts, given.jobs, folder / "large")


if __name__ == "__main__":
    main()
