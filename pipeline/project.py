"""A translation project: its settings and every path, from translate.toml or pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.articles import discovery
from pipeline.core.errors import ArticleError, NoProjectError, SettingsError
from pipeline.core.language_codes import is_language_code

SETTINGS_FILE = "translate.toml"
_FOLDERS = ("source_dir", "output_dir", "glossary_dir", "memory_dir")
_WILD = re.compile(r"[*?\[]")
_PERCENTAGES = ("memory_shown", "memory_examples")


@dataclass(frozen=True, slots=True)
class Project:
    """The settings of a project, with their defaults, and the paths that follow from them.

    `checks` maps a check's id to a severity or "off", or a language to such a table;
    `engines` maps an engine's name to its own settings. `offline` forbids to send text to
    any other machine. `memory` are patterns of TMX files beside those in `memory_dir`;
    `memory_shown` and `memory_examples` the percentages from which a similar translation
    is shown to the translator, and to the engine (100: never).
    """

    root: Path
    languages: tuple[str, ...]
    name: str = ""
    source_dir: str = "source_de"
    output_dir: str = "output"
    glossary_dir: str = "glossary"
    memory_dir: str = "memory"
    memory: tuple[str, ...] = ()
    memory_shown: int = 70
    memory_examples: int = 80
    encoding: str = "utf-8"
    segmentation: str = "sentence"
    engine: str = "auto"
    model: str = ""
    offline: bool = False
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    checks: Mapping[str, Any] = field(default_factory=dict)
    source_language: str = "de"

    def select_languages(self, languages: Sequence[str]) -> tuple[str, ...]:
        """Give the languages that were asked for, or all; SettingsError for a foreign one."""
        for language in languages:
            if language not in self.languages:
                raise SettingsError(
                    f"{language!r} is not a language of this project ({', '.join(self.languages)})",
                    f"Add it to languages in the settings of {self.root}.",
                )
        return tuple(dict.fromkeys(languages)) or self.languages

    def articles(self) -> tuple[Path, ...]:
        """Return the articles in order; raises ArticleError if two would share a catalog."""
        found = self.article_files()
        discovery.require_distinct_stems(found)
        return found

    def article_files(self) -> tuple[Path, ...]:
        """Return the article files in order; raises ArticleError if there is no folder."""
        return discovery.find_articles(self.root / self.source_dir)

    def reference(self, article: Path) -> str:
        """Name an article as catalogs do: relative to the project, with slashes."""
        return article.resolve().relative_to(self.root.resolve()).as_posix()

    def catalog(self, article: Path, language: str) -> Path:
        """Where an article's catalog of a language is."""
        return self.catalog_folder(language) / f"{self.stem(article)}.po"

    def catalog_folder(self, language: str) -> Path:
        """Where the catalogs of a language are."""
        return self.root / self.output_dir / language / "LC_MESSAGES"

    def template(self, article: Path) -> Path:
        """Where an article's template is."""
        return self.root / self.output_dir / "templates" / f"{self.stem(article)}.pot"

    def built_article(self, article: Path, language: str) -> Path:
        """Where an article's translation to a language is built."""
        inside = article.resolve().relative_to((self.root / self.source_dir).resolve())
        return self.root / self.output_dir / language / inside

    def catalogs(self, language: str) -> tuple[Path, ...]:
        """All catalogs of a language that exist, in order."""
        return tuple(sorted(self.catalog_folder(language).rglob("*.po")))

    def glossary(self, language: str) -> Path:
        """Where the glossary of a language is (it need not exist)."""
        return self.root / self.glossary_dir / f"{self.source_language}-{language}.csv"

    def memory_files(self) -> tuple[Path, ...]:
        """All TMX files of the memory: those in its folder, then those that settings name.

        Raises SettingsError for a file that is named and does not exist.
        """
        found = sorted((self.root / self.memory_dir).glob("*.tmx"))
        for pattern in self.memory:
            parts = Path(pattern).expanduser().parts
            plain = list(takewhile(lambda part: not _WILD.search(part), parts))
            folder, rest = self.root.joinpath(*plain), parts[len(plain) :]
            if not rest and not folder.is_file():
                raise SettingsError(f"memory: {folder}: no such file", "Mend the setting.")
            named = folder.glob("/".join(rest)) if rest else [folder]
            found += sorted(path for path in named if path.is_file())
        return tuple(dict.fromkeys(found))

    def severities(self, language: str) -> dict[str, str]:
        """Which severity ("off" included) the settings give a check, in a language."""
        general = {k: v for k, v in self.checks.items() if isinstance(v, str)}
        return general | dict(self.checks.get(language, {}))

    def stem(self, article: Path) -> PurePosixPath:
        """What an article's files are named for: its path in the folder, without the suffix."""
        folder = (self.root / self.source_dir).resolve()
        try:
            inside = article.resolve().relative_to(folder)
        except ValueError:
            raise ArticleError(f"{article}: not in {folder}", "Move it there.") from None
        return PurePosixPath(inside.with_suffix("").as_posix())


def find_project(start: Path) -> Project:
    """Find the project that `start` is in: the nearest folder upwards with settings.

    Raises NoProjectError where there is none, SettingsError where its settings are wrong.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return _parse(folder, folder / SETTINGS_FILE, _toml(folder / SETTINGS_FILE))
        if (folder / "pyproject.toml").is_file():
            table = _toml(folder / "pyproject.toml").get("tool", {}).get("translate")
            if table is not None:
                return _parse(folder, folder / "pyproject.toml", table)
    raise NoProjectError(
        f"{start}: not in a translation project",
        "Make one with `translate init`, or name its folder with --project.",
    )


def load_project(folder: Path | None) -> Project:
    """Load the project in `folder`, or the one the working directory is in."""
    if folder is None:
        return find_project(Path.cwd())
    if not folder.is_dir():
        raise SettingsError(f"{folder}: no such folder", "Name the project's folder.")
    return find_project(folder)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}", "Check its rights.") from error
    except ValueError as error:
        raise SettingsError(f"{path}: {error}", "Mend the TOML there.") from error


def _parse(root: Path, path: Path, table: Mapping[str, Any]) -> Project:
    known = [f.name for f in fields(Project) if f.name != "root"]
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
            raise SettingsError(f"{path}: unknown setting {key!r}", hint)
    languages = table.get("languages")
    if not isinstance(languages, list) or not languages:
        raise SettingsError(f"{path}: languages is missing", 'Write languages = ["en"].')
    for language in languages:
        if not isinstance(language, str) or not is_language_code(language):
            raise SettingsError(f"{path}: languages: {language!r} is no code", "As en or pt_BR.")
    values = dict(table) | {"languages": tuple(dict.fromkeys(languages))}
    _check_types(path, values)
    values["memory"] = tuple(values.get("memory", ()))
    for key in _FOLDERS:
        folder = PurePosixPath(values.get(key, ""))
        if folder.is_absolute() or ".." in folder.parts:
            raise SettingsError(f"{path}: {key}: outside the project", "Name a folder in it.")
    if values.get("segmentation", "sentence") not in ("sentence", "paragraph"):
        raise SettingsError(
            f"{path}: segmentation = {values['segmentation']!r}", "Write sentence or paragraph."
        )
    if values.get("source_language", "de") != "de":
        raise SettingsError(f"{path}: source_language: only de is supported", "Leave it out.")
    return Project(root=root, **values)


def _check_types(path: Path, values: Mapping[str, Any]) -> None:
    """Raise SettingsError for a setting that is not of its kind."""
    for key, value in values.items():
        hint = "Mend it there."
        if key == "memory":
            good = isinstance(value, list) and all(isinstance(part, str) for part in value)
            kind = 'a list, as ["tm/*.tmx"]'
        elif key in _PERCENTAGES:
            good = type(value) is int and 0 <= value <= 100
            kind = "a percentage, as 70"
        elif key == "engines":
            good = isinstance(value, dict) and all(isinstance(v, dict) for v in value.values())
            kind = "a table of tables"
            hint = "Write the settings of an engine under [engines.NAME]."
        else:
            wanted = _TYPES.get(key, str)
            good = isinstance(value, wanted)
            kind = {dict: "a table", bool: "true or false"}.get(wanted, "a string")
            if key == "engine" and isinstance(value, dict):
                hint = 'Write engine = "NAME", and the settings of an engine under [engines.NAME].'
        if not good:
            raise SettingsError(f"{path}: {key} = {value!r} is not {kind}", hint)


_TYPES: Mapping[str, type] = {"languages": tuple, "checks": dict, "offline": bool}
