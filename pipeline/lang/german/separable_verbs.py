"""Find separated verbs, whose particle is at the end of the clause: `lehnt … ab`."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from pipeline.lang.lemmatizer import lemmatize

_TOKEN = re.compile(r"[^\W\d_]+")
_END = re.compile(r"\s*([,;:.!?–—)“”\"]|$|(und|oder|aber|sowie)\b)")
_MIN_LENGTH = 3
_MAX_DISTANCE = 25
"""Words between a verb and its particle."""

_PARTICLE = re.compile(
    "ab|an|auf|aus|bei|bekannt|bereit|dar|durch|ein|entgegen|fest|fort|frei|heraus|herbei|herein|"
    "hervor|hin|hinaus|hinweg|hinzu|klar|los|mit|nach|nieder|statt|teil|um|unter|vor|voran|voraus|"
    "vorbei|vorweg|weg|weiter|wieder|zu|zurück|zusammen"
)


class SeparableVerb(NamedTuple):
    """The infinitive of a separated verb, and its form in the text (`lehnt … ab`)."""

    verb: str
    shown: str


def find_separable_verbs(text: str, known: Container[str]) -> Iterator[tuple[str, SeparableVerb]]:
    """Yield the finite form and the verb for each particle at the end of a clause.

    The nearest form before the particle counts whose verb is in `known`.
    """
    words = list(_TOKEN.finditer(text))
    for index, match in enumerate(words):
        particle = match[0]
        if not _PARTICLE.fullmatch(particle) or not _END.match(text, match.end()):
            continue
        for earlier in reversed(words[max(0, index - _MAX_DISTANCE) : index]):
            word = earlier[0]
            verb = particle + lemmatize(word.lower(), lang="de")
            if _PARTICLE.fullmatch(word) or len(word) < _MIN_LENGTH or verb not in known:
                continue
            if word.islower() or earlier is words[0]:
                yield word, SeparableVerb(verb, f"{word} … {particle}")
                break
