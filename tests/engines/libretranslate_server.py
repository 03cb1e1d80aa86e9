"""A real LibreTranslate server: from PyPI, in an environment of its own, with the tests' packages.

The environment is made once, in the user's cache folder, and used until `REQUIREMENTS` or the
Python version changes. Nothing of it is imported here: it is another program. The server runs
on a free port of this machine and cannot reach the network.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Self

import platformdirs
import pytest

from tests.models.argos import DE_EN, EN_FR

REQUIREMENTS = Path(__file__).with_name("libretranslate-requirements.txt")
START_SECONDS = 180
"""How long the server may take until it serves; it is some seconds on an idle machine."""

_NOWHERE = "http://127.0.0.1:9"


def environment() -> Path:
    """The Python of an environment with the server; installs it where it is not there yet.

    Fails the test, with pip's own words, where it cannot be installed.
    """
    stated = f"{sys.version_info[:2]}{sys.prefix}".encode() + REQUIREMENTS.read_bytes()
    name = f"libretranslate-{hashlib.sha256(stated).hexdigest()[:16]}"
    home = platformdirs.user_cache_path("translate-tests", ensure_exists=True) / name
    ready, python = home / "ready", home / "bin" / "python"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.is_file():
            shutil.rmtree(home, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(home))
            _run(str(python), "-m", "pip", "install", "--no-deps", "-r", str(REQUIREMENTS))
            ready.touch()
    return python


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        pytest.fail(
            f"The environment of the LibreTranslate server cannot be made; a package index that "
            f"pip reaches is needed once. `{' '.join(words)}` said:\n{said}",
            pytrace=False,
        )


class LibreTranslate:
    """The server, started when entered and ended when left, in a folder of its own."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python, self._folder = python, folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        for package in (DE_EN, EN_FR):
            with zipfile.ZipFile(package) as archive:
                archive.extractall(folder / "packages")
        for inside in (folder / "packages").iterdir():
            (inside / "minisbd").mkdir()
            (inside / "minisbd" / "whole.onnx").write_bytes(one_sentence())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it and wait until it serves; fails the test, with its own words, if it does not."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(self._python), "-m", "libretranslate.main", "--host", "127.0.0.1",
                    "--port", str(self.port), "--threads", "2", "--disable-web-ui",
                    "--disable-files-translation",
                ],
                cwd=self._folder, env=self._variables(), stdout=log, stderr=log,
            )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while not self._serves():
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                said = (self._folder / "log").read_text(errors="replace")[-2000:]
                pytest.fail(f"The LibreTranslate server does not serve. It said:\n{said}", False)
            time.sleep(0.2)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _serves(self) -> bool:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(f"{self.url}/languages", timeout=5) as answer:
                return {"de", "en", "fr"} <= {entry["code"] for entry in json.load(answer)}
        except (OSError, urllib.error.HTTPError, ValueError):
            return False

    def _variables(self) -> dict[str, str]:
        """An environment in which it finds the packages, keeps to its folder, and is offline."""
        proxies = dict.fromkeys(("http_proxy", "https_proxy"), _NOWHERE)
        return {
            "PATH": os.environ["PATH"], "HOME": str(self._folder), "LANG": "C.UTF-8",
            "ARGOS_PACKAGES_DIR": str(self._folder / "packages"),
            "ARGOS_PACKAGE_INDEX": f"{_NOWHERE}/", "ARGOS_DEVICE_TYPE": "cpu",
            **proxies,
        }  # fmt: skip


def one_sentence() -> bytes:
    """A model for the server's sentence splitter, which would fetch one: a text is one sentence.

    In the layout of ONNX (onnx.proto3, protocol buffers): one multiplication by zero gives
    every character the class "nothing ends here"; the splitter itself ends the last one.
    """
    zeros = _field(1, 1) + _field(1, 5) + _field(2, 1) + _field(8, "zeros") + _field(9, bytes(20))
    node = _field(1, "features") + _field(1, "zeros") + _field(2, "classes") + _field(4, "MatMul")
    graph = _field(1, node) + _field(2, "whole") + _field(5, zeros)
    graph += _field(11, _value("units", 7, "n", "l")) + _field(
        11, _value("features", 1, "n", "l", 1)
    )
    graph += _field(12, _value("classes", 1, "n", "l", 5))
    stated = {
        "config": {"feat_funcs": ["capitalized"]},
        "vocab": {"_unit2id": {"<PAD>": 0, "<UNK>": 1}},
    }
    model = _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))
    for key, value in stated.items():
        model += _field(14, _field(1, key) + _field(2, json.dumps(value)))
    return model


def _value(name: str, kind: int, *sizes: str | int) -> bytes:
    """The description of an input or output: its name, type and shape."""
    shape = b"".join(
        _field(1, _field(2, size) if isinstance(size, str) else _field(1, size)) for size in sizes
    )
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def _field(number: int, value: int | str | bytes) -> bytes:
    """A field of a protocol buffer: a number, or something with a length."""
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    data = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | 2) + _number(len(data)) + data


def _number(value: int) -> bytes:
    groups = []
    while value > 127:
        groups.append(value & 127 | 128)
        value >>= 7
    return bytes([*groups, value])
