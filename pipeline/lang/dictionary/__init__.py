"""Bilingual dictionaries: lookup of inflected words in Ding and FreeDict.

Debian provides them as `trans-de-en`, `dict-freedict-deu-spa` and `dict-freedict-deu-fra`.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core import EngineError, base_language
from pipeline.lang.lemmatizer import supports

if TYPE_CHECKING:
    from pipeline.lang.dictionary.dictionary import Dictionary

__all__ = ["DICTIONARY_VARIABLE", "load_dictionary"]

DICTIONARY_VARIABLE = "TRANSLATE_DICTIONARY"
"""Prefix of the environment variables that name a dictionary: TRANSLATE_DICTIONARY_EN."""

_SYSTEM_PATHS = {
    "en": Path("/usr/share/trans/de-en"),
    "es": Path("/usr/share/dictd/freedict-deu-spa.dict.dz"),
    "fr": Path("/usr/share/dictd/freedict-deu-fra.dict.dz"),
}


def load_dictionary(language: str) -> Dictionary | None:
    """Load the dictionary for a language; regional variants share one.

    The file is the one of $TRANSLATE_DICTIONARY_EN (or _FR, …), else Debian's. Returns None
    if there is none, the variable is empty, or wordfreq, which ranks meanings, is not installed.
    Raises EngineError if the file named by the variable is missing or cannot be used.
    """
    return _load(base_language(language))


@lru_cache(maxsize=4)
def _load(language: str) -> Dictionary | None:
    variable = f"{DICTIONARY_VARIABLE}_{language.upper()}"
    configured = os.environ.get(variable)
    path = Path(configured) if configured else _SYSTEM_PATHS.get(language)
    if configured == "" or path is None:
        return None
    if not path.is_file():
        if configured:
            raise EngineError(
                f"{path}: no such dictionary ({variable})",
                f"Correct {variable}, or set it to an empty value.",
            )
        return None
    if find_spec("wordfreq") is None:
        return None
    from pipeline.lang.dictionary.dictionary import Dictionary

    if not supports(language):
        raise EngineError(
            f"{path}: there is no lemmatizer for {language!r}",
            f"Set {variable} to an empty value.",
        )
    try:
        return Dictionary(path, language)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"{path}: {error}",
            "Name a word list of Ding in UTF-8, or a .dict.dz of FreeDict beside its .index.",
        ) from error
