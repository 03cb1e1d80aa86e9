"""Classification of a server's responses: results, retryable failures, rejections, errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.core import EngineError, EngineUnavailableError, shorten
from pipeline.core.input import parse_json
from pipeline.engines.base import TextRejectedError

_RETRYABLE_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""Statuses after which the same request may succeed (529: DeepL's "too many requests")."""

_REJECTION_STATUSES = frozenset({400, 413, 422})
"""Statuses that reject one request."""

_QUOTED_CHARACTERS = 160

_SEARCHED_CHARACTERS = 1 << 16
"""Characters from which the key is removed, far more than are quoted."""

_RESUME = "Finished drafts are saved: run the same command again"


class RequestRejectedError(TextRejectedError):
    """A server rejected one request, or returned nothing usable for it.

    `parameter` is the name of the rejected parameter or "".
    """

    def __init__(
        self, message: str, hint: str, parameter: str = "", *, retry_in_parts: bool = True
    ) -> None:
        super().__init__(message, hint, retry_in_parts=retry_in_parts)
        self.parameter = parameter


class ServerFailedError(RequestRejectedError, EngineUnavailableError):
    """A server failed on one request: it may be out of order, or the text is the cause."""


class RetryableError(Exception):
    """A failed attempt, after which another one may succeed.

    `retry_after` is the delay in seconds that the server asks for; None if it names none.
    `timed_out` is True if the server did not respond in time. `may_be_text` means that the
    text may be the cause, for example of an internal error.
    """

    def __init__(
        self,
        problem: str,
        hint: str,
        retry_after: float | None = None,
        *,
        timed_out: bool = False,
        may_be_text: bool = False,
    ) -> None:
        super().__init__(problem)
        self.problem, self.hint = problem, hint
        self.retry_after, self.timed_out = retry_after, timed_out
        self.may_be_text = may_be_text or timed_out

    def to_engine_error(self, host: str) -> EngineError:
        """Return the error to raise when no attempt is left."""
        delay = (
            f", and asks to wait {self.retry_after:.0f} s" if self.retry_after is not None else ""
        )
        kind = ServerFailedError if self.may_be_text else EngineUnavailableError
        return kind(f"{host} {self.problem}{delay}", self.hint)


def parse_response(
    host: str, status: int, headers: Mapping[str, str], body: str, redact: Callable[[str], str]
) -> Any:
    """Return the JSON of a successful response; None for an empty one.

    `redact` removes the key from anything that is quoted in a message. Raises RetryableError,
    RequestRejectedError or EngineError for other responses.
    """
    if not 200 <= status < 300:
        raise _status_error(host, status, headers, body, redact)
    if not body:
        return None
    try:
        return parse_json(body)
    except ValueError:
        media_type = headers.get("Content-Type", "").partition(";")[0] or "an unknown type"
        raise RequestRejectedError(
            f"{host} answers with {redact(media_type)} that is not JSON: {quote(body, redact)}",
            "Check the url: it must be the address of the server's API.",
        ) from None


def quote(text: str, redact: Callable[[str], str]) -> str:
    """Return the beginning of a response on one line, in quotation marks, without the key."""
    return repr(shorten(redact(text[:_SEARCHED_CHARACTERS]), _QUOTED_CHARACTERS))


def timeout_error(seconds: float) -> RetryableError:
    """Return the error for a response that exceeds the time limit."""
    return RetryableError(
        f"does not answer within {seconds:g} s",
        f"{_RESUME}, or increase `timeout` in the engine's settings.",
        timed_out=True,
    )


def connection_error(
    error: Exception, timeout: float, redact: Callable[[str], str]
) -> RetryableError | EngineError:
    """Convert an error of the network; `timeout` is the time limit in seconds."""
    from urllib3 import exceptions

    cause = error.__cause__ or error.__context__
    reason = getattr(cause, "strerror", None) or type(error).__name__
    if isinstance(error, exceptions.ReadTimeoutError):
        return timeout_error(timeout)
    if isinstance(error, exceptions.NameResolutionError):
        return RetryableError(
            "is a name that cannot be resolved", "Check the url and the network connection."
        )
    if isinstance(error, exceptions.ProxyError):
        return RetryableError("cannot be reached through the proxy", "Check $https_proxy.")
    if isinstance(error, exceptions.SSLError):
        return EngineError(
            f"no trusted connection: {redact(str(error))}", "Check the url and certificates."
        )
    if isinstance(error, exceptions.NewConnectionError | exceptions.ConnectTimeoutError):
        return RetryableError(
            f"cannot be reached ({reason})", "Check the url, and that the server is running."
        )
    return RetryableError(
        f"closed the connection ({reason})", f"{_RESUME} when the server is running."
    )


def _status_error(
    host: str, status: int, headers: Mapping[str, str], body: str, redact: Callable[[str], str]
) -> RetryableError | EngineError:
    detail, code, parameter = _error_details(body, redact)
    description = f"answers {status}" + (f": {detail}" if detail else "")
    if status in _RETRYABLE_STATUSES and code != "insufficient_quota":
        hint = f"{_RESUME} later."
        if status == 429:
            hint = f"{_RESUME} later, or reduce `concurrency` in the engine's settings."
        return RetryableError(description, hint, _retry_after(headers), may_be_text=status == 500)
    if status in _REJECTION_STATUSES:
        return RequestRejectedError(
            f"{host} {description}", "Check the engine's settings.", parameter
        )
    if 300 <= status < 400:
        target = quote(headers.get("Location", "another address"), redact)
        return EngineError(
            f"{host} redirects to {target}", "If that address is correct, set it as url."
        )
    return EngineError(f"{host} {description}", _status_hint(status, code))


def _status_hint(status: int, code: str) -> str:
    if status in (401, 403):
        return "Check the key in the environment: see docs/engines.md for its variable."
    if status == 456 or code == "insufficient_quota":
        return f"The quota of your account is used up. {_RESUME} when it is renewed."
    if status == 404:
        return "Check url and model in the engine's settings."
    return "Check the engine's settings and the log of the server."


def _error_details(body: str, redact: Callable[[str], str]) -> tuple[str, str, str]:
    """Extract message, code and parameter from the common forms of an error response."""
    try:
        data = parse_json(body)
    except ValueError:
        return "", "", ""
    error = data.get("error", data) if isinstance(data, dict) else data
    if not isinstance(error, dict):
        return quote(str(error), redact), "", ""
    message = error.get("message") or error.get("detail") or ""
    code, parameter = (str(error.get(key) or "") for key in ("code", "param"))
    return quote(str(message), redact) if message else "", code, parameter


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of the header Retry-After (RFC 9110, 10.2.3); None if not valid."""
    from urllib3 import Retry
    from urllib3.exceptions import InvalidHeader

    value = headers.get("Retry-After")
    if value is None:
        return None
    try:
        return Retry().parse_retry_after(value)
    except (InvalidHeader, ValueError, OverflowError):  # 5000 digits, the year 99999999
        return None
