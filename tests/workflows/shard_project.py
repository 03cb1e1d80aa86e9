"""A project of several articles and a server that translates them, for tests of shards."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.engines.loopback import Asked, Loopback, Reply, chat, question

SOURCE_DATE = {"SOURCE_DATE_EPOCH": "1700000000"}

_SUBJECTS = ["Der Bahnhof", "Die Schule", "Der Garten", "Die Straße", "Der Markt", "Die Stadt"]
_VERBS = ["ist seit dem Sommer geschlossen", "wird im Herbst gebaut", "gehört allen Bürgern"]


def write_project(root: Path, articles: int) -> None:
    """Write articles that share some sentences; all languages are drafted by the server."""
    folder = root / "source_de"
    for path in folder.iterdir():
        path.unlink()
    for number in range(articles):
        lines = [
            f"{_SUBJECTS[(number + at) % 6]} {_VERBS[(number // 2 + at) % 3]}." for at in range(4)
        ]
        lines.append(f"Im Jahr {1900 + number} war der Fluss {number + 2} Meter tief.")
        path = folder / ("politik" if number % 3 else ".") / f"artikel-{number:03}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def translating_server() -> Loopback:
    """Return a server whose answer depends on the text alone."""
    return Loopback(answer)


def use_server(root: Path, url: str) -> None:
    """Draft with a server on this machine."""
    (root / "translate.toml").write_text(
        f'languages = ["en"]\nengine = "openai"\nmodel = "m"\n'
        f'[engines.openai]\nurl = "{url}/v1"\nretries = 0\n',
        encoding="utf-8",
    )


def answer(asked: Asked) -> Reply:
    """Return an English sentence with the figures of the German text."""
    text = question(asked)
    figures = [word.strip(".") for word in text.split() if word.strip(".").isdigit()]
    words = (
        hashlib.sha256(text.encode())
        .hexdigest()[:8]
        .translate(
            {ord(digit): letter for digit, letter in zip("0123456789", "ghijklmnop", strict=True)}
        )
    )
    return chat(f"The people of the town said that the {words} was {' and '.join(figures)} there.")


def outputs(root: Path) -> dict[str, bytes]:
    """Return the bytes of all files in the output folder, by name."""
    folder = root / "output"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
