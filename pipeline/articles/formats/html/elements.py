"""The elements and attributes of HTML that matter to translation."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.core import BlockKind


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# HTML standard, section 13.1.2.
VOID = _names(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
"""Elements without content and end tag."""

RAW_TEXT = _names("script style xmp iframe noembed noframes plaintext textarea title")
"""Elements whose content has no tags. That of `title` is text all the same."""

KINDS: Mapping[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd", "option"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("td", "th"), BlockKind.TABLE_CELL),
    **dict.fromkeys(("caption", "figcaption", "legend"), BlockKind.CAPTION),
    **dict.fromkeys(("nav",), BlockKind.BOILERPLATE),
    **dict.fromkeys(("table", "ul", "ol", "dl", "figure", "blockquote"), BlockKind.PARAGRAPH),
    "title": BlockKind.TITLE,
}
"""The kind of text in an element; in any other element, it is that of its parent."""

BLOCK = _names(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header "
    "hgroup hr html label legend li main menu nav noscript ol optgroup option p pre search "
    "section summary table tbody td template text desc foreignobject tfoot th thead title tr ul "
    "xmp plaintext noframes"
)
"""Elements that end a paragraph, also in SVG; all others are inline, also unknown ones."""

EMBEDDED = _names("audio canvas datalist object picture select svg video")
"""Inline elements with blocks of their own."""

OPAQUE = _names("math script style iframe noembed textarea")
"""Inline elements whose content is not translated, and not shown to translators."""

VERBATIM = frozenset(["code"])
"""Inline elements whose content is not translated, but shown to translators."""

UNTRANSLATED = frozenset(["pre", "xmp", "plaintext", "noframes"])
"""Block elements whose content is not translated."""

_CELLS = frozenset(["td", "th"])
_ROWS = _CELLS | {"tr"}
_SECTIONS = _ROWS | {"thead", "tbody", "tfoot", "caption", "colgroup"}
_LISTS = frozenset(["ul", "ol", "menu", "dir"])
_CHOICES = frozenset(["select", "datalist"])

IMPLIED_ENDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(["li"]), _LISTS),
    "dt": (frozenset(["dt", "dd"]), frozenset(["dl"])),
    "dd": (frozenset(["dt", "dd"]), frozenset(["dl"])),
    "option": (frozenset(["option"]), _CHOICES),
    "optgroup": (frozenset(["option", "optgroup"]), _CHOICES),
    "td": (_CELLS, frozenset(["table"])),
    "th": (_CELLS, frozenset(["table"])),
    "tr": (_ROWS, frozenset(["table"])),
    **dict.fromkeys(("thead", "tbody", "tfoot"), (_SECTIONS, frozenset(["table"]))),
    "body": (frozenset(["head"]), frozenset()),
}
"""The open elements that a start tag ends, and the elements that they may not be outside of."""

ENDS_PARAGRAPH = _names(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search "
    "section summary table ul xmp"
)
"""Start tags that end an open paragraph."""

SCOPES = _names("td th caption template svg object")
"""Elements whose parents an end tag inside them does not end."""

TABLE_PARTS = _SECTIONS | {"table"}
"""Elements whose end tags end cells."""

TEXT_ATTRIBUTES: Mapping[str, tuple[BlockKind, str]] = {
    "alt": (BlockKind.IMAGE_TEXT, "image text"),
    "title": (BlockKind.LINK_TITLE, "tooltip"),
    "placeholder": (BlockKind.METADATA, "placeholder"),
    "aria-label": (BlockKind.METADATA, "accessible label"),
    "aria-description": (BlockKind.METADATA, "accessible description"),
    "aria-placeholder": (BlockKind.METADATA, "placeholder"),
    "aria-roledescription": (BlockKind.METADATA, "accessible description"),
    "aria-valuetext": (BlockKind.METADATA, "accessible value"),
}
"""Attributes with text, in any element: the kind, and the label for translators."""

ELEMENT_TEXT_ATTRIBUTES: Mapping[tuple[str, str], str] = {
    ("option", "label"): "option",
    ("optgroup", "label"): "group of options",
    ("track", "label"): "label of a track",
    ("table", "summary"): "summary of a table",
}
"""Attributes with text in one element, with the label for translators."""

BUTTON_TYPES = frozenset(["submit", "button", "reset"])
"""Types of `input` whose `value` is the text of a button."""

META_TEXTS: Mapping[str, str] = {
    "description": "meta description",
    "keywords": "meta keywords",
    "abstract": "meta abstract",
    "dc.title": "metadata title",
    "dc.description": "metadata description",
    "dcterms.title": "metadata title",
    "dcterms.description": "metadata description",
    "og:title": "og:title",
    "og:description": "og:description",
    "og:site_name": "og:site_name",
    "og:image:alt": "og:image:alt",
    "twitter:title": "twitter:title",
    "twitter:description": "twitter:description",
    "twitter:image:alt": "twitter:image:alt",
    "headline": "metadata headline",
}
"""Names of `meta` elements with text, with the label for translators."""

META_LANGUAGES: Mapping[str, str] = {
    "language": "-",
    "dc.language": "-",
    "dcterms.language": "-",
    "inlanguage": "-",
    "og:locale": "_",
}
"""Names of `meta` elements with the language of the page, with what separates its parts."""
