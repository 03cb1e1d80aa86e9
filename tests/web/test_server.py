"""The command `translate review`: its output, its end, and what survives a kill."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
import pytest

from benchmarks.review import contend
from tests.web.browser import browser
from tests.web.conftest import Client, english
from tests.web.test_app import COST, NAMES
from tests.web.test_page import ARTICLE, go_to, target


@contextmanager
def started(folder: Path, *words: str) -> Iterator[tuple[Client, subprocess.Popen[str]]]:
    """The server as a user starts it, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "review", "--no-browser", *words],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        address, _, token = first.strip().partition("/?token=")
        assert address.startswith("http://127.0.0.1:"), first
        yield Client(int(address.rpartition(":")[2]), token), process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_ctrl_c_ends_it_without_a_traceback(drafted: Path) -> None:
    """The exit code is 0, and the token is in no log."""
    with started(drafted) as (client, process):
        assert client.get("project")["articles"] == 1
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        assert client.token not in out + err
        assert "Traceback" not in err


def test_a_port_in_use_is_an_error(drafted: Path) -> None:
    """It names the port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "review", "--no-browser", "--port", port],
            cwd=drafted, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 3
    assert f"port {port}: Address already in use" in done.stderr
    assert "Name another port" in done.stderr


def test_a_kill_during_saves_loses_none(drafted: Path) -> None:
    """Every save that was answered is in the catalog, which is complete."""
    answered: list[str] = []
    with started(drafted) as (client, process):
        article = client.get("article", **NAMES)
        known = next(e for e in article["entries"].values() if e["source"] == COST)

        def type_on() -> None:
            for number in range(10_000):
                body = {**NAMES, "entry": known["id"], "seen": known["snapshot"]}
                try:
                    done = client.post("save", body | {"targets": [f"Typed {number}."]})
                except OSError:
                    return
                known.update(done["entry"])
                answered.append(f"Typed {number}.")

        thread = threading.Thread(target=type_on)
        thread.start()
        while len(answered) < 5:
            thread.join(0.01)
        process.kill()
        thread.join(30)
    text = target(english(drafted))
    last = int(answered[-1].strip("Typed ."))
    assert text in (f"Typed {last}.", f"Typed {last + 1}.")
    assert len(polib.pofile(str(english(drafted)))) == 11


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_page_goes_on_after_a_crash(drafted: Path, reloaded: bool) -> None:
    """What is typed without a server is saved when it is back on its port, with a new token.

    The new address is opened in another tab, or in the same one, which forgets its page.
    """
    port = str(free_port())
    with browser() as window:
        with started(drafted, "--port", port) as (client, process):
            window.open(client, ARTICLE)
            go_to(window, COST)
            process.kill()
            process.wait()
            window.replace("Typed without a server")
            window.until(lambda: "does not answer" in window.text())
        assert target(english(drafted)) != "Typed without a server"
        with started(drafted, "--port", port) as (client, _):
            first = window.driver.current_window_handle
            if reloaded:
                window.driver.get("about:blank")
                window.open(client, ARTICLE)
            else:
                window.driver.switch_to.new_window("tab")
                window.open(client)
            window.until(lambda: target(english(drafted)) == "Typed without a server")
            window.driver.switch_to.window(first)
            window.until(lambda: "does not answer" not in window.text())


@pytest.mark.parametrize("edits", [40])
def test_edits_in_parallel_are_neither_lost_nor_torn(tmp_path: Path, edits: int) -> None:
    """Four reviewers, a run and an editor that saves the whole file work on one catalog."""
    (tmp_path / "cache").mkdir()
    found = contend(tmp_path, edits, saves=8, segments=40)
    assert found["edits"] == edits
    assert (found["lost"], found["torn"]) == (0, 0)


def test_json_of_the_page_is_json(drafted: Path) -> None:
    """A program may read the same addresses, with the token in a header."""
    with started(drafted) as (client, _):
        status, _, body = client.send("GET", "/api/project", headers=client.own())
        assert status == 200
        assert json.loads(body)["languages"] == ["en", "fr"]
