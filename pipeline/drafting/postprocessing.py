"""Normalization of an engine's result: white space, final marks, quotation marks, variants.

Words never change, except for the first capital and the spelling of a variant (`en_GB`). Quotation
marks follow the usage of the target's press: English “…” (or straight ones, if the German has
them), French « … » with no-break spaces, Spanish «…», in America “…”. French has a no-break space
before `? ! ; :`, in Canada before `:` only (Office québécois de la langue française).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.core import LanguageCode
from pipeline.drafting.variant_forms import adapt

QUOTES = {"en": ("“", "”"), "fr": ("«\u00a0", "\u00a0»"), "es": ("«", "»")}
"""Opening and closing quotation marks by language."""

_OPENING = "\"„“«»‘'‚"
_WRAPPED = re.compile(r'"([^"]*)"|“([^“”]*)”|«\s*([^«»]*?)\s*»', re.DOTALL)
_QUOTED = re.compile(r'"[^"]+"|„[^„“”]+[“”]|»[^»«]+«')
_STRAIGHT = re.compile(r'(?<![\d\w])"([^"]+)"(?!\w)')
_STRAY = re.compile(r'([,.!?]) "(?=\s|$)')
_GUILLEMETS = re.compile(r"«\s*([^«»]*?)\s*»")
_ENDINGS = re.compile(r"(\.\.\.|…|[.!?:;,])$")
_FRENCH_MARKS = re.compile(r"(?<=\w)\s*([?!;:])(?=\s|$)")
_CANADIAN_MARKS = re.compile(r"(?<=[\w»])\s*([?!;])(?=\s|$)")


def normalize(
    source: str, result: str, language: str, terms: Sequence[tuple[str, str]] = ()
) -> str:
    """Normalize the white space, the final mark and the quotation marks of a result.

    A final mark is added or removed to match the German; quotation marks around the whole
    result are removed if the German has none. A variant (`en_GB`) gets its spelling and notation,
    except in `terms`, pairs of German and required translation.
    """
    text = " ".join(result.split())
    straight = _straight(source, language)
    text = _capital(source, _wrap(source, _unwrap(source, text)))
    text = _STRAY.sub(r'\1"', _as_straight(text)) if straight else _quotes(text, language)
    text = _ending(source, text)
    code = LanguageCode.parse(language)
    if code.language == "fr":
        text = _FRENCH_MARKS.sub("\u00a0\\1", text)
        if code.region == "CA":
            text = _CANADIAN_MARKS.sub(r"\1", text)
    return adapt(source, text, language, terms)


def _unwrap(source: str, text: str) -> str:
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped and not source.startswith(tuple(_OPENING)):
        return next(group for group in wrapped.groups() if group is not None)
    return text


def _wrap(source: str, text: str) -> str:
    """Restore the quotation marks around the whole text if the result has lost them all."""
    if _QUOTED.fullmatch(source) and not any(mark in text for mark in _OPENING + "”"):
        return f'"{text}"'
    return text


def _capital(source: str, text: str) -> str:
    """Capitalize the first letter if the German does and the result starts with a plain word."""
    first = text.split(" ", 1)[0]
    return text[0].upper() + text[1:] if source[:1].isupper() and first.islower() else text


def _straight(source: str, language: str) -> bool:
    """Whether the result gets straight marks: in English, if the German text has them."""
    return language.startswith("en") and '"' in source


def _as_straight(text: str) -> str:
    return text.translate(str.maketrans("“”„", '"""'))


def _quotes(text: str, language: str) -> str:
    code = LanguageCode.parse(language)
    in_america = code.language == "es" and code.region not in ("", "ES")
    opening, closing = QUOTES.get("en" if in_america else code.language, ("", ""))
    if not opening:
        return text
    text = _STRAIGHT.sub(rf"{opening}\1{closing}", text) if text.count('"') % 2 == 0 else text
    # Innermost first, until nothing changes.
    while (changed := _GUILLEMETS.sub(rf"{opening}\1{closing}", text)) != text:
        text = changed
    return text


def _ending(source: str, text: str) -> str:
    wanted, got = _ENDINGS.search(source), _ENDINGS.search(text)
    if wanted and not got and text[-1:].isalnum():
        return text + wanted[0]
    if wanted and got and wanted[0] in ("...", "…", ":", ",") and got[0] == ".":
        return text[:-1] + wanted[0]
    # Abbreviations such as "U.S." keep their full stop.
    if got and got[0] == "." and source[-1:].isalnum() and "." not in text.split()[-1][:-1]:
        return text[:-1]
    return text
