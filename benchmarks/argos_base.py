"""Makes a package of the size of real ones from that of the tests.

6 + 6 layers, 512 wide, 32,000 words. The tests' own trained model is made larger without
changing what it computes, so the lengths of its translations are those of a trained model and
every multiplication is one of the larger size.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.models.argos import DE_EN, network

TIMES, WORDS = 4, 32_000
SMALL, LARGE = network.Shape(), network.Shape(6, 6, 512, 2048, 8)
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32}


def package(folder: Path, *, base: bool) -> None:
    """Put the German-English package into a folder as Argos has them, of the size asked for."""
    with zipfile.ZipFile(DE_EN) as archive:
        archive.extractall(folder)
    if base:
        model = next(folder.iterdir()) / "model"
        words = json.loads((model / "shared_vocabulary.json").read_text(encoding="utf-8"))
        words += [f"<new{n}>" for n in range(WORDS - len(words))]
        network.convert(LARGE, enlarge(_weights(model / "model.bin")), words, model, "int8")


def enlarge(old: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Make a model larger, computing the same.

    Its numbers are repeated `TIMES` times side by side, which norms do not notice, and what
    reads them is divided accordingly; new layers and heads add nothing to what passes them,
    and new words are never likely. All of it is computed as in any model of that size.
    """
    new = network.begin(LARGE, WORDS, 1)
    rows = _head_rows()
    for name, value in new.items():
        part = name.removesuffix(".b").rpartition(".")[2]
        if name not in old:
            if part in ("o", "out") or name.endswith(".b"):
                value[:] = 0
        elif part in ("gamma", "beta") or (part in ("o", "out") and name.endswith(".b")):
            value[:] = np.tile(old[name], TIMES)
        elif part in ("q", "k", "v"):
            value[:] = 0
            root = 2**0.5 if part == "q" else 1.0
            wide = old[name] if value.ndim == 1 else np.tile(old[name], (1, TIMES)) / TIMES
            value[rows] = wide * root
        elif part == "o":
            value[:] = 0
            value[:, rows] = np.tile(old[name], (TIMES, 1))
        elif part == "in":
            wide = old[name] if value.ndim == 1 else np.tile(old[name], (1, TIMES)) / TIMES
            value[: len(wide)] = wide
        elif part == "out":
            value[:] = 0
            value[:, : old[name].shape[1]] = np.tile(old[name], (TIMES, 1))
    known = len(old["words"])
    new["words"][:], new["bias"][:] = 0, -1e4
    new["words"][:known] = np.tile(old["words"], (1, TIMES)) / TIMES**0.5
    new["bias"][:known] = old["bias"]
    new["projection"] = np.zeros_like(new["words"])
    new["projection"][:known] = np.tile(old["words"], (1, TIMES)) / TIMES
    new["positions"] = np.tile(network.positions(SMALL.width), (1, TIMES))
    return new


def _head_rows() -> np.ndarray:
    """Where the rows of the small heads go: the first of each of the first large heads."""
    small, large = SMALL.width // SMALL.heads, LARGE.width // LARGE.heads
    return np.concatenate([np.arange(small) + large * head for head in range(SMALL.heads)])


def _weights(path: Path) -> dict[str, np.ndarray]:
    """The weights of the small model, by the names that `tests.models.argos.network` has."""
    stored = dict(_variables(path.read_bytes()))

    def get(name: str) -> np.ndarray:
        scale = stored.get(f"{name}_scale")
        return stored[name] if scale is None else stored[name] / scale[:, None]

    found = {"words": get("decoder/embeddings/weight"), "bias": get("decoder/projection/bias")}
    for half, short, layers in (("encoder", "e", SMALL.encoder), ("decoder", "d", SMALL.decoder)):
        for part in ("gamma", "beta"):
            found[f"{short}.norm.{part}"] = get(f"{half}/layer_norm/{part}")
        for number in range(layers):
            names = {"self": "self_attention", "ffn": "ffn", "cross": "attention"}
            for own, name in list(names.items())[: 3 if short == "d" else 2]:
                place = f"{half}/layer_{number}/{name}"
                for part in ("gamma", "beta"):
                    found[f"{short}{number}.{own}.norm.{part}"] = get(f"{place}/layer_norm/{part}")
                groups = {"self": ["q k v", "o"], "ffn": ["in", "out"], "cross": ["q", "k v", "o"]}
                for at, group in enumerate(groups[own]):
                    for kind, end in (("weight", ""), ("bias", ".b")):
                        whole = get(f"{place}/linear_{at}/{kind}")
                        parts = group.split()
                        for part, value in zip(parts, np.split(whole, len(parts)), strict=True):
                            found[f"{short}{number}.{own}.{part}{end}"] = value
    return found


def _variables(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """The variables of a CTranslate2 model, in the layout that its `ModelSpec.save` writes."""
    file = io.BytesIO(data)

    def number(kind: str) -> int:
        return int(struct.unpack(kind, file.read(struct.calcsize(kind)))[0])

    def name() -> str:
        return file.read(number("<H"))[:-1].decode()

    number("<I"), name(), number("<I")
    for _ in range(number("<I")):
        called = name()
        shape = [number("<I") for _ in range(number("<B"))]
        kind = _TYPES[number("<B")]
        yield called, np.frombuffer(file.read(number("<I")), kind).reshape(shape)
