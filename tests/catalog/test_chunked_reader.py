"""A catalog read in chunks has the same entries as when it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog import catalog, chunked_reader
from pipeline.catalog.chunked_reader import CatalogChunk, ParsedChunk, has_unique_keys
from pipeline.core.errors import CatalogError
from pipeline.core.types import Translation

HEAD = 'msgid ""\nmsgstr ""\n"Language: %s\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
STRINGS = (
    '"Ja"', '""', '"„Nein“\\n"', '""\n"zwei "\n"Zeilen"', '"a \\"b\\" \\\\ c\\t"', '"\\303\\244"',
    '"a\\\\"\n"n"', '"# b"', '"\\a\\b\\f\\n\\r\\t\\v"',
)  # fmt: skip
COMMENTS = (
    "", "#: a.txt:3\n", "# say \"x\"\n", "#, fuzzy\n#| msgid \"alt\"\n", "#\n", "# x\n\n",
    "#. kind\n#: a:1 b:2\n", "# translate: ignore-numbers\n", "  # indented\n",
    "# translate: draft by llama, text 1\n",
)  # fmt: skip
GAPS = ("\n", "\n\n", "", " \n", "\r\n")


def entry(number: int, comment: str, source: str, target: str, kind: str, gap: str) -> str:
    context = f'msgctxt "{number}"\n'
    if kind == "plural":
        forms = f'msgid_plural "viele"\nmsgstr[0] {target}\nmsgstr[1] "many"\n'
        return f"{comment}{context}msgid {source}\n{forms}{gap}"
    lines = f"{context}msgid {source}\nmsgstr {target}\n"
    if kind == "obsolete":
        lines = "".join(f"#~ {line}\n" for line in lines.splitlines())
    if kind == "spaced":
        lines = lines.replace("msgstr", "\nmsgstr")
    return f"{comment}{lines}{gap}"


KINDS = st.sampled_from(["plain"] * 5 + ["plural", "obsolete", "spaced"])
ENTRY = st.tuples(
    st.sampled_from(COMMENTS), st.sampled_from(STRINGS), st.sampled_from(STRINGS), KINDS,
    st.sampled_from(GAPS),
)  # fmt: skip


def whole(path: Path) -> tuple[str, tuple[Translation, ...]] | str:
    try:
        loaded = catalog.load(path)
    except CatalogError as error:
        return error.message
    return loaded.language, loaded.translations


def in_parts(path: Path, size: int) -> tuple[str, tuple[Translation, ...]] | str:
    try:
        header, parts = chunked_reader.iter_chunks(path, size)
        contents = [found for part in parts if (found := part.contents())]
        if len(contents) < len(parts) or not has_unique_keys(one.keys for one in contents):
            header, parts = chunked_reader.parse_whole(path)
            contents = [found for part in parts if (found := part.contents())]
    except CatalogError as error:
        return error.message
    return header.language, tuple(one for found in contents for one in found.translations)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(ENTRY, max_size=12),
    size=st.integers(1, 200),
    language=st.sampled_from(["en", ""]),
    tail=st.sampled_from(["", "\n", "# the end", 'msgstr "x"', "junk"]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_stretches_have_the_entries_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str, str, str]],
    size: int,
    language: str,
    tail: str,
    mark: str,
) -> None:
    """Entries and errors are the same, wherever the catalog is split."""
    path = tmp_path_factory.mktemp("stretches") / "a.po"
    text = mark + HEAD % language + "".join(entry(n, *row) for n, row in enumerate(rows)) + tail
    path.write_bytes(text.encode())
    assert in_parts(path, size) == whole(path)


def test_a_large_catalog_is_cut(tmp_path: Path) -> None:
    """Chunks can be parsed in any order."""
    path = tmp_path / "a.po"
    texts = (entry(n, "", f'"Satz {n}"', f'"Sentence {n}"', "plain", "\n") for n in range(20_000))
    path.write_text(HEAD % "en" + "".join(texts), encoding="utf-8")
    header, parts = chunked_reader.iter_chunks(path)
    stretches = list(parts)
    assert header.language == "en"
    assert len(stretches) > 2
    assert all(isinstance(part, CatalogChunk) for part in stretches)
    contents = stretches[-1].contents()
    assert contents is not None
    last = contents.translations[-1]
    assert (last.target, last.line) == ("Sentence 19999", 6 + 4 * 19_999)


@pytest.mark.parametrize(
    "charset", ["ISO-8859-1", "UTF-16", "Shift_JIS", "unheard-of", "rot13", "a\0b"]
)
def test_any_charset(tmp_path: Path, charset: str) -> None:
    """Charsets in which an ASCII byte may be part of a character are not split."""
    path = tmp_path / "a.po"
    head = (HEAD % "en").replace("UTF-8", charset)
    texts = (entry(n, "", f'"Satz {n}"', f'"Text {n}"', "plain", "\n") for n in range(99))
    path.write_text(head + "".join(texts), encoding="ascii")
    assert in_parts(path, 100) == whole(path)


@pytest.mark.parametrize(
    "last",
    [
        'msgctxt "7"\nmsgid "Satz 7"\nmsgstr "again"\n',
        'msgid "Satz\nmsgstr "x"\n',
        'msgid "a"\nmsgid "b"\nmsgstr ""\n',
        'msgid "\\q"\nmsgstr ""\n',
        'msgid "\x00"\nmsgstr ""\n',
        'msgid ""\nmsgstr "Language: fr\\n"\n',
    ],
)
def test_a_damage_anywhere_refuses_the_whole(tmp_path: Path, last: str) -> None:
    """The message is that of `catalog.load`."""
    path = tmp_path / "a.po"
    texts = (entry(n, "", f'"Satz {n}"', f'"Text {n}"', "plain", "\n") for n in range(99))
    path.write_text(HEAD % "en" + "".join(texts) + last, encoding="utf-8")
    assert isinstance(whole(path), str)
    assert in_parts(path, 100) == whole(path)


def test_a_small_catalog_is_read_once(tmp_path: Path) -> None:
    """A small catalog is parsed as a whole, once."""
    path = tmp_path / "a.po"
    path.write_text(HEAD % "en" + entry(1, "", '"Ja"', '"Yes"', "plain", ""), encoding="utf-8")
    _, (part,) = chunked_reader.iter_chunks(path)
    assert isinstance(part, ParsedChunk)
    assert [one.target for one in part.contents().translations] == ["Yes"]


def test_a_catalog_that_changes_meanwhile_is_told(tmp_path: Path) -> None:
    """A change between splitting and parsing is an error."""
    path = tmp_path / "a.po"
    texts = (entry(n, "", f'"Satz {n}"', f'"Text {n}"', "plain", "\n") for n in range(99))
    path.write_text(HEAD % "en" + "".join(texts), encoding="utf-8")
    _, parts = chunked_reader.iter_chunks(path, 100)
    path.write_text(path.read_text(encoding="utf-8").replace("Text 98", "Text 8"), encoding="utf-8")
    with pytest.raises(CatalogError, match="changed while it was read"):
        [part.contents() for part in parts]
    path.unlink()
    with pytest.raises(CatalogError, match="changed while it was read"):
        [part.contents() for part in parts]
