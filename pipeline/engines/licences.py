"""The licences of known translation models, by parts of their names.

A model of the user's has no record of its licence. Restrictions that most users do not expect are
warned about whenever such a model drafts.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ModelLicence", "find_licence"]


@dataclass(frozen=True, slots=True)
class ModelLicence:
    """The licence of a model, and a `restriction` that users must know ("" for none)."""

    name: str
    restriction: str = ""


_NON_COMMERCIAL = "only for non-commercial use"

_LICENCES: tuple[tuple[tuple[str, ...], ModelLicence], ...] = (
    # Before the models of 2025, whose names begin in the same way.
    (("hy-mt2", "hy_mt2"), ModelLicence("Apache-2.0")),
    (
        ("hunyuan-mt", "hunyuan_mt", "hy-mt", "hy_mt"),
        ModelLicence(
            "Tencent HY Community License", "not licensed in the EU, the UK and South Korea"
        ),
    ),
    (("translategemma",), ModelLicence("Gemma Terms of Use")),
    (("tower",), ModelLicence("CC-BY-NC-4.0", _NON_COMMERCIAL)),
    (("nllb",), ModelLicence("CC-BY-NC-4.0", _NON_COMMERCIAL)),
    (("eurollm",), ModelLicence("Apache-2.0")),
)


def find_licence(name: str) -> ModelLicence | None:
    """Return the licence of a model with this name, id or file name; None if it is not known."""
    lowered = name.lower()
    for parts, licence in _LICENCES:
        if any(part in lowered for part in parts):
            return licence
    return None
