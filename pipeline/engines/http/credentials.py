"""Keys of servers: where they are read, where they may be sent, and their redaction."""

from __future__ import annotations

import os
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Collection
from functools import cached_property

from pipeline.core import EngineError
from pipeline.core.http import Address, is_loopback

__all__ = ["Secret", "find_key", "is_loopback"]

_MIN_ENCODED = 6
"""Minimum length of a base64 form to look for: shorter ones occur by chance."""

_MIN_KEY, _MIN_WORD = 6, 16
"""Minimum length of a key to reject responses with it: `none` or `ollama` are no secrets.

The second applies to keys of letters only."""


class Secret:
    """A key whose value never appears in a representation or a message."""

    def __init__(self, value: str = "") -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret()" if not self._value else "Secret(…)"

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """Return the key. Send it to its server only."""
        return self._value

    def redact(self, text: str) -> str:
        """Remove the key from a text: servers often repeat it in error messages.

        Also matches its escapes in JSON and URLs, and its base64 forms.
        """
        return self._forms.sub("…", text) if self._value else text

    def is_in(self, text: str) -> bool:
        """Return whether a text contains the key in any of these forms.

        Always false for a short key that may be an ordinary word or number.
        """
        minimum = _MIN_WORD if self._value.isalpha() else _MIN_KEY
        return len(self._value) >= minimum and self._forms.search(text) is not None

    @cached_property
    def _forms(self) -> re.Pattern[str]:
        forms = [self._value, *sorted(_base64_forms(self._value.encode()))]
        return re.compile("|".join("".join(map(_escapes, form)) for form in forms))


def find_key(
    address: Address,
    variable: str,
    vendor_variable: str = "",
    vendor_hosts: Collection[str] = (),
) -> Secret:
    """Return the key for the server at `address`; empty if there is none.

    `variable` may hold a key for any server. `vendor_variable` is read by the vendor's own
    tools as well, so its key is sent to `vendor_hosts` only: the settings of somebody else's
    project must not send it anywhere else.

    Raises EngineError for a key that would be sent over a network without encryption, or
    that has characters no key has.
    """
    is_vendor = address.host in vendor_hosts
    source = vendor_variable if is_vendor and not os.environ.get(variable) else variable
    value = os.environ.get(source, "").strip()
    # http.client would repeat a header that it rejects, including the key.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise EngineError(
            f"the key in ${source} contains spaces or special characters",
            f"Set {source} to the key alone.",
        )
    if value and address.scheme != "https" and not address.is_loopback:
        raise EngineError(
            f"the key in ${source} would go to {address.host} unencrypted",
            f"Use an https url, or unset {source} if the server needs no key.",
        )
    return Secret(value)


def _base64_forms(value: bytes) -> set[str]:
    """Return the base64 forms of a value, at each offset that it can have in other text.

    Characters that depend on the bytes around the value are left out.
    """
    forms = set()
    for offset, start in enumerate((0, 2, 3)):
        data = bytes(offset) + value
        for encode in (b64encode, urlsafe_b64encode):
            forms.add(encode(data).decode()[start : len(data) * 8 // 6])
    return {form for form in forms if len(form) >= _MIN_ENCODED}


def _escapes(char: str) -> str:
    """Return a pattern for a character and its escapes in JSON and URLs, also nested."""
    code = f"{ord(char):02x}"
    # Bounded repetition: a response of backslashes must not take quadratic time.
    return rf"(?:\\{{0,3}}{re.escape(char)}|(?i:\\{{1,3}}u00{code}|%(?:25){{0,2}}{code}))"
