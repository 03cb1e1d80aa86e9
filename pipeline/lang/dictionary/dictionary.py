"""Translations of rare words from a bilingual dictionary, as hints for engines.

Reads the word list of Ding (https://www-user.tu-chemnitz.de/~fri/ding/) and dictionaries of
FreeDict; docs/quality.md has the effect of the hints. Frequencies are on wordfreq's Zipf
scale: log10 of the occurrences in a billion words. Separated verbs are joined
(`lehnt … ab`), and compounds that are not listed are split.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

from pipeline.files import open_trie
from pipeline.lang.dictionary import freedict
from pipeline.lang.dictionary.headword_index import (
    HeadwordIndex,
    build_index,
    split_synonyms,
    strip_annotations,
)
from pipeline.lang.dictionary.lookup_forms import (
    MAX_IGNORED_LENGTH,
    adjective_stems,
    first_part_forms,
    first_parts,
    lookup_forms,
    quoted_names,
    third_person_possessive,
    without_case_endings,
)
from pipeline.lang.dictionary.sense_ranking import Sense, SenseRanker
from pipeline.lang.german.separable_verbs import find_separable_verbs

__all__ = ["Dictionary"]

_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")
_PAIR = re.compile(r"\b(?=([A-ZÄÖÜ]\w{2,}) ([A-ZÄÖÜ]\w+))")
"""Two consecutive capitalized words."""

_MIN_FREQUENCY_NO_NAME = 5.5
"""A capitalized word before a noun that is as frequent starts a sentence (`Im`)."""

_FOREIGN_MARGIN, _FOREIGN_FORM_MARGIN = 1.5, 0.15
"""A headword, or an inflected form, counts as English or a name if its English frequency
exceeds the German one by this margin: `Police`, `Boots`, `Hicks`."""

_MAX_SEPARATED_FREQUENCY = 4.0
"""Separated verbs count as at most this frequent: models read them as the base verb."""

_INFLECTED = re.compile(
    r"(e|n|en|t|st|te|ten|tet|et|end|ende|enden|ung|ungen|er|es|em|s|est)?(?![^\W\d_])"
)
_PLACE = re.compile(
    r"(?: \{[mfn]\})?(?: \([^)|;]*\))? \[geogr\.\] :: (?:the )?"
    r"(?P<name>[A-ZÀ-Ý][^|;/(\[\n]*?)(?: \([^)|;]*\))?(?=\n| /)"
)
_MAX_LINES = 300
_THIRD_PERSON = {"en": "their, her"}
"""The meaning of `Ihre` at the start of a sentence; models read it as the polite "your"."""

_MAX_COVERAGE_FREQUENCY = 5.6
"""More frequent words do not count for the coverage."""

_MAX_OMITTED_FREQUENCY, _OMITTED_MEANINGS = 5.2, 4
"""More frequent words never count as omitted; the number of meanings of an omitted word."""

MAX_MEANINGS = 3
"""Meanings of a word in a hint, at most."""

_REVISION = 7
"""Version of the parser and of the hints; results of an older one are not reused."""

_MAX_HINTS, _MAX_RARE_FREQUENCY = 8, 4.5
"""Hints for a text: its rarest words below this frequency, at most so many."""


class Dictionary:
    """A dictionary from German into one language."""

    def __init__(self, path: Path, language: str) -> None:
        """Read a word list of Ding or FreeDict.

        Raises OSError if the file cannot be read, ValueError if it is not a word list.
        """
        self.name = path.name.removesuffix(freedict.SUFFIX)
        self._third_person = _THIRD_PERSON.get(language, "")
        self._ranker = SenseRanker(language)
        if path.name.endswith(freedict.SUFFIX):
            self._text = freedict.read_word_list(path)
        else:
            self._text = path.read_text(encoding="utf-8")
        self._lowered = self._text.lower()
        self.digest = sha256(f"{_REVISION} {self._text}".encode()).hexdigest()
        """SHA-256 of the word list and the version of its parser."""
        name, own = f"dictionary-{self.name}-", self.digest[:16]
        pattern = glob.escape(name) + "?" * len(own)
        build = partial(build_index, self._text)
        self._entries = HeadwordIndex(
            open_trie(f"{name}{own}.trie", build, [pattern, f"{pattern}.trie"])
        )

    def hints(
        self, text: str, known: Collection[str] = (), max_meanings: int = MAX_MEANINGS
    ) -> tuple[tuple[str, str], ...]:
        """Return the rarest words of a text, in order, with their likeliest meanings.

        Words in `known` (glossary terms of the text) are skipped.
        """
        from wordfreq import zipf_frequency

        excluded = self._excluded(text, known)
        verbs = dict(find_separable_verbs(text, self._entries))
        rarity: dict[str, float] = {}
        for word in dict.fromkeys(_WORD.findall(text)):
            if word.isupper() or self._is_foreign(word):  # NATO stays NATO
                continue
            if word in verbs:
                rarity[word] = min(zipf_frequency(verbs[word].verb, "de"), _MAX_SEPARATED_FREQUENCY)
            elif (len(word) > MAX_IGNORED_LENGTH or word[0].isupper()) and word not in excluded:
                rarity[word] = zipf_frequency(word, "de")
        found: dict[str, tuple[str, str]] = {}
        for word in sorted(rarity, key=rarity.__getitem__):
            if rarity[word] >= _MAX_RARE_FREQUENCY or len(found) == _MAX_HINTS:
                break
            verb = verbs.get(word)
            if meanings := self.meanings(verb.verb if verb else word, max_meanings):
                found[word] = (verb.shown if verb else word, meanings)
        own = third_person_possessive(text)
        return (
            *(((own, self._third_person),) if own and self._third_person else ()),
            *(found[word] for word in rarity if word in found),
        )

    @lru_cache(maxsize=10_000)  # noqa: B019 - dictionaries are never freed
    def meanings(self, word: str, max_meanings: int = MAX_MEANINGS) -> str:
        """Return the likeliest meanings of a word or of the parts of a compound, or ""."""
        forms = [form for form in lookup_forms(word) if form in self._entries]
        adjectives = [form for form in adjective_stems(word) if self._is_adjective(form)]
        forms = [*adjectives, *forms]
        if not forms:
            stems = (form for form in without_case_endings(word) if form in self._entries)
            stem = next(stems, None)
            return self.meanings(stem, max_meanings) if stem else self._of_parts(word)
        ranked = self._likely(forms, adjectives[0] if adjectives else word, max_meanings)
        if ranked and ranked[0].lower() == word.lower():
            return ""  # the same word in both languages; rarer meanings would mislead
        return ", ".join(m for m in ranked[:max_meanings] if m.lower() != word.lower())

    def translates(self, word: str, translation: str) -> bool:
        """Return whether a German word has a meaning with a lemma of a translation's word."""
        return bool(self._stems(word) & self._ranker.stems(translation))

    def place(self, name: str) -> str:
        """Return the name of a place that has a line of its own, "" if there is none.

        Ding marks places: `Bodensee {m} [geogr.] :: Lake Constance`, `Steinfurt (Stadt in
        Deutschland) [geogr.] :: Steinfurt (town in Germany)`.
        """
        at = self._text.find(f"\n{name} ")
        while at >= 0:
            match = _PLACE.match(self._text, at + 1 + len(name))
            if match:
                return match["name"]
            at = self._text.find(f"\n{name} ", at + 1)
        return ""

    def coverage(self, text: str, translation: str) -> float:
        """Return the share (0 to 1) of rare words with a meaning in the translation.

        Rarer words have more weight; words that are not listed have none.
        """
        from wordfreq import zipf_frequency

        present = self._ranker.stems(translation)
        total = covered = 0.0
        for word in dict.fromkeys(_WORD.findall(text)):
            rarity = zipf_frequency(word, "de")
            stems = self._stems(word) if rarity < _MAX_COVERAGE_FREQUENCY else frozenset()
            if stems:
                weight = min(1.5, (_MAX_COVERAGE_FREQUENCY + 1 - rarity) / 2)
                total += weight
                covered += weight * bool(stems & present)
        return covered / total if total else 1.0

    def omitted_meanings(
        self, text: str, translation: str, known: Collection[str] = ()
    ) -> tuple[tuple[str, ...], ...]:
        """Return the meanings of each rare word that has none of them in the translation.

        Words in `known`, names, and words kept in German are skipped.
        """
        from wordfreq import zipf_frequency

        excluded = self._excluded(text, known)
        verbs = dict(find_separable_verbs(text, self._entries))
        present = self._ranker.stems(translation)
        missing = []
        for word in dict.fromkeys(_WORD.findall(text)):
            common = word not in verbs and zipf_frequency(word, "de") >= _MAX_OMITTED_FREQUENCY
            if common or word in excluded or re.search(rf"(?<!\w){word}", translation):
                continue
            looked = verbs[word].verb if word in verbs else word
            if (stems := self._stems(looked)) and not stems & present:
                missing.append(self.meanings(looked, _OMITTED_MEANINGS))
        return tuple(tuple(meanings.split(", ")) for meanings in missing if meanings)

    def _excluded(self, text: str, known: Collection[str]) -> str:
        """Return the words of a text that need no hint: known terms and names."""
        return " ".join((*known, *quoted_names(text), *self._surnames(text)))

    def _surnames(self, text: str) -> Iterator[str]:
        """Yield the words after a capitalized word that is not listed: a first name."""
        from wordfreq import zipf_frequency

        for first, second in _PAIR.findall(text):
            rare = zipf_frequency(first, "de") < _MIN_FREQUENCY_NO_NAME
            if rare and not first.endswith("s") and not self._listed(first):
                yield second

    def _is_foreign(self, word: str) -> bool:
        """Return whether a capitalized word is a name or English rather than German."""
        from wordfreq import zipf_frequency

        if word.islower():
            return False
        more = zipf_frequency(word, "en") - zipf_frequency(word, "de")
        return more > (_FOREIGN_MARGIN if self._is_headword(word) else _FOREIGN_FORM_MARGIN)

    def _is_headword(self, word: str) -> bool:
        return any(position == 0 for _, position in self._entries.get(word, ()))

    @lru_cache(maxsize=10_000)  # noqa: B019 - dictionaries are never freed
    def _stems(self, word: str) -> frozenset[str]:
        """Return the lemmas of all meanings of a word or of the parts of a compound."""
        return self._ranker.all_stems(self._senses(self._listed(word) or self._parts(word)))

    def _listed(self, word: str) -> list[str]:
        """Return the headwords that a word may be a form of."""
        looked = (*lookup_forms(word), *without_case_endings(word))
        return [form for form in looked if form in self._entries]

    def _is_adjective(self, form: str) -> bool:
        return form in self._entries and any(s.is_adjective for s in self._senses([form]))

    def _of_parts(self, word: str) -> str:
        parts = [self._likely([part], part, MAX_MEANINGS) for part in self._parts(word)]
        return self._ranker.compound(*parts) if parts else ""

    def _parts(self, word: str) -> list[str]:
        """Return the two headwords of a compound, or an empty list."""
        for head in first_parts(word):
            tail = word[len(head) :].removeprefix("-")
            first = next((f for f in first_part_forms(head) if f in self._entries), None)
            noun = tail.capitalize()
            last = next((f for f in (noun, *lookup_forms(noun)) if f in self._entries), None)
            if first and last:
                return [first, last]
        return []

    def _likely(self, forms: list[str], word: str, max_meanings: int) -> list[str]:
        """Return the likeliest meanings of a word that is listed as `forms`."""
        if not self._is_headword(word):
            return self._ranked(forms, max_meanings)
        if word[0].isupper():  # `Bucht` is a bay, not a form of `buchen`
            forms = [form for form in forms if form[0].isupper() or self._is_adjective(form)]
        ranked = self._ranked(forms, max_meanings)
        if forms == [word]:
            return ranked
        # The word is a headword and a form: `Zwecke` are brads, but more likely purposes;
        # `aufgeschlossen` is an adjective and a participle.
        own = self._ranked([word], max_meanings)
        return self._ranker.distinct((*own[:1], *ranked[:1], *own), own)

    def _ranked(self, forms: Sequence[str], max_meanings: int) -> list[str]:
        cooccurring = [meant for form in forms for meant in self._cooccurring(form)]
        senses = list(self._senses(forms))
        # A present participle usually has the meaning of the adjective.
        adjectives = [s for s in senses if s.is_adjective] if forms[0].endswith("end") else []
        return self._ranker.likeliest(adjectives or senses, cooccurring, max_meanings)

    def _senses(self, forms: Sequence[str]) -> Iterator[Sense]:
        for form in forms:
            for start, index in dict.fromkeys(self._entries[form]):
                line = self._text[start : self._text.index("\n", start)]
                german, _, other = line.partition(" :: ")
                meant = other.split(" | ")
                if index < len(meant):
                    part = german.split(" | ")[index]
                    heads = split_synonyms(part)
                    plain = list(map(strip_annotations, heads))
                    position = plain.index(form) if form in plain else 0
                    yield Sense(heads[position], position, part, meant[index])

    @lru_cache(maxsize=8)  # noqa: B019 - dictionaries are never freed
    def _cooccurring(self, form: str) -> list[str]:
        """Return the meanings in all lines that contain the word, even in compounds."""
        stem = re.sub(r"(?<=\w{4})(en|ern|eln|n|e|er)$", "", form.lower())
        cooccurring: list[str] = []
        at = self._lowered.find(stem)
        while at >= 0 and len(cooccurring) < _MAX_LINES:
            if form[0].isupper() or self._is_form(at, at + len(stem)):
                start = self._lowered.rfind("\n", 0, at) + 1
                end = self._lowered.find("\n", at)
                german, _, meant = self._lowered[start:end].partition(" :: ")
                pairs = zip(german.split(" | "), meant.split(" | "), strict=False)
                cooccurring += [translation for source, translation in pairs if stem in source]
                at = end
            at = self._lowered.find(stem, at + 1)
        return cooccurring

    def _is_form(self, start: int, end: int) -> bool:
        """Return whether this is an inflected word, not a part of another word."""
        if self._lowered[start - 1].isalpha():
            return False
        return _INFLECTED.match(self._lowered, end) is not None
