"""An Argos package, read from its folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.core import ModelError
from pipeline.core.input import parse_json

KIND, LABEL = "argos", "Argos package"
SENTENCEPIECE_FILE, BPE_FILE = "sentencepiece.model", "bpe.model"
MODEL_FOLDER = "model"
METADATA_FILE = "metadata.json"

_PAIR = re.compile(r"(?:translate-)?([a-z]{2,3})[-_]([a-z]{2,3})")
# Argos has its own codes for these variants of languages.
_CODES = {"pt_BR": "pb", "zh_TW": "zt", "zh_HK": "zt"}


@dataclass(frozen=True, slots=True)
class ArgosPackage:
    """An installed package; `source` and `target` are language codes of Argos.

    - `prefix` is the first token of every translation, "" for none.
    - `bytes` is the size of its files.
    - `recorded_digest` is the digest of its files at installation, "" for a package that
      another program installed.
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
        """Return the id of the package in commands: `de-en`."""
        return f"{self.source}-{self.target}"

    @property
    def managed(self) -> bool:
        """Return whether `translate` installed the package."""
        return bool(self.recorded_digest)

    def files(self) -> list[Path]:
        """Return the files that translation needs, in a fixed order."""
        inside = [
            self.folder / METADATA_FILE,
            self.folder / SENTENCEPIECE_FILE,
            self.folder / BPE_FILE,
        ]
        found = [path for path in inside if path.is_file()]
        return [*found, *sorted(p for p in (self.folder / MODEL_FOLDER).rglob("*") if p.is_file())]


def parse_pair(name: str) -> tuple[str, str] | None:
    """Split the name of a package (`de-en`, `translate-de_en`); None for any other text."""
    match = _PAIR.fullmatch(name)
    return (match[1], match[2]) if match else None


def argos_code(language: str) -> str:
    """Return the code of Argos for a language: `pb` for `pt_BR`, `fr` for `fr_CH`."""
    return _CODES.get(language) or re.split("[_@-]", language)[0]


def version_key(version: str) -> tuple[int, ...]:
    """Return a key that sorts versions numerically."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:6])


def read(folder: Path, recorded_digest: str = "") -> ArgosPackage:
    """Read the package in a folder. Raises ModelError if it is not a translation package."""
    try:
        metadata = parse_json((folder / METADATA_FILE).read_text(encoding="utf-8"))
        if not isinstance(metadata, dict):
            raise ValueError("not an object")
    except (OSError, ValueError) as error:
        raise _broken(folder, f"{METADATA_FILE} cannot be read ({error})") from error
    source, target = (metadata.get(key) for key in ("from_code", "to_code"))
    version, prefix = metadata.get("package_version", ""), metadata.get("target_prefix", "")
    if not (
        isinstance(source, str) and isinstance(target, str) and parse_pair(f"{source}-{target}")
    ):
        raise _broken(folder, f"{METADATA_FILE} has no pair of languages")
    if not (isinstance(version, str) and isinstance(prefix, str)):
        raise _broken(folder, f"{METADATA_FILE} has a version or prefix that is not a string")
    if not (folder / MODEL_FOLDER / "model.bin").is_file():
        raise _broken(folder, "it has no model/model.bin")
    if not ((folder / SENTENCEPIECE_FILE).is_file() or (folder / BPE_FILE).is_file()):
        raise _broken(folder, f"it has neither {SENTENCEPIECE_FILE} nor {BPE_FILE}")
    package = ArgosPackage(folder, source, target, version, prefix, recorded_digest=recorded_digest)
    size = sum(path.stat().st_size for path in package.files())
    return ArgosPackage(folder, source, target, version, prefix, size, recorded_digest)


def _broken(folder: Path, why: str) -> ModelError:
    return ModelError(f"{folder}: not an Argos package: {why}", "Install the package again.")
