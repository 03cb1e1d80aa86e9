"""Licences of models that users bring themselves."""

import pytest

from pipeline.engines.licences import find_licence


@pytest.mark.parametrize(
    ("name", "licence", "restriction"),
    [
        ("Hunyuan-MT-7B.Q4_K_M.gguf", "Tencent HY Community License", "the EU, the UK and South"),
        ("HY-MT1.5-1.8B-Q8_0.gguf", "Tencent HY Community License", "the EU, the UK and South"),
        ("Hy-MT2-1.8B-Q4_K_M.gguf", "Apache-2.0", ""),
        ("Tower-Plus-2B.gguf", "CC-BY-NC-4.0", "non-commercial"),
        ("nllb-200-distilled-600M", "CC-BY-NC-4.0", "non-commercial"),
        ("translategemma-4b-it-Q4_K_M.gguf", "Gemma Terms of Use", ""),
        ("EuroLLM-1.7B-Instruct.gguf", "Apache-2.0", ""),
    ],
)
def test_a_known_model_has_a_licence(name: str, licence: str, restriction: str) -> None:
    found = find_licence(name)
    assert found is not None
    assert found.name == licence
    assert restriction in found.restriction
    assert bool(restriction) == bool(found.restriction)


def test_any_other_model_has_none() -> None:
    assert find_licence("some-model.gguf") is None
