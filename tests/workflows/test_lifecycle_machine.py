"""Articles, humans and commands in any order: no human work is lost, and states are true.

The suite tries a few sequences; LIFECYCLE_SEQUENCES=2000 tries as many.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable

import polib
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipeline.core.types import State
from tests.workflows import engine
from tests.workflows.world import GLOSSARIES, Known, Said, Seen, World

WORDS = sorted(engine.WORDS)
PLACES = st.integers(0, 30)


def sentence(words: Iterable[str]) -> str:
    text = " ".join(words)
    return f"{text[:1].upper()}{text[1:]}."


SENTENCES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9).map(sentence)
PARAGRAPHS = st.lists(st.lists(SENTENCES, min_size=1, max_size=3), min_size=1, max_size=3)
NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta"])

START = (
    ("Stadt baut schnell neu.", "Rat kennt Plan hinter Haus und Garten."),
    ("Bürger sucht Wald neben Fluss.", "Markt findet Schule.", "Alt und klein sieht Brücke."),
)

Before = dict[str, dict[str, Seen]]


class Lifecycle(RuleBasedStateMachine):
    """The rules are what people do to a project; every command is checked when it has run."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.known = self.world.known
        self.removed: list[str] = []
        self.world.articles["alpha"] = [list(paragraph) for paragraph in START]
        self.world.save("alpha")
        self.world.run()
        self.human("alpha", START[0][0], "Human one.", True)
        self.human("alpha", START[1][0], "Human two.", False)
        self.human("alpha", START[1][1], None, False)

    def teardown(self) -> None:
        self.world.close()

    # Articles

    def sentence_at(self, place: int) -> tuple[str, list[str], int]:
        """A sentence: its article, its paragraph and its number in that."""
        places = [
            (stem, paragraph, number)
            for stem, paragraphs in sorted(self.world.articles.items())
            for paragraph in paragraphs
            for number in range(len(paragraph))
        ]
        return places[place % len(places)]

    has_article = precondition(lambda self: bool(self.world.articles))

    @rule(name=NAMES, paragraphs=PARAGRAPHS)
    def add_article(self, name: str, paragraphs: list[list[str]]) -> None:
        if name not in self.world.articles:
            self.world.articles[name] = paragraphs
            self.world.save(name)

    @has_article
    @rule(place=PLACES, new=SENTENCES, alone=st.booleans())
    def insert(self, place: int, new: str, alone: bool) -> None:
        stem, paragraph, number = self.sentence_at(place)
        if alone:
            self.world.articles[stem].append([new])
        else:
            paragraph.insert(number, new)
        self.world.save(stem)

    @has_article
    @rule(place=PLACES)
    def remove(self, place: int) -> None:
        stem, paragraph, number = self.sentence_at(place)
        paragraphs = self.world.articles[stem]
        if sum(map(len, paragraphs)) > 1:
            self.removed.append(paragraph.pop(number))
            self.world.articles[stem] = [one for one in paragraphs if one]
            self.world.save(stem)

    @precondition(lambda self: self.removed and self.world.articles)
    @rule(place=PLACES, which=PLACES)
    def bring_back(self, place: int, which: int) -> None:
        stem, paragraph, number = self.sentence_at(place)
        paragraph.insert(number, self.removed[which % len(self.removed)])
        self.world.save(stem)

    @has_article
    @rule(place=PLACES, to=PLACES)
    def move(self, place: int, to: int) -> None:
        stem, paragraph, number = self.sentence_at(place)
        if len(paragraph) > 1:
            text = paragraph.pop(number)
            other = self.world.articles[stem][to % len(self.world.articles[stem])]
            other.insert(to % (len(other) + 1), text)
            self.world.save(stem)

    @has_article
    @rule(place=PLACES, word=st.sampled_from(WORDS), at=PLACES)
    def edit(self, place: int, word: str, at: int) -> None:
        stem, paragraph, number = self.sentence_at(place)
        paragraph[number] = reworded(paragraph[number], word, at)
        self.world.save(stem)

    @has_article
    @rule(place=PLACES, at=PLACES)
    def split(self, place: int, at: int) -> None:
        stem, paragraph, number = self.sentence_at(place)
        words = paragraph[number].rstrip(".").split()
        cut = 1 + at % (len(words) - 1) if len(words) > 1 else 0
        if cut:
            paragraph[number : number + 1] = [sentence(words[:cut]), sentence(words[cut:])]
            self.world.save(stem)

    @has_article
    @rule(place=PLACES)
    def join(self, place: int) -> None:
        stem, paragraph, number = self.sentence_at(place)
        if number + 1 < len(paragraph):
            one, two = paragraph[number : number + 2]
            paragraph[number : number + 2] = [f"{one[:-1]} und {two[:1].lower()}{two[1:]}"]
            self.world.save(stem)

    @has_article
    @rule(place=PLACES, to=PLACES)
    def quote(self, place: int, to: int) -> None:
        stem, paragraph, number = self.sentence_at(to)
        other = self.sentence_at(place)
        paragraph.insert(number, other[1][other[2]])
        self.world.save(stem)

    @has_article
    @rule(name=NAMES, place=PLACES)
    def rename_file(self, name: str, place: int) -> None:
        stem = self.sentence_at(place)[0]
        if name not in self.world.articles:
            self.world.path(stem).rename(self.world.path(name))
            self.world.articles[name] = self.world.articles.pop(stem)

    @precondition(lambda self: len(self.world.articles) > 1)
    @rule(place=PLACES)
    def delete_article(self, place: int) -> None:
        stem = self.sentence_at(place)[0]
        self.world.path(stem).unlink()
        del self.world.articles[stem]

    @rule(row=st.sampled_from(GLOSSARIES))
    def change_glossary(self, row: str) -> None:
        source = row.partition(",")[0]
        others = {one for one in self.world.terms if not one.startswith(f"{source},")}
        self.world.terms = others if row in self.world.terms else others | {row}
        self.world.write_glossary()

    # Humans

    def entry_at(self, place: int, *, filled: bool = False) -> tuple[str, str] | None:
        """An entry that stands in a catalog and is not obsolete: the catalog and its source."""
        places = [
            (stem, source)
            for stem in self.world.stems()
            for source, one in self.world.seen(stem).items()
            if not one.obsolete and (one.text or not filled)
        ]
        return places[place % len(places)] if places else None

    has_catalog = precondition(lambda self: bool(self.world.stems()))

    @has_catalog
    @rule(place=PLACES, fuzzy=st.booleans())
    def translate(self, place: int, fuzzy: bool) -> None:
        found = self.entry_at(place)
        assert found
        self.human(*found, f"Human {next(self.world.numbers)}.", fuzzy)

    @has_catalog
    @rule(place=PLACES)
    def approve_in_editor(self, place: int) -> None:
        found = self.entry_at(place, filled=True)
        if found:
            self.human(*found, None, False)

    @has_catalog
    @rule(place=PLACES)
    def doubt(self, place: int) -> None:
        """A human marks an own translation as not good yet."""
        found = self.entry_at(place, filled=True)
        if found and self.known_of(found[0]).human.get(found[1], (None, ""))[1][:5] == "Human":
            self.human(*found, None, True)

    def human(self, stem: str, source: str, text: str | None, fuzzy: bool) -> None:
        """Translate an entry, or decide on the text that stands there."""

        def change(file: polib.POFile) -> None:
            entry = file.find(source)
            entry.msgstr = entry.msgstr if text is None else text
            entry.fuzzy = fuzzy
            if not fuzzy:
                entry.previous_msgid = None
            state = State.TOUCHED if fuzzy else State.APPROVED
            known.human[source] = (state, entry.msgstr)
            known.carried.pop(source, None)
            if not fuzzy:
                self.world.pairs.add((source, entry.msgstr))

        known = self.known_of(stem)
        self.world.edit(stem, change)

    def known_of(self, stem: str) -> Known:
        return self.known.setdefault(stem, Known())

    @has_catalog
    @rule(place=PLACES)
    def comment(self, place: int) -> None:
        found = self.entry_at(place)
        assert found
        stem, source = found
        note = f"note {next(self.world.numbers)}"

        def change(file: polib.POFile) -> None:
            entry = file.find(source)
            entry.tcomment = f"{entry.tcomment}\n{note}".strip("\n")

        self.world.edit(stem, change)
        self.known_of(stem).notes.add(note)

    @has_catalog
    @rule(place=PLACES, seed=PLACES)
    def reorder(self, place: int, seed: int) -> None:
        found = self.entry_at(place)
        assert found
        self.world.edit(found[0], lambda file: random.Random(seed).shuffle(file))

    # Commands

    def before(self) -> Before:
        return {stem: self.world.seen(stem) for stem in self.world.stems()}

    @rule(how=st.sampled_from(["", "--yes", "--as-new"]))
    def extract(self, how: str) -> None:
        before = self.before()
        said = self.world.do("extract", "--force-language", *filter(None, [how]))
        self.check_update(before, said)
        self.check_quiet("extract", "--force-language", *filter(None, [how]))

    @has_article
    @rule(
        kind=st.sampled_from(["edit", "split", "join"]),
        place=PLACES,
        at=PLACES,
        word=st.sampled_from(WORDS),
    )
    def change_one_sentence(self, kind: str, place: int, at: int, word: str) -> None:
        """A human translation of a sentence that alone was changed goes along, fuzzy."""
        self.extract("--yes")
        stem, paragraph, number = self.sentence_at(place)
        if stem not in self.world.stems():
            return
        old, first = self.world.texts(stem), paragraph[number]
        before = self.world.seen(stem)
        if kind == "edit":
            self.edit(place=place, word=word, at=at)
        elif kind == "split":
            self.split(place=place, at=at)
        else:
            self.join(place=place)
        new = self.world.texts(stem)
        gone = [text for text in old if text not in new]
        come = [text for text in new if text not in old]
        whole = {"edit": (1, 1), "split": (1, 2), "join": (2, 1)}[kind]
        self.extract("--as-new")
        fresh = not any(text in before for text in come) and len(first.split()) >= 5
        human = all(self.known_of(stem).settled(text) for text in gone)
        if (len(gone), len(come)) == whole and fresh and human:
            made = [before[text].text for text in gone]
            carried = [one for text, one in self.live(stem).items() if text in come and one.text]
            assert carried, (gone, come)
            for one in carried:
                assert one.fuzzy
                assert any(text in one.text for text in made)
                assert any((before[t].previous or t) in one.previous for t in gone)

    @rule(how=st.sampled_from(["--yes", "--as-new"]), redraft=st.booleans())
    def run(self, how: str, redraft: bool) -> None:
        before = self.before()
        said = self.world.run(how, *["--redraft"] * redraft)
        assert said.code in (0, 1), said
        self.check_update(before, said, filled=True, redraft=redraft)
        if said.code == 0:
            for stem in self.world.articles:
                assert all(one.text for one in self.live(stem).values())
            self.check_quiet("run", how)

    @rule(answers=st.integers(0, 4), redraft=st.booleans())
    def run_that_breaks(self, answers: int, redraft: bool) -> None:
        before = self.before()
        said = self.world.run("--yes", *["--redraft"] * redraft, answers=answers)
        self.check_update(before, said, filled=True, redraft=redraft)

    @rule(place=PLACES, fuzzy=st.booleans(), redraft=st.booleans())
    def run_beside_a_human(self, place: int, fuzzy: bool, redraft: bool) -> None:
        self.extract("--yes")
        done: list[str] = []

        def meanwhile() -> None:
            found = self.entry_at(place)
            if found:
                self.human(*found, f"Human {next(self.world.numbers)}.", fuzzy)
                done.append("")

        engine.script.meanwhile = meanwhile
        before = self.before()
        said = self.world.run("--yes", *["--redraft"] * redraft)
        self.check_update(before, said, filled=True, redraft=redraft, edited=bool(done))

    @has_article
    @rule(place=PLACES, text=SENTENCES)
    def run_beside_an_author(self, place: int, text: str) -> None:
        self.extract("--yes")
        engine.script.meanwhile = lambda: self.insert(place=place, new=text, alone=False)
        before, texts = self.before(), {s: self.world.texts(s) for s in self.world.articles}
        self.check_update(before, self.world.run("--yes"), filled=True, texts=texts)
        self.extract("--yes")

    @has_catalog
    @rule(
        states=st.sets(st.sampled_from(["--touched", "--drafts"])),
        memory=st.booleans(),
        match=st.sampled_from(["", "haus", "Human", "DRAFT"]),
        outdated=st.booleans(),
        force=st.booleans(),
    )
    def approve(
        self, states: set[str], memory: bool, match: str, outdated: bool, force: bool
    ) -> None:
        before, lines = self.before(), self.lines()
        words = sorted(states) + ["--outdated"] * outdated + ["--force"] * force
        said = self.world.do("approve", "--yes", *words, *narrowed(memory, match))
        assert said.code in (0, 1), said
        named = states or ({"--touched", "--drafts"} if memory else {"--touched"})
        wanted = self.named(before, {one.strip("-s") for one in named}, memory, match, outdated)
        changed = self.check_decided(before, lines, wanted)
        assert changed == wanted or not force
        for stem, source in changed:
            was, now = before[stem][source], self.world.seen(stem)[source]
            assert (now.text, now.fuzzy, now.previous) == (was.text, False, "")
            assert now.comment == was.comment
            self.known_of(stem).human[source] = (State.APPROVED, now.text)
            self.known_of(stem).carried.pop(source, None)
            self.world.pairs.add((source, now.text))

    @has_catalog
    @rule(
        states=st.sets(st.sampled_from(["--touched", "--drafts", "--approved"])),
        memory=st.booleans(),
        match=st.sampled_from(["", "haus", "Human", "DRAFT"]),
    )
    def reset(self, states: set[str], memory: bool, match: str) -> None:
        before, lines = self.before(), self.lines()
        said = self.world.do("reset", "--yes", *sorted(states), *narrowed(memory, match))
        assert said.code == 0, said
        named = {one.strip("-s") for one in states or {"--drafts"}}
        wanted = self.named(before, named, memory, match, True)
        assert self.check_decided(before, lines, wanted) == wanted
        for stem, source in wanted:
            was, now = before[stem][source], self.world.seen(stem)[source]
            known = self.known_of(stem)
            assert (now.text, now.fuzzy, now.previous) == ("", False, "")
            assert now.notes == was.notes
            assert "draft by" not in now.comment
            if known.settled(source):
                known.kept.add(was.text)
                known.human.pop(source, None)
                known.carried.pop(source, None)

    def named(
        self, before: Before, states: set[str], memory: bool, match: str, outdated: bool
    ) -> set[tuple[str, str]]:
        """The entries of articles that a filter is to name, as the test knows them."""
        found = set()
        for stem in before.keys() & self.world.articles.keys():
            for source, one in before[stem].items():
                if one.obsolete or not one.text:
                    continue
                touched = "touched" if self.known_of(stem).settled(source) else "draft"
                fits = (touched if one.fuzzy else "approved") in states
                fits &= outdated or not one.previous
                fits &= not memory or "draft by memory" in one.comment
                fits &= any(match.casefold() in t.casefold() for t in (source, one.text))
                if fits:
                    found.add((stem, source))
        return found

    @has_article
    @rule(place=PLACES, name=NAMES)
    def mv(self, place: int, name: str) -> None:
        stem = self.sentence_at(place)[0]
        before = self.before()
        said = self.world.do("mv", str(self.world.path(stem)), str(self.world.path(name)))
        if said.code:
            assert self.before() == before
            assert name in self.world.articles or self.holds_work(name), said
            return
        self.world.articles[name] = self.world.articles.pop(stem)
        self.renamed(stem, name)
        after = self.before()
        if stem in before and not (name in before and not self.has_work(before[stem])):
            assert after[name] == before.pop(stem)
        assert stem not in after

    def renamed(self, old: str, new: str) -> None:
        """A catalog got another name, with all that is known of it."""
        known = self.known.pop(old, Known())
        if known.human or known.carried or known.notes or known.kept:
            self.known[new] = known

    def holds_work(self, stem: str) -> bool:
        return stem in self.world.stems() and self.has_work(self.world.seen(stem))

    @staticmethod
    def has_work(seen: dict[str, Seen]) -> bool:
        return any(
            (one.text and "draft by" not in one.comment)
            or one.notes
            or "translate: was" in one.comment
            for one in seen.values()
        )

    @has_article
    @rule(place=PLACES)
    def build(self, place: int) -> None:
        """Only what a human approved for this very text is built."""
        stem = self.sentence_at(place)[0]
        if stem not in self.world.stems():
            return
        said = self.world.do("build", str(self.world.path(stem)))
        human = self.known_of(stem).human
        texts = {source: t for source, (state, t) in human.items() if state is State.APPROVED}
        live = self.live(stem)
        good = all(source in texts and source in live for source in self.world.texts(stem))
        assert (said.code == 0) == good, said
        if good:
            built = "\n\n".join(
                " ".join(texts[s] for s in paragraph) for paragraph in self.world.articles[stem]
            )
            path = self.world.root / "output" / "en" / f"{stem}.txt"
            assert path.read_text(encoding="utf-8") == f"{built}\n"

    # What has to hold

    def live(self, stem: str) -> dict[str, Seen]:
        return {s: one for s, one in self.world.seen(stem).items() if not one.obsolete}

    def check_quiet(self, *words: str) -> None:
        """Done again, a command changes no byte."""
        files = {p: p.read_bytes() for p in (self.world.root / "output").rglob("*.po*")}
        if words[0] == "run":
            self.world.run(*words[1:])
        else:
            self.world.do(*words)
        assert files == {p: p.read_bytes() for p in (self.world.root / "output").rglob("*.po*")}

    def check_decided(
        self, before: Before, lines: dict[str, str], wanted: set[tuple[str, str]]
    ) -> set[tuple[str, str]]:
        """Of the catalogs, only wanted entries changed, and only their lines; gives those."""
        after = self.before()
        assert {s: list(e) for s, e in after.items()} == {s: list(e) for s, e in before.items()}
        changed = {
            (stem, source)
            for stem, entries in before.items()
            for source, one in entries.items()
            if after[stem][source] != one
        }
        assert changed <= wanted
        for stem, old in lines.items():
            blocks = set(old.split("\n\n")) - set(self.lines()[stem].split("\n\n"))
            number = sum(changed_stem == stem for changed_stem, _ in changed)
            assert len(blocks) <= number + bool(number), blocks  # the header's date too
        return changed

    def lines(self) -> dict[str, str]:
        return {s: self.world.catalog(s).read_text(encoding="utf-8") for s in self.world.stems()}

    def check_update(
        self,
        before: Before,
        said: Said,
        *,
        filled: bool = False,
        redraft: bool = False,
        edited: bool = False,
        texts: dict[str, list[str]] | None = None,
    ) -> None:
        """Catalogs follow their articles, and what humans made is as it was."""
        for old, new in re.findall(
            r"moved the catalogs of \S+/(\w+)\.txt to \S+/(\w+)\.txt", said.err
        ):
            before[new] = before.pop(old)
            self.renamed(old, new)
        left = set(re.findall(r"source_de/(\w+)\.txt is likely", said.err))
        for stem in self.world.stems():
            if stem not in self.world.articles:
                assert self.world.seen(stem) == before[stem] or edited
            elif stem not in left:
                was = before.get(stem, {})
                self.check_catalog(stem, was, filled=filled, redraft=redraft, edited=edited)
                assert list(self.live(stem)) == (texts or {}).get(stem, self.world.texts(stem))

    def check_catalog(
        self, stem: str, before: dict[str, Seen], *, filled: bool, redraft: bool, edited: bool
    ) -> None:
        known, after = self.known_of(stem), self.live(stem)
        for source, now in after.items():
            was = before.get(source)
            machine = filled and not known.settled(source)
            if edited and source in known.human:
                continue
            if was is None and now.previous:
                self.check_carried(before, now)
                known.carried[source] = now.text
            elif was is None:
                assert not now.text or machine
            elif was.text and not (machine and (redraft or self.world.redefined)):
                assert (now.text, now.fuzzy, now.previous) == (was.text, was.fuzzy, was.previous)
                # A human's editor, polib, breaks comments of 78 columns.
                assert now.comment == was.comment or (
                    edited and now.comment.split() == was.comment.split()
                ), (was, now)
            elif not machine:
                assert (now.text, now.comment) == ("", was.comment)
            assert now.text or not now.fuzzy
        known.carried = {s: t for s, t in known.carried.items() if s in after}

    @staticmethod
    def check_carried(before: dict[str, Seen], now: Seen) -> None:
        """A translation that was carried over is fuzzy, and made of others of this article."""
        assert now.fuzzy
        rest = now.text
        for one in sorted(before.values(), key=lambda one: -len(one.text)):
            rest = rest.replace(one.text, "") if one.text else rest
        assert not rest.strip()
        assert "draft by" not in now.comment

    @invariant()
    def human_work_stands(self) -> None:
        """Every decision, note and kept text of a human is where it belongs, word for word."""
        for stem, known in self.known.items():
            seen = self.world.seen(stem) if stem in self.world.stems() else {}
            for source, (state, text) in known.human.items():
                assert source in seen, (stem, source)
                assert (seen[source].text, seen[source].fuzzy) == (text, state is State.TOUCHED)
            for source, text in known.carried.items():
                assert (seen[source].text, seen[source].fuzzy) == (text, True)
            comments = "\n".join(one.comment for one in seen.values())
            assert known.notes <= set(comments.split("\n"))
            unwrapped = " ".join(comments.split())  # polib breaks comments of 78 columns
            assert all(f': "{text}"' in unwrapped for text in known.kept)

    @invariant()
    def only_humans_approve(self) -> None:
        for stem in self.world.stems():
            for source, one in self.world.seen(stem).items():
                assert one.fuzzy or not one.text or (source, one.text) in self.world.pairs


def reworded(text: str, word: str, at: int) -> str:
    words = text[:-1].split()
    words[at % len(words)] = word
    return sentence([words[0].lower(), *words[1:]])


def narrowed(memory: bool, match: str) -> list[str]:
    return ["--engine", "memory"] * memory + (["--match", match] if match else [])


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=int(os.environ.get("LIFECYCLE_SEQUENCES", "15")),
    stateful_step_count=int(os.environ.get("LIFECYCLE_STEPS", "15")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
