"""`translate models calibrate`: from a small history of reviews to the next drafts."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.core.types import Provenance
from tests.conftest import Translate

SENTENCES = [f"Am {n}. Tag kam das Schiff nicht in den Hafen zurück." for n in range(1, 61)]


def review(folder: Path, count: int, edited: int, confidence: int = 90) -> None:
    """Write drafts into the English catalog, and approve them; `edited` of them are changed."""
    path = folder / "locales" / "en" / "LC_MESSAGES" / "neue-bruecke.po"
    path = next(folder.rglob("en/LC_MESSAGES/*.po"), path)
    texts = SENTENCES[:count]
    catalog.sync(path, "en", [Message(text) for text in texts], project="test")
    origin = Provenance("argos", "de-en 1.9", "", "", confidence)
    catalog.write_drafts(path, {t: Draft(f"Draft {n}.", origin) for n, t in enumerate(texts)})
    text = path.read_text(encoding="utf-8").replace("#, fuzzy\n", "")
    for number in range(edited):
        text = text.replace(f'"Draft {number}."', f'"A translation, {number}."')
    path.write_text(text, encoding="utf-8")


def test_too_few_reviews_are_said_to_be_too_few(folder: Path, translate: Translate) -> None:
    assert translate("extract").returncode == 0
    nothing = translate("models", "calibrate")
    assert (nothing.returncode, nothing.stderr) == (0, "")
    assert nothing.stdout == "No reviewed drafts with a confidence yet.\n"
    review(folder, 20, 12)
    done = translate("models", "calibrate")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "argos: 20 reviewed drafts, 8 approved unchanged: too few for a correction (at least 50 are"
        " needed, 10 of them unchanged and as many edited)"
    ]
    assert not (folder / ".translate").exists()


def test_drafts_that_reviewers_change_become_less_certain(
    folder: Path, translate: Translate
) -> None:
    """Drafts with 90 % of which two thirds were edited: the correction is stored and named."""
    assert translate("extract").returncode == 0
    review(folder, 60, 40)
    done = translate("models", "calibrate")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("argos: 60 reviewed drafts, 20 approved unchanged: correction stored")
    assert second == "To apply it, set learn = true under [confidence] in translate.toml."
    with (folder / "translate.toml").open("a", encoding="utf-8") as file:
        file.write("\n[confidence]\nlearn = true\n")
    (row,) = json.loads(translate("models", "calibrate", "--json").stdout)
    assert row["corrected_error"] < row["error"]
    stored = json.loads((folder / ".translate" / "confidence.json").read_text(encoding="utf-8"))
    assert stored["argos"] == row["calibration"]
    assert stored["argos"]["intercept"] < 0


def test_good_confidences_stay_as_they_are(folder: Path, translate: Translate) -> None:
    """Of drafts with 67 %, two thirds were approved unchanged."""
    assert translate("extract").returncode == 0
    review(folder, 60, 20, confidence=67)
    done = translate("models", "calibrate")
    assert "a correction would not improve the confidence" in done.stdout
    assert not (folder / ".translate").exists()


def test_a_wrong_setting_is_named(folder: Path, translate: Translate) -> None:
    with (folder / "translate.toml").open("a", encoding="utf-8") as file:
        file.write('\n[confidence]\nlearn = "yes"\n')
    done = translate("models", "calibrate")
    assert done.returncode == 3
    assert "Write learn = true under [confidence]." in done.stderr
