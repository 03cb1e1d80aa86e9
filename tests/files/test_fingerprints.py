"""The cache folder, and fingerprints stored in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files import FingerprintStore, cache_dir, digest, file_signature


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))


def test_the_cache_folder_may_start_with_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSLATE_CACHE", "~/x")
    assert cache_dir() == Path.home() / "x"
    monkeypatch.setenv("TRANSLATE_CACHE", "")
    assert cache_dir().name == "translate"


def test_a_fingerprint_matches_until_inputs_or_file_change(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    store = FingerprintStore(tmp_path)
    assert not store.matches("extracted", path, "1")
    path.write_text("one")
    store.record("extracted", path, "1")
    store.close()
    again = FingerprintStore(tmp_path)
    assert again.matches("extracted", path, "1")
    assert not again.matches("extracted", path, "2")
    assert not again.matches("filled", path, "1")
    before = file_signature(path)
    path.write_text("other")
    assert file_signature(path) != before
    assert not again.matches("extracted", path, "1")


@pytest.mark.parametrize("damage", ["", "[]", "{", "null"])
def test_damaged_fingerprints_are_ignored(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.po"
    path.touch()
    store = FingerprintStore(tmp_path)
    store.record("extracted", path, "1")
    store.close()
    (stored,) = cache_dir().rglob("fingerprints.json")
    stored.write_text(damage)
    assert not FingerprintStore(tmp_path).matches("extracted", path, "1")


def test_a_digest_depends_on_how_the_input_is_split() -> None:
    assert len(digest(b"ab")) == 32
    assert digest(b"ab") != digest(b"a", b"b")
