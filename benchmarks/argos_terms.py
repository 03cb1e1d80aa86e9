"""How well the ways to glossary terms do with an Argos package: terms respected, and chrF.

    python benchmarks/argos_terms.py [PAIR] [COUNT]

PAIR is de-en (default) or en-fr, both of the tests' own packages; COUNT (300) sentences that
the models were not trained on, each with a demanded term. chrF is against the sentence with
the term in it; no way may lower it below that of translating without the glossary.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sacrebleu import CHRF

from pipeline.engines.argos import lexical_constraints
from pipeline.engines.argos.lexical_constraints import Constraint, SentenceState
from pipeline.engines.argos.model import ArgosSettings, TranslationModel
from pipeline.models.argos.archive import unpack
from pipeline.models.argos.package import read
from tests.models.argos import DE_EN, EN_FR
from tests.models.argos.sentences import demanded, sentences

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


def main() -> None:
    """Print a row for each way."""
    pair = sys.argv[1] if len(sys.argv) > 1 else "de-en"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    source, target = pair.split("-")
    known = {s.de for s in sentences(60_000, seed=1)}
    cases = [c for c in demanded(2 * count, seed=3) if c.sentence.de not in known][:count]
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
