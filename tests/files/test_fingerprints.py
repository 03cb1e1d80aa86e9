"""The cache folder, and fingerprints stored in it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.core import PipelineError, RetryLaterError
from pipeline.files import (
    FingerprintStore,
    cache_dir,
    digest,
    file_signature,
    fingerprints,
    read_state,
)


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
    (stored,) = cache_dir().rglob("fingerprints-2.sqlite")
    stored.write_text(damage)
    assert not FingerprintStore(tmp_path).matches("extracted", path, "1")


def test_a_digest_depends_on_how_the_input_is_split() -> None:
    assert len(digest(b"ab")) == 32
    assert digest(b"ab") != digest(b"a", b"b")


def test_a_change_that_keeps_time_and_size_is_noticed(tmp_path: Path) -> None:
    """As by a program that resets the time, or two saves within the resolution of the clock."""
    path = tmp_path / "a.po"
    path.write_text("one")
    store = FingerprintStore(tmp_path)
    store.record("extracted", path, "1")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text("two")
    os.utime(path, ns=times)
    assert not store.matches("extracted", path, "1")


def test_a_copy_with_the_same_content_is_unchanged(tmp_path: Path) -> None:
    """A fresh checkout or a restored cache of CI has other times and inodes."""
    path = tmp_path / "a.po"
    path.write_text("one")
    with closing(FingerprintStore(tmp_path)) as store:
        store.record("extracted", path, "1", note="n")
    path.unlink()
    path.write_text("one")
    assert FingerprintStore(tmp_path).note("extracted", path, "1") == "n"
    path.unlink()
    assert not FingerprintStore(tmp_path).matches("extracted", path, "1")


def test_an_unchanged_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content of a file that has been the same for long is known from its times."""
    path = tmp_path / "a.txt"
    path.write_text("one")
    store = FingerprintStore(tmp_path)
    assert store.known_content(path) is None
    data, state = read_state(path, path.read_bytes)
    content = state.content
    assert (data, content) == (b"one", hashlib.sha256(b"one").digest())
    store.record_content(path, state)
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert store.known_content(path) == content  # read once more, because it was new
    monkeypatch.setattr("builtins.open", None)
    assert store.known_content(path) == content


def test_processes_share_the_file(tmp_path: Path) -> None:
    """Shards of one machine record at the same time, and nothing is lost."""
    script = (
        "import sys; from pathlib import Path; from pipeline.files import FingerprintStore\n"
        "root = Path(sys.argv[1]); store = FingerprintStore(root)\n"
        "for n in range(700): store.record(f't{sys.argv[2]}-{n}', root / 'a.po', '1')\n"
        "store.close()\n"
    )
    path = tmp_path / "a.po"
    path.touch()
    words = [sys.executable, "-c", script, str(tmp_path)]
    started = [subprocess.Popen([*words, str(number)]) for number in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    store = FingerprintStore(tmp_path)
    assert all(store.matches(f"t{p}-{n}", path, "1") for p in range(4) for n in range(700))


def test_a_read_only_cache_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    path = tmp_path / "a.po"
    path.touch()
    store = FingerprintStore(tmp_path)
    store.record("extracted", path, "1")
    with pytest.raises(PipelineError) as error:
        store.close()
    assert "TRANSLATE_CACHE" in error.value.hint


def recorded(root: Path, path: Path) -> None:
    with closing(FingerprintStore(root)) as store:
        store.record("extracted", path, "1")


def test_a_replaced_file_and_a_clock_that_went_back_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the new file has the time and the size of the old one."""
    path = tmp_path / "a.po"
    path.write_text("one")
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    recorded(tmp_path, path)
    assert FingerprintStore(tmp_path).matches("extracted", path, "1")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    other = tmp_path / "b.po"
    other.write_text("two")
    os.utime(other, ns=times)
    other.replace(path)
    assert not FingerprintStore(tmp_path).matches("extracted", path, "1")
    monkeypatch.setattr(time, "time", lambda: later - 3600)
    recorded(tmp_path, path)
    path.write_text("six")
    os.utime(path, ns=times)
    assert not FingerprintStore(tmp_path).matches("extracted", path, "1")


def test_a_save_after_a_write_is_noticed(tmp_path: Path) -> None:
    """What a run wrote is recorded by its content, whoever saves the file before that."""
    path = tmp_path / "a.po"
    path.write_text("one")
    content = hashlib.sha256(b"one").digest()
    with closing(FingerprintStore(tmp_path)) as store:
        store.record_written("extracted", path, "1", content)
        assert store.matches_content("extracted", path, "1", content)
        assert not store.matches_content("extracted", path, "2", content)
        assert store.matches("extracted", path, "1")
    path.write_text("two")
    assert not FingerprintStore(tmp_path).matches("extracted", path, "1")


def test_a_deleted_store_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text("one")
    recorded(tmp_path, path)
    for stored in cache_dir().rglob("fingerprints-*"):
        stored.unlink()
    assert not FingerprintStore(tmp_path).matches("extracted", path, "1")
    recorded(tmp_path, path)
    assert FingerprintStore(tmp_path).matches("extracted", path, "1")


def test_a_locked_store_is_a_reason_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process that writes for long ends the run with exit code 75."""
    path = tmp_path / "a.po"
    path.write_text("one")
    recorded(tmp_path, path)
    monkeypatch.setattr(fingerprints, "_TIMEOUT", 0.1)
    (stored,) = cache_dir().rglob("fingerprints-2.sqlite")
    with closing(sqlite3.connect(stored, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RetryLaterError, match="locked"):
            recorded(tmp_path, path)
