"""Correction of confidences by what the reviewers of a project approved, if it asks for it.

With `[confidence] learn = true`, the estimate of each draft is appended to a file of the folder
`.translate`, and the corrections that `translate models calibrate` fitted are applied. Nothing
leaves the machine. The fit is Platt scaling (Platt 1999) with a term for short texts, and a
normal prior at "no correction", so that a small sample changes little.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp, log
from pathlib import Path

from pipeline.catalog import DIGEST_DIGITS, text_digest
from pipeline.catalog.po import match_newlines
from pipeline.core import SettingsError
from pipeline.core.input import parse_json
from pipeline.drafting.confidence import SHORT, Calibration, logistic, logit, word_count
from pipeline.files import write_atomic
from pipeline.project import Project

__all__ = [
    "MIN_EACH",
    "MIN_SAMPLES",
    "RecordedEstimates",
    "ReviewedDraft",
    "brier",
    "enough",
    "fit",
    "load_calibrations",
    "record_estimate",
    "save_calibrations",
]

MIN_SAMPLES = 50
"""Reviewed drafts of an engine from which a correction is fitted."""

MIN_EACH = 10
"""How many of them must be unchanged, and how many edited."""

_CALIBRATIONS, _ESTIMATES = "confidence.json", "estimates.jsonl"
_PRIOR = (0.0, 1.0, 0.0)
_DEVIATIONS = (1.0, 0.5, 0.5)  # of the prior
_STEPS, _TOLERANCE = 50, 1e-7


@dataclass(frozen=True, slots=True)
class ReviewedDraft:
    """A draft that a human has reviewed: its estimate, and whether it was approved unchanged."""

    source: str
    estimate: float
    unchanged: bool


def load_calibrations(project: Project) -> Mapping[str, Calibration]:
    """Return the corrections by engine; none unless the project learns.

    Raises SettingsError for a damaged file.
    """
    path = project.local_file(_CALIBRATIONS)
    if not project.confidence.get("learn") or not path.is_file():
        return {}
    try:
        value = parse_json(path.read_bytes())
        return {engine: Calibration(**_floats(table)) for engine, table in value.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"{path}: not a file of corrections ({error})",
            "Delete it, or run translate models calibrate.",
        ) from error


def _floats(table: Mapping[str, object]) -> dict[str, float]:
    """Return a table with numbers as floats; raises ValueError or TypeError for anything else."""
    return {name: float(value) for name, value in table.items()}  # type: ignore[arg-type]


def save_calibrations(project: Project, calibrations: Mapping[str, Calibration]) -> Path:
    """Write the corrections by engine, and return the path of the file."""
    path = project.local_file(_CALIBRATIONS, create=True)
    value = {engine: asdict(one) for engine, one in sorted(calibrations.items())}
    write_atomic(path, json.dumps(value, indent=1).encode() + b"\n")
    return path


def record_estimate(project: Project, engine: str, source: str, target: str, value: float) -> None:
    """Append the uncorrected estimate of a draft to the file of the project."""
    key = _key(engine, source, text_digest(match_newlines(source, target)))
    line = json.dumps({"draft": key, "estimate": round(value, 4)})
    path = project.local_file(_ESTIMATES, create=True)
    # One write below the size of a page is not mixed with that of another process.
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    with os.fdopen(number, "wb", buffering=0) as file:
        file.write(line.encode() + b"\n")


class RecordedEstimates:
    """The recorded estimates of a project; lines that are none are skipped."""

    def __init__(self, project: Project) -> None:
        self._values: dict[str, float] = {}
        path = project.local_file(_ESTIMATES)
        for line in path.read_bytes().splitlines() if path.is_file() else ():
            try:
                value = parse_json(line)
                self._values[str(value["draft"])] = float(value["estimate"])
            except (ValueError, TypeError, KeyError):
                continue

    def find(self, engine: str, source: str, digest: str) -> float | None:
        """Return the estimate of the draft with a digest, None if it was not recorded."""
        return self._values.get(_key(engine, source, digest))


def _key(engine: str, source: str, digest: str) -> str:
    """Return the key of a draft; its digest may have more digits than a catalog has."""
    text = "\0".join((engine, source, digest[:DIGEST_DIGITS]))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def enough(drafts: Sequence[ReviewedDraft]) -> bool:
    """Return whether a correction can be fitted to these drafts."""
    unchanged = sum(one.unchanged for one in drafts)
    return len(drafts) >= MIN_SAMPLES and min(unchanged, len(drafts) - unchanged) >= MIN_EACH


def fit(drafts: Sequence[ReviewedDraft]) -> Calibration:
    """Return the most probable correction (Newton's method with halved steps)."""
    rows = [
        ((1.0, logit(one.estimate), float(word_count(one.source) < SHORT)), float(one.unchanged))
        for one in drafts
    ]
    weights = list(_PRIOR)
    loss = _loss(weights, rows)
    for _ in range(_STEPS):
        step = _newton_step(weights, rows)
        while max(map(abs, step)) > _TOLERANCE:
            moved = [w + s for w, s in zip(weights, step, strict=True)]
            if (new := _loss(moved, rows)) < loss:
                weights, loss = moved, new
                break
            step = [s / 2 for s in step]
        else:
            break
    return Calibration(*weights)


_Row = tuple[tuple[float, float, float], float]


def _loss(weights: Sequence[float], rows: Sequence[_Row]) -> float:
    """Return the negative logarithm of the posterior density, up to a constant."""
    prior = zip(weights, _PRIOR, _DEVIATIONS, strict=True)
    loss = sum(((w - mean) / deviation) ** 2 / 2 for w, mean, deviation in prior)
    for known, label in rows:
        value = sum(w * x for w, x in zip(weights, known, strict=True))
        loss += log(1 + exp(-abs(value))) + max(value, 0.0) - label * value
    return loss


def _newton_step(weights: Sequence[float], rows: Sequence[_Row]) -> list[float]:
    gradient = [(p - w) / d**2 for w, p, d in zip(weights, _PRIOR, _DEVIATIONS, strict=True)]
    hessian = [[0.0] * 3 for _ in range(3)]
    for i, deviation in enumerate(_DEVIATIONS):
        hessian[i][i] = 1 / deviation**2
    for known, label in rows:
        probability = logistic(sum(w * x for w, x in zip(weights, known, strict=True)))
        for i in range(3):
            gradient[i] += (label - probability) * known[i]
            for j in range(3):
                hessian[i][j] += probability * (1 - probability) * known[i] * known[j]
    return _solve(hessian, gradient)


def _solve(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    """Return the solution of three linear equations, whose matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for i, pivot in enumerate(rows):
        for other in rows:
            if other is not pivot:
                factor = other[i] / pivot[i]
                other[:] = [a - factor * b for a, b in zip(other, pivot, strict=True)]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


def brier(drafts: Sequence[ReviewedDraft], calibration: Calibration) -> float:
    """Return the mean squared error of the corrected estimates (0 is perfect; Brier 1950)."""
    errors = (calibration.corrected(one.estimate, one.source) - one.unchanged for one in drafts)
    return sum(error**2 for error in errors) / len(drafts)
