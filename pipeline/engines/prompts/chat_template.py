"""Writes a conversation as a model was trained to read it: the chat template of its file.

The templates are Jinja, as in `tokenizer.chat_template` of Hugging Face's transformers; they
come with the model and run in Jinja's sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.core.errors import EngineError
from pipeline.engines.prompts.messages import Message

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""The template for a model that brings none."""

Render = Callable[[Sequence[Message], bool], str]
"""Writes messages, with or without the beginning of the answer."""


def renderer(template: str, bos: str, eos: str) -> Render:
    """Make the writer of a template; `bos` and `eos` begin and end a text.

    Raises EngineError for a template that is broken, as the writer does for one that
    refuses a conversation.
    """
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(message: str) -> None:
        raise TemplateError(message)

    def failed(error: Exception) -> EngineError:
        return EngineError(
            f"the chat template of the model cannot be used ({error})",
            "Name the kind of prompt in the settings: [engines.llama] preset (docs/engines.md).",
        )

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = refuse
    try:
        compiled = environment.from_string(template or CHATML)
    except TemplateError as error:
        raise failed(error) from error

    def render(messages: Sequence[Message], answer: bool) -> str:
        try:
            return compiled.render(
                messages=messages, add_generation_prompt=answer, bos_token=bos, eos_token=eos
            )
        except TemplateError as error:
            raise failed(error) from error

    return render


def split(render: Render, shared: Sequence[Message], asked: Sequence[Message]) -> tuple[str, str]:
    """Write a conversation in two parts: what it shares with all others, and the rest.

    `shared` are the first messages of all of them; where the template does not write them
    in front of the others, nothing is shared.
    """
    whole = render([*shared, *asked], True)
    first = render(shared, False) if shared else ""
    return (first, whole[len(first) :]) if whole.startswith(first) else ("", whole)
