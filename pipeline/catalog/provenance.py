"""How far an entry is, and the line that says where a draft came from.

The line stands among the translator's comments, which every gettext tool keeps:
`# translate: draft by ENGINE, model MODEL, glossary DIGEST, confidence 62 %, text DIGEST`
("from CATALOG" where the memory had it). The last digest is of the draft as it was written:
a translation that no longer matches it was touched by a human. It ends the line, so that a
line which an editor broke is known to be whole. Problems of a draft follow, as
`# translate: check: MESSAGE`, and translations of similar texts, as
`# translate: memory 84 % from CATALOG: …`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from pipeline.catalog.po.parser import Entry
from pipeline.core.text import one_line, word_diff
from pipeline.core.types import MemoryMatch, Provenance

_TOOL_LINE = re.compile(r"#[ \t]*translate: (draft by |check: |memory )")
_MATCH_LINE = re.compile(r"#[ \t]*translate: memory ")
_MAX_LINES = 5  # lines that the comment of an origin is broken into at most
_ORIGIN = re.compile(
    r"#[ \t]*translate: draft by (?P<engine>.+?)(?:, (?:model|from) (?P<model>.+?))?"
    r"(?:, glossary (?P<glossary>[^,]+))?(?:, confidence (?P<confidence>\d{1,3}) %)?"
    r", text (?P<text>[0-9a-f]+)[ \t]*"
)

CONFLICT = "# translate: conflict: "
"""How the comment lines begin that quote the texts of a merge's conflict."""


def text_digest(text: str) -> str:
    """A short digest of a text, the same however a file wraps it."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def parse_provenance(entry: Entry) -> Provenance | None:
    """Where the entry's draft came from, or None if no machine wrote it."""
    match = _find_comment(entry)[0]
    if match is None:
        return None
    engine, model, glossary, text, sure = (
        match[name] or "" for name in ("engine", "model", "glossary", "text", "confidence")
    )
    return Provenance(engine, model, glossary, text, int(sure) if sure else None)


def _find_comment(entry: Entry) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """The comment on a draft's origin, and further lines that an editor broke it into."""
    for number, note in enumerate(entry.comments):
        if "translate: draft by " not in note:
            continue
        if match := _ORIGIN.fullmatch(note):
            return match, ()
        more: list[str] = []
        for line in entry.comments[number + 1 : number + _MAX_LINES]:
            more.append(line)
            whole = " ".join(part.lstrip("# \t").rstrip() for part in (note, *more))
            if match := _ORIGIN.fullmatch(f"# {whole}"):
                return match, tuple(more)
    return None, ()


def provenance_lines(provenance: Provenance, issues: Sequence[str]) -> tuple[str, ...]:
    """Write the comment lines of a draft."""
    parts = [f"draft by {one_line(provenance.engine)}"]
    word = "from" if provenance.engine == "memory" else "model"
    parts += [f"{word} {one_line(provenance.model)}"] if provenance.model else []
    parts += (
        [f"glossary {one_line(provenance.glossary).replace(',', ' ')}"]
        if provenance.glossary
        else []
    )
    parts += [f"confidence {provenance.confidence} %"] if provenance.confidence is not None else []
    lines = [", ".join([*parts, f"text {provenance.text}"])]
    lines += [f"check: {one_line(issue)}" for issue in issues]
    return tuple(f"# translate: {line}" for line in lines)


def match_lines(source: str, matches: Sequence[MemoryMatch]) -> tuple[str, ...]:
    """Write the comment lines that show translations of texts like `source`.

    The text is shown with its difference: `[-what only it has-]{+what only the source has+}`.
    """
    lines = []
    for match in matches:
        shown = one_line(word_diff(match.source, source))
        lines.append(f"memory {match.percent} % from {one_line(match.file)}: {shown}")
        lines.append(f"memory translation: {one_line(match.target)}")
    return tuple(f"# translate: {line}" for line in lines)


def replace_match_lines(entry: Entry, lines: Sequence[str]) -> tuple[str, ...]:
    """The comment lines of an entry, with `lines` for those that show translations."""
    return (*(note for note in entry.notes if not _MATCH_LINE.match(note)), *lines)


def human_notes(entry: Entry) -> tuple[str, ...]:
    """The translators' own comment lines, those of this tool left out."""
    broken = _find_comment(entry)[1]
    return tuple(n for n in entry.notes if not _TOOL_LINE.match(n) and n not in broken)
