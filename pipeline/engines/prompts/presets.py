"""How models that were made for translating want to be asked, as their authors say.

A preset is chosen by the model's name, or by the setting `preset`. Such models take the text
alone, without examples or meanings of words; what they cannot be told, the glossary, is put in
front of it. `chat` is the preset of all other models: instructions, examples, hints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.core.errors import SettingsError
from pipeline.core.text import suggest
from pipeline.engines.base import TranslationRequest

CHAT = "chat"
"""The preset for models that were made for conversation."""

GEMMA_TURNS = (
    "{{ bos_token }}{% for message in messages %}<start_of_turn>"
    "{{ 'model' if message.role == 'assistant' else 'user' }}\n"
    "{{ message.content }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
"""Gemma's turns. TranslateGemma's own template takes nothing but codes and a text."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A way to ask.

    `known` are parts of the names of models that want it, in small letters. `ask` words the
    question for a text, given the target language's name and code. `template` is a chat
    template to use instead of the model's own.
    """

    name: str
    known: tuple[str, ...]
    ask: Callable[[str, str, str], str]
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
    Preset("translategemma", ("translategemma",), _translategemma, GEMMA_TURNS),
    Preset("tower", ("tower",), _tower),
    Preset("eurollm", ("eurollm",), _eurollm),
)
"""All presets but `chat`. Sources: the models' cards."""


def find(setting: str, *names: str) -> Preset | None:
    """Give the preset that a setting names, else that of a model called `names`; None is `chat`.

    Raises SettingsError for a preset that does not exist.
    """
    if setting == CHAT:
        return None
    for preset in PRESETS:
        called = any(part in name.lower() for part in preset.known for name in names)
        if preset.name == setting or (not setting and called):
            return preset
    if not setting:
        return None
    all_ = [CHAT, *(preset.name for preset in PRESETS)]
    raise SettingsError(f"there is no preset {setting!r}", suggest(setting, all_, "Presets"))


def question(preset: Preset, request: TranslationRequest, name: str, code: str) -> str:
    """Word a request for a preset, in the language `name` with the code `code`."""
    asked = preset.ask(request.text, name, code)
    if not request.terms:
        return asked
    terms = "; ".join(f"{german} = {wanted}" for german, wanted in request.terms)
    return f"Use these translations: {terms}.\n{asked}"
