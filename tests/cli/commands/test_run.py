"""`translate run`, with the real model where there is something to translate."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline import models
from pipeline.catalog import catalog
from pipeline.core.types import State
from tests.cli.commands.test_build import TRANSLATIONS, approve
from tests.conftest import ARTICLE, Translate
from tests.models.model_servers import Server

OFFLINE = ("unshare", "--map-root-user", "--net")


def english(folder: Path, name: str = "bruecke") -> Path:
    return folder / "output" / "en" / "LC_MESSAGES" / f"{name}.po"


def without_model(folder: Path) -> dict[str, str]:
    """A machine where no model is installed, and no one answers questions."""
    return {"TRANSLATE_MODELS": str(folder / "no-models"), "CI": ""}


def can_unshare() -> bool:
    return bool(shutil.which("unshare")) and not subprocess.run([*OFFLINE, "true"]).returncode


def test_an_article_is_drafted_offline(folder: Path, translate: Translate) -> None:
    """Every segment has a fuzzy draft with its origin, or is listed as failed."""
    done = translate("run", "--lang", "en", prefix=OFFLINE if can_unshare() else (), text="")
    assert done.returncode in (0, 1), done.stderr
    entries = catalog.load(english(folder)).translations
    for entry in entries:
        assert entry.state is State.DRAFT or entry.source[:50] in done.stdout, entry
    drafted = {entry.source: entry for entry in entries if entry.state is State.DRAFT}
    assert len(drafted) >= len(entries) - 1
    assert drafted["Karla Winter"].target == "Karla Winter"
    assert drafted["Karla Winter"].provenance.engine == "source"
    council = next(e for s, e in drafted.items() if s.startswith("Der Stadtrat"))
    assert council.provenance.engine == "llama"
    assert "city council" in council.target.lower()
    assert "12" in council.target
    assert "2024" in council.target
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", str(english(folder))], check=True)
    assert "good enough for drafts" in done.stderr
    assert "review the catalogs" in done.stdout

    before = english(folder).read_bytes()
    again = translate("run", "--lang", "en", **without_model(folder))
    assert "Nothing to draft" in again.stdout, again.stderr
    assert english(folder).read_bytes() == before

    assert translate("build", "--lang", "en").returncode == 1
    assert translate("build", "--lang", "en", "--draft").returncode == 0
    built = (folder / "output/en/bruecke.txt").read_text(encoding="utf-8")
    assert built.count("\n") == ARTICLE.count("\n")
    assert "\n  1. " in built
    assert "\n  • " in built


def test_killed_and_run_again(folder: Path, inside: Translate, kept_model: None) -> None:
    """What was written stays as it is, the catalog is whole, the rest is drafted."""
    settings = 'languages = ["en"]\n[engines.llama]\nquality = "fast"\n'
    (folder / "translate.toml").write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "run", "--lang", "en"]
    running = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 500
    while time.monotonic() < deadline:
        if english(folder).exists():
            states = [entry.state for entry in catalog.load(english(folder)).translations]
            if State.DRAFT in states:
                break
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    drafts = {e.source: e.target for e in catalog.load(english(folder)).translations if e.target}
    assert 0 < len(drafts) < len(TRANSLATIONS)
    assert inside("run", "--lang", "en").returncode in (0, 1)
    after = {e.source: e.target for e in catalog.load(english(folder)).translations}
    assert drafts.items() <= after.items()
    assert sum(map(bool, after.values())) >= len(TRANSLATIONS) - 1


def test_approved_texts_are_drafts_elsewhere(folder: Path, inside: Translate) -> None:
    """No model is needed for what a human has translated before; the origin says so."""
    inside("extract")
    approve(folder)
    shutil.copy(folder / "source_de/bruecke.txt", folder / "source_de/zweite.txt")
    done = inside("run", "--lang", "en", **without_model(folder))
    assert done.returncode == 0, done.stderr
    entries = catalog.load(english(folder, "zweite")).translations
    assert {e.source: e.target for e in entries} == TRANSLATIONS
    assert {e.state for e in entries} == {State.DRAFT}
    assert {(e.provenance.engine, e.provenance.model) for e in entries if e.provenance} == {
        ("memory", "bruecke")
    }
    assert all(e.state is State.APPROVED for e in catalog.load(english(folder)).translations)


def test_a_changed_glossary_concerns_its_drafts_alone(folder: Path, inside: Translate) -> None:
    """Drafts with the new term are made again, with a comment where they break it."""
    inside("extract")
    approve(folder)
    shutil.copy(folder / "source_de/bruecke.txt", folder / "source_de/zweite.txt")
    inside("run", "--lang", "en", **without_model(folder))
    before = english(folder, "zweite").read_text(encoding="utf-8")
    glossary = folder / "glossary/de-en.csv"
    glossary.write_text(glossary.read_text() + "Bürger,local resident,,,,\n", encoding="utf-8")
    done = inside("run", "--lang", "en", "source_de/zweite.txt", **without_model(folder))
    assert done.returncode == 0, done.stderr
    after = english(folder, "zweite").read_text(encoding="utf-8")
    old, new = set(before.split("\n\n")), set(after.split("\n\n"))
    changed = [entry for entry in new - old if 'msgid ""\nmsgstr' not in entry]
    assert len(changed) == 1
    assert "Die Bürger werden" in changed[0]
    assert "# translate: check:" in changed[0]
    assert "local resident" in changed[0]


def test_what_a_human_wrote_is_never_drawn_again(folder: Path, inside: Translate) -> None:
    """Not even with --redraft, whether it is approved or only begun."""
    inside("extract")
    path = approve(folder, fuzzy=True)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('#, fuzzy\nmsgid "Von"', 'msgid "Von"'), encoding="utf-8")
    before = path.read_bytes()
    done = inside("run", "--lang", "en", "--redraft", **without_model(folder))
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == before


def test_a_missing_model_is_reported_with_a_hint(folder: Path, translate: Translate) -> None:
    """Nothing is fetched unasked; the catalogs are there, without drafts."""
    done = translate("run", "--lang", "en", **without_model(folder))
    assert done.returncode == 3
    assert "is not installed" in done.stderr
    assert "translate models install" in done.stderr
    assert {e.state for e in catalog.load(english(folder)).translations} == {State.MISSING}


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """A server that has a model for English, which is not installed."""
    content = b"GGUF" + bytes(1000)
    monkeypatch.setenv("TRANSLATE_MODELS", str(tmp_path / "no-models"))
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("TRANSLATE_MODEL_MIRRORS", raising=False)
    server = Server()
    server.answers.files["/tiny.gguf"] = content
    tiny = models.Model(
        "tiny", "tiny.gguf", len(content), sha256(content).hexdigest(), licence="MIT",
        sources=(models.UrlSource(server.url("/tiny.gguf")),), languages={"en": models.WEAK},
    )  # fmt: skip
    monkeypatch.setattr(models.store, "MODELS", (tiny,))
    yield server
    server.close()


@pytest.mark.parametrize(
    ("words", "setting", "ci", "fetched"),
    [
        (("--yes",), "", "", True),
        ((), "", "true", True),
        ((), "", "", False),
        (("--offline", "--yes"), "", "", False),
        (("--offline",), "", "true", False),
        (("--yes",), "offline = true", "", False),
        (("--yes", "--dry-run"), "", "", False),
    ],
)
def test_a_model_is_fetched_with_leave_alone(
    folder: Path, inside: Translate, shop: Server, monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...], setting: str, ci: str, fetched: bool,
) -> None:  # fmt: skip
    """By --yes or in CI, but never offline, by the option or the setting."""
    monkeypatch.setenv("CI", ci)
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{setting}\n', encoding="utf-8")
    done = inside("run", "--engine", "llama", "--model", "tiny", *words)
    assert [path for path, _ in shop.answers.seen] == (["/tiny.gguf"] if fetched else [])
    assert (models.path_if_installed(models.find("tiny")) is not None) == fetched
    if not fetched and "--dry-run" not in words:
        assert done.returncode == 3
        assert "model tiny is not installed" in done.stderr
        assert "translate models install tiny" in done.stderr


def test_a_dry_run_writes_no_draft(folder: Path, inside: Translate) -> None:
    """It says how much there is to do, and needs no model for that."""
    done = inside("run", "--dry-run", **without_model(folder))
    assert done.returncode == 0
    assert "source_de/bruecke.txt en: 11 of 11 segments to draft" in done.stdout
    assert "Total: 22 segments." in done.stdout


def test_a_broken_glossary_stops_before_anything(folder: Path, inside: Translate) -> None:
    """The line of the glossary is named."""
    (folder / "glossary/de-en.csv").write_text("source,target\nStadtrat\n", encoding="utf-8")
    done = inside("run", "--lang", "en", **without_model(folder))
    assert done.returncode == 3
    assert "de-en.csv:2" in done.stderr
    assert not english(folder).exists()


def test_an_output_folder_that_cannot_be_made(folder: Path, inside: Translate) -> None:
    """What is in the way is named, stays, and no traceback is shown."""
    (folder / "output" / "en").write_text("not a folder", encoding="utf-8")
    done = inside("extract")
    assert done.returncode == 3
    assert "output/en" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "output" / "en").read_text(encoding="utf-8") == "not a folder"


def test_a_damaged_model_is_told_before_anything_is_drafted(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has the file and a hint; the catalogs are extracted."""
    monkeypatch.setenv("TRANSLATE_MODELS", str(folder / "models"))
    monkeypatch.setenv("CI", "true")  # where missing models are fetched unasked
    (folder / "own.gguf").write_bytes(b"GGUF" + bytes(1000))
    path = models.install_file(str(folder / "own.gguf"), "mine")
    path.write_bytes(b"GGUF" + bytes(900))
    run = ("run", "--engine", "llama", "--model", "mine")
    done = inside(*run)
    assert done.returncode == 3
    assert f"{path} is damaged: it has 904 bytes, not 1004" in done.stderr
    assert "translate models remove mine" in done.stderr
    path.write_bytes(b"GGUF" + bytes(999) + b"?")
    done = inside(*run)
    assert done.returncode == 3
    assert "is damaged: its SHA-256 is" in done.stderr
    assert "drafting" not in done.stderr
