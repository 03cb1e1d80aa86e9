"""Tags in catalogs: short, numbered names in place of the elements of an article.

A catalog shows `<a1>`, `</a1>` and `<br>` instead of tags with attributes. Elements of the same
name are numbered within a segment. Everything else is plain text: `&` and `<` are escaped only
where they would be a reference or a tag.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pipeline.articles.formats.base import BREAK, CatalogToken
from pipeline.articles.formats.html.elements import VERBATIM, VOID
from pipeline.articles.formats.html.references import CATALOG_TAG, catalog_escapes, has_escapes
from pipeline.core import Fragment, Markup, MarkupRole, shorten

__all__ = ["KEEP", "PROTECTED", "number", "tokenize"]

PROTECTED = "code"
"""The kind of tokens that contain text, which translations contain unchanged."""

KEEP = "notranslate"
"""The name of such a token, unless it is that of its element."""

_OPEN, _CLOSE, _EMPTY = MarkupRole.OPEN, MarkupRole.CLOSE, MarkupRole.EMPTY  # read often
_PROTECTED_NAMES = VERBATIM | {KEEP}
_DIGITS = "0123456789"
_MAX_LEGEND = 150  # characters


def number(fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
    """Return the fragments of a segment with numbered tags and escaped texts."""
    suffixes = _suffixes([one for one in fragments if one.markup is not None])
    shown: list[Fragment] = []
    texts: list[Fragment] = []
    for one in fragments:
        if one.markup is None:
            texts.append(one)
            continue
        shown += _escaped(texts)
        texts = []
        shown.append(_named(one, one.markup, suffixes.get(one.markup.element, "")))
    return (*shown, *_escaped(texts))


def tokenize(text: str) -> tuple[CatalogToken, ...]:
    """Find the tags in a text of a catalog."""
    if "<" not in text:
        return ()
    found = list(_tags(text))
    opened: dict[str, list[int]] = defaultdict(list)
    partners: dict[int, int] = {}
    for index, (_, _, name, role) in enumerate(found):
        if role is _OPEN:
            opened[name].append(index)
        elif role is _CLOSE and opened[name]:
            partners[index] = opened[name].pop()
    elements = {**partners, **{opening: opening for opening in partners.values()}}
    return tuple(
        _token(text, one, elements.get(index, -1 if one[3] is not _EMPTY else index))
        for index, one in enumerate(found)
    )


def _tags(text: str) -> Iterator[tuple[int, int, str, MarkupRole]]:
    """Yield the span, the name in lower case and the role of each tag."""
    at = 0
    unclosed: set[str] = set()
    while match := CATALOG_TAG.search(text, at):
        start, at = match.span()
        name = match[2].lower()
        base = name.rstrip(_DIGITS)
        if match[1]:
            role = _CLOSE
        elif match[3].endswith("/") or base in VOID:
            role = _EMPTY
        else:
            role = _OPEN
        if role is _OPEN and base in _PROTECTED_NAMES and name not in unclosed:
            end_tag = f"</{match[2]}>"
            end = text.find(end_tag, at)
            if end >= 0:
                at = end + len(end_tag)
                role = _EMPTY
            else:
                unclosed.add(name)
        yield start, at, name, role


def _token(text: str, tag: tuple[int, int, str, MarkupRole], element: int) -> CatalogToken:
    start, end, name, role = tag
    shown = text[start:end]
    base = name.rstrip(_DIGITS)
    kind = BREAK if base == "br" else base
    key = "/" + name if role is _CLOSE else name
    if role is _EMPTY and base in _PROTECTED_NAMES:
        kind, key = PROTECTED, shown
    elif shown.rstrip(" />").lstrip("</").lower() != name:
        key = shown  # a tag with attributes is none of a catalog
    return CatalogToken(start, end, key, Markup(kind, role, element))


def _suffixes(tokens: Sequence[Fragment]) -> dict[int, str]:
    """Return the number of each element whose name does not identify it."""
    several: dict[str, Counter[str]] = defaultdict(Counter)
    for one in tokens:
        if one.markup is not None and one.markup.role is not _CLOSE:
            several[one.text][one.markup.legend] += 1
    numbers: Counter[str] = Counter()
    suffixes: dict[int, str] = {}
    for one in tokens:
        markup = one.markup
        if markup is None or markup.role is _CLOSE:
            continue
        legends = several[one.text]
        is_pair = markup.role is _OPEN
        if (legends.total() if is_pair else len(legends)) < 2:
            continue
        numbers[one.text] += 1
        while _with_suffix(one.text, str(numbers[one.text])) in several:
            numbers[one.text] += 1  # the name of another element ends in a digit
        suffixes[markup.element] = str(numbers[one.text])
    return suffixes


def _with_suffix(tag: str, suffix: str) -> str:
    """Return a tag, or an element with its content, with a number in its name."""
    if not suffix:
        return tag
    head, mark, rest = tag.partition("/>" if tag.endswith("/>") else ">")
    if rest:  # an element with its content
        content, _, end = rest.rpartition(">")
        return f"{head}{suffix}{mark}{content}{suffix}>{end}"
    return f"{head}{suffix}{mark}"


def _named(one: Fragment, markup: Markup, suffix: str) -> Fragment:
    """Return a token as the catalog shows it, with a legend that begins with it."""
    text = _with_suffix(one.text, suffix)
    legend = markup.legend
    if legend:
        tag = text[: text.index(">") + 1]
        legend = shorten(f"{tag} = {legend}", _MAX_LEGEND)
    return one._replace(text=text, markup=markup._replace(legend=legend))


def _escaped(texts: Sequence[Fragment]) -> Sequence[Fragment]:
    """Escape adjacent texts; what has to be escaped may begin in one and end in another."""
    joined = "".join(one.text for one in texts)
    if not has_escapes(joined):
        return texts
    escapes = catalog_escapes(joined)
    shown, at = [], 0
    for one in texts:
        text = "".join(escapes.get(at + n, character) for n, character in enumerate(one.text))
        shown.append(one._replace(text=text) if text != one.text else one)
        at += len(one.text)
    return shown
