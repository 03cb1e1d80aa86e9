"""Contract tests for the authors of engines, checks and formats.

Subclass a contract in a test module, define what it requires, and run pytest:

    class TestMyEngine(EngineContract):
        def open(self):
            return open_engine(Setup())
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.checks import Check, Context, Problem
from pipeline.core import Block
from pipeline.engines import Engine, TranslationRequest, TranslationResult
from pipeline.glossary import TermMatcher

ODD_TEXTS = (
    "",
    " ",
    "\n",
    "\u00a0",
    "%",
    "{0}",
    "<a",
    "„",
    "1.",
    "https://",
    "é" * 500,
    "中",
    "\ufeff",
)


class EngineContract:
    """The contract of engines; define `open`.

    `language` is a target language of the engine. Each of `texts` has a number that its
    translation keeps, which reveals results in the wrong order.
    """

    language = "en"
    texts: tuple[tuple[str, str], ...] = (
        ("Der Zug hat 17 Minuten Verspätung.", "17"),
        ("Am Dienstag kamen 240 Gäste.", "240"),
        ("Die Brücke ist 95 Meter lang.", "95"),
    )

    def open(self) -> Engine:
        """Open the engine as `translate run` does."""
        raise AssertionError("define the method `open`")

    def test_every_request_has_its_answer_in_order(self) -> None:
        """Each request has a result in its place, neither empty nor an echo."""
        answers = self._translate([TranslationRequest(text) for text, _ in self.texts])
        assert len(answers) == len(self.texts)
        for (text, figure), answer in zip(self.texts, answers, strict=True):
            assert answer.complete
            assert not answer.rejection_reason
            assert answer.text.strip()
            assert answer.text != text, "the text is returned untranslated"
            assert figure in answer.text, "the result is in the wrong place, or lost a number"
            assert answer.confidence is None or 0 <= answer.confidence <= 1

    def test_nothing_asked_nothing_answered(self) -> None:
        """An empty batch has no results and is not an error."""
        assert self._translate([]) == []

    def test_terms_and_earlier_answers_are_taken(self) -> None:
        """A request with all optional fields has one result."""
        (text, _), *_ = self.texts
        request = TranslationRequest(
            text, (("Zug", "train"),), "An earlier answer.", ("'train' is missing.",)
        )
        assert len(self._translate([request])) == 1

    def test_a_reader_may_stop(self) -> None:
        """The engine still works after a caller read only the first result."""
        engine = self.open()
        try:
            requests = [TranslationRequest(text) for text, _ in self.texts]
            next(iter(engine.translate(requests, self.language)))
            assert len(list(engine.translate(requests, self.language))) == len(requests)
        finally:
            engine.close()

    def test_it_says_who_it_is(self) -> None:
        """The name, which catalogs store, is the same before and after translating."""
        engine = self.open()
        try:
            before = engine.identity(self.language)
            list(engine.translate([TranslationRequest(self.texts[0][0])], self.language))
            after = engine.identity(self.language)
        finally:
            engine.close()
        assert before.engine
        assert (before.engine, before.host) == (after.engine, after.host)
        for part in (after.engine, after.model, after.host):
            assert part.isprintable()

    def _translate(self, requests: Sequence[TranslationRequest]) -> list[TranslationResult]:
        engine = self.open()
        try:
            return list(engine.translate(requests, self.language))
        finally:
            engine.close()


class CheckContract:
    """The contract of checks of two texts; define `check`.

    `matcher` is the glossary for a check that needs one.
    """

    check: Check
    matcher: TermMatcher | None = None

    def test_its_examples_hold(self) -> None:
        """Each wrong example has a finding and each right one has none."""
        assert self.check.wrong
        assert self.check.right
        for language, source, target in self.check.wrong:
            assert self._problems(language, source, target), target
        for language, source, target in self.check.right:
            assert not self._problems(language, source, target), target

    def test_it_explains_itself(self) -> None:
        """Summary, reason and fix are sentences; the id is in lower case with hyphens."""
        for text in (self.check.summary, self.check.why, self.check.fix):
            assert text[:1].isupper()
            assert text.endswith((".", ")"))
        for name in (self.check.id, *self.check.aliases):
            assert name == name.lower().replace("_", "-").replace(" ", "-")

    def test_no_text_breaks_it(self) -> None:
        """Unusual texts raise no exception and have the same findings twice."""
        for source in ODD_TEXTS:
            for target in ODD_TEXTS:
                found = self._problems("en", source, target)
                assert found == self._problems("en", source, target)

    def _problems(self, language: str, source: str, target: str) -> list[Problem]:
        return list(self.check.problems(source, target, Context(language, matcher=self.matcher)))


class FormatContract:
    """The contract of article formats; define `suffix` and a few texts as `samples`."""

    suffix: str
    samples: tuple[str, ...]

    def test_blocks_are_spans_of_the_text_in_order(self) -> None:
        """Blocks do not overlap, have no white space at the ends, and have the right line."""
        for text in (*self.samples, *ODD_TEXTS):
            at = 0
            for block in self._parse(text):
                assert at <= block.start < block.end <= len(text)
                part = text[block.start : block.end]
                assert part == part.strip(), "white space must be outside of blocks"
                assert block.line == text.count("\n", 0, block.start) + 1
                at = block.end

    def test_samples_have_blocks(self) -> None:
        """Each sample has at least one block."""
        for text in self.samples:
            assert self._parse(text)

    def _parse(self, text: str) -> tuple[Block, ...]:
        from pipeline.articles import parse

        return parse(text, self.suffix)
