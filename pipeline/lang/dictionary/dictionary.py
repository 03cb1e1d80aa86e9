"""Meanings of a text's rarer words from a bilingual dictionary, for engines that use hints.

Reads the word list of Ding (https://www-user.tu-chemnitz.de/~fri/ding/), which Debian has
as `trans-de-en`, and dictionaries of FreeDict; see docs/quality.md for what the hints gain. A
word is rare below Zipf frequency 4.5 (wordfreq's scale: log10 of the occurrences in a billion
words). Separated verbs are put together again (`lehnt … ab`), and compounds the dictionary does
not have are taken apart.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

from pipeline.files.cached_trie import open_trie
from pipeline.lang.dictionary import freedict, headword_index, lookup_forms
from pipeline.lang.dictionary.headword_index import HeadwordIndex
from pipeline.lang.dictionary.sense_ranking import Sense, SenseRanker
from pipeline.lang.german.separable_verbs import find_separable_verbs

_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")
_PAIR = re.compile(r"\b(?=([A-ZÄÖÜ]\w{2,}) ([A-ZÄÖÜ]\w+))")
"""Two words with capitals, and nothing between them."""

_NO_NAME = 5.5
"""Words as frequent as this (Zipf) begin a sentence, where they are before a noun: `Im`."""

_FOREIGN, _FOREIGN_FORM = 1.5, 0.15
"""How much more frequent than in German a headword, or a form of one, is in English (Zipf)
where it is taken for English or a name: `Police`, `Boots`, `Hicks`."""

_SEPARATED = 4.0
"""Separated verbs count as at most this frequent: a model reads them as the plain verb."""

_INFLECTED = re.compile(
    r"(e|n|en|t|st|te|ten|tet|et|end|ende|enden|ung|ungen|er|es|em|s|est)?(?![^\W\d_])"
)
_MOST_LINES = 300
_THEIRS = {"en": "their, her"}
"""What `Ihre` means at the beginning of a sentence, where models read the polite "your"."""

_COUNTED = 5.6
"""Words more frequent than this are not looked for in a translation."""

_LEFT_OUT, _OF_LEFT_OUT = 5.2, 4
"""Words more frequent than this are not taken for left out; how many meanings are given."""

MEANINGS = 3
"""How many meanings of a word a hint gives at most."""

_REVISION = 6
"""Counts the ways of reading a word list: what was kept of an older one is out of date."""

_HINTS, _RARE = 8, 4.5
"""How many words of a text get hints at most: the rarest below this frequency."""


class Dictionary:
    """German words and their meanings in one language, by headword."""

    def __init__(self, path: Path, language: str) -> None:
        """Read the word list at `path`, of Ding or FreeDict, into `language`.

        Raises OSError where it cannot be read, and ValueError where it is none.
        """
        self.name = path.name.removesuffix(freedict.SUFFIX)
        self._theirs = _THEIRS.get(language, "")
        self._meant = SenseRanker(language)
        if path.name.endswith(freedict.SUFFIX):
            self._text = freedict.word_list(path)
        else:
            self._text = path.read_text(encoding="utf-8")
        self._lowered = self._text.lower()
        self.digest = sha256(f"{_REVISION} {self._text}".encode()).hexdigest()
        """What the hints depend on: the SHA-256 of the word list, and of how it is read."""
        name, own = f"dictionary-{self.name}-", self.digest[:16]
        outdated = (glob.escape(name) + "?" * len(own), glob.escape(name) + "*.trie")
        build = partial(headword_index.build_index, self._text)
        self._entries = HeadwordIndex(open_trie(f"{name}{own}.trie", build, outdated))

    def hints(
        self, text: str, known: Collection[str] = (), most: int = MEANINGS
    ) -> tuple[tuple[str, str], ...]:
        """Give pairs (word of the text, its `most` likely meanings) for the rarest words, in order.

        Words within `known` (glossary terms of the text) are left out.
        """
        from wordfreq import zipf_frequency

        said = self._said(text, known)
        verbs = dict(find_separable_verbs(text, self._entries))
        rarity: dict[str, float] = {}
        for word in dict.fromkeys(_WORD.findall(text)):
            if word.isupper() or self._is_foreign(word):  # NATO stays NATO
                continue
            if word in verbs:
                rarity[word] = min(zipf_frequency(verbs[word].verb, "de"), _SEPARATED)
            elif (len(word) > lookup_forms.SHORT or word[0].isupper()) and word not in said:
                rarity[word] = zipf_frequency(word, "de")
        found: dict[str, tuple[str, str]] = {}
        for word in sorted(rarity, key=rarity.__getitem__):
            if rarity[word] >= _RARE or len(found) == _HINTS:
                break
            verb = verbs.get(word)
            if meanings := self.meanings(verb.verb if verb else word, most):
                found[word] = (verb.shown if verb else word, meanings)
        own = lookup_forms.foreign_names(text)
        return (
            *(((own, self._theirs),) if own and self._theirs else ()),
            *(found[word] for word in rarity if word in found),
        )

    @lru_cache(maxsize=10_000)  # noqa: B019 - a dictionary lives as long as the process
    def meanings(self, word: str, most: int = MEANINGS) -> str:
        """Give the `most` likely meanings of a word, or of a compound's parts; "" if unknown."""
        forms = [form for form in lookup_forms.forms(word) if form in self._entries]
        adjectives = [form for form in lookup_forms.plain(word) if self._is_adjective(form)]
        forms = [*adjectives, *forms]
        if not forms:
            bare = next((form for form in lookup_forms.bare(word) if form in self._entries), None)
            return self.meanings(bare, most) if bare else self._of_parts(word)
        ranked = self._likely(forms, adjectives[0] if adjectives else word, most)
        if ranked and ranked[0].lower() == word.lower():
            return ""  # a tsunami is a tsunami: its rarer names would mislead
        return ", ".join(m for m in ranked[:most] if m.lower() != word.lower())

    def coverage(self, text: str, translation: str) -> float:
        """The share, 0 to 1, of a text's rarer words one of whose meanings a translation has.

        Rarer words count for more, and words the dictionary does not have for nothing.
        """
        from wordfreq import zipf_frequency

        found = self._meant.stems(translation)
        all_ = covered = 0.0
        for word in dict.fromkeys(_WORD.findall(text)):
            rarity = zipf_frequency(word, "de")
            stems = self._stems(word) if rarity < _COUNTED else frozenset()
            if stems:
                weight = min(1.5, (_COUNTED + 1 - rarity) / 2)
                all_ += weight
                covered += weight * bool(stems & found)
        return covered / all_ if all_ else 1.0

    def left_out(
        self, text: str, translation: str, known: Collection[str] = ()
    ) -> tuple[tuple[str, ...], ...]:
        """Give the meanings of each rarer word that has none of them in a translation.

        Words within `known` and names are left out, and those that stand there in German.
        """
        from wordfreq import zipf_frequency

        said = self._said(text, known)
        verbs = dict(find_separable_verbs(text, self._entries))
        found = self._meant.stems(translation)
        missing = []
        for word in dict.fromkeys(_WORD.findall(text)):
            common = word not in verbs and zipf_frequency(word, "de") >= _LEFT_OUT
            if common or word in said or re.search(rf"(?<!\w){word}", translation):
                continue
            looked = verbs[word].verb if word in verbs else word
            if (stems := self._stems(looked)) and not stems & found:
                missing.append(self.meanings(looked, _OF_LEFT_OUT))
        return tuple(tuple(meanings.split(", ")) for meanings in missing if meanings)

    def _said(self, text: str, known: Collection[str]) -> str:
        """The words of a text that need no meanings: known terms, and names."""
        return " ".join((*known, *lookup_forms.names(text), *self._surnames(text)))

    def _surnames(self, text: str) -> Iterator[str]:
        """Name the words behind one with a capital that is in no dictionary: a first name."""
        from wordfreq import zipf_frequency

        for first, second in _PAIR.findall(text):
            rare = zipf_frequency(first, "de") < _NO_NAME
            if rare and not first.endswith("s") and not self._listed(first):
                yield second

    def _is_foreign(self, word: str) -> bool:
        """Whether a word with a capital is a name, or an English word, rather than German."""
        from wordfreq import zipf_frequency

        if word.islower():
            return False
        more = zipf_frequency(word, "en") - zipf_frequency(word, "de")
        return more > (_FOREIGN if self._is_headword(word) else _FOREIGN_FORM)

    def _is_headword(self, word: str) -> bool:
        return any(place == 0 for _, place in self._entries.get(word, ()))

    @lru_cache(maxsize=10_000)  # noqa: B019 - a dictionary lives as long as the process
    def _stems(self, word: str) -> frozenset[str]:
        """The lemmas of all that a word, or a part of a compound, may mean."""
        return self._meant.all_stems(self._senses(self._listed(word) or self._parts(word)))

    def _listed(self, word: str) -> list[str]:
        """The headwords that a word may be a form of."""
        looked = (*lookup_forms.forms(word), *lookup_forms.bare(word))
        return [form for form in looked if form in self._entries]

    def _is_adjective(self, form: str) -> bool:
        return form in self._entries and any(s.is_adjective for s in self._senses([form]))

    def _of_parts(self, word: str) -> str:
        parts = [self._likely([part], part, MEANINGS) for part in self._parts(word)]
        return self._meant.compound(*parts) if parts else ""

    def _parts(self, word: str) -> list[str]:
        """The two headwords that a compound is made of; none where it is none."""
        for head in lookup_forms.heads(word):
            tail = word[len(head) :].removeprefix("-")
            first = next((f for f in lookup_forms.stems(head) if f in self._entries), None)
            noun = tail.capitalize()
            last = next((f for f in (noun, *lookup_forms.forms(noun)) if f in self._entries), None)
            if first and last:
                return [first, last]
        return []

    def _likely(self, forms: list[str], word: str, most: int) -> list[str]:
        """The likeliest meanings of a word that the dictionary has as `forms`."""
        if not self._is_headword(word):
            return self._ranked(forms, most)
        if word[0].isupper():  # `Bucht` is a bay, and not what somebody books
            forms = [form for form in forms if form[0].isupper() or self._is_adjective(form)]
        ranked = self._ranked(forms, most)
        if forms == [word]:
            return ranked
        # A headword itself, not only a form: `Zwecke` are brads, but likelier purposes, and
        # `aufgeschlossen` may be the participle of `aufschließen` as well.
        own = self._ranked([word], most)
        return self._meant.distinct((*own[:1], *ranked[:1], *own), own)

    def _ranked(self, forms: Sequence[str], most: int) -> list[str]:
        beside = [meant for form in forms for meant in self._beside(form)]
        senses = list(self._senses(forms))
        # What is a present participle too mostly means what it means as an adjective.
        adjectives = [s for s in senses if s.is_adjective] if forms[0].endswith("end") else []
        return self._meant.likeliest(adjectives or senses, beside, most)

    def _senses(self, forms: Sequence[str]) -> Iterator[Sense]:
        for form in forms:
            for start, index in dict.fromkeys(self._entries[form]):
                line = self._text[start : self._text.index("\n", start)]
                german, _, theirs = line.partition(" :: ")
                meant = theirs.split(" | ")
                if index < len(meant):
                    part = german.split(" | ")[index]
                    heads = headword_index.parts(part)
                    place = next(
                        (i for i, h in enumerate(heads) if headword_index.bare(h) == form), 0
                    )
                    yield Sense(heads[place], place, part, meant[index])

    @lru_cache(maxsize=8)  # noqa: B019 - a dictionary lives as long as the process
    def _beside(self, form: str) -> list[str]:
        """The meanings in lines whose German has the word, in any form or compound."""
        stem = re.sub(r"(?<=\w{4})(en|ern|eln|n|e|er)$", "", form.lower())
        beside: list[str] = []
        at = self._lowered.find(stem)
        while at >= 0 and len(beside) < _MOST_LINES:
            if form[0].isupper() or self._is_form(at, at + len(stem)):
                start = self._lowered.rfind("\n", 0, at) + 1
                end = self._lowered.find("\n", at)
                german, _, meant = self._lowered[start:end].partition(" :: ")
                pairs = zip(german.split(" | "), meant.split(" | "), strict=False)
                beside += [theirs for ours, theirs in pairs if stem in ours]
                at = end
            at = self._lowered.find(stem, at + 1)
        return beside

    def _is_form(self, start: int, end: int) -> bool:
        """Whether a verb or adjective stands here, not a part of another word."""
        if self._lowered[start - 1].isalpha():
            return False
        return _INFLECTED.match(self._lowered, end) is not None
