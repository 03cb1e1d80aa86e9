"""The file a download grows in."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.models.partial_file import DiskFullError, PartialFile

STEPS = st.lists(st.one_of(st.binary(max_size=50), st.sampled_from(["commit", "crash"])))


@given(STEPS)
@settings(max_examples=40, deadline=None)
def test_after_a_crash_exactly_what_was_confirmed_is_there(steps: list[bytes | str]) -> None:
    """After any order of writes, commits and crashes, the file is a valid prefix."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.gguf"
        part = PartialFile(path, "digest")
        written = confirmed = b""
        for step in steps:
            if step == "commit":
                part.commit()
                confirmed = written
            elif step == "crash":
                with part, part.path.open("ab") as torn:
                    torn.write(b"half a block")
                part = PartialFile(path, "digest")
                written = confirmed
            else:
                assert isinstance(step, bytes)
                part.append(step)
                written += step
            assert part.done == len(written)
        part.finish(path)
        assert path.read_bytes() == written
        assert [p.name for p in Path(folder).iterdir()] == ["model.gguf"]


@pytest.mark.parametrize(
    "journal", ["", "{", "[]", '{"content": "digest", "bytes": 99999, "validators": {}}']
)
def test_a_journal_that_does_not_fit_means_beginning_anew(tmp_path: Path, journal: str) -> None:
    """A damaged journal, or one beyond the end of the file, is ignored."""
    (tmp_path / "m.gguf.part").write_bytes(b"something")
    (tmp_path / "m.gguf.part.json").write_text(journal)
    with PartialFile(tmp_path / "m.gguf", "digest") as part:
        assert part.done == 0


def test_the_beginning_of_another_file_is_thrown_away(tmp_path: Path) -> None:
    """A new version of a model is not appended to an old one."""
    with PartialFile(tmp_path / "m.gguf", "old digest") as part:
        part.append(b"old")
        part.commit()
    with PartialFile(tmp_path / "m.gguf", "new digest") as part:
        assert part.done == 0
        part.append(b"n")
        part.finish(tmp_path / "m.gguf")
    assert (tmp_path / "m.gguf").read_bytes() == b"n"


def test_a_disk_too_small_is_reported_before_anything_is_fetched(tmp_path: Path) -> None:
    """The message has the needed and free space and the folder."""
    with PartialFile(tmp_path / "m.gguf", "digest") as part:
        part.expect(10)
        with pytest.raises(DiskFullError) as raised:
            part.expect(5 * 10**18)
    assert str(tmp_path) in raised.value.message
    assert "5.0 EB needed" in raised.value.message
    assert "free" in raised.value.message
    assert "TRANSLATE_MODELS" in raised.value.hint
