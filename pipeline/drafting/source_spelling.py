"""Swiss and Austrian sources in the spelling of Germany, for the engine only.

Models have seen more text from Germany (docs/research/drafts-llm.md). The catalog, the memory and
the checks keep the text of the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.engines import TranslationRequest
from pipeline.lang.german import fold_spelling, standardize

_WORD = re.compile(r"[^\W\d_]*ß[^\W\d_]*")


def for_engine(requests: Sequence[TranslationRequest]) -> list[TranslationRequest]:
    """Return requests with texts and terms in the spelling of Germany."""
    return [_standardized(request) for request in requests]


def restore_spelling(source: str, result: str) -> str:
    """Return a result whose copied German words have the spelling of the source: Bahnhofstrasse."""
    if "ß" not in result or "ß" in source:
        return result
    return _WORD.sub(lambda match: _restored(match[0], source), result)


def _standardized(request: TranslationRequest) -> TranslationRequest:
    text = standardize(request.text)
    if text == request.text:
        return request
    terms = tuple((standardize(german), target) for german, target in request.terms)
    return replace(request, text=text, terms=terms, tagged=standardize(request.tagged))


def _restored(word: str, source: str) -> str:
    swiss = fold_spelling(word)
    return swiss if swiss in source else word
