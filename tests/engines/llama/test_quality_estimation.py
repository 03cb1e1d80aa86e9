"""How sure a language model's draft is, by what is known of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.llama.quality_estimation import estimate_quality

SHORT = "Der Rat vertagte sich."
LONG = f"{SHORT[:-1]}, weil die Vorlage fehlte, die er am Montag hätte beraten sollen."


@pytest.mark.parametrize("coverage", [0.8, None])
def test_what_makes_a_draft_less_sure(coverage: float | None) -> None:
    """A longer text, rarer words, and a translation that the model finds less likely."""
    sure = estimate_quality(SHORT, -0.1, coverage)
    assert sure > estimate_quality(LONG, -0.1, coverage)
    assert sure > estimate_quality("Der Zwickel verwitterte sich.", -0.1, coverage)
    assert sure > estimate_quality(SHORT, -0.4, coverage)


def test_words_that_the_dictionary_has_otherwise() -> None:
    """Count against a draft too."""
    assert estimate_quality(SHORT, -0.1, 1.0) > estimate_quality(SHORT, -0.1, 0.2)


@given(st.text(max_size=300), st.floats(-50, 0), st.none() | st.floats(0, 1))
def test_it_is_a_probability(text: str, likelihood: float, coverage: float | None) -> None:
    """Whatever the text is, and however unlikely the translation."""
    assert 0 < estimate_quality(text, likelihood, coverage) < 1
