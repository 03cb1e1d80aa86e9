"""The PO file format: a strict parser, in-place editing, and gettext's line wrapping.

Entries keep the lines they were read from, so that files are written back byte for byte.
"""

from pipeline.catalog.po.editing import (
    edit_entry,
    extracted_lines,
    flag_lines,
    match_newlines,
    new_entry,
    note_lines,
    previous_lines,
    quote_line,
    reference_lines,
    rewrap,
)
from pipeline.catalog.po.file import PoFile, declared_charset, edit, parse_bytes, read, read_bytes
from pipeline.catalog.po.parser import (
    Entry,
    EntryKey,
    PoSyntaxError,
    PoText,
    Style,
    parse_entry,
    parse_po,
)

__all__ = [
    "Entry",
    "EntryKey",
    "PoFile",
    "PoSyntaxError",
    "PoText",
    "Style",
    "declared_charset",
    "edit",
    "edit_entry",
    "extracted_lines",
    "flag_lines",
    "match_newlines",
    "new_entry",
    "note_lines",
    "parse_bytes",
    "parse_entry",
    "parse_po",
    "previous_lines",
    "quote_line",
    "read",
    "read_bytes",
    "reference_lines",
    "rewrap",
]
