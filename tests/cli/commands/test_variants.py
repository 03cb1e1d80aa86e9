"""Variants of a language and forms of address, from the settings to the catalog."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from tests.conftest import Translate
from tests.engines.loopback import Asked, Loopback, Reply, chat, question

TEXT = "Am 3. März 2024 um 14.30 Uhr tagte der Verteidigungsrat im Zentrum."
DRAFT = "On 3 March 2024 at 14:30 the defence council met in the centre."


@pytest.fixture
def article(folder: Path) -> Path:
    for old in (folder / "source_de").iterdir():
        old.unlink()
    path = folder / "source_de" / "rat.txt"
    path.write_text(f"Der Rat in der Stadt\n\n{TEXT}\n", encoding="utf-8")
    return path


def answer(asked: Asked) -> Reply:
    return chat(DRAFT if question(asked) == TEXT else "The council in the city")


def project(folder: Path, url: str, languages: str, more: str = "") -> None:
    (folder / "translate.toml").write_text(
        f'languages = {languages}\nengine = "openai"\nmodel = "m"\n{more}\n'
        f'[engines.openai]\nurl = "{url}/v1"\nretries = 0\n',
        encoding="utf-8",
    )


def test_a_variant_from_settings_to_catalog(folder: Path, inside: Translate, article: Path) -> None:
    """The prompt names it, the draft is adapted to it, and gettext's names are used."""
    glossary = folder / "glossary" / "de-en.csv"
    glossary.parent.mkdir(exist_ok=True)
    glossary.write_text("source,target\nVerteidigungsrat,defence council\n", encoding="utf-8")
    with Loopback(answer) as server:
        project(folder, server.url, '["en-US"]')
        done = inside("run", "-l", "en-US")
    assert done.returncode == 0, done.stderr
    assert "into American English" in server.bodies()[0]["messages"][0]["content"]
    path = folder / "output/en_US/LC_MESSAGES/rat.po"
    targets = {entry.source: entry.target for entry in catalog.load(path).translations}
    assert targets[TEXT] == ("On March 3, 2024 at 2:30 p.m. the defence council met in the center.")
    header = path.read_text(encoding="utf-8")
    assert '"Language: en_US\\n"' in header
    assert '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"' in header
    checked = inside("check", "--strict")
    assert "variant-spelling" not in checked.stdout, checked.stdout


def test_words_of_another_variant_are_reported(
    folder: Path, inside: Translate, article: Path
) -> None:
    """A human wrote the other spelling; the glossary of the language does not require it."""
    (folder / "translate.toml").write_text('languages = ["en_GB"]\n', encoding="utf-8")
    assert inside("extract").returncode == 0
    path = folder / "output/en_GB/LC_MESSAGES/rat.po"
    text = path.read_text(encoding="utf-8")
    entry = f'msgid "{TEXT}"\nmsgstr "'
    assert entry in text
    human = "On 3 March 2024 at 2.30 p.m. the defence council met in the center."
    path.write_text(text.replace(entry, entry + human), encoding="utf-8")
    checked = inside("check", "--allow-empty")
    assert "Not the spelling of British English: 'center' (centre)" in checked.stdout


@pytest.mark.parametrize(
    ("language", "prompted", "ignored"),
    [("fr", "Address the reader formally (vous).", False), ("en", "", True)],
)
def test_formality(
    folder: Path, inside: Translate, article: Path, language: str, prompted: str, ignored: bool
) -> None:
    """The prompt states it; for a language without two forms, the run says once that it cannot."""
    with Loopback(answer) as server:
        project(folder, server.url, f'["{language}"]', 'formality = "formal"')
        done = inside("run")
    system = server.bodies()[0]["messages"][0]["content"]
    assert ("Address the reader" in system) == bool(prompted)
    assert prompted in system
    note = "formality = 'formal' is ignored: the engine openai has none for this language"
    assert done.stderr.count(note) == int(ignored)


def test_single_texts(folder: Path, inside: Translate) -> None:
    """`translate text` takes the tag of a variant, too."""
    with Loopback(answer) as server:
        project(folder, server.url, '["en"]')
        done = inside("text", "--to", "en-US", text=TEXT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (
        "On March 3, 2024 at 2:30 p.m. the defense council met in the center."
    )


VARIANTS = ("en_GB", "en_US", "fr_CA", "es_MX")


@pytest.mark.parametrize("form", ["xliff", "xliff2", "csv"])
@pytest.mark.parametrize("spelled", ["as exported", "en-gb", "en_GB"])
def test_variants_return_from_other_tools(
    folder: Path, inside: Translate, article: Path, form: str, spelled: str
) -> None:
    """Each file is of its variant, however the tool writes the code of the language."""
    codes = '", "'.join(code.replace("_", "-") for code in VARIANTS)
    (folder / "translate.toml").write_text(f'languages = ["{codes}"]\n', encoding="utf-8")
    assert inside("extract").returncode == 0
    paths = [folder / f"output/{code}/LC_MESSAGES/rat.po" for code in VARIANTS]
    for path, code in zip(paths, VARIANTS, strict=True):
        text = path.read_text(encoding="utf-8")
        head, empty, tail = text.rpartition('msgstr ""')
        assert empty
        path.write_text(f'{head}msgstr "{code} one"{tail}', encoding="utf-8")
    assert inside("export", "--format", form, "-o", "out").returncode == 0
    for code in VARIANTS:
        (file,) = (folder / "out" / code).iterdir()
        text = file.read_text(encoding="utf-8").replace(f"{code} one", f"{code} two")
        tag = code.replace("_", "-")
        written = {"en-gb": tag.lower(), "en_GB": code}.get(spelled, tag)
        for quote in '",':
            for old in (tag, code):
                text = text.replace(f"{quote}{old}{quote}", f"{quote}{written}{quote}")
        file.write_text(text, encoding="utf-8")
        done = inside("import", str(file))
        assert done.returncode == 0, done.stderr
        assert f"output/{code}/LC_MESSAGES/rat.po: 1 entry written" in done.stdout
    for path, code in zip(paths, VARIANTS, strict=True):
        assert path.read_text(encoding="utf-8").count(f'"{code} two"') == 1


def test_variants_in_weblate(folder: Path, inside: Translate, article: Path) -> None:
    """The codes of the folders, which are those of Weblate; each variant has its glossary."""
    codes = '", "'.join(code.replace("_", "-") for code in VARIANTS)
    (folder / "translate.toml").write_text(f'languages = ["{codes}"]\n', encoding="utf-8")
    (folder / "glossary/de-es-MX.csv").write_text("source,target\nRat,consejo\n", encoding="utf-8")
    assert inside("extract").returncode == 0
    done = inside("weblate", "--repo", "https://git.example.org/news.git")
    assert done.returncode == 0, done.stderr
    (component,) = json.loads((folder / "weblate/components.json").read_text(encoding="utf-8"))
    found = [path.parts[-3] for path in folder.glob(component["filemask"])]
    assert sorted(found) == sorted(VARIANTS)
    assert all(re.match(component["language_regex"], code) for code in found)
    names = {path.name for path in (folder / "weblate").glob("glossary-*")}
    assert names == {"glossary-en_GB.csv", "glossary-en_US.csv", "glossary-es_MX.csv"}
    assert "Rat,consejo" in (folder / "weblate/glossary-es_MX.csv").read_text(encoding="utf-8-sig")
