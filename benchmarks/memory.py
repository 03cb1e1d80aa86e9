"""What the translation memory costs, and what it finds, at several sizes.

    python benchmarks/memory.py [SEGMENTS ...]        (10,000, 100,000 and 1,000,000 by default)

The texts are random: 2 to 40 words each, as frequent as they are in German (wordfreq), so
that the lists of the index are as long as with real texts. The look-ups are for texts of the
memory in which 5 to 25 % of the words were replaced, added or taken out. "Found" compares
the best match with that of RapidFuzz over all texts. Times are of the processor, which other
work on the machine does not change.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import accumulate
from pathlib import Path

from pipeline import project
from pipeline.memory import tmx
from pipeline.memory.memory import TranslationMemory
from pipeline.memory.tmx import TmxUnit

LENGTHS = (2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 25, 30, 40)
LOOKUPS, COMPARED = 300, 100
EDITED = (0.05, 0.1, 0.15, 0.2, 0.25)
COLUMNS = (
    ("segments", "built", "index", "peak", "1 % new", "same", "alike 50 %", "95 %", "max", "found")
)  # fmt: skip


def sentences(count: int, chance: random.Random) -> list[str]:
    from wordfreq import get_frequency_dict

    frequencies = get_frequency_dict("de")
    words, weights = list(frequencies), list(accumulate(frequencies.values()))
    return [
        " ".join(chance.choices(words, cum_weights=weights, k=length)).capitalize() + "."
        for length in chance.choices(LENGTHS, k=count)
    ]


def edited(text: str, words: list[str], chance: random.Random) -> str:
    parts = text.split()
    for _ in range(max(1, round(len(parts) * chance.choice(EDITED)))):
        at = chance.randrange(len(parts))
        match chance.choice(("replace", "replace", "insert", "delete")):
            case "replace":
                parts[at] = chance.choice(words)
            case "insert":
                parts.insert(at, chance.choice(words))
            case "delete" if len(parts) > 1:
                del parts[at]
    return " ".join(parts)


def write(path: Path, texts: list[str]) -> None:
    units = (TmxUnit(text, text.swapcase()) for text in texts)
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(tmx.render_tmx(units, "en", "sentence"))


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def found(memory: TranslationMemory, texts: list[str], wanted: list[str]) -> tuple[int, int]:
    """How many of the best matches the memory finds, and how many there are."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    there = hits = 0
    for text in wanted:
        scorer = Levenshtein.normalized_similarity
        best = process.extractOne(text, texts, scorer=scorer, score_cutoff=0.7)
        if best and best[1] < 1:
            there += 1
            matches = memory.similar("en", text, limit=1)
            hits += bool(matches) and matches[0].percent >= int(best[1] * 100 + 1e-9)
    return hits, there


def measure(folder: Path, count: int) -> tuple[str, ...]:
    chance = random.Random(1)
    texts = sentences(count, chance)
    words = [word.strip(".") for text in texts[:10_000] for word in text.split()]
    (folder / "memory").mkdir()
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    write(folder / "memory" / "a.tmx", texts)
    with closing(TranslationMemory(project.load_project(folder), folder / "cache")) as memory:
        built = seconds(lambda: memory.refresh("en"))
        size = memory.path("en").stat().st_size
        changed = [f"{text} Neu." if n % 100 == 0 else text for n, text in enumerate(texts)]
        write(folder / "memory" / "a.tmx", changed)
        again = seconds(lambda: memory.refresh("en"))
        same = seconds(lambda: [memory.exact("en", text) for text in changed[:LOOKUPS]])
        wanted = [edited(chance.choice(changed), words, chance) for _ in range(LOOKUPS)]
        times = sorted(1000 * seconds(lambda t=text: memory.similar("en", t)) for text in wanted)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        hits, there = found(memory, changed, wanted[:COMPARED])
    return (
        f"{count:,}",
        f"{built:.1f} s",
        f"{size / 1e6:.0f} MB",
        f"{peak:.0f} MB",
        f"{again:.1f} s",
        f"{1000 * same / LOOKUPS:.2f} ms",
        f"{times[LOOKUPS // 2]:.1f} ms",
        f"{times[LOOKUPS * 95 // 100]:.1f} ms",
        f"{times[-1]:.1f} ms",
        f"{hits}/{there}",
    )


def main(sizes: list[int]) -> None:
    print("".join(f"{name:>12}" for name in COLUMNS), flush=True)
    for size in sizes:
        # A process of its own, so that the peak of memory is that of this size.
        if child := os.fork():
            os.waitpid(child, 0)
            continue
        with tempfile.TemporaryDirectory() as folder:
            print("".join(f"{cell:>12}" for cell in measure(Path(folder), size)), flush=True)
        os._exit(0)


if __name__ == "__main__":
    main([int(word.replace(",", "")) for word in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
