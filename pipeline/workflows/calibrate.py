"""Fit the confidence of drafts to what the reviewers of a project approved or edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.catalog import (
    catalog,
    entry_state,
    is_digest_of,
    is_outdated,
    parse_provenance,
)
from pipeline.catalog.po import Entry
from pipeline.core import Provenance, State
from pipeline.drafting import calibration
from pipeline.drafting.calibration import RecordedEstimates, ReviewedDraft
from pipeline.drafting.confidence import Calibration
from pipeline.engines import COPIED
from pipeline.project import Project

__all__ = ["EngineCalibration", "calibrate"]

_FOLDS = 5
_MIN_GAIN = 0.002
"""Smaller improvements of the Brier score are chance."""


@dataclass(frozen=True, slots=True)
class EngineCalibration:
    """The reviewed drafts of an engine, and the correction fitted to them.

    `error` and `corrected_error` are Brier scores of the estimates as they are and corrected,
    by cross-validation. `calibration` is None if there are too few drafts, or it is no better.
    """

    engine: str
    drafts: int
    unchanged: int
    error: float
    corrected_error: float | None = None
    calibration: Calibration | None = None


def calibrate(project: Project) -> tuple[EngineCalibration, ...]:
    """Fit a correction for each engine, and store those that improve the estimates.

    An approved or edited entry states the digest of its draft, which tells whether a human
    changed it. Raises CatalogError for a damaged catalog.
    """
    reviewed: dict[str, list[ReviewedDraft]] = {}
    for engine, one in _reviewed_drafts(project):
        reviewed.setdefault(engine, []).append(one)
    found = tuple(_fit(engine, drafts) for engine, drafts in sorted(reviewed.items()))
    fitted = {one.engine: one.calibration for one in found if one.calibration}
    if fitted:
        calibration.save_calibrations(project, fitted)
    return found


def _fit(engine: str, drafts: list[ReviewedDraft]) -> EngineCalibration:
    unchanged = sum(one.unchanged for one in drafts)
    error = calibration.brier(drafts, Calibration())
    if not calibration.enough(drafts):
        return EngineCalibration(engine, len(drafts), unchanged, error)
    corrected = 0.0
    for fold in range(_FOLDS):
        held_out = drafts[fold::_FOLDS]
        rest = [one for number, one in enumerate(drafts) if number % _FOLDS != fold]
        corrected += len(held_out) * calibration.brier(held_out, calibration.fit(rest))
    corrected /= len(drafts)
    fitted = calibration.fit(drafts) if corrected < error - _MIN_GAIN else None
    return EngineCalibration(engine, len(drafts), unchanged, error, corrected, fitted)


def _reviewed_drafts(project: Project) -> Iterator[tuple[str, ReviewedDraft]]:
    """Yield each reviewed draft with its engine."""
    recorded = RecordedEstimates(project)
    for language in project.languages:
        for article in project.select_articles(()):
            path = project.catalog(article, language)
            for entry in catalog.load(path).entries if path.is_file() else ():
                provenance = parse_provenance(entry)
                if provenance and _is_reviewed(entry, provenance):
                    yield provenance.engine, _reviewed(entry, provenance, recorded)


def _is_reviewed(entry: Entry, provenance: Provenance) -> bool:
    """Whether a human approved or edited the draft of an engine that had a confidence."""
    if provenance.engine in COPIED or provenance.confidence is None or entry.obsolete:
        return False
    state = entry_state(entry)
    return state is State.APPROVED or (state is State.TOUCHED and not is_outdated(entry))


def _reviewed(entry: Entry, provenance: Provenance, recorded: RecordedEstimates) -> ReviewedDraft:
    estimate = recorded.find(provenance.engine, entry.source, provenance.text)
    assert provenance.confidence is not None
    return ReviewedDraft(
        entry.source,
        provenance.confidence / 100 if estimate is None else estimate,
        is_digest_of(provenance.text, "\0".join(entry.targets)),
    )
