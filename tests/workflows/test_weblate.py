"""`translate weblate`: what Weblate reads."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Translate

REPOSITORY = "https://git.example.org/news.git"

# Writable fields of a component that the files use: docs.weblate.org/en/latest/api.html
FIELDS = {
    "name", "slug", "vcs", "repo", "branch", "push", "file_format", "filemask", "new_base",
    "new_lang", "language_regex", "source_language",
}  # fmt: skip


@pytest.fixture
def written(folder: Path, inside: Translate) -> Path:
    """The files for a project with articles whose slugs would collide."""
    for name in ("politik/wahl.txt", "politik-wahl.txt", "märz/öl.txt", "東京.txt"):
        path = folder / "source_de" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Der Rat tagt heute im großen Saal der Stadt.\n", encoding="utf-8")
    assert inside("extract").returncode == 0
    done = inside("weblate", "--repo", REPOSITORY, "--slug", "news")
    assert done.returncode == 0, done.stderr
    return folder


def load(folder: Path, name: str) -> Any:
    return json.loads((folder / "weblate" / name).read_text(encoding="utf-8"))


def test_each_article_is_a_component_with_existing_files(written: Path) -> None:
    """The mask matches exactly the catalogs of the article, in the languages of the project."""
    components = load(written, "components.json")
    assert len(components) == len({c["slug"] for c in components}) == 5
    for component in components:
        assert set(component) <= FIELDS
        assert re.fullmatch(r"[a-z0-9_-]{1,100}", component["slug"])
        catalogs = list(written.glob(component["filemask"]))
        languages = {path.relative_to(written / "output").parts[0] for path in catalogs}
        assert languages == {"en", "fr"}
        assert all(re.match(component["language_regex"], code) for code in languages)
        assert (written / component["new_base"]).is_file()


def test_the_repository_is_cloned_once(written: Path) -> None:
    first, *others = load(written, "components.json")
    assert (first["repo"], first["branch"]) == (REPOSITORY, "main")
    assert {other["repo"] for other in others} == {f"weblate://news/{first['slug']}"}
    assert load(written, "components-api.json")[0]["source_language"]["code"] == "de"


def test_the_discovery_finds_the_same_components(written: Path) -> None:
    """Its pattern matches each catalog, also in folders, and leads to its template."""
    settings = load(written, "discovery.json")
    found = set()
    for path in (written / "output").rglob("*.po"):
        match = re.fullmatch(settings["match"], path.relative_to(written).as_posix())
        assert match
        base = settings["new_base_template"].replace("{{ component }}", match["component"])
        assert (written / base).is_file()
        found.add(match["component"])
    assert found == {component["name"] for component in load(written, "components.json")}


def test_glossaries_have_the_columns_of_weblate(written: Path) -> None:
    with (written / "weblate/glossary-en.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {"source": "Stadtrat", "target": "city council"}.items() <= rows[0].items()
    assert [row["target"] for row in rows if row["context"] == "forbidden"] == ["town hall"]
    assert not (written / "weblate/glossary-fr.csv").exists()


def test_files_of_the_user_are_not_replaced(written: Path, inside: Translate) -> None:
    assert inside("weblate", "--repo", REPOSITORY).returncode == 0
    (written / "weblate/components.json").write_text('{"mine": 1}', encoding="utf-8")
    done = inside("weblate", "--repo", REPOSITORY)
    assert (done.returncode, "not overwritten" in done.stderr) == (3, True)
