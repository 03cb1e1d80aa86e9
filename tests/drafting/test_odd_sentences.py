"""Sentences that models cannot take as a whole, with each kind of small model: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from pipeline.drafting import TextRequest
from pipeline.models import argos
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.translate_text import TextOptions, TextResult, open_text_session
from tests.models.argos import DE_EN
from tests.models.firefox import installed

CLAUSE = "der Präsident hat das Abkommen in Wien kritisiert"
WORDS = 600


@pytest.fixture(scope="module", params=["firefox", "argos"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of an engine whose model is installed."""
    with installed(tmp_path_factory.mktemp("models"), "de-en"):
        argos.install_file(str(DE_EN))
        yield str(request.param)


def translated(engine: str, text: str) -> TextResult:
    with closing(open_text_session(None, TextOptions("en", engine=engine), SilentEvents())) as it:
        (result,) = it.translate([TextRequest(text)])
    return result


@pytest.mark.parametrize(
    "text",
    [
        " ".join([CLAUSE] * (WORDS // 8)) + ".",
        " und ".join([CLAUSE] * (WORDS // 9)) + ".",
        ", ".join([CLAUSE] * (WORDS // 8)) + ".",
        "; ".join([CLAUSE] * (WORDS // 8)) + ".",
        CLAUSE.replace(" ", "") * 20 + ".",
    ],
    ids=["no punctuation", "and", "commas", "semicolons", "no spaces"],
)
def test_a_long_sentence_is_complete_or_rejected_by_name(engine: str, text: str) -> None:
    """Every clause has its translation, or there is none and the reason is told."""
    result = translated(engine, text)
    if result.translation is None:
        assert result.reason
        assert "piece" in result.reason or "part" in result.reason or "position" in result.reason
    else:
        clauses = text.count("Abkommen")
        assert result.translation.count("agreement") == clauses
        assert len(result.translation) > 0.5 * len(text)


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_a_blank_text_stays_blank(engine: str, text: str) -> None:
    """The runtimes would invent a sentence."""
    assert translated(engine, text).translation == text


@pytest.mark.parametrize("mark", ["\u200f", "\u202b", "\u2067", "👍", "👩‍👩‍👧‍👦"])
def test_marks_and_emoji_cost_no_word(engine: str, mark: str) -> None:
    """Beside a mark, the sentence is translated as without it; or a finding says otherwise."""
    text = CLAUSE[0].upper() + CLAUSE[1:]
    result = translated(engine, f"{text} {mark}.")
    assert result.translation is None or result.findings or "agreement" in result.translation
