"""What the settings of a project may do beyond it through engines and models.

Computed from the settings alone: nothing is opened, no plug-in is imported.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core import SettingsError, plugins, suggest
from pipeline.core.http import Address
from pipeline.engines.http.credentials import may_send
from pipeline.engines.registry import AUTO, ENGINES, OFF, EngineSpec, is_known, unknown_engine
from pipeline.trust import Reach, trust_command

if TYPE_CHECKING:
    from pipeline.project import Project

__all__ = [
    "download_reaches",
    "draft_reaches",
    "engine_reaches",
    "estimator_reaches",
    "model_path",
    "project_reaches",
    "second_reaches",
    "term_reaches",
]


def engine_reaches(project: Project, engine: str = "", model: str = "") -> tuple[Reach, ...]:
    """Return the reaching settings that take effect with an engine and a model.

    An `engine` or `model` that the user named is the user's own choice; "" is the setting.
    Raises EngineError for an unknown engine, SettingsError or EngineError for settings of it
    that are not valid.
    """
    name = engine or project.engine
    spec = ENGINES.get(name)
    texts = _engine(project, name, "engine", chosen_by_user=bool(engine))
    reaches: list[Reach] = []
    path = model_path(project) if not model and engine in ("", project.engine) else None
    # A plug-in is not imported to find out whether it loads models.
    if path is not None and (spec is None or spec.model_kind):
        reaches.append(Reach("model", str(path), f"The model file {path} is loaded"))
    return (*reaches, *texts)


def second_reaches(project: Project, engine: str = "") -> tuple[Reach, ...]:
    """Return the reaching settings that take effect with the engine of second opinions.

    An `engine` that the user named is the user's own choice; "" is the setting. Raises the
    errors of `engine_reaches`.
    """
    name = engine or project.second_opinion
    if name in ("", OFF):
        return ()
    return _engine(project, name, "second_opinion", chosen_by_user=bool(engine))


def term_reaches(project: Project, engine: str = "") -> tuple[Reach, ...]:
    """Return the reaching settings that take effect with the engine for missing terms.

    As `second_reaches`.
    """
    name = engine or project.term_engine
    if name in ("", OFF):
        return ()
    return _engine(project, name, "term_engine", chosen_by_user=bool(engine))


def download_reaches(project: Project) -> tuple[Reach, ...]:
    """Return the settings that decide from which machine models are installed."""
    reaches = []
    for name, table in project.engines.items():
        spec = ENGINES.get(name)
        address = spec.download_address(table) if spec else None
        if address and not address.is_loopback:
            effect = f"Models of {name} are installed from {address.netloc}"
            reaches.append(Reach(f"engines.{name}.records", str(table["records"]), effect))
    return tuple(reaches)


def estimator_reaches(project: Project) -> tuple[Reach, ...]:
    """Return the reaching settings that take effect with the estimator of the settings.

    Raises SettingsError for one that is not installed.
    """
    name = project.estimator
    if not name:
        return ()
    known = plugins.names(plugins.ESTIMATORS)
    if name not in known:
        hint = suggest(name, known, "Estimators") if known else "Install the package that has it."
        raise SettingsError(f"estimator: there is no plug-in {name!r}", hint)
    value = json.dumps(
        {name: project.estimators.get(name, {})}, ensure_ascii=False, sort_keys=True, default=str
    )
    effect = f"The plug-in {name} reads all drafts, and decides where texts are sent"
    return (Reach("estimator", value, effect),)


def draft_reaches(
    project: Project,
    engine: str = "",
    model: str = "",
    languages: tuple[str, ...] = (),
    second: str = "",
    terms: str = "",
) -> tuple[Reach, ...]:
    """Return the reaching settings that take effect when drafts are made.

    In addition to those of the engines, `second` and `terms` included, these are files outside
    the project that the memory reads, and whose texts would be sent away.
    """
    other = second or project.second_opinion
    if other in ("", OFF):  # Otherwise there is no engine for terms.
        other = terms or project.term_engine
        other_reaches = term_reaches(project, terms)
    else:
        other_reaches = second_reaches(project, second)
    own = (
        *engine_reaches(project, engine, model),
        *other_reaches,
        *estimator_reaches(project),
    )
    names = (engine or project.engine, other)
    specs = [ENGINES[name] for name in names if name in ENGINES]
    addresses = [_remote_address(project, spec) for spec in specs]
    hosts = {reach.host for reach in own if reach.host}
    hosts |= {address.netloc for address in addresses if address}
    sent = (reach for host in sorted(hosts) for reach in project.sending_reaches(host, languages))
    return tuple(dict.fromkeys((*own, *project.memory_reaches(languages), *sent)))


def project_reaches(project: Project) -> tuple[Reach, ...]:
    """Return all settings of a project that may reach beyond it, whatever the command.

    These include the tables of engines that are used with `--engine` only.
    """
    found = [*draft_reaches(project), *term_reaches(project)]
    found += [*project.notify_reaches(), *download_reaches(project)]
    used = (project.engine, project.second_opinion, project.term_engine)
    for name in project.engines:
        if name not in used and is_known(name):
            found += engine_reaches(project, name)
    for host in dict.fromkeys(reach.host for reach in found if reach.host):
        found += project.sending_reaches(host)
    return tuple(dict.fromkeys(found))


def model_path(project: Project) -> Path | None:
    """Return the path in the setting `model`, relative to the project; None for an id."""
    from pipeline import models

    if not project.model or not models.is_path(project.model):
        return None
    return project.root / os.path.expanduser(project.model)  # noqa: PTH111


def key_hosts(project: Project, spec: EngineSpec) -> frozenset[str]:
    """Return the hosts that the user named for a key by trusting the settings."""
    table = project.engines.get(spec.name, {})
    if spec.server is None or "url" not in table:
        return frozenset()
    address = spec.server_address(table)
    if address is None or project.trust.undecided(
        project.root, [_url(spec, table["url"], address)]
    ):
        return frozenset()
    return frozenset({address.netloc})


def withheld_key(project: Project, spec: EngineSpec) -> str:
    """Return a notice if a key is set that the server of the settings does not receive."""
    reaches = _server(project, spec, "engine", chosen_by_user=True) if spec.sends_text_away else ()
    optional = [reach for reach in reaches if not reach.required]
    if not project.trust.undecided(project.root, optional):
        return ""
    return (
        f"note: the key in {spec.key_variable} is not sent to the server of {optional[0]} "
        f"(allow it with `{trust_command(project.root)}`)"
    )


def _engine(
    project: Project, name: str, setting: str, *, chosen_by_user: bool
) -> tuple[Reach, ...]:
    """Return the settings that decide where an engine sends texts; `setting` selected it."""
    spec = ENGINES.get(name)
    if name != AUTO and not is_known(name):
        raise unknown_engine(name)
    if spec is not None and spec.sends_text_away:
        return _server(project, spec, setting, chosen_by_user=chosen_by_user)
    if spec is None and name != AUTO:
        return _undeclared(name, project.engines.get(name, {}), chosen_by_user=chosen_by_user)
    return ()


def _remote_address(project: Project, spec: EngineSpec) -> Address | None:
    if spec.server is None or not spec.sends_text_away:
        return None
    address = spec.server_address(project.engines.get(spec.name, {}))
    return None if address is None or address.is_loopback else address


def _server(
    project: Project, spec: EngineSpec, setting: str, *, chosen_by_user: bool
) -> tuple[Reach, ...]:
    table = project.engines.get(spec.name, {})
    if spec.server is None:
        return _undeclared(spec.name, table, chosen_by_user=chosen_by_user)
    address = spec.server_address(table)
    if address is None:
        return ()
    if "url" in table:
        if not address.is_loopback:
            return (_url(spec, table["url"], address),)
        # This machine needs no trust, but a key of the user does.
        key = spec.key_variable
        is_withheld = bool(os.environ.get(key, "").strip()) and not may_send(address, key)
        return (_url(spec, table["url"], address),) if is_withheld else ()
    if address.is_loopback or chosen_by_user:
        return ()
    effect = f"The texts to translate are sent to {address.netloc}, with your key"
    return (Reach(setting, spec.name, effect, address.netloc),)


def _url(spec: EngineSpec, url: str, address: Address) -> Reach:
    setting, host, key = f"engines.{spec.name}.url", address.netloc, spec.key_variable
    if address.is_loopback:
        return Reach(setting, url, f"{host} receives the key in {key}", required=False)
    effect = f"The texts to translate are sent to {host}, with the key in {key} if it is set"
    return Reach(setting, url, effect, host)


def _undeclared(name: str, table: object, *, chosen_by_user: bool) -> tuple[Reach, ...]:
    """Return the whole table of an engine that does not declare where texts go."""
    if chosen_by_user and not table:
        return ()
    value = json.dumps(table, ensure_ascii=False, sort_keys=True, default=str)
    effect = f"The plug-in {name} runs with these settings, and decides where texts are sent"
    return (Reach(f"engines.{name}", value, effect),)
