"""HTTP connections through the user's proxy, shared by engines and downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import urllib3

__all__ = ["connection_pool"]


def connection_pool(
    url: str, max_connections: int = 1, *, use_proxy: bool = True
) -> urllib3.PoolManager:
    """Return a pool of connections to the host of `url`.

    The proxy is that of the environment or the system (`https_proxy`, `no_proxy`), as
    urllib finds it. Raises urllib3's HTTPError for the address of a proxy it cannot use.
    """
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    proxy = getproxies().get(parts.scheme) if use_proxy else None
    if proxy and not (proxy_bypass(host) or proxy_bypass(parts.hostname or "")):
        address = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        credentials, _, server = address.netloc.rpartition("@")
        headers = (
            urllib3.make_headers(proxy_basic_auth=unquote(credentials)) if credentials else None
        )
        return urllib3.ProxyManager(
            f"{address.scheme}://{server}", maxsize=max_connections, proxy_headers=headers
        )
    return urllib3.PoolManager(maxsize=max_connections)
