"""Two versions of a catalog are merged without losing a word of either."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog.merge import MergeResult, merge_catalogs
from pipeline.catalog.po.editing import quote_line
from pipeline.catalog.po.parser import Entry, PoText, parse_po
from pipeline.catalog.po.wrapping import format_field
from pipeline.catalog.provenance import text_digest
from pipeline.catalog.state import entry_state
from pipeline.core.types import State

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "catalogs").glob("*.po"))
HEADER = """# Harbour.
msgid ""
msgstr ""
"PO-Revision-Date: 2024-03-01 10:00+0100\\n"
"Last-Translator: Anne\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""


def made(*entries: str, header: str = HEADER) -> str:
    return "\n".join([header, *filter(None, entries)])


def one(target: str = "", *comments: str, source: str = "Haus", obsolete: bool = False) -> str:
    mark = "#~ " if obsolete else ""
    lines = [*comments, *format_field("msgid", source, mark), *format_field("msgstr", target, mark)]
    return "".join(f"{line}\n" for line in lines)


def draft(target: str, *notes: str) -> str:
    origin = f"# translate: draft by llama, model small, text {text_digest(target)}"
    return one(target, *notes, origin, "#, fuzzy")


def merge(base: str | None, ours: str, theirs: str) -> MergeResult:
    old = parse_po(base) if base is not None else None
    return merge_catalogs(old, parse_po(ours), parse_po(theirs))


def find(done: MergeResult | PoText, source: str = "Haus") -> Entry:
    text = done.text if isinstance(done, MergeResult) else done
    return next(entry for entry in text.entries if entry.source == source)


NOTE = "# Anne: hm."
CLEAN = {
    # name: (base, ours, theirs, merged entry)
    "only we translated": (one(), one("house"), one(), one("house")),
    "only they translated": (one(), one(), one("house"), one("house")),
    "both the same": (one(), one("house"), one("house"), one("house")),
    "they approved a draft": (draft("h"), draft("h"), one("h"), one("h")),
    "we approved, they drafted": (one(), one("house"), draft("h"), one("house")),
    "we drafted, they translated": (one(), draft("h"), one("house"), one("house")),
    "we drew the draft again, they approved it": (draft("h"), draft("x"), one("h"), one("h")),
    "both drafted": (one(), draft("h"), draft("x"), draft("h")),
    "we emptied it, they corrected it": (one("h"), one(), one("house"), one("house")),
    "we approved, they left it fuzzy": (one("h", "#, fuzzy"), one("x"), one("x", "#, fuzzy"),
                                        one("x")),
    "they took the approval back": (one("h"), one("x"), one("x", "#, fuzzy"),
                                    one("x", "#, fuzzy")),
    "a text of ours and a note of theirs": (one(), one("house"), one("", NOTE),
                                            one("house", NOTE)),
    "a note of ours and a text of theirs": (one(), one("", NOTE), one("house"),
                                            one("house", NOTE)),
    "our text, their draft and their note": (one(), one("house"), draft("h", NOTE),
                                             one("house", NOTE)),
    "our draft and our note, their text": (one(), draft("h", NOTE), one("house"),
                                           one("house", NOTE)),
    "a note on either draft": (draft("h"), draft("h", NOTE), draft("x", "# Ben"),
                               draft("x", NOTE, "# Ben")),
    "the same note twice": (one(), one("", NOTE), one("x", f"{NOTE} "), one("x", NOTE)),
    "a note that both had": (one("", NOTE), one("house", NOTE), one("", NOTE, "# Ben"),
                             one("house", NOTE, "# Ben")),
    "we removed it, they wrote a note": (one("h"), "", one("h", NOTE),
                                         one("h", NOTE, obsolete=True)),
    "they removed it, we wrote a note": (one(), one("", NOTE), "", one("", NOTE, obsolete=True)),
    "they removed it, with our note of old": (one("h", NOTE), one("h", NOTE), "", ""),
    "we made it obsolete, they wrote a note": (one("h"), one("h", obsolete=True), one("h", NOTE),
                                               one("h", NOTE, obsolete=True)),
    "two notes": (one(), one("", NOTE), one("", "# Ben"), one("", NOTE, "# Ben")),
    "a note taken out, another put in": (one("", NOTE), one(""), one("", NOTE, "# Ben"),
                                         one("", "# Ben")),
    "flags of both": (one("", "#, a"), one("", "#, a, b"), one("", "#, c"), one("", "#, b, c")),
    "references of both": (one("", "#: a:1"), one("", "#: a:2"), one("x", "#: a:1 b:7"),
                           one("x", "#: a:2 b:7")),
    "comments of the program": (one("", "#. p 1"), one("", "#. p 2"), one("x", "#. p 1"),
                                one("x", "#. p 2")),
    "we made it obsolete, they corrected it": (one("h"), one("h", obsolete=True), one("house"),
                                               one("house", obsolete=True)),
    "it came back with them": (one("h", obsolete=True), one("x", obsolete=True), one("h"),
                               one("x")),
    "we removed it, they approved its draft": (draft("h"), "", one("h", "#: a:1"),
                                               one("h", obsolete=True)),
    "we removed it, they drew a draft again": (draft("h"), "", draft("x"), ""),
    "they removed it, we did nothing": (one("h"), one("h"), "", ""),
    "what it was made for": (one(), one("", NOTE), one("x", "#, fuzzy", '#| msgid "Hausbau"'),
                             one("x", NOTE, "#, fuzzy", '#| msgid "Hausbau"')),
}  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "wanted"), CLEAN.values(), ids=CLEAN)
def test_an_entry_is_merged(base: str, ours: str, theirs: str, wanted: str) -> None:
    """Changes of one side are kept, and changes of both that do not conflict."""
    other = one("other", source="x")
    done = merge(*(made(text, other) for text in (base, ours, theirs)))
    entries = [entry.raw.lstrip("\n") for entry in done.text.entries[1:]]
    assert sorted(entries) == sorted(filter(None, (wanted, other)))
    assert done.conflicts == ()


def test_two_humans_who_disagree_are_both_kept() -> None:
    """Our text stays, fuzzy but not a draft, and comments quote both."""
    base = made(draft("h"))
    approved = base.replace("#, fuzzy\n", "")  # the provenance comment is still there
    theirs = made(one('a "house"\nfor us', NOTE, "#, fuzzy"))
    done = merge(base, approved, theirs)
    entry = find(done)
    assert entry.targets == ("h",)
    assert entry_state(entry) is State.TOUCHED
    assert entry.comments == (
        NOTE,
        '# translate: conflict: ours: "h"',
        '# translate: conflict: theirs, fuzzy: "a \\"house\\"\\nfor us"',
        "#, fuzzy",
    )
    (conflict,) = done.conflicts
    assert done.text.render().split("\n")[conflict.line - 1] == 'msgid "Haus"'


def test_notes_of_two_new_entries_are_both_kept() -> None:
    """Both sides add the same text, each with a translator comment."""
    done = merge(None, made(one("", NOTE)), made(one("house", "# Ben")))
    assert find(done).notes == (NOTE, "# Ben")
    done = merge(made(), made(one("house", NOTE)), made(one("home", "# Ben")))
    assert find(done).notes[:2] == (NOTE, "# Ben")
    assert len(done.conflicts) == 1


def test_comments_of_the_header_are_united() -> None:
    """Comments that a side added stay, those that a side removed go."""
    ours = HEADER.replace("# Harbour.\n", "# Harbour.\n# Anne, 2024.\n")
    theirs = HEADER.replace("# Harbour.\n", "# Ben, 2024.\n").replace("-03-01", "-03-02")
    done = merge(made(), made(header=ours), made(header=theirs))
    assert done.text.entries[0].notes == ("# Anne, 2024.", "# Ben, 2024.")
    assert done.conflicts == ()


def test_forms_of_a_plural_are_quoted_one_by_one() -> None:
    """A conflict in one plural form quotes all forms."""
    text = 'msgid "Haus"\nmsgid_plural "Häuser"\nmsgstr[0] "{}"\nmsgstr[1] "{}"\n'
    done = merge(*(made(text.format(*two)) for two in (("", ""), ("a", "b"), ("a", ""))))
    assert len(done.conflicts) == 1  # an empty plural form left by a human is not a draft
    assert [n for n in find(done).notes if "theirs[1]" in n]


def test_headers_are_merged_field_by_field() -> None:
    """The later dates and the last translator win; foreign fields stay."""
    ours = HEADER.replace("2024-03-01", "2024-03-05").replace("Anne", "Ben")
    theirs = HEADER.replace("2024-03-01", "2024-03-04").replace("Anne", "Cleo")
    done = merge(made(), made(header=ours), made(header=theirs + '"X-House: no\\n"\n'))
    assert done.text.render() == made(header=ours + '"X-House: no\\n"\n')
    assert done.conflicts == ()


def test_fields_that_both_set_are_told() -> None:
    """A conflicting value is quoted, and the header does not become fuzzy."""
    sides = [made(header=HEADER + f'"X-House: {v}\\n"\n') for v in ("old", "ours", "theirs")]
    done = merge(*sides)
    header = done.text.entries[0]
    assert "X-House: ours\n" in header.targets[0]
    assert header.notes == ("# Harbour.", "# translate: conflict: theirs: X-House: theirs")
    assert header.flags == ()
    assert done.conflicts[0].source == ""


def test_an_article_that_changed_on_one_side_gives_the_order() -> None:
    """New entries follow their neighbours, obsolete ones are last."""
    a, b, c, d, e = (one(f"t{s}", source=s) for s in "abcde")
    dead = one("old", source="z", obsolete=True)
    base = made(a, b, c)
    done = merge(base, made(a, d, b, c, dead), made(c, e, b.replace("tb", "TB"), a))
    assert [e.source for e in done.text.entries] == ["", "c", "e", "b", "a", "d", "z"]
    assert find(done, "b").targets == ("TB",)
    done = merge(base, made(c, a, b), made(a, e, b, c))
    assert [e.source for e in done.text.entries] == ["", "c", "a", "e", "b"]


READABLE = [path for path in SAMPLES if path.stem not in ("by-hand-bom", "latin-1")]
"""msgcat refuses a byte order mark, and headers without the usual fields."""


@pytest.mark.parametrize("sample", READABLE, ids=lambda path: path.stem)
def test_the_layout_is_ours(sample: Path) -> None:
    """A file of theirs with other wrapping changes only the lines of its work."""
    ours = parse_po(sample.read_bytes().decode())
    target = "Le port s'agrandit"
    catted = subprocess.run(
        ["msgcat", "-t", "UTF-8", "-w", "40", sample], capture_output=True, check=True
    ).stdout.decode()
    theirs = catted.replace(target, "Le port !")
    done = merge_catalogs(parse_po(catted), ours, parse_po(theirs))
    assert done.conflicts == ()
    assert done.text.render() == ours.render().replace(target, "Le port !")


WORDS = st.sampled_from(["", "ein", "zwei", "drei", "vier \u2028 fünf", 'ein "Wort"\n'])
KINDS = st.sampled_from(["human", "fuzzy", "draft", "missing", "obsolete"])
COMMENTS = st.lists(st.sampled_from(["# Anne", "# Ben", "#", "#. p 1", "#: a:1", "#, x"]),
                    unique=True, max_size=3)  # fmt: skip
ENTRIES = st.tuples(KINDS, WORDS, COMMENTS)
CATALOGS = st.lists(st.tuples(st.sampled_from("abcdef"), ENTRIES), max_size=6,
                    unique_by=lambda pair: pair[0])  # fmt: skip


def written(pairs: list[tuple[str, tuple[str, str, list[str]]]]) -> str:
    entries = []
    for source, (kind, target, comments) in pairs:
        notes = sorted(comments, key=lambda c: ["#.", "#:", "#,"].index(c[:2])
                       if c[:2] in ("#.", "#:", "#,") else -1)  # fmt: skip
        if kind == "draft" and target:
            notes.insert(0, f"# translate: draft by x, text {text_digest(target)}")
        if kind in ("fuzzy", "draft"):
            notes = [n for n in notes if n != "#, x"] + ["#, fuzzy"]
        words = "" if kind == "missing" else target
        entries.append(one(words, *notes, source=source, obsolete=kind == "obsolete"))
    return made(*entries)


@settings(max_examples=150, deadline=None)
@given(CATALOGS, CATALOGS)
def test_one_sides_work_is_the_result(
    first: list[tuple[str, tuple[str, str, list[str]]]],
    second: list[tuple[str, tuple[str, str, list[str]]]],
) -> None:
    """merge(b, x, b) and merge(b, b, x) are x; merge(b, x, x) is x."""
    base, other = written(first), written(second)
    assert merge(base, other, base).text.render() == other
    assert merge(base, other, other).text.render() == other
    mine = merge(base, base, other)
    assert mine.text.render() == other
    assert mine.conflicts == ()


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.none(), CATALOGS), CATALOGS, CATALOGS)
def test_nothing_that_a_human_wrote_is_lost(
    first: list[tuple[str, tuple[str, str, list[str]]]] | None,
    second: list[tuple[str, tuple[str, str, list[str]]]],
    third: list[tuple[str, tuple[str, str, list[str]]]],
) -> None:
    """The result contains each text, comment and flag that a side added."""
    base = written(first) if first is not None else None
    ours, theirs = written(second), written(third)
    done = merge(base, ours, theirs)
    read = parse_po(done.text.render())  # the result can be parsed
    assert read.entries == done.text.entries or [e.raw for e in read.entries] == [
        e.raw for e in done.text.entries
    ]
    old = {e.source: e for e in parse_po(base).entries} if base else {}
    new = {e.source: e for e in read.entries}
    assert len(new) == len(read.entries)
    for side in (ours, theirs):
        for entry in parse_po(side).entries:
            before = old.get(entry.source)
            human = any(entry.targets) and entry_state(entry) is not State.DRAFT
            if human and (before is None or before.targets != entry.targets):
                kept = new[entry.source]
                quoted = "\n".join(kept.notes)
                assert (
                    entry.targets == kept.targets or quote_line("", entry.targets[0])[14:] in quoted
                )
            if before is None and entry.source in new:
                assert set(entry.notes) - set(new[entry.source].notes) <= {
                    n for n in entry.notes if "translate: draft" in n
                }
    for entry in done.conflicts:
        assert entry_state(new[entry.source]) in (State.TOUCHED, State.MISSING)


def test_gettext_reads_what_is_merged(tmp_path: Path) -> None:
    """msgfmt accepts the merged catalog."""
    path = next(path for path in SAMPLES if path.stem == "msgcat")
    text = path.read_text(encoding="utf-8")
    ours = text.replace("Le port s'agrandit", "Le port grandit")
    done = merge(text, ours, text.replace("Le port s'agrandit", "Un port"))
    (tmp_path / "a.po").write_text(done.text.render(), encoding="utf-8")
    assert shutil.which("msgfmt")
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", tmp_path / "a.po"], check=True)
