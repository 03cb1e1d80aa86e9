"""Problems of an engine's result as such: chatter, refusals, leaked prompts, lost addresses.

No check of catalogs looks for these. The messages are sent back to the engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from pipeline.core import site_names

_CHATTER = re.compile(
    r"^(sure|certainly|of course|here(’|')?s?( is| are)? (the|your|a)\b|(the |my )?(corrected |"
    r"complete |english |french |spanish )*translation( of| is|:)|"
    r"(text|context|dictionary|glossary|note):|"
    r"voici la traduction|bien sûr|traduction ?:|aquí (está|tiene)|claro|por supuesto|traducción:)",
    re.IGNORECASE,
)
_HERE = re.compile(r"(Hier|Da|Dies)\b")
"""Starts of German sentences whose translation may look like chatter: "Here is …"."""

_REFUSAL = re.compile(
    r"\b(as an ai|as a language model|i('m| am) sorry, (but )?i|i (cannot|can't|can not|am unable "
    r"to) (translate|assist|help|provide)|je ne peux pas (traduire|vous aider)|no puedo "
    r"(traducir|ayudar))",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\b(tags?|markup)\b[^.]*\b(text|sentence|missing|source)\b|"
    r"\bthe (given|provided|input|source) (text|sentence)\b|"
    r"\b(that|this|your|the (previous|given)) translation (is|was|isn['’]t|has|lacks|misses)\b|"
    r"\b(cette|votre|la) traduction (n['’]est|est) |\b(esta|esa|su|la) traducción (no )?es\b|"
    r"\bbalises?\b[^.]*\b(texte|phrase|manqu\w*)\b|\ble texte (donné|fourni|source)\b|"
    r"\betiquetas?\b[^.]*\b(texto|frase|falta\w*)\b|\bel texto (dado|proporcionado|fuente)\b",
    re.IGNORECASE,
)
_ABOUT_TEXT = re.compile(
    r"tag\b|tags\b|markup|auszeichnung|text|satz|zeile|übersetz|übertragung|fassung", re.IGNORECASE
)
"""German words that an answer may translate by what looks like a remark about the text."""

_MARKERS = re.compile(r"<\|?(im_start|im_end|endoftext|eot_id|s)\|?>|</s>|\[/?INST\]|^###", re.M)

_QUOTED = re.compile(r"(?<!\w)['‘“„\"«].*?['’”“\"»](?!\w)")

_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

_MIN_WORDS, _MAX_SIMILARITY = 5, 0.6
"""Words of a result, or of a part of one, that are not repeated by chance; similarity of texts that
may share a result."""


def problems(source: str, answer: str, complete: bool) -> Iterator[str]:
    """Yield what makes an answer unusable, one sentence each.

    `complete` is false if the engine stopped at its limit.
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
    if _REMARK.search(answer) and not _ABOUT_TEXT.search(source):
        yield "The answer talks about the text."
    if _REFUSAL.search(answer):
        yield "The answer refuses to translate."
    if len(answer.strip().splitlines()) > len(source.strip().splitlines()):
        yield "The answer has more lines than the text."


def unstorable(source: str, answer: str) -> str:
    """Return the problem of an answer with characters that no catalog should hold, or "".

    These are lone surrogates and NUL, which cannot be written at all, and control characters
    that the source does not have.
    """
    found = next((char for char in _UNSTORABLE.findall(answer) if char not in source), "")
    return f"The answer contains the control character U+{ord(found):04X}." if found else ""


def copied_examples(source: str, answer: str, shown: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a problem if an answer repeats the translation of an example in `shown`.

    `shown` are pairs (German text, translation). Small models sometimes repeat one. A short
    translation, or one of a text similar to the source, may be correct.
    """
    words = answer.split()
    for german, translation in shown:
        repeated = len(words) >= _MIN_WORDS and words == translation.split()
        if repeated and SequenceMatcher(None, german, source).ratio() < _MAX_SIMILARITY:
            yield "The answer is the translation of another text."
            return


def repeated_style(style: str, source: str, answer: str) -> Iterator[str]:
    """Yield a problem if an answer repeats the style instructions of its request."""
    sentences = (part.strip() for part in re.split(r"(?<=[.!?])\s", style))
    if any(
        len(one.split()) >= _MIN_WORDS and one in answer and one not in source for one in sentences
    ) or (style and answer.startswith("Style:") and not source.startswith("Stil")):
        yield "The answer repeats the instructions."


def repeated_problems(problems: Iterable[str], source: str, answer: str) -> Iterator[str]:
    """Yield a problem if an answer repeats the problems that a retry was told.

    `problems` are sentences about the answer before. What they quote, such as the required
    translation of a term, may stand in a translation.
    """
    said = _runs(answer) - _runs(source)
    if any(said & _runs(part) for problem in problems for part in _QUOTED.split(problem)):
        yield "The answer repeats the problems of the one before."


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return all runs of words of a text that are hardly the same by chance."""
    words = text.casefold().split()
    return {tuple(words[at : at + _MIN_WORDS]) for at in range(len(words) - _MIN_WORDS + 1)}


def lost_addresses(source: str, answer: str) -> Iterator[str]:
    """Yield a problem for each address of a web site that an answer has lost."""
    for address in site_names(source):
        if address not in answer:
            yield f"The address '{address}' must stay as it is."
