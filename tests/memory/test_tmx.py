"""TMX files: round trips, files of other tools, hostile input."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.errors import TmxError
from pipeline.memory import tmx
from pipeline.memory.tmx import TmxUnit

HEADER = (
    '<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" '
    'adminlang="en" srclang="de" datatype="plaintext"/>'
)


def tmx_file(folder: Path, *units: str, head: str = "", version: str = "1.4") -> Path:
    path = folder / "a.tmx"
    text = f'{head}<tmx version="{version}">{HEADER}<body>{"".join(units)}</body></tmx>'
    path.write_text(text, encoding="utf-8")
    return path


def tu(source: str, target: str, code: str = "en", german: str = "de", rest: str = "") -> str:
    return (
        f'<tu>{rest}<tuv xml:lang="{german}"><seg>{source}</seg></tuv>'
        f'<tuv xml:lang="{code}"><seg>{target}</seg></tuv></tu>'
    )


def pairs(path: Path, language: str = "en") -> list[tuple[str, str]]:
    return [(unit.source, unit.target) for unit in tmx.read_tmx(path, language)]


TEXT = st.text(
    st.one_of(st.sampled_from(" \t\n\r<>&\"']]>äß\u00a0\u2028\ufeff😀"), st.characters()),
    min_size=1,
    max_size=30,
)
UNIT = st.builds(TmxUnit, TEXT, TEXT, TEXT | st.just(""), TEXT | st.just(""), TEXT | st.just(""))


@settings(max_examples=60, deadline=None)
@given(st.lists(UNIT, max_size=6), st.sampled_from(["en", "pt_BR"]))
def test_units_come_back(
    tmp_path_factory: pytest.TempPathFactory, units: list[TmxUnit], language: str
) -> None:
    """Each unit that XML can represent survives, with its neighbours."""
    written = [u for u in units if tmx.is_writable(u) and u.source.strip() and u.target.strip()]
    path = tmp_path_factory.mktemp("tmx") / "a.tmx"
    rendered = "".join(tmx.render_tmx(written, language, "sentence"))
    path.write_bytes(rendered.encode())
    read = list(tmx.read_tmx(path, language))
    assert [(u.source, u.target) for u in read] == [(u.source, u.target) for u in written]
    for unit, back in zip(written, read, strict=True):
        for name in ("before", "after", "origin"):
            value = getattr(unit, name)
            kept = value if tmx.is_writable(TmxUnit(value, "")) else ""
            assert getattr(back, name) == kept


def test_the_file_has_what_the_format_demands() -> None:
    """All attributes that TMX 1.4b requires; each element in its place."""
    units = [TmxUnit("Er kam.", "He came.", "Es war spät.", "", "bruecke")]
    text = "".join(tmx.render_tmx(units, "en", "paragraph"))
    root = ElementTree.fromstring(text.encode())
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    header, body = root
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang"}
    assert required | {"datatype"} <= header.attrib.keys()
    assert header.get("segtype") == "paragraph"
    (unit,) = body
    assert [child.tag for child in unit] == ["prop", "prop", "tuv", "tuv"]
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [tuv.get(language) for tuv in unit.iter("tuv")] == ["de", "en"]
    # With properties of these names OmegaT would use the unit in one place only.
    assert not {prop.get("type") for prop in unit.iter("prop")} & {"file", "id", "prev", "next"}


OTHERS = [
    ("regions", tu("Ja.", "Yes.", "EN-GB", "de_AT"), "en", [("Ja.", "Yes.")]),
    ("the very region first", tu("Ja.", "Sim.", "pt-BR"), "pt_BR", [("Ja.", "Sim.")]),
    ("no region", tu("Ja.", "Sim.", "pt"), "pt_BR", [("Ja.", "Sim.")]),
    ("another region", tu("Ja.", "Sim.", "pt-PT"), "pt_BR", []),
    ("another language", tu("Ja.", "Oui.", "fr"), "en", []),
    ("not German", tu("Yes.", "Oui.", "fr", "en"), "fr", []),
    ("no text", tu(" ", "Yes.") + tu("Ja.", "") + tu("Ja.", "Yes."), "en", [("Ja.", "Yes.")]),
    (
        "codes of other tools",
        tu('<bpt i="1">&lt;b&gt;</bpt>Ja<ept i="1">&lt;/b&gt;</ept>.', 'Y<ph x="1">{0}</ph>es.'),
        "en",
        [("<b>Ja</b>.", "Y{0}es.")],
    ),
    ("text in a code", tu("Ja<ph>[<sub>nein</sub>]</ph>.", "Yes."), "en", [("Ja[nein].", "Yes.")]),
    ("codes without content", tu('<ph x="1"/>Ja.', "Yes<ut/>."), "en", [("Ja.", "Yes.")]),
    ("a code that only one side has", tu('<ph x="1"/>Ja.', "Yes."), "en", []),
    ("highlighted text", tu("<hi>Ja</hi>.", "Yes."), "en", [("Ja.", "Yes.")]),
    (
        "the target first",
        '<tu><tuv xml:lang="en"><seg>Yes.</seg></tuv><tuv xml:lang="de"><seg>Ja.</seg></tuv></tu>',
        "en",
        [("Ja.", "Yes.")],
    ),
    (
        "TMX 1.1",
        '<tu><tuv lang="DE"><seg>Ja.</seg></tuv><tuv lang="EN"><seg>Yes.</seg></tuv></tu>',
        "en",
        [("Ja.", "Yes.")],
    ),
    (
        "notes and properties of a variant",
        '<tu><note>n</note><tuv xml:lang="de"><prop type="prev">x</prop><note>n</note>'
        '<seg>Ja.</seg></tuv><tuv xml:lang="en"><seg>Yes.</seg></tuv></tu>',
        "en",
        [("Ja.", "Yes.")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "language", "expected"), [o[1:] for o in OTHERS], ids=[o[0] for o in OTHERS]
)
def test_what_others_write(
    tmp_path: Path, unit: str, language: str, expected: list[tuple[str, str]]
) -> None:
    """Regions, orders, codes and old versions of other tools."""
    assert pairs(tmx_file(tmp_path, unit), language) == expected


def test_neighbours_as_omegat_has_them(tmp_path: Path) -> None:
    """The properties `prev` and `next` are the neighbours."""
    props = '<prop type="prev">Davor.</prop><prop type="next">Danach.</prop>'
    (unit,) = tmx.read_tmx(tmx_file(tmp_path, tu("Ja.", "Yes.", rest=props)), "en")
    assert (unit.before, unit.after) == ("Davor.", "Danach.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """The declared encoding is used, or that of the byte order mark."""
    name = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}.get(encoding, encoding)
    head = f'<?xml version="1.0" encoding="{name}"?>'
    path = tmx_file(tmp_path, tu("Größe", "Size"), head=head)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert pairs(path) == [("Größe", "Size")]


BOMB = '<!DOCTYPE tmx [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]>'
DTD = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'


@pytest.mark.parametrize(
    ("head", "text", "message"),
    [
        (BOMB, "&b;", "entity"),
        (OUTSIDE, "&x;", "entity"),
        (PARAMETER, "Ja.", "entity"),
        (DTD, "&nbsp;Ja.", "entity"),
        ("", "&nbsp;Ja.", "broken XML"),
        ("", "<b>Ja.", "broken XML"),
        ("<?xml version='1.0' encoding='x-none'?>", "Ja.", "encoding"),
    ],
    ids=["bomb", "file", "parameter", "undefined in a DTD", "undefined", "not closed", "encoding"],
)  # fmt: skip
def test_hostile_and_broken_files(tmp_path: Path, head: str, text: str, message: str) -> None:
    """Entities are refused; broken XML is reported with file and line."""
    path = tmx_file(tmp_path, tu(text, "Yes."), head=head)
    with pytest.raises(TmxError, match=message) as error:
        pairs(path)
    assert error.value.message.startswith(f"{path}:")
    assert error.value.hint


def test_files_that_are_no_tmx(tmp_path: Path) -> None:
    """Other XML files, missing files and empty files have different errors."""
    path = tmp_path / "a.tmx"
    with pytest.raises(TmxError, match="no such file"):
        pairs(path)
    path.write_text("<xliff/>", encoding="utf-8")
    with pytest.raises(TmxError, match="not a TMX file, but <xliff>"):
        pairs(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(TmxError, match="broken XML: no element found"):
        pairs(path)
