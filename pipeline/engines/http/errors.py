"""What a server's answer is worth, and what is told where it is worth nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import EngineError

if TYPE_CHECKING:
    import urllib3

_LATER = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""Statuses after which the same request may succeed (529: DeepL's "too many requests")."""

_THIS_TEXT = frozenset({400, 413, 422})
"""Statuses that find fault with one request."""

_KEPT = "What is drafted so far is kept: run the same command again"


class RefusedError(EngineError):
    """A server finds fault with one request; `parameter` is what it does not like, or ""."""

    def __init__(self, message: str, hint: str, parameter: str = "") -> None:
        super().__init__(message, hint)
        self.parameter = parameter


class BusyError(Exception):
    """An attempt failed, and a later one may succeed, after `wait` seconds if it is known.

    `slow` says that it took all the time that an answer may take.
    """

    def __init__(
        self, trouble: str, hint: str, wait: float | None = None, *, slow: bool = False
    ) -> None:
        super().__init__(trouble)
        self.trouble, self.hint, self.wait, self.slow = trouble, hint, wait, slow

    def final(self, host: str) -> EngineError:
        """The error, where no further attempt is made."""
        asks = f", and asks to wait {self.wait:.0f} s" if self.wait is not None else ""
        return EngineError(f"{host} {self.trouble}{asks}", self.hint)


def read(
    host: str, status: int, headers: Mapping[str, str], body: str, cut: Callable[[str], str]
) -> Any:
    """Give the JSON of a good answer; `cut` takes the key out of words that are to be shown.

    Raises BusyError, RefusedError or EngineError for any other one.
    """
    if not 200 <= status < 300:
        raise _failure(host, status, headers, cut(body))
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        kind = headers.get("Content-Type", "").partition(";")[0] or "no stated type"
        raise EngineError(
            f"{host} answers with {kind} that is not JSON: {short(cut(body))}",
            "Check the url: this is not the server's interface for programs.",
        ) from None


def short(text: str) -> str:
    """The beginning of a server's words, on one line."""
    line = " ".join(text.split())
    return repr(line if len(line) <= 160 else f"{line[:159]}…")


def slow(seconds: float) -> BusyError:
    """The answer did not come in time."""
    return BusyError(
        f"does not answer within {seconds:g} s",
        f"{_KEPT}, or allow more time with `timeout` in the engine's settings.",
        slow=True,
    )


def network(error: urllib3.exceptions.HTTPError, timeout: float) -> BusyError | EngineError:
    """Word what the network did."""
    from urllib3 import exceptions

    cause = error.__cause__ or error.__context__
    reason = getattr(cause, "strerror", None) or type(error).__name__
    if isinstance(error, exceptions.ReadTimeoutError):
        return slow(timeout)
    if isinstance(error, exceptions.NameResolutionError):
        return BusyError("is a name that cannot be resolved", "Check the url, and the network.")
    if isinstance(error, exceptions.ProxyError):
        return BusyError("cannot be reached through the proxy", "Check $https_proxy.")
    if isinstance(error, exceptions.SSLError):
        return EngineError(f"no trusted connection: {error}", "Check the url and certificates.")
    if isinstance(error, exceptions.NewConnectionError | exceptions.ConnectTimeoutError):
        return BusyError(
            f"cannot be reached ({reason})", "Check that the server runs, and the url."
        )
    return BusyError(
        f"broke the connection off ({reason})", f"{_KEPT}, when the server runs again."
    )


def _failure(
    host: str, status: int, headers: Mapping[str, str], body: str
) -> BusyError | EngineError:
    said, code, parameter = _said(body)
    tells = f"answers {status}" + (f": {said}" if said else "")
    if status in _LATER and code != "insufficient_quota":
        hint = f"{_KEPT} later."
        if status == 429:
            hint = f"{_KEPT} later, or with a smaller `concurrency` in the engine's settings."
        return BusyError(tells, hint, _retry_after(headers))
    if status in _THIS_TEXT:
        return RefusedError(f"{host} {tells}", "Check the engine's settings.", parameter)
    if 300 <= status < 400:
        goal = short(headers.get("Location", "another address"))
        return EngineError(f"{host} sends on to {goal}", "If that is right, set it as url.")
    return EngineError(f"{host} {tells}", _cure(status, code))


def _cure(status: int, code: str) -> str:
    if status in (401, 403):
        return "Check the key in the environment: see docs/engines.md for its variable."
    if status == 456 or code == "insufficient_quota":
        return f"The quota of your account is used up. {_KEPT} when there is a new one."
    if status == 404:
        return "Check url and model in the engine's settings."
    return "Check the engine's settings, and the server's own log."


def _said(body: str) -> tuple[str, str, str]:
    """A server's own words, code and parameter, from the usual forms of error answers."""
    try:
        given = json.loads(body)
    except ValueError:
        return "", "", ""
    error = given.get("error", given) if isinstance(given, dict) else given
    if not isinstance(error, dict):
        return short(str(error)), "", ""
    words = error.get("message") or error.get("detail") or ""
    code, parameter = (str(error.get(key) or "") for key in ("code", "param"))
    return short(str(words)) if words else "", code, parameter


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from the header Retry-After (RFC 9110, 10.2.3), where it makes sense."""
    from urllib3 import Retry
    from urllib3.exceptions import InvalidHeader

    given = headers.get("Retry-After")
    if given is None:
        return None
    try:
        return Retry().parse_retry_after(given)
    except InvalidHeader:
        return None
