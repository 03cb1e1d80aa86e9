"""An installed model of Firefox Translations, and the names by which users select one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

KIND, LABEL = "firefox", "Firefox Translations model"
PREFIX = "firefox:"
LICENCE = "MPL-2.0"
PIVOT = "en"

ARCHITECTURES = ("base", "base-memory", "tiny")
"""The architectures of Mozilla, best quality first."""

_NAME = re.compile(r"firefox:([a-z]{2,3}(?:-[A-Z][a-z]{3})?)-([a-z]{2,3}(?:-[A-Z][a-z]{3})?)"
                   r"(?::([a-z][a-z0-9-]{0,29}))?(?:@([\w.]{1,30}))?")  # fmt: skip


class Role(Enum):
    """What a file is for; the values are the file types of Mozilla's records."""

    MODEL = "model"
    SHORTLIST = "lex"
    VOCABULARY = "vocab"
    SOURCE_VOCABULARY = "srcvocab"
    TARGET_VOCABULARY = "trgvocab"

    @property
    def file(self) -> str:
        """The name of an installed file with this role."""
        suffix = "bin" if self in (Role.MODEL, Role.SHORTLIST) else "spm"
        return f"{self.value}.{suffix}"


@dataclass(frozen=True, slots=True)
class ModelName:
    """A pair of languages and, if the user requires them, an architecture and a version."""

    source: str
    target: str
    architecture: str = ""
    version: str = ""

    @property
    def pair(self) -> str:
        """Return the pair as `de-en`."""
        return f"{self.source}-{self.target}"

    def __str__(self) -> str:
        """Return the name as users write it: `firefox:de-en:tiny@3.0`."""
        architecture = f":{self.architecture}" if self.architecture else ""
        return f"{PREFIX}{self.pair}{architecture}{f'@{self.version}' if self.version else ''}"

    def matches(self, architecture: str, version: str) -> bool:
        """Return whether a model of this pair is the required one."""
        return self.architecture in ("", architecture) and self.version in ("", version)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """An installed file; `size` is in bytes, `sha256` the digest of its content."""

    role: Role
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FirefoxModel:
    """An installed model; `source` and `target` are language codes of Mozilla.

    `origin` is the list or folder it came from, `published` whether the list had the digests
    of its files.
    """

    source: str
    target: str
    architecture: str
    version: str
    files: tuple[ModelFile, ...]
    origin: str = ""
    published: bool = True

    @property
    def pair(self) -> str:
        """Return the pair as `de-en`."""
        return f"{self.source}-{self.target}"

    @property
    def id(self) -> str:
        """Return the id of the model in commands: `firefox:de-en`."""
        return PREFIX + self.pair

    @property
    def folder(self) -> Path:
        """Return the folder of the files."""
        return self.files[0].path.parent

    @property
    def bytes(self) -> int:
        """Return the size of the files."""
        return sum(file.size for file in self.files)

    def file(self, *roles: Role) -> ModelFile | None:
        """Return the file with the first of these roles that the model has."""
        by_role = {file.role: file for file in self.files}
        return next((by_role[role] for role in roles if role in by_role), None)


def parse_name(name: str) -> ModelName | None:
    """Parse `firefox:de-en`, `firefox:de-en:tiny` or `firefox:de-en@3.0`; None for other texts."""
    match = _NAME.fullmatch(name)
    return ModelName(match[1], match[2], match[3] or "", match[4] or "") if match else None


def mozilla_code(language: str) -> str:
    """Return Mozilla's code of a language: `fr` for `fr_CH`, `zh-Hant` for `zh_TW`."""
    if language in ("zh_TW", "zh_HK"):
        return "zh-Hant"
    return {"no": "nb"}.get(base := re.split("[_@-]", language)[0], base)


def is_complete(roles: set[Role]) -> bool:
    """Return whether files with these roles make a model."""
    both = {Role.SOURCE_VOCABULARY, Role.TARGET_VOCABULARY}
    return Role.MODEL in roles and (Role.VOCABULARY in roles or both <= roles)
