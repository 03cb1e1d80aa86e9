"""Corrections of confidences by what reviewers did, and the files they are kept in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import project
from pipeline.core.errors import PipelineError
from pipeline.drafting import calibration
from pipeline.drafting.calibration import (
    RecordedEstimates,
    ReviewedDraft,
    brier,
    fit,
    load_calibrations,
    record_estimate,
    save_calibrations,
)
from pipeline.drafting.confidence import Calibration, logistic, logit

LONG = "Der Rat der Stadt hat am Freitag den Bau beschlossen."


def reviewed(count: int, truth: Calibration, seed: int = 1) -> list[ReviewedDraft]:
    """Drafts that are right as often as a calibration says."""
    rng = random.Random(seed)
    drafts = []
    for number in range(count):
        source = "Kurz" if number % 2 else LONG
        estimate = rng.uniform(0.05, 0.95)
        right = rng.random() < truth.corrected(estimate, source)
        drafts.append(ReviewedDraft(source, estimate, right))
    return drafts


def test_a_fit_finds_what_reviewers_do() -> None:
    """Too sure by a lot, and still more so of short texts."""
    truth = Calibration(-1.0, 0.6, -0.7)
    found = fit(reviewed(4000, truth))
    assert found.intercept == pytest.approx(truth.intercept, abs=0.25)
    assert found.slope == pytest.approx(truth.slope, abs=0.15)
    assert found.short == pytest.approx(truth.short, abs=0.25)
    others = reviewed(2000, truth, seed=2)
    assert brier(others, found) < brier(others, Calibration()) - 0.03


def test_few_drafts_change_little() -> None:
    """Ten drafts that were all edited do not make every draft worthless."""
    found = fit([ReviewedDraft(LONG, 0.6, False)] * 10)
    assert 0.15 < found.corrected(0.6, LONG) < 0.6
    found = fit([ReviewedDraft(LONG, 0.95, n > 40) for n in range(60)])  # steps of Newton overshoot
    assert found.corrected(0.95, LONG) == pytest.approx(1 / 3, abs=0.1)


def test_the_order_of_estimates_stays() -> None:
    found = fit(reviewed(300, Calibration(-1.0, 0.6)))
    values = [found.corrected(n / 100, LONG) for n in range(101)]
    assert values == sorted(values)
    assert 0 < values[0] < values[-1] < 1


@pytest.mark.parametrize("probability", [0.001, 0.2, 0.5, 0.99])
def test_odds_are_those_of_a_probability(probability: float) -> None:
    assert logistic(logit(probability)) == pytest.approx(probability)
    assert 0 < logistic(logit(0.0)) < logistic(logit(1.0)) < 1


@pytest.fixture
def learning(folder: Path) -> project.Project:
    with (folder / "translate.toml").open("a", encoding="utf-8") as file:
        file.write("\n[confidence]\nlearn = true\n")
    return project.load_project(folder)


def test_estimates_are_found_by_the_digest_of_the_draft(learning: project.Project) -> None:
    """That of the catalog is shorter; a line cut off by a full disk is skipped."""
    record_estimate(learning, "llama", "Eins\n", "One", 0.25)  # a catalog adds the line end
    record_estimate(learning, "argos", "Eins\n", "One", 0.75)
    path = learning.root / ".translate" / "estimates.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write('{"draft": "0a1b2c')
    from pipeline.catalog import text_digest

    found = RecordedEstimates(learning)
    digest = text_digest("One\n")
    assert found.find("llama", "Eins\n", digest[:6]) == 0.25
    assert found.find("argos", "Eins\n", digest) == 0.75
    assert found.find("llama", "Eins\n", text_digest("Another")) is None
    assert (path.parent / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_only_a_project_that_learns_is_corrected(learning: project.Project) -> None:
    save_calibrations(learning, {"llama": Calibration(-1.0, 0.5, 0.25)})
    assert load_calibrations(learning) == {"llama": Calibration(-1.0, 0.5, 0.25)}
    assert load_calibrations(replace(learning, confidence={})) == {}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"llama": 1}', '{"llama": {"slope": "x"}}',
                                     '{"llama": {"steep": 1}}', '{"llama": null}'])  # fmt: skip
def test_a_damaged_file_is_named(learning: project.Project, content: str) -> None:
    path = save_calibrations(learning, {})
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PipelineError, match=r"confidence\.json") as caught:
        load_calibrations(learning)
    assert "translate models calibrate" in caught.value.hint


def test_enough_needs_both_kinds() -> None:
    right, wrong = ReviewedDraft(LONG, 0.5, True), ReviewedDraft(LONG, 0.5, False)

    def enough(*drafts: Sequence[ReviewedDraft]) -> bool:
        return calibration.enough([one for group in drafts for one in group])

    assert enough([right] * 40, [wrong] * 10)
    assert not enough([right] * 39, [wrong] * 10)
    assert not enough([right] * 100, [wrong] * 9)
