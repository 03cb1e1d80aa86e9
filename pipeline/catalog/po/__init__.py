"""The PO format: a byte-exact parser, edits in place, and gettext's line wrapping."""
