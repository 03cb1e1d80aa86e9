"""The recipes of docs/scale.md do what they say, as far as their schedulers can be simulated."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.workflows.shard_project import translating_server, use_server, write_project

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/scale.md").read_text(encoding="utf-8")


def block(kind: str, word: str) -> str:
    """Return the snippet of a kind that contains a word."""
    found = [b for b in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) if word in b]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project that a server on this machine drafts, and `translate` in the path."""
    write_project(folder, 6)
    tools = folder.parent / "bin"
    tools.mkdir()
    (tools / "translate").write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pipeline "$@"\n', encoding="utf-8"
    )
    (tools / "translate").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(folder)
    (folder / "out").mkdir()
    with translating_server() as server:
        use_server(folder, server.url)
        yield folder


def shell(text: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", text], capture_output=True, text=True, env=os.environ | variables,
        check=False, timeout=500,
    )  # fmt: skip


def test_xargs(project: Path) -> None:
    """The last command of the recipe has the sum of all shards, and their exit code."""
    done = shell(block("sh", "xargs"))
    assert done.returncode == 0, done.stderr
    assert "4 reports, 6 catalogs, 30 segments\n30 drafted" in done.stdout


def test_slurm(project: Path) -> None:
    """Each task of the array takes its shard from the environment."""
    script = block("bash", "SBATCH")
    first, last = map(int, re.findall(r"--array=(\d+)-(\d+)", script)[0])
    array = {
        "SLURM_ARRAY_TASK_COUNT": str(last - first + 1), "SLURM_ARRAY_TASK_MIN": str(first),
        "SLURM_ARRAY_TASK_MAX": str(last), "SLURM_ARRAY_TASK_STEP": "1",
    }  # fmt: skip
    for task, shard in ((str(first), "1/4"), (str(last), "4/4")):
        done = shell(script, SLURM_ARRAY_TASK_ID=task, **array)
        assert done.returncode == 0, done.stderr
        assert json.loads(Path(f"out/{task}.json").read_bytes())["shard"] == shard


def test_kubernetes(project: Path) -> None:
    """Number of completions, variable and shards agree; refusals are not retried."""
    job = yaml.safe_load(block("yaml", "completions"))["spec"]
    (container,) = job["template"]["spec"]["containers"]
    variables = {one["name"]: one["value"] for one in container["env"]}
    assert int(variables["JOB_COMPLETIONS"]) == job["completions"]
    assert 75 not in job["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"]
    assert container["command"] == ["sh", "-c"]
    done = shell(container["args"][0], JOB_COMPLETION_INDEX="1", **variables)
    assert done.returncode == 0, done.stderr
    assert json.loads(Path("out/1.json").read_bytes())["shard"] == "2/4"


def test_the_matrix_of_github_covers_all_shards(project: Path) -> None:
    job = yaml.safe_load(block("yaml", "matrix"))["jobs"]["run"]
    shards = job["strategy"]["matrix"]["shard"]
    command = next(s["run"] for s in job["steps"] if "translate run" in s.get("run", ""))
    count = int(re.findall(r"\}\}/(\d+)", command)[0])
    assert shards == list(range(1, count + 1))
    done = shell(command.replace("${{ matrix.shard }}", "3"))
    assert done.returncode == 0, done.stderr
    assert json.loads(Path("out-3.json").read_bytes())["shard"] == f"3/{count}"


def test_the_commands_of_airflow_are_commands(project: Path) -> None:
    """Its own package is not installed here: the file is parsed, and its commands are known."""
    tree = ast.parse(block("python", "airflow"))
    words = {
        node.value.split()[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("translate ")
    }
    assert words == {"extract", "run", "status"}


def test_the_dask_recipe_names_existing_options(project: Path) -> None:
    """The local cluster itself is tested with the use case."""
    for line in block("sh", "--on dask").splitlines():
        command = line.partition("#")[0].strip()
        assert "No such option" not in shell(f"{command} --help").stderr
