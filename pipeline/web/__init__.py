"""The review page: a local web server over the use cases of `workflows`.

`create_app` returns the ASGI application, `serve` runs it on 127.0.0.1. Needs the extra
`review` (Starlette, uvicorn). The page is plain HTML, CSS and JavaScript in `web/static`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.web.app import ReviewSettings, create_app
    from pipeline.web.server import ReviewServer

__all__ = ["ReviewServer", "ReviewSettings", "create_app"]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {"app": ("ReviewSettings", "create_app"), "server": ("ReviewServer",)},
    )
