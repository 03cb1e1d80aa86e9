"""Progress displays: bars on a terminal, plain lines elsewhere."""

import os
import pty
import subprocess
import sys

import pytest

from pipeline.cli.progress import BYTES, SEGMENTS, ProgressDisplay

MEGABYTE = 1_000_000


def shown(capsys: pytest.CaptureFixture[str], seconds: int, speed: int, total: int) -> list[str]:
    """The plain lines of a download of `total` bytes that runs `seconds` at `speed`."""
    now = [0.0]
    with ProgressDisplay(BYTES, clock=lambda: now[0]) as display:
        for second in range(seconds + 1):
            now[0] = float(second)
            display.update(min(second * speed, total), total)
    return capsys.readouterr().err.splitlines()


def test_a_fast_download_tells_every_five_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    """Share, speed and the time that is left."""
    lines = shown(capsys, 40, 25 * MEGABYTE, 1000 * MEGABYTE)
    assert len(lines) == 8
    assert lines[0] == "   12 % of 1.0 GB, 25.0 MB/s, about 35 s left"
    assert lines[-1] == "  100 % of 1.0 GB, 25.0 MB/s"


def test_a_slow_download_does_not_fill_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Every twentieth, but at least one line a minute, so that it does not look dead."""
    hour = shown(capsys, 3600, MEGABYTE // 10, 1000 * MEGABYTE)
    assert len(hour) == 60
    assert "min left" in hour[0]
    assert len(shown(capsys, 1000, MEGABYTE, 1000 * MEGABYTE)) == 20


def test_speed_counts_what_was_fetched_now(capsys: pytest.CaptureFixture[str]) -> None:
    """A download that goes on after 900 MB did not run at 90 MB/s."""
    now = [0.0]
    display = ProgressDisplay(BYTES, clock=lambda: now[0])
    display.note("fetching")
    display.update(900 * MEGABYTE, 1000 * MEGABYTE)
    now[0] = 10.0
    display.update(950 * MEGABYTE, 1000 * MEGABYTE)
    assert capsys.readouterr().err.splitlines() == [
        "fetching",
        "   95 % of 1.0 GB, 5.0 MB/s, about 10 s left",
    ]


def test_a_size_that_is_not_known_is_not_invented(capsys: pytest.CaptureFixture[str]) -> None:
    """A server need not tell it."""
    lines = shown(capsys, 0, 0, 0)
    now = [0.0]
    display = ProgressDisplay(BYTES, clock=lambda: now[0])
    display.update(0, 0)
    now[0] = 10.0
    display.update(50 * MEGABYTE, 0)
    assert (lines, capsys.readouterr().err) == ([], "  50.0 MB, 5.0 MB/s\n")


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """For nightly jobs."""
    with ProgressDisplay(BYTES, quiet=True) as display:
        display.note("fetching")
        display.update(1, 2)
    assert capsys.readouterr().err == ""


def test_a_terminal_has_a_bar() -> None:
    """With the share done; notes stand on lines of their own."""
    script = (
        "from pipeline.cli.console import ConsoleEvents\n"
        "events = ConsoleEvents()\n"
        "events.downloading(0, 1000)\n"
        "events.downloading(1000, 1000)\n"
        "events.notice('checking')\n"
    )
    main, terminal = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", script],
        stderr=terminal, env=os.environ | {"TERM": "xterm", "COLUMNS": "80"}, check=True,
    )  # fmt: skip
    os.close(terminal)
    seen = os.read(main, 100_000).decode()
    os.close(main)
    assert "━" in seen
    assert "100%" in seen
    assert seen.endswith("checking\r\n")


def test_segments_are_counted_in_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A line every ten seconds, and one at the end."""
    now = [0.0]
    with ProgressDisplay(SEGMENTS, "en", 40, clock=lambda: now[0]) as display:
        for step in range(1, 41):
            now[0] = float(step)
            display.advance()
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "en: 10 of 40 segments, about 30 s left",
        "en: 20 of 40 segments, about 20 s left",
        "en: 30 of 40 segments, about 10 s left",
        "en: 40 of 40 segments",
    ]
