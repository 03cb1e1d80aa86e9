"""Editors that save a catalog while it is written: no save is lost, however it is done."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, EditGroup
from pipeline.catalog.po import file
from pipeline.core import CatalogBusyError, CatalogError, PipelineError, Provenance, waiting
from pipeline.files import exchange, writers

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: fr\\n"\n'
COUNT = 30
HUMAN = range(COUNT // 2, COUNT)  # entries that the editor translates; they are written last
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows who writes a file")

EDITOR = """
import os, sys, time, mmap
path, how, pause = sys.argv[1], sys.argv[2], float(sys.argv[3])
data = sys.stdin.buffer.read()
cut = data.index(b'msgid "Satz 10"')
halves = [data[:cut], data[cut:]]
def opened(flags):
    return os.open(path, os.O_WRONLY | flags)
if how == "rename":
    with open(path + "~", "wb") as copy:
        copy.write(data)
    print(flush=True)
    time.sleep(pause)
    os.replace(path + "~", path)
elif how == "mapped":
    descriptor = os.open(path, os.O_RDWR)
    os.ftruncate(descriptor, len(data))
    area = mmap.mmap(descriptor, len(data))
    os.close(descriptor)
    area[:cut] = halves[0]
    print(flush=True)
    time.sleep(pause)
    area[cut:] = halves[1]
else:
    descriptor = opened(os.O_TRUNC if how in ("truncate", "sync") else 0)
    if how == "opened":
        print(flush=True)
        time.sleep(pause)
    if how == "emptied":
        os.ftruncate(descriptor, 0)
        print(flush=True)
        time.sleep(pause)
    for number, half in enumerate(halves):
        os.write(descriptor, half)
        if how == "sync":
            os.fsync(descriptor)
        if not number:
            how in ("opened", "emptied") or print(flush=True)
            time.sleep(pause)
    os.ftruncate(descriptor, len(data))
    os.close(descriptor)
"""
WAYS = ["truncate", "sync", "overwrite", "opened", "emptied", "mapped", "rename"]


def rendered(targets: dict[int, str]) -> str:
    entries = (f'msgid "Satz {n}"\nmsgstr "{targets.get(n, "")}"\n' for n in range(COUNT))
    return "\n".join([HEADER, *entries])


def drafts(prefix: str = "Phrase") -> dict[str, Draft]:
    origin = Provenance("llama", "m.gguf", "", "")
    return {f"Satz {n}": Draft(f"{prefix} {n}", origin) for n in range(COUNT)}


@contextmanager
def saving(path: Path, how: str, pause: float) -> Iterator[None]:
    """Save human translations in an editor, which is between the halves of its save."""
    data = rendered({n: f"Humain {n}" for n in HUMAN})
    with subprocess.Popen(
        [sys.executable, "-c", EDITOR, path, how, str(pause)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as editor:  # fmt: skip
        assert editor.stdin
        assert editor.stdout
        editor.stdin.write(data)
        editor.stdin.close()
        assert editor.stdout.readline() == "\n"
        yield
        assert editor.wait() == 0


def targets(path: Path) -> dict[str, str]:
    return {entry.source: entry.target for entry in catalog.load(path).translations}


def test_a_save_beside_a_group_of_edits_is_kept(tmp_path: Path) -> None:
    """The file is edited again, from what the human saved; the others are written as staged."""
    paths = [tmp_path / name for name in ("a.po", "b.po", "c.po")]
    for path in paths[:2]:
        path.write_text(rendered({}))
    group: EditGroup[tuple[str, ...]] = EditGroup()
    for path in paths:
        group.edit(path, catalog.draft_insertion(drafts()))
    paths[1].write_text(rendered({3: "Humain 3"}))
    first, second, third = group.commit()
    assert isinstance(third, CatalogError), "the file is missing"
    assert not isinstance(first, PipelineError)
    assert not isinstance(second, PipelineError)
    assert (len(first.result), len(second.result)) == (COUNT, COUNT - 1)
    assert targets(paths[1])["Satz 3"] == "Humain 3"
    assert [path.read_bytes() for path in paths[:2]] == [first.after, second.after]


@LINUX
@pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "link"])
@pytest.mark.parametrize("how", WAYS)
def test_a_save_during_a_run_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, exchanges: bool
) -> None:
    """The drafts are written beside the human's translations, whoever writes last."""
    if not exchanges:
        monkeypatch.setattr(exchange, "_rename", lambda old, new, flag: False)
    path = tmp_path / "a.po"
    path.write_text(rendered({}))
    with saving(path, how, 0.25):
        catalog.write_drafts(path, drafts())
    catalog.write_drafts(path, drafts())
    found = targets(path)
    assert [found[f"Satz {n}"] for n in HUMAN] == [f"Humain {n}" for n in HUMAN]
    assert found["Satz 0"] == "Phrase 0"
    assert [p.name for p in tmp_path.iterdir()] == ["a.po"]


@LINUX
def test_half_a_save_is_not_read(tmp_path: Path) -> None:
    """A reader waits for the editor, and then sees all of its save."""
    path = tmp_path / "a.po"
    path.write_text(rendered({}))
    with saving(path, "truncate", 0.3):
        found = targets(path)
    assert len(found) == COUNT
    assert found[f"Satz {COUNT - 1}"] == f"Humain {COUNT - 1}"


@LINUX
def test_an_editor_that_opens_the_file_while_it_is_replaced(tmp_path: Path) -> None:
    """Editors that open the file at any moment of many replacements lose nothing."""
    path = tmp_path / "a.po"
    path.write_text(rendered({}))
    stopped = threading.Event()

    def write() -> None:
        for number in range(10_000):
            if stopped.is_set():
                return
            catalog.write_drafts(path, drafts(f"Version {number}"), redraft=True)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(40):
            with path.open("r+b") as stream:  # The replacement waits from here on.
                time.sleep(0.002)
                data = rendered(dict.fromkeys(HUMAN, f"Humain {number}")).encode()
                stream.write(data)
                stream.truncate()
            found = targets(path)
            assert {found[f"Satz {n}"] for n in HUMAN} == {f"Humain {number}"}, number
    finally:
        stopped.set()
        writer.join()


@LINUX
def test_an_editor_that_never_closes_the_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait is reported and bounded, and the error names the program."""
    path = tmp_path / "a.po"
    path.write_text(rendered({}))
    said: list[str] = []
    monkeypatch.setattr(waiting, "_reporter", said.append)
    monkeypatch.setattr(waiting, "REPORT_AFTER", 0.05)
    read = writers.read_settled
    monkeypatch.setattr(file, "read_settled", lambda path, call: read(path, call, timeout=0.2))
    with path.open("r+b"), pytest.raises(CatalogBusyError) as caught:
        catalog.write_drafts(path, drafts())
    assert f"(process ID {os.getpid()})" in caught.value.message
    assert caught.value.exit_code == 75
    assert len(said) == 1
    assert str(path) in said[0]


def test_without_leases_a_file_must_have_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a network file system, a file that has just changed is waited for, with a warning."""
    monkeypatch.setattr(writers, "_set_lease", lambda descriptor, device: None)
    monkeypatch.setattr(writers, "_SETTLE_SECONDS", 0.4)
    said: list[str] = []
    monkeypatch.setattr(waiting, "_reporter", said.append)
    path = tmp_path / "a.po"
    path.write_text(rendered({}))
    with saving(path, "truncate", 0.2):
        catalog.write_drafts(path, drafts())
    found = targets(path)
    assert [found[f"Satz {n}"] for n in HUMAN] == [f"Humain {n}" for n in HUMAN]
    assert found["Satz 0"] == "Phrase 0"
    assert "does not show whether that save is complete" in said[0]


def test_own_files_need_not_settle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that this process wrote is complete, so that batches follow without delay."""
    monkeypatch.setattr(writers, "_set_lease", lambda descriptor, device: None)
    monkeypatch.setattr(waiting, "_reporter", pytest.fail)
    path = tmp_path / "a.po"
    catalog.sync(path, "fr", [], project="p")
    start = time.monotonic()
    for number in range(3):
        catalog.sync(path, "fr", [catalog.Message(f"Satz {number}")], project="p")
    assert time.monotonic() - start < writers._SETTLE_SECONDS


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.files import atomic, exchange, lock_directory
path = Path(sys.argv[1])
rename = Path.rename
def die(old, new):
    done = rename(old, new)
    if str(new).endswith(".old"):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
exchange._rename = lambda old, new, flag: False
Path.rename = die
with lock_directory(path.parent):
    atomic.replace_if_unchanged(path, b"new", path.read_bytes())
"""


def test_a_file_that_a_killed_writer_renamed_is_found(tmp_path: Path) -> None:
    """The next reader restores it, and the next writer too."""
    path = tmp_path / "a.po"
    for use in (file.read_bytes, lambda path: file.edit(path, lambda old: (old.text, None))):
        path.write_text(rendered({1: "Humain"}))
        done = subprocess.run([sys.executable, "-c", KILLED, path], check=False)
        assert done.returncode < 0
        assert not path.exists()
        use(path)
        assert path.read_text() == rendered({1: "Humain"})
        assert [p.name for p in tmp_path.iterdir()] == ["a.po"]
