"""Which dictionary there is for a language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pipeline.dictionary import Dictionary
from pipeline.errors import EngineError

VARIABLE = "TRANSLATE_DICTIONARY"

_PLACES = {
    "en": Path("/usr/share/trans/de-en"),
    "es": Path("/usr/share/dictd/freedict-deu-spa.dict.dz"),
    "fr": Path("/usr/share/dictd/freedict-deu-fra.dict.dz"),
}
"""Where Debian has them: `trans-de-en`, `dict-freedict-deu-spa`, `dict-freedict-deu-fra`."""


@lru_cache(maxsize=4)
def find(language: str) -> Dictionary | None:
    """Load the dictionary for a language: $TRANSLATE_DICTIONARY_EN (or _FR …), or Debian's; None
    if none.

    An empty variable switches it off. Raises EngineError for one that is not there.
    """
    variables: Mapping[str, str] = os.environ
    chosen = variables.get(f"{VARIABLE}_{language.upper()}")
    path = Path(chosen) if chosen else _PLACES.get(language)
    if chosen == "" or path is None:
        return None
    if not path.is_file():
        if chosen:
            raise EngineError(
                f"{path}: no such dictionary", f"Mend {VARIABLE}_{language.upper()}, or empty it."
            )
        return None
    try:
        return Dictionary(path, language)
    except (OSError, ValueError) as error:
        hint = "Name a word list of Ding, in UTF-8, or the .dict.dz of FreeDict beside its .index."
        raise EngineError(f"{path}: {error}", hint) from error
