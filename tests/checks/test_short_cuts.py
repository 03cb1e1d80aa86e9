"""Short cuts of checks change nothing about what they find."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.checks import Context, length, numbers

FIGURES = (
    "3 7 12 20 2019 3,5 3.5 7.000 7,000 7\u00a0000 1.7. 1.7.2019 2:30 14.30 1,234.5 1.234,5"
    " 3\u2009mio"
)
WORDS = "Millionen Mio. mio Milliarden million millions billion bn Uhr pm Tage days <b>5</b> km – %"
TEXTS = st.lists(st.sampled_from(f"{FIGURES} {WORDS}".split(" ")), max_size=7).map(" ".join)
LANGUAGES = st.sampled_from(["en", "fr", "es", "es_MX", "pt"])


def both(
    monkeypatch: pytest.MonkeyPatch, check: ModuleType, name: str, way: object, *texts: str
) -> tuple[list[object], list[object]]:
    """What a check finds, and what it finds without its short cut."""
    source, target, language = texts
    context = Context(language)
    usual = list(check.find(source, target, context))
    with monkeypatch.context() as patch:
        patch.setattr(check, name, way)
        return usual, list(check.find(source, target, context))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(source=TEXTS, target=TEXTS, language=LANGUAGES)
def test_numbers(monkeypatch: pytest.MonkeyPatch, source: str, target: str, language: str) -> None:
    """Where the same numbers stand in the same order, the long way finds nothing either."""
    way = lambda *_: False  # noqa: E731
    usual, without = both(monkeypatch, numbers, "_plainly_same", way, source, target, language)
    assert usual == without


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.integers(1, 600), share=st.floats(0, 4), language=LANGUAGES)
def test_length(monkeypatch: pytest.MonkeyPatch, before: int, share: float, language: str) -> None:
    """A usual length is one that the long way has nothing against."""
    source, target = "Wort. Ja " * 70, "Word. Yes " * 250
    texts = source[:before], target[: int(before * share)], language
    usual, without = both(monkeypatch, length, "_usual", lambda *_: (0, 0), *texts)
    assert usual == without
