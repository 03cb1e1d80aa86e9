"""Words that the variants of a language spell differently, and conversion between them.

English: `english.tsv`, written by `benchmarks/spelling_table.py` from the pairs of breame 0.1.2
(Apache-2.0) and our own classes, after the Oxford English Dictionary and Merriam-Webster. Spanish:
our own list, after the Diccionario panhispánico de dudas and the Diccionario de mexicanismos.

Capitalized words inside a sentence stay, since most are names: Pearl Harbor, Labour Party.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.core import LanguageCode

_BRITISH = frozenset(("GB", "IE", "AU", "NZ", "ZA", "IN", "MT", "SG"))
_AMERICAN = frozenset(("US", "PH"))
_OXFORD_ENDINGS = (
    "e",
    "es",
    "ed",
    "ing",
    "ings",
    "er",
    "ers",
    "ation",
    "ations",
    "ational",
    "able",
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# A sentence starts at the start of a text, and after an end mark or a quotation mark.
_START = re.compile(r"(?:\A|[.!?:…][”’»\"')]*\s+|[“‘«\"(¿¡]\s?)\Z")
_NAMES = frozenset(("labour", "theatre", "center", "centre", "harbor", "harbour", "color", "honor"))
# The words of software, which British English writes as American does: a computer program.
_SOFTWARE = re.compile(r"\b(?:comput|software|app\b|code|coding|install|download|algorithm|script)")
_DETERMINER = r"(?:an?|the|this|that|his|her|its|their|our|your|no|any|every|each|of|\w+['’]s?)"
_METER_OF = re.compile(r"\b(?:parking|electricity|gas|water|smart|power|light)[ -]\Z", re.I)


class _Around(NamedTuple):
    """The text before and after a word, and the whole text."""

    before: str
    after: str
    text: str


def _program(context: _Around) -> bool:
    return _SOFTWARE.search(context.text.lower()) is None and not re.search(
        r"\b(?:to|can|must|will)\s\Z", context.before
    )


def _metres(context: _Around) -> bool:
    return _METER_OF.search(context.before) is None


def _metre(context: _Around) -> bool:
    return bool(re.search(r"(?:\d|\b(?:per|a|one|square|cubic|each))[\s-]?\Z", context.before))


def _noun(context: _Around) -> bool:
    return bool(re.search(rf"\b{_DETERMINER}\s(?:\w+\s)?\Z", context.before, re.I))


def _verb(context: _Around) -> bool:
    return bool(re.search(r"\b(?:to|can|could|must|should|will|would)\s\Z", context.before))


# American words that have another spelling in British only in one meaning, by its condition.
_IN_CONTEXT = {
    "program": ("programme", _program),
    "programs": ("programmes", _program),
    "meters": ("metres", _metres),
    "meter": ("metre", _metre),
    "license": ("licence", _noun),
    "practice": ("practise", _verb),
}
# Spanish of Spain and of America; the reader of one knows the other, but notices it.
_SPANISH = (
    ("vídeo", "video"), ("vídeos", "videos"), ("chófer", "chofer"), ("chóferes", "choferes"),
    ("cóctel", "coctel"), ("cócteles", "cocteles"),
)  # fmt: skip
_MEXICAN = (("fútbol", "futbol"), ("béisbol", "beisbol"))
# Forms that only Spain uses, with what America says. They are reported, not converted.
_ONLY_SPAIN = {
    "vosotros": "ustedes", "vosotras": "ustedes", "vuestro": "su", "vuestra": "su",
    "vuestros": "sus", "vuestras": "sus", "ordenador": "computadora",
    "ordenadores": "computadoras",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForeignSpelling:
    """A word in the spelling of another variant at `start:end` of a text, and our spelling."""

    word: str
    expected: str
    start: int
    end: int


def is_british(language: str) -> bool:
    """Return whether a language is English with British spelling (`en_GB`, `en_AU`)."""
    code = LanguageCode.parse(language)
    return code.language == "en" and code.region.upper() in _BRITISH


def is_american(language: str) -> bool:
    """Return whether a language is English of the United States (`en_US`)."""
    code = LanguageCode.parse(language)
    return code.language == "en" and code.region.upper() in _AMERICAN


def has_spelling(language: str) -> bool:
    """Return whether there is a table of words for a variant."""
    return bool(_table(language).convert or _table(language).report)


def respell(text: str, language: str, keep: Collection[str] = ()) -> str:
    """Return a text with its words in the spelling of a variant.

    Names stay, and words in `keep`: those in lower case in any letter case.
    """
    table = _table(language)
    if not table.convert and not table.in_context:
        return text
    kept = frozenset(keep)
    out: list[str] = []
    at = 0
    for match in _WORD.finditer(text):
        new = _respelled(match, text, table, kept)
        if new:
            out += (text[at : match.start()], new)
            at = match.end()
    return "".join((*out, text[at:])) if out else text


def spellings_of_others(text: str, language: str) -> Iterator[ForeignSpelling]:
    """Yield the words of a text that only another variant spells so."""
    table = _table(language)
    if not table.report:
        return
    for match in _WORD.finditer(text):
        word = match[0]
        expected = table.report.get(word.lower())
        if expected and not _is_name(match, text):
            yield ForeignSpelling(word, _in_case(expected, word), *match.span())


class _Table(NamedTuple):
    """Words of other variants: to convert, to report, and to convert in some contexts."""

    convert: Mapping[str, str] = {}
    report: Mapping[str, str] = {}
    in_context: bool = False


@lru_cache(maxsize=32)
def _table(language: str) -> _Table:
    if is_american(language):
        kinds = ("both", "oxford", "to-american")
        words = {british: us for british, us, kind in _pairs() if kind in kinds}
        return _Table(words, words)
    if is_british(language):
        words = {us: british for british, us, kind in _pairs() if kind in ("both", "to-british")}
        oxford = {us: british for british, us, kind in _pairs() if kind == "oxford"}
        return _Table(words | oxford, words, in_context=True)
    code = LanguageCode.parse(language)
    if code.language == "es" and code.region.upper() == "ES":
        words = {american: spain for spain, american in _SPANISH}
        return _Table(words, words)
    if code.language == "es" and code.region:
        words = dict((*_SPANISH, *(_MEXICAN if code.region.upper() == "MX" else ())))
        return _Table(words, words | _ONLY_SPAIN)
    return _Table()


@lru_cache(maxsize=1)
def _pairs() -> tuple[tuple[str, str, str], ...]:
    """Return (British, American, kind) of all words; a verb in -ize stands for its forms."""
    lines = files(__package__).joinpath("english.tsv").read_text("utf-8").splitlines()
    pairs = []
    for row in csv.DictReader(lines, delimiter="\t"):
        pair = row["british"], row["american"]
        endings = _OXFORD_ENDINGS if row["kind"] == "oxford" else ()
        forms = [(pair[0][:-1] + end, pair[1][:-1] + end) for end in endings] or [pair]
        pairs += [(*form, row["kind"]) for form in forms]
    return tuple(pairs)


def _respelled(match: re.Match[str], text: str, table: _Table, kept: frozenset[str]) -> str:
    """Return the other spelling of a word, "" if it stays."""
    word = match[0]
    small = word.lower()
    new = table.convert.get(small, "")
    if not new and table.in_context and small in _IN_CONTEXT:
        british, applies = _IN_CONTEXT[small]
        around = _Around(text[: match.start()], text[match.end() :], text)
        new = british if applies(around) else ""
    if not new and "-" in word:
        parts = word.split("-")
        found = [table.convert.get(part, part) if part.islower() else part for part in parts]
        new = "-".join(found) if found != parts else ""
        return "" if not kept.isdisjoint((word, *parts)) else new
    if not new or not kept.isdisjoint((word, small)) or _is_name(match, text):
        return ""
    return _in_case(new, word)


def _is_name(match: re.Match[str], text: str) -> bool:
    """Return whether a word is capitalized inside a sentence, or a usual name at its start."""
    word = match[0]
    if not word[0].isupper():
        return False
    if not (word[1:].islower() and _START.search(text[: match.start()][-8:])):
        return True
    return word.lower() in _NAMES


def _in_case(new: str, word: str) -> str:
    return new[0].upper() + new[1:] if word[0].isupper() else new
