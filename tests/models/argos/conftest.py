"""An empty store, no packages of other programs, and an index on a loopback server."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.argos import DE_EN
from tests.models.model_servers import Server


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty model store; returns the folder of packages in it."""
    for name in [n for n in os.environ if n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRANSLATE_MODELS", str(tmp_path / "store"))
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "argos"))
    monkeypatch.delenv("TRANSLATE_MODEL_MIRRORS", raising=False)
    return tmp_path / "store" / "_argos"


def packed(members: dict[str, bytes], folder: str = "translate-de_en-1_0/") -> bytes:
    """Return an archive with members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, data in members.items():
            file.writestr(folder + name, data)
    return content.getvalue()


def small(
    version: str = "1.0", model: bytes = b"model", source: str = "de", target: str = "en"
) -> bytes:
    """Return a package that can be installed but not loaded."""
    values = {"package_version": version, "from_code": source, "to_code": target}
    return packed(
        {
            "metadata.json": json.dumps(values).encode(),
            "model/model.bin": model,
            "bpe.model": b"#version: 0.2",
        }
    )


def entry(source: str, target: str, link: str, version: str = "1.0") -> dict[str, object]:
    """Return an entry of an Argos index."""
    return {
        "package_version": version, "argos_version": "1.9", "from_code": source,
        "from_name": source, "to_code": target, "to_name": target,
        "links": ["ipfs://nowhere/at/all", link],
    }  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with both packages and the configured index."""
    server = Server()
    offered = []
    for codes, data in (
        (("de", "en"), DE_EN.read_bytes()),
        (("en", "fr"), small(target="fr", source="en")),
    ):
        path = f"/v1/translate-{'_'.join(codes)}-1_0.argosmodel"
        server.answers.files[path] = data
        server.answers.etags[path] = '"1"'
        offered.append(entry(*codes, server.url(path)))
    offered.append({"type": "sbd", "from_codes": ["de"], "links": []})
    server.answers.files["/main/index.json"] = json.dumps(offered).encode()
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", server.url("/main/"))
    yield server
    server.close()
