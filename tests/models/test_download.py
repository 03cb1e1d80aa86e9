"""Downloads of models, from servers with and without faults."""

import dataclasses
import hashlib
from pathlib import Path

import pytest

from pipeline import models
from pipeline.core.errors import ModelError
from pipeline.models import Model, UrlSource
from pipeline.models.partial_file import PartialFile
from tests.core.test_http import HOSTILE
from tests.models.model_servers import Server

CONTENT = b"GGUF" + bytes(range(256)) * 24_000


def model(server: Server, *paths: str, content: bytes = CONTENT) -> Model:
    """Return a model with `content` at the given paths of the server."""
    return Model(
        id="small",
        file="small.gguf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="MIT",
        sources=tuple(UrlSource(server.url(path)) for path in paths),
    )


def test_a_model_is_fetched_and_found(server: Server, store: Path) -> None:
    """Progress ends at the size of the file, and only the model is left."""
    server.answers.files["/m.gguf"] = CONTENT
    small = model(server, "/m.gguf")
    told: list[tuple[int, int]] = []
    assert models.path_if_installed(small) is None
    path = models.install(small, lambda done, total: told.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert models.path_if_installed(small) == path == store / "small" / "small.gguf"
    assert told == sorted(told)
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert sorted(p.name for p in path.parent.iterdir()) == [".lock", "model.json", "small.gguf"]


def test_an_installed_model_is_not_fetched_again(server: Server) -> None:
    """Installing twice costs one download."""
    server.answers.files["/m.gguf"] = CONTENT
    small = model(server, "/m.gguf")
    assert models.install(small) == models.install(small)
    assert len(server.answers.seen) == 1


def test_a_broken_connection_is_taken_up_where_it_broke(server: Server) -> None:
    """The second request asks only for the rest."""
    server.answers.files["/m.gguf"] = CONTENT
    server.answers.cuts = [1_000_000]
    path = models.install(model(server, "/m.gguf"))
    assert path.read_bytes() == CONTENT
    assert server.answers.seen == [("/m.gguf", ""), ("/m.gguf", "bytes=1000000-")]


def test_a_later_installation_goes_on_from_another_source(server: Server) -> None:
    """The bytes of a failed source are kept for the next source and run."""
    server.answers.files["/first.gguf"] = CONTENT
    server.answers.cuts = [3_000_000, 0]
    with pytest.raises(ModelError) as raised:
        models.install(model(server, "/first.gguf"))
    assert "the connection ended after 3,000,000 bytes of 6,144,004" in raised.value.message
    assert "3.0 MB are already there" in raised.value.hint
    server.answers.files["/second.gguf"] = CONTENT
    path = models.install(model(server, "/second.gguf"))
    assert path.read_bytes() == CONTENT
    assert server.answers.seen[-1] == ("/second.gguf", "bytes=3000000-")


def test_a_complete_download_is_not_fetched_again(server: Server, store: Path) -> None:
    """After a kill during verification, nothing is downloaded."""
    server.answers.files["/m.gguf"] = CONTENT
    small = model(server, "/m.gguf")
    (store / "small").mkdir(parents=True)
    with PartialFile(store / "small" / "small.gguf", small.sha256) as part:
        part.append(CONTENT)
        part.commit()
    assert models.install(small).read_bytes() == CONTENT
    assert server.answers.seen == []


def test_a_server_without_ranges_begins_anew(server: Server) -> None:
    """A full response to a range request replaces the partial file."""
    server.answers.files["/m.gguf"] = CONTENT
    server.answers.cuts = [1_000_000]
    server.answers.ignore_range = True
    assert models.install(model(server, "/m.gguf")).read_bytes() == CONTENT
    assert len(server.answers.seen) == 2


def test_a_redirection_is_followed(server: Server) -> None:
    """Redirects apply to range requests too."""
    server.answers.redirects["/m.gguf"] = server.url("/there.gguf")
    server.answers.files["/there.gguf"] = CONTENT
    server.answers.cuts = [1_000_000]
    assert models.install(model(server, "/m.gguf")).read_bytes() == CONTENT
    assert server.answers.seen[-1] == ("/there.gguf", "bytes=1000000-")


def test_a_wrong_file_is_thrown_away_and_the_next_source_tried(server: Server) -> None:
    """A file with the right size and another digest is rejected."""
    server.answers.files["/bad.gguf"] = bytes(len(CONTENT))
    server.answers.files["/good.gguf"] = CONTENT
    notes: list[str] = []
    path = models.install(model(server, "/bad.gguf", "/good.gguf"), on_message=notes.append)
    assert path.read_bytes() == CONTENT
    assert server.answers.seen == [("/bad.gguf", ""), ("/good.gguf", "")]
    assert any("has a different file" in note for note in notes)


def test_a_wrong_beginning_does_not_spoil_a_good_source(server: Server) -> None:
    """After the bytes of a bad mirror, the good source is downloaded completely."""
    server.answers.files["/bad.gguf"] = bytes(len(CONTENT))
    server.answers.files["/good.gguf"] = CONTENT
    server.answers.cuts = [3_000_000, 0]
    assert models.install(model(server, "/bad.gguf", "/good.gguf")).read_bytes() == CONTENT
    assert [seen for seen in server.answers.seen if seen[0] == "/good.gguf"] == [
        ("/good.gguf", "bytes=3000000-"),
        ("/good.gguf", ""),
    ]


def test_where_no_source_helps_each_one_is_named_with_its_reason(server: Server) -> None:
    """Missing, wrong size, wrong content, unreachable: no model is installed."""
    server.answers.files["/long.gguf"] = CONTENT + b"x"
    server.answers.files["/other.gguf"] = bytes(len(CONTENT))
    small = model(server, "/none.gguf", "/long.gguf", "/other.gguf")
    gone = UrlSource("http://127.0.0.1:9/gone.gguf")
    small = Model(
        small.id, small.file, small.size, small.sha256, licence="MIT",
        sources=(*small.sources, gone),
    )  # fmt: skip
    with pytest.raises(ModelError) as raised:
        models.install(small)
    lines = raised.value.message.splitlines()
    assert lines[0] == "model small could not be installed:"
    reasons = [
        "404 Not Found to http",
        "sends 6,144,005 bytes, not the 6,144,004",
        "a different file",
    ]
    for line, reason in zip(lines[1:4], reasons, strict=True):
        assert f"127.0.0.1:{server.server_address[1]}: " in line
        assert reason in line
    assert "127.0.0.1:9: cannot be reached" in lines[4]
    assert "Connection refused" in lines[4]
    assert "--from FILE" in raised.value.hint
    assert models.path_if_installed(small) is None


def test_a_sign_in_page_does_not_cost_what_was_fetched(server: Server) -> None:
    """The sign-in page of a network is an error, and the partial file stays."""
    server.answers.files["/m.gguf"] = CONTENT
    server.answers.cuts = [3_000_000, 0]
    small = model(server, "/m.gguf")
    with pytest.raises(ModelError):
        models.install(small)
    server.answers.files["/m.gguf"] = b"<html>Please sign in</html>"
    server.answers.ignore_range = True
    with pytest.raises(ModelError, match="27 bytes, not the 6,144,004"):
        models.install(small)
    server.answers.files["/m.gguf"] = CONTENT
    server.answers.ignore_range = False
    assert models.install(small).read_bytes() == CONTENT
    assert server.answers.seen[-1] == ("/m.gguf", "bytes=3000000-")


def test_a_mirror_is_asked_first(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mirrors have the layout of the store and come first."""
    server.answers.files["/mirror/small/small.gguf"] = CONTENT
    monkeypatch.setenv(
        "TRANSLATE_MODEL_MIRRORS", f"{server.url('/empty/')}, {server.url('/mirror')}"
    )
    models.install(model(server, "/m.gguf"))
    asked = [path for path, _ in server.answers.seen]
    assert asked == ["/empty/small/small.gguf", "/mirror/small/small.gguf"]


def test_a_mirror_that_is_no_address_is_reported(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path in the variable is an error."""
    monkeypatch.setenv("TRANSLATE_MODEL_MIRRORS", "/mnt/models")
    with pytest.raises(ModelError, match="TRANSLATE_MODEL_MIRRORS: '/mnt/models'"):
        models.install(model(server, "/m.gguf"))


def test_nothing_is_fetched_where_there_is_no_room(server: Server, store: Path) -> None:
    """On a full disk, no source is tried."""
    wide = 10**18
    huge = Model("huge", "huge.gguf", wide, "0" * 64, sources=(
        UrlSource(server.url("/a.gguf")), UrlSource(server.url("/b.gguf"))
    ))  # fmt: skip
    with pytest.raises(ModelError, match="not enough space") as raised:
        models.install(huge)
    assert str(store) in raised.value.message
    assert server.answers.seen == []


@pytest.mark.parametrize("without_length", [False, True])
def test_an_own_model_is_fetched_without_knowing_its_size(
    server: Server, without_length: bool
) -> None:
    """Its size and digest are recorded at installation."""
    server.answers.files["/own.gguf"] = CONTENT
    server.answers.without_length = without_length
    path = models.install_file(server.url("/own.gguf"), "mine")
    assert path.read_bytes() == CONTENT
    mine = models.find("mine")
    assert (mine.size, mine.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def test_an_own_model_that_changed_on_the_server_is_fetched_anew(server: Server) -> None:
    """Without a digest, If-Range detects a changed file."""
    server.answers.files["/own.gguf"] = CONTENT
    server.answers.etags["/own.gguf"] = '"1"'
    server.answers.cuts = [1_000_000, 0]
    with pytest.raises(ModelError):
        models.install_file(server.url("/own.gguf"), "mine")
    newer = b"GGUF" + bytes(2_000_000)
    server.answers.files["/own.gguf"] = newer
    server.answers.etags["/own.gguf"] = '"2"'
    assert models.install_file(server.url("/own.gguf"), "mine").read_bytes() == newer


def test_an_own_model_needs_https_or_a_digest() -> None:
    """Without either, the origin of the file is unknown."""
    with pytest.raises(ModelError, match="not an https address"):
        models.install_file("http://models.example/own.gguf", "mine")


def test_a_redirect_away_from_https_is_refused(server: Server) -> None:
    """Without a digest, the host of a plain http address is not even contacted."""
    server.answers.redirects["/own.gguf"] = "http://models.example/own.gguf"
    with pytest.raises(ModelError, match="not an https address"):
        models.install_file(server.url("/own.gguf"), "mine")


def test_an_endless_redirect_is_refused(server: Server) -> None:
    """Two addresses that point to each other do not block a run."""
    server.answers.redirects |= {"/a.gguf": server.url("/b.gguf"), "/b.gguf": "/a.gguf"}
    with pytest.raises(ModelError, match="redirects more than 10 times"):
        models.install(model(server, "/a.gguf"))


@pytest.mark.parametrize("excluded", [False, True])
def test_the_proxy_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch, excluded: bool
) -> None:
    """So is its list of excluded hosts."""
    address = server.url("/m.gguf")
    server.answers.files[address] = server.answers.files["/m.gguf"] = CONTENT
    monkeypatch.setenv("http_proxy", server.url("").replace("//", "//user:p%40ss@"))
    monkeypatch.setenv("no_proxy", "127.0.0.1" if excluded else "")
    models.install(model(server, "/m.gguf"))
    assert server.answers.seen == [("/m.gguf" if excluded else address, "")]


@pytest.mark.parametrize("address", HOSTILE)
def test_what_is_no_address_is_refused(server: Server, address: str) -> None:
    """An error with its reason, not a traceback, and no password in it."""
    small = dataclasses.replace(model(server), sources=(UrlSource(address),))
    with pytest.raises(ModelError) as error:
        models.install(small)
    assert HOSTILE[address] in error.value.message + error.value.hint
    assert "sk-very-secret" not in error.value.message + error.value.hint


def test_a_redirect_to_a_hostile_address_is_refused(server: Server) -> None:
    """The host of the address is not contacted."""
    server.answers.redirects["/own.gguf"] = "http://evil.example\\.localhost/own.gguf"
    with pytest.raises(ModelError, match="has a backslash"):
        models.install_file(server.url("/own.gguf"), "mine")
