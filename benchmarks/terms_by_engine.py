"""How well the ways to glossary terms do: terms respected, and chrF.

    python benchmarks/argos_terms.py [PAIR] [COUNT] [--engine argos|firefox|...]

COUNT (300) sentences that the tests' models were not trained on, each with a demanded term. chrF
is against the sentence with the term in it; no way may lower it below that of translating
without the glossary. With argos, PAIR is de-en (default) or en-fr, both of the tests' own
packages. With firefox, PAIR is de-en or de-fr (through English), with the tests' own models.
Another engine translates with what is installed, without and with the terms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sacrebleu import CHRF

from pipeline.engines import term_candidates
from pipeline.engines.argos import lexical_constraints
from pipeline.engines.argos.lexical_constraints import SentenceState
from pipeline.engines.argos.model import ArgosSettings, TranslationModel
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.engines.constraints import Constraint
from pipeline.engines.firefox.engine import open_engine
from pipeline.engines.selection import resolve_engine
from pipeline.models.argos.archive import unpack
from pipeline.models.argos.package import read
from tests.models.argos import DE_EN, EN_FR
from tests.models.argos.sentences import Demanded, demanded, sentences
from tests.models.firefox import installed

WAYS: list[tuple[str, frozenset[str]]] = [
    ("none", frozenset()),
    ("next best", frozenset({"next"})),
    ("put over", frozenset({"replaced"})),
    ("term given", frozenset({"given"})),
    ("forced", frozenset({"forced"})),
    ("all", lexical_constraints.STRATEGIES),
]


def placeholders(model: TranslationModel, works: list[SentenceState]) -> list[str]:
    """What hiding the term would give: an opaque word in its place, put back afterwards."""
    hidden = [w.text.replace(w.constraints[0].source, "XQ1", 1) for w in works]
    found = model.translate([model.tokenizer.encode(text) for text in hidden])
    texts = [f[0].text for f in found]
    return [t.replace("XQ1", w.constraints[0].target) for t, w in zip(texts, works, strict=True)]


def other_engine(name: str, cases: Sequence[Demanded], target: str) -> None:
    """Print a row for each way of an engine without scores, or two rows for another engine."""
    print(f"{name}, into {target}, {len(cases)} sentences: {dict(Counter(c.kind for c in cases))}")
    print("way           respected   seen  new  unknown   chrF")
    if name != "firefox":
        with closing(resolve_engine(name, "", target).open()) as engine:
            for label, terms in (("none", False), ("all", True)):
                row(label, cases, target, ask(engine, cases, target, terms=terms))
        return
    ways = [frozenset({way}) for way in sorted(term_candidates.STRATEGIES)]
    with (
        tempfile.TemporaryDirectory() as folder,
        installed(Path(folder), "de-en", "en-fr"),
        closing(open_engine(EngineConfig())) as engine,
    ):
        row("none", cases, target, ask(engine, cases, target, terms=False))
        for enabled in (*ways, term_candidates.STRATEGIES):
            term_candidates.enforce.__defaults__ = (enabled,)
            label = "all" if len(enabled) > 1 else next(iter(enabled))
            row(label, cases, target, ask(engine, cases, target, terms=True))


def ask(engine: Engine, cases: Sequence[Demanded], target: str, *, terms: bool) -> list[str]:
    """Return the translations of the sentences, with or without their terms."""
    requests = [
        TranslationRequest(c.sentence.de, ((c.term, c.targets[target]),) if terms else ())
        for c in cases
    ]
    return [result.text for result in engine.translate(requests, target)]


def row(label: str, cases: Sequence[Demanded], target: str, texts: Sequence[str]) -> None:
    """Print the shares of respected terms, and chrF."""
    met = [
        Constraint(c.term, c.targets[target]).is_satisfied(text, target)
        for c, text in zip(cases, texts, strict=True)
    ]
    shares = []
    for kind in ("seen", "new", "unknown"):
        of_kind = [m for m, c in zip(met, cases, strict=True) if c.kind == kind]
        shares.append(f"{100 * sum(of_kind) / max(1, len(of_kind)):4.0f}")
    chrf = CHRF().corpus_score(list(texts), [[getattr(c.sentence, target) for c in cases]]).score
    print(f"{label:12} {100 * sum(met) / len(met):8.1f} %  {'  '.join(shares)}   {chrf:5.1f}")


def main() -> None:
    """Print a row for each way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pair", nargs="?", default="de-en")
    parser.add_argument("count", nargs="?", type=int, default=300)
    parser.add_argument("--engine", default="argos")
    given = parser.parse_args()
    pair, count = given.pair, given.count
    source, target = pair.split("-")
    known = {s.de for s in sentences(60_000, seed=1)}
    cases = [c for c in demanded(2 * count, seed=3) if c.sentence.de not in known][:count]
    if given.engine != "argos":
        other_engine(given.engine, cases, target)
        return
    with tempfile.TemporaryDirectory() as name:
        unpack(DE_EN if pair == "de-en" else EN_FR, Path(name))
        model = TranslationModel(read(Path(name)), ArgosSettings())
        print(f"{pair}, {len(cases)} sentences: {dict(Counter(c.kind for c in cases))}")
        print("way           respected   seen  new  unknown   chrF   seconds")
        for label, ways in [*WAYS, ("placeholder", frozenset())]:
            works = []
            for case in cases:
                term = case.term if source == "de" else _english(case)
                demand = Constraint(term, case.targets[target])
                works.append(SentenceState(getattr(case.sentence, source), (demand,)))
            began = time.process_time()
            for work in works:
                work.source = model.tokenizer.encode(work.text)
            for work, found in zip(works, model.translate([w.source for w in works]), strict=True):
                work.hypothesis = found[0]
            if ways:
                lexical_constraints.enforce(model, works, target, ways)
            texts = [work.hypothesis.text for work in works]
            if label == "placeholder":
                texts = placeholders(model, works)
            seconds = time.process_time() - began
            met = [
                w.constraints[0].is_satisfied(t, target) for w, t in zip(works, texts, strict=True)
            ]
            shares = []
            for kind in ("seen", "new", "unknown"):
                of_kind = [m for m, c in zip(met, cases, strict=True) if c.kind == kind]
                shares.append(f"{100 * sum(of_kind) / max(1, len(of_kind)):4.0f}")
            references = [getattr(c.sentence, target) for c in cases]
            chrf = CHRF().corpus_score(texts, [references]).score
            share = 100 * sum(met) / len(met)
            print(f"{label:12} {share:8.1f} %  {'  '.join(shares)}   {chrf:5.1f}   {seconds:6.1f}")
            if label == "all":
                for work, text, good in zip(works, texts, met, strict=True):
                    if not good:
                        sys.stderr.write(f"missed {work.constraints[0].target!r}: {text}\n")


def _english(case: object) -> str:
    """The English words that a term stands for, as a pivot would find them."""
    targets = case.targets["en"]  # type: ignore[attr-defined]
    text = case.sentence.en.lower()  # type: ignore[attr-defined]
    at = text.find(targets.lower())
    return case.sentence.en[at : at + len(targets)] if at >= 0 else targets  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
