"""Loading catalogs and writing drafts; human work is never overwritten."""

from __future__ import annotations

import difflib
import gettext
import io
import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.catalog.edits import rename_references
from pipeline.catalog.mo import compile_mo
from pipeline.catalog.po import file
from pipeline.catalog.provenance import human_notes
from pipeline.core.errors import CatalogError, PipelineError
from pipeline.core.types import MemoryMatch, Provenance, State

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "catalogs").glob("*.po"))
LLAMA = Provenance("llama", "small-q4", "0a1b2c3d", "")
LATER = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)


def copy(path: Path, folder: Path) -> Path:
    target = folder / path.name
    target.write_bytes(path.read_bytes())
    return target


def made(path: Path, *texts: str) -> Path:
    catalog.sync(path, "fr", [Message(text) for text in texts], project="test")
    return path


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Edit a file as a human in an editor does."""
    text = path.read_bytes().decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_bytes(text.encode())


def by_source(path: Path) -> dict[str, catalog.Translation]:
    return {one.source: one for one in catalog.load(path).translations}


def test_a_catalog_is_read(tmp_path: Path) -> None:
    """Language, header and live translations with state and line are read."""
    path = next(path for path in SAMPLES if path.stem == "msgcat")
    read = catalog.load(path)
    assert (read.path, read.language) == (path, "fr")
    assert read.header["X-House-Style"] == "no exclamation marks"
    assert [(one.source[:16], one.state) for one in read.translations] == [
        ("Der Hafen wächst", State.APPROVED),
        ("Seit dem Frühjah", State.APPROVED),
        ("„Wir haben den E", State.DRAFT),
        ("Ein Ausbau koste", State.TOUCHED),
        ("Pfad C:\\Hafen\tun", State.MISSING),
        ("Erste Zeile\nzwei", State.APPROVED),
        ("%d Schiff", State.APPROVED),
        ("%d Schiffe", State.APPROVED),
    ]
    first, _, draft = read.translations[:3]
    assert first.references == ("source_de/hafen.txt:1", "source_de/hafen.txt:9")
    assert path.read_text(encoding="utf-8").split("\n")[first.line - 1].startswith("msgid")
    assert draft.provenance == Provenance("llama", "small-q4", "0a1b2c3d", "1fc10450")
    assert draft.flags == {"fuzzy"}


HEADER = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
DAMAGED = {
    "empty": (b"", "a.po: is empty", "translate extract"),
    "blank": (b"\n\n", "a.po: is empty", "translate extract"),
    "NUL": (HEADER + b'msgid "\0"', "a.po:4: contains a NUL byte", "Restore"),
    "not UTF-8": (HEADER + b'msgid "\xfc"\n', "a.po:4: not utf-8: byte 0xfc", "msgconv"),
    "no such charset": (
        HEADER.replace(b"UTF-8", b"KLINGON"),
        "a.po: unknown charset 'KLINGON'",
        "Content-Type",
    ),
    "broken quotes": (
        HEADER + b'msgid "a\nmsgstr ""\n',
        "a.po:4: broken quotes",
        "Write a quotation mark",
    ),
    "twice the same": (
        HEADER + b'msgid "a"\nmsgstr ""\n\nmsgid "a"\nmsgstr "b"\n',
        "a.po:7: duplicate msgid, first on line 4: 'a'",
        "Delete one",
    ),
    "twice the same, once obsolete": (
        HEADER + b'msgid "a"\nmsgstr ""\n\n#~ msgid "a"\n#~ msgstr "b"\n',
        "a.po:7: duplicate msgid, first on line 4",
        "Delete one",
    ),
}


@pytest.mark.parametrize(("data", "message", "hint"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_catalog_is_refused_and_kept(
    tmp_path: Path, data: bytes, message: str, hint: str
) -> None:
    """Readers and writers report file, line and hint; no byte changes."""
    path = tmp_path / "a.po"
    path.write_bytes(data)
    for work in (
        lambda: catalog.load(path),
        lambda: made(path, "a"),
        lambda: catalog.write_drafts(path, {"a": Draft("b", LLAMA)}),
    ):
        with pytest.raises(CatalogError) as caught:
            work()
        assert message in caught.value.message
        assert hint in caught.value.hint
    assert path.read_bytes() == data


def test_a_missing_catalog_is_named(tmp_path: Path) -> None:
    """Neither loading nor drafting creates the file or its folder."""
    path = tmp_path / "en" / "a.po"
    with pytest.raises(CatalogError, match=r"a\.po: no such file"):
        catalog.load(path)
    with pytest.raises(CatalogError, match=r"a\.po: no such file"):
        catalog.write_drafts(path, {})
    assert not path.parent.exists()


def test_a_folder_is_no_catalog(tmp_path: Path) -> None:
    """The system's error is reported, without a traceback."""
    with pytest.raises(CatalogError, match="directory"):
        catalog.load(tmp_path)


def test_a_draft_is_written_with_its_origin(tmp_path: Path) -> None:
    """A draft is fuzzy, has provenance and problems, and reads back as a draft."""
    path = made(tmp_path / "a.po", "Eins", "Zwei")
    problems = ("term missing: Gipfel →\nsommet",)
    assert catalog.write_drafts(path, {"Eins": Draft("Un", LLAMA, problems)}) == {"Eins"}
    text = path.read_text(encoding="utf-8")
    assert (
        "# Machine draft\n# translate: check: term missing: Gipfel → sommet\n"
        "# translate: draft by llama small gl 0a1b2c =d32a50\n#, fuzzy\n"
        'msgid "Eins"\nmsgstr "Un"\n' in text
    )
    read = by_source(path)
    assert read["Eins"].state is State.DRAFT
    assert read["Eins"].provenance == Provenance("llama", "small", "0a1b2c", "d32a50")
    assert read["Zwei"].state is State.MISSING


def test_a_draft_from_the_memory_names_its_catalog(tmp_path: Path) -> None:
    """A draft may come from the memory, without a model or glossary."""
    path = made(tmp_path / "a.po", "Eins", "42")
    memory, source = Provenance("memory", "b.po", "", ""), Provenance("source", "", "", "")
    catalog.write_drafts(path, {"Eins": Draft("Un", memory), "42": Draft("42", source)})
    text = path.read_text(encoding="utf-8")
    assert "# From the translation memory (b.po)\n# translate: draft by memory b.po =" in text
    assert "# Copied from the German\n# translate: draft by source =" in text
    read = by_source(path)
    assert read["Eins"].provenance == Provenance("memory", "b.po", "", "d32a50")
    assert read["42"].provenance == Provenance("source", "", "", "73475c")


HUMAN = {
    "approved": ('#, fuzzy\nmsgid "Eins"\nmsgstr "Un"', 'msgid "Eins"\nmsgstr "Un"'),
    "approved with changes": ('#, fuzzy\nmsgid "Eins"\nmsgstr "Un"', 'msgid "Eins"\nmsgstr "1"'),
    "changed, still fuzzy": ('msgstr "Un"', 'msgstr "Une"'),
}


@pytest.mark.parametrize("redraft", [False, True])
@pytest.mark.parametrize("change", HUMAN.values(), ids=HUMAN)
def test_what_a_human_did_is_never_overwritten(
    tmp_path: Path, change: tuple[str, str], redraft: bool
) -> None:
    """Approved and touched entries keep every byte, also with `redraft`."""
    path = made(tmp_path / "a.po", "Eins", "Zwei")
    catalog.write_drafts(path, {"Eins": Draft("Un", LLAMA)})
    edit(path, change)
    before = path.read_bytes()
    drafts = {"Eins": Draft("neu", LLAMA)}
    assert catalog.write_drafts(path, drafts, redraft=redraft) == frozenset()
    assert path.read_bytes() == before


def test_an_obsolete_entry_gets_no_draft(tmp_path: Path) -> None:
    """With or without `redraft`, no byte of the file changes."""
    path = made(tmp_path / "a.po", "Eins", "Zwei", "Drei")
    catalog.write_drafts(path, {"Zwei": Draft("Deux", LLAMA)})
    text = path.read_text(encoding="utf-8")
    for field in ("msgid", "msgstr"):
        head, _, rest = text.partition("\n\n")
        text = head + "\n\n" + rest.replace(f"\n{field}", f"\n#~ {field}")
    text = text.replace('msgid "Eins"', '#~ msgid "Eins"').replace("#~ #~", "#~")
    path.write_text(text, encoding="utf-8")
    assert sum(entry.obsolete for entry in catalog.load(path).entries) == 3
    drafts = {source: Draft("Neuf", LLAMA) for source in ("Eins", "Zwei", "Drei")}
    shown = {source: [MemoryMatch("Vier", "Quatre", 80, "x.po")] for source in drafts}
    before = path.read_bytes()
    for redraft in (False, True):
        assert not catalog.write_drafts(path, drafts, matches=shown, redraft=redraft)
        assert path.read_bytes() == before
    assert catalog.load(path).translations == ()


def test_an_untouched_draft_is_replaced_on_demand_alone(tmp_path: Path) -> None:
    """Only `redraft` replaces a draft; translator comments stay."""
    path = made(tmp_path / "a.po", "Eins")
    catalog.write_drafts(path, {"Eins": Draft("Un", LLAMA, ("too short",))})
    edit(path, ("# translate: draft", "# Anne: hm.\n# translate: draft"))
    assert catalog.write_drafts(path, {"Eins": Draft("Une", LLAMA)}) == frozenset()
    assert catalog.write_drafts(path, {"Eins": Draft("Une", LLAMA)}, redraft=True) == {"Eins"}
    text = path.read_text(encoding="utf-8")
    assert "# Anne: hm.\n# Machine draft\n# translate: draft by llama" in text
    assert text.count("# translate:") == 1
    assert by_source(path)["Eins"].target == "Une"


def test_a_draft_that_an_editor_wrapped_anew_is_still_one(tmp_path: Path) -> None:
    """Other wrapping of strings and comments does not count as human work."""
    path = made(tmp_path / "a.po", "Eins")
    catalog.write_drafts(path, {"Eins": Draft("Un deux trois", LLAMA)})
    edit(
        path,
        ('msgstr "Un deux trois"', 'msgstr ""\n"Un "\n"deux trois"'),
        ("# translate: draft", "#  translate: draft"),
        ("#, fuzzy", "#,fuzzy, max-length:10"),
    )
    assert by_source(path)["Eins"].state is State.DRAFT


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_only_the_drafted_entry_and_the_date_change(sample: Path, tmp_path: Path) -> None:
    """In files of every tool, only the entry and PO-Revision-Date change."""
    path = copy(sample, tmp_path)
    old = path.read_bytes().split(b"\n")
    missing = [one for one in catalog.load(path).translations if one.state is State.MISSING]
    drafts = {one.source: Draft("Chemin « C » ici", LLAMA) for one in missing}
    assert catalog.write_drafts(path, drafts, when=LATER) == frozenset(drafts)
    new = path.read_bytes().split(b"\n")
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    gone = [line for kind, a, b, _, _ in steps if kind != "equal" for line in old[a:b]]
    come = [line for kind, _, _, a, b in steps if kind != "equal" for line in new[a:b]]
    assert [line for line in gone if b"PO-Revision" not in line and b'msgstr ""' not in line] == []
    dated = any(b"PO-Revision" in line for line in old) and bool(drafts)
    assert len(come) == 4 * len(drafts) + dated  # two lines of origin, flag, msgstr; date
    assert all(line.endswith(b"\r") == (old[0].endswith(b"\r")) for line in come)


def test_nothing_to_write_leaves_the_file_alone(tmp_path: Path) -> None:
    """Without a change to an entry, not even the file's time changes."""
    path = copy(next(path for path in SAMPLES if path.stem == "msgcat"), tmp_path)
    os.utime(path, (1, 1))
    drafts = {text: Draft("x", LLAMA) for text in ("unbekannt", "%d Schiff", "")}
    assert catalog.write_drafts(path, drafts, redraft=True) == frozenset()
    assert catalog.write_drafts(path, {}) == frozenset()
    assert path.stat().st_mtime == 1


def test_a_draft_ends_as_its_source_does(tmp_path: Path) -> None:
    """gettext requires the same final newline in source and translation."""
    path = made(tmp_path / "a.po", "Eins", "Zwei\n")
    catalog.write_drafts(path, {"Eins": Draft("Un\n", LLAMA), "Zwei\n": Draft("Deux", LLAMA)})
    assert by_source(path)["Eins"].target == "Un"
    assert by_source(path)["Zwei\n"].target == "Deux\n"
    assert by_source(path)["Zwei\n"].state is State.DRAFT


@pytest.mark.parametrize("target", ["", "a\0b"])
def test_what_is_no_draft_is_a_mistake_of_the_program(tmp_path: Path, target: str) -> None:
    """An empty draft is a programming error: a failed entry stays missing."""
    path = made(tmp_path / "a.po", "Eins")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="no draft"):
        catalog.write_drafts(path, {"Eins": Draft(target, LLAMA)})
    assert path.read_bytes() == before


def test_a_charset_that_lacks_a_letter_is_named(tmp_path: Path) -> None:
    """A file keeps its charset; the hint for a missing character is msgconv."""
    path = copy(next(path for path in SAMPLES if path.stem == "latin-1"), tmp_path)
    before = path.read_bytes()
    with pytest.raises(CatalogError, match="'ő' does not exist in iso8859-1") as caught:
        catalog.write_drafts(path, {"Der Hafen wächst": Draft("kikötő", LLAMA)})
    assert "msgconv" in caught.value.hint
    assert path.read_bytes() == before
    catalog.write_drafts(path, {"Der Hafen wächst": Draft("Le port prospère", LLAMA)})
    assert "prospère".encode("latin-1") in path.read_bytes()


def test_a_save_in_the_last_moment_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If an editor saves after the catalog was read, the edit starts again."""
    path = made(tmp_path / "a.po", "Eins", "Zwei")
    saves = ['msgid "Eins"\nmsgstr "Un"', 'msgid "Eins"\nmsgstr "Un, enfin"']
    read = file.read

    def read_and_be_overtaken(path: Path) -> file.PoFile:
        found = read(path)
        if saves:
            old = 'msgid "Eins"\nmsgstr ""' if len(saves) == 2 else 'msgid "Eins"\nmsgstr "Un"'
            edit(path, (old, saves.pop(0)))
        return found

    monkeypatch.setattr(file, "read", read_and_be_overtaken)
    drafts = {"Eins": Draft("machine", LLAMA), "Zwei": Draft("Deux", LLAMA)}
    assert catalog.write_drafts(path, drafts) == {"Zwei"}
    assert by_source(path)["Eins"].target == "Un, enfin"
    assert by_source(path)["Zwei"].target == "Deux"


def test_a_catalog_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error names the folder that cannot be created."""
    (tmp_path / "en").write_bytes(b"")
    with pytest.raises(PipelineError, match="en"):
        made(tmp_path / "en" / "a.po", "Eins")


def test_the_compiled_catalog_holds_what_is_approved(tmp_path: Path) -> None:
    """A .mo file has approved texts, plurals and contexts, but no drafts."""
    path = next(path for path in SAMPLES if path.stem == "msgcat")
    compiled = gettext.GNUTranslations(io.BytesIO(compile_mo(catalog.load(path))))
    assert compiled.gettext("Der Hafen wächst") == "Le port s'agrandit"
    assert compiled.npgettext("counter", "%d Schiff", "%d Schiffe", 5) == "%d navires"
    draft = "„Wir haben den Engpass im Blick“, sagte die Leiterin."
    assert compiled.gettext(draft) == draft
    assert compiled.info()["language"] == "fr"


MATCH = MemoryMatch("Der Rat hat beschlossen.", "The council decided.", "stadt", 84)


def commented(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if "memory" in line]


def test_similar_translations_are_shown_in_a_comment(tmp_path: Path) -> None:
    """Percentage and differences are shown; the next run replaces them."""
    path = tmp_path / "a.po"
    text = "Der Rat hat heute beschlossen."
    catalog.sync(path, "en", [Message(text)], project="x")
    note = f'# mine: memory 3 %\nmsgid "{text}"'
    path.write_text(path.read_text(encoding="utf-8").replace(f'msgid "{text}"', note), "utf-8")
    without = path.read_bytes()

    catalog.write_drafts(path, {}, matches={text: (MATCH,)})
    assert commented(path) == [
        "# mine: memory 3 %",
        "# translate: memory 84 % from stadt: Der Rat hat {+heute+} beschlossen.",
        "# translate: memory translation: The council decided.",
    ]
    shown = path.read_bytes()
    catalog.write_drafts(path, {}, matches={text: (MATCH,)})
    assert path.read_bytes() == shown

    catalog.write_drafts(path, {text: Draft("Decided.", Provenance("x", "y", "", ""))}, matches={})
    assert commented(path) == ["# mine: memory 3 %"]
    drafted = path.read_bytes()
    catalog.write_drafts(path, {}, matches={text: (MATCH,)}, redraft=True)
    assert catalog.load(path).translations[0].state is State.DRAFT
    assert len(commented(path)) == 3
    catalog.write_drafts(path, {}, matches={text: ()}, redraft=True)
    assert path.read_bytes() == drafted
    assert without != shown != drafted


def test_translators_read_what_they_need_first(tmp_path: Path) -> None:
    """How sure, findings, similar translations, and what only this tool reads at the end."""
    path = made(tmp_path / "a.po", "Eins")
    sure = replace(LLAMA, model="qwen3-8b-instruct-q4_k_m", confidence=69)
    drafts = {"Eins": Draft("Un", sure, ("A finding.",))}
    catalog.write_drafts(path, drafts, matches={"Eins": (MATCH,)})
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("# ")]
    assert [line[:24] for line in comments[-5:]] == [
        "# Machine draft, 69 % su",
        "# translate: check: A fi",
        "# translate: memory 84 %",
        "# translate: memory tran",
        "# translate: draft by ll",
    ]
    assert " llama qwen3-8b gl " in comments[-1]
    before = path.read_bytes()
    catalog.write_drafts(path, {}, matches={"Eins": (MATCH,)}, redraft=True)
    assert path.read_bytes() == before


def test_a_line_for_people_is_human_without_provenance(tmp_path: Path) -> None:
    """Whoever writes the same words keeps them; approving a draft removes the tool's."""
    path = made(tmp_path / "a.po", "Eins", "Zwei")
    catalog.write_drafts(path, {"Eins": Draft("Un", LLAMA)})
    edit(path, ('msgid "Zwei"', '# Machine draft\nmsgid "Zwei"'))
    entries = file.parse_bytes(path, path.read_bytes()).text.entries
    one, two = (entry for entry in entries if entry.source)
    assert human_notes(one) == ()
    assert human_notes(two) == ("# Machine draft",)


def test_drafts_of_earlier_versions_are_not_rewritten(tmp_path: Path) -> None:
    """Their provenance comes first, and similar translations are added at the end."""
    path = made(tmp_path / "a.po", "Eins")
    catalog.write_drafts(path, {"Eins": Draft("Un", LLAMA)}, matches={"Eins": (MATCH,)})
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    last = next(n for n, line in enumerate(lines) if "draft by" in line)
    first = next(n for n, line in enumerate(lines) if line == "# Machine draft\n")
    lines[first] = lines.pop(last)
    path.write_text("".join(lines), encoding="utf-8")
    before = path.read_bytes()
    assert by_source(path)["Eins"].state is State.DRAFT
    catalog.write_drafts(path, {}, matches={"Eins": (MATCH,)}, redraft=True)
    assert path.read_bytes() == before
    catalog.write_drafts(path, {}, matches={"Eins": ()}, redraft=True)
    assert "memory" not in path.read_text(encoding="utf-8")


def test_what_a_human_began_gets_no_comment(tmp_path: Path) -> None:
    """Touched and approved entries keep every byte."""
    path = tmp_path / "a.po"
    catalog.sync(path, "en", [Message("Eins."), Message("Zwei.")], project="x")
    text = path.read_text(encoding="utf-8").replace('"Eins."\nmsgstr ""', '"Eins."\nmsgstr "One."')
    text = text.replace('msgid "Zwei."\nmsgstr ""', '#, fuzzy\nmsgid "Zwei."\nmsgstr "Two?"')
    path.write_text(text, encoding="utf-8")
    before = path.read_bytes()
    catalog.write_drafts(path, {}, matches={"Eins.": (MATCH,), "Zwei.": (MATCH,)}, redraft=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "flags"),
    [
        ("#, no-wrap, ignore-names", {"no-wrap", "ignore-names"}),
        ("# translate: ignore-names", {"ignore-names"}),
        (
            "#  translate: ignore-names, ignore-end-punctuation",
            {"ignore-names", "ignore-end-punctuation"},
        ),
        ("# translate: ignore-names\n#, no-wrap", {"ignore-names", "no-wrap"}),
        ("# translate: ignore-names here", set()),
        ("# ignore-names", set()),
        ("# translate: draft by x, text 1", set()),
    ],
)
def test_a_comment_can_silence_a_check(tmp_path: Path, line: str, flags: set[str]) -> None:
    """msgcat and Poedit drop unknown flags but keep comments."""
    path = tmp_path / "a.po"
    path.write_text(f'{line}\nmsgid "Ja"\nmsgstr "Yes"\n', encoding="utf-8")
    (found,) = catalog.load(path).translations
    assert found.flags == flags
    subprocess.run(["msgcat", "-o", str(path), str(path)], check=True)
    (kept,) = catalog.load(path).translations
    assert ("ignore-names" in kept.flags) == ("translate: ignore-names" in line and bool(flags))


def test_new_references_are_no_revision(tmp_path: Path) -> None:
    """A renamed article changes no date of the translation."""
    path = tmp_path / "a.po"
    header = 'msgid ""\nmsgstr "PO-Revision-Date: 2020-01-01 00:00+0000\\n"\n\n'
    path.write_text(header + '#: a.txt:1\nmsgid "Haus"\nmsgstr "house"\n', encoding="utf-8")
    rename_references(path, "a.txt", "b.txt")
    text = path.read_text(encoding="utf-8")
    assert text == header + '#: b.txt:1\nmsgid "Haus"\nmsgstr "house"\n'
