"""Download files over HTTP; broken downloads resume where they stopped.

Redirects are followed by hand, because each address is checked before it is requested.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from pipeline import __version__
from pipeline.core import ModelError, shorten
from pipeline.core.http import Address, AddressError, Deadline, connection_pool, parse_address
from pipeline.models.partial_file import PartialFile
from pipeline.models.registry import Model
from pipeline.models.store import CHUNK_BYTES, ProgressCallback

if TYPE_CHECKING:
    import urllib3

TIMEOUT_SECONDS = 15.0
"""For connecting, and for each wait for data: an unreachable host must not block a run."""

RESPONSE_SECONDS = 60.0
"""Time limit for the headers of a response, redirects included."""

INDEX_SECONDS = 120.0
"""Time limit for an index as a whole."""

MAX_BYTES = 8 << 30
"""Maximum size of a file whose size is unknown."""

MIN_RATE_BYTES, MIN_RATE_SECONDS = 1 << 16, 60.0
"""Minimum number of bytes in that time, for a download and for an attempt to resume it."""

MAX_SLOW_ATTEMPTS = 20
"""Attempts to resume in a row that may bring less."""

MAX_REDIRECTS = 10

_COMMIT_BYTES = 4 * CHUNK_BYTES
_RESUME_SECONDS = 1.0
_REDIRECTS = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)


class _ConnectionFailedError(Exception):
    """The connection failed or ended early. Bytes received before are valid."""


def fetch(url: str, model: Model, part: PartialFile, on_progress: ProgressCallback) -> None:
    """Append the rest of a model's file at `url` to `part`.

    A broken connection is resumed while each attempt makes progress. Raises ModelError for
    a file that is too large or too slow, and any other failure of the server or the network.
    """
    slow_attempts = 0
    while True:
        before = part.done
        try:
            _stream(url, model, part, on_progress)
            return
        except _ConnectionFailedError as error:
            is_slow = part.done - before < MIN_RATE_BYTES
            slow_attempts = slow_attempts + 1 if is_slow else 0
            if part.done <= before or slow_attempts > MAX_SLOW_ATTEMPTS:
                raise ModelError(str(error)) from error
        finally:
            part.commit()
        time.sleep(_RESUME_SECONDS)


def get(url: str, max_bytes: int, seconds: float | None = None) -> bytes:
    """Return the content at `url`, received within `seconds` (None: `INDEX_SECONDS`).

    Raises ModelError for more than `max_bytes` or a failure.
    """
    seconds = INDEX_SECONDS if seconds is None else seconds
    try:
        with Deadline(seconds) as deadline, _request(url, {}, has_digest=False) as response:
            if _failed(response):
                raise ModelError(f"answers {response.status} {_shown(response.reason)}")
            data = bytearray()
            while len(data) <= max_bytes and (chunk := _read(response)):
                data += chunk
            if deadline.expired:  # The end of a body without a length looks the same.
                raise _ConnectionFailedError(f"does not answer within {seconds:.0f} s")
    except _ConnectionFailedError as error:
        raise ModelError(str(error)) from error
    if len(data) > max_bytes:
        raise ModelError(f"sends more than {max_bytes:,} bytes")
    return bytes(data)


def _stream(url: str, model: Model, part: PartialFile, on_progress: ProgressCallback) -> None:
    if not model.sha256 and url not in part.validators:
        # Without digest or validator, the rest may be that of another file.
        part.restart()
    with _request(url, _range_headers(url, part), has_digest=bool(model.sha256)) as response:
        if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and part.done:
            part.restart()
            return _stream(url, model, part, on_progress)
        if _failed(response):
            raise ModelError(f"answers {response.status} {_shown(response.reason)} to {url}")
        start = part.done if response.status == HTTPStatus.PARTIAL_CONTENT else 0
        left = _bytes_left(response, start)
        total = _total_bytes(model, start, left)
        # Not earlier: the sign-in page of a network must not discard the bytes received so far.
        if part.done > start:
            part.restart()
        if total:
            part.expect(total)
        _store_validator(url, response.headers, part)
        on_progress(part.done, total)
        rate = _MinimumRate()
        while (left is None or left > 0) and (chunk := _read(response)):
            part.append(chunk)
            rate.record(len(chunk))
            if part.done > (total or MAX_BYTES):
                raise _too_large(total or MAX_BYTES)
            left = left - len(chunk) if left is not None else None
            if part.done // _COMMIT_BYTES > (part.done - len(chunk)) // _COMMIT_BYTES:
                part.commit()
            on_progress(part.done, total)
    if left:
        raise _ConnectionFailedError(f"the connection ended after {part.done:,} bytes of {total:,}")


def _range_headers(url: str, part: PartialFile) -> dict[str, str]:
    if not part.done:
        return {}
    headers = {"Range": f"bytes={part.done}-"}
    if url in part.validators:
        headers["If-Range"] = part.validators[url]
    return headers


@contextmanager
def _request(
    url: str, headers: Mapping[str, str], *, has_digest: bool
) -> Iterator[urllib3.BaseHTTPResponse]:
    """Send a GET request, follow redirects, and close the connection after the block.

    Raises _ConnectionFailedError if no response came, and ModelError for an address that must
    not be requested.
    """
    with Deadline(RESPONSE_SECONDS) as deadline:
        try:
            response = _follow(url, headers, has_digest=has_digest)
        except _ConnectionFailedError:
            if not deadline.expired:
                raise
        if deadline.expired:  # Headers that were cut look like the end of the response.
            reason = f"does not answer within {RESPONSE_SECONDS:.0f} s"
            raise _ConnectionFailedError(reason)
    with closing(response):
        yield response


def _follow(url: str, headers: Mapping[str, str], *, has_digest: bool) -> urllib3.BaseHTTPResponse:
    """Return the first response that is no redirect."""
    for _ in range(MAX_REDIRECTS + 1):
        response = _send(_checked_address(url, has_digest=has_digest), headers)
        location = response.headers.get("Location", "")
        if response.status not in _REDIRECTS or not location:
            return response
        response.close()
        try:
            url = urljoin(url, location)
        except ValueError:
            raise ModelError(f"redirects to {_shown(location)}, which is no address") from None
    raise ModelError(f"redirects more than {MAX_REDIRECTS} times")


class _MinimumRate:
    """Raises _ConnectionFailedError for a server that sends next to nothing."""

    def __init__(self) -> None:
        self._start, self._bytes = time.monotonic(), 0

    def record(self, count: int) -> None:
        self._bytes += count
        seconds = time.monotonic() - self._start
        if seconds < MIN_RATE_SECONDS:
            return
        if self._bytes < MIN_RATE_BYTES:
            raise _ConnectionFailedError(f"sends only {self._bytes:,} bytes in {seconds:.0f} s")
        self._start, self._bytes = time.monotonic(), 0


def _too_large(limit: int) -> ModelError:
    return ModelError(f"sends more than {limit:,} bytes")


def _shown(text: str | None) -> str:
    """Return a text of a server for a message."""
    return shorten(text or "", 80)


def _checked_address(url: str, *, has_digest: bool) -> Address:
    """Parse an address; raises ModelError if it cannot be requested or trusted."""
    try:
        address = parse_address(url)
    except AddressError as error:
        # The message does not repeat an address that may contain a password.
        name = "the address" if "@" in url else ascii(url)
        raise ModelError(f"{name} {error}", "Correct the address.") from None
    # Without a digest, only TLS proves that the file comes from its host.
    if not (has_digest or address.scheme == "https" or address.is_loopback):
        raise ModelError("not an https address, and no digest to verify the file")
    return address


def _send(address: Address, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
    import urllib3
    from urllib3.exceptions import HTTPError, LocationValueError

    own = {"User-Agent": f"translate-pipeline/{__version__}", "Accept-Encoding": "identity"}
    try:
        return connection_pool(address).request(
            "GET",
            address.url,
            headers=own | dict(headers),
            timeout=urllib3.Timeout(connect=TIMEOUT_SECONDS, read=TIMEOUT_SECONDS),
            retries=False,
            redirect=False,
            preload_content=False,
            enforce_content_length=False,  # `_stream` counts, and resumes.
        )
    except LocationValueError as error:
        raise ModelError(f"not an address: {error}") from error
    except HTTPError as error:
        raise _ConnectionFailedError(f"cannot be reached: {_reason(error)}") from error


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    from urllib3.exceptions import HTTPError

    try:
        return response.read1(CHUNK_BYTES, decode_content=False)
    except (OSError, HTTPError) as error:
        raise _ConnectionFailedError(f"the connection broke: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    """Return the message of the system, which urllib3 wraps in its own."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    return str(cause or error) or type(error).__name__


def _failed(response: urllib3.BaseHTTPResponse) -> bool:
    return not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES


def _bytes_left(response: urllib3.BaseHTTPResponse, start: int) -> int | None:
    """Return how many bytes the server announces, None if it does not."""
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        announced = response.headers.get("Content-Range", "")
        if not announced.startswith(f"bytes {start}-"):
            raise ModelError(
                f"answers with another part than asked for ({announced or 'no range'})"
            )
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None


def _total_bytes(model: Model, start: int, left: int | None) -> int:
    """Return the size of the file, 0 if neither the model nor the server states it."""
    if left is None:
        if model.size:
            raise ModelError("does not announce the size of its file")
        return 0
    if model.size and start + left != model.size:
        raise ModelError(f"sends {start + left:,} bytes, not the {model.size:,} of the model")
    if not model.size and start + left > MAX_BYTES:
        raise _too_large(MAX_BYTES)
    return start + left


def _store_validator(url: str, headers: Mapping[str, str], part: PartialFile) -> None:
    # RFC 9110, 13.1.5: a weak entity tag must not be used with If-Range.
    tag = headers.get("ETag", "")
    validator = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")
    part.validators.pop(url, None)
    if validator:
        part.validators[url] = validator
