"""Settings and paths of a project."""

from pathlib import Path

import pytest

from pipeline import project
from pipeline.core.errors import ArticleError, SettingsError
from pipeline.core.terminal import printable


def write(folder: Path, text: str, name: str = "translate.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_project_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    """The settings are found in a parent folder."""
    write(tmp_path, 'languages = ["en", "fr"]')
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    found = project.find_project(inside)
    assert found.root == tmp_path.resolve()
    assert found.languages == ("en", "fr")


def test_settings_above_the_repository_are_not_used(tmp_path: Path) -> None:
    """They are those of another project, or of another user; the hint says how to use them."""
    write(tmp_path, "languages = 3")
    inside = tmp_path / "repository" / "a"
    inside.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    with pytest.raises(SettingsError, match="is outside of the repository") as error:
        project.find_project(inside)
    assert f"--project {tmp_path}" in error.value.hint
    write(tmp_path / "repository", 'languages = ["en"]')
    assert project.find_project(inside).root == tmp_path / "repository"


def test_settings_may_stand_in_pyproject(tmp_path: Path) -> None:
    """`[tool.translate]` is equivalent to a settings file."""
    write(tmp_path, '[tool.translate]\nlanguages = ["es"]', "pyproject.toml")
    assert project.find_project(tmp_path).languages == ("es",)


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        ('langauges = ["en"]', "unknown setting 'langauges'", "Did you mean 'languages'?"),
        ('languages = "en"', "languages = 'en' is not a list", 'languages = ["en"]'),
        ('name = "x"', "languages is missing", 'languages = ["en"]'),
        ("languages = []", "languages is missing", ""),
        ('languages = ["Englisch"]', "'Englisch' is not a language code", "fr_CA"),
        ('languages = ["de-CH"]', "'de_CH' is German, the language of the articles", "fr_CA"),
        (
            'languages = ["fr"]\nformality = "polite"',
            "formality = 'polite' is not 'formal', 'informal' or a table",
            'formality = "formal"',
        ),
        (
            'languages = ["fr"]\n[formality]\nes = "formal"',
            "formality: 'es' is not a language of this project",
            "Languages: fr.",
        ),
        ('languages = ["en"]\nengine = 3', "engine = 3 is not a string", ""),
        ('languages = ["en"]\nsegmentation = "word"', "segmentation = 'word' is not", "sentence"),
        ('languages = ["en"]\nsource_language = "en"', "source_language = 'en' is not", "Remove"),
        ('languages = ["en"]\nmemory_dir = 3', "memory_dir = 3 is not a folder", ""),
        (
            'languages = ["en"]\noutput_dir = "../out"',
            "'../out' is not a folder inside the project",
            "relative",
        ),
        ('languages = ["en"', "translate.toml: ", "Fix the TOML"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, settings: str, message: str, hint: str) -> None:
    """The error names the file, the setting and the fix."""
    write(tmp_path, settings)
    with pytest.raises(SettingsError) as error:
        project.find_project(tmp_path)
    assert "translate.toml" in error.value.message
    assert message in error.value.message
    assert hint in error.value.hint


def test_no_project_here(tmp_path: Path) -> None:
    """Without a project, the hint names the command that creates one."""
    with pytest.raises(SettingsError, match="not in a translation project") as error:
        project.find_project(tmp_path)
    assert "translate init" in error.value.hint


def test_paths_of_an_article_in_a_folder(tmp_path: Path) -> None:
    """Subfolders of source_de are repeated in output."""
    write(tmp_path, 'languages = ["en"]')
    article = tmp_path / "source_de" / "mai" / "peking.txt"
    article.parent.mkdir(parents=True)
    article.write_text("Hallo", encoding="utf-8")
    found = project.find_project(tmp_path)
    out = found.root / "output"
    assert found.articles() == (found.root / "source_de" / "mai" / "peking.txt",)
    assert found.catalog(article, "en") == out / "en" / "LC_MESSAGES" / "mai" / "peking.po"
    assert found.template(article) == out / "templates" / "mai" / "peking.pot"
    assert found.built_article(article, "en") == out / "en" / "mai" / "peking.txt"
    assert found.reference(article) == "source_de/mai/peking.txt"


def test_an_article_elsewhere_is_refused(tmp_path: Path) -> None:
    """A path outside source_de has no catalog."""
    write(tmp_path, 'languages = ["en"]')
    with pytest.raises(ArticleError, match="not in"):
        project.find_project(tmp_path).catalog(tmp_path / "x.txt", "en")


def test_check_severities_by_language(tmp_path: Path) -> None:
    """The table of a language overrides the general one."""
    write(tmp_path, 'languages=["en","fr"]\n[checks]\nquotes="off"\n[checks.fr]\nquotes="error"')
    found = project.find_project(tmp_path)
    assert found.severities("en") == {"quotes": "off"}
    assert found.severities("fr") == {"quotes": "error"}


@pytest.mark.parametrize(
    ("lines", "first", "second"),
    [
        ('source_dir = "output"', "source_dir", "output_dir"),
        ('source_dir = "output/en"', "source_dir", "output_dir"),
        ('source_dir = "./output/../output/en"', "", ""),
        ('source_dir = "."', "source_dir", "output_dir"),
        ('output_dir = "source_de/out"', "source_dir", "output_dir"),
        ('glossary_dir = "output/en"', "output_dir", "glossary_dir"),
        ('source_dir = "linked"', "source_dir", "output_dir"),
    ],
)
def test_folders_must_not_overlap(tmp_path: Path, lines: str, first: str, second: str) -> None:
    """A built article would replace a German one of the same path."""
    (tmp_path / "output").mkdir()
    (tmp_path / "linked").symlink_to("output")
    write(tmp_path, f'languages = ["en"]\n{lines}')
    with pytest.raises(SettingsError) as error:
        project.find_project(tmp_path)
    assert first in error.value.message
    assert second in error.value.message
    assert error.value.hint


def test_folders_with_similar_names_do_not_overlap(tmp_path: Path) -> None:
    """Neither do folders in the same folder."""
    write(tmp_path, 'languages = ["en"]\nsource_dir = "l10n/out_de"\noutput_dir = "l10n/out"')
    assert project.find_project(tmp_path).source_dir == "l10n/out_de"


@pytest.mark.parametrize("at", ["source_de", "source_de/a.txt"])
def test_articles_outside_the_project_are_not_read(tmp_path: Path, at: str) -> None:
    """A link in a repository does not copy a text of the user into catalogs."""
    private = tmp_path / "private"
    private.mkdir()
    (private / "a.txt").write_text("Geheim.", encoding="utf-8")
    root = tmp_path / "project"
    root.mkdir()
    found = project.find_project(write(root, 'languages = ["en"]'))
    (root / at).parent.mkdir(exist_ok=True)
    (root / at).symlink_to(private if at == "source_de" else private / "a.txt")
    with pytest.raises(ArticleError, match=r"outside the project|not in"):
        [found.reference(article) for article in found.articles()]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("EN-us", "'EN-us' is not a language code (did you mean en_US?)"),
        ("EN", "'EN' is not a language code (did you mean en?)"),
        ("zh-Hant", "'zh-Hant' is not a language code"),
        ("DE-ch", "'DE-ch' is not a language code"),
        ("en-gb", ""),
    ],
)
def test_a_language_in_capitals_is_recognized(code: str, said: str) -> None:
    assert project.language_problem(code) == said


WRONG = (
    "languages = 3", "languages = {}", "languages = [1]", 'languages = [["en"]]',
    'languages = [""]', 'languages = ["de"]', 'languages = ["de_AT"]', 'languages = ["EN"]',
    'languages = ["../x"]', 'languages = ["en/fr"]', 'languages = ["e\\u0000"]',
    'languages = ["en\\n"]', "languages = 1979-05-27", "[[languages]]", "name = 3",
    'name = "a\\nb"', 'name = "\\u001b[2J"', 'name = "\\u202e"', 'source_dir = "/etc"',
    'source_dir = "../x"', 'source_dir = "a/../../x"', 'source_dir = "a\\u0000b"',
    'source_dir = "output"', 'source_dir = "output/en"', 'source_dir = "."', 'source_dir = ""',
    'source_dir = "a\\tb"', "source_dir = []", 'output_dir = "source_de"',
    'output_dir = "source_de/x"', 'output_dir = "."', 'output_dir = "/tmp"',
    'glossary_dir = "output"', 'glossary_dir = "output/x"', 'glossary_dir = "\\n"',
    'memory_dir = "../tm"', 'memory = "x"', "memory = [3]", 'memory = ["a\\u0000"]',
    "memory_shown = -1", "memory_shown = 101", "memory_shown = 1.5", "memory_shown = nan",
    "memory_shown = true", 'memory_shown = "70"', "memory_examples = inf", "encoding = 8",
    'encoding = "\\u0000"', 'segmentation = "word"', 'segmentation = ["sentence"]',
    "segmentation = {}", 'content = "some"', "engine = []", 'engine = "a\\nb"', "model = 3",
    "second_opinion = 3", "term_engine = []", 'term_engine = "a\\nb"', 'languages = ["EN-us"]',
    'model = "\\u0000"', 'offline = "yes"', "offline = 1", "engines = 3", "[engines]\nopenai = 3",
    "[[engines]]", '[engines.x]\n"a\\nb" = 1', '[engines.x]\na = ["\\u0007"]', "checks = 3",
    'checks = ["x"]', 'source_language = "en"', "source_language = 3", 'root = "/"',
    'trust = "all"', "front_matter = 3", '"" = 1', '"a\\u0000" = 1', "x = " + "9" * 5000,
    "x = 1979-05-27T07:32:00Z", "x = [" * 3000, "x = " + "[" * 150 + "]" * 150, "a.b.c", "= 1",
    '"""', "\0", "é = 1", "[tool", "a = 1\na = 2", "\ufeff", "name = 'x", 'name = "\\q"',
    "api_key = 1",
)  # fmt: skip
"""Lines of settings that are wrong, behind valid languages unless they set these."""


@pytest.mark.parametrize("line", WRONG, ids=lambda line: ascii(line)[:50])
def test_wrong_settings_end_in_one_message(tmp_path: Path, line: str) -> None:
    """It names the file, has a hint, and fits a line."""
    languages = "" if "languages" in line else 'languages = ["en"]\n'
    write(tmp_path, languages + line + "\n")
    with pytest.raises(SettingsError) as error:
        project.find_project(tmp_path)
    assert error.value.message.startswith(f"{tmp_path / 'translate.toml'}: ")
    assert len(error.value.message) < len(str(tmp_path)) + 200
    assert printable(error.value.message) == error.value.message
    assert "\n" not in error.value.message
    assert error.value.hint


DAMAGED = (
    b"\xff", b"\xff\xfel\0", b"languages = ['\xe4']", b"\0" * 99, b"\xed\xa0\x80", b"{}", b"<xml/>",
    b"[" * 100_000, b"languages = ['en']\n" * 2, b"\r",
    b"languages = ['en'", b'languages = ["en"]\rx',
)  # fmt: skip


@pytest.mark.parametrize("data", DAMAGED, ids=lambda data: ascii(data)[:30])
def test_damaged_settings_files(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "translate.toml").write_bytes(data)
    with pytest.raises(SettingsError, match=r"translate\.toml"):
        project.find_project(tmp_path)


def test_there_are_100_wrong_settings() -> None:
    assert len({*WRONG, *DAMAGED}) >= 99


def test_variants_of_a_language(tmp_path: Path) -> None:
    """Hyphens are accepted; a variant uses the glossary of its language, or its own."""
    write(tmp_path, 'languages = ["en-GB", "en_US"]\n[checks.en-GB]\nnames = "off"')
    found = project.find_project(tmp_path)
    assert found.languages == ("en_GB", "en_US")
    assert found.select_languages(["en-gb"]) == ("en_GB",)
    assert found.severities("en_GB") == {"names": "off"}
    assert found.severities("en_US") == {}
    assert found.catalog_folder("en_GB") == tmp_path / "output/en_GB/LC_MESSAGES"
    folder = tmp_path / "glossary"
    assert found.glossary("en_GB") == folder / "de-en_GB.csv"
    folder.mkdir()
    (folder / "de-en.csv").write_text("source,target\n")
    (folder / "de-en-US.csv").write_text("source,target\n")
    assert found.glossary("en_GB") == folder / "de-en.csv"
    assert found.glossary("en_US") == folder / "de-en-US.csv"
    assert found.unused_glossaries() == ()


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", {}),
        ('formality = "formal"', {"en_GB": "formal", "fr_CA": "formal"}),
        ('[formality]\nfr-CA = "informal"', {"fr_CA": "informal"}),
    ],
)
def test_formality_by_language(tmp_path: Path, setting: str, expected: dict[str, str]) -> None:
    write(tmp_path, f'languages = ["en_GB", "fr_CA"]\n{setting}')
    assert project.find_project(tmp_path).formality_by_language() == expected
