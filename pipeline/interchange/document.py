"""Documents exchanged with translation tools, independent of the file format.

Apart from its texts, only the id of a unit must survive the translator's tool. The id names
the message and contains a hash of the exported revision. On import, the hash shows whether
the catalog or the file changed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from pipeline.core import State

NOTE_KINDS = (
    "location",
    "context",
    "developer_comments",
    "translator_comments",
    "previous_source",
    "origin",
    "findings",
    "memory",
    "alternatives",
    "flags",
)
"""The kinds of notes on a unit. Only `translator_comments` are imported."""
TRANSLATOR_NOTES = "translator_comments"

# The leading letter keeps spreadsheets from reading an id as a number.
_ID = re.compile(r"(m[0-9a-f]{12}(?:\.[0-9]{1,2})?)-([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class TransUnit:
    """A message of a catalog, or one of its plural forms.

    - `name` identifies the message.
    - `revision_hash` is the hash of the exported translation and its approval.
    - `state` of an imported unit is missing, touched or approved.
    - `notes` are lines by kind, see `NOTE_KINDS`.
    - `line` is the line in the file, from 1; 0 if unknown.
    - `problem` is the reason why the translation cannot be imported as it is in the file, and
      `refused` whether it is not imported at all.
    """

    name: str
    revision_hash: str
    source: str
    target: str
    state: State
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    line: int = 0
    problem: str = ""
    refused: bool = False

    @property
    def id(self) -> str:
        """Return the id of the unit in files."""
        return f"{self.name}-{self.revision_hash}"


@dataclass(frozen=True, slots=True)
class InterchangeDocument:
    """The units of one article in one language, in the order of the article.

    - `article` is the path in the references of the catalog.
    - `language` is a language code, or the language tag in an imported file.
    - `line` is the first line in the file, from 1; 0 if unknown.
    """

    article: str
    language: str
    units: tuple[TransUnit, ...]
    line: int = 0


def unit_name(context: str | None, source: str, form: int = 0) -> str:
    """Return the name of a message; `form` is the number of the plural form."""
    # EOT separates context and source, as in `.mo` files: neither contains it.
    key = source if context is None else f"{context}\4{source}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"m{digest}.{form}" if form else f"m{digest}"


def revision_hash(target: str, *, approved: bool) -> str:
    """Return the hash of a translation and its approval."""
    return hashlib.sha256(f"{'=~'[approved]}{target}".encode()).hexdigest()[:8]


def parse_id(text: str) -> tuple[str, str] | None:
    """Split an id into name and revision hash. None if `translate export` did not write it."""
    match = _ID.fullmatch(text.strip())
    return (match[1], match[2]) if match else None


def imported_state(target: str, *, approved: bool) -> State:
    """Return the state of an imported unit. Without a text it is never approved."""
    if not target:
        return State.MISSING
    return State.APPROVED if approved else State.TOUCHED
