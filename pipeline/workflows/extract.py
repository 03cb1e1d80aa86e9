"""From an article to the messages of its catalogs, and the catalogs brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.articles import formats
from pipeline.catalog import catalog
from pipeline.catalog.catalog import Message
from pipeline.core.errors import ArticleError
from pipeline.core.types import Article, Segment
from pipeline.files.fingerprints import FingerprintStore, digest
from pipeline.glossary import file
from pipeline.glossary.matcher import TermMatcher
from pipeline.lang.german import sentences
from pipeline.lang.identification import GERMAN, UNKNOWN, identify_article
from pipeline.project import Project

_NOTE = "Drafts by a machine are marked fuzzy; an entry that is not is approved by a human."


@dataclass(frozen=True, slots=True)
class SegmentedArticle:
    """An article and its segments."""

    article: Article
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class NotGerman:
    """An article that is not German, and the language it seems to be in."""

    path: Path
    language: str

    @property
    def message(self) -> str:
        """Word it, with the cure."""
        return (
            f"{self.path}: not German ({self.language}): skipped\n"
            "  Take it out of the folder, or say --force-language if it is German."
        )


class Extractor:
    """Extracts the articles of a project; knows which catalogs are up to date already."""

    def __init__(self, project: Project, *, encoding: str = "", force_language: bool = False):
        self._project = project
        self._encoding = encoding or project.encoding
        self._force = force_language
        self._stamps = FingerprintStore(project.root)
        self._matchers: dict[str, TermMatcher | None] = {}
        self._inputs_seen: dict[tuple[Path, str], str] = {}

    def read(self, path: Path) -> SegmentedArticle:
        """Read an article and split it; raises ArticleError."""
        article = formats.read_article(path, self._encoding)
        return SegmentedArticle(
            article, sentences.segment_article(article, self._project.segmentation)
        )

    def matcher(self, language: str) -> TermMatcher | None:
        """The matcher of a language's glossary, None where it has none; raises GlossaryError."""
        if language not in self._matchers:
            path = self._project.glossary(language)
            self._matchers[language] = (
                TermMatcher(file.load_glossary(path, language)) if path.is_file() else None
            )
        return self._matchers[language]

    def refresh(self, path: Path, languages: Sequence[str]) -> NotGerman | list[Path]:
        """Bring an article's catalogs and template up to date; returns those it changed.

        Catalogs whose inputs are as they were are not even parsed. An article that is not
        German is left alone and told, unless its language is forced.
        """
        targets = {code: self._project.catalog(path, code) for code in languages}
        targets[""] = self._project.template(path)
        # What is edited from here on was not extracted: it shall not count as done.
        self._inputs_seen |= {(path, code): self._inputs(path, code) for code in targets}
        due = [code for code in targets if not self.is_current(path, code)]
        if not due:
            return []
        extracted = self.read(path)
        if not self._force and extracted.segments:
            detected = identify_article(extracted.article)
            if detected.language not in (GERMAN, UNKNOWN):
                return NotGerman(path, detected.language)
        changed = []
        name = self._project.name or self._project.root.name
        for code in due:
            wanted = messages(self._project.reference(path), extracted.segments, self.matcher(code))
            if catalog.sync(targets[code], code, wanted, project=name, note=_NOTE).changed:
                changed.append(targets[code])
            self.mark_current(path, code)
        return changed

    def is_current(self, path: Path, code: str) -> bool:
        """Whether a catalog is up to date, and as this tool left it."""
        return self._stamps.matches("extracted", self._target(path, code), self._seen(path, code))

    def mark_current(self, path: Path, code: str) -> None:
        """Note that an article's catalog of a language is up to date as it is now."""
        self._stamps.record("extracted", self._target(path, code), self._seen(path, code))

    def is_exhausted(self, path: Path, code: str, by: str) -> bool:
        """Whether `by` (an engine and its model) has done what it can for a catalog."""
        inputs = self._seen(path, code) + by
        return self._stamps.matches("filled", self._project.catalog(path, code), inputs)

    def mark_exhausted(self, path: Path, code: str, by: str) -> None:
        """Note that `by` has done what it can for a catalog as it is now."""
        inputs = self._seen(path, code) + by
        self._stamps.record("filled", self._project.catalog(path, code), inputs)

    def close(self) -> None:
        """Write down what is up to date."""
        self._stamps.close()

    def _target(self, path: Path, code: str) -> Path:
        return self._project.catalog(path, code) if code else self._project.template(path)

    def _seen(self, path: Path, code: str) -> str:
        """The inputs of a catalog when it was extracted last."""
        return self._inputs_seen.get((path, code)) or self._inputs(path, code)

    def _inputs(self, path: Path, code: str) -> str:
        terms = self._project.glossary(code)
        try:
            article = path.read_bytes()
        except OSError as error:
            raise ArticleError(f"{path}: {error.strerror}", "Check the path.") from error
        return digest(
            article,
            terms.read_bytes() if code and terms.is_file() else b"",
            f"{self._encoding} {self._project.segmentation} {self._force}".encode(),
        )


def messages(
    reference: str, segments: Sequence[Segment], matcher: TermMatcher | None
) -> list[Message]:
    """One message per distinct text, in the order of the article, with all its places.

    `reference` is the article's name in `#:` comments. The comments tell a translator
    what the text is, where it stands, and which translations the glossary requires.
    """
    places: dict[str, list[Segment]] = {}
    for piece in segments:
        places.setdefault(piece.text, []).append(piece)
    found = []
    for text, at in places.items():
        comments = list(dict.fromkeys(position(piece) for piece in at))
        if matcher:
            comments += [f"glossary: {term} → {target}" for term, target in matcher.required(text)]
        references = tuple(dict.fromkeys(f"{reference}:{piece.line}" for piece in at))
        found.append(Message(text, references, tuple(comments)))
    return found


def position(piece: Segment) -> str:
    """Say where a segment stands: "paragraph 3, sentence 2 of 4"."""
    where = f"{piece.kind.value} {piece.block}"
    return f"{where}, sentence {piece.number} of {piece.count}" if piece.count > 1 else where
