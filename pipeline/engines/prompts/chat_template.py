"""Chat templates: the text of a conversation in the format that a model was trained on.

Templates are Jinja, as in `tokenizer.chat_template` of Hugging Face transformers. They come
with the model and run in Jinja's sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.core import EngineError
from pipeline.engines.prompts.messages import Message

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""The template for models without one."""

Render = Callable[[Sequence[Message], bool], str]
"""Renders messages, with or without the beginning of the model's turn."""


def compile_template(template: str, bos: str, eos: str) -> Render:
    """Compile a template; `bos` and `eos` are the tokens that begin and end a text.

    Raises EngineError for an invalid template. The returned function raises it for a
    conversation that the template rejects.
    """
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def raise_exception(message: str) -> None:
        raise TemplateError(message)

    def failed(error: Exception) -> EngineError:
        return EngineError(
            f"the chat template of the model cannot be used ({error})",
            "Set the prompt format with preset in [engines.llama]: see docs/engines.md.",
        )

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = raise_exception
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


def split_prefix(
    render: Render, shared: Sequence[Message], own: Sequence[Message]
) -> tuple[str, str]:
    """Render a conversation in two parts: the prefix shared by all requests, and the rest.

    `shared` are the first messages. If the template does not render them as a prefix of the
    whole conversation, the first part is empty.
    """
    full = render([*shared, *own], True)
    prefix = render(shared, False) if shared else ""
    return (prefix, full[len(prefix) :]) if full.startswith(prefix) else ("", full)
