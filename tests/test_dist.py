"""What a release consists of: it installs from a folder without network, and names its parts."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ARTICLE

ROOT = Path(__file__).parent.parent
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "requirements.lock", "pipeline", ".ci")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make dist` writes, from a copy of the sources."""
    source = tmp_path_factory.mktemp("source")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in NEEDED:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=ignored)
        else:
            shutil.copy(path, source / name)
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [source / ".ci/dist", sys.prefix], env=environment, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return source / "dist"


def test_the_wheel_runs_without_network(dist: Path, tmp_path: Path) -> None:
    """Installed with pip from the folder and its wheels, it extracts, checks and builds."""
    wheels = subprocess.run(
        [dist.parent / ".ci/wheels", sys.prefix, "review"], capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip
    assert wheels.returncode == 0, wheels.stdout + wheels.stderr
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True, timeout=120)
    python, command = venv / "bin/python", venv / "bin/translate"
    install = ["-m", "pip", "install", "-q", "--no-index", "--find-links", dist]
    install += ["--find-links", dist / "wheels"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment["TRANSLATE_CACHE"] = str(tmp_path / "cache")

    def run(*words: Any, cwd: Path = tmp_path) -> str:
        done = subprocess.run(
            words, cwd=cwd, env=environment, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(python, *install, "translate-pipeline[review]")
    assert str(venv) in run(python, "-c", "import pipeline; print(pipeline.__file__)")
    run(command, "init", "news", "-l", "en")
    project = tmp_path / "news"
    (project / "source_de/bruecke.txt").write_text(ARTICLE, encoding="utf-8")
    run(command, "extract", cwd=project)
    run(command, "check", cwd=project)
    assert "built output/en/bruecke.txt" in run(command, "build", "--draft", cwd=project)


def test_the_wheel_contains_every_file_of_the_package(dist: Path) -> None:
    """Pages and styles too, which are no Python."""
    (wheel,) = dist.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (ROOT / "pipeline").rglob("*") if path.is_file()]
    wanted = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    assert wanted <= names


def test_the_checksums_are_right(dist: Path) -> None:
    lines = (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split()) for line in lines)
    files = {p.relative_to(dist).as_posix() for p in dist.rglob("*") if p.is_file()}
    assert set(sums) == files - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((dist / name).read_bytes()).hexdigest() == digest


def test_the_sbom_lists_what_is_pinned(dist: Path) -> None:
    """CycloneDX, with the hashes of the lock file and the licences that packages declare."""
    (path,) = dist.glob("*.cdx.json")
    bom = json.loads(path.read_text(encoding="utf-8"))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==([^\s\\;]+)", lock, re.MULTILINE))
    assert {c["name"]: c["version"] for c in bom["components"]} == pinned
    hashes = [h["content"] for c in bom["components"] for h in c["externalReferences"][0]["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"--hash=sha256:(\w+)", lock))
    click = next(c for c in bom["components"] if c["name"] == "click")
    assert "BSD" in click["licenses"][0]["license"]["name"]


def test_the_container_runs_as_an_ordinary_user() -> None:
    """No floating versions, hashes for all packages, and models outside of the image.

    There is no builder on the machines of the tests; CI builds the image.
    """
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert all(":" in stage and not stage.endswith(":latest") for stage in stages)
    last = text[text.rindex("FROM ") :]
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["translate"]
    assert last.index("USER translate") < last.index("ENTRYPOINT")
    assert "--require-hashes" in text
    assert 'VOLUME ["/models"]' in last
    assert "TRANSLATE_MODELS=/models" in last
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    allowed = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    for name in (word for line in copied for word in line.split()):
        assert (ROOT / name).exists()
        assert f"!{name}" in allowed


def test_the_workflow_installs_on_three_systems() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["install"]["strategy"]["matrix"]["os"]
    assert {name.partition("-")[0] for name in matrix} == {"ubuntu", "macos", "windows"}
    uses = [s["uses"] for job in workflow["jobs"].values() for s in job["steps"] if "uses" in s]
    assert all(re.search(r"@v\d+$", use) for use in uses)
