"""Names of files that every system can hold."""

from __future__ import annotations

import random
from pathlib import Path, PurePath

import pytest

from pipeline.articles.discovery import require_usable_name
from pipeline.core.errors import ArticleError, SettingsError
from pipeline.core.file_names import find_name_problem, portable_key, real_path, user_path

GOOD = (
    "a.txt", "Straße.txt", "Ünter Öfen.txt", "2024/05/gipfel.txt", "Was tun?.txt", "a:b.txt",
    "-.txt", "--force.txt", "'quoted'.txt", '"x".txt', "$(id).txt", "%s.txt", "{0}.txt",
    "a\\b.txt", "a..b.txt", "con artist.txt", "auxiliary.txt", "nullpunkt.txt", "comet.txt",
    "com.txt", "COM10.txt", "lpt.txt", "русский.txt", "中文.txt", "😀.txt", "e\u0301.txt", "é.txt",
    " a.txt", "a .txt", "*.txt", "[a].txt", "::error.txt", "##[x].txt", "a#b.txt", "~.txt",
    "~nobody.txt", "x" * 240 + ".txt", ".a.txt", "a.b.c.txt",
)  # fmt: skip
RESERVED = [
    name.format(device)
    for device in (
        "con",
        "PRN",
        "Aux",
        "NUL",
        "COM1",
        "com9",
        "LPT1",
        "lpt0",
        "COM¹",
        "CONIN$",
        "com2",
        "LPT9",
        "CONOUT$",
    )
    for name in ("{}.txt", "{}", "{}.tar.txt", "{} .txt", "{}/a.txt", "sub/{}.txt")
]
CONTROLS = [
    f"a{character}b.txt"
    for character in (
        *map(chr, (*range(1, 32), *range(127, 160))),
        *"\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u061c",
        "\ud800", "\udcff", "\udce9",
    )
]  # fmt: skip
TRAILING = ["a.", "a ", "sub./a.txt", "sub /a.txt", "a.txt.", "a.txt "]


@pytest.mark.parametrize("name", GOOD)
def test_names_that_are_fine(name: str) -> None:
    assert find_name_problem(PurePath(name)) == ""


@pytest.mark.parametrize("name", [*RESERVED, *CONTROLS, *TRAILING], ids=ascii)
def test_names_that_cannot_be_shared(name: str) -> None:
    """The error names the file and asks to rename it."""
    with pytest.raises(ArticleError) as error:
        require_usable_name(Path("source_de") / name, PurePath(name))
    assert name in error.value.message
    assert "Rename it" in error.value.hint


def test_there_are_200_names() -> None:
    assert len({*GOOD, *RESERVED, *CONTROLS, *TRAILING}) >= 200


def test_names_are_the_same_on_some_systems() -> None:
    """Case and normal form do not distinguish names; other letters do."""
    assert portable_key(PurePath("É/A.txt")) == portable_key(PurePath("e\u0301/a.TXT"))
    assert portable_key(PurePath("Straße.txt")) != portable_key(PurePath("Strasse.txt"))


def test_a_loop_of_links_has_a_real_path(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert real_path(tmp_path / "a").parent == real_path(tmp_path)


def test_an_unknown_user_has_no_home() -> None:
    with pytest.raises(SettingsError, match="TRANSLATE_CACHE: ~nobody-x/y: no such user"):
        user_path("~nobody-x/y", "TRANSLATE_CACHE")


def test_random_names_never_raise() -> None:
    """Any text has a verdict."""
    chance = random.Random(1)
    for _ in range(2_000):
        text = "".join(chr(chance.randrange(1, 0x11000)) for _ in range(chance.randrange(1, 9)))
        assert isinstance(find_name_problem(PurePath(text)), str)
