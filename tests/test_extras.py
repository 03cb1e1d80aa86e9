"""Commands where only the core's requirements are installed, or one extra: nothing else is missed.

Each environment consists of links to what is installed here, so nothing is downloaded.
"""

from __future__ import annotations

import os
import subprocess
import tomllib
import venv
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import polib
import pytest
from packaging.requirements import Requirement

from tests import lexicons
from tests.conftest import ARTICLE, GLOSSARY
from tests.models import firefox
from tests.models.argos import DE_EN
from tests.models.argos.installed import installed

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links to files")


def distributions(requirements: list[str]) -> dict[str, metadata.Distribution]:
    """Return what requirements install, directly and indirectly."""
    found: dict[str, metadata.Distribution] = {}
    pending = [Requirement(line) for line in requirements]
    while pending:
        one = pending.pop()
        key = f"{one.name.lower()} {sorted(one.extras)}"
        if key in found:
            continue
        found[key] = metadata.distribution(one.name)
        needs = map(Requirement, found[key].requires or [])
        extras = [{"extra": name} for name in ("", *one.extras)]
        pending += [r for r in needs if r.marker is None or any(map(r.marker.evaluate, extras))]
    return found


def environment(folder: Path, *extras: str) -> Path:
    """Create a virtual environment of links; return its interpreter."""
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    optional = PROJECT["optional-dependencies"]
    requirements = PROJECT["dependencies"] + [r for extra in extras for r in optional[extra]]
    for one in distributions(requirements).values():
        tops = {path.parts[0] for path in one.files or []} - {"..", "__pycache__"}
        for top in tops:
            if not (site / top).exists():
                (site / top).symlink_to(str(one.locate_file(top)))
    (site / "pipeline").symlink_to(ROOT / "pipeline")
    return folder / "bin" / "python"


def runner(python: Path, folder: Path) -> Run:
    """Create a project; return the command in it, without network and models."""
    lexicons.lend(folder / "cache")
    root = folder / "project"
    (root / "source_de").mkdir(parents=True)
    (root / "source_de" / "bruecke.txt").write_text(ARTICLE, encoding="utf-8")
    (root / "source_de" / "a.md").write_text(
        "# Neue Brücke\n\nDer **Stadtrat** hat [den Plan](https://a.example) beschlossen.\n",
        encoding="utf-8",
    )
    (root / "source_de" / "b.html").write_text(
        "<html lang=de><title>Der Minister reiste nach Rom.</title><p>Die Reform ist teuer.\n",
        encoding="utf-8",
    )
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "ARGOS_PACKAGES_DIR": str(folder / "none"),
        "FXTRANSLATE_RECORDS_URL": "http://127.0.0.1:9/records",
        "TRANSLATE_CACHE": str(folder / "cache"),
        "TRANSLATE_MODELS": str(folder / "store"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        **dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    }

    def run(*words: str, text: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [python, "-m", "pipeline", *words], cwd=root, env=variables, input=text,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, (words, done.stderr)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done

    run("init", "-l", "en")
    (root / "glossary" / "de-en.csv").write_text(GLOSSARY, encoding="utf-8")
    return run


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment without extras."""
    return environment(tmp_path_factory.mktemp("core"))


def test_modules_need_no_extra(core: Path) -> None:
    """Only the review page imports more as it is loaded; engines do when they are opened."""
    script = (
        "import pkgutil, pipeline\n"
        "from importlib import import_module\n"
        "for module in pkgutil.walk_packages(pipeline.__path__, 'pipeline.'):\n"
        "    try: module.name.endswith('__main__') or import_module(module.name)\n"
        "    except ImportError as error: print(module.name, error.name)\n"
    )
    done = subprocess.run([core, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "pipeline.web.app starlette",
        "pipeline.web.server uvicorn",
    ]


def test_all_but_machine_translation_works_with_the_core(core: Path, tmp_path: Path) -> None:
    """Articles are extracted, checked, counted, exchanged, approved and built."""
    run = runner(core, tmp_path)
    catalogs = tmp_path / "project" / "output" / "en" / "LC_MESSAGES"
    run("extract")
    run("segment", "a.md")
    for path in sorted(catalogs.glob("*.po")):
        catalog = polib.pofile(str(path))
        catalog[0].msgstr = "The new bridge over the Elbe."
        catalog[0].flags.append("fuzzy")
        catalog.save()
    for kind in ("xliff", "xliff2", "csv"):
        run("export", "--format", kind, "-o", kind)
        run("import", *(str(path) for path in (tmp_path / "project" / kind).rglob("*.*")))
    run("check")
    run("approve", "-y", "--touched")
    run("build", "--draft")
    for words in (
        "status", "count", "report -o report.html", "doctor", "run --estimate", "mv a.md c.md",
        "reset -y --drafts", "glossary lint", "glossary stats", "glossary candidates",
        "glossary find source_de/b.html", "glossary export x.tbx -l en",
        "glossary import x.tbx -l en", "tm stats", "tm export x.tmx", "models list",
        "weblate --repo https://git.example/x.git", "trust --list", "completion bash",
    ):  # fmt: skip
        run(*words.split())


NOT_INSTALLED = {
    "firefox": ("the firefox engine is not installed", "[firefox]"),
    "argos": ("the argos engine is not installed", "[argos]"),
    "llama": ("the llama engine is not installed", "[llama]"),
    "auto": ("no engine with a model for en is installed", "[all]"),
}


def test_what_is_missing_is_one_line_with_its_command(core: Path, tmp_path: Path) -> None:
    """It is found before a model is fetched that nothing could load."""
    run = runner(core, tmp_path)
    run("extract")
    before = {path: path.read_bytes() for path in tmp_path.glob("project/output/**/*.po")}
    said = {
        " ".join(words): run(*words, text="Der Rat tagt.", code=3).stderr
        for engine in NOT_INSTALLED
        for words in (("text", "--to", "en", "--engine", engine), ("run", "--engine", engine))
    }
    for words, error in said.items():
        message, extra = NOT_INSTALLED[words.rpartition(" ")[2]]
        first, second = error.splitlines()
        assert first.startswith(f"error: {message}"), error
        assert f"pip install 'translate-pipeline{extra}'" in second, error
    for words, extra in (("review --no-browser", "[review]"), ("watch", "[watch]"),
                         ("run --on dask", "[dask]"), ("models install", "[all]"),
                         ("models install firefox:de-en", "[firefox]")):  # fmt: skip
        error = run(*words.split(), code=3).stderr
        assert error.splitlines()[-2].startswith("error: "), error
        assert f"'translate-pipeline{extra}'" in error.splitlines()[-1], error
    assert before == {path: path.read_bytes() for path in before}


def test_argos_drafts_with_its_extra_alone(tmp_path: Path) -> None:
    with installed(tmp_path, DE_EN):
        run = runner(environment(tmp_path / "venv", "argos"), tmp_path)
    assert run("text", "--to", "en", text="Der Minister reiste nach Rom.").stdout.strip()
    run("run", "b.html")
    assert drafts(tmp_path)


def test_firefox_drafts_with_its_extra_alone(tmp_path: Path) -> None:
    with firefox.installed(tmp_path, "de-en"):
        run = runner(environment(tmp_path / "venv", "firefox"), tmp_path)
    assert run("text", "--to", "en", text="Der Minister reiste nach Rom.").stdout.strip()
    run("run", "b.html")
    assert drafts(tmp_path)


def test_llama_opens_a_model_with_its_extra_alone(tmp_path: Path) -> None:
    """The engine itself says that this is no model."""
    run = runner(environment(tmp_path / "venv", "llama"), tmp_path)
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + bytes(4000))
    words = ("text", "--to", "en", "--engine", "llama", "--model", str(tmp_path / "broken.gguf"))
    error = run(*words, text="Der Rat tagt.", code=3).stderr
    assert "broken.gguf" in error
    assert "not installed" not in error


def drafts(folder: Path) -> list[str]:
    """Return the drafts of an article."""
    catalog = polib.pofile(str(folder / "project/output/en/LC_MESSAGES/b.po"))
    return [entry.msgstr for entry in catalog if entry.fuzzy]
