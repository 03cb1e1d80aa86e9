"""Telephone numbers, which every country groups in its own way.

A number with a country code and one without are the same if the national digits are: ITU-T
E.123 and E.164.
"""

from __future__ import annotations

import re

_LABEL = r"(?:Tel|Telefon|Telephone|Phone|Fax|Mobil|Mobile|Hotline|Handy|Téléphone|Tél|Teléfono)"
_PHONE = re.compile(
    rf"(?:(?:{_LABEL}\b\.?:?[ \u00a0]?)(?=[+(]?\d)|(?<![\w.,/-])(?=\+\d|\(0\d|0\d{{2,4}}[ /-]))"
    r"(?P<number>\+?\(?\d(?:[ \u00a0\u202f()/.-]{0,3}\d){5,17})",
    re.IGNORECASE,
)
_NOT_DIGIT = re.compile(r"\D")
_DIGIT = re.compile(r"\d")
_MIN_NATIONAL = 6


def without_equal_phones(source: str, target: str) -> tuple[str, str]:
    """Return two texts with the telephone numbers blanked that both contain."""
    theirs = list(_PHONE.finditer(source)) if "0" in source or "+" in source else []
    ours = list(_PHONE.finditer(target)) if theirs else []
    for one in theirs:
        match = next((other for other in ours if _same(one["number"], other["number"])), None)
        if match is not None:
            source, target = _blank(source, one), _blank(target, match)
            ours.remove(match)
    return source, target


def _same(number: str, other: str) -> bool:
    one, two = (_NOT_DIGIT.sub("", text).lstrip("0") for text in (number, other))
    # (0) after a country code is not dialled with it.
    one, two = (re.sub(r"^(4\d|3\d|1)0", r"\1", digits) for digits in (one, two))
    shorter = min(len(one), len(two))
    return shorter >= _MIN_NATIONAL and (one.endswith(two) or two.endswith(one))


def _blank(text: str, match: re.Match[str]) -> str:
    """Return a text with spaces for the digits of a number, so that offsets stay."""
    start, end = match.span("number")
    return text[:start] + _DIGIT.sub(" ", text[start:end]) + text[end:]
