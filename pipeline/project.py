"""Projects: the settings in translate.toml or pyproject.toml, and all paths."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import normalize

from pipeline.articles import CONTENT_MODES, LINE_MODES, FormatOptions, discovery
from pipeline.core import (
    ArticleError,
    CatalogError,
    LanguageCode,
    NoProjectError,
    Rule,
    SettingsError,
    UnknownArticleError,
    UnknownLanguageError,
    base_language,
    canonical_code,
    check_settings,
    find_similar,
    is_language_code,
)
from pipeline.core.file_names import real_path
from pipeline.core.input import parse_toml, read_bytes
from pipeline.core.settings import (
    CONFIDENCE,
    FOLDER_INSIDE,
    FORMALITY,
    NOTIFY,
    PERCENTAGE,
    PRICES,
    REVIEW,
    STRING,
    STRING_LIST,
    TABLE,
    TABLE_OF_TABLES,
    choice,
)
from pipeline.trust import Confirm, FilePattern, Reach, Trust, linked_outside

SETTINGS_FILE = "translate.toml"
STYLE_FOLDER = "style"
_LOCAL_FOLDER = ".translate"
BOILERPLATE_MODES = ("translate", "copy", "skip")
"""What is done with the labels of a page around an article."""

_LANGUAGES = replace(STRING_LIST, expected="a list of codes", hint='Write languages = ["en"].')
_PATTERNS = replace(STRING_LIST, hint='Write memory = ["tm/*.tmx"].')
_FRONT_MATTER = replace(STRING_LIST, hint='Write front_matter = ["title", "description"].')
_ENGINE = replace(
    STRING, hint='Write engine = "NAME", and the settings of an engine under [engines.NAME].'
)
_SECOND = replace(
    STRING, hint='Write second_opinion = "auto", or the NAME of an engine; "" for none.'
)
_TERM_ENGINE = replace(
    STRING, hint='Write term_engine = "auto", or the NAME of an engine; "off" for none.'
)
_ESTIMATOR = replace(STRING, hint='Write estimator = "NAME", the name of a plug-in.')
_ESTIMATOR_TABLES = replace(
    TABLE_OF_TABLES, hint="Write the settings of an estimator under [estimators.NAME]."
)
_ENGINE_TABLES = replace(
    TABLE_OF_TABLES, hint="Write the settings of an engine under [engines.NAME]."
)
_SOURCE_LANGUAGE = replace(choice("de"), hint="Remove it: articles must be German.")


def _setting(rule: Rule, default: Any) -> Any:
    return field(default=default, metadata={"rule": rule})


@dataclass(frozen=True, slots=True)
class Project:
    """The settings of a project and the paths derived from them.

    - `front_matter` are the keys of front matter with translatable text.
    - `boilerplate` is one of `BOILERPLATE_MODES`: `copy` keeps the German text as a draft, `skip`
      leaves it out of catalogs.
    - `lines` says which lines of plain text are one paragraph (`FormatOptions`).
    - `content` selects the part of articles to translate (`FormatOptions`).
    - `checks` maps the id of a check to a severity or "off", or a language to a table of them.
    - `engines` maps the name of an engine to its settings.
    - `formality` is "formal" or "informal", or a table of them by language: how drafts address
      the reader.
    - `second_opinion` is the engine with which drafts are compared; "auto" selects it, "" is none.
    - `term_engine` is the engine for texts whose drafts lack glossary terms; "auto" selects an
      installed one, "off" or "" is none.
    - `estimator` is the plug-in that estimates the quality of drafts; "" is the engine itself.
    - `estimators` maps the name of an estimator to its settings.
    - `offline` forbids sending text to another machine.
    - `memory` are patterns of TMX files in addition to those in `memory_dir`.
    - `memory_shown` and `memory_examples` are the similarities in percent from which
      translations are shown to the translator and to the engine (100: never).
    - `notify` contains the command that a run calls at its end.
    - `prices` maps an engine to the price of a million characters.
    - `review` contains `measure`: the review page records time and edits of approvals.
    - `confidence` contains `learn`: confidences are corrected by what reviewers approved.
    - `trust` decides about settings that reach beyond the project. It is no setting.
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
    boilerplate: str = _setting(choice(*BOILERPLATE_MODES), "translate")
    lines: str = _setting(choice(*LINE_MODES), "auto")
    content: str = _setting(choice(*CONTENT_MODES), "page")
    engine: str = _setting(_ENGINE, "auto")
    model: str = ""
    second_opinion: str = _setting(_SECOND, "")
    term_engine: str = _setting(_TERM_ENGINE, "auto")
    estimator: str = _setting(_ESTIMATOR, "")
    offline: bool = False
    formality: str | Mapping[str, str] = _setting(FORMALITY, "")
    engines: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict, metadata={"rule": _ENGINE_TABLES}
    )
    estimators: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict, metadata={"rule": _ESTIMATOR_TABLES}
    )
    checks: Mapping[str, Any] = field(default_factory=dict, metadata={"rule": TABLE})
    notify: Mapping[str, Sequence[str]] = field(default_factory=dict, metadata={"rule": NOTIFY})
    review: Mapping[str, bool] = field(default_factory=dict, metadata={"rule": REVIEW})
    confidence: Mapping[str, bool] = field(default_factory=dict, metadata={"rule": CONFIDENCE})
    prices: Mapping[str, float] = field(default_factory=dict, metadata={"rule": PRICES})
    front_matter: tuple[str, ...] = _setting(_FRONT_MATTER, FormatOptions().front_matter)
    source_language: str = _setting(_SOURCE_LANGUAGE, "de")
    trust: Trust = field(default=Trust(), compare=False)

    def select_languages(self, languages: Sequence[str]) -> tuple[str, ...]:
        """Return some languages, or all for none; raises SettingsError for an unknown one."""
        languages = [canonical_code(language) for language in languages]
        for language in languages:
            if language not in self.languages:
                raise UnknownLanguageError(
                    f"{language!r} is not a language of this project ({', '.join(self.languages)})",
                    f"Add it to languages in the settings of {self.root}.",
                )
        return tuple(dict.fromkeys(languages)) or self.languages

    @property
    def format_options(self) -> FormatOptions:
        """The settings that article formats read."""
        return FormatOptions(self.content, self.front_matter, self.lines)

    def articles(self) -> tuple[Path, ...]:
        """Return the articles in order.

        Raises ArticleError if there are none, or if two would share a catalog.
        """
        return self.require_articles(self.article_folder())

    def require_articles(self, folder: discovery.ArticleFolder) -> tuple[Path, ...]:
        """Return the articles of a scanned folder; raises ArticleError as `articles` does."""
        if not folder.articles:
            ignored = f"; ignored: {folder.ignored_kinds}" if folder.ignored else ""
            names = f"Ignored: {folder.ignored_names}. " if folder.ignored else ""
            raise ArticleError(
                f"no articles in {self._relative(folder.path)} ({folder.reads}{ignored})",
                f"{names}Put German articles there, or set source_dir.",
            )
        discovery.require_usable_names(folder.articles, folder.path)
        return folder.articles

    def article_folder(self) -> discovery.ArticleFolder:
        """Find the article files.

        Raises ArticleError if a folder cannot be read, or is outside the project.
        """
        folder = self.root / self.source_dir
        if not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(self.root)):
            raise ArticleError(
                f"{folder}: leads to {os.path.realpath(folder)}, outside the project: not read",
                "Replace the symbolic link with a folder of the project.",
            )
        return discovery.scan_folder(folder)

    def select_articles(self, names: Sequence[Path]) -> tuple[Path, ...]:
        """Return the articles with some names, or all for none, each once.

        A name is a path, or relative to the folder of articles, as `translate status` prints
        it. A folder is the articles below it. Raises ArticleError for an unknown name.
        """
        if not names:
            return self.articles()
        found: dict[Path, Path] = {}
        for name in names:
            for path in self._articles_named(name):
                found.setdefault(real_path(path), path)
        return tuple(found.values())

    def find_article(self, name: Path) -> Path:
        """Return the article with a name, as `select_articles` does; not for a folder."""
        for path in self._places(name):
            if stat.S_ISREG(_mode(path)):
                self.require_usable_name(path)
                return path
        key = normalize("NFC", name.as_posix())  # macOS may store another form than is typed
        for path in self.article_folder().articles:
            if normalize("NFC", self.article_name(path)) == key:
                return path
        raise self._unknown(name)

    def require_usable_name(self, article: Path) -> None:
        """Raise ArticleError if the name of an article in the project is not portable."""
        discovery.require_usable_name(article, self._inside(article))

    def article_path(self, name: Path) -> Path:
        """Return the path that the name of an article stands for; it need not exist."""
        places = tuple(self._places(name))
        return next((path for path in places if _mode(path)), next(iter(places), name))

    def select_catalogs(self, name: Path, languages: Sequence[str] = ()) -> tuple[Path, ...]:
        """Return the existing catalogs of the articles with a name, or of a folder of them.

        Raises ArticleError for an unknown name, CatalogError if there is no catalog yet.
        """
        articles = self.select_articles([name])
        chosen = self.select_languages(languages)
        paths = [self.catalog(article, code) for code in chosen for article in articles]
        found = tuple(path for path in paths if path.exists())
        if not found:
            raise CatalogError(
                f"{name}: no catalog in {', '.join(chosen)} yet", "Run `translate extract`."
            )
        return found

    def is_article_path(self, path: Path) -> bool:
        """Return whether a path is in the folder of articles; it need not exist."""
        folder = os.path.realpath(self.root / self.source_dir)
        return Path(os.path.realpath(path)).is_relative_to(folder)

    def article_name(self, article: Path) -> str:
        """Return the path of an article relative to the folder of articles."""
        return self._inside(article).as_posix()

    def reference(self, article: Path) -> str:
        """Return the path of an article relative to the project, with slashes.

        Raises ArticleError for a symbolic link that leads out of the project.
        """
        try:
            return real_path(article).relative_to(real_path(self.root)).as_posix()
        except ValueError:
            raise ArticleError(
                f"{article}: not in {self.root}", f"Move it to {self.source_dir}."
            ) from None

    def catalog(self, article: Path, language: str) -> Path:
        """Return the path of the catalog of an article in a language."""
        return self.catalog_folder(language) / f"{self.stem(article)}.po"

    def catalog_folder(self, language: str) -> Path:
        """Return the folder of the catalogs of a language."""
        return self.root / self.output_dir / language / "LC_MESSAGES"

    def template(self, article: Path) -> Path:
        """Return the path of the template of an article."""
        return self.root / self.output_dir / "templates" / f"{self.stem(article)}.pot"

    def built_article(self, article: Path, language: str) -> Path:
        """Return the path of the translated article."""
        return self.root / self.output_dir / language / self._inside(article)

    def catalogs(self, language: str) -> tuple[Path, ...]:
        """Return the existing catalogs of a language, in order."""
        return tuple(sorted(self.catalog_folder(language).rglob("*.po")))

    def catalog_language(self, path: Path) -> str:
        """Return the language of a catalog's folder, "" if it is in no folder of catalogs."""
        here = real_path(path.parent)
        folders = ((code, real_path(self.catalog_folder(code))) for code in self.languages)
        return next((code for code, folder in folders if here.is_relative_to(folder)), "")

    def glossary(self, language: str) -> Path:
        """Return the path of the glossary of a language, which may not exist.

        A variant (`en_GB`) without a glossary of its own uses that of its language (`en`).
        """
        folder = self.root / self.glossary_dir
        codes = (language, language.replace("_", "-"), base_language(language))
        paths = [folder / f"{self.source_language}-{code}.csv" for code in dict.fromkeys(codes)]
        return paths[0] if len(paths) == 1 else next(filter(os.path.lexists, paths), paths[0])

    def style(self, language: str) -> Path | None:
        """Return the file with the style instructions of a language, or of its base language."""
        folder = self.root / STYLE_FOLDER
        names = dict.fromkeys((language, base_language(language)))
        paths = (folder / f"{name}.md" for name in names)
        return next((path for path in paths if path.is_file()), None)

    def unused_styles(self) -> tuple[Path, ...]:
        """Return the files in the folder of style instructions that no language uses."""
        used = {self.style(language) for language in self.languages}
        found = sorted((self.root / STYLE_FOLDER).rglob("*"))
        return tuple(path for path in found if path.is_file() and path not in used)

    @property
    def link_targets(self) -> Path:
        """The path of the file with localized link targets, which may not exist."""
        return self.root / "links.csv"

    def unused_glossaries(self) -> tuple[Path, ...]:
        """Return the files in the folder of glossaries that are of no language, in order."""
        used = {self.glossary(language) for language in self.languages}
        found = sorted((self.root / self.glossary_dir).rglob("*"))
        return tuple(p for p in found if p.suffix.lower() == ".csv" and p not in used)

    def memory_files(self) -> tuple[Path, ...]:
        """Return the TMX files in the memory folder, then those named by the settings.

        Raises SettingsError for a named file that does not exist, TrustError for files
        outside the project that the user has not agreed to.
        """
        patterns = self._tmx_patterns()
        # Nothing outside the project is searched without trust: it may be the whole disk.
        self.require_trust(self._outside_reaches(patterns))
        found = {pattern: pattern.files() for pattern in patterns}
        for pattern, files in found.items():
            if not pattern.rest and not files:
                raise SettingsError(
                    f"memory: {pattern.folder}: no such file",
                    "Correct the setting memory, or add the file.",
                )
        self.require_trust(self._linked_reaches(found))
        return tuple(dict.fromkeys(path for files in found.values() for path in files))

    def memory_catalogs(self, language: str) -> list[str]:
        """Return the paths of the catalogs of a language for the memory, in order.

        Raises TrustError for catalogs behind symbolic links that lead out of the project.
        """
        pattern = self._catalog_pattern(language)
        outside = self._outside_reaches([pattern])
        self.require_trust(outside)  # first: what is outside may be the whole disk
        names, links = [], []
        for one in _find_catalogs(pattern.folder):
            names.append(one.path)
            if one.is_symlink():
                links.append(Path(one.path))
        self.require_trust(() if outside else self._linked_reaches({pattern: links}))
        return names

    def memory_reaches(self, languages: Iterable[str] = ()) -> tuple[Reach, ...]:
        """Return the places outside the project from which the memory reads translations.

        These are TMX files, and catalogs of some languages (all for none).
        """
        found = {one: one.files() for one in self._tmx_patterns() if self._is_inside(one)}
        patterns = [*self._tmx_patterns()]
        for language in languages or self.languages:
            pattern = self._catalog_pattern(language)
            patterns.append(pattern)
            if self._is_inside(pattern):
                catalogs = _find_catalogs(pattern.folder)
                found[pattern] = [Path(one.path) for one in catalogs if one.is_symlink()]
        linked = self._linked_reaches(found)
        return tuple(dict.fromkeys((*self._outside_reaches(patterns), *linked)))

    def sending_reaches(self, host: str, languages: Iterable[str] = ()) -> tuple[Reach, ...]:
        """Return the places outside the project whose texts would be sent to a host.

        Sent are translations of the memory, as examples, and terms of glossaries.
        """
        languages = tuple(languages) or self.languages
        memory = self.memory_reaches(languages) if self.memory_examples < 100 else ()
        glossaries = linked_outside(self.root, map(self.glossary, languages))
        return (
            *(
                Reach(
                    "memory",
                    f"{reach.value} -> {host}",
                    f"Translations from {reach.value} may be sent to {host} as examples",
                )
                for reach in memory
            ),
            *(
                Reach(
                    "glossary_dir",
                    f"{place} -> {host}",
                    f"Terms from {place} may be sent to {host}",
                )
                for place in glossaries
            ),
        )

    def notify_reaches(self) -> tuple[Reach, ...]:
        """Return the command in the setting `notify`, which runs on the user's machine."""
        command = self.notify.get("command")
        if not command:
            return ()
        value = json.dumps(command, ensure_ascii=False)
        return (Reach("notify.command", value, "This command is called at the end of a run"),)

    def asking(self, confirm: Confirm) -> Project:
        """Return this project with a way to ask the user for trust."""
        return replace(self, trust=self.trust.asking(confirm))

    def require_trust(self, reaches: Iterable[Reach]) -> None:
        """Raise TrustError unless the user agreed to settings that reach beyond the project."""
        self.trust.require(self.root, reaches)

    def _tmx_patterns(self) -> list[FilePattern]:
        named = [FilePattern.parse("memory", one, self.root) for one in self.memory]
        return [FilePattern(self.root / self.memory_dir, "*.tmx"), *named]

    def _is_inside(self, pattern: FilePattern) -> bool:
        return not pattern.location_outside(self.root)

    def _catalog_pattern(self, language: str) -> FilePattern:
        return FilePattern(self.catalog_folder(language), "**/*.po")

    def _outside_reaches(self, patterns: Iterable[FilePattern]) -> tuple[Reach, ...]:
        places = (pattern.location_outside(self.root) for pattern in patterns)
        return tuple(_memory_reach(place) for place in places if place)

    def _linked_reaches(self, found: Mapping[FilePattern, Iterable[Path]]) -> tuple[Reach, ...]:
        """Return the files that links in the project lead to, for patterns inside of it."""
        inside = (
            path for pattern, files in found.items() if self._is_inside(pattern) for path in files
        )
        return tuple(map(_memory_reach, linked_outside(self.root, inside)))

    def require_inside(self, path: Path, verb: str = "written") -> None:
        """Raise an error if symbolic links lead a file to write or read outside the project.

        The error is a CatalogError, or an ArticleError for a built article.
        """
        real = Path(os.path.realpath(path))
        if not real.is_relative_to(real_path(self.root)):
            kind = CatalogError if path.suffix in (".po", ".pot", ".mo") else ArticleError
            raise kind(
                f"{path}: leads to {real}, outside the project: not {verb}",
                "Replace the symbolic link with a file or folder of the project.",
            )

    def formality_by_language(self) -> dict[str, str]:
        """Return how drafts address the reader, for the languages with a setting."""
        if isinstance(self.formality, str):
            return dict.fromkeys(self.languages, self.formality) if self.formality else {}
        return {canonical_code(code): value for code, value in self.formality.items()}

    def local_file(self, name: str, *, create: bool = False) -> Path:
        """Return a file of the folder for data that stays on this machine, which git ignores.

        With `create`, create the folder. Raises ArticleError if symbolic links lead the file
        outside of the project.
        """
        folder = self.root / _LOCAL_FOLDER
        self.require_inside(folder / name)
        if create and not folder.is_dir():
            folder.mkdir()
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        return folder / name

    def severities(self, language: str) -> dict[str, str]:
        """Return the configured severities (or "off") of checks for a language."""
        general = {k: v for k, v in self.checks.items() if isinstance(v, str)}
        own = {canonical_code(k): v for k, v in self.checks.items() if not isinstance(v, str)}
        return general | dict(own.get(language, {}))

    def stem(self, article: Path) -> PurePosixPath:
        """Return the path of an article in the source folder, without its suffix."""
        return PurePosixPath(self._inside(article).with_suffix("").as_posix())

    def _inside(self, article: Path) -> Path:
        """Return the path of an article in the folder of articles; raises ArticleError."""
        folder, real = real_path(self.root / self.source_dir), real_path(article)
        if real == folder or not real.is_relative_to(folder):
            raise ArticleError(
                f"{article}: not in {folder}", f"Move it to {self.source_dir}, or name one there."
            )
        return real.relative_to(folder)

    def _relative(self, path: Path) -> str:
        """Return a path relative to the project, with slashes, if it is inside."""
        real, root = real_path(path), real_path(self.root)
        return real.relative_to(root).as_posix() if real.is_relative_to(root) else str(path)

    def _articles_named(self, name: Path) -> tuple[Path, ...]:
        for folder in self._places(name):
            if stat.S_ISDIR(_mode(folder)):
                return self.require_articles(discovery.scan_folder(folder))
        return (self.find_article(name),)

    def _places(self, name: Path) -> Iterator[Path]:
        """Yield the paths in the folder of articles that a name may stand for."""
        listed = () if ".." in name.parts else (self.root / self.source_dir / name,)
        for path in (name, self.root / name, *listed):
            if self.is_article_path(path):
                yield path

    def _unknown(self, name: Path) -> ArticleError:
        """Return the error for a name that is no article, with the most similar article."""
        if os.path.lexists(name):
            hint = f"Move it to {self.source_dir}, or name one there."
            return ArticleError(f"{name}: not in {self.root / self.source_dir}", hint)
        names = [self.article_name(path) for path in self.article_folder().articles]
        same = [one for one in names if PurePosixPath(one).stem == name.stem]
        similar = next(iter(same), "") or find_similar(name.as_posix(), names)
        hint = "`translate status` lists the articles."
        if not similar:
            return UnknownArticleError(f"{name}: no such article", hint)
        return UnknownArticleError(f"{name}: no such article (did you mean {similar}?)", hint)


class ArticlePaths:
    """The paths of articles and their catalogs during one run, which resolves each folder once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._folder = os.path.realpath(project.root / project.source_dir) + os.sep
        self._output = os.fspath(project.root / project.output_dir)
        self._folders: dict[str, str] = {}
        self._folders_inside: set[str] = set()
        self._last: tuple[Path | None, str, str] = (None, "", "")

    def stem(self, article: Path) -> str:
        """Return the path of an article in the folder of articles, without its suffix.

        Raises ArticleError for an article outside of it.
        """
        return self._name(article)[0]

    def catalog(self, article: Path, language: str) -> Path:
        """Return the path of the catalog of an article, or of its template for the language ""."""
        return Path(self.catalog_name(article, language))

    def catalog_name(self, article: Path, language: str) -> str:
        """Return the same path as a string."""
        if language:
            return f"{self._output}/{language}/LC_MESSAGES/{self.stem(article)}.po"
        return f"{self._output}/templates/{self.stem(article)}.pot"

    def built_name(self, article: Path, language: str) -> str:
        """Return the path of the translated article as a string."""
        return f"{self._output}/{language}/{''.join(self._name(article))}"

    def require_inside(self, path: str) -> None:
        """Check a file as `Project.require_inside` does, and its folder only once."""
        folder = os.path.dirname(path)  # noqa: PTH120 - this is the inner loop
        if folder not in self._folders_inside or os.path.islink(path):  # noqa: PTH114
            self._project.require_inside(Path(path))
            self._folders_inside.add(folder)

    def _name(self, article: Path) -> tuple[str, str]:
        """Return the path of an article in the folder of articles: without suffix, and suffix."""
        if article == self._last[0]:
            return self._last[1:]
        folder, name = os.path.split(article)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        real = os.path.join(self._folders[folder], name)  # noqa: PTH118 - this is the inner loop
        if os.path.islink(real) or not real.startswith(self._folder):  # noqa: PTH114
            inside = self._project.article_name(article)
        else:
            inside = real[len(self._folder) :].replace(os.sep, "/")
        stem, suffix = os.path.splitext(inside)  # noqa: PTH122
        self._last = article, stem, suffix
        return stem, suffix


def _find_catalogs(folder: str | os.PathLike[str]) -> Iterator[os.DirEntry[str]]:
    """Yield the catalogs below a folder, in order; links to folders are not followed.

    What cannot be read is skipped, as by `Path.rglob`, which is slower.
    """
    entries: list[os.DirEntry[str]] = []
    with suppress(OSError), os.scandir(os.fspath(folder)) as found:
        entries = sorted(found, key=lambda one: one.name)
    for one in entries:
        if one.is_dir(follow_symlinks=False):
            yield from _find_catalogs(one.path)
        elif one.name.endswith(".po") and one.is_file():
            yield one


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _memory_reach(place: str) -> Reach:
    return Reach("memory", place, f"Translations are read from {place}")


def find_project(start: Path) -> Project:
    """Load the project of a folder: the nearest parent folder with settings.

    Settings above the git repository of the folder belong to something else, for example to
    another user of a shared folder: they are not used. Raises NoProjectError if there is none,
    SettingsError if its settings are invalid.
    """
    start = real_path(start)
    repository: Path | None = None
    for folder in (start, *start.parents):
        found = find_settings(folder) if repository is None else _settings_path(folder)
        if found and repository:
            raise NoProjectError(
                f"{start}: not in a translation project; {folder} is outside of the repository "
                f"{repository}",
                f"Add --project {folder} to use that project, or run `translate init`.",
            )
        if isinstance(found, tuple):
            return _load(folder, *found)
        if repository is None and os.path.lexists(folder / ".git"):
            repository = folder
    raise NoProjectError(
        f"{start}: not in a translation project",
        "Run `translate init` to create one, or add --project FOLDER.",
    )


def _settings_path(folder: Path) -> Path | None:
    """Return the settings file in a folder that is not to be read, None if there is none."""
    path = folder / SETTINGS_FILE
    return path if os.path.lexists(path) else None


def find_settings(folder: Path) -> tuple[Path, Mapping[str, Any]] | None:
    """Return the file with the settings of a folder, and the settings; None without any.

    Raises SettingsError for a file that cannot be read.
    """
    path = folder / SETTINGS_FILE
    if path.is_file():
        return path, _toml(path)
    path = folder / "pyproject.toml"
    tool = _toml(path).get("tool") if path.is_file() else None
    table = tool.get("translate") if isinstance(tool, dict) else None
    return None if table is None else (path, table)


def language_problem(code: str) -> str:
    """Return why a code is no target language; "" if it is one."""
    code = canonical_code(code)
    if not is_language_code(code):
        similar = canonical_code(code.lower())
        is_meant = is_language_code(similar) and not language_problem(similar)
        meant = f" (did you mean {similar}?)" if is_meant else ""
        return f"{code!r} is not a language code{meant}"
    if LanguageCode.parse(code).language == "de" and "@" not in code:
        return f"{code!r} is German, the language of the articles"
    return ""


def load_project(folder: Path | None, *, trust: bool = False) -> Project:
    """Load the project of a folder, or of the working directory.

    With `trust`, all its settings may reach beyond the project.
    """
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"{folder}: no such folder", "Correct the folder in --project.")
    project = find_project(Path.cwd() if folder is None else folder)
    return replace(project, trust=Trust(everything=trust))


def describe_project_file(path: Path) -> str:
    """Return what a file is in the project that contains it: "a catalog", "an article", …

    Returns "" for other files, for example reports, and for files outside any project.
    """
    path = Path(os.path.realpath(path))
    if path.name in (SETTINGS_FILE, "pyproject.toml"):
        return "the settings file"
    try:
        project = find_project(path.parent)
    except SettingsError:
        return ""
    for name, folder, suffixes in (
        ("an article", project.source_dir, ()),
        ("a catalog", project.output_dir, (".po", ".mo")),
        ("a template", project.output_dir, (".pot",)),
        ("a glossary", project.glossary_dir, (".csv",)),
    ):
        inside = path.is_relative_to(os.path.realpath(project.root / folder))
        if inside and (not suffixes or path.suffix.lower() in suffixes):
            return name
    return ""


def _toml(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(read_bytes(path, SettingsError))
    except ValueError as error:
        raise SettingsError(f"{path}: {error}", "Fix the TOML syntax there.") from error


def _load(root: Path, path: Path, table: Mapping[str, Any]) -> Project:
    check_settings(Project, table, str(path), exclude=("root", "trust"))
    languages = table.get("languages")
    if not languages:
        raise SettingsError(f"{path}: languages is missing", 'Write languages = ["en"].')
    for language in languages:
        if problem := language_problem(language):
            raise SettingsError(
                f"{path}: languages: {problem}", "Write target languages such as en or fr_CA."
            )
    languages = tuple(dict.fromkeys(map(canonical_code, languages)))
    values = dict(table) | {"languages": languages}
    for name in ("memory", "front_matter"):
        if name in values:
            values[name] = tuple(values[name])
    project = Project(root=root, **values)
    for code in project.formality_by_language():
        if code not in languages:
            raise SettingsError(
                f"{path}: formality: {code!r} is not a language of this project",
                f"Languages: {', '.join(languages)}.",
            )
    _require_separate_folders(project, path)
    return project


def _require_separate_folders(project: Project, path: Path) -> None:
    """Raise SettingsError if folders overlap: built files would replace articles.

    A glossary may be anywhere but in the output.
    """
    names = ("source_dir", "output_dir", "glossary_dir")
    folders = {n: Path(os.path.realpath(project.root / getattr(project, n))) for n in names}
    inside = [("source_dir", "output_dir"), ("output_dir", "source_dir")]
    for first, second in [*inside, ("glossary_dir", "output_dir")]:
        if folders[first].is_relative_to(folders[second]):
            raise SettingsError(
                f"{path}: {first} = {getattr(project, first)!r} and "
                f"{second} = {getattr(project, second)!r} overlap",
                "Name separate folders, none inside another.",
            )
