"""Markup of articles in XLIFF: real inline elements, which come back as they were."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import interchange
from pipeline.catalog import catalog
from pipeline.core.types import State
from pipeline.interchange.document import InterchangeDocument, TransUnit, revision_hash, unit_name

STYLES = ("xliff", "xliff2")
GERMAN = "Ein <a1>Link</a1> und <a2>noch <b>einer</b></a2>, dazu <img> und <code>ls &lt;x></code>."
ENGLISH = "<a2><b>Another</b> link</a2> and a <a1>link</a1>, <code>ls &lt;x></code> and <img>."


def document(article: str, source: str, target: str) -> InterchangeDocument:
    revision = revision_hash(target, approved=False)
    unit = TransUnit(unit_name(None, source), revision, source, target, State.TOUCHED)
    return InterchangeDocument(article, "en", (unit,))


def rewritten(shown: InterchangeDocument, style: str, path: Path) -> TransUnit:
    path.write_bytes(interchange.render_document(shown, style))
    (found,) = interchange.read_documents(path)
    return found.units[0]


@pytest.mark.parametrize(
    ("style", "elements"),
    [
        ("xliff", "g g g x x / g g g x x"),
        ("xliff2", "pc pc pc ph ph / pc pc pc ph ph"),
    ],
)
def test_tags_are_elements_with_the_same_ids(style: str, elements: str) -> None:
    """A tool protects them, and matches those of the translation with those of the German."""
    shown = document("source_de/a.html", GERMAN, ENGLISH)
    root = ElementTree.fromstring(interchange.render_document(shown, style))
    texts = [e for e in root.iter() if e.tag.rpartition("}")[2] in ("source", "target")]
    names = [[e.tag.rpartition("}")[2] for e in text.iter()][1:] for text in texts]
    assert " / ".join(" ".join(sorted(each)) for each in names) == elements
    ids = [
        {e.get("id"): e.get("dataRefStart") or e.get("equiv-text") for e in t.iter()} for t in texts
    ]
    assert ids[0] == ids[1]
    assert "<a1>" not in "".join(texts[0].itertext())


@pytest.mark.parametrize("style", STYLES)
def test_markup_comes_back_as_it_was(style: str, tmp_path: Path) -> None:
    """HTML and Markdown; what nobody changed is unchanged."""
    for name, german, english in (
        ("a.html", GERMAN, ENGLISH),
        ("a.md", "Das **[Abkommen](1)** mit `code`.", "The `code` **[agreement](1)**."),
        ("a.txt", "5 < 7 und <b>kein</b> Tag", "5 < 7 and <b>no</b> tag"),
    ):
        unit = rewritten(document(f"source_de/{name}", german, english), style, tmp_path / "a.xlf")
        assert (unit.source, unit.target, unit.problem) == (german, english, "")


PIECES = ["<b>", "</b>", "<a1>", "</a1>", "<br>", "<x1/>", "Wort", "\x01", "\r", "<", "&amp;"]
PIECES += ["<code>x</code>", "<code>", "]]>", "<i/>", " ", "\n"]
TEXTS = st.lists(
    st.sampled_from(PIECES),
    min_size=1,
    max_size=12,
).map("".join)


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=60, deadline=None)
@given(texts=st.tuples(TEXTS, TEXTS))
def test_any_text_comes_back_as_it_was(
    style: str, texts: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also tags that cross, or that only one of the texts has."""
    german, english = texts
    path = tmp_path_factory.mktemp("x") / "a.xlf"
    unit = rewritten(document("source_de/a.html", german, english), style, path)
    assert (unit.source, unit.target) == (german, english)


def test_a_translator_moves_an_element(tmp_path: Path) -> None:
    """Tools may keep nothing but the id of an element in the translation."""
    po, file = tmp_path / "a.po", tmp_path / "a.xlf"
    german = "Ein <a1>Link</a1> und <a2>einer</a2><br>mehr"
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"'
    po.write_text(f'{header}\n\nmsgid "{german}"\nmsgstr ""\n', encoding="utf-8")
    shown = interchange.export_document(po, "source_de/a.html", "en")
    text = interchange.render_document(shown, "xliff").decode()
    target = 'One <g id="2">more</g><x id="3"/> and a <g id="1">link</g>'
    start = text.index("<target")
    end = text.index("</target>")
    moved = f'{text[:start]}<target state="final">{target}{text[end:]}'
    file.write_text(moved, encoding="utf-8")
    (read,) = interchange.read_documents(file)
    assert interchange.import_document(po, read, file).written == 1
    (entry,) = catalog.load(po).translations
    assert entry.target == "One <a2>more</a2><br> and a <a1>link</a1>"
    assert entry.state is State.APPROVED
