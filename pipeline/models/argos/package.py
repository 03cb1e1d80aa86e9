"""What an Argos package is, read from its folder."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ModelError

KIND = "argos"
SENTENCEPIECE, BPE = "sentencepiece.model", "bpe.model"
MODEL = "model"
METADATA = "metadata.json"

_PAIR = re.compile(r"(?:translate-)?([a-z]{2,3})[-_]([a-z]{2,3})")
# Argos names two variants of languages with codes of its own.
_CODES = {"pt_BR": "pb", "zh_TW": "zt", "zh_HK": "zt"}


@dataclass(frozen=True, slots=True)
class ArgosPackage:
    """An installed package: its folder, its pair of Argos' language codes and its version.

    `prefix` is the word that every translation has to begin with, "" for none. `bytes` is
    its size. `recorded_digest` is that of its files at installation; "" for a
    package that another program installed.
    """

    folder: Path
    source: str
    target: str
    version: str
    prefix: str = ""
    bytes: int = 0
    recorded_digest: str = ""

    @property
    def id(self) -> str:
        """The name of the package in commands: `de-en`."""
        return f"{self.source}-{self.target}"

    @property
    def managed(self) -> bool:
        """Whether `translate` installed it."""
        return bool(self.recorded_digest)

    def files(self) -> list[Path]:
        """The files that translating needs, in a fixed order."""
        inside = [self.folder / METADATA, self.folder / SENTENCEPIECE, self.folder / BPE]
        found = [path for path in inside if path.is_file()]
        return [*found, *sorted(p for p in (self.folder / MODEL).rglob("*") if p.is_file())]


def parse_pair(name: str) -> tuple[str, str] | None:
    """Take a package's name apart (`de-en`, `translate-de_en`); None where it is none."""
    match = _PAIR.fullmatch(name)
    return (match[1], match[2]) if match else None


def argos_code(language: str) -> str:
    """Give Argos' code of a catalog's language: `pt_BR` is `pb`, `fr_CH` is `fr`."""
    return _CODES.get(language) or re.split("[_@-]", language)[0]


def version_key(version: str) -> tuple[int, ...]:
    """Order versions by their numbers."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:6])


def read(folder: Path, recorded_digest: str = "") -> ArgosPackage:
    """Read the package in a folder; `recorded_digest` is the digest that its files should have.

    Raises ModelError where it is not a package that translates.
    """
    try:
        metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
        if not isinstance(metadata, dict):
            raise ValueError("not an object")
    except (OSError, ValueError) as error:
        raise _broken(folder, f"{METADATA} cannot be read ({error})") from error
    source, target = (metadata.get(key) for key in ("from_code", "to_code"))
    version, prefix = metadata.get("package_version", ""), metadata.get("target_prefix", "")
    if not (
        isinstance(source, str) and isinstance(target, str) and parse_pair(f"{source}-{target}")
    ):
        raise _broken(folder, f"{METADATA} names no pair of languages")
    if not (isinstance(version, str) and isinstance(prefix, str)):
        raise _broken(folder, f"{METADATA} has a version or prefix that is no text")
    if not (folder / MODEL / "model.bin").is_file():
        raise _broken(folder, "it has no model/model.bin")
    if not ((folder / SENTENCEPIECE).is_file() or (folder / BPE).is_file()):
        raise _broken(folder, f"it has neither {SENTENCEPIECE} nor {BPE}")
    package = ArgosPackage(folder, source, target, version, prefix, recorded_digest=recorded_digest)
    size = sum(path.stat().st_size for path in package.files())
    return ArgosPackage(folder, source, target, version, prefix, size, recorded_digest)


def _broken(folder: Path, why: str) -> ModelError:
    return ModelError(f"{folder}: not an Argos package: {why}", "Install it anew.")
