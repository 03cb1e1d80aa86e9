"""Inline markup of a translation, compared with that of its segment.

A translator may move elements and nest them differently. A translation must contain each
token of its source equally often, every element must be closed where it is open, and an
element with text must not become empty.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from pipeline.articles.formats import CatalogToken, CatalogTokenizer, MarkupError
from pipeline.core import Fragment, MarkupRole, Segment, shorten

_MAX_SHOWN = 40  # characters of a token in a message


def markup_problems(
    form: CatalogTokenizer, source: str, target: str, *, check_empty: bool = True
) -> list[str]:
    """Return how the markup of a translation differs from its source, in words.

    The list is empty if `target` has the tokens of `source`, properly nested.
    """
    ours, theirs = form.tokenize(source), form.tokenize(target)
    if not ours and not theirs:
        return []
    expected, actual = (Counter(token.key for token in tokens) for tokens in (ours, theirs))
    shown = {t.key: source[t.start : t.end] for t in ours}
    shown |= {t.key: target[t.start : t.end] for t in theirs if t.key not in shown}
    problems = []
    differences = (
        ("is missing", expected - actual, _element_names(ours, source)),
        ("is added", actual - expected, _element_names(theirs, target)),
    )
    for verb, missing, names in differences:
        problems += [
            f"{name} {verb}" + (f" {count} times" * (count > 1))
            for name, count in _named(missing, names, shown).items()
        ]
    if problems:
        return problems
    # Pages with errors may have elements that cross in the source.
    if not _first_crossing(ours) and (crossing := _first_crossing(theirs)):
        return [f"{shorten(shown[crossing], _MAX_SHOWN)} is not nested properly"]
    if check_empty:
        empty = _empty_elements(theirs, target) - _empty_elements(ours, source)
        problems = [f"{shorten(shown[key], _MAX_SHOWN)} is around no text" for key in empty]
    return problems


def _element_names(tokens: Sequence[CatalogToken], text: str) -> dict[tuple[str, str], str]:
    """Return how elements are shown in messages, by the keys of their two tokens."""
    opened: dict[int, CatalogToken] = {}
    names: dict[tuple[str, str], str] = {}
    for token in tokens:
        element = token.markup.element
        if token.markup.role is MarkupRole.OPEN:
            opened[element] = token
        elif token.markup.role is MarkupRole.CLOSE and element >= 0 and element in opened:
            first = opened[element]
            shown = (shorten(text[one.start : one.end], _MAX_SHOWN) for one in (first, token))
            names.setdefault((first.key, token.key), "…".join(shown))
    return names


def _named(
    keys: Counter[str], names: Mapping[tuple[str, str], str], shown: Mapping[str, str]
) -> dict[str, int]:
    """Count tokens by their text; both tokens of an element are counted as one."""
    left = Counter(keys)
    found: Counter[str] = Counter()
    for (opening, closing), name in names.items():
        count = min(left[opening], left[closing])
        left -= Counter({opening: count, closing: count})
        found[name] += count
    for key, count in left.items():
        found[shorten(shown[key], _MAX_SHOWN)] += count
    return +found


def restore_markup(
    form: CatalogTokenizer,
    segment: Segment,
    translation: str,
    *,
    escape: Callable[[str], str],
    source: Callable[[Fragment], str],
) -> str:
    """Replace the tokens of a translation by their source, and escape the text between them.

    Raises MarkupError if the translation loses, adds or crosses tokens.
    """
    if problems := markup_problems(form, segment.text, translation, check_empty=False):
        raise MarkupError("; ".join(problems))
    fragments = [fragment for fragment in segment.fragments if fragment.markup is not None]
    available: dict[str, deque[Fragment]] = defaultdict(deque)
    for token, fragment in zip(form.tokenize(segment.text), fragments, strict=True):
        available[token.key].append(fragment)
    written: list[str] = []
    at = 0
    for token in form.tokenize(translation):
        written += (
            escape(translation[at : token.start]),
            source(available[token.key].popleft()),
        )
        at = token.end
    return "".join((*written, escape(translation[at:])))


def _first_crossing(tokens: Sequence[CatalogToken]) -> str:
    """Return the key of the first token that closes an element which is not the last opened.

    Returns an empty string if all elements are properly nested, and ignores elements that
    have only one token.
    """
    opened: list[int] = []
    for token in tokens:
        element = token.markup.element
        if element < 0 or token.markup.role is MarkupRole.EMPTY:
            continue
        if token.markup.role is MarkupRole.OPEN:
            opened.append(element)
        elif not opened or opened.pop() != element:
            return token.key
    return tokens[-1].key if opened else ""


def _empty_elements(tokens: Sequence[CatalogToken], text: str) -> Counter[str]:
    """Count the elements that open and close with nothing but white space between."""
    found: Counter[str] = Counter()
    for first, second in pairwise(tokens):
        same = first.markup.element == second.markup.element >= 0
        if same and first.markup.role is MarkupRole.OPEN:
            found[first.key] += not text[first.end : second.start].strip()
    return +found
