"""`translate build`: only what a human approved is built."""

import gettext
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, Translate

TRANSLATIONS = {
    "zum Inhalt": "to the content",
    "Neue Brücke über die Elbe": "New bridge across the Elbe",
    "Von": "By",
    "Karla Winter": "Karla Winter",
    "2 Minuten Lesezeit": "2 minutes to read",
    "Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen.": (
        "On 12 March 2024, the city council decided to build a new bridge."
    ),
    "Sie soll 48 Mio. Euro kosten.": "It is to cost 48 million euros.",
    "Die nächsten Schritte": "The next steps",
    "Planung: Im Herbst beginnt die Ausschreibung.": "Planning: the tender begins in autumn.",
    "Die Bürger werden vorher gehört.": "Citizens will be heard beforehand.",
    "Quelle: beispiel.example": "Source: beispiel.example",
}


def translated(text: str) -> str:
    """The article with its segments replaced, longest first, all else as it is."""
    for source in sorted(TRANSLATIONS, key=len, reverse=True):
        text = text.replace(source, TRANSLATIONS[source])
    return text


def approve(folder: Path, *, leave: str = "", fuzzy: bool = False) -> Path:
    """Fill the English catalog as a translator does, but for one entry."""
    import polib

    path = folder / "output" / "en" / "LC_MESSAGES" / "bruecke.po"
    catalog = polib.pofile(str(path), wrapwidth=78)
    for entry in catalog:
        if entry.msgid != leave:
            entry.msgstr = TRANSLATIONS[entry.msgid]
            if fuzzy:
                entry.flags.append("fuzzy")
    catalog.save()
    return path


def test_an_approved_article_is_built(folder: Path, inside: Translate) -> None:
    """Every byte outside the segments is the article's own, and gettext reads the .mo."""
    inside("extract")
    approve(folder)
    done = inside("build", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert (folder / "output/en/bruecke.txt").read_text(encoding="utf-8") == translated(ARTICLE)
    texts = gettext.translation("bruecke", folder / "output", ["en"])
    assert texts.gettext("Die nächsten Schritte") == "The next steps"


@pytest.mark.parametrize("change", ["\r\n", "\ufeff"])
def test_line_ends_and_marks_are_kept(folder: Path, inside: Translate, change: str) -> None:
    """Windows line ends and a byte order mark come out as they went in."""
    text = ARTICLE.replace("\n", "\r\n") if change == "\r\n" else change + ARTICLE
    (folder / "source_de/bruecke.txt").write_bytes(text.encode())
    inside("extract")
    approve(folder)
    assert inside("build", "--lang", "en").returncode == 0
    assert (folder / "output/en/bruecke.txt").read_bytes() == translated(text).encode()


def test_what_is_not_approved_is_refused_with_a_list(folder: Path, inside: Translate) -> None:
    """Nothing is written; the list names the line, and each way out works."""
    inside("extract")
    approve(folder, leave="Die nächsten Schritte")
    done = inside("build", "--lang", "en")
    assert done.returncode == 1
    assert "source_de/bruecke.txt:13: missing: Die nächsten Schritte" in done.stderr
    assert not (folder / "output/en/bruecke.txt").exists()
    assert inside("build", "--lang", "en", "--allow-missing").returncode == 0
    built = (folder / "output/en/bruecke.txt").read_text(encoding="utf-8")
    assert "\nDie nächsten Schritte\n" in built
    assert "the city council decided" in built


def test_drafts_are_built_only_on_demand(folder: Path, inside: Translate) -> None:
    """--allow-missing does not take a draft for approved; --draft does."""
    inside("extract")
    approve(folder, fuzzy=True)
    assert inside("build", "--lang", "en").returncode == 1
    inside("build", "--lang", "en", "--allow-missing")
    assert (folder / "output/en/bruecke.txt").read_text(encoding="utf-8") == ARTICLE
    inside("build", "--lang", "en", "--draft")
    assert (folder / "output/en/bruecke.txt").read_text(encoding="utf-8") == translated(ARTICLE)


def test_an_approved_text_whose_source_changed_is_not_built(
    folder: Path, inside: Translate
) -> None:
    """The translation of the old sentence never stands for the new one."""
    inside("extract")
    approve(folder)
    article = folder / "source_de/bruecke.txt"
    article.write_text(ARTICLE.replace("48 Mio.", "84 Mio."), encoding="utf-8")
    done = inside("build", "--lang", "en")
    assert done.returncode == 1
    assert "84 Mio." in done.stderr


@pytest.mark.parametrize("name", ["bruecke.txt", "LC_MESSAGES/bruecke.mo"])
def test_nothing_is_built_through_a_link_out_of_the_project(
    folder: Path, inside: Translate, name: str
) -> None:
    """The error names both paths, and neither the article nor the .mo file is written."""
    inside("extract")
    approve(folder)
    outside = folder.parent / "outside"
    outside.write_text("mine", encoding="utf-8")
    link = folder / "output" / "en" / name
    link.symlink_to(outside)
    done = inside("build", "--lang", "en")
    assert done.returncode == 3
    assert f"{link}: leads to {outside}, outside the project" in done.stderr
    assert outside.read_text(encoding="utf-8") == "mine"
    written = {"bruecke.txt", "bruecke.mo"} - {link.name}
    assert not [p for p in (folder / "output" / "en").rglob("*") if p.name in written]


def test_a_link_inside_the_project_is_followed(folder: Path, inside: Translate) -> None:
    """The built article may be elsewhere in the project."""
    inside("extract")
    approve(folder)
    (folder / "site").mkdir()
    (folder / "output" / "en" / "bruecke.txt").symlink_to(folder / "site" / "en.txt")
    assert inside("build", "--lang", "en").returncode == 0
    assert (folder / "site" / "en.txt").read_text(encoding="utf-8") == translated(ARTICLE)


def test_what_is_up_to_date_is_counted(folder: Path, inside: Translate) -> None:
    """Segments left in German are shown each time, and an edited file is built again."""
    inside("extract")
    approve(folder, leave="Die nächsten Schritte")
    built = "output/en/bruecke.txt from 11 approved segments; 1 missing segment left in German\n"
    build = ("build", "--lang", "en", "--allow-missing")
    assert inside(*build).stdout == f"built {built}"
    assert inside(*build).stdout == f"kept {built}1 built article is up to date.\n"
    (folder / "output/en/bruecke.txt").write_text("edited", encoding="utf-8")
    assert inside(*build).stdout == f"built {built}"
    assert "edited" not in (folder / "output/en/bruecke.txt").read_text(encoding="utf-8")
    approve(folder)
    assert inside(*build).stdout.startswith("built output/en/bruecke.txt from 12")
    assert inside(*build).stdout == "1 built article is up to date.\n"
