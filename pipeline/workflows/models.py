"""Models and packages: list, describe, verify, install, remove."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TypeVar

from pipeline import models
from pipeline.core import ModelError
from pipeline.engines import download_reaches
from pipeline.engines.firefox.settings import firefox_settings
from pipeline.engines.licences import find_licence
from pipeline.models import argos as packages
from pipeline.models import firefox
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.try_model import Sample, model_language, try_engine, try_firefox

__all__ = [
    "InstallInterruptedError",
    "InstallOptions",
    "ModelInfo",
    "ModelInfoOptions",
    "ModelInfoResult",
    "ModelList",
    "ModelSource",
    "install",
    "install_firefox",
    "list_available",
    "list_models",
    "model_info",
    "project_list_settings",
    "remove",
    "source_kind",
]

_Installed = TypeVar("_Installed")


class InstallInterruptedError(KeyboardInterrupt):
    """The user interrupted an installation; the parts that arrived are kept for the next one."""


class ModelSource(Enum):
    """What the user names to install."""

    MODEL = "model"
    FILE = "file"
    PACKAGE = "package"
    FIREFOX = "firefox"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A known model, or a model or package for a pair of languages.

    `size` is in bytes; `languages` maps target languages to their fitness, `quality` is a
    figure with its source. An empty `licence`, `quality` or `sha256` is unknown; `path` is None
    unless it is installed. Only models of a pair have a `version`, an `architecture`, a `pair`
    of languages and a `label`, the name of their format; `managed` ones were installed by this
    program. `engine` loads the model. `restriction` is what its licence does not allow.
    `reachable` models are in a list that was read now.
    """

    id: str
    kind: str
    size: int
    sha256: str
    licence: str
    languages: Mapping[str, str]
    path: Path | None
    description: str = ""
    sources: tuple[str, ...] = ()
    default: bool = False
    version: str = ""
    pair: tuple[str, str] | None = None
    label: str = ""
    managed: bool = True
    quality: str = ""
    architecture: str = ""
    engine: str = "llama"
    restriction: str = ""
    reachable: bool = False


@dataclass(frozen=True, slots=True)
class ModelInfoOptions:
    """Options of `model_info`: an id, pair or file (the default model if empty).

    `verify` reads the installed files and compares their digests; `compute_digest` reads a
    file whose digest is not recorded; `try_it` translates sample sentences.
    """

    name: str = ""
    verify: bool = False
    compute_digest: bool = False
    try_it: bool = False


@dataclass(frozen=True, slots=True)
class ModelInfoResult:
    """The model, whether its files were verified, and translated samples if requested."""

    model: ModelInfo
    verified: bool = False
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class InstallOptions:
    """Options of `install`.

    `what` is a model's id, a pair of languages, a file or an address (the default model if
    empty). `file` has the content of the model; `name` is the id of a model of the user's
    own; `sha256` is the digest required of a file, an address or a package. `ask` asks before
    a model is downloaded. `list_settings` are the project's for Firefox models.
    """

    what: str = ""
    file: Path | None = None
    name: str = ""
    sha256: str = ""
    ask: bool = False
    list_settings: firefox.ListSettings = field(default_factory=firefox.ListSettings)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """An installed model and its path; `already` if nothing had to be installed."""

    id: str
    path: Path
    already: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class InstallResult:
    """What is installed now; `declined` if the user did not agree."""

    installed: tuple[InstalledModel, ...] = ()
    declined: bool = False


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models, and why the list of Firefox models could not be read ("" if it was)."""

    models: tuple[ModelInfo, ...]
    problem: str = ""


def project_list_settings(project: Project, events: Events) -> firefox.ListSettings:
    """Return a project's settings for installing Firefox models.

    Raises SettingsError for settings that are not valid, TrustError for a list on another
    machine that the user has not agreed to.
    """
    settings = firefox_settings(project.engines.get("firefox", {})).list_settings
    project.asking(events.confirm).require_trust(download_reaches(project))
    return settings


def list_available(
    languages: Sequence[str],
    events: Events,
    settings: firefox.ListSettings = firefox.ListSettings(),  # noqa: B008 - a frozen value
) -> ModelList:
    """Return what `list_models` does, and the Firefox models that could be installed.

    Reads the list of Firefox models, for at most `firefox.REACH_SECONDS`. Of the models for
    other languages than `languages` and English, none is returned.
    """
    known = list_models(events)
    available = firefox.ask_list(settings=settings)
    wanted = {firefox.mozilla_code(language) for language in ("en", *languages)}
    pairs = {
        (offer.source, offer.target)
        for offer in available.offers
        if offer.source in ("de", "en") and offer.target in wanted
    }
    installed = {model.id for model in known}
    offers = [
        offer
        for source, target in sorted(pairs)
        for offer in _offers(available.offers, firefox.ModelName(source, target), settings)
        if offer.id not in installed
    ]
    return ModelList((*known, *map(_of_offer, offers)), available.problem)


def _offers(
    offers: Sequence[firefox.ModelOffer], name: firefox.ModelName, settings: firefox.ListSettings
) -> list[firefox.ModelOffer]:
    try:
        return firefox.select_offers(offers, name, settings)
    except ModelError:  # the required version is not in the list
        return []


def list_models(events: Events) -> tuple[ModelInfo, ...]:
    """Return all known models, then all installed models of a pair, then all packages."""
    return (
        *(_of_model(model) for model in models.known_models()),
        *(_of_firefox(model) for model in firefox.installed_models()),
        *(_of_package(package) for package in packages.installed_packages()),
    )


def model_info(options: ModelInfoOptions, events: Events) -> ModelInfoResult:
    """Describe a model or package; raises ModelError if it is unknown, or damaged."""
    if source_kind(options.name) is ModelSource.FIREFOX:
        return _firefox_info(options)
    package = packages.find(options.name)
    if package:
        if options.verify:
            packages.verify(package)
        verified = options.verify and package.managed
        samples = _try("argos", "", (package.source, package.target), options)
        return ModelInfoResult(_of_package(package), verified, samples)
    model = models.find(options.name) if options.name else models.MODELS[0]
    if options.verify:
        models.verify(model, events.downloading)
    info = _of_model(model)
    if options.compute_digest:
        info = replace(info, sha256=models.digest(model))
    name = str(model.path or model.id)
    samples = _try("llama", name, ("de", model_language(model)), options)
    return ModelInfoResult(info, options.verify and bool(model.sha256), samples)


def _try(
    engine: str, model: str, pair: tuple[str, str], options: ModelInfoOptions
) -> tuple[Sample, ...]:
    return try_engine(engine, model, *pair) if options.try_it else ()


def source_kind(what: str) -> ModelSource:
    """Tell a model's id from a file or address, from a package and from a Firefox model."""
    if what.startswith(firefox.PREFIX):
        return ModelSource.FIREFOX
    if what.endswith(packages.SUFFIX) or packages.parse_pair(what):
        return ModelSource.PACKAGE
    if "://" in what or what.lower().endswith(".gguf") or os.sep in what:
        return ModelSource.FILE
    return ModelSource.MODEL


def install(options: InstallOptions, events: Events) -> InstallResult:
    """Install a model or packages.

    Raises ModelError for an unknown model, a wrong digest or a failed download,
    InstallInterruptedError on an interrupt.
    """
    what = options.what
    kind = source_kind(what)
    if kind is ModelSource.PACKAGE:
        return _install_packages(options, events)
    if kind is ModelSource.FIREFOX:
        return _install_firefox(options, events)
    if kind is ModelSource.FILE:
        path = _interruptible(
            lambda: models.install_file(
                what, options.name, options.sha256, events.downloading, events.notice
            )
        )
        return InstallResult((InstalledModel(options.name, path),))
    model = models.find(what) if what else models.MODELS[0]
    present = models.path_if_installed(model)
    if present:
        return InstallResult((InstalledModel(model.id, present, already=True),))
    if options.ask and not options.file:
        question = f"Download {model.id} ({model.size / 1e9:.1f} GB) to {models.store_dir()}?"
        if events.confirm(question) is False:
            return InstallResult(declined=True)
    path = install_model(model, events, file=options.file)
    return InstallResult((InstalledModel(model.id, path),))


def install_model(model: models.Model, events: Events, *, file: Path | None = None) -> Path:
    """Install a model of the registry, from `file` if given; return the path of its file.

    Raises ModelError as `models.install` does, InstallInterruptedError on an interrupt.
    """
    return _interruptible(
        lambda: models.install(model, events.downloading, events.notice, file=file)
    )


def remove(name: str, events: Events) -> int:
    """Remove a model or package and its unfinished downloads; return the bytes freed.

    Raises ModelError for an unknown name.
    """
    if source_kind(name) is ModelSource.FIREFOX:
        return firefox.remove(name)
    return packages.remove(name) if packages.parse_pair(name) else models.remove(name)


def _install_packages(options: InstallOptions, events: Events) -> InstallResult:
    what, sha256 = options.what, options.sha256

    def run() -> list[packages.ArgosPackage]:
        if packages.parse_pair(what):
            return packages.install(what, sha256, events.downloading, events.notice)
        return [packages.install_file(what, sha256, events.downloading, events.notice)]

    return InstallResult(
        tuple(InstalledModel(p.id, p.folder, version=p.version) for p in _interruptible(run))
    )


def _install_firefox(options: InstallOptions, events: Events) -> InstallResult:
    name, folder = _firefox_name(options.what), options.file
    if folder:
        found = [_interruptible(lambda: firefox.install_folder(name, folder, events.notice))]
    else:
        found = install_firefox(name, events, settings=options.list_settings)
    return _installed_firefox(found)


def install_firefox(
    name: firefox.ModelName,
    events: Events,
    *,
    offers: list[firefox.ModelOffer] | None = None,
    settings: firefox.ListSettings,
) -> list[firefox.FirefoxModel]:
    """Install the models of a pair; `offers` is the list if it was read already.

    Raises ModelError as `firefox.install` does, InstallInterruptedError on an interrupt.
    """
    return _interruptible(
        lambda: firefox.install(
            name, events.downloading, events.notice, offers=offers, settings=settings
        )
    )


def _installed_firefox(found: Sequence[firefox.FirefoxModel]) -> InstallResult:
    return InstallResult(tuple(InstalledModel(m.id, m.folder, version=m.version) for m in found))


def _firefox_name(text: str) -> firefox.ModelName:
    name = firefox.parse_name(text)
    if name is None:
        raise ModelError(
            f"{text!r} is not the name of a Firefox model",
            "Write a pair of languages, and optionally an architecture or a version: "
            "firefox:de-en, firefox:de-en:tiny, firefox:de-en@3.0.",
        )
    return name


def _firefox_info(options: ModelInfoOptions) -> ModelInfoResult:
    _firefox_name(options.name)
    model = firefox.find(options.name)
    if model is None:
        raise ModelError(
            f"model {options.name} is not installed",
            f"Install it: translate models install {options.name}",
        )
    if options.verify:
        firefox.verify(model)
    samples = try_firefox(model) if options.try_it else ()
    return ModelInfoResult(_of_firefox(model), options.verify, samples)


def _interruptible(run: Callable[[], _Installed]) -> _Installed:
    try:
        return run()
    except KeyboardInterrupt as error:
        raise InstallInterruptedError from error


def _of_model(model: models.Model) -> ModelInfo:
    known = find_licence(f"{model.id} {model.file}")
    return ModelInfo(
        model.id,
        model.kind,
        model.size,
        model.sha256,
        model.licence or (known.name if known else ""),
        dict(model.languages),
        models.path_if_installed(model),
        model.description,
        tuple(source.describe() for source in model.sources),
        model == models.MODELS[0],
        quality=model.quality,
        restriction=known.restriction if known else "",
    )


def _of_offer(offer: firefox.ModelOffer) -> ModelInfo:
    return ModelInfo(
        offer.id,
        firefox.KIND,
        offer.size,
        "",
        firefox.LICENCE,
        {offer.target: models.UNRATED},
        None,
        sources=(offer.origin,),
        version=offer.version,
        pair=(offer.source, offer.target),
        label=firefox.LABEL,
        quality=firefox.published_quality(offer.source, offer.target, offer.architecture),
        architecture=offer.architecture,
        engine="firefox",
        reachable=True,
    )


def _of_firefox(model: firefox.FirefoxModel) -> ModelInfo:
    return ModelInfo(
        model.id,
        firefox.KIND,
        model.bytes,
        firefox.digest(model),
        firefox.LICENCE,
        {model.target: models.UNRATED},
        model.folder,
        sources=(model.origin,),
        version=model.version,
        pair=(model.source, model.target),
        label=firefox.LABEL,
        engine="firefox",
        quality=firefox.published_quality(model.source, model.target, model.architecture),
        architecture=model.architecture,
    )


def _of_package(package: packages.ArgosPackage) -> ModelInfo:
    return ModelInfo(
        package.id,
        packages.KIND,
        package.bytes,
        packages.archive_digest(package),
        "",
        {package.target: models.UNRATED},
        package.folder,
        version=package.version,
        pair=(package.source, package.target),
        label=packages.LABEL,
        managed=package.managed,
        engine="argos",
    )
