"""Compile catalogs for gettext (`.mo` files)."""

from __future__ import annotations

from pipeline.catalog import header as catalog_header
from pipeline.catalog import state
from pipeline.catalog.catalog import Catalog
from pipeline.core import State


def compile_mo(catalog: Catalog) -> bytes:
    """Return the `.mo` file with the approved translations of a catalog."""
    import polib

    compiled = polib.POFile()
    for entry in catalog.entries:
        if catalog_header.is_header(entry):
            compiled.metadata = catalog_header.header_fields(entry)
        elif not entry.obsolete and state.entry_state(entry) is State.APPROVED:
            forms = dict(enumerate(entry.targets)) if entry.plural is not None else None
            compiled.append(
                polib.POEntry(
                    msgctxt=entry.context,
                    msgid=entry.source,
                    msgid_plural=entry.plural or "",
                    msgstr=entry.targets[0],
                    msgstr_plural=forms or {},
                )
            )
    data: bytes = compiled.to_binary()
    return data
