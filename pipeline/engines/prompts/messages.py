"""The messages with which a chat model is asked for a translation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.language_codes import base_language, english_name
from pipeline.core.text import site_names
from pipeline.engines.base import TranslationRequest
from pipeline.engines.prompts import presets
from pipeline.engines.prompts.few_shot import EXAMPLES
from pipeline.engines.prompts.presets import Preset

EXAMPLES_SHOWN = 2
"""How many translations of similar texts a request shows to the model at most."""

EXAMPLE_CHARACTERS = 2_000
"""How long they may be together, so that they leave room for the text and its answer."""

Message = dict[str, str]
Pairs = Sequence[tuple[str, str]]


def prefix(target: str, *, hinted: bool = False) -> list[Message]:
    """The messages that all requests of a language share, so that they are computed once.

    `hinted` says that requests come with hints from a dictionary.
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
    messages = [{"role": "system", "content": system}]
    for example in EXAMPLES.get(base_language(target), ()):
        hints = example.hints if hinted else ()
        messages += [
            {
                "role": "user",
                "content": _ask(example.german, example.terms, hints, label=example.label),
            },
            {"role": "assistant", "content": example.translation},
        ]
    return messages


def messages(
    request: TranslationRequest,
    target: str,
    hints: Pairs | None = None,
    preset: Preset | None = None,
) -> list[Message]:
    """The whole conversation that asks for a request's translation.

    `hints` are pairs (word of the text, meanings); None where there is no dictionary.
    `preset` is how a model made for translating is asked.
    """
    if preset:
        shared = []
    else:
        shared = [*prefix(target, hinted=hints is not None), *_turns(request.examples)]
    return [*shared, *question(request, target, hints, preset)]


def question(
    request: TranslationRequest,
    target: str,
    hints: Pairs | None = None,
    preset: Preset | None = None,
) -> list[Message]:
    """The end of the conversation, behind what is shared: the text, and what was wrong with it."""
    if preset:
        wording = presets.question(preset, request, english_name(target), target)
    else:
        wording = _ask(request.text, request.terms, hints or (), label=request.label)
    asked = [{"role": "user", "content": wording}]
    if request.previous:
        asked += [
            {"role": "assistant", "content": request.previous},
            {
                "role": "user",
                "content": f"That translation is not right. {' '.join(request.problems)} "
                f"Write the complete corrected {english_name(target)} translation, nothing else.",
            },
        ]
    return asked


def _turns(examples: Pairs) -> list[Message]:
    """Approved translations of similar texts as earlier turns, the nearest ones that fit."""
    turns: list[Message] = []
    room = EXAMPLE_CHARACTERS
    for german, translation in reversed(examples[-EXAMPLES_SHOWN:]):
        room -= len(german) + len(translation)
        if room < 0:
            break
        turns = [
            {"role": "user", "content": german},
            {"role": "assistant", "content": translation},
            *turns,
        ]
    return turns


def keeping_addresses(request: TranslationRequest) -> TranslationRequest:
    """Demand, as the glossary does, that addresses of web sites stay as they are."""
    kept = tuple((address, address) for address in site_names(request.text))
    return replace(request, terms=(*request.terms, *kept)) if kept else request


def _ask(text: str, terms: Pairs, hints: Pairs, *, label: bool = False) -> str:
    lines = ["Context: a link or button of a web page"] if label else []
    for heading, pairs in (("Glossary", terms), ("Dictionary", hints)):
        if pairs:
            lines.append(f"{heading}: " + "; ".join(f"{word} = {given}" for word, given in pairs))
    return "\n".join([*lines, f"Text: {text}"]) if lines else text
