"""Messages that request a translation from a chat model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core import base_language, english_name, site_names
from pipeline.engines.base import TranslationRequest
from pipeline.engines.prompts import presets
from pipeline.engines.prompts.few_shot import EXAMPLES
from pipeline.engines.prompts.presets import Preset

MAX_EXAMPLES = 2
"""Maximum number of translations of similar texts in a conversation."""

MAX_EXAMPLE_CHARACTERS = 2_000
"""Maximum length of these texts and translations, to leave room for the request itself."""

Message = dict[str, str]
Pairs = Sequence[tuple[str, str]]


PRONOUNS = {
    "fr": ("vous", "tu"),
    "es": ("usted", "tú"),
    "it": ("Lei", "tu"),
    "nl": ("u", "je"),
    "pl": ("Pan/Pani", "ty"),
    "ru": ("вы", "ты"),
    "uk": ("ви", "ти"),
}
"""Formal and informal pronouns by language, for those that distinguish them."""


def has_formality(target: str) -> bool:
    """Return whether prompts for a language can state how to address the reader."""
    return base_language(target) in PRONOUNS


def prefix(target: str, *, hinted: bool = False, formality: str = "") -> list[Message]:
    """Return the messages that all requests of a language share.

    The KV cache of a model keeps them between requests. `hinted` adds instructions for
    dictionary hints, `formality` ("formal", "informal") how to address the reader.
    """
    name = english_name(target)
    system = (
        f"You are a professional news translator. Translate each German text into {name}. "
        f"Answer with the complete {name} translation only: nothing left out, nothing added, "
        f"nothing left in German. Keep names and numbers. Where glossary entries are given, "
        f"use exactly these translations, inflected as {name} needs."
    )
    if hinted:
        system += (
            " A dictionary line gives possible meanings of some words: use them where they "
            "fit the sentence."
        )
    if formality and (pronouns := PRONOUNS.get(base_language(target))):
        pronoun = pronouns[formality == "informal"]
        system += f" Address the reader {formality}ly ({pronoun})."
    messages = [{"role": "system", "content": system}]
    for example in EXAMPLES.get(base_language(target), ()):
        hints = example.hints if hinted else ()
        messages += [
            {
                "role": "user",
                "content": _user_content(example.german, example.terms, hints, label=example.label),
            },
            {"role": "assistant", "content": example.translation},
        ]
    return messages


def conversation(
    request: TranslationRequest,
    target: str,
    hints: Pairs | None = None,
    preset: Preset | None = None,
    formality: str = "",
) -> list[Message]:
    """Return the whole conversation for a request.

    `hints` are pairs (word of the text, meanings); None without a dictionary. `preset` is the
    prompt format of a model trained for translation, which takes no `formality`.
    """
    if preset:
        shared = []
    else:
        shared = prefix(target, hinted=hints is not None, formality=formality)
        shared += _example_turns(request.examples)
    return [*shared, *question(request, target, hints, preset)]


def question(
    request: TranslationRequest,
    target: str,
    hints: Pairs | None = None,
    preset: Preset | None = None,
) -> list[Message]:
    """Return the messages after the shared ones: the text, and the problems of a translation."""
    if preset:
        content = presets.prompt(preset, request, english_name(target), target)
    else:
        content = _user_content(
            request.text, request.terms, hints or (), label=request.label, style=request.style
        )
    turns = [{"role": "user", "content": content}]
    if request.previous:
        turns += [
            {"role": "assistant", "content": request.previous},
            {
                "role": "user",
                "content": f"That translation is not right. {' '.join(request.problems)} "
                f"Write the complete corrected {english_name(target)} translation, nothing else.",
            },
        ]
    return turns


def _example_turns(examples: Pairs) -> list[Message]:
    """Format the most similar examples that fit as earlier turns."""
    turns: list[Message] = []
    room = MAX_EXAMPLE_CHARACTERS
    for german, translation in reversed(examples[-MAX_EXAMPLES:]):
        room -= len(german) + len(translation)
        if room < 0:
            break
        turns = [
            {"role": "user", "content": german},
            {"role": "assistant", "content": translation},
            *turns,
        ]
    return turns


def require_site_names(request: TranslationRequest) -> TranslationRequest:
    """Add the names of web sites in the text as terms that keep their form."""
    site_terms = tuple((name, name) for name in site_names(request.text))
    return replace(request, terms=(*request.terms, *site_terms)) if site_terms else request


def _user_content(
    text: str, terms: Pairs, hints: Pairs, *, label: bool = False, style: str = ""
) -> str:
    lines = ["Context: a link or button of a web page"] if label else []
    lines += [f"Style: {style}"] if style else []
    for heading, pairs in (("Glossary", terms), ("Dictionary", hints)):
        if pairs:
            lines.append(f"{heading}: " + "; ".join(f"{word} = {target}" for word, target in pairs))
    return "\n".join([*lines, f"Text: {text}"]) if lines else text
