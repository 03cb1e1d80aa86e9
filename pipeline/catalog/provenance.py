"""Provenance comments: which engine wrote a draft, and was it touched since.

They are translator comments, which every gettext tool preserves, in the order of use:

- a line for people, `# Machine draft, 62 % sure`;
- `# translate: check: MESSAGE` for each problem of the draft;
- `# translate: memory 84 % from CATALOG: …` for similar translations;
- `# translate: draft by ENGINE, model MODEL, glossary DIGEST, confidence 62 %, text DIGEST`
  ("from CATALOG" for a draft from the translation memory).

The text digest is that of the draft as written: a translation with another digest was touched by
a human. It ends the line, which proves that an editor has not cut the line off. In earlier
catalogs that line comes first, and the one for people is missing.
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

# The line for people; it is this tool's if the entry has a provenance comment.
_SUMMARY = re.compile(
    r"# (?:Machine draft(?:, \d{1,3} % sure)?|From the translation memory(?: \(.*\))?"
    r"|Copied from the German|From the table of page labels)"
)
_SUMMARIES = {
    "memory": "From the translation memory",
    "source": "Copied from the German",
    "labels": "From the table of page labels",
}
# Parts of the name of a model that say nothing to a translator.
_MODEL_VARIANT = re.compile(
    r"(?:[-_.](?:instruct|chat|gguf|i?q\d\w*|k_[msl]|b?f16|fp16))+$", re.IGNORECASE
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


def draft_lines(provenance: Provenance, issues: Sequence[str]) -> tuple[str, ...]:
    """Return the comment lines of a draft: for people, findings, provenance."""
    lines = [f"# {_summary(provenance)}"]
    lines += [f"# translate: check: {one_line(issue)}" for issue in issues]
    return (*lines, f"# translate: {_provenance_fields(provenance)}")


def _summary(provenance: Provenance) -> str:
    if provenance.engine in _SUMMARIES:
        origin = f" ({one_line(provenance.model)})" if provenance.model else ""
        return _SUMMARIES[provenance.engine] + (origin if provenance.engine == "memory" else "")
    if provenance.confidence is None:
        return "Machine draft"
    return f"Machine draft, {provenance.confidence} % sure"


def _provenance_fields(provenance: Provenance) -> str:
    parts = [f"draft by {one_line(provenance.engine)}"]
    if provenance.model:
        is_memory = provenance.engine == "memory"
        model = one_line(provenance.model)
        parts.append(f"from {model}" if is_memory else f"model {_MODEL_VARIANT.sub('', model)}")
    if provenance.glossary:
        parts.append(f"glossary {one_line(provenance.glossary).replace(',', ' ')}")
    if provenance.confidence is not None:
        parts.append(f"confidence {provenance.confidence} %")
    return ", ".join([*parts, f"text {provenance.text}"])


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
    """Return the translator comments of an entry with other match lines.

    They come before the provenance of a draft that has a line for people, else at the end. The
    comments stay as they are if the match lines do.
    """
    if tuple(filter(_MATCH_LINE.match, entry.notes)) == tuple(lines):
        return entry.notes
    others = [note for note in entry.notes if not _MATCH_LINE.match(note)]
    at = len(others)
    if any(map(_SUMMARY.fullmatch, others)):
        at = next((n for n, note in enumerate(others) if "translate: draft by " in note), at)
    return (*others[:at], *lines, *others[at:])


def human_notes(entry: Entry) -> tuple[str, ...]:
    """Return the translator comments without those of this tool."""
    match, wrapped = _find_comment(entry)
    return tuple(
        note
        for note in entry.notes
        if not _TOOL_LINE.match(note)
        and note not in wrapped
        and not (match is not None and _SUMMARY.fullmatch(note))
    )
