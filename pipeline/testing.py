"""Contract tests for the authors of engines, checks, formats and quality estimators.

Subclass a contract in a test module, define what it requires, and run pytest:

    class TestMyEngine(EngineContract):
        def open(self):
            return open_engine(Setup())
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from pipeline.articles import (
    MarkupFormat,
    RenderSite,
    decode_article,
    find_markup_format,
    render_article,
    segment_article,
    splice,
)
from pipeline.checks import Check, Context, Problem
from pipeline.core import Article, Segment
from pipeline.drafting import EstimationRequest, QualityEstimator
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


class EstimatorContract:
    """The contract of quality estimators; define `open`.

    `language` is a target language of the estimator.
    """

    language = "en"

    def open(self) -> QualityEstimator:
        """Open the estimator as `translate run` does."""
        raise AssertionError("define the method `open`")

    def test_every_draft_has_its_estimate(self) -> None:
        """Each is a probability or None, the same in another order and company."""
        pairs = (("Der Zug hat Verspätung.", "The train is late."), ("Gut.", "Good."), ("1", "1"))
        requests = [EstimationRequest(source, target) for source, target in pairs]
        estimator = self.open()
        found = list(estimator.estimate(requests, self.language))
        assert len(found) == len(requests)
        assert all(value is None or 0 <= value <= 1 for value in found)
        assert list(estimator.estimate(requests[::-1], self.language)) == found[::-1]

    def test_no_text_breaks_it(self) -> None:
        """Unusual texts raise no exception; no drafts have no estimates."""
        estimator = self.open()
        assert list(estimator.estimate([], self.language)) == []
        requests = [EstimationRequest(one, other) for one in ODD_TEXTS for other in ODD_TEXTS]
        assert len(list(estimator.estimate(requests, self.language))) == len(requests)


class FormatContract:
    """The contract of article formats; define `suffix` and a few texts as `samples`.

    The samples should contain all that the format knows.
    """

    suffix: ClassVar[str]
    samples: ClassVar[Sequence[str]]

    def test_blocks_are_spans_of_the_text_in_order(self) -> None:
        """Blocks have no white space at the ends, have the right line, and do not overlap.

        A block may be inside a markup token of another one.
        """
        for text in (*self.samples, *ODD_TEXTS):
            tokens: set[range] = set()
            at = 0
            for block in self._read(text).blocks:
                assert block.start < block.end <= len(text)
                inside = any(block.start in token for token in tokens)
                assert inside or at <= block.start
                part = text[block.start : block.end]
                assert part == part.strip(), "white space must be outside of blocks"
                assert block.line == text.count("\n", 0, block.start) + 1
                at = max(at, block.end)
                tokens |= {range(one.start, one.end) for one in block.fragments if one.markup}

    def test_samples_have_blocks(self) -> None:
        """Each sample has at least one block."""
        for text in self.samples:
            assert self._read(text).blocks

    def test_untouched_samples_keep_their_characters(self) -> None:
        """Without translations, and with those equal to the source, nothing changes."""
        for text in self._variants():
            self.check_untouched(text)

    def test_samples_keep_their_structure(self) -> None:
        """A word in every segment is accepted, and leaves the structure as it is."""
        for text in self._variants():
            self.check_inserted_word(text)

    def check_untouched(self, text: str) -> None:
        """Check that rendering a text without changes returns it."""
        article = self._read(text)
        segments = segment_article(article)
        assert render_article(article, []).text == text
        assert render_article(article, [(one, one.text) for one in segments]).text == text
        if find_markup_format(self.suffix):
            assert encode_all(article) == text

    def check_inserted_word(self, text: str) -> None:
        """Check that a text with a word in every segment has the same structure."""
        article = self._read(text)
        form = find_markup_format(self.suffix)
        changed = [(one, insert_word(one, form)) for one in segment_article(article)]
        rendered = render_article(article, changed)
        assert not rendered.rejected
        again = self._read(rendered.text)
        assert len(again.blocks) == len(article.blocks)
        if form is not None:
            assert [b.kind for b in again.blocks] == [b.kind for b in article.blocks]
            assert form.structure(rendered.text) == form.structure(text)
        assert rendered.text.count(WORD) == text.count(WORD) + len(changed)

    def _variants(self) -> Iterator[str]:
        for text in self.samples:
            yield text
            if "\r" not in text:
                yield text.replace("\n", "\r\n")

    def _read(self, text: str) -> Article:
        return decode_article(Path(f"article{self.suffix}"), text.encode(), "utf-8")


WORD = "Zusatz"
"""The word that `insert_word` inserts."""


def insert_word(segment: Segment, form: MarkupFormat | None) -> str:
    """Return the text of a segment with a word after its first one outside of markup."""
    text = segment.text
    tokens = form.tokenize(text) if form else ()
    for at, character in enumerate(text):
        if character == " " and not any(token.start <= at < token.end for token in tokens):
            return f"{text[:at]} {WORD}{text[at:]}"
    return f"{text} {WORD}"


def encode_all(article: Article) -> str:
    """Render all segments unchanged, each through the encoder of the format."""
    form = find_markup_format(article.path.suffix)
    assert form is not None
    spans: dict[tuple[int, int], str] = {}
    for segment in segment_article(article):
        if any(start <= segment.start and segment.end <= end for start, end in spans):
            continue
        before = article.text[: segment.start]
        line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
        site = RenderSite(line, lambda one: article.text[one.start : one.end])
        spans[segment.start, segment.end] = form.encode(segment, segment.text, site)
    return splice(article.text, spans)
