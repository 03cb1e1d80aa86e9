"""Synchronizing a catalog with its article."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import __version__
from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message, SyncResult, Translation
from pipeline.catalog.header import is_header
from pipeline.catalog.po import file
from pipeline.core.errors import CatalogError, SettingsError
from pipeline.core.types import Provenance, State

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "catalogs").glob("*.po"))
LLAMA = Provenance("llama", "small-q4", "0a1b2c3d", "")
EARLY = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
LATER = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fr" / "a.po"


def update(
    path: Path, *texts: str | Message, when: datetime = EARLY, language: str = "fr"
) -> SyncResult:
    messages = [text if isinstance(text, Message) else Message(text) for text in texts]
    return catalog.sync(path, language, messages, project="test", when=when)


def approve(path: Path, **targets: str) -> None:
    """Translate as a human does, by source text; blanks are written as `_`."""
    text = path.read_text(encoding="utf-8")
    for source, target in targets.items():
        source = source.replace("_", " ")
        assert f'msgid "{source}"\nmsgstr ""' in text
        text = text.replace(f'"{source}"\nmsgstr ""', f'"{source}"\nmsgstr "{target}"')
    path.write_text(text, encoding="utf-8")


def live(path: Path) -> list[str]:
    return [one.source for one in catalog.load(path).translations]


def entry(path: Path, source: str) -> Translation:
    return next(one for one in catalog.load(path).translations if one.source == source)


def obsolete(path: Path) -> list[tuple[str, str]]:
    return [(e.source, e.targets[0]) for e in catalog.load(path).entries if e.obsolete]


NEW = """# Drafts are fuzzy.
msgid ""
msgstr ""
"Project-Id-Version: news\\n"
"POT-Creation-Date: 2024-05-06 07:08+0000\\n"
"PO-Revision-Date: 2024-05-06 07:08+0000\\n"
"Last-Translator: \\n"
"Language-Team: \\n"
"Language: pt_BR\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"X-Generator: translate {version}\\n"

#. title
#. glossary: Gipfel → cúpula
#: source_de/a.txt:1 source_de/\u2068my a.txt\u2069:3
msgid "Der Gipfel"
msgstr ""
""".replace("source_de/\u2068my", "\u2068source_de/my")


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use UTC: dates in headers are local times."""
    with monkeypatch.context() as changes:
        changes.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_utc")
def test_a_new_catalog(tmp_path: Path) -> None:
    """The whole file, as a translator's editor reads it."""
    path = tmp_path / "pt_BR" / "LC_MESSAGES" / "a.po"
    comments = ("title", "glossary: Gipfel → cúpula")
    message = Message("Der Gipfel", ("source_de/a.txt:1", "source_de/my a.txt:3"), comments)
    done = catalog.sync(
        path, "pt_BR", [message], project="news", note="Drafts are fuzzy.", when=EARLY
    )
    assert done == SyncResult(added=1, changed=True)
    assert path.read_text(encoding="utf-8") == NEW.replace("{version}", __version__)
    assert catalog.load(path).translations[0].references == message.references


def test_a_new_template(tmp_path: Path) -> None:
    """A template has no language and no plural forms, but the same entries."""
    path = tmp_path / "a.pot"
    update(path, "Eins", language="")
    read = catalog.load(path)
    assert (read.language, "Plural-Forms" in read.header) == ("", False)
    assert [(one.source, one.target) for one in read.translations] == [("Eins", "")]
    assert update(path, language="").removed == 1
    assert obsolete(path) == []


def test_the_same_article_changes_nothing(path: Path) -> None:
    """No byte, no date, and not even the file's time changes."""
    message = Message("Eins", ("a.txt:1",), ("paragraph 1", "note\r\nwith  breaks\0", ""))
    update(path, message, "Zwei")
    before = path.read_bytes()
    os.utime(path, (1, 1))
    assert update(path, message, "Zwei", when=LATER) == SyncResult(retained=2)
    assert path.read_bytes() == before
    assert path.stat().st_mtime == 1


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_files_of_other_tools_stay_as_they_are(sample: Path, tmp_path: Path) -> None:
    """Only entries that the article lacks move to the end."""
    path = tmp_path / "a.po"
    path.write_bytes(sample.read_bytes())
    entries = file.read(path).text.entries
    ours = [e for e in entries if not (is_header(e) or e.obsolete or e.context)]
    messages = [
        Message(e.source, e.references, tuple(line[3:] for line in e.extracted)) for e in ours
    ]
    other = any(e.context for e in entries)
    assert update(path, *messages, when=LATER).changed == other
    after = {(e.context, e.source): e.raw for e in file.read(path).text.entries}
    for e in entries:
        if not is_header(e) and not e.context:
            assert after[e.context, e.source] == e.raw
    now = path.read_bytes()
    assert not update(path, *messages, when=LATER).changed
    assert path.read_bytes() == now


def test_what_moved_is_in_the_articles_order(path: Path) -> None:
    """Each entry keeps its translation when its text moves."""
    update(path, "Eins", "Zwei", "Drei")
    approve(path, Eins="Un", Drei="Trois")
    assert update(path, "Drei", "Neu", "Eins", "Zwei", when=LATER) == SyncResult(
        added=1, retained=3, changed=True
    )
    found = [(one.source, one.target) for one in catalog.load(path).translations]
    assert found == [("Drei", "Trois"), ("Neu", ""), ("Eins", "Un"), ("Zwei", "")]


def test_a_moved_line_number_changes_the_reference_alone(path: Path) -> None:
    """A diff shows only the reference and the date."""
    update(path, Message("Eins", ("a.txt:1",)), Message("Zwei", ("a.txt:2",)))
    before = path.read_text(encoding="utf-8")
    update(path, Message("Eins", ("a.txt:1",)), Message("Zwei", ("a.txt:4",)), when=LATER)
    created = catalog.load(path).header["POT-Creation-Date"]
    expected = before.replace("a.txt:2", "a.txt:4")
    old = "POT-Creation-Date: " + before.partition("POT-Creation-Date: ")[2][:21]
    assert path.read_text(encoding="utf-8") == expected.replace(
        old, f"POT-Creation-Date: {created}"
    )
    assert created.startswith("2030-01-0")


def test_what_a_human_made_outlives_its_text(path: Path) -> None:
    """Approved, touched and commented entries become obsolete; others go."""
    update(path, "Eins", "Zwei", "Drei", "Vier", "Fünf", "Rest")
    approve(path, Eins="Un")
    catalog.write_drafts(path, {t: Draft(f"m {t}", LLAMA) for t in ("Zwei", "Drei", "Vier")})
    text = path.read_text(encoding="utf-8").replace('"m Zwei"', '"Deux"')
    text = text.replace("# translate: draft by llama", "# Anne: ?\n# translate: draft by llama", 2)
    text = text.replace('msgid "Fünf"', '# Anne: fünf?\nmsgid "Fünf"')
    path.write_text(text, encoding="utf-8")
    assert update(path, "Rest").removed == 5
    assert live(path) == ["Rest"]
    kept = [("Eins", "Un"), ("Zwei", "Deux"), ("Drei", "m Drei"), ("Fünf", "")]
    assert obsolete(path) == kept


def test_a_text_that_returns_finds_its_translation(path: Path) -> None:
    """A revived entry keeps its state, flags and comments."""
    update(path, "Eins", "Zwei")
    approve(path, Eins="Un")
    text = path.read_text(encoding="utf-8")
    text = text.replace('msgid "Eins"', '# Anne: ja\n#, no-wrap\nmsgid "Eins"')
    text = text.replace('"Zwei"\nmsgstr ""', '"Zwei"\nmsgstr "Deux"').replace(
        'msgid "Zwei"', '#, fuzzy\n#| msgid "Zwo"\nmsgid "Zwei"'
    )
    path.write_text(text, encoding="utf-8")
    before = catalog.load(path).entries[1:]
    update(path, "Anders")
    assert "#~| msgid" in path.read_text(encoding="utf-8")
    assert update(path, "Eins", "Zwei") == SyncResult(revived=2, removed=1, changed=True)
    assert obsolete(path) == []
    assert [e.raw for e in catalog.load(path).entries[1:]] == [e.raw for e in before]


A = "Der Minister reiste am Montag nach Paris."
B = "Der Minister reiste am Dienstag nach Paris."


def test_an_edited_text_keeps_its_translation_as_fuzzy(path: Path) -> None:
    """It has the previous source, and is never overwritten by a draft."""
    update(path, "Vorher", A, "Nachher")
    catalog.write_drafts(path, {A: Draft("Le ministre est allé à Paris lundi.", LLAMA)})
    text = path.read_text(encoding="utf-8").replace("#, fuzzy\n", "# Anne: gut\n")
    path.write_text(text, encoding="utf-8")
    assert update(path, "Vorher", B, "Nachher").carried == 1
    text = path.read_text(encoding="utf-8")
    assert f'# Anne: gut\n#, fuzzy\n#| msgid "{A}"\nmsgid "{B}"\nmsgstr "Le ministre' in text
    assert entry(path, B).state is State.TOUCHED
    assert obsolete(path) == [(A, "Le ministre est allé à Paris lundi.")]
    assert catalog.write_drafts(path, {B: Draft("x", LLAMA)}, redraft=True) == frozenset()


def test_an_edit_that_is_taken_back_leaves_no_trace(path: Path) -> None:
    """The approved translation is approved again, and the copy is gone."""
    update(path, "Vorher", A, "Nachher")
    approve(path, **{A.replace(" ", "_"): "Lundi, le ministre est allé à Paris."})
    before = path.read_bytes()
    update(path, "Vorher", B, "Nachher")
    update(path, "Vorher", A, "Nachher")
    assert path.read_bytes() == before


def test_a_text_edited_twice_names_what_its_translation_was_made_for(path: Path) -> None:
    """The previous source is the translated text, not the step between."""
    update(path, "Vorher", A, "Nachher")
    approve(path, **{A.replace(" ", "_"): "Lundi, le ministre est allé à Paris."})
    update(path, "Vorher", B, "Nachher")
    update(path, "Vorher", B.replace("Paris", "Rom"), "Nachher")
    assert f'#| msgid "{A}"' in path.read_text(encoding="utf-8")
    assert obsolete(path) == [(A, "Lundi, le ministre est allé à Paris.")]


def test_a_draft_is_not_carried_over(path: Path) -> None:
    """An edited text gets a new draft, not the old one."""
    update(path, "Vorher", A, "Nachher")
    catalog.write_drafts(path, {A: Draft("Le ministre est allé à Paris lundi.", LLAMA)})
    assert update(path, "Vorher", B, "Nachher") == SyncResult(1, 0, 2, 0, 1, True)
    assert entry(path, B).state is State.MISSING


def test_two_texts_that_are_joined_keep_both_translations(path: Path) -> None:
    """Both translations, in order, as fuzzy, with both previous sources."""
    one, two = "Der Minister reiste nach Paris", "Die Kanzlerin blieb in Berlin"
    update(path, one, two)
    approve(path, **{one.replace(" ", "_"): "Un", two.replace(" ", "_"): "Deux"})
    update(path, f"{one}, {two[0].lower()}{two[1:]}")
    assert [(o.target, o.state) for o in catalog.load(path).translations] == [
        ("Un Deux", State.TOUCHED)
    ]
    assert f'#| msgid "{one} {two}"' in path.read_text(encoding="utf-8")


def test_new_entries_follow_the_files_manner(tmp_path: Path) -> None:
    """New entries have the line ends and the wrapping of the file."""
    path = tmp_path / "a.po"
    sample = next(path for path in SAMPLES if path.stem == "poedit-crlf")
    path.write_bytes(sample.read_bytes())
    text = "Ein langer Satz, der in einer Datei mit kurzen Zeilen auf mehrere verteilt stünde."
    update(path, text)
    data = path.read_bytes()
    assert f'\r\n\r\nmsgid "{text}"\r\nmsgstr ""\r\n\r\n'.encode() in data
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_file_without_header_gets_one(path: Path) -> None:
    """gettext requires a header for umlauts; the rest of the file stays."""
    path.parent.mkdir()
    path.write_text('msgid "Äh"\nmsgstr "Euh"\n# Ende', encoding="utf-8")
    update(path, "Neu", "Äh")
    text = path.read_text(encoding="utf-8")
    assert text.endswith('\n\nmsgid "Neu"\nmsgstr ""\n\nmsgid "Äh"\nmsgstr "Euh"\n# Ende')
    assert catalog.load(path).language == "fr"
    assert not update(path, "Neu", "Äh", when=LATER).changed


def test_a_text_with_nul_is_refused(path: Path) -> None:
    """The error names the place in the article."""
    with pytest.raises(CatalogError, match=r"a\.txt:3: contains a NUL character"):
        update(path, Message("a\0b", ("a.txt:3",)))
    assert not path.exists()


@pytest.mark.parametrize("texts", [("a", "a"), ("",)])
def test_messages_are_distinct_texts(path: Path, texts: tuple[str, ...]) -> None:
    """gettext refuses a file with two entries of the same text."""
    with pytest.raises(ValueError, match="distinct"):
        update(path, *texts)


SENTENCES = st.lists(
    st.text("abc äß„“«»–-.,/'\"\\ \u00a0", min_size=1, max_size=120),
    min_size=1,
    max_size=5,
    unique=True,
)
# File names with blanks are left out: gettext knows them only since 0.22.
REFERENCES = st.lists(st.sampled_from(["a.txt", "öä.txt", "x" * 40 + ".txt"]), max_size=5)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_gettext_finds_nothing_to_change(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """msgcat writes our files back byte for byte."""
    path = tmp_path_factory.mktemp("made") / "a.po"
    texts = data.draw(SENTENCES)
    messages = [
        Message(text, tuple(f"{r}:{n}" for n, r in enumerate(data.draw(REFERENCES), 1)), ("c",))
        for text in texts
    ]
    update(path, *messages)
    targets = data.draw(st.lists(SENTENCES.map("".join), min_size=len(texts), max_size=len(texts)))
    drafts = {t: Draft(target, LLAMA) for t, target in zip(texts, targets, strict=True)}
    catalog.write_drafts(path, drafts)
    path.write_bytes(path.read_bytes().replace(b"#, fuzzy\n", b"", data.draw(st.integers(0, 5))))
    update(path, *data.draw(st.permutations(messages))[: data.draw(st.integers(1, len(texts)))])
    written = path.read_bytes()
    assert subprocess.run(["msgcat", path], capture_output=True, check=True).stdout == written
    subprocess.run(["msgfmt", "-c", "-o", os.devnull, path], capture_output=True, check=True)


def test_a_reference_longer_than_a_line_has_one_of_its_own(path: Path) -> None:
    """No empty line precedes it, as in msgcat's output."""
    names = (f"source_de/{'a' * 80}.txt:1", f"source_de/{'b' * 80}.txt:2", "source_de/c.txt:3")
    update(path, Message("Eins", names))
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if x.startswith("#:")]
    assert lines == [f"#: {name}" for name in names]


def test_the_source_date_replaces_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds at different times are the same, in any time zone."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for zone in ("Europe/Berlin", "America/Lima"):
        monkeypatch.setenv("TZ", zone)
        path = tmp_path / f"{len(made)}.po"
        catalog.sync(path, "en", [Message("Satz.")], project="t")
        made.append(path.read_text(encoding="utf-8"))
    assert made[0] == made[1]
    assert made[0].count("2023-11-14 22:13+0000") == 2


def test_a_wrong_source_date_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(SettingsError, match="SOURCE_DATE_EPOCH = 'yesterday'") as error:
        catalog.sync(tmp_path / "a.po", "en", [Message("Satz.")], project="t")
    assert "git log" in error.value.hint
    assert not (tmp_path / "a.po").exists()
