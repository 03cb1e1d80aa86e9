"""The table `[engines.firefox]` of a project's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.core import Rule, SettingsError, load_settings, number
from pipeline.core.http import Address, AddressError, parse_address
from pipeline.core.settings import STRING_LIST
from pipeline.models.firefox import ListSettings, ModelName, parse_name

__all__ = ["FirefoxSettings", "firefox_settings", "records_address"]


def _is_address(value: object) -> bool:
    try:
        return isinstance(value, str) and (not value or bool(parse_address(value)))
    except AddressError:
        return False


_RECORDS = Rule(
    "the address of a list of models",
    _is_address,
    'Write records = "https://mirror.example/firefox/records.json".',
)
_MODELS = Rule(
    "a list of Firefox models",
    lambda value: STRING_LIST.accepts(value) and all(map(parse_name, value)),
    'Write models = ["firefox:de-en@3.0"]: pairs with an @version, an :architecture, or both.',
)


@dataclass(frozen=True, slots=True)
class FirefoxSettings:
    """The settings of the engine.

    - `workers`: number of worker processes; 0 for the number of cores.
    - `records`: address of the list from which models are installed; "" for that of the user.
    - `models`: required versions and architectures, as `firefox:de-en@3.0`.
    """

    workers: int = field(default=0, metadata={"rule": number(int, 0, 1024)})
    records: str = field(default="", metadata={"rule": _RECORDS})
    models: tuple[str, ...] = field(default=(), metadata={"rule": _MODELS})

    @property
    def pins(self) -> Mapping[str, ModelName]:
        """The required models by pair (`de-en`)."""
        names = [name for text in self.models if (name := parse_name(text))]
        return {name.pair: name for name in names}

    @property
    def list_settings(self) -> ListSettings:
        """What applies when models are installed."""
        return ListSettings(self.records, self.pins)


def firefox_settings(table: Mapping[str, Any]) -> FirefoxSettings:
    """Convert the table; raises SettingsError for a value that is not valid."""
    settings = load_settings(FirefoxSettings, "firefox", table)
    if len(settings.pins) < len(settings.models):
        raise SettingsError(
            "[engines.firefox]: models names a pair of languages twice", "Keep one of them."
        )
    return settings


def records_address(table: Mapping[str, Any]) -> Address | None:
    """Return the address of the list that a table selects; None if it selects none."""
    records = firefox_settings(table).records
    return parse_address(records) if records else None
