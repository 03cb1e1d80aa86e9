"""Keys of servers: where they are read, and where they may be sent."""

from __future__ import annotations

import os
from collections.abc import Collection

from pipeline.core import EngineError
from pipeline.core.http import Address, is_loopback
from pipeline.core.secrets import Secret
from pipeline.trust import load_user_settings

__all__ = ["find_key", "is_loopback", "may_send"]


def find_key(
    address: Address,
    variable: str,
    vendor_variable: str = "",
    vendor_hosts: Collection[str] = (),
    *,
    key_hosts: Collection[str] | None = (),
) -> Secret:
    """Return the key for the server at `address`; empty if there is none.

    The key in `variable` is sent to the hosts that the user named: `key_hosts` (None: any),
    and those in the user's `config.toml`. `vendor_variable` is read by the vendor's own tools
    as well, so its key is sent to `vendor_hosts` only. The settings of somebody else's
    project must not send either anywhere else.

    Raises EngineError for a key that would be sent over a network without encryption, or
    that has characters no key has.
    """
    source = ""
    if may_send(address, variable, key_hosts):
        source = variable
    elif address.host in vendor_hosts:
        source = vendor_variable
    value = os.environ.get(source, "").strip() if source else ""
    # http.client would repeat a header that it rejects, including the key.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise EngineError(
            f"the key in ${source} contains spaces or special characters",
            f"Set {source} to the key alone.",
        )
    if value and address.scheme != "https" and not address.is_loopback:
        raise EngineError(
            f"the key in ${source} would go to {address.host} unencrypted",
            f"Use an https url, or unset {source} if the server needs no key.",
        )
    return Secret(value)


def may_send(address: Address, variable: str, key_hosts: Collection[str] | None = ()) -> bool:
    """Return whether `variable` is set, and its key may be sent to an address.

    Raises SettingsError if the user's `config.toml` is invalid.
    """
    if not os.environ.get(variable, "").strip():
        return False
    if key_hosts is None or address.netloc in key_hosts:
        return True
    return load_user_settings().names_host(variable, address)
