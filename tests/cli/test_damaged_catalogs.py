"""Damaged catalogs: every command reports them, none changes them, the others are processed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import FIELDS, Translate

INTACT = (
    'msgid ""\nmsgstr ""\n'
    f'"{FIELDS}Language: en\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    '#: source_de/zwei.txt:1\nmsgid "Der Vertrag ist fertig."\nmsgstr "HUMAN WORK"\n\n'
    '#: source_de/zwei.txt:3\nmsgid "Sie kamen am Montag."\nmsgstr "HUMAN TOO"\n'
).encode()
TAG = b"charset=UTF-8"

TAILS = {
    name: INTACT + b"\n" + tail
    for name, tail in {
        "no quotes": b"msgid x\n",
        "an open quote": b'msgid "x\nmsgstr "y"\n',
        "no closing quote at the end": b'msgid "x"\nmsgstr "y',
        "quotes inside": b'msgid "x"\nmsgstr "a "b" c"\n',
        "a lone backslash": b'msgid "x"\nmsgstr "a\\"\n',
        "an unknown escape": b'msgid "x"\nmsgstr "\\q"\n',
        "an octal escape that is no character": b'msgid "x"\nmsgstr "\\377"\n',
        "a hexadecimal escape without digits": b'msgid "x"\nmsgstr "\\x"\n',
        "an escaped NUL": b'msgid "x"\nmsgstr "\\0"\n',
        "a NUL": b'msgid "x"\nmsgstr "a\0b"\n',
        "a lone continuation": b'"x"\n',
        "a keyword alone": b"msgid\n",
        "an unknown keyword": b'msgtext "x"\n',
        "a translation alone": b'msgstr "x"\n',
        "a text alone": b'msgid "x"\n',
        "a context alone": b'msgctxt "x"\n',
        "a context twice": b'msgctxt "a"\nmsgctxt "b"\nmsgid "x"\nmsgstr ""\n',
        "a text twice": b'msgid "x"\nmsgid "y"\nmsgstr ""\n',
        "a translation twice": b'msgid "x"\nmsgstr "a"\nmsgstr "b"\n',
        "a plural after its forms": b'msgid "x"\nmsgstr[0] "a"\nmsgid_plural "y"\n',
        "a plural without forms": b'msgid "x"\nmsgid_plural "y"\n',
        "forms without a plural": b'msgid "x"\nmsgstr[0] "a"\n',
        "forms in a wrong order": b'msgid "x"\nmsgid_plural "y"\nmsgstr[1] "a"\nmsgstr[0] "b"\n',
        "a gap in the forms": b'msgid "x"\nmsgid_plural "y"\nmsgstr[0] "a"\nmsgstr[2] "b"\n',
        "a form of a huge number": b'msgid "x"\nmsgid_plural "y"\nmsgstr['
        + b"9" * 5000
        + b'] ""\n',
        "a negative form": b'msgid "x"\nmsgid_plural "y"\nmsgstr[-1] "a"\n',
        "a form without a number": b'msgid "x"\nmsgid_plural "y"\nmsgstr[] "a"\n',
        "a comment inside": b'msgid "x"\n# c\nmsgstr "a"\n',
        "half obsolete": b'#~ msgid "x"\nmsgstr "a"\n',
        "an obsolete keyword alone": b"#~ msgid\n",
        "an obsolete open quote": b'#~ msgid "x\n',
        "a conflict of git": b'<<<<<<< ours\nmsgid "x"\n=======\nmsgid "y"\n>>>>>>> theirs\n',
        "half a conflict": b"=======\n",
        "an XML file": b"<?xml version='1.0'?><xliff/>\n",
        "binary data": bytes(range(256)),
        "not UTF-8": b'msgid "x"\nmsgstr "\xe4"\n',
        "half a character": b'msgid "x"\nmsgstr "\xc3"\n',
        "a surrogate": b'msgid "x"\nmsgstr "\xed\xa0\x80"\n',
        "a form feed": b'msgid "x"\x0cmsgstr "y"\n',
        "a domain": b'domain "x"\nmsgid "y"\nmsgstr ""\n',
        "a previous text alone": b'#| msgid "x"\n',
        "garbage behind a string": b'msgid "x" y\nmsgstr "a"\n',
        "two strings on a line": b'msgid "x" msgstr "y"\n',
        "the header twice": b'msgid ""\nmsgstr "Language: fr\\n"\n',
        "an entry twice": b'msgid "Der Vertrag ist fertig."\nmsgstr "HUMAN OTHER"\n',
    }.items()
}
"""Damage behind intact entries."""

WHOLE = {
    "empty": b"",
    "one NUL": b"\0",
    "NULs": b"\0" * 4096,
    "only a byte order mark": b"\xef\xbb\xbf",
    "only line feeds": b"\n" * 9,
    "only a comment": b"# x\n",
    "no header": INTACT[INTACT.index(b"#: source_de/zwei.txt:1") :],
    "UTF-16": INTACT.decode().encode("utf-16"),
    "UTF-32": INTACT.decode().encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf" + INTACT,
    "two byte order marks": b"\xef\xbb\xbf" * 2 + INTACT,
    "an old Mac's line ends": INTACT.replace(b"\n", b"\r"),
    "without line ends": INTACT.replace(b"\n", b""),
    "a compressed file": b"\x1f\x8b\x08\x00" + INTACT,
    "JSON": b'{"a": "b"}',
    "a compiled catalog": b"\xde\x12\x04\x95\0\0\0\0",
    "quotes of a word processor": INTACT.replace(b'"HUMAN', "“HUMAN".encode()),
    "every quote doubled": INTACT.replace(b'"', b'""'),
    "every backslash gone": INTACT.replace(b"\\", b""),
    "keywords in capitals": INTACT.replace(b"msg", b"MSG"),
    "a long line": INTACT.replace(b"HUMAN WORK", b"x" * 1_000_000 + b'"'),
    **{
        f"charset {name}": INTACT.replace(TAG, b"charset=" + name.encode())
        for name in ("rot13", "hex", "idna", "undefined", "UTF-16", "CHARSET", "x" * 300, "", "\\n")
    },
    **{
        f"cut at {share} %": INTACT[: len(INTACT) * share // 100].rstrip(b'"\n')
        for share in (1, 2, 5, 10, 30, 60, 80, 90, 96, 98, 99)
    },
    **{f"shifted by {n}": INTACT[n:] for n in (1, 3, 7, 11, 90)},
    **{
        f"byte {n:x} everywhere": INTACT.replace(b"H", bytes([n]))
        for n in (0x00, 0x22, 0x5C, 0x80, 0xC0, 0xED, 0xF5, 0xFF)
    },
}
"""Files that are damaged as a whole."""

DAMAGED = TAILS | WHOLE
HUMAN = (b"HUMAN", b"x" * 1000)
"""What a human wrote, in the intact and damaged catalogs."""


def test_there_are_100_damaged_catalogs() -> None:
    assert len(set(DAMAGED.values())) >= 99


@pytest.fixture
def project(folder: Path) -> Path:
    """Two articles; the catalog of the first is intact, with human work."""
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    (folder / "glossary" / "de-en.csv").unlink()
    (folder / "source_de" / "bruecke.txt").unlink()
    text = "Der Vertrag ist fertig.\n\nSie kamen am Montag.\n"
    for name in ("eins", "zwei"):
        (folder / "source_de" / f"{name}.txt").write_text(text, encoding="utf-8")
    catalogs = folder / "output" / "en" / "LC_MESSAGES"
    catalogs.mkdir(parents=True)
    (catalogs / "eins.po").write_bytes(INTACT.replace(b"zwei", b"eins"))
    return folder


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_catalog_is_reported_and_kept(
    project: Path, inside: Translate, damage: str
) -> None:
    """No traceback, a message of one line with a fix; whatever a human wrote stays."""
    catalogs = project / "output" / "en" / "LC_MESSAGES"
    path, intact = catalogs / "zwei.po", (catalogs / "eins.po").read_bytes()
    path.write_bytes(DAMAGED[damage])
    for command in (("extract",), ("check",), ("build", "--allow-missing"), ("doctor",)):
        done = inside(*command)
        assert done.returncode in (0, 1, 3)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)
        assert max(map(len, (done.stdout + done.stderr).splitlines()), default=0) < 1000
        if done.returncode == 3:
            assert "error: " in done.stderr
    assert (catalogs / "eins.po").read_bytes().count(b"HUMAN") == intact.count(b"HUMAN")
    for word in HUMAN:
        assert path.read_bytes().count(word) == DAMAGED[damage].count(word)
