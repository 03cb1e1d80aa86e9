"""Tries in the cache folder: reused, checked, recreated, optional."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marisa_trie import BytesTrie

from pipeline.files.cached_trie import open_trie


class Builder:
    """Builds a trie and counts how often."""

    def __init__(self, values: dict[str, bytes]) -> None:
        self.values, self.calls = values, 0

    def __call__(self) -> Any:
        self.calls += 1
        return BytesTrie(self.values.items())


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.text(min_size=1, max_size=8), st.binary(max_size=8), max_size=20))
def test_a_stored_trie_has_the_same_values(cache: Path, values: dict[str, bytes]) -> None:
    (cache / "table.trie").unlink(missing_ok=True)
    builder = Builder(values)
    for trie in (open_trie("table.trie", builder), open_trie("table.trie", builder)):
        assert dict(trie.items()) == values
    assert builder.calls == 1


def test_outdated_files_are_removed(cache: Path) -> None:
    cache.mkdir()
    for name in ("table-1.trie", "other"):
        (cache / name).touch()
    open_trie("table-2.trie", Builder({"a": b"1"}), ["table-*"])
    assert sorted(path.name for path in cache.glob("[!.]*")) == ["other", "table-2.trie"]


@pytest.mark.parametrize("size", [0, 3, 4, 100, -1])
def test_a_truncated_file_is_recreated(cache: Path, size: int) -> None:
    builder = Builder({"a": b"1", "b": b"2"})
    open_trie("table.trie", builder)
    path = cache / "table.trie"
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    assert open_trie("table.trie", builder)["b"] == [b"2"]
    assert path.read_bytes() == whole
    assert builder.calls == 2


def test_a_changed_byte_is_noticed(cache: Path) -> None:
    builder = Builder({"a": b"1", "b": b"2"})
    open_trie("table.trie", builder)
    path = cache / "table.trie"
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        open_trie("table.trie", builder)
        assert path.read_bytes() == whole


def test_the_cache_folder_cannot_be_written(cache: Path) -> None:
    cache.write_text("a file")
    builder = Builder({"a": b"1"})
    for calls in (1, 2):
        assert open_trie("table.trie", builder)["a"] == [b"1"]
        assert builder.calls == calls
