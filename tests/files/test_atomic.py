"""Atomic replacement of files: crashes, full disks, concurrent writers."""

from __future__ import annotations

import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pipeline.core.errors import PipelineError
from pipeline.files import atomic, exchange
from pipeline.files.locks import lock_directory


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".translate-")]


def test_a_file_is_made_with_its_folder(tmp_path: Path) -> None:
    """Missing folders are created, and no other file is left in them."""
    path = tmp_path / "a" / "b" / "c.txt"
    atomic.write_atomic(path, b"text")
    assert path.read_bytes() == b"text"
    assert [p.name for p in path.parent.iterdir()] == ["c.txt"]


def test_a_new_file_has_the_rights_the_user_wants(tmp_path: Path) -> None:
    """The umask applies, as for any new file."""
    before = os.umask(0o027)
    try:
        atomic.write_atomic(tmp_path / "a", b"text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_rights_and_links_stay(tmp_path: Path) -> None:
    """The target of a link is replaced and keeps its permissions; the link stays."""
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.po", tmp_path / "link.po"
    real.write_bytes(b"old")
    real.chmod(0o604)
    link.symlink_to(Path("real") / "a.po")
    atomic.write_atomic(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o604


def test_a_folder_is_settled_without_a_write(tmp_path: Path) -> None:
    """A writer was killed after the exchange: its temporary name holds what an editor saved."""
    path = tmp_path / "a.po"
    path.write_bytes(b"ours")
    digests = (exchange._digest(data) for data in (b"a.po", b"ours", b"old"))
    left = tmp_path / f".translate-{'-'.join(digests)}.tmp"
    left.write_bytes(b"old")
    exchange.settle_folder(tmp_path)
    assert (path.read_bytes(), left_over(tmp_path)) == (b"ours", [])
    left.write_bytes(b"saved by the editor")
    exchange.settle_folder(tmp_path)
    assert (path.read_bytes(), left_over(tmp_path)) == (b"saved by the editor", [])
    exchange.settle_folder(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_what_killed_writers_left_is_removed(tmp_path: Path) -> None:
    """The next write to the folder deletes them, and no other file."""
    (tmp_path / ".translate-0123456789abcdef.tmp").write_bytes(b"half")
    (tmp_path / ".translate-0123456789abcdef.part").write_bytes(b"half")
    (tmp_path / ".translate-notes").write_bytes(b"mine")
    atomic.write_atomic(tmp_path / "a", b"text")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".translate-notes", "a"]


@pytest.mark.parametrize("expected", [None, b"as read"])
def test_a_file_that_changed_meanwhile_is_not_replaced(
    tmp_path: Path, expected: bytes | None
) -> None:
    """The save of another program stays, and no temporary file is left."""
    path = tmp_path / "a"
    path.write_bytes(b"theirs")
    with lock_directory(tmp_path), pytest.raises(atomic.FileChangedError):
        atomic.replace_if_unchanged(path, b"ours", expected)
    assert path.read_bytes() == b"theirs"
    assert left_over(tmp_path) == []


def test_a_file_that_is_gone_meanwhile_is_not_made_again(tmp_path: Path) -> None:
    """The caller must read again."""
    with lock_directory(tmp_path), pytest.raises(atomic.FileChangedError):
        atomic.replace_if_unchanged(tmp_path / "a", b"ours", b"as read")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("expected", [None, b"as read"])
def test_a_file_that_did_not_change_is_replaced(tmp_path: Path, expected: bytes | None) -> None:
    """An existing file is replaced, a missing one created."""
    path = tmp_path / "a"
    if expected is not None:
        path.write_bytes(expected)
    with lock_directory(tmp_path):
        atomic.replace_if_unchanged(path, b"ours", expected)
    assert path.read_bytes() == b"ours"
    assert left_over(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two files")
def test_a_save_between_the_look_and_the_replacement_is_given_back(tmp_path: Path) -> None:
    """The exchange reveals the other save, and is undone."""
    path, temporary = tmp_path / "a", tmp_path / "t"
    path.write_bytes(b"saved just now")
    temporary.write_bytes(b"ours")
    with pytest.raises(atomic.FileChangedError):
        atomic.exchange(temporary, path, b"as read")
    assert (path.read_bytes(), temporary.read_bytes()) == (b"saved just now", b"ours")


DIE_BETWEEN = """
import os, signal
expected = path.read_bytes()
rename = exchange._rename
def overtaken(old, new, flag):
    if overtaken.calls:
        os.kill(os.getpid(), signal.SIGKILL)
    overtaken.calls += 1
    path.write_bytes(b"saved by an editor")
    return rename(old, new, flag)
overtaken.calls = 0
exchange._rename = overtaken
with lock_directory(path.parent):
    atomic.replace_if_unchanged(path, b"ours", expected)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two files")
@pytest.mark.parametrize("saved_again", [False, True])
def test_a_save_is_given_back_even_by_the_next_writer(tmp_path: Path, saved_again: bool) -> None:
    """After a kill between the two exchanges, no content is lost."""
    path = tmp_path / "a.po"
    path.write_bytes(b"as read")
    words = [sys.executable, "-c", IMPORTS + DIE_BETWEEN, str(path)]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    assert path.read_bytes() == b"ours"  # the save is in the temporary file
    if saved_again:
        path.write_bytes(b"saved once more")
    atomic.write_atomic(tmp_path / "b.po", b"another")
    assert left_over(tmp_path) == []
    rescued = [p.read_bytes() for p in tmp_path.glob(f"a.po.*{atomic.RESCUED}")]
    if saved_again:
        assert (path.read_bytes(), rescued) == (b"saved once more", [b"saved by an editor"])
    else:
        assert (path.read_bytes(), rescued) == (b"saved by an editor", [])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two files")
def test_a_save_is_kept_if_it_cannot_be_exchanged_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program saves the file, then deletes it, between the two exchanges."""
    path, rename = tmp_path / "a.po", exchange._rename
    path.write_bytes(b"as read")

    def overtaken(old: Path, new: Path, flag: int) -> bool:
        path.write_bytes(b"saved by an editor")
        monkeypatch.setattr(exchange, "_rename", rename)
        done = rename(old, new, flag)
        path.unlink()
        return done

    monkeypatch.setattr(exchange, "_rename", overtaken)
    with lock_directory(tmp_path), pytest.raises(atomic.FileChangedError):
        atomic.replace_if_unchanged(path, b"ours", b"as read")
    atomic.write_atomic(tmp_path / "b.po", b"another")
    assert left_over(tmp_path) == []
    (rescued,) = tmp_path.glob(f"*{atomic.RESCUED}")
    assert rescued.read_bytes() == b"saved by an editor"


@contextmanager
def limited_files(size: int) -> Iterator[None]:
    """Limit files of this process to `size` bytes, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 1, 500, 999])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, room: int) -> None:
    """The old bytes stay, and the error names the file."""
    path = tmp_path / "a.po"
    path.write_bytes(b"old")
    with limited_files(room), pytest.raises(PipelineError, match=r"a\.po: cannot write") as caught:
        atomic.write_atomic(path, b"x" * 1000)
    assert "free space" in caught.value.hint
    assert path.read_bytes() == b"old"
    assert left_over(tmp_path) == []


def as_nobody(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run Python without root, for whom nothing is read-only."""
    drop = "import os; os.getuid() or (os.setgid(65534), os.setuid(65534))\n"
    words = [sys.executable, "-c", IMPORTS + drop + script, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


IMPORTS = """
import sys
from pathlib import Path
from pipeline.core.errors import PipelineError
from pipeline.files import atomic, exchange
from pipeline.files.locks import lock_directory
path = Path(sys.argv[1])
"""
TRY = """
try:
    atomic.write_atomic(path, b"new")
except PipelineError as error:
    print(error.message, "|", error.hint)
"""


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_read_only_stays_as_it_is(what: str) -> None:
    """A read-only file is not replaced, although its folder is writable."""
    import tempfile

    # Not pytest's own folder: nobody else may enter that.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555 if what == "folder" else 0o777)
        path = folder / "a.po"
        path.write_bytes(b"old")
        path.chmod(0o444 if what == "file" else 0o666)
        if os.getuid():
            path.parent.chmod(0o555)
        done = as_nobody(TRY, path)
        assert done.stderr == ""
        assert "a.po: is read-only" in done.stdout or "a.po: cannot write" in done.stdout
        assert path.read_bytes() == b"old"
        folder.chmod(0o755)
        assert left_over(folder) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file in place of a folder is an error with a hint."""
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(PipelineError, match="a/b: "):
        atomic.write_atomic(tmp_path / "a" / "b" / "c", b"")


def test_writers_take_turns(tmp_path: Path) -> None:
    """No update between reading and writing is lost."""
    path = tmp_path / "count"
    path.write_text("0")

    def count() -> None:
        for _ in range(25):
            with lock_directory(tmp_path):
                number = int(path.read_text())
                time.sleep(0.0002)
                atomic.replace_if_unchanged(path, str(number + 1).encode(), str(number).encode())

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == "100"


LOOP = """
number = 0
print(flush=True)
while True:
    number += 1
    atomic.write_atomic(path, (b"%d\\n" % number) * 20_000)
"""


def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    """After a kill at a random moment, the file is complete."""
    path = tmp_path / "a"
    path.write_bytes(b"0\n")
    chance = random.Random(1)
    for _ in range(12):
        words = [sys.executable, "-c", IMPORTS + LOOP, path]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == b"\n"
            time.sleep(chance.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        lines = path.read_bytes().split(b"\n")
        assert len(set(lines[:-1])) == 1
        assert len(lines) in (2, 20_001)
    atomic.write_atomic(path, b"done")
    assert left_over(tmp_path) == []


def test_a_group_replaces_and_creates_files(tmp_path: Path) -> None:
    """In several folders, one of them new; nothing changes before the commit."""
    old, new = tmp_path / "a", tmp_path / "folder" / "b"
    old.write_bytes(b"old")
    with atomic.WriteGroup() as group:
        group.replace_if_unchanged(old, b"ours", b"old")
        group.replace_if_unchanged(new, b"ours", None)
        group.replace(tmp_path / "c", b"ours")
        assert (old.read_bytes(), new.exists()) == (b"old", False)
        assert group.commit() == []
    assert [p.read_bytes() for p in (old, new, tmp_path / "c")] == [b"ours"] * 3
    assert left_over(tmp_path) == left_over(new.parent) == []


def test_a_file_of_a_group_that_changed_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """The others are."""
    paths = [tmp_path / name for name in "abcd"]
    for path in paths[:3]:
        path.write_bytes(b"old")
    with atomic.WriteGroup() as group:
        for path in paths[:3]:
            group.replace_if_unchanged(path, b"ours", b"old")
        group.replace_if_unchanged(paths[3], b"ours", None)
        paths[1].write_bytes(b"saved by an editor")
        paths[2].unlink()
        paths[3].write_bytes(b"created by an editor")
        assert group.commit() == paths[1:]
    kept = [path.read_bytes() for path in paths if path.exists()]
    assert kept == [b"ours", b"saved by an editor", b"created by an editor"]
    assert left_over(tmp_path) == []


def test_a_group_without_a_commit_leaves_nothing(tmp_path: Path) -> None:
    """For example after Ctrl-C."""
    (tmp_path / "a").write_bytes(b"old")
    with suppress(KeyboardInterrupt), atomic.WriteGroup() as group:
        group.replace(tmp_path / "a", b"ours")
        raise KeyboardInterrupt
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"old")]


def test_another_writer_does_not_delete_what_is_staged(tmp_path: Path) -> None:
    """Although it deletes temporary files of killed writers."""
    with atomic.WriteGroup() as group:
        group.replace(tmp_path / "a", b"ours")
        words = [sys.executable, "-c", IMPORTS + TRY, str(tmp_path / "b")]
        subprocess.run(words, check=True)
        assert group.commit() == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_a_full_disk_leaves_the_old_files_of_a_group(tmp_path: Path) -> None:
    """What fits is written."""
    small, large = tmp_path / "small", tmp_path / "large"
    large.write_bytes(b"old")
    with limited_files(500), atomic.WriteGroup() as group:
        group.replace(large, b"x" * 1000)
        group.replace(small, b"x" * 100)
        assert group.commit() == [large]
    assert (large.read_bytes(), small.read_bytes()) == (b"old", b"x" * 100)
    assert left_over(tmp_path) == []
