"""Files of a page in its preview: images and style sheets below the folder of the articles.

They become `data:` URLs, so that the server of the preview opens no path of a request, and the
browser loads nothing. A reference that leads out of the folder, also by a symbolic link, or to
another host stays as it is: the policy of the preview does not load it.
"""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["MAX_BYTES", "PageFiles"]

MAX_BYTES = 8_000_000
"""Size of all files of a page in the preview, at most."""

_IMAGES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
}
_STYLES = {".css": "text/css"}


class PageFiles:
    """The files that an article in `base` may show: those below `folder`."""

    def __init__(self, folder: Path, base: Path) -> None:
        self._folder, self._base = folder, base
        self._left = MAX_BYTES

    def embed_images(self, root: Any) -> None:
        """Replace the sources of images in a tree of elements."""
        for image in root.iter("img", "source"):
            image.attrib.pop("srcset", None)  # takes precedence, and is not loaded
            if url := self._data_url(image.get("src", ""), _IMAGES):
                image.set("src", url)

    def style_sheets(self, root: Any) -> list[str]:
        """Return the URLs of the style sheets of a page."""
        links = [
            link.get("href", "")
            for link in root.iter("link")
            if link.get("rel", "").lower().split() == ["stylesheet"]
        ]
        return [url for link in links if (url := self._data_url(link, _STYLES))]

    def _data_url(self, reference: str, types: dict[str, str]) -> str:
        """Return a file as a URL, "" if it may not be shown, or does not exist."""
        try:
            path = self._path(reference)
            if path is None or path.suffix.lower() not in types or not path.is_file():
                return ""
            if path.stat().st_size > self._left:
                return ""
            data = path.read_bytes()
        except (OSError, ValueError):
            return ""
        self._left -= len(data)
        return f"data:{types[path.suffix.lower()]};base64,{b64encode(data).decode('ascii')}"

    def _path(self, reference: str) -> Path | None:
        """Return the path of a reference, None if it is outside of the folder."""
        url = urlsplit(reference.strip())
        if url.scheme or url.netloc or not url.path:
            return None
        name = unquote(url.path)
        start = self._folder if name.startswith("/") else self._base
        path = Path(os.path.realpath(start / name.lstrip("/")))
        return path if path.is_relative_to(os.path.realpath(self._folder)) else None
