"""Text helpers: word differences, suggestions, shortening, lines."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.text import one_line, shorten, split_lines, suggest, trim_span, word_diff


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Er kam.", "Er kam.", "Er kam."),
        ("Er kam am 12. Mai.", "Er kam am 14. Mai.", "Er kam am [-12.-]{+14.+} Mai."),
        ("Er kam spät.", "Er kam.", "Er [-kam spät.-]{+kam.+}"),
        ("Er kam.", "Auch er kam.", "[-Er-]{+Auch er+} kam."),
        ("Er kam heute an.", "Er kam an.", "Er kam [-heute-] an."),
        ("Er kam an.", "Er kam heute an.", "Er kam {+heute+} an."),
        ("Eins.", "Zwei.", "[-Eins.-]{+Zwei.+}"),
    ],
)
def test_what_changed(old: str, new: str, shown: str) -> None:
    """Removed and added words are marked."""
    assert word_diff(old, new) == shown


TEXTS = st.lists(st.sampled_from("abcde"), max_size=8).map(" ".join)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(old: str, new: str) -> None:
    """Without added words it is the old text, without removed words the new one."""
    shown = word_diff(old, new)
    without_new = re.sub(r"\{\+.*?\+\}", "", shown).replace("[-", " ").replace("-]", " ")
    without_old = re.sub(r"\[-.*?-\]", "", shown).replace("{+", " ").replace("+}", " ")
    assert (without_new.split(), without_old.split()) == (old.split(), new.split())


def test_a_hint_names_the_similar_option_or_all() -> None:
    assert suggest("enginge", ["engine", "model"]) == "Did you mean 'engine'?"
    assert suggest("xyz", ["engine", "model"], "Settings") == "Settings: engine, model."


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_shortened_text_fits_on_a_line(text: str, length: int) -> None:
    short = shorten(text, length)
    assert len(short) <= length
    assert "\n" not in short
    assert short == one_line(text) or short.endswith("…")


@given(st.text(alphabet=" \t\n\r\x0b\u200b\ufeffab\u2028"))
def test_lines_are_trimmed_and_in_order(text: str) -> None:
    at = 0
    for start, end in split_lines(text):
        assert at <= start < end
        assert trim_span(text, start, end) == (start, end)
        assert len(text[start:end].splitlines()) == 1
        at = end
    assert sum(map(len, (text[a:b] for a, b in split_lines(text)))) >= text.count("a")
