"""Language codes, their tags and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.language_codes import (
    LanguageCode,
    base_language,
    canonical_code,
    english_name,
    is_language_code,
    language_tag,
    select_languages,
)


@pytest.mark.parametrize(
    ("code", "parts", "tag", "name"),
    [
        ("en", ("en", "", ""), "en", "English"),
        ("pt_BR", ("pt", "BR", ""), "pt-BR", "Brazilian Portuguese"),
        ("pt-BR", ("pt", "BR", ""), "pt-BR", "Brazilian Portuguese"),
        ("en_GB", ("en", "GB", ""), "en-GB", "British English"),
        ("en_ZA", ("en", "ZA", ""), "en-ZA", "English"),
        ("es_419", ("es", "419", ""), "es-419", "Latin American Spanish"),
        ("sr@latin", ("sr", "", "latin"), "sr-Latn", "sr@latin"),
        ("sr_RS@cyrillic", ("sr", "RS", "cyrillic"), "sr-Cyrl-RS", "sr_RS@cyrillic"),
        ("de_AT@formal", ("de", "AT", "formal"), "de-AT-x-formal", "de_AT@formal"),
        ("ca@valencia", ("ca", "", "valencia"), "ca-x-valencia", "ca@valencia"),
        ("", ("", "", ""), "", ""),
    ],
)
def test_a_code_in_its_parts(code: str, parts: tuple[str, str, str], tag: str, name: str) -> None:
    assert LanguageCode.parse(code) == parts
    assert base_language(code) == parts[0]
    assert language_tag(code) == tag
    assert english_name(code) == name


@pytest.mark.parametrize("code", ["en", "ast", "pt_BR", "es_419", "sr@latin", "sr_RS@latin"])
def test_codes_of_catalogs(code: str) -> None:
    assert is_language_code(code)


@pytest.mark.parametrize(
    ("code", "canonical"),
    [("en-GB", "en_GB"), ("en-gb", "en_GB"), ("EN", "EN"), ("sr-rs@latin", "sr_RS@latin"),
     ("pt_BR", "pt_BR"), ("English", "English"), ("zh-Hant-TW", "zh-Hant-TW"), ("", "")],
)  # fmt: skip
def test_codes_are_written_as_catalogs_do(code: str, canonical: str) -> None:
    assert canonical_code(code) == canonical


@pytest.mark.parametrize("code", ["", "e", "english", "pt-BR", "pt_br", "sr@", "en\n", "EN"])
def test_other_texts_are_no_codes(code: str) -> None:
    assert not is_language_code(code)


@pytest.mark.parametrize(
    ("wanted", "tags", "selected"),
    [
        ("en", "en-US de en", "en"),
        ("en", "en-US de EN_gb", "en-US EN_gb"),
        ("en", "eng enm-GB", ""),
        ("en-US", "en", "en"),
        ("en_US", "en-us en", "en-us"),
        ("en_US", "en-GB", ""),
        ("pt_BR", "pt pt-PT", "pt"),
        ("de", "de-DE de_AT de-CH-1996", "de-DE de_AT de-CH-1996"),
        ("zh_TW", "zh zh-Hant-TW", "zh-Hant-TW"),
        ("sr@latin", "sr-Cyrl sr-Latn-RS", "sr-Latn-RS"),
        ("sr@latin", "sr", "sr"),
        ("", "en", ""),
    ],
)
def test_the_most_similar_language_is_selected(wanted: str, tags: str, selected: str) -> None:
    """The region decides, then a tag that adds to it, then one without it."""
    assert select_languages(wanted, tuple(tags.split())) == tuple(selected.split())


@given(st.text(max_size=12))
def test_every_text_can_be_parsed(text: str) -> None:
    """Catalogs may have any text as their language."""
    assert base_language(text) == LanguageCode.parse(text).language
    language_tag(text)
    english_name(text)
    assert "en" in select_languages("en", (text, "en"))
