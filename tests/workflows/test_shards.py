"""Shards: every article is in one of them, and together they do what one process does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import SettingsError
from pipeline.workflows.shards import ALL, Shard, parse_shard, shard_from_environment
from tests.conftest import Translate
from tests.workflows.shard_project import (
    SOURCE_DATE,
    outputs,
    translating_server,
    use_server,
    write_project,
)


@given(st.text(min_size=1).map(PurePosixPath), st.integers(1, 50))
def test_an_article_is_in_one_shard(name: PurePosixPath, count: int) -> None:
    assert sum(Shard(number, count).holds(name) for number in range(1, count + 1)) == 1


def test_shards_do_not_depend_on_the_machine() -> None:
    """macOS decomposes the letters of file names; a new version must not reshuffle articles."""
    assert all(
        Shard(n, 7).holds(PurePosixPath("m\u00e4rz"))
        == Shard(n, 7).holds(PurePosixPath("ma\u0308rz"))
        for n in range(1, 8)
    )
    names = [PurePosixPath(name) for name in ("politik/wahl", "start", "märz")]
    assert [[s for s in range(1, 9) if Shard(s, 8).holds(name)] for name in names] == [
        [3],
        [3],
        [5],
    ]


@pytest.mark.parametrize(
    ("variables", "shard"),
    [
        ({}, "1/1"),
        ({"SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "8"}, "1/8"),
        (
            {
                "SLURM_ARRAY_TASK_ID": "9",
                "SLURM_ARRAY_TASK_COUNT": "5",
                "SLURM_ARRAY_TASK_MIN": "1",
                "SLURM_ARRAY_TASK_MAX": "9",
                "SLURM_ARRAY_TASK_STEP": "2",
            },
            "5/5",
        ),
        ({"JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "4"}, "3/4"),
        ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, "1/3"),
        ({"CI_NODE_TOTAL": "1"}, "1/1"),
    ],
)
def test_a_task_of_a_scheduler_is_a_shard(variables: dict[str, str], shard: str) -> None:
    assert str(shard_from_environment(variables)) == shard


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SLURM_ARRAY_TASK_ID": "2"}, "SLURM_ARRAY_TASK_COUNT is missing"),
        ({"SLURM_ARRAY_TASK_ID": "8", "SLURM_ARRAY_TASK_COUNT": "8"}, "not a task of 8"),
        ({"SLURM_ARRAY_TASK_ID": "x", "SLURM_ARRAY_TASK_COUNT": "8"}, "not a number"),
        (
            {
                "SLURM_ARRAY_TASK_ID": "1",
                "SLURM_ARRAY_TASK_COUNT": "3",
                "SLURM_ARRAY_TASK_MIN": "1",
                "SLURM_ARRAY_TASK_MAX": "7",
                "SLURM_ARRAY_TASK_STEP": "1",
            },
            "not 3 equal steps",
        ),
        ({"JOB_COMPLETION_INDEX": "2"}, "number of completions"),
        ({"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "2"}, "not a task"),
    ],
)
def test_what_names_no_shard_is_an_error(variables: dict[str, str], message: str) -> None:
    """Work that silently nobody does would look finished."""
    with pytest.raises(SettingsError, match=message) as error:
        shard_from_environment(variables)
    assert "--shard" in error.value.hint


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "-1/3", "1/3/5", "a/b", ""])
def test_wrong_shards_are_rejected(text: str, inside: Translate) -> None:
    assert parse_shard(text) is None
    done = inside("extract", "--shard", text)
    assert done.returncode == 2
    assert "for example 2/8" in done.stderr


def test_a_shard_of_the_environment_is_announced(folder: Path, inside: Translate) -> None:
    """And --shard 1/1 overrides it."""
    variables = {"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "1000"}
    done = inside("extract", **variables)
    assert "shard 2/1000 from CI_NODE_INDEX" in done.stderr
    assert not list((folder / "output").rglob("*.po"))
    assert inside("extract", "--shard", "1/1", **variables).returncode == 0
    assert list((folder / "output").rglob("*.po"))


def test_extract_check_and_build_by_shard(folder: Path, inside: Translate) -> None:
    """Each command treats every article once."""
    write_project(folder, 12)
    shards = [f"{number}/5" for number in range(1, 6)]
    made = [
        inside("extract", "-l", "en", "--shard", shard).stdout.count(".po\n") for shard in shards
    ]
    assert sum(made) == 12
    assert max(made) < 12
    checked = [inside("check", "-l", "en", "--shard", shard, "--json") for shard in shards]
    assert all(done.returncode == 0 for done in checked), [done.stderr for done in checked]
    assert "see only these: catalog-language, consistency" in checked[0].stderr
    built = [inside("build", "-l", "en", "--draft", "--shard", shard) for shard in shards]
    assert sum(done.stdout.count("built ") for done in built) == 12
    empty = inside("check", "-l", "en", "--shard", "1/1000")
    assert (empty.returncode, "0 of 12 catalogs" in empty.stderr) == (0, True)


def test_a_renamed_article_is_moved_by_its_new_shard(folder: Path, inside: Translate) -> None:
    """The other shards neither move it nor report it."""
    inside("extract")
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    told = [inside("extract", "--yes", "--shard", f"{number}/3") for number in (1, 2, 3)]
    assert sum("moved the catalogs" in done.stderr for done in told) == 1
    assert all(done.returncode == 0 for done in told)
    assert not (folder / "output/en/LC_MESSAGES/bruecke.po").exists()


def test_eight_shards_write_the_same_bytes_as_one_process(folder: Path) -> None:
    """Catalogs, templates, built articles and compiled catalogs, from parallel processes."""
    write_project(folder, 12)
    environment = os.environ | SOURCE_DATE
    with translating_server() as server:
        use_server(folder, server.url)
        sharded = folder.parent / "sharded" / folder.name  # catalogs contain the name
        shutil.copytree(folder, sharded)

        def start(root: Path, *words: str) -> subprocess.Popen[str]:
            return subprocess.Popen(
                [sys.executable, "-m", "pipeline", *words],
                cwd=root, env=environment | {"TRANSLATE_CACHE": str(root.parent / "own cache")},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip

        def finish(*processes: subprocess.Popen[str]) -> None:
            for process in processes:
                said, _ = process.communicate(timeout=500)
                assert process.returncode == 0, said

        finish(start(folder, "run"))
        finish(*(start(sharded, "run", "--shard", f"{n}/8") for n in range(1, 9)))
        finish(start(folder, "build", "--draft"))
        finish(*(start(sharded, "build", "--draft", "--shard", f"{n}/2") for n in (1, 2)))
    assert outputs(sharded) == outputs(folder)
    assert any(b"fuzzy" in data for data in outputs(folder).values())


def test_any_number_of_processes_writes_the_same_bytes(folder: Path, inside: Translate) -> None:
    """And reports the same, in the same order."""
    write_project(folder, 100)
    found = []
    for jobs in ("1", "4"):
        shutil.rmtree(folder / "output", ignore_errors=True)
        extracted = inside("extract", "--force-language", "-j", jobs, **SOURCE_DATE)
        built = inside("build", "--allow-missing", "-j", jobs, **SOURCE_DATE)
        assert (extracted.returncode, built.returncode) == (0, 0), extracted.stderr + built.stderr
        assert extracted.stdout.count("\n") == 300
        found.append((extracted.stdout, built.stdout, outputs(folder)))
        assert "up to date" in inside("extract", "--force-language", "-j", jobs).stdout
    assert found[0] == found[1]


def test_without_options_there_is_one_shard() -> None:
    assert ALL.holds(PurePosixPath("a"))
