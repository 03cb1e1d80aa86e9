"""Prompt formats of models trained for translation, from their model cards.

A preset is selected by the model's name or by the setting `preset`. These models receive the
text alone, without examples and dictionary hints, preceded by the glossary terms. The preset
`chat` is for all other models: instructions, examples and hints.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Preset:
    """A prompt format.

    - `name_parts`: lower-case parts of the names of models that need it.
    - `format_text`: returns the prompt for a text, given the name and the code of the language.
    - `template`: a chat template that replaces the model's own.
    """

    name: str
    name_parts: tuple[str, ...]
    format_text: Callable[[str, str, str], str]
    template: str = ""


def _hunyuan(text: str, name: str, code: str) -> str:
    return f"Translate the following segment into {name}, without additional explanation.\n\n{text}"


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


PRESETS = (
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
    terms = "; ".join(f"{source} = {target}" for source, target in request.terms)
    return f"Use these translations: {terms}.\n{text}"
