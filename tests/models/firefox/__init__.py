"""Small models in the format of Firefox Translations, what made them, and tests of installing.

`write_mirror` lays them out as a record list with attachments, which a folder, a mirror or a
loopback server can serve.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline.models import firefox
from tests import lexicons

HERE = Path(__file__).parent
PAIRS = ("de-en", "en-fr")


def attachments(pair: str) -> dict[str, Path]:
    """Return the compressed files of a pair by file type."""
    name = pair.replace("-", "")
    return {
        "model": HERE / f"model.{name}.intgemm.alphas.bin.zst",
        "vocab": HERE / f"vocab.{name}.spm.zst",
    }


def record(pair: str, kind: str, data: bytes, **values: Any) -> dict[str, Any]:
    """Return the record of a compressed file, as Remote Settings has it."""
    source, target = pair.split("-")
    content = zstandard.decompress(data)
    return {
        "name": f"{kind}.{source}{target}.bin", "fileType": kind, "sourceLanguage": source,
        "targetLanguage": target, "architecture": "base", "version": "3.0",
        "decompressedHash": hashlib.sha256(content).hexdigest(),
        "attachment": {
            "hash": hashlib.sha256(data).hexdigest(), "size": len(data),
            "filename": f"{kind}.{source}{target}.bin.zst",
            "location": f"main-workspace/translations-models-v2/{kind}-{pair}.zst",
            "mimetype": "application/zstd",
        },
    } | values  # fmt: skip


def mirror(*pairs: str) -> dict[str, bytes]:
    """Return the files of a mirror by their paths: the list and the attachments."""
    found: dict[str, bytes] = {}
    records = []
    for pair in pairs:
        for kind, path in attachments(pair).items():
            one = record(pair, kind, path.read_bytes())
            records.append(one)
            found[one["attachment"]["location"]] = path.read_bytes()
    found["records.json"] = json.dumps({"data": records}).encode()
    return found


@contextmanager
def installed(folder: Path, *pairs: str) -> Iterator[pytest.MonkeyPatch]:
    """Use a store in `folder` with exactly these models during the block."""
    lexicons.lend(folder / "cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_MODELS", str(folder / "store"))
        patch.setenv("TRANSLATE_CACHE", str(folder / "cache"))
        patch.setenv("ARGOS_PACKAGES_DIR", str(folder / "none"))
        place = folder / "mirror"
        for path, data in mirror(*pairs).items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(data)
        for pair in pairs:
            name = firefox.parse_name(f"firefox:{pair}")
            assert name is not None
            firefox.install_folder(name, place)
        yield patch
        lexicons.collect(folder / "cache")
