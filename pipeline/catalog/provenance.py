"""Provenance comments: which engine wrote a draft, and was it touched since.

They are translator comments, which every gettext tool preserves:
`# translate: draft by ENGINE, model MODEL, glossary DIGEST, confidence 62 %, text DIGEST`
("from CATALOG" for a draft from the translation memory). The text digest is that of the draft
as written: a translation with another digest was touched by a human. It ends the line, which
proves that an editor has not cut the line off. Further lines are `# translate: check: MESSAGE`
for the problems of a draft and `# translate: memory 84 % from CATALOG: …` for similar
translations.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from pipeline.catalog.po.parser import Entry
from pipeline.core import MemoryMatch, Provenance, one_line, word_diff

_TOOL_LINE = re.compile(r"#[ \t]*translate: (draft by |check: |memory )")
_MATCH_LINE = re.compile(r"#[ \t]*translate: memory ")
_MAX_LINES = 5  # lines that an editor may have wrapped the comment into
_PROVENANCE = re.compile(
    r"#[ \t]*translate: draft by (?P<engine>.+?)(?:, (?:model|from) (?P<model>.+?))?"
    r"(?:, glossary (?P<glossary>[^,]+))?(?:, confidence (?P<confidence>\d{1,3}) %)?"
    r", text (?P<text>[0-9a-f]+)[ \t]*"
)

CONFLICT = "# translate: conflict: "
"""Prefix of the comment lines that quote the texts of a merge conflict."""


def text_digest(text: str) -> str:
    """Return eight hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def parse_provenance(entry: Entry) -> Provenance | None:
    """Return the provenance of a draft, or None if no engine wrote it."""
    match = _find_comment(entry)[0]
    if match is None:
        return None
    engine, model, glossary, text, confidence = (
        match[name] or "" for name in ("engine", "model", "glossary", "text", "confidence")
    )
    return Provenance(engine, model, glossary, text, int(confidence) if confidence else None)


def _find_comment(entry: Entry) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """Find the provenance comment, and the lines that an editor wrapped it into."""
    for number, note in enumerate(entry.comments):
        if "translate: draft by " not in note:
            continue
        if match := _PROVENANCE.fullmatch(note):
            return match, ()
        continuation: list[str] = []
        for line in entry.comments[number + 1 : number + _MAX_LINES]:
            continuation.append(line)
            whole = " ".join(part.lstrip("# \t").rstrip() for part in (note, *continuation))
            if match := _PROVENANCE.fullmatch(f"# {whole}"):
                return match, tuple(continuation)
    return None, ()


def provenance_lines(provenance: Provenance, issues: Sequence[str]) -> tuple[str, ...]:
    """Return the comment lines of a draft."""
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
    """Return comment lines that show translations of texts similar to `source`.

    Differences are marked: `[-only in the similar text-]{+only in the source+}`.
    """
    lines = []
    for match in matches:
        difference = one_line(word_diff(match.source, source))
        lines.append(f"memory {match.percent} % from {one_line(match.file)}: {difference}")
        lines.append(f"memory translation: {one_line(match.target)}")
    return tuple(f"# translate: {line}" for line in lines)


def replace_match_lines(entry: Entry, lines: Sequence[str]) -> tuple[str, ...]:
    """Return the translator comments of an entry with other match lines."""
    return (*(note for note in entry.notes if not _MATCH_LINE.match(note)), *lines)


def human_notes(entry: Entry) -> tuple[str, ...]:
    """Return the translator comments without those of this tool."""
    wrapped = _find_comment(entry)[1]
    return tuple(n for n in entry.notes if not _TOOL_LINE.match(n) and n not in wrapped)
