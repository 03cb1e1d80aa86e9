"""Gettext catalogs, the only state of a project.

A catalog is loaded, synchronized with its article, filled with drafts, edited, merged and
recovered. Only changed entries are rewritten; every other byte of the file stays. No function
overwrites a translation that a human has touched or approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.catalog.catalog import (
    Catalog,
    Draft,
    edit_entries,
    load,
    parse_catalog,
    sync,
    to_translations,
    write_drafts,
)
from pipeline.catalog.sync import Message, SyncResult
from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.catalog.chunked_reader import (
        CatalogChunk,
        ChunkContents,
        Chunks,
        ParsedChunk,
        has_unique_keys,
        iter_chunks,
        parse_whole,
    )
    from pipeline.catalog.edits import approve, has_human_work, rename_references, reset
    from pipeline.catalog.header import (
        CatalogHeader,
        format_time,
        header_fields,
        is_header,
        read_header,
        set_dates,
    )
    from pipeline.catalog.merge import MergeResult, merge_catalogs
    from pipeline.catalog.mo import compile_mo
    from pipeline.catalog.plural_forms import (
        frequent_forms,
        plural_forms_problem,
        read_form_count,
    )
    from pipeline.catalog.provenance import (
        CONFLICT,
        DIGEST_DIGITS,
        draft_problems,
        human_notes,
        is_digest_of,
        parse_provenance,
        text_digest,
    )
    from pipeline.catalog.recovery import RecoveredCatalog, recover
    from pipeline.catalog.revisions import (
        EntrySnapshot,
        Revision,
        SavedEntry,
        SaveOutcome,
        revise,
        save_entry,
    )
    from pipeline.catalog.state import (
        entry_flags,
        entry_state,
        is_in_conflict,
        is_outdated,
        translated_source,
    )

__all__ = [
    "CONFLICT",
    "DIGEST_DIGITS",
    "Catalog",
    "CatalogChunk",
    "CatalogHeader",
    "ChunkContents",
    "Chunks",
    "Draft",
    "EntrySnapshot",
    "MergeResult",
    "Message",
    "ParsedChunk",
    "RecoveredCatalog",
    "Revision",
    "SaveOutcome",
    "SavedEntry",
    "SyncResult",
    "approve",
    "compile_mo",
    "draft_problems",
    "edit_entries",
    "entry_flags",
    "entry_state",
    "format_time",
    "frequent_forms",
    "has_human_work",
    "has_unique_keys",
    "header_fields",
    "human_notes",
    "is_digest_of",
    "is_header",
    "is_in_conflict",
    "is_outdated",
    "iter_chunks",
    "load",
    "merge_catalogs",
    "parse_catalog",
    "parse_provenance",
    "parse_whole",
    "plural_forms_problem",
    "read_form_count",
    "read_header",
    "recover",
    "rename_references",
    "reset",
    "revise",
    "save_entry",
    "set_dates",
    "sync",
    "text_digest",
    "to_translations",
    "translated_source",
    "write_drafts",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "chunked_reader": (
                "CatalogChunk",
                "ChunkContents",
                "Chunks",
                "ParsedChunk",
                "has_unique_keys",
                "iter_chunks",
                "parse_whole",
            ),
            "edits": (
                "approve",
                "has_human_work",
                "rename_references",
                "reset",
            ),
            "header": (
                "CatalogHeader",
                "format_time",
                "header_fields",
                "is_header",
                "read_header",
                "set_dates",
            ),
            "merge": (
                "MergeResult",
                "merge_catalogs",
            ),
            "mo": ("compile_mo",),
            "plural_forms": (
                "frequent_forms",
                "plural_forms_problem",
                "read_form_count",
            ),
            "provenance": (
                "CONFLICT",
                "DIGEST_DIGITS",
                "draft_problems",
                "human_notes",
                "is_digest_of",
                "parse_provenance",
                "text_digest",
            ),
            "recovery": (
                "RecoveredCatalog",
                "recover",
            ),
            "revisions": (
                "EntrySnapshot",
                "Revision",
                "SaveOutcome",
                "SavedEntry",
                "revise",
                "save_entry",
            ),
            "state": (
                "entry_flags",
                "entry_state",
                "is_in_conflict",
                "is_outdated",
                "translated_source",
            ),
        },
    )
