"""A translation project: its settings and every path, from translate.toml or pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.articles import discovery
from pipeline.core.errors import ArticleError, NoProjectError, SettingsError
from pipeline.core.language_codes import is_language_code
from pipeline.core.settings import (
    FOLDER_INSIDE,
    PERCENTAGE,
    STRING,
    STRING_LIST,
    TABLE,
    TABLE_OF_TABLES,
    Rule,
    check_settings,
    choice,
)

SETTINGS_FILE = "translate.toml"
_WILD = re.compile(r"[*?\[]")


_LANGUAGES = replace(STRING_LIST, expected="a list of codes", hint='Write languages = ["en"].')
_PATTERNS = replace(STRING_LIST, hint='Write memory = ["tm/*.tmx"].')
_ENGINE = replace(
    STRING, hint='Write engine = "NAME", and the settings of an engine under [engines.NAME].'
)
_ENGINE_TABLES = replace(
    TABLE_OF_TABLES, hint="Write the settings of an engine under [engines.NAME]."
)
_SOURCE_LANGUAGE = replace(choice("de"), hint="Remove it: articles must be German.")


def _setting(rule: Rule, default: Any) -> Any:
    return field(default=default, metadata={"rule": rule})


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
    languages: tuple[str, ...] = field(metadata={"rule": _LANGUAGES})
    name: str = ""
    source_dir: str = _setting(FOLDER_INSIDE, "source_de")
    output_dir: str = _setting(FOLDER_INSIDE, "output")
    glossary_dir: str = _setting(FOLDER_INSIDE, "glossary")
    memory_dir: str = _setting(FOLDER_INSIDE, "memory")
    memory: tuple[str, ...] = _setting(_PATTERNS, ())
    memory_shown: int = _setting(PERCENTAGE, 70)
    memory_examples: int = _setting(PERCENTAGE, 80)
    encoding: str = "utf-8"
    segmentation: str = _setting(choice("sentence", "paragraph"), "sentence")
    engine: str = _setting(_ENGINE, "auto")
    model: str = ""
    offline: bool = False
    engines: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict, metadata={"rule": _ENGINE_TABLES}
    )
    checks: Mapping[str, Any] = field(default_factory=dict, metadata={"rule": TABLE})
    source_language: str = _setting(_SOURCE_LANGUAGE, "de")

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
            return _load(folder, folder / SETTINGS_FILE, _toml(folder / SETTINGS_FILE))
        if (folder / "pyproject.toml").is_file():
            table = _toml(folder / "pyproject.toml").get("tool", {}).get("translate")
            if table is not None:
                return _load(folder, folder / "pyproject.toml", table)
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
        raise SettingsError(f"{path}: {error}", "Fix the TOML syntax there.") from error


def _load(root: Path, path: Path, table: Mapping[str, Any]) -> Project:
    check_settings(Project, table, str(path), exclude=("root",))
    languages = table.get("languages")
    if not languages:
        raise SettingsError(f"{path}: languages is missing", 'Write languages = ["en"].')
    for language in languages:
        if not is_language_code(language):
            raise SettingsError(
                f"{path}: languages: {language!r} is not a language code",
                "Write codes such as en or pt_BR.",
            )
    values = dict(table) | {"languages": tuple(dict.fromkeys(languages))}
    values["memory"] = tuple(values.get("memory", ()))
    return Project(root=root, **values)
