"""How far an entry is, and the line that says where a draft came from.

The line stands among the translator's comments, which every gettext tool keeps:
`# translate: draft by ENGINE, model MODEL, glossary DIGEST, text DIGEST` ("from CATALOG"
where the memory had it). The last digest is of the draft as it was written: a translation
that no longer matches it was touched by a human. Problems of a draft follow, as
`# translate: check: MESSAGE`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from pipeline.model import Origin, State
from pipeline.po_edit import one_line
from pipeline.po_text import Entry

_TOOL_LINE = re.compile(r"#[ \t]*translate: (draft by |check: )")
_ORIGIN = re.compile(
    r"#[ \t]*translate: draft by (?P<engine>.+?)(?:, (?:model|from) (?P<model>.+?))?"
    r"(?:, glossary (?P<glossary>[^,]+))?, text (?P<text>[0-9a-f]+)[ \t]*"
)


def digest(text: str) -> str:
    """A short digest of a text, the same however a file wraps it."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def origin(entry: Entry) -> Origin | None:
    """Where the entry's draft came from, or None if no machine wrote it."""
    for note in entry.comments:
        match = _ORIGIN.fullmatch(note) if "translate: draft by " in note else None
        if match:
            return Origin(*(match[name] or "" for name in ("engine", "model", "glossary", "text")))
    return None


def state(entry: Entry) -> State:
    """How far an entry is; one with plural forms is missing until all of them are there."""
    if not all(entry.targets):
        return State.MISSING
    if "fuzzy" not in entry.flags:
        return State.APPROVED
    made = origin(entry)
    untouched = made is not None and made.text == digest("\0".join(entry.targets))
    return State.DRAFT if untouched else State.TOUCHED


def made_for(entry: Entry) -> str:
    """The text that an entry's translation really translates."""
    return entry.previous.get("msgid", entry.source) if "fuzzy" in entry.flags else entry.source


def is_outdated(entry: Entry) -> bool:
    """Whether the German changed after it was translated, and nobody has approved it since."""
    return made_for(entry) != entry.source


def tool_lines(made: Origin, problems: Sequence[str]) -> tuple[str, ...]:
    """Write the comment lines of a draft."""
    parts = [f"draft by {one_line(made.engine)}"]
    word = "from" if made.engine == "memory" else "model"
    parts += [f"{word} {one_line(made.model)}"] if made.model else []
    parts += [f"glossary {one_line(made.glossary).replace(',', ' ')}"] if made.glossary else []
    lines = [", ".join([*parts, f"text {made.text}"])]
    lines += [f"check: {one_line(problem)}" for problem in problems]
    return tuple(f"# translate: {line}" for line in lines)


def human_notes(entry: Entry) -> tuple[str, ...]:
    """The translators' own comment lines, those of this tool left out."""
    return tuple(note for note in entry.notes if not _TOOL_LINE.match(note))
