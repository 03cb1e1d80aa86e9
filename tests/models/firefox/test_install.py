"""Installing Firefox models from a record list, a mirror and a folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline.core.errors import ModelError
from pipeline.models import firefox
from pipeline.models.firefox import records
from tests.conftest import Translate
from tests.models.firefox import attachments, mirror, record
from tests.models.model_servers import Server

DE_EN = firefox.ModelName("de", "en")
LIST = "/v1/buckets/main/collections/translations-models-v2/records"
Change = Callable[[list[dict[str, Any]]], None]


def publish(server: Server, *pairs: str, change: Change = lambda records: None) -> None:
    """Serve a list like Mozilla's, with the attachments at the top of the same host."""
    files = mirror(*pairs)
    listed = json.loads(files.pop("records.json"))
    change(listed["data"])
    server.answers.files |= {f"/{path}": data for path, data in files.items()}
    server.answers.files[LIST] = json.dumps(listed).encode()


@pytest.fixture
def server(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", server.url(LIST))
    return server


def left_over(store: Path) -> list[str]:
    """Return the files in the store, but for locks."""
    return sorted(p.name for p in store.rglob("*") if p.is_file() and p.name != ".lock")


def test_a_model_is_installed_from_the_list(server: Server, store: Path) -> None:
    """Every file is what the list says, and nothing else stays."""
    publish(server, "de-en", "en-fr")
    done: list[tuple[int, int]] = []
    (model,) = firefox.install(DE_EN, lambda *figures: done.append(figures))
    sizes = [path.stat().st_size for path in attachments("de-en").values()]
    assert done[-1] == (sum(sizes), sum(sizes))
    assert (model.id, model.version, model.architecture) == ("firefox:de-en", "3.0", "base")
    for kind, path in attachments("de-en").items():
        content = zstandard.decompress(path.read_bytes())
        file = model.file(firefox.Role(kind))
        assert file is not None
        assert file.path.read_bytes() == content
    assert left_over(store) == ["model.bin", "model.json", "vocab.spm"]
    firefox.verify(model)


def test_a_pair_without_a_model_needs_two(server: Server) -> None:
    publish(server, "de-en", "en-fr")
    messages: list[str] = []
    found = firefox.install(firefox.ModelName("de", "fr"), on_message=messages.append)
    assert [model.pair for model in found] == ["de-en", "en-fr"]
    assert "firefox:de-en and firefox:en-fr instead" in messages[0]


def test_an_installed_model_is_not_downloaded_again(server: Server) -> None:
    publish(server, "de-en")
    firefox.install(DE_EN)
    before = server.answers.count(".zst")
    firefox.install(DE_EN)
    assert server.answers.count(".zst") == before


def test_a_broken_download_resumes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second attempt asks for the rest of the first file only."""
    publish(server, "de-en")
    size = attachments("de-en")["model"].stat().st_size
    server.answers.cuts = [len(server.answers.files[LIST]), size // 2, 0, 0, 0]
    monkeypatch.setattr("pipeline.models.download._RESUME_SECONDS", 0.0)
    with pytest.raises(ModelError, match="firefox:de-en could not be installed"):
        firefox.install(DE_EN)
    server.answers.cuts = []
    firefox.install(DE_EN)
    ranges = [wanted for path, wanted in server.answers.seen if "model-de-en" in path]
    assert f"bytes={size // 2}-" in ranges


def wrong_hash(found: list[dict[str, Any]]) -> None:
    found[0]["attachment"]["hash"] = "0" * 64


def wrong_content(found: list[dict[str, Any]]) -> None:
    found[0]["decompressedHash"] = "0" * 64


def too_small(found: list[dict[str, Any]]) -> None:
    """The server sends more than the list announces."""
    found[0]["attachment"]["size"] -= 1


def too_large(found: list[dict[str, Any]]) -> None:
    """The server's file is cut off."""
    found[0]["attachment"]["size"] += 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (wrong_hash, "sends a different file: its SHA-256 is not that of the list"),
        (wrong_content, "its SHA-256 after decompression is not that of the list"),
        (too_small, "sends"),
        (too_large, "sends"),
    ],
)
def test_a_wrong_file_is_refused(server: Server, store: Path, change: Change, said: str) -> None:
    """With one line, and nothing of the model is kept."""
    publish(server, "de-en", change=change)
    with pytest.raises(ModelError, match=said) as error:
        firefox.install(DE_EN)
    assert "\n" not in error.value.message
    assert firefox.installed_models() == ()
    assert left_over(store) == []


def test_a_small_file_that_unpacks_to_a_large_one(
    server: Server, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused while it is unpacked, whatever its digests are."""
    monkeypatch.setattr(records, "MAX_FILE_BYTES", 5 << 20)
    bomb = zstandard.compress(bytes(100 << 20))

    def change(found: list[dict[str, Any]]) -> None:
        found[0] = record("de-en", "model", bomb)

    publish(server, "de-en", change=change)
    server.answers.files["/main-workspace/translations-models-v2/model-de-en.zst"] = bomb
    with pytest.raises(ModelError, match="unpacks to more than"):
        firefox.install(DE_EN)
    assert left_over(store) == []


def test_a_file_that_is_no_archive(server: Server, store: Path) -> None:
    """A cut zstd frame has the right digest, but no end."""
    cut = attachments("de-en")["vocab"].read_bytes()[:-20]

    def change(found: list[dict[str, Any]]) -> None:
        values = found[1]["attachment"]
        values |= {"hash": hashlib.sha256(cut).hexdigest(), "size": len(cut)}

    publish(server, "de-en", change=change)
    server.answers.files["/main-workspace/translations-models-v2/vocab-de-en.zst"] = cut
    with pytest.raises(ModelError, match="cannot be decompressed"):
        firefox.install(DE_EN)
    assert left_over(store) == []


HOSTILE: list[tuple[str, object]] = [
    ("location", "../../etc/passwd"),
    ("location", "https://elsewhere.example/file.zst"),
    ("location", 7),
    ("hash", "zz"),
    ("hash", None),
    ("size", -1),
    ("size", 1 << 50),
    ("size", True),
    ("fileType", "qualityModel"),
    ("sourceLanguage", "../de"),
    ("targetLanguage", ["en"]),
    ("version", "../../3"),
    ("version", "99.0"),
    ("attachment", None),
    ("attachment", [[[[]]]]),
    ("location", "a/../../b.zst"),
    ("location", "a\\..\\b.zst"),
    ("location", "//elsewhere.example/file.zst"),
    ("location", "a.zst?x=/../b"),
    ("location", "a.zst\n"),
    ("hash", "0" * 63 + "٣"),
    ("size", 0),
    ("size", 1.5),
    ("size", "1000"),
    ("size", 10**400),
    ("fileType", ["model"]),
    ("version", "3.0\n"),
    ("version", "٣.0"),
    ("architecture", "../base"),
    ("architecture", {"base": 1}),
]


@pytest.mark.parametrize(("key", "value"), HOSTILE)
def test_a_record_that_is_not_valid_is_not_used(server: Server, key: str, value: object) -> None:
    """Without one of its files, a model is not offered."""

    def change(found: list[dict[str, Any]]) -> None:
        for one in found:
            (one["attachment"] if key in ("location", "hash", "size") else one)[key] = value

    publish(server, "de-en", change=change)
    with pytest.raises(ModelError, match="the list has no Firefox model for de-en"):
        firefox.install(DE_EN)
    assert server.answers.count(".zst") == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>sign in</html>", "is not JSON"),
        (b"[]", "is not a list of records"),
        (b'{"data": {}}', "is not a list of records"),
        (b"[" * 5000, "is not JSON"),
        (b'{"data": ' + b'[{"a": ' * 5000, "is not JSON"),
        (b'{"data": [' + b"9" * 5000 + b"]}", "is not JSON"),
        (b'{"data": [], "data": 7}', "is not a list of records"),
        ('{"data": []}'.encode("utf-16"), "is not JSON"),
        (b" " * ((32 << 20) + 1), "sends more than 33,554,432 bytes"),
    ],
    ids=["page", "array", "object", "deep", "deep records", "digits", "twice", "utf-16", "huge"],
)
def test_a_list_that_is_none(server: Server, content: bytes, said: str) -> None:
    server.answers.files[LIST] = content
    with pytest.raises(ModelError, match=said) as error:
        firefox.install(DE_EN)
    assert "FXTRANSLATE_RECORDS_URL" in error.value.hint
    assert "\n" not in error.value.message
    assert len(error.value.message) < 300


def test_odd_records_beside_a_model_change_nothing(server: Server, store: Path) -> None:
    """Records of any type, and others for the same file: the first one counts."""

    def change(found: list[dict[str, Any]]) -> None:
        deep: Any = 1
        for _ in range(50):
            deep = [deep]
        other = [one | {"attachment": one["attachment"] | {"hash": "1" * 64}} for one in found]
        found[:] = [None, 7, "x", [], {}, deep, *found, *other, *found]

    publish(server, "de-en", change=change)
    (model,) = firefox.install(DE_EN)
    firefox.verify(model)
    assert left_over(store) == ["model.bin", "model.json", "vocab.spm"]


def test_many_records_are_read_at_once(server: Server) -> None:
    """A list near the limit of its size: 20,000 records that are valid."""

    def change(found: list[dict[str, Any]]) -> None:
        found += [
            one | {"version": f"{n % 3}.{n % 999}"} for n in range(10_000) for one in found[:2]
        ]

    publish(server, "de-en", change=change)
    (model,) = firefox.install(DE_EN)
    assert model.version == "3.0"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://10.0.0.1/records", "not an https address, and no digest"),
        ("file:///etc/passwd", "is not an http"),
        ("https://user:s3cret@elsewhere.example/", "the address"),
        ("//[", "which is no address"),
        (LIST, "redirects more than 10 times"),
    ],
)
def test_a_list_that_is_elsewhere(server: Server, address: str, said: str) -> None:
    """Only TLS proves where a list comes from; passwords are not repeated."""
    server.answers.redirects[LIST] = address
    with pytest.raises(ModelError, match=said) as error:
        firefox.install(DE_EN)
    assert "s3cret" not in error.value.message


def test_a_file_that_is_elsewhere(server: Server, store: Path) -> None:
    """Another server may have it: the digest of the list proves what it is."""
    publish(server, "de-en")
    path = "/main-workspace/translations-models-v2/model-de-en.zst"
    other = type(server)()
    try:
        other.answers.files["/file"] = server.answers.files[path]
        server.answers.redirects[path] = other.url("/file")
        firefox.install(DE_EN)
        assert other.answers.count("/file") == 1
        firefox.remove("firefox:de-en")
        data = bytearray(other.answers.files["/file"])
        data[-1] ^= 1
        other.answers.files["/file"] = bytes(data)
        with pytest.raises(ModelError, match="sends a different file") as error:
            firefox.install(DE_EN)
    finally:
        other.close()
    assert "\n" not in error.value.message
    assert left_over(store) == []


def test_names_in_the_list_of_a_folder(tmp_path: Path) -> None:
    """They may have characters that addresses escape, and lead nowhere else."""
    for path, data in mirror("de-en").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    listed = json.loads((tmp_path / "records.json").read_bytes())
    attachment = listed["data"][0]["attachment"]
    (tmp_path / attachment["location"]).rename(tmp_path / "a+ü.zst")
    for name, fits in (("../secret.zst", False), ("a+ü.zst", True)):
        attachment["location"] = name
        (tmp_path / "records.json").write_text(json.dumps(listed), encoding="utf-8")
        if fits:
            firefox.verify(firefox.install_folder(DE_EN, tmp_path))
            continue
        with pytest.raises(ModelError, match="has no Firefox model for de-en"):
            firefox.install_folder(DE_EN, tmp_path)
        assert firefox.installed_models() == ()


def test_the_best_architecture_and_the_newest_version_are_chosen(server: Server) -> None:
    """Unless the name requires another architecture."""

    def change(found: list[dict[str, Any]]) -> None:
        copies = [one | {"architecture": "tiny", "version": "3.2"} for one in found]
        older = [one | {"version": "2.9"} for one in found]
        found[:] = [*copies, *older, *found]

    publish(server, "de-en", change=change)
    (best,) = firefox.install(DE_EN)
    assert (best.architecture, best.version) == ("base", "3.0")
    (tiny,) = firefox.install(firefox.ModelName("de", "en", "tiny"))
    assert (tiny.architecture, tiny.version) == ("tiny", "3.2")
    assert [model.architecture for model in firefox.installed_models()] == ["tiny"]


def test_a_mirror_is_asked_first(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the list and the attachments in the folder `firefox`."""
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", server.url("/nowhere"))
    monkeypatch.setenv("TRANSLATE_MODEL_MIRRORS", server.url("/models/"))
    for path, data in mirror("de-en").items():
        server.answers.files[f"/models/firefox/{path}"] = data
    (model,) = firefox.install(DE_EN)
    assert model.origin == server.url("/models/firefox/records.json")
    assert server.answers.count("/nowhere") == 0


def test_a_folder_of_files(tmp_path: Path) -> None:
    """Compressed or not; without a list, the digests at the installation are recorded."""
    folder = tmp_path / "files"
    folder.mkdir()
    paths = attachments("de-en")
    (folder / paths["model"].name).write_bytes(paths["model"].read_bytes())
    vocabulary = zstandard.decompress(paths["vocab"].read_bytes())
    (folder / "vocab.deen.spm").write_bytes(vocabulary)
    model = firefox.install_folder(DE_EN, folder)
    assert not model.published
    firefox.verify(model)
    assert [one.pair for one in firefox.installed_models()] == ["de-en"]


def test_a_folder_without_a_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "model.deen.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match="no complete model"):
        firefox.install_folder(DE_EN, tmp_path)
    assert firefox.installed_models() == ()


def test_removing_frees_all_files(server: Server, store: Path) -> None:
    publish(server, "de-en")
    (model,) = firefox.install(DE_EN)
    assert firefox.remove("firefox:de-en") >= model.bytes
    assert left_over(store) == []
    with pytest.raises(ModelError, match="is not installed"):
        firefox.remove("firefox:de-en")


def test_the_commands(inside: Translate, server: Server) -> None:
    """Install, describe and remove by the name of the model."""
    publish(server, "de-en")
    done = inside("models", "install", "firefox:de-en", "--yes")
    assert done.returncode == 0, done.stderr
    assert "firefox:de-en 3.0 is installed" in done.stdout
    assert "firefox:de-en" in inside("models", "list").stdout
    shown = inside("models", "info", "firefox:de-en", "--verify", "--try").stdout
    assert "Der Bericht ist wichtig. → The report is important." in shown
    assert "on March 12, 2024." in shown
    assert "MPL-2.0" in shown
    assert "the files are as they were installed" in shown
    assert inside("models", "remove", "firefox:de-en", "--yes").returncode == 0
    assert "is not installed" in inside("models", "info", "firefox:de-en").stderr
