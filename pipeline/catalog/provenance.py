"""Provenance comments: which engine wrote a draft, and was it touched since.

They are translator comments, which every gettext tool preserves, in the order of use:

- a line for people, `# Machine draft, 62 % sure`;
- `# translate: check: MESSAGE` for each problem of the draft;
- `# translate: memory 84 % from CATALOG: …` for similar translations;
- `# translate: alternative 71 % by ENGINE, model MODEL: …` for the translation of a second engine,
  with its agreement with the draft;
- `# translate: draft by ENGINE MODEL gl DIGEST 62% =DIGEST`, where `gl` is the digest of the
  glossary terms, and the model of a draft from the translation memory is its catalog.

The last digest is that of the draft as written: a translation with another digest was touched by
a human. It ends the line, which proves that an editor has not cut the line off. The line fits
the side panel of an editor (76 characters) with the usual engines and models.

Earlier catalogs have `# translate: draft by ENGINE, model MODEL, glossary DIGEST, confidence
62 %, text DIGEST`, with longer digests, and some have that line first, and none for people.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.catalog.po.parser import Entry
from pipeline.core import MemoryMatch, Provenance, SecondOpinion, one_line, word_diff

_TOOL_LINE = re.compile(r"#[ \t]*translate: (draft by |check: |memory |alternative )")
_MATCH_LINE = re.compile(r"#[ \t]*translate: memory ")
_MAX_LINES = 5  # lines that an editor may have wrapped the comment into
DIGEST_DIGITS = 6
"""Hexadecimal digits of the digests in a provenance comment."""

_PROVENANCE = re.compile(
    r"#[ \t]*translate: draft by (?P<engine>\S+)(?: (?!gl |\d{1,3}% |=)(?P<model>.+?))?"
    r"(?: gl (?P<glossary>\S+))?(?: (?P<confidence>\d{1,3})%)? =(?P<text>[0-9a-f]{6})[ \t]*"
)
_LONG_PROVENANCE = re.compile(
    r"#[ \t]*translate: draft by (?P<engine>.+?)(?:, (?:model|from) (?P<model>.+?))?"
    r"(?:, glossary (?P<glossary>[^,]+))?(?:, confidence (?P<confidence>\d{1,3}) %)?"
    r", text (?P<text>[0-9a-f]+)[ \t]*"
)
_LINE = "# translate: draft by "
_CHECK = "# translate: check: "

# The line for people; it is this tool's if the entry has a provenance comment.
_SUMMARY = re.compile(
    r"# (?:Machine draft(?:, \d{1,3} % sure)?|From the translation memory(?: \(.*\))?"
    r"|Copied from the German|From the table of page labels|From a table of names(?: \(.*\))?)"
)
_SUMMARIES = {
    "memory": "From the translation memory",
    "source": "Copied from the German",
    "labels": "From the table of page labels",
    "names": "From a table of names",
}
# Parts of the name of a model that say nothing to a translator.
_MODEL_VARIANT = re.compile(
    r"(?:[-_.](?:instruct|chat|gguf|i?q\d\w*?|k_[msl]|b?f16|fp16))+(?=$| with | at )",
    re.IGNORECASE,
)

# Shorter forms of models: each has the pattern and the replacement, and those of the way back.
_SHORT_FORMS = (
    (r"(\S+) with ([a-z]{2}-[a-z]{2})", r"\1+\2", r"(\S+)\+([a-z]{2}-[a-z]{2})", r"\1 with \2"),
    (
        r"(\S+) with freedict-([a-z]{3}-[a-z]{3})",
        r"\1+\2",
        r"(\S+)\+([a-z]{3}-[a-z]{3})",
        r"\1 with freedict-\2",
    ),
    (r"(\S+) at (\S+)", r"\1@\2", r"([^\s@]+)@(\S+)", r"\1 at \2"),
    (r"(\S+) (.+), then (\S+) \2", r"\1>\3 \2", r"([^\s>]+)>(\S+) (.+)", r"\1 \3, then \2 \3"),
)

CONFLICT = "# translate: conflict: "
"""Prefix of the comment lines that quote the texts of a merge conflict."""


def text_digest(text: str) -> str:
    """Return eight hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def is_digest_of(digest: str, text: str) -> bool:
    """Return whether a digest of provenance, of any length, is that of a text."""
    return bool(digest) and text_digest(text).startswith(digest)


def parse_provenance(entry: Entry) -> Provenance | None:
    """Return the provenance of a draft, or None if no engine wrote it.

    Its digests have six hexadecimal digits, or eight in earlier catalogs.
    """
    match = _find_comment(entry)[0]
    return None if match is None else _to_provenance(match)


def _to_provenance(match: re.Match[str]) -> Provenance:
    engine, model, glossary, text, confidence = (
        match[name] or "" for name in ("engine", "model", "glossary", "text", "confidence")
    )
    if match.re is _PROVENANCE:
        model = _expanded(model)
    return Provenance(engine, model, glossary, text, int(confidence) if confidence else None)


def _match(line: str) -> re.Match[str] | None:
    return _PROVENANCE.fullmatch(line) or _LONG_PROVENANCE.fullmatch(line)


def _find_comment(entry: Entry) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """Find the provenance comment, and the lines that an editor wrapped it into."""
    for number, note in enumerate(entry.comments):
        if "translate: draft by " not in note:
            continue
        if match := _match(note):
            return match, ()
        continuation: list[str] = []
        for line in entry.comments[number + 1 : number + _MAX_LINES]:
            continuation.append(line)
            whole = " ".join(part.lstrip("# \t").rstrip() for part in (note, *continuation))
            if match := _match(f"# {whole}"):
                return match, tuple(continuation)
    return None, ()


def draft_lines(
    provenance: Provenance,
    issues: Sequence[str],
    replaced: Entry | None = None,
    opinion: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the comment lines of a draft: for people, findings, second opinion, provenance.

    `opinion` are the lines of `opinion_lines`. If the entry that is `replaced` has the same
    provenance in an earlier form, that line stays.
    """
    lines = [f"# {_summary(provenance)}"]
    lines += [f"{_CHECK}{one_line(issue)}" for issue in issues]
    lines += opinion
    match, continuation = _find_comment(replaced) if replaced else (None, ())
    if match and not continuation and _short(_to_provenance(match)) == _short(provenance):
        return (*lines, match[0])
    return (*lines, _provenance_line(provenance))


def draft_problems(entry: Entry) -> tuple[str, ...]:
    """Return the problems of a draft, as its comments have them."""
    lines = (line for line in entry.comments if line.startswith(_CHECK))
    return tuple(line.removeprefix(_CHECK) for line in lines)


def opinion_lines(target: str, opinion: SecondOpinion) -> tuple[str, ...]:
    """Return comment lines that show a second opinion on the draft `target`.

    Differences are marked: `[-only in the draft-]{+only in the alternative+}`.
    """
    by = f"{one_line(opinion.engine)}, model {one_line(opinion.model)}"
    head = f"# translate: alternative {opinion.agreement} % by {by}"
    if opinion.target == target:
        return (f"{head}: the same text",)
    difference = one_line(word_diff(target, opinion.target))
    return (
        f"{head}: {difference}",
        f"# translate: alternative translation: {one_line(opinion.target)}",
    )


def _summary(provenance: Provenance) -> str:
    if provenance.engine in _SUMMARIES:
        origin = f" ({one_line(provenance.model)})" if provenance.model else ""
        return _SUMMARIES[provenance.engine] + origin
    if provenance.confidence is None:
        return "Machine draft"
    return f"Machine draft, {provenance.confidence} % sure"


def _provenance_line(provenance: Provenance) -> str:
    """Return the comment with the provenance: short, if that is read back as it was."""
    short = _short(provenance)
    fields = [short.engine]
    if short.model:
        fields.append(_compacted(short.model))
    if short.glossary:
        fields.append(f"gl {short.glossary}")
    if short.confidence is not None:
        fields.append(f"{short.confidence}%")
    line = f"{_LINE}{' '.join(fields)} ={short.text}"
    match = _match(line)
    if match is not None and _to_provenance(match) == short:
        return line
    return _long_line(short)


def _long_line(provenance: Provenance) -> str:
    parts = [f"{_LINE}{provenance.engine}"]
    if provenance.model:
        name = "from" if provenance.engine == "memory" else "model"
        parts.append(f"{name} {provenance.model}")
    if provenance.glossary:
        parts.append(f"glossary {provenance.glossary.replace(',', ' ')}")
    if provenance.confidence is not None:
        parts.append(f"confidence {provenance.confidence} %")
    return ", ".join([*parts, f"text {provenance.text}"])


def _short(provenance: Provenance) -> Provenance:
    """Return a provenance as a comment has it: each field in a line, and no longer than needed."""
    model = one_line(provenance.model)
    return replace(
        provenance,
        engine=one_line(provenance.engine),
        model=model if provenance.engine == "memory" else _MODEL_VARIANT.sub("", model),
        glossary=one_line(provenance.glossary)[:DIGEST_DIGITS],
        text=provenance.text[:DIGEST_DIGITS],
    )


def _compacted(model: str) -> str:
    for pattern, replacement, _, _ in _SHORT_FORMS:
        if match := re.fullmatch(pattern, model):
            return match.expand(replacement)
    return model


@lru_cache(maxsize=256)
def _expanded(model: str) -> str:
    for _, _, pattern, replacement in _SHORT_FORMS:
        if match := re.fullmatch(pattern, model):
            return match.expand(replacement)
    return model


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
