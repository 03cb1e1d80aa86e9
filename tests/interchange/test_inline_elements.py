"""Inline elements of translation tools: kept as text, reported, or refused; never dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import interchange
from pipeline.catalog import catalog
from pipeline.core.types import State
from pipeline.interchange.document import revision_hash, unit_name
from pipeline.interchange.roundtrip import ImportResult

Maker = Callable[..., str]
MISSING = revision_hash("", approved=False)
NOT_IN_GERMAN = "which the German does not have; not imported"


def xliff12(german: str, source: str, target: str, revision: str = MISSING) -> str:
    return (
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
        '<file original="source_de/a.txt" source-language="de" target-language="en"'
        f' datatype="plaintext"><body><trans-unit id="{unit_name(None, german)}-{revision}">'
        f'<source>{source}</source><target state="final">{target}</target></trans-unit>'
        "</body></file></xliff>"
    )


def xliff20(german: str, source: str, target: str, revision: str = MISSING) -> str:
    segment = source
    if not source.startswith("<segment"):
        segment = (
            f'<segment state="final"><source>{source}</source><target>{target}</target></segment>'
        )
    return (
        '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="de"'
        ' trgLang="en"><file id="f" original="source_de/a.txt">'
        f'<unit id="{unit_name(None, german)}-{revision}"><originalData><data id="b">&lt;b&gt;'
        '</data><data id="/b">&lt;/b&gt;</data><data id="br">&lt;br/&gt;</data></originalData>'
        f"{segment}</unit></file></xliff>"
    )


def imported(
    folder: Path, text: str, german: str, target: str = ""
) -> tuple[str, State, ImportResult]:
    """Import a file into a catalog with one entry; return the entry and the result."""
    po, file = folder / "a.po", folder / "a.xlf"
    quoted = (value.replace('"', '\\"') for value in (german, target))
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "{}"\nmsgstr "{}"\n'.format(*quoted),
        encoding="utf-8",
    )
    file.write_text(text, encoding="utf-8")
    (document,) = interchange.read_documents(file)
    result = interchange.import_document(po, document, file)
    (entry,) = catalog.load(po).translations
    return entry.target, entry.state, result


REFUSED = [
    (xliff12, "Der Rat", 'The <g id="1">council</g>', "<g>"),
    (xliff12, "Der Rat", 'The council<x id="1"/>', "<x>"),
    (xliff12, "Der Rat", '<bpt id="1"/>The council<ept id="1"/>', "<bpt>"),
    (xliff12, "Der Rat", '<bx id="1"/>The council<ex id="1"/>', "<bx>"),
    (xliff12, "Der Rat", 'The <bpt id="1">{\\b </bpt>council<ept id="1">}</ept>', "code '{"),
    (xliff12, "Der Rat", 'The <ph id="1">&lt;br/&gt;</ph>council', "'<br/>'"),
    (xliff12, "Der Rat", 'The council<it id="1" pos="open">&lt;b&gt;</it>', "'<b>'"),
    (xliff12, "Der Rat", 'The council<x id="1" equiv-text="{0}"/>', "'{0}'"),
    (xliff12, "Der Rat", 'The <mrk mtype="x-sdl-deleted">old </mrk>council', "<mrk>"),
    (xliff12, "Der Rat", 'The <mrk mtype="x-sdl-deleted" comment="no">old </mrk>council', "<mrk>"),
    (xliff12, "Der Rat", '<mrk mtype="term">The council</mrk>', "<mrk>"),
    (xliff12, "Der Rat", 'The council<x id="c1" ctype="x-cp-110000"/>', "<x>"),
    (xliff12, "Der Rat", 'The council<x id="c1" ctype="x-cp-0000"/>', "<x>"),
    (xliff12, "Der Rat", 'The council<x id="c1" ctype="x-cp-D800"/>', "<x>"),
    (xliff12, "Der Rat", 'The <other xmlns="urn:other">council</other>', "<other>"),
    (xliff12, "Der Rat", '<x id="1"/>', "<x>"),
    (xliff12, 'Der <g id="1">Rat</g>', 'The <g id="2">council</g>', "<g>"),
    (xliff12, 'Der <g id="1">Rat</g>', '<g id="1">The</g> <g id="1">council</g>', "<g>"),
    (xliff20, "Der Rat", 'The <pc id="1">council</pc>', "<pc>"),
    (xliff20, "Der Rat", 'The council<ph id="1"/>', "<ph>"),
    (xliff20, "Der Rat", 'The council<ph id="1" dataRef="br"/>', "'<br/>'"),
    (xliff20, "Der Rat", 'The council<ph id="1" dataRef="gone"/>', "<ph>"),
    (xliff20, "Der Rat", '<sc id="1"/>The council<ec startRef="1"/>', "<sc>"),
    (xliff20, "Der Rat", 'The <mrk id="1" type="term">council</mrk>', "<mrk>"),
    (xliff20, "Der Rat", 'The <mrk id="1" translate="no">council</mrk>', "<mrk>"),
    (xliff20, "Der Rat", 'The council<cp hex="D800"/>', "<cp>"),
    (xliff20, "Der Rat", 'The council<cp hex="0000"/>', "<cp>"),
    (xliff20, "Der Rat", 'The council<cp hex="zz"/>', "<cp>"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "source", "target", "named"), REFUSED)
def test_an_element_that_the_german_does_not_have_is_refused(
    make: Maker, source: str, target: str, named: str, tmp_path: Path
) -> None:
    """The entry stays empty, and the report names the element and the line."""
    found, state, result = imported(tmp_path, make("Der Rat", source, target), "Der Rat")
    assert (found, state, result.written) == ("", State.MISSING, 0)
    (problem,) = result.problems
    assert named in problem.message
    assert NOT_IN_GERMAN in problem.message
    assert problem.line == 1


BOTH = [
    (xliff12, '<g id="1">Der Rat</g>', '<g id="1">The council</g>', "<g>"),
    (xliff12, 'Der Rat<x id="1"/>', 'The council<x id="1"/>', "<x>"),
    (xliff12, '<mrk mtype="term">Der Rat</mrk>', '<mrk mtype="term">The council</mrk>', "<mrk>"),
    (xliff12, '<bpt id="1"/>Der Rat<ept id="1"/>', '<bpt id="1"/>The council<ept id="1"/>',
     "<bpt>"),
    (xliff20, '<pc id="1">Der Rat</pc>', '<pc id="1">The council</pc>', "<pc>"),
    (xliff20, 'Der Rat<ph id="1"/>', 'The council<ph id="1"/>', "<ph>"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "source", "target", "named"), BOTH)
def test_an_element_of_both_texts_is_reported_and_not_approved(
    make: Maker, source: str, target: str, named: str, tmp_path: Path
) -> None:
    """It stands for nothing in the article, but somebody should look at it."""
    found, state, result = imported(tmp_path, make("Der Rat", source, target), "Der Rat")
    assert (found, state, result.written) == ("The council", State.TOUCHED, 1)
    (problem,) = result.problems
    assert f"{named} in the file is not in the catalog; imported without approval" in (
        problem.message
    )


@pytest.mark.parametrize(("make", "source", "target", "named"), BOTH)
def test_an_element_around_an_unchanged_translation_changes_nothing(
    make: Maker, source: str, target: str, named: str, tmp_path: Path
) -> None:
    """An approved entry stays approved."""
    revision = revision_hash("The council", approved=True)
    text = make("Der Rat", source, target, revision)
    found, state, result = imported(tmp_path, text, "Der Rat", "The council")
    assert (found, state) == ("The council", State.APPROVED)
    assert (result.written, result.unchanged, result.problems) == (0, 1, ())


BOLD, BOLD_EN = "Der <b>Rat</b>", "The <b>council</b>"
KEPT = [
    (xliff12, BOLD, 'Der <bpt id="1">&lt;b&gt;</bpt>Rat<ept id="1">&lt;/b&gt;</ept>',
     'The <bpt id="1">&lt;b&gt;</bpt>council<ept id="1">&lt;/b&gt;</ept>', BOLD_EN),
    (xliff12, BOLD, 'Der <ph id="1">&lt;b&gt;</ph>Rat<ph id="2">&lt;/b&gt;</ph>',
     '<ph id="1">&lt;b&gt;</ph>Council<ph id="2">&lt;/b&gt;</ph>', "<b>Council</b>"),
    (xliff12, BOLD, 'Der <x id="1" equiv-text="&lt;b&gt;"/>Rat<x id="2" equiv-text="&lt;/b&gt;"/>',
     'The <x id="1" equiv-text="&lt;b&gt;"/>council<x id="2" equiv-text="&lt;/b&gt;"/>', BOLD_EN),
    (xliff12, BOLD, escape(BOLD), 'The <ph id="9">&lt;b&gt;</ph>council&lt;/b&gt;', BOLD_EN),
    (xliff12, BOLD, 'Der <it id="1" pos="open">&lt;b&gt;</it>Rat&lt;/b&gt;', "The council",
     "The council"),
    (xliff12, "Der Rat", '<mrk mtype="seg" mid="0">Der Rat</mrk>',
     '<mrk mtype="seg" mid="0">The council</mrk>', "The council"),
    (xliff20, BOLD, 'Der <pc id="1" dataRefStart="b" dataRefEnd="/b">Rat</pc>',
     'The <pc id="1" dataRefStart="b" dataRefEnd="/b">council</pc>', BOLD_EN),
    (xliff20, BOLD, 'Der <sc id="1" dataRef="b"/>Rat<ec startRef="1" dataRef="/b"/>',
     'The <sc id="1" dataRef="b"/>council<ec startRef="1" dataRef="/b"/>', BOLD_EN),
    (xliff20, BOLD, 'Der <ph id="1" equiv="&lt;b&gt;"/>Rat<ph id="2" dataRef="/b"/>',
     'The <ph id="1" equiv="&lt;b&gt;"/>council<ph id="2" dataRef="/b"/>', BOLD_EN),
    (xliff20, "Er. Sie.", '<segment state="final"><source>Er.</source><target order="3">He.'
     "</target></segment><ignorable><source> </source></ignorable>"
     '<segment state="final"><source>Sie.</source><target order="1">She.</target></segment>', "",
     "She. He."),
]  # fmt: skip


@pytest.mark.parametrize(("make", "german", "source", "target", "expected"), KEPT)
def test_markup_that_a_tool_made_elements_of_is_text_again(
    make: Maker, german: str, source: str, target: str, expected: str, tmp_path: Path
) -> None:
    """The elements contain the markup of the German, so nothing is lost."""
    found, state, result = imported(tmp_path, make(german, source, target), german)
    assert (found, state, result.problems) == (expected, State.APPROVED, ())


def test_elements_of_another_german_are_refused(tmp_path: Path) -> None:
    """The German in the file decides whether its codes are those of the catalog."""
    text = xliff12(BOLD, 'Der <g id="1">Rat</g>', 'The <g id="1">council</g>')
    found, _, result = imported(tmp_path, text, BOLD)
    (problem,) = result.problems
    assert (found, result.written) == ("", 0)
    assert "its German was changed" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        xliff12("Er. Sie.", "Er. Sie.", '<mrk mtype="seg">He.</mrk> <mrk mtype="seg"> </mrk>'),
        xliff20(
            "Er. Sie.",
            '<segment state="final"><source>Er.</source><target>He.</target></segment>'
            "<ignorable><source> </source></ignorable>"
            '<segment state="final"><source>Sie.</source></segment>',
            "",
        ),
    ],
)
def test_a_translation_without_one_of_its_segments_is_not_approved(
    text: str, tmp_path: Path
) -> None:
    """The state of the other segments does not count for the one that is missing."""
    found, state, _ = imported(tmp_path, text, "Er. Sie.")
    assert (found.strip(), state) == ("He.", State.TOUCHED)


@pytest.mark.parametrize(
    ("make", "target"),
    [
        (xliff12, 'The <mrk mtype="x-comment" comment="Which one?">council</mrk>'),
        (xliff20, 'The <mrk id="1" type="comment" value="Which one?">council</mrk>'),
        (xliff20, 'The <sm id="1" type="comment" value="Which one?"/>council<em startRef="1"/>'),
    ],
)
def test_a_comment_on_a_word_becomes_a_comment_of_the_entry(
    make: Maker, target: str, tmp_path: Path
) -> None:
    """The translator's question is not lost."""
    found, state, result = imported(tmp_path, make("Der Rat", "Der Rat", target), "Der Rat")
    assert (found, state, result.problems) == ("The council", State.APPROVED, ())
    assert "# Which one?\n" in (tmp_path / "a.po").read_text(encoding="utf-8")


NAMES = {
    xliff12: ("g", "x", "bx", "ex", "bpt", "ept", "ph", "it", "mrk", "sub"),
    xliff20: ("pc", "ph", "sc", "ec", "cp", "mrk", "sm"),
}


@st.composite
def marked(draw: st.DrawFn, names: tuple[str, ...]) -> str:
    """Words with elements that were never in the German."""
    parts = draw(st.lists(st.sampled_from(["The", " ", "council", "&lt;b&gt;"]), max_size=4))
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=4)):
        number = draw(st.sampled_from([' id="7"', ' mid="7"', ' type="x"', ' mtype="x"', ""]))
        inner = draw(st.sampled_from(["", "text", '<ph id="8"/>']))
        place = draw(st.integers(0, len(parts)))
        parts.insert(place, f"<{name}{number}>{inner}</{name}>")
    return "".join(parts)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(list(NAMES)))
def test_no_element_is_ever_dropped(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, make: Maker
) -> None:
    """Any element that the German does not have is reported, and nothing is written."""
    target = data.draw(marked(NAMES[make]))
    text = make("Der Rat", "Der Rat", target)
    found, state, result = imported(tmp_path_factory.getbasetemp(), text, "Der Rat")
    assert (found, state, result.written) == ("", State.MISSING, 0)
    assert len(result.problems) == 1
