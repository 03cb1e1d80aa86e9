"""Symbols that the vocabulary of a model lacks, such as emoji: carried over unchanged.

The runtime drops them. They are taken out of a sentence, and put back beside the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from pipeline.core import base_language
from pipeline.lang.word_alignment import align, find_words


@dataclass(frozen=True, slots=True)
class Symbol:
    """Characters that were taken out, with the white space before them.

    `words_before` is the number of words of the sentence before them; `at_end` means that
    nothing but symbols follows.
    """

    text: str
    words_before: int
    at_end: bool


def take_out(
    sentence: str, unknown: Set[str], kept: Sequence[str] = ()
) -> tuple[str, tuple[Symbol, ...]]:
    """Return the sentence without its unknown symbols, and the symbols.

    Symbols in one of the `kept` texts stay, and so do letters and digits: what contains them is
    a constraint.
    """
    characters = "".join(sorted(c for c in unknown if not c.isalnum()))
    if not characters:
        return sentence, ()
    texts = "|".join(re.escape(text) for text in sorted(kept, key=len, reverse=True) if text)
    run = re.compile(rf"\s*[{re.escape(characters)}]+")
    symbols, plain = [], ""
    rest = sentence
    # Every second part is a kept text.
    for number, part in enumerate(re.split(f"({texts})", sentence) if texts else [sentence]):
        rest = rest[len(part) :]
        done = 0
        for match in run.finditer(part) if number % 2 == 0 else ():
            plain += part[done : match.start()]
            done = match.end()
            at_end = not run.sub("", part[done:] + rest).strip()
            symbols.append(Symbol(match[0], len(find_words(plain)), at_end))
        plain += part[done:]
    if not find_words(plain):
        return sentence, ()
    return plain.lstrip() if symbols and symbols[0].words_before == 0 else plain, tuple(symbols)


def put_back(plain: str, translation: str, symbols: Sequence[Symbol], language: str) -> str:
    """Return the translation of `plain` with the symbols beside the aligned words."""
    if not symbols:
        return translation
    source, target = find_words(plain), find_words(translation)
    scores = align(source, target, base_language(language))
    places: list[tuple[int, str]] = []
    for symbol in symbols:
        if symbol.at_end or not target:
            places.append((len(translation), symbol.text))
        elif symbol.words_before == 0:
            places.append((0, symbol.text.strip() + " "))
        else:
            row = scores[min(symbol.words_before, len(source)) - 1]
            column = max(range(len(target)), key=lambda index: row[index])
            places.append((target[column].end, symbol.text))
    for at, text in sorted(places, key=lambda place: place[0], reverse=True):
        translation = translation[:at] + text + translation[at:]
    return translation
