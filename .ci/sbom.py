"""Write the SBOM of a release: CycloneDX 1.5 JSON, from the lock file and the wheel's metadata.

Usage: sbom.py requirements.lock dist

Components are the packages pinned in the lock file, with the hashes of their files, as far as the
environment has them with their licences. Specification: cyclonedx.org/docs/1.5/json.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import uuid
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NAME, _LICENCE = "translate-pipeline", "MIT"


def components(lock: str) -> list[dict[str, Any]]:
    """Return the pinned packages in the order of the lock file."""
    starts = [*_PINNED.finditer(lock)]
    ends = [match.start() for match in starts[1:]] + [len(lock)]
    found = []
    for match, end in zip(starts, ends, strict=True):
        name, version = match[1].lower().replace("_", "-"), match[2]
        component: dict[str, Any] = {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
        }
        if licence := _licence(name):
            component["licenses"] = [{"license": {"name": licence}}]
        digests = sorted(_HASH.findall(lock[match.start() : end]))
        component["externalReferences"] = [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{name}/{version}/",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in digests],
            }
        ]
        found.append(component)
    return found


def _licence(name: str) -> str:
    """Return the licence of an installed package, "" if it does not name one."""
    try:
        fields = metadata(name)
    except PackageNotFoundError:
        return ""
    text = fields.get("License-Expression") or fields.get("License") or ""
    classifiers = fields.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::")]
    return text if text and "\n" not in text and len(text) < 80 else ", ".join(named)


def main(lock_file: Path, dist: Path) -> None:
    """Write dist/NAME-VERSION.cdx.json."""
    (wheel,) = dist.glob("*.whl")
    version = wheel.name.split("-")[1]
    lock = lock_file.read_text(encoding="utf-8")
    seconds = int(os.environ["SOURCE_DATE_EPOCH"])
    files = sorted([*dist.glob("*.whl"), *dist.glob("*.tar.gz")])
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    own = f"pkg:pypi/{_NAME}@{version}"
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + lock)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(seconds, UTC).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": _NAME,
                "version": version,
                "purl": own,
                "licenses": [{"license": {"id": _LICENCE}}],
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in digests],
            },
        },
        "components": components(lock),
    }
    target = dist / f"{_NAME}-{version}.cdx.json"
    target.write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
