"""What a translation must contain: glossary terms, and parts of the text that stay unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.engines.base import TranslationRequest
from pipeline.glossary import TargetMatcher

_VERBATIM = re.compile(
    r"https?://[^\s<>\"„“]+[^\s<>\"„“.,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\{\w*\}|%\(\w+\)[sd]|%[sd]\b"
    r"|</?\w[^<>]*>|\b\w+_\w+\b"
)
"""Web and mail addresses, placeholders, markup and identifiers, which stay unchanged."""

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A required translation of words of the source.

    `exact` requires it letter by letter: for names, addresses and placeholders.
    """

    source: str
    target: str
    exact: bool = False

    def is_satisfied(self, text: str, language: str) -> bool:
        """Return whether a translation contains the target, inflected unless `exact`."""
        if self.exact:
            word = rf"(?<!\w){re.escape(self.target)}(?!\w)"
            return re.search(word, text) is not None
        return bool(TargetMatcher(text, language).find(self.target))


def find_constraints(request: TranslationRequest) -> list[Constraint]:
    """Return the glossary terms, and the parts of the text that must stay unchanged."""
    verbatim = dict.fromkeys(_VERBATIM.findall(request.text))
    terms = [Constraint(source, target, source == target) for source, target in request.terms]
    return [*terms, *(Constraint(text, text, exact=True) for text in verbatim)]


def has_figures(source: str, translation: str) -> bool:
    """Return whether a translation has the same groups of digits as the source."""
    return sorted(_DIGITS.findall(source)) == sorted(_DIGITS.findall(translation))


def insert_terms(text: str, constraints: Iterable[Constraint]) -> str:
    """Return a source text with the targets of constraints in place of their source words."""
    for constraint in constraints:
        if constraint.source:
            text = text.replace(constraint.source, constraint.target, 1)
    return text
