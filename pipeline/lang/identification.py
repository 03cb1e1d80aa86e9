"""Language identification with langdetect, seeded, among plausible languages.

langdetect is right for 55-69 % of texts below 20 characters, 95 % of texts below 60, and
99.7 % of longer ones; its probability is no safeguard below 30. Therefore articles are
identified as a whole, and short texts are `unknown`.

`identify_other_language` returns what langdetect returns, at a fifth of its cost: the inner
loops use lists instead of indexes, the n-gram table is filled on demand, and trials stop once
the expected language is likely. Numbers and order of operations are the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.core import Article, BlockKind, base_language
from pipeline.lang.function_words import FUNCTION_WORDS

__all__ = ["GERMAN", "UNKNOWN"]

UNKNOWN = "unknown"
GERMAN = "de"

# Languages that news pages are scraped in. Afrikaans, Catalan, Somali and other rare ones
# are excluded: langdetect mistakes short texts in related languages for them.
_COMMON_CODES = """
    ar bg cs da de el en es fa fi fr he hr hu it ja ko nl no pl pt ro ru sk sl sv tr uk
    zh-cn zh-tw
"""
_COMMON = frozenset(_COMMON_CODES.split())
# A text with fewer letters is unknown; a short one needs a higher probability.
_MIN_LETTERS, _SHORT_TEXT_LETTERS = 20, 60
_MIN_PROBABILITY, _MIN_PROBABILITY_SHORT = 0.6, 0.9
# An article is sampled in chunks of characters, spread evenly over it.
_CHUNKS, _CHUNK_LENGTH = 8, 1000
# German articles have 0.37 to 0.43 German function words in a word, and a quarter as many of Dutch,
# the next language. At 0.3, three quarters of the text are German.
_MIN_FUNCTION_WORDS, _FUNCTION_WORD_SHARE, _FUNCTION_WORD_LEAD = 20, 0.3, 3
_WORD = re.compile(r"[^\W\d_]+")
_NOT_BODY = frozenset({BlockKind.BOILERPLATE, BlockKind.BYLINE, BlockKind.CAPTION})

_MAX_LENGTH = 2000
_LIKELY = 0.07
"""Probability of the expected language above which no other can exceed 0.93."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A language (ISO 639-1 code or `unknown`), its probability, and the letters read."""

    language: str
    probability: float
    letters: int


def identify_article(article: Article) -> Detection:
    """Identify the language of an article.

    Boilerplate, bylines and captions count only if there is nothing else. Function words decide
    clear cases, with probability 1; langdetect takes thirty times as long.
    """
    blocks = [b for b in article.blocks if b.kind not in _NOT_BODY] or list(article.blocks)
    text = " ".join(_sample(map(article.plain_text, blocks)))
    words = _WORD.findall(text)
    if _is_clearly_german([word.lower() for word in words]):
        return Detection(GERMAN, 1.0, sum(map(len, words)))
    return identify_language(text)


def _is_clearly_german(words: Sequence[str]) -> bool:
    """Return whether so many words are German function words that the article must be German."""
    counts = {
        code: sum(map(function_words.__contains__, words))
        for code, function_words in FUNCTION_WORDS.items()
    }
    german = counts.pop(GERMAN)
    least = max(_MIN_FUNCTION_WORDS, len(words) * _FUNCTION_WORD_SHARE)
    return german >= least and german >= _FUNCTION_WORD_LEAD * max(counts.values())


def is_german(article: Article) -> bool:
    """Return whether an article is German or too short to be identified."""
    return identify_article(article).language in (GERMAN, UNKNOWN)


def identify_language(text: str, candidates: Collection[str] = ()) -> Detection:
    """Identify the language of a text among candidates such as `en` or `pt_BR`.

    Without candidates, the common languages are tried. Pass two candidates or more: a single
    one is always the likeliest. A text is `unknown` if it has too few letters, only
    capitalized words, or no likely language.
    """
    codes = _langdetect_codes(candidates) if candidates else _COMMON
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if not codes or letters < _MIN_LETTERS or all(word[0].isupper() for word in words):
        return Detection(UNKNOWN, 0.0, letters)
    votes: dict[str, float] = defaultdict(float)
    starts = range(0, len(text), _CHUNK_LENGTH)
    chunks = [text[i : i + _CHUNK_LENGTH] for i in starts][: 2 * _CHUNKS]
    total = sum(map(len, chunks))
    for chunk in chunks:
        for language, probability in _probabilities(chunk, codes):
            votes[language] += probability * len(chunk) / total
    if not votes:
        return Detection(UNKNOWN, 0.0, letters)
    language, probability = min(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    short = letters < _SHORT_TEXT_LETTERS
    if probability < (_MIN_PROBABILITY_SHORT if short else _MIN_PROBABILITY):
        return Detection(UNKNOWN, probability, letters)
    return Detection(language, probability, letters)


def identify_other_language(text: str, expected: str) -> tuple[str, float]:
    """Return the language and its probability if it is not the expected one.

    Returns `("", 0.0)` if the text is in the expected language, in none, or if no other
    language has a probability above 0.93.
    """
    from langdetect.lang_detect_exception import LangDetectException

    detector = _early_stopping_detector()(_all_profiles())
    detector.expect(expected)
    detector.append(text[:_MAX_LENGTH])
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, _ExpectedLanguageError):
        return "", 0.0
    language = base_language(best.lang)
    return ("", 0.0) if language == expected else (language, best.prob)


def _sample(texts: Iterable[str]) -> list[str]:
    """Return all of a short article, or chunks spread evenly over a long one."""
    whole = [text[: _CHUNKS * _CHUNK_LENGTH] for text in texts]
    total = sum(map(len, whole))
    if total <= _CHUNKS * _CHUNK_LENGTH:
        return whole
    joined = " ".join(whole)
    step = len(joined) // _CHUNKS
    return [joined[i * step : i * step + _CHUNK_LENGTH - 1] for i in range(_CHUNKS)]


def _langdetect_codes(candidates: Collection[str]) -> frozenset[str]:
    """Map candidates to the profiles of langdetect; drop those that have none."""
    codes: set[str] = set()
    for candidate in candidates:
        base = base_language(candidate)
        base = {"nb": "no", "nn": "no", "iw": "he"}.get(base, base)
        codes.update(("zh-cn", "zh-tw") if base == "zh" else (base,))
    return frozenset(codes & _profile_paths().keys())


def _probabilities(text: str, codes: frozenset[str]) -> list[tuple[str, float]]:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory(codes).create()
    detector.set_prior_map(dict.fromkeys(codes, 1.0))
    detector.append(text)
    try:
        candidates = detector.get_probabilities()
    except LangDetectException:
        # The text has no n-gram of any language: digits, emoji.
        return []
    return [(base_language(candidate.lang), candidate.prob) for candidate in candidates]


@lru_cache(maxsize=32)
def _factory(codes: frozenset[str]) -> Any:
    """Return a seeded factory of detectors for some languages.

    langdetect's module-level factory is shared by all threads, loads every language, and
    uses an unseeded generator.
    """
    from langdetect.detector_factory import DetectorFactory

    # langdetect requires two profiles or more; the prior excludes the second one.
    names = sorted(codes if len(codes) > 1 else codes | {"de", "en"})
    factory = DetectorFactory()
    factory.set_seed(0)
    paths = _profile_paths()
    factory.load_json_profile([paths[name].read_text(encoding="utf-8") for name in names])
    return factory


@lru_cache(maxsize=1)
def _profile_paths() -> dict[str, Path]:
    from langdetect.detector_factory import PROFILES_DIRECTORY

    return {path.name: path for path in Path(PROFILES_DIRECTORY).iterdir() if path.is_file()}


class _ExpectedLanguageError(Exception):
    """The expected language is likely enough to stop."""


class _NgramTable(dict[str, list[float]]):
    """Probability of each n-gram in every language, computed on first use."""

    def __init__(self) -> None:
        super().__init__()
        self._profiles: list[tuple[dict[str, int], list[int]]] = []
        self._all: set[str] = set()

    def add(self, counts: dict[str, int], totals: list[int]) -> None:
        """Add a language: the count of each n-gram, and the totals by length."""
        self._profiles.append((counts, totals))
        self._all.update(counts)

    def __contains__(self, ngram: object) -> bool:
        return ngram in self._all

    def __missing__(self, ngram: str) -> list[float]:
        index = len(ngram) - 1
        row = [
            counts[ngram] / totals[index] if ngram in counts else 0.0
            for counts, totals in self._profiles
        ]
        self[ngram] = row
        return row


# Both classes below extend langdetect's; they are defined on first use, because importing this
# module must not load langdetect.
@lru_cache(maxsize=1)
def _early_stopping_detector() -> Any:
    from langdetect.detector import Detector

    class EarlyStoppingDetector(Detector):  # type: ignore[misc]
        def expect(self, language: str) -> None:
            self._expected = [
                i for i, code in enumerate(self.langlist) if base_language(code) == language
            ]

        def _init_probability(self) -> list[float]:
            # Starts one of seven trials; each adds a seventh of its result to `langprob`.
            if any(self.langprob[i] > _LIKELY for i in self._expected):
                raise _ExpectedLanguageError
            initial: list[float] = super()._init_probability()
            return initial

        def _update_lang_prob(self, prob: list[float], word: str, alpha: float) -> bool:
            weight = alpha / self.BASE_FREQ
            row = self.word_lang_prob_map[word]
            prob[:] = [p * (weight + q) for p, q in zip(prob, row, strict=True)]
            return True

        def _normalize_prob(self, prob: list[float]) -> float:
            total = sum(prob)
            prob[:] = [p / total for p in prob]
            return max(prob)

    return EarlyStoppingDetector


@lru_cache(maxsize=1)
def _all_profiles() -> Any:
    """Load the profiles of all languages, in the order in which langdetect loads them."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    class LazyTableFactory(DetectorFactory):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.word_lang_prob_map = _NgramTable()

        def add_profile(self, profile: Any, index: int, langsize: int) -> None:
            self.langlist.append(profile.name)
            self.word_lang_prob_map.add(profile.freq, profile.n_words)

    factory = LazyTableFactory()
    factory.set_seed(0)
    factory.load_profile(PROFILES_DIRECTORY)
    return factory
