"""The detector of languages answers as langdetect itself."""

from __future__ import annotations

import pytest
from langdetect import DetectorFactory, detect_langs
from langdetect.lang_detect_exception import LangDetectException

from pipeline.lang.detector import foreign
from tests.checks.rules.test_language import TEXTS

OTHERS = [
    "Wayde Sims shooting: Police arrest suspect Dyteon Simpson in the death of a player (12345)",
    "Las Vegas, Salt Lake City",
    "Это предложение написано по-русски, а это – English words in it.",
    "東京は日本の首都です。",
    "der Rat " * 600,
    "12345 67",
    "",
]


@pytest.mark.parametrize("language", ["en", "de", "fr", "zh", "no", "xx"])
@pytest.mark.parametrize("text", [*TEXTS.values(), *OTHERS])
def test_it_answers_as_langdetect(text: str, language: str) -> None:
    """The same language, and the same probability to the last digit, if it is sure."""
    DetectorFactory.seed = 0
    try:
        best = detect_langs(text[:2000])[0]
    except LangDetectException:
        assert foreign(text, language) == ("", 0.0)
        return
    found = best.lang.split("-")[0]
    if found == language:
        assert foreign(text, language) == ("", 0.0)
    else:
        # It may end before it is known how unsure it is.
        allowed = {(found, best.prob), ("", 0.0) if best.prob < 0.93 else (found, best.prob)}
        assert foreign(text, language) in allowed
