"""Fetch a model's file over HTTP, going on where a connection broke."""

from __future__ import annotations

import http.client
import time
from email.message import Message
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from pipeline import __version__
from pipeline.core.errors import ModelError
from pipeline.models.partial_file import PartialFile
from pipeline.models.registry import Model
from pipeline.models.store import CHUNK, Progress

TIMEOUT_SECONDS = 15
"""For connecting, and for each wait for data: an unreachable host must not hang a run."""

_COMMIT_BYTES = 4 * CHUNK
_PAUSE_SECONDS = 1
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_NO_MODEL = Model("", "", 0, "")


class _BrokenError(Exception):
    """The connection broke off; what came before it is good."""


def fetch(url: str, model: Model, part: PartialFile, progress: Progress) -> None:
    """Fetch the rest of a model's file from `url` to the end of `part`.

    A broken connection is taken up again as long as each attempt brings something.
    Raises ModelError for anything else the server or the network says.
    """
    _refuse_unsafe(url, model)
    while True:
        before = part.done
        try:
            _stream(url, model, part, progress)
            return
        except _BrokenError as error:
            if part.done <= before:
                raise ModelError(str(error)) from error
        finally:
            part.commit()
        time.sleep(_PAUSE_SECONDS)


def get(url: str, most_bytes: int) -> bytes:
    """Fetch what is at `url`, of at most `most_bytes`; raises ModelError for anything else."""
    _refuse_unsafe(url, _NO_MODEL)
    request = Request(url, headers={"User-Agent": f"translate-pipeline/{__version__}"})
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            _refuse_unsafe(response.geturl(), _NO_MODEL)
            data: bytes = response.read(most_bytes + 1)
    except HTTPError as error:
        error.close()
        raise ModelError(f"answers {error.code} {error.reason}") from error
    except URLError as error:
        raise ModelError(f"cannot be reached: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise ModelError(f"cannot be reached: {error or type(error).__name__}") from error
    except ValueError as error:
        raise ModelError(f"not an address: {error}") from error
    if len(data) > most_bytes:
        raise ModelError(f"sends more than {most_bytes:,} bytes")
    return data


def _refuse_unsafe(url: str, model: Model) -> None:
    # Without a digest, only TLS tells that the file comes from where it is said to.
    parts = urlsplit(url)
    if not (model.sha256 or parts.scheme == "https" or parts.hostname in _LOOPBACK):
        raise ModelError("not an https address, and no digest to check the file by")


def _stream(url: str, model: Model, part: PartialFile, progress: Progress) -> None:
    with _open(url, model, part) as response:
        _refuse_unsafe(response.geturl(), model)
        start = part.done if response.status == http.client.PARTIAL_CONTENT else 0
        left = _left(response, start)
        total = _total(model, start, left)
        # Only now: the sign-in page of a network must not cost what is there already.
        if part.done > start:
            part.restart()
        if total:
            part.expect(total)
        _keep_validator(url, response.headers, part)
        progress(part.done, total)
        while left is None or left > 0:
            chunk = _read(response)
            if not chunk:
                break
            part.append(chunk)
            left = left - len(chunk) if left is not None else None
            if part.done // _COMMIT_BYTES > (part.done - len(chunk)) // _COMMIT_BYTES:
                part.commit()
            progress(part.done, total)
    if left:
        raise _BrokenError(f"the connection ended after {part.done:,} bytes of {total:,}")


def _open(url: str, model: Model, part: PartialFile) -> http.client.HTTPResponse:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ModelError(f"{url} is no http(s) address")
    if "@" in urlsplit(url).netloc:
        raise ModelError("an address with a user name or password in it is not supported")
    if not model.sha256 and url not in part.validators:
        # Without digest or validator nothing tells whether the rest would be of the same file.
        part.restart()
    headers = {"User-Agent": f"translate-pipeline/{__version__}", "Accept-Encoding": "identity"}
    if part.done:
        headers["Range"] = f"bytes={part.done}-"
        if url in part.validators:
            headers["If-Range"] = part.validators[url]
    try:
        response: http.client.HTTPResponse = urlopen(
            Request(url, headers=headers), timeout=TIMEOUT_SECONDS
        )
    except HTTPError as error:
        error.close()
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE and part.done:
            part.restart()
            return _open(url, model, part)
        raise ModelError(f"answers {error.code} {error.reason} to {url}") from error
    except URLError as error:
        raise _BrokenError(f"cannot be reached: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenError(f"cannot be reached: {error or type(error).__name__}") from error
    except ValueError as error:
        raise ModelError(f"not an address: {error}") from error
    return response


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read1(CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenError(f"the connection broke: {error or type(error).__name__}") from error


def _left(response: http.client.HTTPResponse, start: int) -> int | None:
    """How many bytes the server will send, where it says so."""
    if response.status == http.client.PARTIAL_CONTENT:
        given = response.headers.get("Content-Range", "")
        if not given.startswith(f"bytes {start}-"):
            raise ModelError(f"answers with another part than asked for ({given or 'no range'})")
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _total(model: Model, start: int, left: int | None) -> int:
    """The file's size in bytes, 0 where neither the model nor the server tells."""
    if left is None:
        if model.size:
            raise ModelError("does not say how long its file is")
        return 0
    if model.size and start + left != model.size:
        raise ModelError(f"sends {start + left:,} bytes, not the {model.size:,} of the model")
    return start + left


def _keep_validator(url: str, headers: Message, part: PartialFile) -> None:
    # RFC 9110, 13.1.5: a weak entity tag must not be used with If-Range.
    tag = str(headers.get("ETag", ""))
    validator = tag if tag and not tag.startswith("W/") else str(headers.get("Last-Modified", ""))
    part.validators.pop(url, None)
    if validator:
        part.validators[url] = validator
