"""What can be wrong with an engine's answer as such: no check of catalogs looks for these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from pipeline.core.text import site_names

_CHATTER = re.compile(
    r"^(sure|certainly|of course|here(’|')?s?( is| are)? (the|your|a)\b|(the |my )?(corrected |"
    r"complete |english |french |spanish )*translation( of| is|:)|"
    r"(text|context|dictionary|glossary|note):|"
    r"voici la traduction|bien sûr|traduction ?:|aquí (está|tiene)|claro|por supuesto|traducción:)",
    re.IGNORECASE,
)
_HERE = re.compile(r"(Hier|Da|Dies)\b")
"""An article that begins so may well be translated with what a chatty answer begins with."""

_REFUSAL = re.compile(
    r"\b(as an ai|as a language model|i('m| am) sorry, (but )?i|i (cannot|can't|can not|am unable "
    r"to) (translate|assist|help|provide)|je ne peux pas (traduire|vous aider)|no puedo "
    r"(traducir|ayudar))",
    re.IGNORECASE,
)
_MARKERS = re.compile(r"<\|?(im_start|im_end|endoftext|eot_id|s)\|?>|</s>|\[/?INST\]|^###", re.M)

_TELLING_WORDS, _ALIKE = 5, 0.6
"""Words from which a translation is no chance likeness; how alike texts are that may share one."""


def problems(source: str, answer: str, complete: bool) -> Iterator[str]:
    """Tell what makes an answer unusable, one sentence each, worded for the engine.

    `complete` is false where the engine stopped at its limit.
    """
    if not answer.strip():
        yield "The answer is empty."
        return
    if not complete:
        yield "The answer rambles on and was cut off."
    if _MARKERS.search(answer) and not _MARKERS.search(source):
        yield "The answer contains control marks."
    if _CHATTER.search(answer) and not _HERE.match(source) and not _CHATTER.search(source):
        yield "The answer talks about the translation."
    if _REFUSAL.search(answer):
        yield "The answer refuses to translate."
    if len(answer.strip().splitlines()) > len(source.strip().splitlines()):
        yield "The answer has more lines than the text."


def of_another_text(source: str, answer: str, shown: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Tell where an answer is the translation of a text that was `shown` as an example.

    `shown` are pairs (German text, translation). Small models repeat one at times. A short
    translation, and that of a text much like the source, may be the right one.
    """
    words = answer.split()
    for german, translation in shown:
        repeated = len(words) >= _TELLING_WORDS and words == translation.split()
        if repeated and SequenceMatcher(None, german, source).ratio() < _ALIKE:
            yield "The answer is the translation of another text."
            return


def lost_addresses(source: str, answer: str) -> Iterator[str]:
    """Tell which addresses of web sites an answer has not kept."""
    for address in site_names(source):
        if address not in answer:
            yield f"The address '{address}' must stay as it is."
