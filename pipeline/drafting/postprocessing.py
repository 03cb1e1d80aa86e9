"""Small mechanical mends of a machine's answer: its ends and its quotation marks.

None changes a word but for its first capital. Quotation marks follow the usage of the
target's press: English “…” (or straight ones, where the German has them), French « … » with
no-break spaces, Spanish «…».
"""

from __future__ import annotations

import re

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


def tidy(source: str, answer: str, language: str) -> str:
    """Mend the white space, the ends and the quotation marks of an answer.

    A final mark that the German lacks or has is dropped or added; quotation marks around
    the whole answer are dropped where the German has none.
    """
    text = " ".join(answer.split())
    straight = _straight(source, language)
    text = _capital(source, _wrap(source, _unwrap(source, text)))
    text = _STRAY.sub(r'\1"', _as_straight(text)) if straight else _quotes(text, language)
    text = _ending(source, text)
    if language.startswith("fr"):
        text = _FRENCH_MARKS.sub("\u00a0\\1", text)
    return text


def _unwrap(source: str, text: str) -> str:
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped and not source.startswith(tuple(_OPENING)):
        return next(group for group in wrapped.groups() if group is not None)
    return text


def _wrap(source: str, text: str) -> str:
    """Put back the quotation marks around the whole where the answer has lost them all."""
    if _QUOTED.fullmatch(source) and not any(mark in text for mark in _OPENING + "”"):
        return f'"{text}"'
    return text


def _capital(source: str, text: str) -> str:
    """Begin with a capital where the German does and the answer begins with a plain word."""
    first = text.split(" ", 1)[0]
    return text[0].upper() + text[1:] if source[:1].isupper() and first.islower() else text


def _straight(source: str, language: str) -> bool:
    """English has straight quotation marks where the German article has them."""
    return language.startswith("en") and '"' in source


def _as_straight(text: str) -> str:
    return text.translate(str.maketrans("“”„", '"""'))


def _quotes(text: str, language: str) -> str:
    if language not in QUOTES:
        return text
    opening, closing = QUOTES[language]
    text = _STRAIGHT.sub(rf"{opening}\1{closing}", text) if text.count('"') % 2 == 0 else text
    # The innermost first, until nothing changes any more.
    while (mended := _GUILLEMETS.sub(rf"{opening}\1{closing}", text)) != text:
        text = mended
    return text


def _ending(source: str, text: str) -> str:
    wanted, got = _ENDINGS.search(source), _ENDINGS.search(text)
    if wanted and not got and text[-1:].isalnum():
        return text + wanted[0]
    if wanted and got and wanted[0] in ("...", "…", ":", ",") and got[0] == ".":
        return text[:-1] + wanted[0]
    # "U.S." and the like keep their dot.
    if got and got[0] == "." and source[-1:].isalnum() and "." not in text.split()[-1][:-1]:
        return text[:-1]
    return text
