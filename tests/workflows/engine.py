"""A deterministic engine for tests of catalogs' lives; it also stands in for what goes wrong.

It is put into the table of engines by the tests that use it, and speaks the engines' own
contract. `Script` says when it fails, and what happens while it works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.errors import EngineError
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult

WORDS = {
    "haus": "house", "brücke": "bridge", "fluss": "river", "stadt": "town", "rat": "council",
    "plan": "plan", "jahr": "year", "straße": "street", "schule": "school", "bürger": "citizen",
    "garten": "garden", "bahnhof": "station", "markt": "market", "wald": "forest",
    "und": "and", "neben": "beside", "über": "above", "unter": "under", "hinter": "behind",
    "baut": "builds", "sieht": "sees", "kennt": "knows", "sucht": "seeks", "findet": "finds",
    "alt": "old", "neu": "new", "groß": "large", "klein": "small", "schnell": "fast",
}  # fmt: skip


@dataclass
class Script:
    """What the engine does: it fails after `answers`, and calls `meanwhile` once before one."""

    answers: int = 10**9
    meanwhile: Callable[[], None] | None = None
    drawn: int = 0


script = Script()


class WordForWord:
    """Translates word for word, with the terms that are asked for."""

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("double", "words", "0", "1")

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        for request in requests:
            if script.answers <= 0:
                raise EngineError("the engine broke", "Begin anew.")
            script.answers -= 1
            script.drawn += 1
            if script.meanwhile:
                script.meanwhile()
                script.meanwhile = None
            yield TranslationResult(translation(request.text, dict(request.terms), script.drawn))

    def close(self) -> None:
        pass


def translation(text: str, terms: dict[str, str], number: int) -> str:
    """The words of a text in English; a number tells one draft of it from the next."""
    words = text.rstrip(".").split()
    made = [terms.get(word) or WORDS.get(word.casefold(), word) for word in words]
    name = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    sentence = " ".join([*made, f"draft{name}"])
    return f"{sentence[:1].upper()}{sentence[1:]}."


def open_engine(setup: EngineConfig) -> WordForWord:
    return WordForWord()
