"""Edits of reviewers: approved translations, and the machine's drafts they were made from.

The provenance of a draft stays in its entry and has the digest of its text. If the digest is that
of the approved text, the reviewer changed nothing. Otherwise, the draft is searched in the versions
of the catalogs in git.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalog import (
    catalog,
    entry_state,
    is_digest_of,
    is_header,
    parse_catalog,
    parse_provenance,
)
from pipeline.catalog.po import Entry
from pipeline.core import CatalogError, State, counted
from pipeline.engines import COPIED
from pipeline.glossary import EditedTerm, ReviewedText, TermMatcher, learn_terms
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.git import read_blobs, run_git

__all__ = ["edited_terms", "reviewed_texts"]

_MAX_COMMITS = 20_000
_BATCH = 64
"""Versions of catalogs that are in memory at once."""


@dataclass(frozen=True, slots=True)
class _Approved:
    """An approved entry with the provenance of a draft."""

    article: str
    source: str
    target: str
    digest: str


def edited_terms(
    project: Project,
    articles: Sequence[Path],
    language: str,
    matcher: TermMatcher,
    min_count: int,
    events: Events,
) -> tuple[EditedTerm, ...]:
    """Return the terms that reviewers put into the drafts of articles, most frequent first."""
    texts = reviewed_texts(project, articles, language, events)
    return learn_terms(texts, language, matcher, min_count)


def reviewed_texts(
    project: Project, articles: Sequence[Path], language: str, events: Events
) -> list[ReviewedText]:
    """Return the approved translations of articles whose draft is known.

    Warns of catalogs that cannot be read, and of edited drafts that git does not have.
    """
    approved = list(_approved(project, articles, language, events))
    edited = [one for one in approved if not is_digest_of(one.digest, one.target)]
    drafts = _find_drafts(project, language, {(one.source, one.digest) for one in edited})
    found, lost = [], 0
    for one in approved:
        same = is_digest_of(one.digest, one.target)
        draft = one.target if same else drafts.get((one.source, one.digest))
        if draft is None:
            lost += 1
        else:
            found.append(ReviewedText(one.article, one.source, draft, one.target))
    if lost:
        events.warn(
            f"{language}: {lost} of {counted(len(edited), 'edited draft')} not found in git: "
            "commit the catalogs after `translate run`, before they are reviewed"
        )
    return found


def _approved(
    project: Project, articles: Sequence[Path], language: str, events: Events
) -> Iterator[_Approved]:
    for article in articles:
        path = project.catalog(article, language)
        if not path.exists():
            continue
        try:
            entries = catalog.load(path).entries
        except CatalogError as error:
            events.warn(error.message)
            continue
        for entry in entries:
            provenance = parse_provenance(entry)
            if (
                provenance
                and provenance.engine not in COPIED
                and not entry.obsolete
                and entry_state(entry) is State.APPROVED
            ):
                name = project.article_name(article)
                yield _Approved(name, entry.source, _text(entry), provenance.text)


def _text(entry: Entry) -> str:
    """Return what the digest of a draft is computed of."""
    return "\0".join(entry.targets)


def _find_drafts(
    project: Project, language: str, wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return the drafts with a source and a digest, from the versions of a language's catalogs.

    The newest versions are read first, whatever the names of their files were.
    """
    found: dict[tuple[str, str], str] = {}
    digests: dict[str, set[str]] = {}
    for source, digest in wanted:
        digests.setdefault(source, set()).add(digest)
    blobs = _versions(project, language) if wanted else []
    for start in range(0, len(blobs), _BATCH):
        for name, data in read_blobs(project.root, blobs[start : start + _BATCH]):
            for entry in _entries(name, data):
                text = _text(entry)
                for digest in digests.get(entry.source, ()):
                    if is_digest_of(digest, text):
                        found[entry.source, digest] = text
        if len(found) == len(wanted):
            break
    return found


def _versions(project: Project, language: str) -> list[str]:
    """Return the object names of all versions of a language's catalogs, the newest first."""
    folder = project.catalog_folder(language).relative_to(project.root).as_posix()
    log = run_git(
        project.root, "log", f"--max-count={_MAX_COMMITS}", "--format=", "--raw", "--no-abbrev",
        "--no-renames", "-m", "--", f"./{folder}",
    )  # fmt: skip
    names = (line.split()[3] for line in log.decode("utf-8", "replace").splitlines() if line)
    return [name for name in dict.fromkeys(names) if name.strip("0")]


def _entries(name: str, data: bytes) -> Iterator[Entry]:
    try:
        entries = parse_catalog(Path(name), data).entries
    except CatalogError:
        return  # a damaged version has no drafts; another one may
    yield from (entry for entry in entries if not is_header(entry))
