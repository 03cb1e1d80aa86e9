"""Translation memory: find translations, count them, import and export TMX files."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.core import MemoryMatch, PipelineError, TmxError, counted
from pipeline.core.input import read_bytes
from pipeline.files import atomic
from pipeline.memory import (
    Concordance,
    ConcordanceMatch,
    Containment,
    TmxUnit,
    TranslationMemory,
    approved_units,
    is_writable,
    read_tmx,
    render_tmx,
)
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import TMX, require_writable, write_output

__all__ = [
    "MemoryCount",
    "MemoryFindOptions",
    "MemoryHit",
    "MemoryStatsOptions",
    "TmxExportOptions",
    "TmxImportOptions",
    "export_tmx",
    "find",
    "import_tmx",
    "stats",
]


@dataclass(frozen=True, slots=True)
class MemoryFindOptions:
    """Options of `find`.

    Texts that contain the words of `text` are found, and texts with a similarity of
    `min_percent` or more (0: the setting `memory_shown`), at most `limit` per language.
    """

    text: str
    languages: tuple[str, ...] = ()
    min_percent: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class MemoryHit:
    """A translation that the memory found for a text.

    `concordance` shows how its texts contain the words of the text; None if it was found as
    a similar text only. `match.percent` is always the similarity of the whole texts.
    """

    language: str
    match: MemoryMatch
    concordance: ConcordanceMatch | None = None


@dataclass(frozen=True, slots=True)
class MemoryStatsOptions:
    """Options of `stats`: some languages, or all."""

    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemoryCount:
    """The number of translations in a TMX file; without `path`, in all catalogs."""

    language: str
    path: Path | None
    translations: int


@dataclass(frozen=True, slots=True)
class TmxImportOptions:
    """Options of `import_tmx`; `force` replaces a file of the same name."""

    file: Path
    force: bool = False


@dataclass(frozen=True, slots=True)
class TmxExportOptions:
    """Options of `export_tmx`.

    Without `file`, the result contains the text of the file. An empty `language` is the
    project's first; `force` replaces an existing file.
    """

    file: Path | None = None
    language: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class TmxExportResult:
    """The number of translations written, and of those that XML cannot represent."""

    language: str
    written: int
    skipped: int = 0
    text: str = ""


def find(project: Project, options: MemoryFindOptions, events: Events) -> tuple[MemoryHit, ...]:
    """Find translations by language, the best first.

    Order: translations of the same text, texts that contain it, similar texts, and texts
    that contain all of its words. German texts and translations are searched; approved
    translations of texts that are no longer in their article are included. Raises TrustError
    for files outside the project that the user has not agreed to.
    """
    project = project.asking(events.confirm)
    text = options.text
    if not text.strip():
        raise PipelineError("the text to find is empty", "Name a word or a sentence.")
    min_percent = options.min_percent or project.memory_shown
    found: list[MemoryHit] = []
    languages = project.select_languages(options.languages)
    project.require_trust(project.memory_reaches(languages))
    with closing(TranslationMemory(project)) as memory:
        for language in languages:
            _refresh(memory, language, events)
            contained = memory.search(language, Concordance(text), options.limit)
            by_kind = {
                kind: [_hit(language, text, one) for one in contained if one.containment is kind]
                for kind in Containment
            }
            matches = memory.exact(language, text)
            similar = (
                memory.similar(language, text, min_percent, options.limit)
                if min_percent < 100
                else ()
            )
            hits: dict[tuple[str, str], MemoryHit] = {}
            for hit in (
                *(MemoryHit(language, match) for match in matches),
                *by_kind[Containment.PHRASE],
                *(MemoryHit(language, match) for match in similar),
                *by_kind[Containment.WORDS],
            ):
                hits.setdefault((hit.match.source, hit.match.target), hit)
            found += list(hits.values())[: options.limit]
    return tuple(found)


def _hit(language: str, text: str, found: ConcordanceMatch) -> MemoryHit:
    from rapidfuzz.distance import Levenshtein

    unit = found.unit
    percent = int(Levenshtein.normalized_similarity(text, unit.source) * 100)
    return MemoryHit(language, MemoryMatch(unit.source, unit.target, unit.file, percent), found)


def stats(project: Project, options: MemoryStatsOptions, events: Events) -> tuple[MemoryCount, ...]:
    """Count the translations of all catalogs and of each TMX file, by language.

    Raises TrustError for files outside the project that the user has not agreed to.
    """
    project = project.asking(events.confirm)
    rows = []
    languages = project.select_languages(options.languages)
    project.require_trust(project.memory_reaches(languages))
    with closing(TranslationMemory(project)) as memory:
        for language in languages:
            _refresh(memory, language, events)
            counts = memory.counts(language)
            catalogs = set(project.catalogs(language))
            in_catalogs = sum(number for path, number in counts.items() if path in catalogs)
            rows.append(MemoryCount(language, None, in_catalogs))
            rows += [
                MemoryCount(language, path, number)
                for path, number in counts.items()
                if path not in catalogs
            ]
    return tuple(rows)


def import_tmx(project: Project, options: TmxImportOptions, events: Events) -> dict[str, int]:
    """Copy a TMX file to the memory; return its number of translations by language.

    Raises TmxError for a damaged file, a file without translations for the project, or if
    a different file of this name exists.
    """
    file = options.file
    dropped: list[bool] = []
    counts = {
        code: sum(1 for _ in read_tmx(file, code, dropped.append)) for code in project.languages
    }
    if dropped:
        found = counted(len(dropped), "translation")
        events.notice(
            f"{file}: {found} with inline codes that have no content: "
            f"{len(dropped) - sum(dropped)} are used without the codes, {sum(dropped)} skipped"
        )
    if not any(counts.values()):
        raise TmxError(
            f"{file}: no German texts with translations to {', '.join(project.languages)}",
            "Check the languages of its segments (xml:lang).",
        )
    target = project.root / project.memory_dir / file.with_suffix(".tmx").name
    data = read_bytes(file, TmxError)
    if target.exists() and read_bytes(target, TmxError) == data:
        return counts
    if target.exists() and not options.force:
        raise TmxError(f"{target}: exists already", "Replace it with --force.")
    atomic.write_atomic(target, data)
    return counts


def export_tmx(project: Project, options: TmxExportOptions, events: Events) -> TmxExportResult:
    """Write the approved translations of a language to a TMX file.

    The same translations produce the same bytes. Raises TmxError if the file exists and
    `force` is not set, CatalogError for a damaged catalog, TrustError for a catalog outside
    the project that the user has not agreed to.
    """
    project = project.asking(events.confirm)
    (language,) = project.select_languages([options.language or project.languages[0]])
    file = options.file
    if file is not None:
        require_writable(file, TMX, force=options.force)
    catalogs = map(Path, project.memory_catalogs(language))
    units = [unit for path in catalogs for unit in approved_units(path)]
    writable: list[TmxUnit] = [unit for unit in units if is_writable(unit)]
    skipped = len(units) - len(writable)
    text = "".join(render_tmx(writable, language, project.segmentation))
    if file is not None:
        write_output(file, text.encode(), TMX, force=options.force)
        text = ""
    return TmxExportResult(language, len(writable), skipped, text)


def _refresh(memory: TranslationMemory, language: str, events: Events) -> None:
    memory.refresh(language, lambda path: events.notice(f"memory: reading {path}"))
