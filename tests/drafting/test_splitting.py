"""Texts that an engine cannot take as a whole are translated in parts, where that is safe."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.drafting.splitting import MIN_WORDS, split_text, translate
from pipeline.engines.base import EngineInfo, Signals, TranslationRequest, TranslationResult

SENTENCE = "Der Rat beschloss am Montag den Bau"


class Short:
    """An engine that takes texts up to a number of words, and marks what it translates."""

    def __init__(self, words: int, *, cut: bool = False, splittable: bool = True) -> None:
        self.words, self.cut, self.splittable = words, cut, splittable
        self.asked: list[str] = []

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        for request in requests:
            self.asked.append(request.text)
            if len(request.text.split()) <= self.words:
                signals = Signals(-0.1 * len(self.asked), boosted=-0.2)
                yield TranslationResult(request.text.upper(), confidence=0.9, signals=signals)
            elif self.cut:
                yield TranslationResult(request.text[:10], complete=False)
            else:
                yield TranslationResult(
                    "", rejection_reason="Too long.", retry_in_parts=self.splittable
                )

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("short", "none", "0", "1")

    def close(self) -> None:
        pass


def result(engine: Short, text: str, *terms: tuple[str, str]) -> TranslationResult:
    (found,) = translate(engine, [TranslationRequest(text, terms)], "en")
    return found


@pytest.mark.parametrize("cut", [True, False], ids=["cut off", "rejected"])
@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"{SENTENCE}. {SENTENCE}.", 2),
        (f"{SENTENCE}. {SENTENCE}. {SENTENCE}. {SENTENCE}.", 4),
        (f"{SENTENCE}; {SENTENCE}.", 2),
        (f"{SENTENCE}: {SENTENCE}.", 2),
        (f"{SENTENCE} – {SENTENCE}.", 2),
        (f"{SENTENCE}, und {SENTENCE}.", 2),
        (f"{SENTENCE}, weil {SENTENCE}, obwohl {SENTENCE}.", 3),
    ],
)
def test_long_texts_are_translated_in_parts(text: str, count: int, cut: bool) -> None:
    """The parts are those of the text, with the white space between them."""
    engine = Short(8, cut=cut)
    found = result(engine, text)
    assert (found.text, found.rejection_reason, found.complete) == (text.upper(), "", True)
    assert found.confidence == 0.9
    # Of two parts, the one that the engine knows less well; of what one has not, nothing.
    assert found.signals == Signals(-0.1 * len(engine.asked), boosted=-0.2)
    assert sum(len(asked.split()) <= 8 for asked in engine.asked) == count


@pytest.mark.parametrize(
    "text",
    [
        "Der Gipfel " * 30 + ".",
        f"„{SENTENCE}, und {SENTENCE}.“",
        f"Er ({SENTENCE}; {SENTENCE}) kam.",
        f"<b>{SENTENCE}, und {SENTENCE}</b>.",
        f"Er **kam, und {SENTENCE}, und {SENTENCE}** dann.",
        f'Er sagte: "{SENTENCE}, aber {SENTENCE}"',
        f"Ja, und {SENTENCE} {SENTENCE}.",
    ],
)
def test_no_text_is_split_where_its_sense_would_suffer(text: str) -> None:
    """Quotations, brackets and markup stay whole; the text keeps its rejection."""
    found = result(Short(8), text)
    assert (found.text, found.rejection_reason) == ("", "Too long.")


def test_a_refusal_is_final() -> None:
    """What a server refuses because of its content is not smuggled in in parts."""
    engine = Short(8, splittable=False)
    assert result(engine, f"{SENTENCE}. {SENTENCE}.").rejection_reason == "Too long."
    assert len(engine.asked) == 1


def test_terms_stay_in_one_part() -> None:
    """A term that a place to split would break makes that place unsafe."""
    text = "Gestern sprach der Rat für Bildung, und Forschung lobte er sehr deutlich."
    parts = split_text(TranslationRequest(text, (("Rat", "council"),)))
    assert [part.terms for part in parts] == [(("Rat", "council"),), ()]
    assert not split_text(TranslationRequest(text, (("Bildung, und Forschung", "x"),)))


def test_one_long_text_does_not_disturb_the_order() -> None:
    """Each request has its own result."""
    texts = ["Erster.", f"{SENTENCE}. {SENTENCE}.", "Dritter.", "a " * 20, "Fünfter."]
    found = list(translate(Short(8), [TranslationRequest(text) for text in texts], "en"))
    assert [one.text for one in found] == [
        *(text.upper() for text in texts[:3]),
        "",
        "FÜNFTER.",
    ]


@given(
    st.text('ab .,;:–()„“"<>', max_size=80)
    | st.lists(
        st.sampled_from([SENTENCE, ", und ", "; ", ". ", " – ", "(", ")", "„", "“", '"', "\n"])
    ).map("".join)
)
def test_parts_are_the_text(text: str) -> None:
    """Two parts, white space apart, with enough words each; or none."""
    parts = split_text(TranslationRequest(text))
    assert len(parts) in (0, 2)
    if parts:
        assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())
        assert all(len(part.text.split()) >= MIN_WORDS for part in parts)
