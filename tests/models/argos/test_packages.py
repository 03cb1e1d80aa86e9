"""Installation of Argos packages from an index or a file."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import translate
from pipeline.core.errors import ModelError
from pipeline.models import argos
from pipeline.models.argos import archive
from tests.models.argos import DE_EN
from tests.models.argos.conftest import entry, packed, small
from tests.models.model_servers import Server

METADATA = {"package_version": "1.0", "from_code": "de", "to_code": "en"}


def run(*arguments: str) -> Result:
    """Run `translate models`; PipelineError is raised, not printed."""
    return CliRunner().invoke(translate, ["models", *arguments], catch_exceptions=False)


def offer(server: Server, data: bytes, version: str = "1.0") -> None:
    """Publish one package for de-en in the index."""
    path = f"/v2/de_en-{version}.argosmodel"
    server.answers.files[path] = data
    server.answers.files["/main/index.json"] = json.dumps(
        [entry("de", "en", server.url(path), version)]
    ).encode()


def test_a_pair_is_installed_from_the_index(server: Server, store: Path) -> None:
    """The package is downloaded once, and its digest recorded."""
    result = run("install", "de-en", "-q")
    assert result.stdout.startswith("de-en 1.0 is installed: ")
    package = argos.find("de-en")
    assert package is not None
    assert package.folder.parent == store / "de-en"
    assert argos.archive_digest(package) == hashlib.sha256(DE_EN.read_bytes()).hexdigest()
    run("install", "translate-de_en", "-q")
    assert server.answers.count(".argosmodel") == 1
    assert not list(store.glob(".incoming-*"))
    assert not list(store.glob(".downloads/*.part*"))


def test_without_a_direct_package_two_are_installed(server: Server) -> None:
    """German to French pivots through English, with a message."""
    result = run("install", "de-fr")
    assert [p.id for p in argos.installed_packages()] == ["de-en", "en-fr"]
    assert "there is no de-fr package: de-en and en-fr instead" in result.stderr


def test_a_pair_that_is_not_offered_names_what_is(server: Server) -> None:
    """The hint lists the languages of the index."""
    with pytest.raises(ModelError, match="no package for de-sq") as error:
        run("install", "de-sq")
    assert "en, fr" in error.value.hint


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (b"<html>sign in</html>", "is not JSON"),
        (b'{"packages": []}', "is not a list"),
        (b'["x", {"from_code": 5}, {"links": "y"}]', "has no package for de-en"),
        (None, "answers 404"),
    ],
)
def test_an_index_that_is_none(server: Server, index: bytes | None, message: str) -> None:
    """The error has the address and the reason."""
    if index is None:
        del server.answers.files["/main/index.json"]
    else:
        server.answers.files["/main/index.json"] = index
    with pytest.raises(ModelError, match=message):
        run("install", "de-en")


def test_the_newest_version_replaces_an_older_one(server: Server, store: Path) -> None:
    """1.10 is newer than 1.9; the old files go."""
    offer(server, small("1.9"), "1.9")
    run("install", "de-en")
    offer(server, small("1.10"), "1.10")
    run("install", "de-en")
    (package,) = argos.installed_packages()
    assert package.version == "1.10"
    assert [p.name for p in (store / "de-en").iterdir() if p.is_dir()] == [package.folder.name]


def test_a_broken_download_goes_on_where_it_ended(server: Server) -> None:
    """The second attempt asks only for the rest."""
    data = small(model=bytes(1000) + hashlib.sha256(b"").digest() * 3000)
    offer(server, data)
    server.answers.etags["/v2/de_en-1.0.argosmodel"] = '"1"'
    server.answers.cuts = [1_000_000, 60_000, 0]  # the index is whole
    with pytest.raises(ModelError, match="connection ended"):
        run("install", "de-en")
    server.answers.cuts = []
    run("install", "de-en")
    assert ("/v2/de_en-1.0.argosmodel", "bytes=60000-") in server.answers.seen
    assert argos.find("de-en")


def test_a_mirror_is_asked_first(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The publisher is used if the mirror has no such file."""
    monkeypatch.setenv("TRANSLATE_MODEL_MIRRORS", server.url("/mirror"))
    server.answers.files[f"/mirror/argos/{DE_EN.name}"] = DE_EN.read_bytes()
    run("install", "de-en")
    run("install", "en-fr")
    assert server.answers.count(f"/v1/{DE_EN.name}") == 0
    assert server.answers.count("/v1/translate-en_fr-1_0.argosmodel") == 1


def test_another_file_for_the_same_version_is_refused(server: Server) -> None:
    """The digest of the first installation is required even after removal."""
    offer(server, small())
    run("install", "de-en")
    run("remove", "de-en", "--yes")
    assert argos.installed_packages() == ()
    offer(server, small(model=b"other"))
    with pytest.raises(ModelError, match="is a different file"):
        run("install", "de-en")
    assert argos.installed_packages() == ()


def test_a_given_digest_is_demanded(server: Server) -> None:
    """`--sha256` decides before anything is unpacked."""
    with pytest.raises(ModelError, match="is a different file"):
        run("install", "de-en", "--sha256", "0" * 64)
    assert argos.installed_packages() == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (packed({"metadata.json": b"{}"}, "../"), "a path outside"),
        (packed({"metadata.json": b"{}"}, "/etc/"), "a path outside"),
        (packed({"model/../../x": b""}), "a path outside"),
        (packed({"..\\x": b""}), "a path outside"),
        (packed({"metadata.json": b"{}", "model/model.bin": b""}), "has no pair"),
        (packed({"metadata.json": b"[]", "model/model.bin": b""}), "not an object"),
        (packed({"metadata.json": json.dumps(METADATA).encode()}), "no model/model.bin"),
        (
            packed({"metadata.json": json.dumps(METADATA).encode(), "model/model.bin": b""}),
            "neither sentencepiece.model nor bpe.model",
        ),
        (small()[:-40], "not a valid"),
        (b"<html>", "not a valid"),
        (packed({"a/x": b""}, "") + b"", "metadata.json cannot be read"),
    ],
)
def test_an_archive_that_is_not_trusted(
    tmp_path: Path, store: Path, data: bytes, message: str
) -> None:
    """The error has the reason, and no file is left anywhere."""
    file = tmp_path / "translate-de_en-1_0.argosmodel"
    file.write_bytes(data)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ModelError, match=message):
        argos.install_file(str(file))
    assert sorted(p for p in tmp_path.iterdir() if p.name not in ("store", "cache")) == before
    assert [p.name for p in store.iterdir()] == [".lock"]


def test_links_in_an_archive_are_refused(tmp_path: Path) -> None:
    """A link could redirect the next file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        link = zipfile.ZipInfo("p/model")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc")
    path = tmp_path / "a.argosmodel"
    path.write_bytes(content.getvalue())
    with pytest.raises(ModelError, match="link or a device"):
        argos.install_file(str(path))


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path) -> None:
    """The limit is checked before unpacking."""
    path = tmp_path / "a.argosmodel"
    path.write_bytes(small(model=bytes(100_000)))
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match="unpacks to"):
        archive.unpack(path, tmp_path / "out", max_bytes=99_999)
    assert not list((tmp_path / "out").iterdir())


def test_what_other_programs_need_is_left_out(tmp_path: Path) -> None:
    """Sentence splitters in packages are large and never used."""
    path = tmp_path / "a.argosmodel"
    path.write_bytes(packed({"metadata.json": b"{}", "stanza/de.pt": b"", "model/a": b""}))
    archive.unpack(path, tmp_path / "out")
    assert not (tmp_path / "out" / "stanza").exists()
    assert (tmp_path / "out" / "model" / "a").exists()


def test_packages_of_argospm_are_found_alike(tmp_path: Path, store: Path) -> None:
    """They are used and listed, but never removed."""
    folder = tmp_path / "argos" / "translate-de_en-1_0"
    with zipfile.ZipFile(DE_EN) as file:
        file.extractall(tmp_path / "argos")
    package = argos.find("de-en")
    assert package is not None
    assert (package.folder, package.managed) == (folder, False)
    assert str(tmp_path / "argos") in run("list").stdout
    with pytest.raises(ModelError, match="was not installed by translate") as error:
        run("remove", "de-en", "--yes")
    assert "argospm remove translate-de_en" in error.value.hint
    assert folder.exists()


def test_a_package_that_changed_on_the_disk_is_reported(store: Path) -> None:
    """`info --verify` reads the files anew, and loading compares what it knows."""
    package = argos.install_file(str(DE_EN))
    assert "as they were installed" in run("info", "de-en", "--verify").stdout
    model = package.folder / "model" / "model.bin"
    model.write_bytes(model.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(ModelError, match="damaged") as error:
        run("info", "de-en", "--verify")
    assert "translate models install de-en" in error.value.hint
    with pytest.raises(ModelError, match="damaged"):
        argos.verified_path(package)


def test_a_package_that_lost_files_counts_as_not_installed() -> None:
    """The next installation replaces it."""
    package = argos.install_file(str(DE_EN))
    shutil.rmtree(package.folder / "model")
    assert argos.find("de-en") is None
    argos.install_file(str(DE_EN))
    assert argos.find("de-en")


def test_facts_of_packages_for_programs() -> None:
    """`list --json` has them beside the models."""
    package = argos.install_file(str(DE_EN))
    facts = json.loads(run("list", "--json").stdout)[-1]
    assert (facts["id"], facts["kind"], facts["version"]) == ("de-en", "argos", "1.0")
    assert facts["path"] == str(package.folder)
    assert json.loads(run("info", "de-en", "--json").stdout) == facts


def test_removing_frees_the_space(store: Path) -> None:
    """The package is deleted completely, models stay."""
    argos.install_file(str(DE_EN))
    assert run("remove", "de-en", "--yes").stdout.startswith("removed de-en: ")
    assert not (store / "de-en").exists()
    with pytest.raises(ModelError, match="not installed"):
        run("remove", "de-en", "--yes")


def test_a_way_by_english_only_where_there_is_no_direct_one() -> None:
    """The shortest route is chosen, and catalog codes are converted."""
    made = [
        argos.ArgosPackage(Path(), *codes.split("-"), "1")
        for codes in ("de-en", "en-fr", "de-es", "en-es", "en-pb")
    ]
    ways = {code: argos.route("de", code, made) for code in ("fr_CH", "es", "pt_BR", "ru")}
    named = {code: [package.id for package in way] for code, way in ways.items()}
    assert named == {
        "fr_CH": ["de-en", "en-fr"], "es": ["de-es"], "pt_BR": ["de-en", "en-pb"], "ru": [],
    }  # fmt: skip


def test_a_version_names_no_other_folder(tmp_path: Path, store: Path) -> None:
    """It is text of a stranger: what is no letter or digit in it does not reach the disk."""
    version = "1/../../x"
    file = tmp_path / "de_en.argosmodel"
    file.write_bytes(small(version))
    package = argos.install_file(str(file))
    assert package.folder == store / "de-en" / "v1_.._.._x-1"


def test_a_package_of_another_version_than_offered_is_refused(server: Server) -> None:
    """The index and the archive must agree."""
    offer(server, small("2.0"), "1.0")
    with pytest.raises(ModelError, match=r"is the package de-en-2\.0, not de-en-1\.0"):
        run("install", "de-en", "-q")
    assert argos.find("de-en") is None


def test_an_address_of_something_else_is_refused(server: Server) -> None:
    """The address must be that of a package."""
    with pytest.raises(ModelError, match=r"does not end in \.argosmodel"):
        argos.install_file(server.url("/de_en.zip"))
