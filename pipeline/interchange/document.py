"""A catalog's messages on their way to a translator and back, whatever the file format.

The id of a unit is all that has to come back beside its texts: it names the message, and
seals how it was when it was handed out, so that the catalog tells later who changed it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from pipeline.core.types import State

NOTE_KINDS = (
    "location",
    "context",
    "developer_comments",
    "translator_comments",
    "previous_source",
    "origin",
    "findings",
    "memory",
    "flags",
)
"""What a translator is told about a unit; only `translator_comments` come back."""
TRANSLATOR_NOTES = "translator_comments"

# A letter comes first, so that no spreadsheet takes an id for a number.
_ID = re.compile(r"(m[0-9a-f]{12}(?:\.[0-9]{1,2})?)-([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class TransUnit:
    """A message, or one of its plural forms: what a translator works on as one.

    `name` says which message it is, `seal` how its translation was when it was handed out.
    `about` holds lines of information by kind, see `NOTE_KINDS`. `state` is, of a unit that came
    back, one of missing, touched and approved. `line` is its line in the file, from 1.
    """

    name: str
    revision_hash: str
    source: str
    target: str
    state: State
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    line: int = 0

    @property
    def id(self) -> str:
        """The id that the unit has in files."""
        return f"{self.name}-{self.revision_hash}"


@dataclass(frozen=True, slots=True)
class InterchangeDocument:
    """The units of one article in one language, in its order.

    `article` is its name as catalogs have it, `language` the code, or the language tag as a
    file has it. `line` is where the sheet begins in its file, from 1.
    """

    article: str
    language: str
    units: tuple[TransUnit, ...]
    line: int = 0


def unit_name(context: str | None, source: str, form: int = 0) -> str:
    """Name a message, by its context and its German; `form` counts its plural forms."""
    # As in `.mo` files, EOT parts context and source: neither has it.
    key = source if context is None else f"{context}\4{source}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"m{digest}.{form}" if form else f"m{digest}"


def revision_hash(target: str, *, approved: bool) -> str:
    """Seal a translation and whether it is approved."""
    return hashlib.sha256(f"{'=~'[approved]}{target}".encode()).hexdigest()[:8]


def parse_id(text: str) -> tuple[str, str] | None:
    """Give the name and the seal of an id; None for one that is not ours."""
    match = _ID.fullmatch(text.strip())
    return (match[1], match[2]) if match else None


def imported_state(target: str, *, approved: bool) -> State:
    """The state of a unit that came back: not to be approved without a text."""
    if not target:
        return State.MISSING
    return State.APPROVED if approved else State.TOUCHED


def language_tag(language: str) -> str:
    """Write a language code as the tag of BCP 47 that other tools use (`pt_BR`: `pt-BR`)."""
    code, _, variant = language.partition("@")
    base, _, region = code.partition("_")
    script = {"latin": "Latn", "cyrillic": "Cyrl"}.get(variant, "")
    private = f"x-{variant[:8]}" if variant and not script else ""
    return "-".join(part for part in (base, script, region, private) if part)
