"""Rank the meanings of a dictionary entry by their likelihood in news.

The weights are heuristics, tuned on news (docs/quality.md). A meaning has more weight if

- the word comes first in its line, without a label of a rare register or special field,
- the words of the meaning are common in their language,
- they cooccur with the German word in many lines, including examples and compounds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.lang.lemmatizer import lemmatize

_BRACES = re.compile(r"\{[^}]*\}|\([^)]*\)|<[^>]*>")
_LABELS = re.compile(r"\[[^\]]*\]")
_RARE = re.compile(
    r"\[(obs|geh|poet|veraltet|selten|ugs|Schw|Ös|Bayr|Norddt|Süddt|pej|slang|dated|rare|arch|"
    r"archaic|formal|coll|humor|vulg|fig|übtr|hist|euphem)\b"
)
_FIELD = re.compile(r"\[([a-z]{2,8})\.?\]")
_NEWS = re.compile(
    "pol|jur|econ|adm|soc|mil|sport|fin|transp|auto|school|relig|envir|meteo|geogr|art|mus|lit|"
    "geh|ugs|obs|poet|pej|slang|dated|rare|coll|formal|humor|fig"
)
"""Fields that are common in news, and registers, which have a weight of their own."""

_OBJECT = re.compile(
    r"\b(?:(?:about|of|from|with|to|on|in|for|at|as|sb|sth)/)*"
    r"(?:(?:about|of|from|with|to|on|in|for|at|by|into|as) )?(?:sb|sth|so|sb's)\b\.?"
    r"(?:/(?:sb|sth)\.)?(?:'s\b)?|\b(?:of|to be|on|the)$|^be (?=\w+ed\b)"
)
ABBREVIATION = re.compile(r"\s/[^/|;\s]+(?:;\s?[^/|;\s]+)*/(?![^\s;|])")
"""Abbreviations of a meaning: "month /mo./ /mth/", "government /Gov.; Govt./"."""

_OBJECTS = {
    "en": _OBJECT,
    "fr": re.compile(r"(?:\b(?:de|à|avec|sur|dans|pour) |\b[dq]u?['’])?\b(?:qc|qn|qqn|qqch)\b\.?"),
    "es": re.compile(r"(?:\b(?:de|a|con|en|por|para) )?\b(?:algo|alguien|alg\.|algn\.)(?!\w)"),
}
"""Placeholders for the object of a verb, and remains of them."""

_NOTHING = re.compile(r"(?!)")
_WORD = re.compile(r"[^\W\d_]+")

_LIGHT_WORDS = {
    "en": "have get make take put give the for from with and not",
    "fr": "avoir être faire mettre prendre donner des les une pour dans avec par sur pas",
    "es": "haber ser estar tener hacer poner dar del las los una para con por sobre",
}
"""Words with little meaning of their own, as lemmas of three letters or more."""

_MAX_WORDS = {"en": 2}
"""Longer meanings are explanations; the default is 3."""

_LATER_WORD, _LATER_MEANING = 0.8, 0.85
_RARE_GERMAN, _RARE_MEANING, _SPECIAL, _LONG = 0.3, 0.4, 0.4, 0.6
_RARE_FREQUENCY, _FREQUENCY_RANGE, _MIN_COMMONNESS = 1.5, 3.0, 0.15
_ALONE, _PART = 0.25, 0.5
_MIN_SHARE = 0.3
"""Further meanings need this share of the weight of the likeliest one."""


class Sense(NamedTuple):
    """A headword, its position among the synonyms, the German and the meanings."""

    head: str
    position: int
    german: str
    meanings: str

    @property
    def is_adjective(self) -> bool:
        """Whether the headword is an adjective."""
        return "{adj" in self.german


@dataclass(frozen=True, slots=True)
class SenseRanker:
    """A ranking of meanings in one language."""

    language: str

    def likeliest(
        self, senses: Iterable[Sense], cooccurring: Sequence[str], limit: int
    ) -> list[str]:
        """Return the likeliest meanings, best first.

        `cooccurring` are the translations of all lines that contain the German word.
        """
        weight: defaultdict[str, float] = defaultdict(float)
        shown: dict[str, str] = {}
        for sense in senses:
            for meaning, worth in self._weighted(sense):
                key = " ".join(_lemma(word, self.language) for word in meaning.split())
                shown.setdefault(key, meaning)
                weight[key] += worth
        stems = {key: self.stems(meaning) for key, meaning in shown.items()}
        # Meanings that are a part of longer ones (`brand`, `brand name`) gain their weight.
        longer = {k: sum(weight[o] for o in stems if stems[k] < stems[o]) for k in stems}
        lines = [self.stems(line) for line in cooccurring]
        for key, own in stems.items():
            weight[key] += _PART * longer[key]
            if lines:
                weight[key] *= _ALONE + (sum(own <= line for line in lines) / len(lines)) ** 0.5
        ordered = sorted(weight, key=weight.__getitem__, reverse=True)
        likely = [shown[key] for key in ordered if weight[key] >= _MIN_SHARE * weight[ordered[0]]]
        return self.distinct(likely)[:limit]

    def all_stems(self, senses: Iterable[Sense]) -> frozenset[str]:
        """Return the lemmas of all words in the meanings, except light words."""
        parts = (part for sense in senses for part in _meanings(sense))
        every = frozenset(stem for part in parts for stem in self.stems(self._clean(part)))
        return every - {"", *_LIGHT_WORDS.get(self.language, "").split()}

    def distinct(self, meanings: Sequence[str], preferred: Sequence[str] = ()) -> list[str]:
        """Remove meanings that differ from an earlier one only in their inflection.

        The wording in `preferred` replaces others with the same lemmas.
        """
        wordings: dict[frozenset[str], str] = {}
        for meaning in (*preferred, *meanings):
            wordings.setdefault(self.stems(meaning), meaning)
        return list(dict.fromkeys(wordings[self.stems(meaning)] for meaning in meanings))

    def stems(self, text: str) -> frozenset[str]:
        """Return the lemmas of the words of three letters or more."""
        words = [word for word in _WORD.findall(text) if len(word) > 2]
        return frozenset(_lemma(word, self.language) for word in words) or frozenset({text.lower()})

    def compound(self, head: Sequence[str], tail: Sequence[str]) -> str:
        """Translate a compound from the meanings of its two parts; "" if one has none."""
        if not head or not tail:
            return ""
        first, last = _shortest(head), _shortest(tail)
        if self.language == "fr" and first[0].lower() in "aeiouyéèêâîôûœ":
            return f"{last} d’{first}"
        return f"{last} de {first}" if self.language in ("fr", "es") else f"{first} {last}"

    def _weighted(self, sense: Sense) -> Iterator[tuple[str, float]]:
        """Yield the meanings of a sense with their weights."""
        worth: float = _LATER_WORD**sense.position
        if _RARE.search(sense.head):
            worth *= _RARE_GERMAN
        if any(not _NEWS.fullmatch(field) for field in _FIELD.findall(sense.german)):
            worth *= _SPECIAL
        for place, part in enumerate(_meanings(sense)):
            meaning = self._clean(part)
            if not meaning:
                continue
            own = worth * _LATER_MEANING**place * _commonness(meaning, self.language)
            if _RARE.search(part):
                own *= _RARE_MEANING
            if len(meaning.split()) > _MAX_WORDS.get(self.language, 3):
                own *= _LONG
            yield meaning, own

    def _clean(self, part: str) -> str:
        """Return a meaning without labels, grammar, objects and the "to" of an infinitive."""
        part = ABBREVIATION.sub("", _LABELS.sub("", part)).replace("a/the ", "the ")
        text = " ".join(part.split()).removeprefix("to ").removeprefix("the ")
        text = _OBJECTS.get(self.language, _NOTHING).sub("", text).removesuffix(" that …")
        text = " ".join(text.strip(" /.,-…").split())
        text = text.split("/")[0] if text.count("/") == 1 and " " not in text else text
        return text if 1 < len(text) < 40 and not set("()/{}") & set(text) else ""


def _shortest(meanings: Sequence[str]) -> str:
    """Return the likeliest meaning of one or two words, else the first."""
    return next((meaning for meaning in meanings if meaning.count(" ") < 2), meanings[0])


@lru_cache(maxsize=50_000)
def _commonness(meaning: str, language: str) -> float:
    from wordfreq import zipf_frequency

    words = [word for word in _WORD.findall(meaning) if len(word) > 2] or [meaning]
    rarest: float = min(zipf_frequency(word, language) for word in words)
    return min(1.0, max(_MIN_COMMONNESS, (rarest - _RARE_FREQUENCY) / _FREQUENCY_RANGE))


def _meanings(sense: Sense) -> list[str]:
    """Return the meanings of a sense, without their abbreviations, which have semicolons too."""
    return ABBREVIATION.sub("", _BRACES.sub("", sense.meanings)).split(";")


@lru_cache(maxsize=100_000)
def _lemma(word: str, language: str) -> str:
    return lemmatize(word.lower(), lang=language).lower()
