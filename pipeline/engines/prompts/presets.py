"""Prompt formats of models trained for translation, from their model cards.

A preset is selected by the model's name or by the setting `preset`. These models receive the
text alone, without examples and dictionary hints, preceded by the glossary terms. The preset
`chat` is for all other models: instructions, examples and hints.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.core import SettingsError, suggest
from pipeline.engines.base import TranslationRequest

CHAT = "chat"
"""The name of the preset for general chat models."""

GEMMA_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<start_of_turn>"
    "{{ 'model' if message.role == 'assistant' else 'user' }}\n"
    "{{ message.content }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
"""Chat template of Gemma. The template of TranslateGemma accepts only codes and a text."""


Terms = tuple[tuple[str, str], ...]
"""Pairs (German form, required translation)."""

_DELIMITER = re.compile(r"<[^<>]+>|\{\w*\}|%\(\w+\)[sd]|%[sd]\b")


@dataclass(frozen=True, slots=True)
class Preset:
    """A prompt format.

    - `name_parts`: lower-case parts of the names of models that need it.
    - `format_text`: returns the prompt for a text, given the name and the code of the language.
    - `template`: a chat template that replaces the model's own.
    - `format_terms`: returns the lines with glossary terms before the prompt.
    """

    name: str
    name_parts: tuple[str, ...]
    format_text: Callable[[str, str, str], str]
    template: str = ""
    format_terms: Callable[[Terms], str] | None = None


def _hunyuan(text: str, name: str, code: str) -> str:
    return f"Translate the following segment into {name}, without additional explanation.\n\n{text}"


def _hy_mt2(text: str, name: str, code: str) -> str:
    if _DELIMITER.search(text):
        return (
            f"Please accurately translate the following text into {name}.\n"
            "You must retain the exact same number of delimiters in the translation. Strictly do "
            "not omit, escape, or translate these symbols, and pay close attention to their "
            f"placement.\n\n{text}"
        )
    return (
        f"Translate the following text into {name}. Note that you should only output the "
        f"translated result without any additional explanation:\n\n{text}"
    )


def _hy_mt2_terms(terms: Terms) -> str:
    lines = "".join(f"{source} translates to {target}\n" for source, target in terms)
    return f"Reference the following translations:\n{lines}\n"


def _translategemma(text: str, name: str, code: str) -> str:
    return (
        f"You are a professional German (de) to {name} ({code}) translator. Your goal is to "
        "accurately convey the meaning and nuances of the original German text while adhering to "
        f"{name} grammar, vocabulary, and cultural sensitivities.\n"
        f"Produce only the {name} translation, without any additional explanations or commentary. "
        f"Please translate the following German text into {name}:\n\n\n{text}"
    )


def _tower(text: str, name: str, code: str) -> str:
    return f"Translate the following text from German into {name}.\nGerman: {text}\n{name}:"


def _eurollm(text: str, name: str, code: str) -> str:
    return f"Translate the following German source text to {name}:\nGerman: {text}\n{name}: "


def _plain_terms(terms: Terms) -> str:
    return "Use these translations: " + "; ".join(f"{s} = {t}" for s, t in terms) + ".\n"


PRESETS = (
    # Before the preset whose name is the beginning of its name.
    Preset("hy-mt2", ("hy-mt2", "hy_mt2"), _hy_mt2, format_terms=_hy_mt2_terms),
    Preset("hunyuan-mt", ("hunyuan-mt", "hunyuan_mt", "hy-mt", "hy_mt"), _hunyuan),
    Preset("translategemma", ("translategemma",), _translategemma, GEMMA_TEMPLATE),
    Preset("tower", ("tower",), _tower),
    Preset("eurollm", ("eurollm",), _eurollm),
)
"""All presets except `chat`."""


def find(setting: str, *names: str) -> Preset | None:
    """Return the preset of the setting, else the preset for a model called any of `names`.

    None is the preset `chat`. Raises SettingsError for an unknown preset.
    """
    if setting == CHAT:
        return None
    for preset in PRESETS:
        matches = any(part in name.lower() for part in preset.name_parts for name in names)
        if preset.name == setting or (not setting and matches):
            return preset
    if not setting:
        return None
    known = [CHAT, *(preset.name for preset in PRESETS)]
    raise SettingsError(f"there is no preset {setting!r}", suggest(setting, known, "Presets"))


def prompt(preset: Preset, request: TranslationRequest, name: str, code: str) -> str:
    """Return the prompt for a request; `name` and `code` are those of the target language."""
    text = preset.format_text(request.text, name, code)
    if not request.terms:
        return text
    return (preset.format_terms or _plain_terms)(request.terms) + text
