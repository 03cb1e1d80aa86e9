"""How models made for translating are asked, and how conversations are written for a model."""

from __future__ import annotations

import re

import pytest

from pipeline.core.errors import EngineError, SettingsError
from pipeline.engines.base import TranslationRequest
from pipeline.engines.prompts import chat_template, messages, presets

REQUEST = TranslationRequest("Der Gipfel endete.", (("Gipfel", "summit"),))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Hunyuan-MT-7B.Q4_K_M.gguf", "hunyuan-mt"),
        ("HY-MT1.5-1.8B-Q8_0.gguf", "hunyuan-mt"),
        ("translategemma-4b-it-Q4_K_M.gguf", "translategemma"),
        ("TowerInstruct-7B-v0.2.Q5_K_M.gguf", "tower"),
        ("Tower-Plus-2B.gguf", "tower"),
        ("EuroLLM-1.7B-Instruct.Q4_K_M.gguf", "eurollm"),
        ("Hy-MT2-1.8B-Q4_K_M.gguf", "hy-mt2"),
    ],
)
def test_a_model_made_for_translating_is_known_by_its_name(file: str, name: str) -> None:
    """And asked as its authors say: one question, the text whole, the terms in front."""
    preset = presets.find("", file)
    assert preset is not None
    assert preset.name == name
    (message,) = messages.conversation(REQUEST, "en", preset=preset)
    assert message["role"] == "user"
    assert "English" in message["content"]
    assert "Der Gipfel endete." in message["content"]
    assert re.search("Gipfel (=|translates to) summit", message["content"])


def test_hy_mt2_is_told_to_keep_delimiters() -> None:
    """Its authors have a prompt for texts with placeholders or markup."""
    preset = presets.find("", "Hy-MT2-7B.gguf")
    assert preset is not None
    for text, told in (
        ("Der Gipfel endete.", False),
        ("Hallo, {name}.", True),
        ("<b>Ja</b>", True),
    ):
        asked = presets.prompt(preset, TranslationRequest(text), "English", "en")
        assert ("same number of delimiters" in asked) == told
        assert asked.endswith(text)


def test_other_models_get_instructions_and_examples() -> None:
    """And so does every model on demand."""
    assert presets.find("", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf") is None
    assert presets.find("chat", "Hunyuan-MT-7B.gguf") is None
    assert len(messages.conversation(REQUEST, "en")) > 3


def test_a_preset_that_does_not_exist() -> None:
    """The one that may be meant is named."""
    with pytest.raises(SettingsError, match="no preset 'towr'") as error:
        presets.find("towr", "x.gguf")
    assert "'tower'" in error.value.hint


def test_turns_of_translategemma() -> None:
    """Its own template takes no conversation, so ours writes Gemma's turns."""
    preset = presets.find("translategemma", "x.gguf")
    assert preset is not None
    render = chat_template.compile_template(preset.template, "<bos>", "<eos>")
    asked = messages.conversation(
        TranslationRequest("Ja.", previous="Ja.", problems=("No.",)), "fr", preset=preset
    )
    text = render(asked, True)
    assert text.startswith("<bos><start_of_turn>user\nYou are a professional German (de) to French")
    assert "<end_of_turn>\n<start_of_turn>model\nJa.<end_of_turn>\n" in text
    assert text.endswith("<start_of_turn>model\n")


def test_a_conversation_is_written_in_two_parts() -> None:
    """What is shared comes first, and both make up the whole."""
    render = chat_template.compile_template("", "", "")
    shared = [{"role": "system", "content": "Translate."}]
    asked = [{"role": "user", "content": "Ja."}]
    first, rest = chat_template.split_prefix(render, shared, asked)
    assert first == "<|im_start|>system\nTranslate.<|im_end|>\n"
    assert first + rest == render([*shared, *asked], True)


def test_a_template_that_puts_the_instructions_into_the_question() -> None:
    """Nothing is shared then, and nothing is lost."""
    template = "{{ messages[-1].content }} ({{ messages[0].content }})"
    render = chat_template.compile_template(template, "", "")
    shared = [{"role": "system", "content": "Translate."}]
    asked = [{"role": "user", "content": "Ja."}]
    assert chat_template.split_prefix(render, shared, asked) == ("", "Ja. (Translate.)")


@pytest.mark.parametrize("template", ["{% if %}", "{{ raise_exception('no system role') }}"])
def test_a_template_that_cannot_be_used(template: str) -> None:
    """The error names the setting that helps."""
    with pytest.raises(EngineError, match="chat template") as error:
        chat_template.compile_template(template, "", "")([{"role": "user", "content": "Ja."}], True)
    assert "preset" in error.value.hint


def test_a_template_cannot_do_harm() -> None:
    """It comes with a model from anywhere, so it runs in a sandbox."""
    template = "{{ messages.__class__.__mro__[1].__subclasses__() }}"
    with pytest.raises(EngineError, match="chat template"):
        chat_template.compile_template(template, "", "")([{"role": "user", "content": "Ja."}], True)
