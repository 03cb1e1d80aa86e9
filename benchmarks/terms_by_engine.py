"""How well each engine respects glossary terms, alone and with a second engine for missing ones.

    python benchmarks/terms_by_engine.py [PAIR] [COUNT] [--engine NAME] [--second NAME] [--terms 2]
    python benchmarks/terms_by_engine.py [PAIR] [COUNT] --engine argos|firefox --strategies

PAIR is de-en (default) or de-fr. COUNT (300) sentences that the tests' models were not trained on,
each with one demanded term or --terms 2. argos and firefox translate with the tests' own models,
into French through English; another engine with what is installed (its settings: those of
--project). Without --engine: argos, firefox, and each with the other one. Texts take the way of
`translate text`: the drafting loop, and a second engine where terms are missing.

Printed are the share of terms by lemma, chrF against the sentence with the terms in it, and the
number of drafts of each engine. A text without a usable draft counts as empty. No way may lower
chrF below that of translating without the glossary (`no terms`).

--strategies measures each strategy of an engine that only translates (argos: also en-fr).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sacrebleu import CHRF

from pipeline import models
from pipeline.core import PipelineError
from pipeline.drafting import TextRequest, TextTranslator
from pipeline.engines import term_candidates
from pipeline.engines.argos import lexical_constraints
from pipeline.engines.argos.lexical_constraints import SentenceState
from pipeline.engines.argos.model import ArgosSettings, TranslationModel
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.engines.constraints import Constraint
from pipeline.engines.firefox.engine import open_engine
from pipeline.engines.selection import EngineSelection, select_engine
from pipeline.models import argos
from pipeline.models.argos.archive import unpack
from pipeline.models.argos.package import read
from pipeline.project import Project, load_project
from tests.models.argos import DE_EN, EN_FR
from tests.models.argos.sentences import Demanded, demanded, demanded_twice, sentences
from tests.models.firefox import installed

WAYS: list[tuple[str, frozenset[str]]] = [
    ("none", frozenset()),
    ("next best", frozenset({"next"})),
    ("put over", frozenset({"replaced"})),
    ("term given", frozenset({"given"})),
    ("forced", frozenset({"forced"})),
    ("all", lexical_constraints.STRATEGIES),
]
KINDS = ("seen", "new", "unknown")


@dataclass(frozen=True)
class Case:
    """A German text, its reference, and the terms in it: (kind, German, required)."""

    german: str
    reference: str
    terms: tuple[tuple[str, str, str], ...]


def cases(target: str, count: int, terms: int) -> list[Case]:
    """Return sentences with one term or two."""
    known = {s.de for s in sentences(60_000, seed=1)}
    made: list[tuple[Demanded, ...]]
    if terms == 1:
        made = [(one,) for one in demanded(2 * count, seed=3)]
    else:
        made = list(demanded_twice(2 * count, seed=3))
    return [
        Case(
            group[0].sentence.de,
            getattr(group[0].sentence, target),
            tuple((one.kind, one.term, one.targets[target]) for one in group),
        )
        for group in made
        if group[0].sentence.de not in known
    ][:count]


def row(label: str, asked: Sequence[Case], target: str, texts: Sequence[str], note: str) -> None:
    """Print the shares of respected terms, and chrF."""
    met: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for case, text in zip(asked, texts, strict=True):
        for kind, german, required in case.terms:
            met[kind].append(Constraint(german, required).is_satisfied(text, target))
    every = [one for kind in KINDS for one in met[kind]]
    shares = "  ".join(f"{100 * sum(of) / max(1, len(of)):5.1f}" for of in met.values())
    chrf = CHRF().corpus_score(list(texts), [[case.reference for case in asked]]).score
    share = 100 * sum(every) / max(1, len(every))
    print(f"{label:18} {share:7.1f} %  {shares}   {chrf:5.1f}   {note}", flush=True)


def select(name: str, target: str, project: Project | None, gguf: str) -> EngineSelection:
    """Resolve an engine; that of GGUF models uses the user's own, not the store of the tests."""
    loads_file = name == "llama" and gguf
    return select_engine(project, name, gguf if loads_file else "", target)


def texts_of(
    first: EngineSelection, second: EngineSelection | None, asked: Sequence[Case], *, terms: bool
) -> tuple[list[str], str]:
    """Translate as `translate text` does; also return by which engines, and the seconds."""
    warned: list[str] = []
    translator = TextTranslator(first.open(), first.config, first.language, None, warned.append)
    with closing(translator):
        if second:
            other = second

            def opened() -> tuple[Engine, EngineConfig]:
                return other.open(), other.config

            def fail(error: PipelineError) -> None:
                raise error

            translator.complete_terms_with(opened, fail)
        requests = [
            TextRequest(c.german, {german: need for _, german, need in c.terms} if terms else {})
            for c in asked
        ]
        began, results = time.monotonic(), []
        for start in range(0, len(requests), translator.batch):
            results += translator.translate(requests[start : start + translator.batch])
            if translator.batch < len(requests) and sys.stderr.isatty():
                sys.stderr.write(f"\r{len(results)} of {len(requests)}")
    seconds = time.monotonic() - began
    by = Counter(one.engine_info.engine for one in results if not one.failed)
    who = ", ".join(f"{engine} {number}" for engine, number in by.most_common())
    texts = ["" if one.failed else one.text for one in results]
    return texts, f"{seconds:6.1f} s   {who}, none {texts.count('')}"


def compare(
    engines: Sequence[tuple[str, str]],
    target: str,
    asked: Sequence[Case],
    project: Project | None,
    gguf: str,
) -> None:
    """Print rows for each engine: without terms, with them, and with a second engine."""
    print("engine               terms     seen    new unknown   chrF   time, and drafts by engine")
    shown: set[str] = set()
    for name, other in engines:
        first = select(name, target, project, gguf)
        if name not in shown:
            shown.add(name)
            for label, terms in ((f"{name}, no terms", False), (name, True)):
                row(label, asked, target, *texts_of(first, None, asked, terms=terms))
        if other:
            second = select(other, target, project, gguf)
            row(f"{name} + {other}", asked, target, *texts_of(first, second, asked, terms=True))


@contextmanager
def test_models() -> Iterator[None]:
    """Use the tests' models of both engines that only translate, and an empty cache."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        patch = stack.enter_context(installed(Path(folder), "de-en", "en-fr"))
        patch.setenv("ARGOS_PACKAGES_DIR", str(Path(folder) / "argos"))
        for package in (DE_EN, EN_FR):
            argos.install_file(str(package))
        yield


def placeholders(model: TranslationModel, works: list[SentenceState]) -> list[str]:
    """What hiding the term would give: an opaque word in its place, put back afterwards."""
    hidden = [w.text.replace(w.constraints[0].source, "XQ1", 1) for w in works]
    found = model.translate([model.tokenizer.encode(text) for text in hidden])
    texts = [f[0].text for f in found]
    return [t.replace("XQ1", w.constraints[0].target) for t, w in zip(texts, works, strict=True)]


def firefox_strategies(asked: Sequence[Case], target: str) -> None:
    """Print a row for each strategy of an engine without scores."""

    def ask(*, terms: bool) -> list[str]:
        requests = [
            TranslationRequest(c.german, tuple(t[1:] for t in c.terms) if terms else ())
            for c in asked
        ]
        return [result.text for result in engine.translate(requests, target)]

    ways = [frozenset({way}) for way in sorted(term_candidates.STRATEGIES)]
    with closing(open_engine(EngineConfig())) as engine:
        row("none", asked, target, ask(terms=False), "")
        for enabled in (*ways, term_candidates.STRATEGIES):
            term_candidates.enforce.__defaults__ = (enabled,)
            label = "all" if len(enabled) > 1 else next(iter(enabled))
            row(label, asked, target, ask(terms=True), "")


def argos_strategies(pair: str, asked: Sequence[Case], made: Sequence[Demanded]) -> None:
    """Print a row for each strategy of a model with attention and scores."""
    source, target = pair.split("-")
    with tempfile.TemporaryDirectory() as name:
        unpack(DE_EN if pair == "de-en" else EN_FR, Path(name))
        model = TranslationModel(read(Path(name)), ArgosSettings())
        for label, ways in [*WAYS, ("placeholder", frozenset())]:
            works = []
            for case, one in zip(asked, made, strict=True):
                term = case.terms[0][1] if source == "de" else _english(one)
                demand = Constraint(term, case.terms[0][2])
                works.append(SentenceState(getattr(one.sentence, source), (demand,)))
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
            row(label, asked, target, texts, f"{time.process_time() - began:6.1f} s")


def _english(case: Demanded) -> str:
    """The English words that a term stands for, as a pivot would find them."""
    target, text = case.targets["en"], case.sentence.en
    at = text.lower().find(target.lower())
    return text[at : at + len(target)] if at >= 0 else target


def main() -> None:
    """Print a row for each way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pair", nargs="?", default="de-en")
    parser.add_argument("count", nargs="?", type=int, default=300)
    parser.add_argument("--engine", default="")
    parser.add_argument("--second", default="")
    parser.add_argument("--terms", type=int, choices=(1, 2), default=1)
    parser.add_argument("--strategies", action="store_true")
    parser.add_argument("--project", type=Path)
    given = parser.parse_args()
    target = given.pair.split("-")[1]
    asked = cases(target, given.count, given.terms)
    kinds = dict(Counter(kind for case in asked for kind, _, _ in case.terms))
    print(f"{given.pair}, {len(asked)} texts, terms: {kinds}")
    project = load_project(given.project) if given.project else None
    gguf = _gguf(target) if "llama" in (given.engine, given.second) else ""
    if given.engine == "argos" and given.strategies:
        known = {s.de for s in sentences(60_000, seed=1)}
        made = [c for c in demanded(2 * given.count, seed=3) if c.sentence.de not in known]
        argos_strategies(given.pair, asked, made[: given.count])
        return
    with test_models():
        if given.strategies:
            firefox_strategies(asked, target)
        elif given.engine:
            compare([(given.engine, given.second)], target, asked, project, gguf)
        else:
            pairs = [("argos", "firefox"), ("firefox", "argos")]
            compare(pairs, target, asked, project, gguf)


def _gguf(target: str) -> str:
    """Return the path of the installed default model, or of the file in TRANSLATE_GGUF."""
    named = os.environ.get("TRANSLATE_GGUF", "")
    return named or str(models.verified_path(models.default_model(target)))


if __name__ == "__main__":
    main()
