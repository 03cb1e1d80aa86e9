"""Lookups in the translation memory, and recovery of its index."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import project
from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.core import RetryLaterError, waiting
from pipeline.core.errors import PipelineError, SettingsError, TmxError, TrustError
from pipeline.core.types import MemoryMatch, Provenance
from pipeline.files import fingerprints
from pipeline.memory import index, tmx
from pipeline.memory.memory import TranslationMemory
from pipeline.memory.tmx import TmxUnit

Approve = Callable[..., Path]


@pytest.fixture
def memory(folder: Path) -> Iterator[TranslationMemory]:
    opened = TranslationMemory(project.load_project(folder))
    yield opened
    opened.close()


@pytest.fixture
def approve(folder: Path) -> Approve:
    """Create a catalog of (German, translation); "" is not translated."""

    def make(name: str, *pairs: tuple[str, str], language: str = "en", state: str = "") -> Path:
        path = folder / "output" / language / "LC_MESSAGES" / f"{name}.po"
        path.unlink(missing_ok=True)
        catalog.sync(path, language, [Message(source) for source, _ in pairs], project="x")
        origin = Provenance("x", "", "", "")
        drafts = {source: Draft(target, origin) for source, target in pairs if target}
        catalog.write_drafts(path, drafts)
        if state != "draft":
            path.write_text(path.read_text(encoding="utf-8").replace("#, fuzzy\n", ""), "utf-8")
        return path

    return make


def add_tmx(folder: Path, *units: TmxUnit, name: str = "memory/other.tmx") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(tmx.render_tmx(units, "en", "sentence")), "utf-8")
    return path


def targets(matches: Sequence[MemoryMatch]) -> list[str]:
    return [match.target for match in matches]


def test_only_what_a_human_approved(memory: TranslationMemory, approve: Approve) -> None:
    """Drafts and other languages are not in the memory."""
    approve("a", ("Er kam.", "He came."))
    approve("b", ("Sie ging.", "She left."), state="draft")
    approve("c", ("Es war spät.", "Il était tard."), language="fr")
    memory.refresh("en")
    assert memory.exact("en", "Er kam.") == (MemoryMatch("Er kam.", "He came.", "a"),)
    assert memory.exact("en", "Sie ging.") == ()
    assert memory.exact("en", "Es war spät.") == ()


def test_the_same_neighbours_go_first(
    memory: TranslationMemory, approve: Approve, folder: Path
) -> None:
    """Order: neighbours, own catalogs, frequency, path."""
    approve("a", ("Ja.", "Yeah."), ("Gut.", "Fine."))
    approve("b", ("Davor.", "Before."), ("Ja.", "Indeed."), ("Danach.", ""))
    approve("c", ("Ja.", "Yes."), ("Nein.", "No."))
    approve("d", ("Ja.", "Yes."), ("Doch.", "Sure."))
    add_tmx(folder, TmxUnit("Ja.", "Aye."), TmxUnit("Ja.", "Aye.", "Links.", "Rechts."))
    memory.refresh("en")
    assert targets(memory.exact("en", "Ja.")) == ["Yes.", "Yeah.", "Indeed.", "Aye."]
    assert targets(memory.exact("en", "Ja.", "Davor.", "Danach."))[0] == "Indeed."
    assert memory.exact("en", "Ja.", "Davor.", "Anders.")[0].neighbours == 1
    assert targets(memory.exact("en", "Ja.", "", "Gut."))[0] == "Yeah."
    assert targets(memory.exact("en", "Ja.", "Links.", "Rechts."))[0] == "Aye."


COUNCIL = "Der Stadtrat hat am Dienstag den Bau einer neuen Brücke beschlossen."


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("Der Stadtrat hat am Mittwoch den Bau einer neuen Brücke beschlossen.", 89),
        ("Der Stadtrat hat den Bau einer neuen Brücke beschlossen.", 82),
        ("Der Stadtrat hat am Dienstag den Bau zweier neuer Brücken beschlossen.", 92),
        ("der stadtrat hat am dienstag den bau einer neuen brücke beschlossen", 91),
        ("Der Stadtrat vertagte am Dienstag die Sitzung.", None),
    ],
)
def test_texts_that_are_alike(
    memory: TranslationMemory, approve: Approve, text: str, percent: int | None
) -> None:
    """The percentage is the Levenshtein similarity."""
    approve("a", (COUNCIL, "The city council decided."), ("Ganz anderes steht hier.", "Other."))
    memory.refresh("en")
    expected = [percent] if percent else []
    assert [match.percent for match in memory.similar("en", text)] == expected


def test_texts_that_differ_only_in_markup(memory: TranslationMemory, approve: Approve) -> None:
    """They are nearly the same, however long the markup is."""
    marked = COUNCIL.replace("Brücke", '<a href="https://example.org/bruecke">Brücke</a>')
    approve("a", (marked, "The council."), (COUNCIL.replace("Dienstag", "Mittwoch"), "Near."))
    memory.refresh("en")
    found = [(match.percent, match.source) for match in memory.similar("en", COUNCIL)]
    assert found == [(99, marked), (89, COUNCIL.replace("Dienstag", "Mittwoch"))]
    assert memory.exact("en", COUNCIL) == ()


def test_texts_of_switzerland_and_germany(memory: TranslationMemory, approve: Approve) -> None:
    """They differ in ss and ß alone: a translation of one is nearly that of the other."""
    approve("a", ("Die große Straße ist zu.", "Closed."), ("Die Busse sind da.", "Buses."))
    memory.refresh("en")
    found = memory.similar("en", "Die grosse Strasse ist zu.")
    assert [(match.percent, match.target) for match in found] == [(99, "Closed.")]
    assert [m.target for m in memory.same_words("en", "Die Buße sind da.")] == ["Buses."]
    assert memory.exact("en", "Die grosse Strasse ist zu.") == ()


def test_likeness_has_an_order_and_a_limit(memory: TranslationMemory, approve: Approve) -> None:
    """The most similar first, without the text itself, within both limits."""
    texts = [COUNCIL.replace("neuen", word) for word in ("breiten", "alten", "neueren", "neuen")]
    approve("a", *[(text, text.upper()) for text in texts])
    memory.refresh("en")
    found = memory.similar("en", COUNCIL)
    assert [m.percent for m in found] == sorted((m.percent for m in found), reverse=True)
    assert found[0].source == texts[2]
    assert len(found) == 3
    assert memory.similar("en", COUNCIL, limit=2) == found[:2]
    assert memory.similar("en", COUNCIL, min_percent=found[0].percent) == found[:1]


@pytest.mark.parametrize("common", [1, 3])
def test_words_that_stand_everywhere_hide_nothing(
    memory: TranslationMemory, folder: Path, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    """Short texts are found by pairs of words, long ones by rare words."""
    monkeypatch.setattr(index, "_MAX_LIST", common)
    words = ["Rat", "Stadt", "Land", "Haus"]
    pairs = [TmxUnit(f"{a} {b} ist da.", f"{a}-{b}") for a in words for b in words]
    long = " ".join(words * 3)
    add_tmx(
        folder, *pairs, TmxUnit(f"{long} Brücke.", "bridge"), TmxUnit(f"{long} Tunnel.", "tunnel")
    )
    memory.refresh("en")
    for unit in pairs:
        assert unit.target in targets(memory.similar("en", f"{unit.source[:-1]}!", limit=9))
    assert "tunnel" in targets(memory.similar("en", f"{long} Tunnels."))


def test_changed_files_are_read_again(
    memory: TranslationMemory, approve: Approve, folder: Path
) -> None:
    """New texts are found; removed texts and files are not."""
    path = approve("a", ("Er kam.", "He came."), ("Sie ging.", "She left."))
    other = add_tmx(folder, TmxUnit("Ja.", "Yes."))
    memory.refresh("en")
    approve("a", ("Er kam.", "He arrived."), ("Sie ging.", "She left."))
    add_tmx(folder, TmxUnit("Ja.", "Yes."), TmxUnit("Nein.", "No."))
    memory.refresh("en")
    assert targets(memory.exact("en", "Er kam.")) == ["He arrived."]
    assert targets(memory.exact("en", "Sie ging.")) == ["She left."]
    assert targets(memory.exact("en", "Nein.")) == ["No."]
    path.unlink()
    other.unlink()
    memory.refresh("en")
    assert not any(memory.exact("en", text) for text in ("Er kam.", "Sie ging.", "Ja."))
    assert memory.similar("en", "Er kam!") == ()
    assert memory.counts("en") == {}


def test_two_changes_at_one_time_are_noticed(
    memory: TranslationMemory, approve: Approve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The times of a file system may have a resolution of two seconds."""
    stamp = fingerprints._stamp
    monkeypatch.setattr(
        fingerprints, "_stamp", lambda status: (str(status.st_size), stamp(status)[1])
    )
    path = approve("a", ("Er kam.", "He came."))
    memory.refresh("en")
    path.write_text(path.read_text("utf-8").replace("came", "left"), "utf-8")
    memory.refresh("en")
    assert targets(memory.exact("en", "Er kam.")) == ["He left."]


WORDS = st.sampled_from(["Rat", "Rates", "Brücke", "neue", "der", "kam", "12", "48", "–", "Größe"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(SENTENCES, max_size=8), min_size=1, max_size=4), SENTENCES)
def test_an_index_kept_up_is_as_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory, versions: list[list[str]], wanted: str
) -> None:
    """An updated index returns what a new one returns."""
    root = tmp_path_factory.mktemp("project")
    (root / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    kept = TranslationMemory(project.load_project(root), root / "kept")
    for number, texts in enumerate(versions):
        add_tmx(root, *[TmxUnit(t, f"{t} {number % 2}") for t in texts], TmxUnit("x", f"{number}"))
        kept.refresh("en")
    new = TranslationMemory(project.load_project(root), root / "new")
    new.refresh("en")
    for text in [wanted, *versions[-1], *versions[0]]:
        assert kept.exact("en", text) == new.exact("en", text)
        assert kept.similar("en", text, 50, 9) == new.similar("en", text, 50, 9)
    kept.close()
    new.close()


def damage(path: Path, how: str) -> None:
    data = path.read_bytes()
    match how:
        case "deleted":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("no index at all " * 1000, encoding="utf-8")
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "overwritten":
            path.write_bytes(data[:4096] + random.Random(1).randbytes(len(data) - 4096))


@pytest.mark.parametrize("how", ["deleted", "empty", "text", "cut", "overwritten"])
def test_the_index_is_disposable(folder: Path, approve: Approve, how: str) -> None:
    """Whatever happens to the index, the next run finds everything."""
    path = approve("a", (COUNCIL, "The council decided."), ("Er kam.", "He came."))
    add_tmx(folder, TmxUnit("Ja.", "Yes."))
    before = path.read_bytes()
    for attempt in range(2):
        memory = TranslationMemory(project.load_project(folder))
        memory.refresh("en")
        assert targets(memory.exact("en", COUNCIL)) == ["The council decided."]
        assert targets(memory.exact("en", "Ja.")) == ["Yes."]
        assert targets(memory.similar("en", f"{COUNCIL} Gut.")) == ["The council decided."]
        memory.close()
        if not attempt:
            damage(memory.path("en"), how)
    assert path.read_bytes() == before


def test_old_texts_do_not_pile_up(memory: TranslationMemory, folder: Path) -> None:
    """An index of mostly removed texts is rebuilt and small again."""
    add_tmx(folder, *[TmxUnit(f"Satz {n} von vielen.", "x") for n in range(12_000)])
    memory.refresh("en")
    large = memory.path("en").stat().st_size
    add_tmx(folder, TmxUnit("Ja.", "Yes."))
    memory.refresh("en")
    assert targets(memory.exact("en", "Ja.")) == ["Yes."]
    assert memory.path("en").stat().st_size < large / 5


def test_two_at_once_make_one_index(folder: Path) -> None:
    """Concurrent processes wait for each other and find everything."""
    add_tmx(folder, *[TmxUnit(f"Satz {n} von vielen.", "x") for n in range(3_000)])
    program = (
        "from pathlib import Path; from pipeline import project\n"
        "from pipeline.memory.memory import *\n"
        f"m = TranslationMemory(project.load_project(Path({str(folder)!r}))); m.refresh('en')\n"
        "assert len(m.exact('en', 'Satz 2999 von vielen.')) == 1\n"
        "assert sum(m.counts('en').values()) == 3000"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]


def test_a_broken_file_is_told_and_takes_nothing_with_it(
    memory: TranslationMemory, folder: Path
) -> None:
    """File and line are reported; earlier translations stay in the memory."""
    path = add_tmx(folder, TmxUnit("Ja.", "Yes."))
    memory.refresh("en")
    path.write_text(path.read_text(encoding="utf-8").replace("</body>", ""), encoding="utf-8")
    with pytest.raises(TmxError, match=r"other\.tmx:\d+: broken XML"):
        memory.refresh("en")
    assert targets(memory.exact("en", "Ja.")) == ["Yes."]


def test_files_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    """Patterns and paths, inside the project and, with trust, outside of it."""
    add_tmx(folder, TmxUnit("Eins.", "One."), name="tm/a.tmx")
    outside = add_tmx(tmp_path, TmxUnit("Zwei.", "Two."), name="shared/b.tmx")
    setting = f'languages = ["en"]\nmemory = ["tm/*.tmx", "{outside}"]\n'
    (folder / "translate.toml").write_text(setting, encoding="utf-8")
    with pytest.raises(TrustError, match=r"shared/b\.tmx"):
        TranslationMemory(project.load_project(folder)).refresh("en")
    memory = TranslationMemory(project.load_project(folder, trust=True))
    memory.refresh("en")
    assert targets(memory.exact("en", "Eins.")) == ["One."]
    assert targets(memory.exact("en", "Zwei.")) == ["Two."]
    outside.unlink()
    with pytest.raises(SettingsError, match=r"b\.tmx: no such file"):
        memory.refresh("en")
    memory.close()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('memory = "tm/*.tmx"', "is not a list"),
        ("memory = [1]", "is not a list"),
        ("memory_shown = 101", "is not a percentage"),
        ('memory_examples = "80"', "is not a percentage"),
        ("memory_examples = true", "is not a percentage"),
        ('memory_dir = "../m"', "is not a folder inside the project"),
    ],
)
def test_wrong_settings(folder: Path, setting: str, message: str) -> None:
    """The error names the file and the problem."""
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{setting}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=message) as error:
        project.load_project(folder)
    assert "translate.toml" in error.value.message


def test_a_cache_that_cannot_be_written(folder: Path) -> None:
    """The hint names a setting."""
    (folder / "file").write_text("", encoding="utf-8")
    memory = TranslationMemory(project.load_project(folder), folder / "file")
    with pytest.raises(PipelineError) as error:
        memory.refresh("en")
    assert "TRANSLATE_CACHE" in error.value.hint


def test_as_many_similar_texts_as_asked_for(memory: TranslationMemory, folder: Path) -> None:
    """The limit is the caller's."""
    add_tmx(folder, *[TmxUnit(f"Der Rat tagt am {n}. Mai in Bonn.", f"T{n}") for n in range(1, 9)])
    memory.refresh("en")
    assert len(memory.similar("en", "Der Rat tagt am 9. Mai in Bonn.", 70, limit=8)) == 8


LOCKING = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print(flush=True)
time.sleep(float(sys.argv[2]))
"""


def locking(path: Path, seconds: float) -> "subprocess.Popen[str]":
    """Lock an index in another process for a while."""
    words = [sys.executable, "-c", LOCKING, path, str(seconds)]
    holder = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "\n"
    return holder


def test_a_locked_index_is_waited_for(memory: TranslationMemory, approve: Approve) -> None:
    """When the other process is done, the lookup continues."""
    approve("a", ("Haus", "house"))
    memory.refresh("en")
    with locking(memory.path("en"), 0.3):
        approve("b", ("Baum", "tree"))
        memory.refresh("en")
    assert targets(memory.exact("en", "Baum")) == ["tree"]


def test_an_index_that_stays_locked_is_named(
    memory: TranslationMemory, approve: Approve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait has a limit; the error names the file and the process, and allows a retry."""
    approve("a", ("Haus", "house"))
    memory.refresh("en")
    said: list[str] = []
    monkeypatch.setattr(waiting, "_reporter", said.append)
    monkeypatch.setattr(waiting, "REPORT_AFTER", 0.05)
    monkeypatch.setattr(index, "_TIMEOUT", 0.3)
    with locking(memory.path("en"), 60) as holder:
        approve("b", ("Baum", "tree"))
        with pytest.raises(RetryLaterError) as caught:
            memory.refresh("en")
        holder.kill()
    assert str(memory.path("en")) in caught.value.message
    assert f"process ID {holder.pid}" in caught.value.message
    assert caught.value.exit_code == 75
    assert len(said) == 1
