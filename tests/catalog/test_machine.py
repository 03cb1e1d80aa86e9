"""State machine: articles, engines and humans change a catalog in any order."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path

import polib
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.core.types import Provenance, State

WORDS = st.sampled_from(["Haus", "Brücke", "Fluss", "Stadt", "Rat", "Bau", "Plan", "Jahr"])
SENTENCES = st.lists(WORDS, min_size=3, max_size=14).map(lambda words: " ".join(words) + ".")
PLACES = st.integers(0, 7)


class Translators(RuleBasedStateMachine):
    """An article, its catalog, and what humans wrote into it.

    Humans use polib, which writes files in a layout of its own. `texts` are what humans wrote or
    approved and did not overwrite, `ever` includes the overwritten ones; `settled` is what they
    left in entries whose source is in the article.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "a.po"
        self.article = ["Haus Brücke Fluss.", "Stadt Rat Bau Plan.", "Jahr Weg Zug."]
        self.numbers = itertools.count()
        self.texts: set[str] = set()
        self.ever: set[str] = set()
        self.notes: set[str] = set()
        self.settled: dict[str, tuple[State, str]] = {}
        self.update()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def update(self) -> None:
        messages = [Message(text, (f"a.txt:{n}",)) for n, text in enumerate(self.article, 1)]
        catalog.sync(self.path, "fr", messages, project="test")
        before = self.path.read_bytes()
        assert not catalog.sync(self.path, "fr", messages, project="test").changed
        assert self.path.read_bytes() == before
        self.settled = {k: v for k, v in self.settled.items() if k in self.article}

    def entry(self, place: int, file: polib.POFile) -> polib.POEntry:
        source = self.article[place % len(self.article)]
        return next(e for e in file if e.msgid == source and not e.obsolete)

    def settle(self, entry: polib.POEntry, file: polib.POFile) -> None:
        self.texts.add(entry.msgstr)
        self.ever.add(entry.msgstr)
        state = State.TOUCHED if entry.fuzzy else State.APPROVED
        self.settled[entry.msgid] = (state, entry.msgstr)
        file.save()

    @rule(place=PLACES, text=SENTENCES)
    def insert(self, place: int, text: str) -> None:
        if text not in self.article:
            self.article.insert(place % (len(self.article) + 1), text)
            self.update()

    @precondition(lambda self: len(self.article) > 1)
    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        self.article.pop(place % len(self.article))
        self.update()

    @rule(place=PLACES, to=PLACES)
    def move(self, place: int, to: int) -> None:
        text = self.article.pop(place % len(self.article))
        self.article.insert(to % (len(self.article) + 1), text)
        self.update()

    @rule(place=PLACES, word=WORDS)
    def reword(self, place: int, word: str) -> None:
        at = place % len(self.article)
        text = self.article[at].rpartition(" ")[0] + f" {word}."
        if text not in self.article:
            self.article[at] = text
            self.update()

    @rule(place=PLACES, redraft=st.booleans(), count=st.integers(0, 4))
    def draft(self, place: int, redraft: bool, count: int) -> None:
        before = self.path.read_bytes()
        chosen = (self.article * 2)[place % len(self.article) :][:count]
        origin = Provenance("llama", "small", "", "")
        drafts = {t: Draft(f"machine {next(self.numbers)}", origin, ("odd",)) for t in chosen}
        written = catalog.write_drafts(self.path, drafts, redraft=redraft)
        assert not written & set(self.settled)
        assert (self.path.read_bytes() == before) == (not written)

    @rule(place=PLACES, fuzzy=st.booleans())
    def translate(self, place: int, fuzzy: bool) -> None:
        file = polib.pofile(str(self.path))
        entry = self.entry(place, file)
        self.texts.discard(entry.msgstr)
        entry.msgstr = f"human {next(self.numbers)}"
        entry.fuzzy = fuzzy
        self.settle(entry, file)

    @rule(place=PLACES)
    def approve(self, place: int) -> None:
        file = polib.pofile(str(self.path))
        entry = self.entry(place, file)
        if entry.msgstr:
            entry.fuzzy = False
            entry.previous_msgid = None
            self.settle(entry, file)

    @rule(place=PLACES)
    def comment(self, place: int) -> None:
        file = polib.pofile(str(self.path))
        entry = self.entry(place, file)
        note = f"note {next(self.numbers)}"
        entry.tcomment = f"{entry.tcomment}\n{note}".strip("\n")
        self.notes.add(note)
        file.save()

    @invariant()
    def the_order_is_the_articles(self) -> None:
        assert [one.source for one in catalog.load(self.path).translations] == self.article

    @invariant()
    def no_human_work_is_lost(self) -> None:
        file = polib.pofile(str(self.path))
        assert self.texts <= {entry.msgstr for entry in file}
        assert self.notes <= {line for entry in file for line in entry.tcomment.split("\n")}

    @invariant()
    def what_humans_settled_is_settled(self) -> None:
        found = {one.source: one for one in catalog.load(self.path).translations}
        for source, (state, text) in self.settled.items():
            assert (found[source].state, found[source].target) == (state, text)

    @invariant()
    def nothing_but_humans_approves(self) -> None:
        for one in catalog.load(self.path).translations:
            if one.state is State.APPROVED:
                assert one.target in self.ever


TestTranslators = Translators.TestCase
TestTranslators.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
