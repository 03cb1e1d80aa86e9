"""The user's own `config.toml`: which hosts may receive a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.errors import SettingsError
from pipeline.core.http import parse_address
from pipeline.trust import load_user_settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "translate" / "config.toml"
    path.parent.mkdir()
    return path


@pytest.mark.parametrize(
    ("host", "url", "named"),
    [
        ("mt.example", "https://mt.example/v1", True),
        ("mt.example", "https://mt.example:443/v1", True),
        ("mt.example:443", "https://MT.example/v1", True),
        ("mt.example.", "https://mt.example/v1", True),
        ("mt.example", "https://mt.example:8443/v1", False),
        ("mt.example:8443", "https://mt.example:8443/v1", True),
        ("mt.example", "https://a.mt.example/v1", False),
        ("mt.example", "https://mt.example.evil.example/v1", False),
        ("127.0.0.1:8080", "http://127.0.0.1:8080", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8081", False),
        ("127.0.0.1", "http://127.0.0.1", True),
        ("[::1]:8080", "http://[::1]:8080/v1", True),
    ],
)
def test_hosts_are_compared_with_their_port(file: Path, host: str, url: str, named: bool) -> None:
    """A host without a port stands for the usual port of the scheme."""
    file.write_text(f'[keys]\nTRANSLATE_X_KEY = ["{host}"]\n', encoding="utf-8")
    found = load_user_settings()
    assert found.names_host("TRANSLATE_X_KEY", parse_address(url)) is named
    assert not found.names_host("TRANSLATE_Y_KEY", parse_address(url))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[keys", "line 1"),
        ("keys = 3", "keys = 3 is not a table"),
        ("[kesy]", "unknown setting 'kesy'"),
        ("[keys]\nOPENAI_API_KEY = []", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = 'mt.example'", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = [3]", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = ['https://mt.example']", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = ['*.example']", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = ['me@mt.example']", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = ['mt.example/v1']", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = ['']", "is not a table"),
        ("[keys]\nTRANSLATE_OPENAI_KEY = ['a\\b']", "is not a table"),
    ],
)
def test_invalid_settings_name_the_file(file: Path, text: str, message: str) -> None:
    """A key is never sent because of a typing mistake."""
    file.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_user_settings()
    assert str(file) in error.value.message
    assert message in error.value.message


def test_without_a_file_no_host_is_named(file: Path) -> None:
    """The file is optional."""
    assert not load_user_settings().keys
