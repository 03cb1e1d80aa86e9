"""Every use case can be called twice in one process and from a thread, with the same result."""

from __future__ import annotations

import hashlib
import inspect
import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

from pipeline import models, workflows
from pipeline.catalog import load
from pipeline.core.types import Severity, State
from pipeline.drafting.text_translator import TextRequest
from pipeline.memory import TmxUnit, write_tmx
from pipeline.models import argos, firefox
from pipeline.models.firefox import ModelName, ModelOffer
from pipeline.models.firefox.records import parse_records
from pipeline.project import Project, load_project
from pipeline.workflows import (
    build,
    check,
    count,
    diagnose,
    draft,
    engine_choice,
    exchange,
    extract,
    glossary,
    init,
    memory,
    merge,
    rename,
    review,
    run,
    segment,
    status,
    translate_text,
    trust,
    watch,
    weblate,
)
from pipeline.workflows import models as model_store
from pipeline.workflows.events import SilentEvents
from tests import lexicons
from tests.conftest import ARTICLE, GLOSSARY
from tests.models.argos import DE_EN
from tests.models.firefox import mirror

EVENTS = SilentEvents()
CONTENT = b"GGUF" + bytes(range(256))
MODEL = models.Model("tiny", "tiny.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
BROKEN = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Haus"\nmsgstr "h\n'
)
ENGLISH = ("en",)
CATALOG = "output/en/LC_MESSAGES/bruecke.po"

UseCase = Callable[[Project], object]


def catalog_check(project: Project) -> object:
    options = check.CheckOptions(lowest=Severity.INFO, jobs=1)
    result = check.check(project, options, EVENTS)
    return list(result.findings), result.tally.found


def selected(project: Project) -> tuple[review.Selection, ...]:
    wanted = review.EntryFilter(frozenset({State.DRAFT}), errors=False)
    return review.select(project, review.ReviewOptions(wanted, languages=ENGLISH), EVENTS)


def exported(project: Project) -> Path:
    options = exchange.ExportOptions(project.root / "out", languages=ENGLISH)
    return exchange.export_catalogs(project, options, EVENTS)[0].path


def imported(project: Project) -> object:
    path = exported(project)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("</target>", "!</target>"), encoding="utf-8")
    return exchange.import_files(project, exchange.ImportOptions((path,)), EVENTS)


def merged(project: Project) -> object:
    ours = project.root / CATALOG
    theirs = project.root / "theirs.po"
    theirs.write_bytes(ours.read_bytes().replace(b"#, fuzzy\n", b""))
    return merge.merge(merge.MergeOptions(ours, ours, theirs, project.root / "new.po"), EVENTS)


def recovered(project: Project) -> object:
    path = project.root / "broken.po"
    path.write_text(BROKEN, encoding="utf-8")
    return diagnose.recover_catalog(diagnose.RecoverOptions(path), EVENTS)


def redrafted(project: Project) -> object:
    review.reset(selected(project), EVENTS)
    options = draft.DraftOptions(extract=extract.ExtractOptions(languages=ENGLISH))
    return draft.draft(project, options, EVENTS)


def reported_run(project: Project) -> object:
    options = draft.DraftOptions(extract=extract.ExtractOptions(languages=ENGLISH))
    return run.run(project, options, run.RunOutputs(project.root / "report.json"), EVENTS)


def extracted(project: Project) -> object:
    path = project.root / "source_de/bruecke.txt"
    path.write_text(f"{ARTICLE}\nEin neuer Satz.\n", encoding="utf-8")
    return extract.extract(project, extract.ExtractOptions(), EVENTS)


def texts_in_session(project: Project) -> object:
    options = translate_text.TextOptions("en")
    session = translate_text.open_text_session(project, options, EVENTS)
    try:
        return session.batch_size, list(session.translate([TextRequest("Es regnet.")]))
    finally:
        session.close()


def termbase(project: Project) -> Path:
    path = project.root / "terms.csv"
    path.write_text("source,target\nRat,council\n", encoding="utf-8")
    return path


def tmx_file(project: Project) -> Path:
    path = project.root / "elsewhere" / "new.tmx"
    path.parent.mkdir()
    write_tmx(path, [TmxUnit("Nein.", "No.")], "en", "sentence")
    return path


def model_file(project: Project) -> Path:
    path = project.root / "tiny.gguf"
    path.write_bytes(CONTENT)
    return path


def offers(project: Project) -> list[ModelOffer]:
    """Return offers of a model that is installed already."""
    folder = project.root.parent / "mirror"
    for path, data in mirror("de-en").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    firefox.install_folder(ModelName("de", "en"), folder)
    return parse_records((folder / "records.json").read_bytes(), "http://127.0.0.1/")


USE_CASES: dict[str, UseCase] = {
    "build.build": lambda p: build.build(
        p, build.BuildOptions(policy=build.BuildPolicy.DRAFT), EVENTS
    ),
    "check.check": catalog_check,
    "diagnose.diagnose": lambda p: diagnose.diagnose(
        diagnose.DiagnoseOptions(folder=p.root), EVENTS
    ),
    "diagnose.recover_catalog": recovered,
    "draft.draft": redrafted,
    "exchange.export_catalogs": exported,
    "exchange.import_files": imported,
    "extract.extract": extracted,
    "glossary.export_terms": lambda p: glossary.export_terms(
        p, glossary.TermExportOptions(p.root / "out.tbx"), EVENTS
    ),
    "glossary.extract_terms": lambda p: glossary.extract_terms(
        p, glossary.CandidateOptions(min_count=1), EVENTS
    ),
    "glossary.find_terms": lambda p: list(
        glossary.find_terms(p, glossary.GlossaryOptions(), ["Der Stadtrat tagt."], EVENTS)
    ),
    "glossary.import_terms": lambda p: glossary.import_terms(
        p, glossary.TermImportOptions(termbase(p)), EVENTS
    ),
    "glossary.learn_terms": lambda p: glossary.learn_terms(
        p, glossary.CandidateOptions(language="en", min_count=1), EVENTS
    ),
    "glossary.lint": lambda p: glossary.lint(p, glossary.LintOptions(), EVENTS),
    "glossary.read_terms": lambda p: glossary.read_terms(
        p, glossary.TermImportOptions(termbase(p)), EVENTS
    ),
    "glossary.stats": lambda p: glossary.stats(p, glossary.GlossaryStatsOptions(), EVENTS),
    "init.init": lambda p: init.init(init.InitOptions(p.root / "new", ("en", "fr")), EVENTS),
    "memory.export_tmx": lambda p: memory.export_tmx(p, memory.TmxExportOptions(), EVENTS),
    "memory.find": lambda p: memory.find(p, memory.MemoryFindOptions("Ja."), EVENTS),
    "memory.import_tmx": lambda p: memory.import_tmx(
        p, memory.TmxImportOptions(tmx_file(p)), EVENTS
    ),
    "memory.stats": lambda p: memory.stats(p, memory.MemoryStatsOptions(), EVENTS),
    "merge.merge": merged,
    "engine_choice.install_best": lambda p: engine_choice.install_best(
        ("en",), model_store.InstallOptions(), EVENTS
    ),
    "models.install": lambda p: model_store.install(
        model_store.InstallOptions(str(model_file(p)), name="mine"), EVENTS
    ),
    "models.install_model": lambda p: model_store.install_model(MODEL, EVENTS, file=model_file(p)),
    "models.install_firefox": lambda p: model_store.install_firefox(
        ModelName("de", "en"),
        EVENTS,
        offers=offers(p),
        settings=model_store.project_list_settings(p, EVENTS),
    ),
    "models.list_available": lambda p: model_store.list_available(("en",), EVENTS),
    "models.list_models": lambda p: model_store.list_models(EVENTS),
    "models.project_list_settings": lambda p: model_store.project_list_settings(p, EVENTS),
    "models.model_info": lambda p: model_store.model_info(
        model_store.ModelInfoOptions("de-en", verify=True), EVENTS
    ),
    "models.remove": lambda p: model_store.remove("de-en", EVENTS),
    "rename.rename": lambda p: rename.rename(
        p,
        rename.RenameOptions(p.root / "source_de/bruecke.txt", p.root / "source_de/elbe.txt"),
        EVENTS,
    ),
    "count.count": lambda p: count.count(p, count.CountOptions(), EVENTS),
    "review.approve": lambda p: review.approve(selected(p), EVENTS),
    "review.reset": lambda p: review.reset(selected(p), EVENTS),
    "review.select": selected,
    "run.run": reported_run,
    "segment.segment": lambda p: segment.segment(
        p, segment.SegmentOptions(p.root / "source_de/bruecke.txt"), EVENTS
    ),
    "status.least_sure": lambda p: status.least_sure(p, status.StatusOptions(), EVENTS),
    "status.status": lambda p: status.status(p, status.StatusOptions(), EVENTS),
    "trust.list_trust": lambda p: trust.list_trust(p, EVENTS),
    "trust.revoke": lambda p: trust.revoke(p.root, EVENTS),
    "trust.trust": lambda p: trust.trust(p, trust.TrustOptions(yes=True), EVENTS),
    "translate_text.open_text_session": texts_in_session,
    "translate_text.translate_text": lambda p: translate_text.translate_text(
        p, translate_text.TextOptions("en"), [TextRequest("Es regnet."), TextRequest("")], EVENTS
    ),
    "watch.watch": lambda p: list(watch.watch(p, watch.WatchOptions(), [], EVENTS)),
    "weblate.weblate": lambda p: weblate.weblate(
        p, weblate.WeblateOptions(p.root / "weblate", "https://git.example/texts.git"), EVENTS
    ),
}

SHARED = {
    "edits.edited_terms",
    "edits.reviewed_texts",
    "extract.extract_with",
    "extract.follow_renamed",
    "extract.select_articles",
}
"""Parts of use cases that other use cases call."""

CLUSTER = {"dask.draft_on_dask"}
"""Use cases that start a cluster; its own tests call them in several processes."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a drafted project, its cache, and a store with a package."""
    folder = tmp_path_factory.mktemp("base")
    root = folder / "project"
    for name in ("source_de", "glossary", "memory"):
        (root / name).mkdir(parents=True)
    lexicons.lend(folder / "cache")
    settings = 'languages = ["en", "fr"]\nengine = "argos"\n'
    (root / "translate.toml").write_text(settings, encoding="utf-8")
    (root / "source_de" / "bruecke.txt").write_text(ARTICLE, encoding="utf-8")
    (root / "glossary" / "de-en.csv").write_text(GLOSSARY, encoding="utf-8")
    write_tmx(root / "memory" / "other.tmx", [TmxUnit("Ja.", "Yes.")], "en", "sentence")
    with pytest.MonkeyPatch.context() as patch:
        use(folder, patch)
        argos.install_file(str(DE_EN))
        extract.extract(load_project(root), extract.ExtractOptions(), EVENTS)
        redrafted(load_project(root))
    assert any(one.state is State.DRAFT for one in load(root / CATALOG).translations)
    yield folder
    lexicons.collect(folder / "cache")


def use(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Use the cache and the store in a folder."""
    patch.setenv("TRANSLATE_CACHE", str(folder / "cache"))
    patch.setenv("TRANSLATE_MODELS", str(folder / "models"))
    patch.setenv("ARGOS_PACKAGES_DIR", str(folder / "none"))
    patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))


@pytest.mark.parametrize("name", USE_CASES)
def test_a_use_case_is_reentrant(
    name: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On copies of one project: twice in this thread, then in another thread."""

    def call(folder: Path) -> str:
        result = repr(USE_CASES[name](load_project(folder / "project")))
        return re.sub(r"seconds=[\d.e-]+", "", result.replace(str(folder), ""))

    results = []
    with ThreadPoolExecutor(1) as thread:
        for copy in ("first", "again", "thread"):
            folder = tmp_path / copy
            shutil.copytree(base, folder)
            use(folder, monkeypatch)
            results.append(
                thread.submit(call, folder).result() if copy == "thread" else call(folder)
            )
    assert results[0] == results[1] == results[2]


def test_every_use_case_is_tested() -> None:
    """A use case is a public function that takes events."""
    found = set()
    for module in pkgutil.iter_modules(workflows.__path__):
        loaded = import_module(f"{workflows.__name__}.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            # A package lists what one of its modules defines.
            inside = f"{function.__module__}.".startswith(f"{loaded.__name__}.")
            own = inside and not name.startswith("_")
            if own and "events" in inspect.signature(function).parameters:
                found.add(f"{module.name}.{name}")
    assert found - SHARED - CLUSTER == set(USE_CASES)


def test_findings_are_accepted_twice(base: Path, tmp_path: Path) -> None:
    """Each call writes the same baseline."""
    project = load_project(base / "project")
    options = check.CheckOptions(write_baseline=True, jobs=1)
    numbers, texts = set(), set()
    for name in ("first", "again"):
        path = tmp_path / name
        numbers.add(check.accept_findings(check.check(project, options, EVENTS), path))
        texts.add(path.read_bytes())
    assert len(numbers) == len(texts) == 1
