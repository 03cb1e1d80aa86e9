"""A glossary of a DeepL account that lives as long as a run."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.core.errors import EngineError
from pipeline.core.language_codes import base_language
from pipeline.engines.http.client import HttpClient

NAME = "translate-pipeline, temporary"
"""How the names of such glossaries begin: an account's own ones are never touched."""

LEFT_OVER = timedelta(days=1)
"""The age from which a glossary is one that a killed run has left."""


class RunGlossary:
    """Terms of one language pair at DeepL, through the endpoints `/v3/glossaries`.

    `id` is "" until there are terms. It is made when the first ones come, and holds all
    that came so far; a term is the form that stands in the text, with its translation.
    """

    def __init__(self, server: HttpClient, language: str) -> None:
        self._server = server
        self._pair = {"source_lang": "de", "target_lang": base_language(language)}
        self._terms: dict[str, str] = {}
        self.id = ""

    def add(self, terms: Iterable[tuple[str, str]]) -> None:
        """Add pairs (German form, translation). Raises EngineError."""
        new = {_plain(german): _plain(wanted) for german, wanted in terms}
        if new.items() <= self._terms.items():
            return
        self._terms |= new
        dictionary = {
            **self._pair,
            "entries": "\n".join(f"{german}\t{wanted}" for german, wanted in self._terms.items()),
            "entries_format": "tsv",
        }
        if self.id:
            self._server.call("PUT", f"/v3/glossaries/{self.id}/dictionaries", dictionary)
            return
        self._clear()
        name = f"{NAME} {secrets.token_hex(4)}"
        made = self._server.call(
            "POST", "/v3/glossaries", {"name": name, "dictionaries": [dictionary]}
        )
        try:
            self.id = str(made["glossary_id"])
        except (KeyError, TypeError):
            raise self._server.invalid_response(made) from None

    def delete(self) -> None:
        """Delete it at DeepL; where that fails, a later run does it."""
        if self.id:
            self._delete(self.id)
            self.id = ""

    def _delete(self, glossary: str) -> None:
        with suppress(EngineError):
            self._server.call("DELETE", f"/v3/glossaries/{glossary}")

    def _clear(self) -> None:
        """Delete what killed runs have left: an account has room for 1000 glossaries."""
        given = self._server.call("GET", "/v3/glossaries")
        try:
            for glossary in given["glossaries"]:
                if _left_over(glossary):
                    self._delete(glossary["glossary_id"])
        except (KeyError, TypeError, ValueError):
            raise self._server.invalid_response(given) from None


def _left_over(glossary: Any) -> bool:
    if not str(glossary["name"]).startswith(NAME):
        return False
    made = datetime.fromisoformat(glossary["creation_time"])
    return datetime.now(UTC) - made > LEFT_OVER


def _plain(text: str) -> str:
    """A phrase on one line without tabs, as the format of the entries wants it."""
    return " ".join(text.split())
