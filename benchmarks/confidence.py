"""Fits and evaluates the confidence of drafts on labelled drafts of the default model.

usage: python benchmarks/confidence.py draft TEXTS OUT
       python benchmarks/confidence.py evaluate [--write]

`draft` translates TEXTS (lines "id, kind, German", separated by tabs) into English and appends
each draft with its features to OUT as JSON; drafts that OUT already has are not repeated. Label
the drafts (`label`: 1 if no error changes the meaning) before looking at the features.

`evaluate` cross-validates a ridge logistic regression on benchmarks/data/confidence.jsonl (10
folds, stratified by label, 5 times) and prints the AUC by length and kind with intervals (95 %,
1,000 bootstrap samples), and the calibration. `--write` fits all drafts and writes
pipeline/drafting/confidence.toml. Lines whose texts must not be copied have the number of their
line in WMT's development set and digests instead.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

DATA = Path(__file__).parent / "data" / "confidence.jsonl"
TABLE = Path("pipeline/drafting/confidence.toml")
FOLDS, REPEATS, BOOTSTRAP = 10, 5, 1000
RIDGE = 3.0
"""Weight of the squared coefficients; 1 to 20 differ by less than 0.01 in AUC."""

FEATURES = {
    "llama": ("sampled", "boosted", "coverage", "words"),
    "argos": ("likelihood", "coverage", "words"),
    "other": ("coverage", "rarest", "words"),
}
"""The features of the engines; `other` has those of the texts alone."""


def logistic(values: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))


def auc(scores: Numbers, labels: Numbers) -> float:
    """The probability that a right draft has a higher score than a wrong one."""
    right, wrong = scores[labels == 1], scores[labels == 0]
    if not len(right) or not len(wrong):
        return math.nan
    higher = (right[:, None] > wrong[None, :]).sum()
    equal = (right[:, None] == wrong[None, :]).sum()
    return float((higher + equal / 2) / (len(right) * len(wrong)))


def interval(scores: Numbers, labels: Numbers) -> tuple[float, float]:
    rng = np.random.default_rng(1)
    values = []
    for _ in range(BOOTSTRAP):
        chosen = rng.integers(0, len(labels), len(labels))
        values.append(auc(scores[chosen], labels[chosen]))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def fitted(known: Numbers, labels: Numbers, ridge: float = RIDGE) -> Numbers:
    """Intercept and weights of a ridge logistic regression (Newton's method)."""
    rows = np.c_[np.ones(len(known)), known]
    penalty = np.diag([1e-6] + [ridge] * known.shape[1])
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        expected = logistic(rows @ weights)
        gradient = rows.T @ (labels - expected) - penalty @ weights
        hessian = (rows * (expected * (1 - expected))[:, None]).T @ rows + penalty
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if abs(step).max() < 1e-8:
            break
    return weights


def matrix(drafts: Sequence[dict[str, Any]], names: Sequence[str]) -> Numbers:
    return np.array([[draft["features"][name] for name in names] for draft in drafts])


def folds(labels: Numbers, seed: int) -> NDArray[np.int64]:
    """The fold of each draft, with the same share of right drafts in all folds."""
    rng = np.random.default_rng(seed)
    found = np.empty(len(labels), np.int64)
    for label in (0, 1):
        places = np.flatnonzero(labels == label)
        rng.shuffle(places)
        found[places] = np.arange(len(places)) % FOLDS
    return found


def cross_validated(known: Numbers, labels: Numbers, ridge: float = RIDGE) -> Numbers:
    """The mean probability of each draft by models that have not seen it."""
    total = np.zeros(len(labels))
    for seed in range(REPEATS):
        fold = folds(labels, seed)
        for number in range(FOLDS):
            seen, held = fold != number, fold == number
            mean, deviation = known[seen].mean(0), known[seen].std(0) + 1e-9
            weights = fitted((known[seen] - mean) / deviation, labels[seen], ridge)
            total[held] += logistic(weights[0] + (known[held] - mean) / deviation @ weights[1:])
    return total / REPEATS


GROUPS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "all": lambda draft: True,
    "below 7 words": lambda draft: draft["words"] < 7,
    "7 to 15 words": lambda draft: 7 <= draft["words"] <= 15,
    "above 15 words": lambda draft: draft["words"] > 15,
    "titles, headings": lambda draft: draft["kind"] in ("title", "heading"),
    "list items, cells": lambda draft: draft["kind"] in ("list item", "table cell"),
    "captions": lambda draft: draft["kind"] == "caption",
    "page labels": lambda draft: draft["kind"] == "boilerplate",
    "running text": lambda draft: draft["kind"] == "paragraph",
}


def report(engine: str, drafts: Sequence[dict[str, Any]], scores: Numbers) -> Iterator[str]:
    labels = np.array([draft["label"] for draft in drafts], float)
    yield f"{engine}: {', '.join(FEATURES[engine])}"
    for name, belongs in GROUPS.items():
        chosen = np.array([belongs(draft) for draft in drafts])
        own, right = scores[chosen], labels[chosen]
        low, high = interval(own, right)
        yield (
            f"  {name:18} n {chosen.sum():4}  right {right.mean():4.0%}"
            f"  AUC {auc(own, right):.3f} ({low:.2f} to {high:.2f})"
        )
    for low, high in ((0, 25), (25, 40), (40, 55), (55, 70), (70, 101)):
        chosen = (scores * 100 >= low) & (scores * 100 < high)
        if chosen.any():
            mean, right = scores[chosen].mean(), labels[chosen].mean()
            yield f"  {low:3} to {high:3} %: n {chosen.sum():4}, mean {mean:.0%}, right {right:.0%}"
    order = np.argsort(scores)[: len(scores) // 4]
    wrong = (1 - labels)[order].sum() / (1 - labels).sum()
    yield f"  the least certain quarter has {wrong:.0%} of the wrong drafts"


def evaluate(write: bool) -> None:
    drafts = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    labels = np.array([draft["label"] for draft in drafts], float)
    tables = []
    for engine, names in FEATURES.items():
        known = matrix(drafts, names)
        print("\n".join(report(engine, drafts, cross_validated(known, labels))))
        mean, deviation = known.mean(0), known.std(0) + 1e-9
        weights = fitted((known - mean) / deviation, labels)
        rows = [
            f"{name} = [{m:.4f}, {d:.4f}, {w:.4f}]"
            for name, m, d, w in zip(names, mean, deviation, weights[1:], strict=True)
        ]
        heads = (f"[{engine}]", f"intercept = {weights[0]:.4f}", "", f"[{engine}.weights]")
        tables.append("\n".join([*heads, *rows]))
    if write:
        head = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("#")]
        TABLE.write_text("\n".join([*head, "", "\n\n".join(tables), ""]), "utf-8")


def draft(texts: Path, out: Path) -> None:
    from pipeline.core import BlockKind
    from pipeline.drafting.confidence import features
    from pipeline.drafting.evaluation import make_evaluator
    from pipeline.drafting.names import find_name
    from pipeline.drafting.page_labels import translate_label
    from pipeline.drafting.refinement import draft as drafted
    from pipeline.drafting.refinement import nothing_to_translate
    from pipeline.drafting.types import DraftRequest
    from pipeline.engines import EngineConfig, find_engine
    from pipeline.engines.prompts.few_shot import LABELS
    from pipeline.models import default_model, verified_path

    model = default_model("en")
    config = EngineConfig(model.id, verified_path(model), model.sha256)
    engine, evaluate = find_engine("llama").create(config), make_evaluator("en", None, {})
    known = out.read_text("utf-8").splitlines() if out.exists() else []
    done = {json.loads(line)["id"] for line in known}
    with out.open("a", encoding="utf-8") as file:
        for line in texts.read_text("utf-8").splitlines():
            number, name, text = line.split("\t")
            kind = BlockKind(name)
            if number in done or nothing_to_translate(text, kind):
                continue
            if find_name(text, "en") or translate_label(text, kind, "en"):
                continue  # no engine drafts it
            is_label = kind is BlockKind.BOILERPLATE
            request = DraftRequest(text, (), LABELS["en"] if is_label else (), is_label)
            ((_, result),) = drafted(engine, "en", [request], evaluate)
            row = {
                "id": number,
                "kind": name,
                "words": len(text.split()),
                "source": text,
                "target": result.text,
                "features": features(text, result.text, "en", result.result.signals),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    drafting = commands.add_parser("draft")
    drafting.add_argument("texts", type=Path)
    drafting.add_argument("out", type=Path)
    evaluating = commands.add_parser("evaluate")
    evaluating.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.command == "draft":
        draft(given.texts, given.out)
    else:
        evaluate(given.write)


if __name__ == "__main__":
    main()
