"""Ranks the meanings that a bilingual dictionary gives for a word, by what a text likelier means.

The weights are rules of thumb, tried on news (docs/quality.md): a meaning counts for more in
a line where the word comes first, without a label of a rare register or of a special field;
where its words are common in their language; and where they stand beside the German one in many
of the dictionary's lines, examples and compounds included.
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
"""Fields that are at home in the news, and registers, which count for themselves."""

_OBJECT = re.compile(
    r"\b(?:(?:about|of|from|with|to|on|in|for|at|as|sb|sth)/)*"
    r"(?:(?:about|of|from|with|to|on|in|for|at|by|into|as) )?(?:sb|sth|so|sb's)\b\.?"
    r"(?:/(?:sb|sth)\.)?(?:'s\b)?|\b(?:of|to be|on|the)$|^be (?=\w+ed\b)"
)
SHORT = re.compile(r"\s/[^/\s]+/(?![^\s;|])")
"""The short form beside a meaning: "month /mo./ /mth/", "gross domestic product /GDP/"."""

_OBJECTS = {
    "en": _OBJECT,
    "fr": re.compile(r"(?:\b(?:de|à|avec|sur|dans|pour) |\b[dq]u?['’])?\b(?:qc|qn|qqn|qqch)\b\.?"),
    "es": re.compile(r"(?:\b(?:de|a|con|en|por|para) )?\b(?:algo|alguien|alg\.|algn\.)(?!\w)"),
}
"""What stands for the object of a verb, or what is left of one."""

_NONE = re.compile(r"(?!)")
_WORD = re.compile(r"[^\W\d_]+")

_EMPTY = {
    "en": "have get make take put give the for from with and not",
    "fr": "avoir être faire mettre prendre donner des les une pour dans avec par sur pas",
    "es": "haber ser estar tener hacer poner dar del las los una para con por sobre",
}
"""Words that mean little alone, as lemmas of three letters or more."""

_MOST_WORDS = {"en": 2}
"""Meanings of more words than these, or than three, are explanations."""

_LATER_WORD, _LATER_MEANING = 0.8, 0.85
_RARE_GERMAN, _RARE_MEANING, _SPECIAL, _LONG = 0.3, 0.4, 0.4, 0.6
_COMMON_FROM, _COMMON_OVER, _LEAST = 1.5, 3.0, 0.15
_ALONE, _PART = 0.25, 0.5
KEPT = 0.3
"""A further meaning counts that has this share of the weight of the first."""


class Sense(NamedTuple):
    """What a line of the dictionary says: the word as `head`, `place` words before it."""

    head: str
    place: int
    german: str
    meant: str

    @property
    def is_adjective(self) -> bool:
        """Whether the line is one of an adjective."""
        return "{adj" in self.german


@dataclass(frozen=True, slots=True)
class SenseRanker:
    """The meanings that a dictionary has in a language."""

    language: str

    def likeliest(self, senses: Iterable[Sense], beside: Sequence[str], most: int) -> list[str]:
        """Give at most `most` meanings, the likeliest first; `beside` is what stands beside the
        word in the dictionary's lines."""
        weight: defaultdict[str, float] = defaultdict(float)
        shown: dict[str, str] = {}
        for sense in senses:
            for meaning, worth in self._weighed(sense):
                key = " ".join(_lemma(word, self.language) for word in meaning.split())
                shown.setdefault(key, meaning)
                weight[key] += worth
        stems = {key: self.stems(meaning) for key, meaning in shown.items()}
        # What is a part of longer meanings too (`brand`, `brand name`) is likelier by these.
        longer = {k: sum(weight[o] for o in stems if stems[k] < stems[o]) for k in stems}
        lines = [self.stems(line) for line in beside]
        for key, own in stems.items():
            weight[key] += _PART * longer[key]
            if lines:
                weight[key] *= _ALONE + (sum(own <= line for line in lines) / len(lines)) ** 0.5
        ordered = sorted(weight, key=weight.__getitem__, reverse=True)
        likely = [shown[key] for key in ordered if weight[key] >= KEPT * weight[ordered[0]]]
        return self.distinct(likely)[:most]

    def all_stems(self, senses: Iterable[Sense]) -> frozenset[str]:
        """The lemmas of all words that any meaning has, but for those that mean little alone."""
        parts = (part for sense in senses for part in _BRACES.sub("", sense.meant).split(";"))
        every = frozenset(stem for part in parts for stem in self.stems(self._plain(part)))
        return every - {"", *_EMPTY.get(self.language, "").split()}

    def distinct(self, meanings: Sequence[str], worded: Sequence[str] = ()) -> list[str]:
        """Leave out a meaning that has the same words as an earlier one, otherwise inflected.

        What stays is inflected as it is in `worded`, where it is there.
        """
        wordings: dict[frozenset[str], str] = {}
        for meaning in (*worded, *meanings):
            wordings.setdefault(self.stems(meaning), meaning)
        return list(dict.fromkeys(wordings[self.stems(meaning)] for meaning in meanings))

    def stems(self, text: str) -> frozenset[str]:
        """The lemmas of a text's words of three letters or more."""
        words = [word for word in _WORD.findall(text) if len(word) > 2]
        return frozenset(_lemma(word, self.language) for word in words) or frozenset({text.lower()})

    def compound(self, head: Sequence[str], tail: Sequence[str]) -> str:
        """Name a compound whose parts mean `head` and `tail`; "" where one of them is unknown."""
        if not head or not tail:
            return ""
        first, last = _shortest(head), _shortest(tail)
        if self.language == "fr" and first[0].lower() in "aeiouyéèêâîôûœ":
            return f"{last} d’{first}"
        return f"{last} de {first}" if self.language in ("fr", "es") else f"{first} {last}"

    def _weighed(self, sense: Sense) -> Iterator[tuple[str, float]]:
        """The meanings of a sense with their weights."""
        worth: float = _LATER_WORD**sense.place
        if _RARE.search(sense.head):
            worth *= _RARE_GERMAN
        if any(not _NEWS.fullmatch(field) for field in _FIELD.findall(sense.german)):
            worth *= _SPECIAL
        for place, part in enumerate(_BRACES.sub("", sense.meant).split(";")):
            meaning = self._plain(part)
            if not meaning:
                continue
            own = worth * _LATER_MEANING**place * _commonness(meaning, self.language)
            if _RARE.search(part):
                own *= _RARE_MEANING
            if len(meaning.split()) > _MOST_WORDS.get(self.language, 3):
                own *= _LONG
            yield meaning, own

    def _plain(self, part: str) -> str:
        """A meaning without labels, grammar, objects and an infinitive's "to"; "" if none is
        left."""
        part = SHORT.sub("", _LABELS.sub("", part)).replace("a/the ", "the ")
        text = " ".join(part.split()).removeprefix("to ").removeprefix("the ")
        text = _OBJECTS.get(self.language, _NONE).sub("", text).removesuffix(" that …")
        text = " ".join(text.strip(" /.,-…").split())
        text = text.split("/")[0] if text.count("/") == 1 and " " not in text else text
        return text if 1 < len(text) < 40 and not set("()/{}") & set(text) else ""


def _shortest(meanings: Sequence[str]) -> str:
    """The likeliest meaning that is no explanation, of two words at most; else the first."""
    return next((meaning for meaning in meanings if meaning.count(" ") < 2), meanings[0])


@lru_cache(maxsize=50_000)
def _commonness(meaning: str, language: str) -> float:
    from wordfreq import zipf_frequency

    words = [word for word in _WORD.findall(meaning) if len(word) > 2] or [meaning]
    rarest: float = min(zipf_frequency(word, language) for word in words)
    return min(1.0, max(_LEAST, (rarest - _COMMON_FROM) / _COMMON_OVER))


@lru_cache(maxsize=100_000)
def _lemma(word: str, language: str) -> str:
    return lemmatize(word.lower(), lang=language).lower()
