"""The user's own settings in `config.toml`, which apply to all projects."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.core import Rule, SettingsError, check_settings
from pipeline.core.http import Address, AddressError, parse_address
from pipeline.core.input import parse_toml, system_reason
from pipeline.core.settings import NOTIFY

__all__ = ["UserSettings", "config_dir", "load_user_settings"]

USER_SETTINGS_FILE = "config.toml"

_VARIABLE = re.compile(r"TRANSLATE_[A-Z0-9_]+_KEY")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def _is_host(value: object) -> bool:
    if not isinstance(value, str) or set("/?#") & set(value):
        return False
    try:
        return bool(parse_address(f"https://{value}"))
    except AddressError:
        return False


def _are_key_hosts(value: object) -> bool:
    return isinstance(value, dict) and all(
        _VARIABLE.fullmatch(variable) and isinstance(hosts, list) and all(map(_is_host, hosts))
        for variable, hosts in value.items()
    )


_KEYS = Rule(
    "a table of TRANSLATE_…_KEY = [hosts]",
    _are_key_hosts,
    'Write TRANSLATE_OPENAI_KEY = ["mt.example", "127.0.0.1:8080"] under [keys]: host names, '
    "with the port unless it is the usual one. Keys of vendors need no hosts.",
)


def _is_firefox(value: object) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {"records"}:
        return False
    try:
        return all(bool(parse_address(str(address))) for address in value.values())
    except AddressError:
        return False


_FIREFOX = Rule(
    "a table with records",
    _is_firefox,
    'Write records = "https://mirror.example/firefox/records.json" under [firefox].',
)


@dataclass(frozen=True, slots=True)
class UserSettings:
    """The settings in the user's `config.toml`.

    `keys` maps the variable of a key to the hosts that may receive it. `notify` contains the
    command that `translate run` calls at its end, in all projects. `firefox` contains
    `records`, the address of the list of Firefox models.
    """

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict, metadata={"rule": _KEYS})
    notify: Mapping[str, Sequence[str]] = field(default_factory=dict, metadata={"rule": NOTIFY})

    firefox: Mapping[str, str] = field(default_factory=dict, metadata={"rule": _FIREFOX})

    def names_host(self, variable: str, address: Address) -> bool:
        """Return whether the user named the host and port of an address for a key."""
        return any(
            _endpoint(parse_address(f"{address.scheme}://{host}")) == _endpoint(address)
            for host in self.keys.get(variable, ())
        )


def config_dir() -> Path:
    """Return the user's configuration folder, `$XDG_CONFIG_HOME/translate` on Linux.

    A relative $XDG_CONFIG_HOME is ignored, as its specification demands: it would be a
    folder of the project.
    """
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    if configured and Path(configured).is_absolute():
        return Path(configured) / "translate"
    from platformdirs import PlatformDirs

    if not configured:
        return PlatformDirs("translate", appauthor=False).user_config_path
    return Path.home() / ".config" / "translate"


def load_user_settings() -> UserSettings:
    """Read `config.toml`; a missing file is empty. Raises SettingsError if it is invalid."""
    path = config_dir() / USER_SETTINGS_FILE
    try:
        table = parse_toml(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return UserSettings()
    except OSError as error:
        raise SettingsError(f"{path}: {system_reason(error)}", "Check its permissions.") from error
    except ValueError as error:
        raise SettingsError(f"{path}: {error}", "Fix the TOML syntax there.") from error
    check_settings(UserSettings, table, str(path))
    return UserSettings(**table)


def _endpoint(address: Address) -> tuple[str, int]:
    return address.host.rstrip("."), address.port or _DEFAULT_PORTS[address.scheme]
