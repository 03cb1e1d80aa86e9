"""SVG charts and badges, with a title and a description for screen readers.

Own code: a plotting library is larger than this project, and these are rectangles.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["Series", "badge", "bars", "stacked_areas", "stacked_bar"]

Series = tuple[str, str, float]
"""A label, a class of the style sheet, and a value."""

_WIDTH, _HEIGHT = 600, 160
_BADGE_COLOURS = ((90, "#2e7d32"), (60, "#8a6d00"), (0, "#b3261e"))


def stacked_bar(title: str, series: Sequence[Series]) -> str:
    """Return a bar divided in proportion to the values."""
    total = sum(value for _, _, value in series) or 1
    parts, x = [], 0.0
    for label, style, value in series:
        width = _WIDTH * value / total
        text = f"<title>{escape(label)}: {value:g}</title>"
        parts.append(
            f'<rect class="{style}" x="{x:.1f}" width="{width:.1f}" height="18">{text}</rect>'
        )
        x += width
    described = ", ".join(f"{label} {value:g}" for label, _, value in series)
    return _svg(title, described, "".join(parts), 18)


def bars(title: str, series: Sequence[Series]) -> str:
    """Return vertical bars with labels."""
    highest = max((value for _, _, value in series), default=0) or 1
    step = _WIDTH / max(len(series), 1)
    parts = []
    for number, (label, style, value) in enumerate(series):
        height = (_HEIGHT - 40) * value / highest
        x, y = number * step + 4, _HEIGHT - 20 - height
        parts.append(
            f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{step - 8:.1f}" '
            f'height="{height:.1f}"/>'
            f'<text x="{x + step / 2 - 4:.1f}" y="{_HEIGHT - 6}">{escape(label)}</text>'
            f'<text x="{x + step / 2 - 4:.1f}" y="{y - 4:.1f}">{value:g}</text>'
        )
    described = ", ".join(f"{label}: {value:g}" for label, _, value in series)
    return _svg(title, described, "".join(parts), _HEIGHT)


def stacked_areas(
    title: str, dates: Sequence[str], layers: Sequence[tuple[str, str, Sequence[float]]]
) -> str:
    """Return stacked areas over time; each layer has a label, a class and a value for each date."""
    totals = [sum(values[i] for _, _, values in layers) for i in range(len(dates))]
    highest = max(totals, default=0) or 1
    step = _WIDTH / max(len(dates) - 1, 1)
    below = [0.0] * len(dates)
    parts = []
    for label, style, values in layers:
        above = [low + value for low, value in zip(below, values, strict=True)]
        edge = [*enumerate(above), *reversed(list(enumerate(below)))]
        points = " ".join(
            f"{i * step:.1f},{(_HEIGHT - 20) * (1 - level / highest):.1f}" for i, level in edge
        )
        parts.append(
            f'<polygon class="{style}" points="{points}"><title>{escape(label)}</title></polygon>'
        )
        below = above
    if dates:
        parts.append(f'<text class="start" x="0" y="{_HEIGHT - 4}">{escape(dates[0][:10])}</text>')
        parts.append(
            f'<text class="end" x="{_WIDTH}" y="{_HEIGHT - 4}">{escape(dates[-1][:10])}</text>'
        )
    described = f"from {dates[0][:10]} to {dates[-1][:10]}: " if dates else ""
    described += ", ".join(
        f"{label} {values[0]:g} to {values[-1]:g}" for label, _, values in layers if values
    )
    return _svg(title, described, "".join(parts), _HEIGHT)


def badge(label: str, percent: float) -> str:
    """Return a badge such as "en | 87 % approved", as shown in a README."""
    text = f"{percent:.0f} % approved"
    colour = next(code for low, code in _BADGE_COLOURS if percent >= low)
    left, right = 12 + 7 * len(label), 12 + 7 * len(text)
    safe = escape(label)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{safe}: {text}"><title>{safe}: {text}</title>'
        f'<rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/>'
        f'<g fill="#fff" text-anchor="middle" font-family="sans-serif" font-size="11">'
        f'<text x="{left / 2}" y="14">{safe}</text>'
        f'<text x="{left + right / 2}" y="14">{text}</text></g></svg>\n'
    )


def _svg(title: str, described: str, content: str, height: int) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(described)}</desc>{content}</svg>"
    )
