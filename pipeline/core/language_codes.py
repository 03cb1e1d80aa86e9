"""Language codes of catalogs (`pt_BR`, `sr@latin`) and BCP 47 tags (`pt-BR`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?(@[a-z]+)?")
_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl"}
_ENGLISH_NAMES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


class LanguageCode(NamedTuple):
    """A language code in its parts: `sr_RS@latin` is (`sr`, `RS`, `latin`)."""

    language: str
    region: str = ""
    variant: str = ""

    @classmethod
    def parse(cls, code: str) -> LanguageCode:
        """Split a code; hyphens count as underscores. Never fails: see `is_language_code`."""
        rest, _, variant = code.replace("-", "_").partition("@")
        language, _, region = rest.partition("_")
        return cls(language.lower(), region, variant)

    @property
    def tag(self) -> str:
        """The BCP 47 tag: `pt-BR`, `sr-Latn`, and `de-x-formal` for an unknown variant."""
        script = _SCRIPTS.get(self.variant, "")
        private = f"x-{self.variant[:8]}" if self.variant and not script else ""
        region = self.region.replace("_", "-")
        return "-".join(part for part in (self.language, script, region, private) if part)


def is_language_code(code: str) -> bool:
    """Return whether a text is a language code of catalogs: `en`, `pt_BR`, `sr@latin`."""
    return _CODE.fullmatch(code) is not None


@lru_cache(maxsize=256)
def base_language(code: str) -> str:
    """Return the language without region and variant: `pt` for `pt_BR` and `pt-BR`."""
    return LanguageCode.parse(code).language


def language_tag(code: str) -> str:
    """Return the BCP 47 tag for a language code: `pt-BR` for `pt_BR`."""
    return LanguageCode.parse(code).tag


def english_name(code: str) -> str:
    """Return the English name of a language, or the code itself if it is not known."""
    return _ENGLISH_NAMES.get(base_language(code), code)
