"""A project, and what is known of the human work in it, kept apart from the tool's own view.

Catalogs are read and written with polib here: another program than ours.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polib
from click.testing import CliRunner

from pipeline.cli.main import translate
from pipeline.core.errors import PipelineError
from pipeline.core.types import State
from pipeline.engines import registry
from tests.workflows import engine

LANGUAGE = "en"
GLOSSARIES = ("Brücke,bridge", "Brücke,overpass", "Rat,council", "Rat,board", "Haus,building")


@dataclass(frozen=True)
class Seen:
    """An entry as polib reads it."""

    text: str
    fuzzy: bool
    comment: str
    previous: str
    obsolete: bool

    @property
    def notes(self) -> list[str]:
        """The lines that humans wrote."""
        return [line for line in self.comment.split("\n") if line.startswith("note ")]


@dataclass
class Said:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass
class Known:
    """What is known of a catalog: `human` are decisions of humans, by source, as (state, text);
    `carried` texts that were taken over from an earlier source, which a machine must not touch
    either; `notes` and `kept` what has to stand in some comment.
    """

    human: dict[str, tuple[State, str]] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def settled(self, source: str) -> bool:
        return source in self.human or source in self.carried


class World:
    """A project in a folder, its articles (paragraphs of sentences), and what is known."""

    def __init__(self) -> None:
        fast = Path("/dev/shm")
        self.root = Path(tempfile.mkdtemp(dir=fast if os.access(fast, os.W_OK) else None))
        self.before = dict(os.environ)
        os.environ["TRANSLATE_CACHE"] = str(self.root / "cache")
        os.environ["TRANSLATE_MODELS"] = str(self.root / "models")
        for name in ("source_de", "glossary"):
            (self.root / name).mkdir()
        (self.root / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
        (self.root / "words.gguf").write_bytes(b"GGUF")
        registry.ENGINES["double"] = registry.EngineSpec(  # type: ignore[index]
            "double", "tests.workflows.engine:open_engine"
        )
        self.articles: dict[str, list[list[str]]] = {}
        self.known: dict[str, Known] = {}
        self.pairs: set[tuple[str, str]] = set()
        self.terms: set[str] = set()
        self.redefined = False
        self.numbers = itertools.count()
        self.read: dict[bytes, dict[str, Seen]] = {}
        self.runner = CliRunner()

    def close(self) -> None:
        del registry.ENGINES["double"]  # type: ignore[attr-defined]
        os.environ.clear()
        os.environ.update(self.before)
        shutil.rmtree(self.root)

    def path(self, stem: str) -> Path:
        return self.root / "source_de" / f"{stem}.txt"

    def catalog(self, stem: str) -> Path:
        return self.root / "output" / LANGUAGE / "LC_MESSAGES" / f"{stem}.po"

    def save(self, stem: str) -> None:
        text = "\n\n".join(" ".join(paragraph) for paragraph in self.articles[stem])
        self.path(stem).write_text(f"{text}\n", encoding="utf-8")

    def texts(self, stem: str) -> list[str]:
        """The distinct sentences of an article, in its order."""
        return list(dict.fromkeys(s for paragraph in self.articles[stem] for s in paragraph))

    def write_glossary(self) -> None:
        rows = "".join(f"{row},,,,\n" for row in sorted(self.terms))
        text = f"source,target,status,case,forms,note\n{rows}"
        (self.root / "glossary" / "de-en.csv").write_text(text, encoding="utf-8")
        self.redefined = True

    def stems(self) -> list[str]:
        """The names of all catalogs, those without an article too."""
        folder = self.catalog("x").parent
        return sorted(path.stem for path in folder.glob("*.po")) if folder.exists() else []

    def seen(self, stem: str) -> dict[str, Seen]:
        """The entries of a catalog, in the file's order."""
        data = self.catalog(stem).read_bytes()
        if data not in self.read:
            self.read[data] = {
                e.msgid: Seen(
                    e.msgstr, e.fuzzy, e.tcomment, e.previous_msgid or "", bool(e.obsolete)
                )
                for e in polib.pofile(str(self.catalog(stem)))
            }
        return dict(self.read[data])

    def edit(self, stem: str, change: Callable[[polib.POFile], None]) -> None:
        """Change a catalog as an editor does that writes the whole file."""
        file = polib.pofile(str(self.catalog(stem)))
        change(file)
        file.save()

    def do(self, *words: str) -> Said:
        """Run a command of the tool."""
        done = self.runner.invoke(translate, ["--project", str(self.root), *words])
        if isinstance(done.exception, PipelineError):
            return Said(
                done.exception.exit_code, done.stdout, f"{done.stderr}{done.exception.message}"
            )
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    def run(self, *words: str, answers: int = 10**9) -> Said:
        """Run `translate run` with the engine of these tests."""
        engine.script.answers = answers
        model = ("--engine", "double", "--model", str(self.root / "words.gguf"))
        said = self.do("run", "--force-language", "--quiet", *model, *words)
        engine.script.meanwhile = None
        return said
