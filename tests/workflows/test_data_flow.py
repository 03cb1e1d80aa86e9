"""A run fetches nothing twice: articles, catalogs and terms are counted."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from pipeline.articles import decode_article, segment_article
from pipeline.catalog.po import parser
from pipeline.glossary.matcher import TermMatcher
from pipeline.project import load_project
from pipeline.workflows.draft import DraftOptions, DraftReport, draft
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions
from tests.models.argos import DE_EN
from tests.models.argos.installed import installed
from tests.models.argos.sentences import sentences as generated

ARTICLES, SEGMENTS = 4, 34


COUNTED = {
    decode_article.__code__: "read",
    segment_article.__code__: "segmented",
    parser.parse_po.__code__: "parsed",
    TermMatcher._scan.__code__: "scanned",
}


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count how often articles are decoded and segmented, PO texts parsed, and texts scanned."""
    counts: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in COUNTED:
            counts[COUNTED[frame.f_code]] += 1

    sys.setprofile(count)
    try:
        yield counts
    finally:
        sys.setprofile(None)


def run(folder: Path) -> DraftReport:
    options = DraftOptions(extract=ExtractOptions(languages=("en",), force_language=True))
    return draft(load_project(folder), options, SilentEvents())


def test_nothing_is_fetched_twice(folder: Path) -> None:
    """Each article is read once, each catalog parsed to plan and per write, each text scanned."""
    (folder / "source_de/bruecke.txt").unlink()
    texts = list(dict.fromkeys(sentence.de for sentence in generated(400, seed=1)))
    texts = texts[: ARTICLES * SEGMENTS]
    for number in range(ARTICLES):
        part = texts[number * SEGMENTS : (number + 1) * SEGMENTS]
        path = folder / f"source_de/article{number}.txt"
        path.write_text("\n\n".join(part) + "\n", encoding="utf-8")
    with installed(folder.parent, DE_EN):
        with counted() as counts:
            report = run(folder)
        assert not report.problems
        segments = sum(outcome.segments for outcome in report.outcomes)
        assert segments == sum(outcome.drafted for outcome in report.outcomes) == len(texts)
        # All texts fit into one batch of the engine, so each catalog is written once.
        assert counts == {
            "read": ARTICLES,
            "segmented": ARTICLES,
            "parsed": 2 * ARTICLES,
            "scanned": segments,
        }
        with counted() as counts:
            assert run(folder).outcomes[0].waiting == SEGMENTS
        assert counts["read"] == counts["segmented"] == 0
        assert counts["parsed"] == ARTICLES
        with counted() as counts:
            assert run(folder).outcomes[0].waiting == SEGMENTS
        assert not counts, "nothing changed, so nothing is opened"
