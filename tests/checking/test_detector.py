"""The detector of languages answers as langdetect itself."""

from __future__ import annotations

import pytest
from langdetect import DetectorFactory, detect_langs
from langdetect.lang_detect_exception import LangDetectException

from pipeline.checking.detector import detect
from tests.checks.test_language import TEXTS

OTHERS = [
    "Wayde Sims shooting: Police arrest suspect Dyteon Simpson in the death of a player (12345)",
    "Las Vegas, Salt Lake City",
    "Это предложение написано по-русски, а это – English words in it.",
    "東京は日本の首都です。",
    "der Rat " * 600,
    "12345 67",
    "",
]


@pytest.mark.parametrize("text", [*TEXTS.values(), *OTHERS])
def test_it_answers_as_langdetect(text: str) -> None:
    """The same language, and the same probability to the last digit."""
    DetectorFactory.seed = 0
    try:
        best = detect_langs(text[:2000])[0]
    except LangDetectException:
        assert detect(text) == ("", 0.0)
    else:
        assert detect(text) == (best.lang.split("-")[0], best.prob)
