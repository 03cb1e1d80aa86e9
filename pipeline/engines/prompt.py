"""The messages with which a chat model is asked for a translation."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.engines import Request
from pipeline.engines.examples import EXAMPLES

LANGUAGES = {
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

Message = dict[str, str]


def language_name(code: str) -> str:
    """Name a language in English, as prompts do; an unknown code stands for itself."""
    return LANGUAGES.get(code.partition("_")[0], code)


def prefix(target: str) -> list[Message]:
    """The messages that all requests of a language share, so that they are computed once."""
    name = language_name(target)
    messages = [
        {
            "role": "system",
            "content": f"You are a professional news translator. Translate each German text "
            f"into {name}. Answer with the complete {name} translation only: nothing left out, "
            f"nothing added, nothing left in German. Keep names and numbers. Where glossary "
            f"entries are given, use exactly these translations, inflected as {name} needs.",
        }
    ]
    for example in EXAMPLES.get(target.partition("_")[0], ()):
        messages += [
            {"role": "user", "content": _ask(example.german, example.terms)},
            {"role": "assistant", "content": example.translation},
        ]
    return messages


def messages(request: Request, target: str) -> list[Message]:
    """The whole conversation that asks for a request's translation."""
    asked = [*prefix(target), {"role": "user", "content": _ask(request.text, request.terms)}]
    if request.previous:
        asked += [
            {"role": "assistant", "content": request.previous},
            {
                "role": "user",
                "content": f"That translation is not right. {' '.join(request.problems)} "
                f"Write the complete corrected {language_name(target)} translation, nothing else.",
            },
        ]
    return asked


def _ask(text: str, terms: Sequence[tuple[str, str]]) -> str:
    if not terms:
        return text
    entries = "; ".join(f"{source} = {target}" for source, target in terms)
    return f"Glossary: {entries}\nText: {text}"
