"""Which dictionary there is for a language."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pipeline.core.errors import EngineError
from pipeline.lang.dictionary.dictionary import Dictionary
from pipeline.lang.lemmatizer import supports

VARIABLE = "TRANSLATE_DICTIONARY"

_PLACES = {
    "en": Path("/usr/share/trans/de-en"),
    "es": Path("/usr/share/dictd/freedict-deu-spa.dict.dz"),
    "fr": Path("/usr/share/dictd/freedict-deu-fra.dict.dz"),
}
"""Where Debian has them: `trans-de-en`, `dict-freedict-deu-spa`, `dict-freedict-deu-fra`."""


def load_dictionary(language: str) -> Dictionary | None:
    """Load the dictionary for a language: the one of $TRANSLATE_DICTIONARY_EN (_FR …), or Debian's.

    None where there is none, or the variable is empty; `en_GB` has that of `en`. Raises
    EngineError for a named one that is not there or cannot be used.
    """
    return _find(language.partition("_")[0])


@lru_cache(maxsize=4)
def _find(language: str) -> Dictionary | None:
    variable = f"{VARIABLE}_{language.upper()}"
    chosen = os.environ.get(variable)
    path = Path(chosen) if chosen else _PLACES.get(language)
    if chosen == "" or path is None:
        return None
    if not path.is_file():
        if chosen:
            raise EngineError(f"{path}: no such dictionary", f"Mend {variable}, or empty it.")
        return None
    if not supports(language):
        raise EngineError(f"{path}: there are no hints in {language!r}", f"Empty {variable}.")
    try:
        return Dictionary(path, language)
    except (OSError, ValueError) as error:
        hint = "Name a word list of Ding, in UTF-8, or the .dict.dz of FreeDict beside its .index."
        raise EngineError(f"{path}: {error}", hint) from error
