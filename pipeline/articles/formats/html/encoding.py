"""The encoding that an HTML file declares."""

from __future__ import annotations

import codecs
import re

from pipeline.core import shorten

__all__ = ["declared_encoding"]

_PRESCAN = 1024  # bytes, as in the HTML standard (13.2.3.2)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML = re.compile(rb"""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_META = re.compile(rb"""<meta[\s/](?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""(?<![\w-])charset\s*=\s*(?:"\s*([^"]*)"|'\s*([^']*)'|([^\s"'>;/]+))""", re.IGNORECASE
)
# The WHATWG encoding standard reads these labels differently from Python.
_WHATWG = {
    **dict.fromkeys(
        ("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1"), "cp1252"
    ),
    **dict.fromkeys(("x-cp1252", "windows-1252", "x-user-defined"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("unicode-1-1-utf-8", "x-unicode20utf8"), "utf-8"),
    # A file in UTF-16 cannot declare it in ASCII (13.2.3.2).
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be"), "utf-8"),
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
}


def declared_encoding(data: bytes) -> str:
    """Return the encoding that a file declares, as Python names it; "" if it declares none.

    A byte order mark takes precedence over an XML declaration, and that over `meta`. Raises
    ValueError for an encoding that does not exist.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    head = data[:_PRESCAN]
    match = _XML.search(head)
    label = match[1] if match else _meta_charset(_COMMENT.sub(b"", head))
    if not label:
        return ""
    shown = label.decode("ascii", "replace").strip()
    name = _WHATWG.get(shown.lower(), shown)
    try:
        codecs.lookup(name)
        "".encode(name)  # a codec such as `rot13` is no encoding
    except LookupError as error:
        raise ValueError(f"unknown encoding {shorten(shown, 40)!r}") from error
    if name == "cp1252" and not _is_decodable(data, name):
        return "iso-8859-1"  # has a character for each byte
    return name


def _meta_charset(head: bytes) -> bytes:
    for meta in _META.findall(head):
        if match := _CHARSET.search(meta):
            value: bytes = (match[1] or match[2] or match[3] or b"").strip()
            return value.strip(b"\"'")
    return b""


def _is_decodable(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
