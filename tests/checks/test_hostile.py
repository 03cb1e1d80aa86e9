"""Files that are broken, cut off or meant to do harm: a clear line, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli.main import translate
from pipeline.core.errors import PipelineError
from pipeline.core.types import Term
from pipeline.glossary import formats
from tests.conftest import FIELDS

CATALOG = f"""# Übersetzer
msgid ""
msgstr ""
"Language: en\\n{FIELDS}Plural-Forms: nplurals=2; plural=n != 1;\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#: source_de/a.txt:3
#, fuzzy, ignore-numbers
#| msgid "Der Rat tagt"
msgctxt "Titel"
msgid "Der Rat tagt am Montag <b>mit</b> 3 Gästen."
msgstr "The council meets on Monday <b>with</b> 3 guests."

msgid "%d Tag"
msgid_plural "%d Tage"
msgstr[0] "%d day\\t\\303\\244"
msgstr[1] "%d "
"days"

#~ msgid "alt"
#~ msgstr "old"
""".encode()
GLOSSARY = (
    "source,target,status,case,forms,note\n"
    'Rat,council|board,,,"Räte|Rates",of a city\nRat,advice,forbidden,,,\nXi,,keep,exact,,\n'
).encode()
WEBLATE = (
    "source,target,context,translator_comments\nRat,council,,\nÄlteste,elders,keep,x\n".encode()
)
TBX = formats.render_termbase(
    Path("a.tbx"), (Term("Rat", ("council", "board"), note="a & b"), Term("Öl", ("oil",))), "en"
)
# What breaks readers: quotes, escapes, separators, marks of encodings, other scripts' bytes.
SPLINTERS = [
    b'"', b"\\", b"\n", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xe2\x80\xa8",
    b"msgid", b"msgstr[9] ", b"#~ ", b"#, fuzzy\n", b'"Content-Type: text/plain; charset=hex\\n"\n',
    b"\\x", b"\\777", b"|", b",,,,", b'"a', b"<", b"</tig>", b"<!ENTITY a 'b'>", b"&a;", b"&#0;",
    b'encoding="x"', b"]]>", b"]]", b";",
]  # fmt: skip


def spoiled(data: bytes) -> st.SearchStrategy[bytes]:
    """A file with some stretches cut out, replaced or put in, or the end cut off."""
    place = st.integers(0, len(data))
    piece = st.sampled_from(SPLINTERS) | st.binary(max_size=4)

    def apply(edits: list[tuple[int, int, bytes]], end: int) -> bytes:
        made = data
        for start, length, new in edits:
            made = made[:start] + new + made[start + length :]
        return made[:end]

    edits = st.lists(st.tuples(place, st.integers(0, 20), piece), max_size=3)
    return st.builds(apply, edits, place | st.just(10**6))


def outcome(*words: str) -> int:
    """Run the command as `main` does: its exit code; anything but a clear line is a failure."""
    result = CliRunner().invoke(translate, list(words))
    error = result.exception
    if isinstance(error, PipelineError):
        assert error.message
        assert "\n" not in error.message
        return 3
    assert error is None or isinstance(error, SystemExit), repr(error)
    return result.exit_code


COMMANDS: list[tuple[str, bytes, tuple[str, ...]]] = [
    ("a.po", CATALOG, ("check", "-v")),
    ("de-en.csv", GLOSSARY, ("glossary", "lint")),
    ("a.csv", WEBLATE, ("glossary", "import", "--lang", "en", "-o", "-")),
    ("a.tbx", TBX, ("glossary", "import", "--lang", "en", "-o", "-")),
]


@pytest.mark.parametrize(("name", "data", "words"), COMMANDS, ids=[c[0] for c in COMMANDS])
def test_what_they_spoil_is_sound(
    tmp_path: Path, name: str, data: bytes, words: tuple[str, ...]
) -> None:
    """Or the tests below would spoil nothing."""
    (tmp_path / name).write_bytes(data)
    assert outcome(*words, str(tmp_path / name)) == 0


@pytest.mark.parametrize(("name", "data", "words"), COMMANDS, ids=[c[0] for c in COMMANDS])
def test_a_file_cut_off_anywhere_gets_a_clear_line(
    tmp_path: Path, name: str, data: bytes, words: tuple[str, ...]
) -> None:
    """As another program leaves it that could not finish."""
    path = tmp_path / name
    for end in range(0, len(data), max(1, len(data) // 60)):
        path.write_bytes(data[:end])
        assert outcome(*words, str(path)) in (0, 1, 2, 3)


def fuzz(name: str, data: bytes, words: tuple[str, ...]) -> Callable[[Path], None]:
    def test(tmp_path_factory: pytest.TempPathFactory) -> None:
        path = tmp_path_factory.mktemp("hostile") / name

        @settings(max_examples=100, deadline=None)
        @given(spoiled(data))
        def run(made: bytes) -> None:
            path.write_bytes(made)
            assert outcome(*words, str(path)) in (0, 1, 2, 3)
            assert path.read_bytes() == made

        run()

    return test  # type: ignore[return-value]


test_spoiled_catalogs = fuzz(*COMMANDS[0])
test_spoiled_glossaries = fuzz(*COMMANDS[1])
test_spoiled_csv_of_weblate = fuzz(*COMMANDS[2])
test_spoiled_tbx = fuzz(*COMMANDS[3])


@pytest.mark.parametrize("charset", ["x", "hex", "utf-16", "utf-32", "idna", "undefined", "a b"])
def test_a_wrong_charset_is_a_finding(tmp_path: Path, charset: str) -> None:
    """Whatever Python's codecs say to it."""
    path = tmp_path / "a.po"
    path.write_bytes(CATALOG.replace(b"UTF-8", charset.encode()))
    result = CliRunner().invoke(translate, ["check", "--lang", "en", "--format", "json", str(path)])
    assert result.exit_code == 1
    found = json.loads(result.stdout)["findings"]
    assert [row["check"] for row in found] == ["malformed"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<?xml version="1.0" encoding="no-such"?><martif/>', "encoding"),
        (b'<?xml version="1.0" encoding="big5"?><martif/>', "encoding"),
        (TBX.decode().encode("utf-16"), "encoding"),
        (b"<a>" * 200_000 + b"</a>" * 200_000, "nested"),
    ],
)
def test_odd_xml_gets_a_clear_line(tmp_path: Path, data: bytes, said: str) -> None:
    """Encodings that the parser does not know, another one than it says, a deep nest."""
    path = tmp_path / "a.tbx"
    path.write_bytes(data)
    result = CliRunner().invoke(
        translate, ["glossary", "import", "--lang", "en", "-o", "-", str(path)]
    )
    assert isinstance(result.exception, PipelineError)
    assert said in result.exception.message


def test_a_formula_is_never_imported(tmp_path: Path) -> None:
    """A spreadsheet that opens the glossary would run it."""
    path = tmp_path / "a.csv"
    path.write_text('source,target\nRat,"=HYPERLINK(""http://x"")"\n', encoding="utf-8")
    result = CliRunner().invoke(
        translate,
        ["glossary", "import", "--lang", "en", "-o", str(tmp_path / "new.csv"), str(path)],
    )
    assert result.exit_code == 1
    assert "=HYPERLINK" in result.stderr
    new = tmp_path / "new.csv"
    assert not new.exists() or "HYPERLINK" not in new.read_text(encoding="utf-8")


def test_an_entry_of_megabytes_is_checked(tmp_path: Path) -> None:
    """In one line of megabytes, with all checks: the changed number at its end is found."""
    text = "Das Wort steht hier, und es ist ein Satz. " * 60_000
    other = "The word stands here, and it is a sentence. " * 60_000
    head = CATALOG.decode().partition("\n\n")[0]
    path = tmp_path / "a.po"
    path.write_text(f'{head}\n\nmsgid "{text}7"\nmsgstr "{other}8"\n', encoding="utf-8")
    result = CliRunner().invoke(translate, ["check", "--format", "json", str(path)])
    found = json.loads(result.stdout)["findings"]
    assert ("numbers", 7) in [(row["check"], row["line"]) for row in found]
    assert max(len(row["message"]) for row in found) < 500


def test_a_flag_of_no_check_is_told(tmp_path: Path) -> None:
    """With the name that was meant; and it silences nothing."""
    path = tmp_path / "a.po"
    path.write_bytes(
        CATALOG.replace(b"ignore-numbers", b"ignore-number").replace(b"with</b> 3", b"with</b> 4")
    )
    result = CliRunner().invoke(translate, ["check", str(path)])
    assert result.exit_code == 1
    assert "There is no check 'number'; did you mean ignore-numbers?" in result.output
    assert "'3' became '4'" in result.output
