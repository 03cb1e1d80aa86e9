"""Lets the C library keep large buffers, which CTranslate2 asks for anew at every step.

Left alone, glibc fetches a block of more than 32 MB from the kernel and gives it back as soon
as it is free. The scores of a batch are larger than that, so the kernel clears pages in every
step of the search: see docs/quality.md for what that costs.
"""

from __future__ import annotations

import ctypes

# From malloc.h of glibc; see mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 1 << 30


def keep_buffers() -> None:
    """Keep freed memory in this process, up to 1 GiB; where it cannot be told, do nothing."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _KEPT)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
