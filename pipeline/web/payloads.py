"""JSON of the review page: values of the use cases to JSON, request bodies to values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.core import LanguageCode, PipelineError
from pipeline.workflows.editing.checking import EntryReport
from pipeline.workflows.editing.comments import Mark, Remarks
from pipeline.workflows.editing.entries import EditorArticle, EditorEntry, InlineToken
from pipeline.workflows.editing.session import Edit, require_text
from pipeline.workflows.editing.session import snapshot as make_snapshot

__all__ = ["article_json", "edit_from", "entry_json", "report_json"]

_OPTIONAL = (
    "plural", "previous", "conflict", "engine", "model", "draft_digest", "confidence", "issues",
    "context",
)  # fmt: skip
_RIGHT_TO_LEFT = frozenset(("ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))
_RIGHT_TO_LEFT_SCRIPTS = frozenset(("Arab", "Hebr", "Thaa", "Syrc", "Nkoo"))


def direction(language: str) -> str:
    """Return the direction of writing of a language, as HTML names it."""
    tag = LanguageCode.parse(language).tag.split("-")
    if len(tag) > 1 and len(tag[1]) == 4:
        return "rtl" if tag[1] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if tag[0] in _RIGHT_TO_LEFT else "ltr"


def article_json(article: EditorArticle) -> dict[str, Any]:
    """Return the JSON of an article."""
    return {
        "name": article.name,
        "language": article.language,
        "direction": direction(article.language),
        "suffix": article.suffix,
        "revision": article.revision,
        "problem": article.problem,
        "blocks": [
            {
                "kind": block.kind,
                "label": block.label,
                "marker": block.marker,
                "segments": [[one.entry, one.source, one.number] for one in block.segments],
            }
            for block in article.blocks
        ],
        "entries": {key: entry_json(entry) for key, entry in article.entries.items()},
    }


def entry_json(entry: EditorEntry) -> dict[str, Any]:
    """Return the JSON of an entry; fields without a value are left out."""
    # By hand: `asdict` takes most of the time of an article with 500 segments.
    shot = entry.snapshot
    shown: dict[str, Any] = {
        "id": entry.id,
        "source": entry.source,
        "targets": entry.targets,
        "state": entry.state,
        "snapshot": {"targets": shot.targets, "comments": shot.comments},
    }
    if entry.similar:
        shown["similar"] = [asdict(one) for one in entry.similar]
    if entry.alternatives:
        shown["alternatives"] = [asdict(one) for one in entry.alternatives]
    if entry.tokens:
        shown["tokens"] = [_token_json(entry.source, one) for one in entry.tokens]
    for name in _OPTIONAL:
        value = getattr(entry, name)
        if value not in ("", (), None):
            shown[name] = value
    if entry.remarks != Remarks():
        shown["remarks"] = asdict(entry.remarks)
    return shown


def _token_json(source: str, token: InlineToken) -> dict[str, Any]:
    start, end = _utf16(source, token.start, token.end)
    return {"text": token.text, "start": start, "end": end, "legend": token.legend}


def report_json(
    report: EntryReport, entry: EditorEntry, targets: Sequence[str] | None = None
) -> dict[str, Any]:
    """Return the JSON of findings and terms; offsets count UTF-16 units, as JavaScript does.

    `targets` are the translations that were checked, if not those of the entry.
    """
    target = (entry.targets if targets is None else targets)[0]
    terms = []
    for term in report.terms:
        start, end = _utf16(entry.source, term.start, term.end)
        spans = {
            name: [_utf16(target, *span) for span in getattr(term, name)]
            for name in ("uses", "forbidden")
        }
        terms.append(asdict(term) | {"start": start, "end": end, **spans})
    return {"findings": [asdict(one) for one in report.findings], "terms": terms}


def _utf16(text: str, start: int, end: int) -> tuple[int, int]:
    if text.isascii():
        return start, end
    before, inside = (
        len(part.encode("utf-16-le")) // 2 for part in (text[:start], text[start:end])
    )
    return before, before + inside


def edit_from(body: Mapping[str, Any]) -> Edit:
    """Return the edit in a request; raises PipelineError if it is not one."""
    try:
        restore = body.get("restore")
        return Edit(
            entry=_text(body["entry"]),
            seen=_snapshot(body["seen"]),
            targets=_texts(body.get("targets", ())),
            approved=_flag(body.get("approved", False)),
            remarks=None if body.get("remarks") is None else _remarks(body["remarks"]),
            restore=None if restore is None else _snapshot(restore),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise PipelineError(f"invalid edit: {error}", "Load the page again.") from error


def _snapshot(value: Any) -> Any:
    return make_snapshot(_texts(value["targets"]), _texts(value["comments"]))


def _remarks(value: Any) -> Remarks:
    marks = tuple(
        Mark(_text(one["category"]), _text(one["severity"]), _text(one.get("text", "")))
        for one in value.get("marks", ())
    )
    return Remarks(
        _text(value.get("note", "")),
        _flag(value.get("question", False)),
        marks,
        _texts(value.get("ignored", ())),
    )


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError("a list of texts is missing")
    return tuple(map(_text, value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return require_text(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is missing")
    return value
