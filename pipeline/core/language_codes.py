"""Language codes of catalogs (`pt_BR`, `sr@latin`) and BCP 47 tags (`pt-BR`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CODE = re.compile(r"[a-z]{2,3}(_([A-Z]{2}|[0-9]{3}))?(@[a-z]+)?")
_NO_MATCH = 3
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
_VARIANT_NAMES = {
    "en_GB": "British English",
    "en_US": "American English",
    "en_AU": "Australian English",
    "en_CA": "Canadian English",
    "en_IE": "Irish English",
    "fr_BE": "Belgian French",
    "fr_CA": "Canadian French",
    "fr_CH": "Swiss French",
    "es_419": "Latin American Spanish",
    "es_AR": "Argentine Spanish",
    "es_ES": "European Spanish",
    "es_MX": "Mexican Spanish",
    "es_US": "American Spanish",
    "it_CH": "Swiss Italian",
    "nl_BE": "Flemish",
    "pt_BR": "Brazilian Portuguese",
    "pt_PT": "European Portuguese",
    "zh_CN": "Simplified Chinese",
    "zh_TW": "Traditional Chinese",
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


def canonical_code(code: str) -> str:
    """Return a code as catalogs write it: `en_GB` for `en-GB` and `en_gb`.

    A code of any other form stays as it is.
    """
    language, mark, rest = code.replace("-", "_").partition("_")
    region, at, variant = rest.partition("@")
    canonical = f"{language}{mark}{region.upper()}{at}{variant}"
    return canonical if is_language_code(canonical) else code


@lru_cache(maxsize=256)
def base_language(code: str) -> str:
    """Return the language without region and variant: `pt` for `pt_BR` and `pt-BR`."""
    return LanguageCode.parse(code).language


def language_tag(code: str) -> str:
    """Return the BCP 47 tag for a language code: `pt-BR` for `pt_BR`."""
    return LanguageCode.parse(code).tag


@lru_cache(maxsize=1024)
def select_languages(wanted: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags that fit a language best, in order; every exchange format uses this rule.

    1. the same language and region, whatever its case and separator (`pt_BR`, `pt-br`);
    2. else tags that only add to it (`en` selects `en-US` and `en-GB`, `zh_TW` selects
       `zh-Hant-TW`), the extended filtering of RFC 4647, section 3.3.2;
    3. else tags that say less (`pt_BR` selects `pt`), but never another region.
    """
    parts = _subtags(wanted)
    ranks = {tag: _rank(parts, _subtags(tag)) for tag in tags}
    best = min(ranks.values(), default=_NO_MATCH)
    return tuple(tag for tag, rank in ranks.items() if rank == best < _NO_MATCH)


def _rank(wanted: tuple[str, ...], tag: tuple[str, ...]) -> int:
    if wanted == tag:
        return 0
    if _adds_to(tag, wanted):
        return 1
    return 2 if _adds_to(wanted, tag) else _NO_MATCH


def _adds_to(tag: tuple[str, ...], base: tuple[str, ...]) -> bool:
    """Return whether a tag has the subtags of another one, in order, and more."""
    rest = iter(tag)
    return bool(base) and tag[:1] == base[:1] and all(part in rest for part in base)


@lru_cache(maxsize=256)
def _subtags(code: str) -> tuple[str, ...]:
    return tuple(filter(None, language_tag(code.strip()).lower().split("-")))


def english_name(code: str) -> str:
    """Return the English name of a language: `British English`; an unknown code stays."""
    plain = canonical_code(code).partition("@")[0]
    return _VARIANT_NAMES.get(plain) or _ENGLISH_NAMES.get(base_language(code), code)
