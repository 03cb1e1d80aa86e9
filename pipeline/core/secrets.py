"""Keys of servers, and their removal from everything that is shown or stored.

Servers repeat keys in error messages, also escaped or in base64. The keys to look for are all
those in the environment, whether or not the program sends them anywhere.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode, urlsafe_b64encode
from functools import cached_property, lru_cache

__all__ = ["Secret", "SecretSet", "environment_secrets"]

_KEY_VARIABLE = re.compile(r"TRANSLATE_\w+_KEY|\w+_(?:API|AUTH)_KEY")

_MIN_ENCODED = 6
"""Minimum length of a base64 form to look for: shorter ones occur by chance."""

_MIN_KEY, _MIN_WORD = 6, 16
"""Minimum length of a key that no text may contain: `none` or `ollama` are no secrets.

The second applies to keys of letters only."""

_ESCAPE = re.compile(r"\\|%[0-9A-Fa-f]{2}")


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

    @property
    def is_distinctive(self) -> bool:
        """Whether the key is too long to be an ordinary word or number."""
        return len(self._value) >= (_MIN_WORD if self._value.isalpha() else _MIN_KEY)

    def redact(self, text: str) -> str:
        """Remove the key from a text: servers often repeat it in error messages.

        Also matches its escapes in JSON and URLs, and its base64 forms.
        """
        return self._forms.sub("…", text) if self._value and self._may_be_in(text) else text

    def is_in(self, text: str) -> bool:
        """Return whether a text contains the key in any of these forms.

        Always false for a short key that may be an ordinary word or number.
        """
        if not self.is_distinctive or not self._may_be_in(text):
            return False
        return self._forms.search(text) is not None

    def _may_be_in(self, text: str) -> bool:
        """Return False for most texts without the key, faster than the search."""
        return any(form in text for form in self._plain_forms) or bool(_ESCAPE.search(text))

    @cached_property
    def _plain_forms(self) -> tuple[str, ...]:
        return (self._value, *sorted(_base64_forms(self._value.encode())))

    @cached_property
    def _forms(self) -> re.Pattern[str]:
        return re.compile("|".join("".join(map(_escapes, form)) for form in self._plain_forms))


class SecretSet:
    """Several keys. Those that may be ordinary words are never looked for."""

    def __init__(self, *secrets: Secret) -> None:
        self._secrets = tuple(secret for secret in secrets if secret.is_distinctive)

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def redact(self, text: str) -> str:
        """Remove all keys from a text, in every form."""
        for secret in self._secrets:
            text = secret.redact(text)
        return text

    def is_in(self, text: str) -> bool:
        """Return whether a text contains one of the keys, in any form."""
        return any(secret.is_in(text) for secret in self._secrets)


def environment_secrets() -> SecretSet:
    """Return the keys in the environment: `TRANSLATE_…_KEY`, `…_API_KEY` and `…_AUTH_KEY`."""
    values = {
        value.strip()
        for variable, value in os.environ.items()
        if _KEY_VARIABLE.fullmatch(variable.upper())
    }
    return _secret_set(tuple(sorted(values)))


@lru_cache(maxsize=4)
def _secret_set(values: tuple[str, ...]) -> SecretSet:
    # The longest first: one key may be the beginning of another.
    return SecretSet(*map(Secret, sorted(values, key=len, reverse=True)))


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
