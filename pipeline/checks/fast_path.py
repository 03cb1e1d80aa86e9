"""Ways for the runner to skip a check of two texts that would find nothing.

They only save time: the runner skips a check if its fast path says so, and the check itself
must then find nothing. A check without a fast path always runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.checks.base import Context
from pipeline.checks.text import Text


@dataclass(frozen=True, slots=True)
class FastPath:
    """Two tests that a check finds nothing in a pair of texts.

    `trigger(piece, is_target, context)` returns whether a piece of a text, as split at
    spaces, may lead to a finding. A check runs only if a piece of either text, with its
    markup or without, triggers it. Results are remembered by piece. Without `trigger`, every
    text triggers the check.

    `fast_pass(source, target, context, bit)` returns whether a triggered check is certain to
    find nothing. `bit` is set in the `trigger_mask` of the pieces that trigger the check.
    """

    trigger: Callable[[str, bool, Context], bool] | None = None
    fast_pass: Callable[[Text, Text, Context, int], bool] | None = None
