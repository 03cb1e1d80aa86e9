"""Decisions are stored once, for one project, and survive concurrent writers and damage."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.errors import PipelineError
from pipeline.trust import Reach, Trust, agree, all_decisions, config_dir, not_agreed, revoke

ONE = Reach("engines.openai.url", "https://mt.example", "Texts are sent")
OTHER = Reach("memory", "/srv/*.tmx", "Translations are read")


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the decisions of this test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "translate" / "trust.json"


def test_a_decision_is_stored_until_it_is_revoked(tmp_path: Path, file: Path) -> None:
    """It holds for that setting of that project."""
    assert not_agreed(tmp_path, [ONE, OTHER]) == (ONE, OTHER)
    agree(tmp_path, [ONE])
    agree(tmp_path, [ONE])
    assert not_agreed(tmp_path, [ONE, OTHER]) == (OTHER,)
    assert not_agreed(tmp_path / "other", [ONE]) == (ONE,)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    inside = tmp_path / "a" / "b"
    assert revoke(inside) == (str(tmp_path), 1)
    assert revoke(inside) == ("", 0)
    assert not_agreed(tmp_path, [ONE]) == (ONE,)


def test_a_link_to_a_project_is_the_same_project(tmp_path: Path) -> None:
    """The real path counts."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    agree(tmp_path / "link", [ONE])
    assert not not_agreed(tmp_path / "real", [ONE])


DAMAGED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'{"projects": []}',
    b'{"projects": {"/p": 3}}',
    b'{"projects": {"/p": [3, null, {}]}}',
    b'{"projects": {"/p": [{"digest": 3}]}}',
    b'{"projects": {"/p": [{"setting": [], "digest": "x"}]}}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"version": 1, "projects": {"/p": [{"setting": "a", "val',
]


@pytest.mark.parametrize("data", DAMAGED)
def test_a_damaged_file_trusts_nothing(tmp_path: Path, file: Path, data: bytes) -> None:
    """The user is asked again; what was in the file is kept beside it."""
    file.parent.mkdir(parents=True)
    file.write_bytes(data)
    assert not_agreed(tmp_path, [ONE]) == (ONE,)
    agree(tmp_path, [ONE])
    assert not not_agreed(tmp_path, [ONE])
    json.loads(file.read_bytes())
    copy = file.with_name("trust.json.damaged")
    assert not copy.exists() or copy.read_bytes() == data


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.integers(0, 400))
def test_damage_anywhere_never_trusts_more(
    tmp_path: Path, file: Path, noise: bytes, at: int
) -> None:
    """Whatever is written into the file, no new digest is trusted."""
    file.unlink(missing_ok=True)
    agree(tmp_path, [ONE])
    data = file.read_bytes()
    file.write_bytes(data[:at] + noise + data[at:])
    assert OTHER in not_agreed(tmp_path, [ONE, OTHER])


def test_an_unreadable_file_is_an_error(tmp_path: Path, file: Path) -> None:
    """Nothing is trusted, and the message names the file."""
    file.mkdir(parents=True)
    with pytest.raises(PipelineError, match=r"trust\.json"):
        not_agreed(tmp_path, [ONE])


def test_paths_that_are_not_utf8(tmp_path: Path) -> None:
    """They are stored like others."""
    root = Path(f"{tmp_path}/caf\udce9")
    agree(root, [Reach("model", f"{root}/m.gguf", "A model is loaded")])
    assert str(root) in all_decisions()


WRITER = """
import sys
from pathlib import Path
from pipeline.trust import Reach, agree
for number in range(10):
    agree(Path("/p"), [Reach("memory", f"{sys.argv[1]} {number}", "read")])
"""


def test_concurrent_writers_lose_nothing() -> None:
    """Four processes store ten decisions each on one project."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(number)]) for number in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert len(all_decisions()["/p"]) == 40


@pytest.mark.parametrize("value", ["", "config", "./config", "~/config"])
def test_a_relative_folder_is_never_used(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project could bring it along, with decisions in its own favour."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    assert config_dir() == Path("/home/somebody/.config/translate")


def test_another_process_cannot_ask_the_user() -> None:
    """A worker gets the decisions, not the way to ask, which may belong to a server."""
    sent = pickle.loads(pickle.dumps(Trust(everything=False).asking(lambda *_, **__: True)))
    assert sent == Trust()
    assert pickle.loads(pickle.dumps(Trust(everything=True))).everything
