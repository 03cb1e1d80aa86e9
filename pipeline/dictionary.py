"""Meanings of a text's rare words from a bilingual dictionary, for engines that can use hints.

Reads the word list of Ding (https://www-user.tu-chemnitz.de/~fri/ding/), which Debian has
as `trans-de-en`; see docs/quality.md for what the hints gain. A word is rare below Zipf
frequency `RARE` (wordfreq's scale: log10 of the occurrences in a billion words).
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from pipeline.errors import EngineError

VARIABLE = "TRANSLATE_DICTIONARY"
RARE = 4.3
WORDS, MEANINGS = 8, 2
"""How many words of a text get a hint, the rarest first, and how many meanings each."""

_PLACES = {"en": Path("/usr/share/trans/de-en")}
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{4,}")
_MARKS = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|/[^/]*/|<[^>]*>")
_PRONOUN = re.compile(r"^((sich|etw\.|jdn\.|jdm\.)\s+)+")
_OBJECT = re.compile(
    r"\b(?:(?:about|of|from|with|to|on|in) )?(?:sb|sth|so)\.(?:/(?:sb|sth)\.)?|\bof$"
)


class Dictionary:
    """German words and their meanings in one language, by headword."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._meanings: dict[str, list[str]] = {}
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                german, separator, meanings = line.rstrip("\n").partition(" :: ")
                if separator and not line.startswith("#"):
                    self._add(german.split(" | ")[0], meanings.split(" | ")[0])

    def hints(self, text: str, known: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """Give pairs (word of the text, its meanings) for the rarest words, in their order.

        Words within `known` (glossary terms of the text) are left out.
        """
        from wordfreq import zipf_frequency

        said = " ".join(known)
        words = dict.fromkeys(w for w in _WORD.findall(text) if w not in said)
        rare = {w: zipf_frequency(w, "de") for w in words}
        found = {w: m for w in words if rare[w] < RARE and (m := self._look_up(w))}
        kept = sorted(found, key=rare.__getitem__)[:WORDS]
        return tuple((word, ", ".join(found[word])) for word in words if word in kept)

    def _add(self, heads: str, meanings: str) -> None:
        for head in heads.split(";"):
            word = _PRONOUN.sub("", " ".join(_MARKS.sub("", head).split()))
            if word and " " not in word:
                self._meanings.setdefault(word, []).append(meanings)

    def _look_up(self, word: str) -> list[str]:
        from simplemma import lemmatize
        from wordfreq import zipf_frequency

        for form in (word, lemmatize(word, lang="de"), word.lower()):
            if form in self._meanings:
                break
        else:
            return []
        senses = [_clean(sense) for sense in self._meanings[form]]
        meanings = dict.fromkeys(m for sense in senses for m in sense[:4])
        return sorted(meanings, key=lambda m: -zipf_frequency(m, "en"))[:MEANINGS]


def _clean(sense: str) -> list[str]:
    """The meanings of one sense without grammar, objects and the infinitive's "to"."""
    parts = (" ".join(_MARKS.sub("", part).split()) for part in sense.split(";"))
    plain = (_OBJECT.sub("", part).removeprefix("to ").strip(" /.,") for part in parts)
    return [part for part in plain if part and len(part) < 40]


@lru_cache(maxsize=4)
def find(language: str) -> Dictionary | None:
    """Load the dictionary for a language: $TRANSLATE_DICTIONARY_EN, or Debian's; None if none.

    An empty variable switches it off. Raises EngineError for one that is not there.
    """
    variables: Mapping[str, str] = os.environ
    chosen = variables.get(f"{VARIABLE}_{language.upper()}")
    path = Path(chosen) if chosen else _PLACES.get(language)
    if chosen == "" or path is None:
        return None
    if not path.is_file():
        if chosen:
            raise EngineError(
                f"{path}: no such dictionary", f"Mend {VARIABLE}_{language.upper()}, or empty it."
            )
        return None
    try:
        return Dictionary(path)
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path}: {error}", "Name a word list of Ding, in UTF-8.") from error
