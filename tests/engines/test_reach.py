"""Settings of somebody else's project have no effect outside of it without trust."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pipeline.core.errors import EngineError, PipelineError, TrustError
from pipeline.engines import (
    project_reaches,
    resolve_engine,
    select_engine,
    select_second_engine,
    select_term_engine,
)
from pipeline.memory import TmxUnit, TranslationMemory, write_tmx
from pipeline.project import Project, load_project
from pipeline.trust import Trust, agree

KEY = "sk-very-secret-4711"
REMOTE = "https://mt.example/v1"


def openai(url: str, more: str = "") -> str:
    return f'engine = "openai"\n{more}\n[engines.openai]\nmodel = "m"\nurl = {url!r}'


INSIDE = [
    "",
    'engine = "auto"',
    'engine = "argos"',
    'engine = "llama"',
    'engine = "libretranslate"',
    'model = "qwen2.5-coder-1.5b-instruct-q4_k_m"',
    '[engines.llama]\nquality = "fast"',
    '[engines.deepl]\nformality = "more"',
    openai("http://127.0.0.1:8080/v1"),
    openai("http://127.9.9.9/v1"),
    openai("http://localhost:11434/v1"),
    openai("http://LOCALHOST/v1"),
    openai("http://[::1]:8080/v1"),
    openai("http://[::ffff:127.0.0.1]/v1"),
    openai("http://127.0.0.1/v1", 'model = "organisation/model"'),
    '[engines.libretranslate]\nurl = "http://127.0.0.1:5001"',
    'memory = ["tm/*.tmx"]',
    'memory = ["tm/../tm/**/*.tmx"]',
    'memory = ["./*.tmx", "**/*.tmx"]',
    "offline = true",
]
"""Settings without an effect outside the project."""

REMOTE_HOSTS = [
    "https://mt.example/v1",
    "https://api.openai.com/v1",
    "https://mt.example:8443/v1",
    "http://mt.example/v1",
    "https://127.0.0.1.evil.example/v1",
    "https://localhost.evil.example/v1",
    "https://evil-localhost/v1",
    "https://localhost./v1",
    "https://mt.localhost/v1",
    "https://128.0.0.1/v1",
    "https://0.0.0.0/v1",
    "https://10.0.0.1/v1",
    "https://169.254.169.254/v1",
    "https://192.168.1.1:8080/v1",
    "https://[::2]/v1",
    "https://[fe80::1]/v1",
    "https://[::ffff:10.0.0.1]/v1",
    "https://xn--mller-kva.example/v1",
    "https://evil.example/127.0.0.1/v1",
    "https://api.openai.com.evil.example/v1",
    "https://metadata.google.internal/v1",
]

OTHERS = (select_second_engine, select_term_engine)

BEYOND = [
    *((openai(url), {"engines.openai.url"}) for url in REMOTE_HOSTS),
    ('engine = "deepl"', {"engine"}),
    ('engine = "deepl"\n[engines.deepl]\nurl = "https://api.deepl.com"', {"engines.deepl.url"}),
    (f'[engines.openai]\nurl = "{REMOTE}"', {"engines.openai.url"}),
    ('term_engine = "deepl"', {"term_engine"}),
    (f'term_engine = "openai"\n[engines.openai]\nurl = "{REMOTE}"', {"engines.openai.url"}),
    ('term_engine = "phrasebook"', {"engines.phrasebook"}),
    ('second_opinion = "deepl"', {"second_opinion"}),
    ('second_opinion = "phrasebook"', {"engines.phrasebook"}),
    ('[engines.libretranslate]\nurl = "https://lt.example"', {"engines.libretranslate.url"}),
    (
        f'[engines.openai]\nurl = "{REMOTE}"\n[engines.deepl]\nurl = "https://dl.example"',
        {"engines.openai.url", "engines.deepl.url"},
    ),
    ('model = "/srv/models/any.gguf"', {"model"}),
    ('model = "any.gguf"', {"model"}),
    ('model = "models/any.gguf"\nengine = "llama"', {"model"}),
    ('model = "~/any.GGUF"', {"model"}),
    ('memory = ["/srv/tm/*.tmx"]', {"memory"}),
    ('memory = ["~/tm/*.tmx"]', {"memory"}),
    ('memory = ["~/**/*.tmx"]', {"memory"}),
    ('memory = ["/**/*.tmx"]', {"memory"}),
    ('memory = ["../other/*.tmx"]', {"memory"}),
    ('memory = ["tm/../../other/*.tmx"]', {"memory"}),
    ('memory = ["/srv/private.tmx"]', {"memory"}),
    ('memory = ["tm/*.tmx", "/srv/*.tmx"]', {"memory"}),
    (openai(REMOTE, 'memory = ["~/tm/*.tmx"]'), {"memory", "engines.openai.url"}),
    ('engine = "phrasebook"', {"engines.phrasebook"}),
    ('engine = "phrasebook"\n[engines.phrasebook]\na = 1', {"engines.phrasebook"}),
    ("[engines.phrasebook]\na = 1", {"engines.phrasebook"}),
]
"""Settings with an effect outside the project, and the keys of those settings."""


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug-in that is found and must not be imported."""
    from importlib.metadata import EntryPoint

    from pipeline.core import plugins

    def entry_points(group: str) -> tuple[EntryPoint, ...]:
        point = EntryPoint("phrasebook", "no_such_module:open_engine", "translate.engines")
        return (point,) if group == plugins.ENGINES else ()

    monkeypatch.setattr(plugins, "_entry_points", entry_points)


def load(folder: Path, settings: str) -> Project:
    text = f'languages = ["en"]\n{settings}\n'
    (folder / "translate.toml").write_text(text, encoding="utf-8")
    return load_project(folder)


@pytest.mark.parametrize("settings", INSIDE)
def test_settings_inside_the_project_need_no_trust(folder: Path, settings: str) -> None:
    """A project that keeps to itself never asks."""
    project = load(folder, settings)
    assert project_reaches(project) == ()
    project.memory_files()
    select_engine(project, "", "", "en", force=True)


@pytest.mark.parametrize(("settings", "keys"), BEYOND)
def test_settings_beyond_the_project_need_trust(
    folder: Path, plugin: None, settings: str, keys: set[str]
) -> None:
    """Without it, each of them is refused by name; a plug-in is not even imported."""
    project = load(folder, settings)
    reaches = project_reaches(project)
    assert {reach.setting for reach in reaches} == keys
    assert project.trust.undecided(project.root, reaches) == reaches
    uses = [project.memory_files]
    uses += [partial(select_engine, project, name, "", "en") for name in ("", *project.engines)]
    first = resolve_engine("argos", "", "en")
    uses += [partial(other, project, "", first) for other in OTHERS]
    refused = [error for error in map(problem, uses) if isinstance(error, TrustError)]
    for error in refused:
        assert f"translate -C {project.root} trust" in error.hint
    for key in keys:
        assert any(f"{key} = " in error.message for error in refused), key


def problem(use: Callable[[], object]) -> PipelineError | None:
    """Return the error of a use, None if there is none."""
    try:
        use()
    except PipelineError as error:
        return error
    return None


HARMLESS = [s for s, _ in BEYOND if "phrasebook" not in s and "/**" not in s]
"""Without a plug-in, which is no module here, and without a search of the whole disk."""


@pytest.mark.parametrize("settings", HARMLESS)
def test_trusted_settings_take_effect(folder: Path, settings: str) -> None:
    """Once the user agreed, nothing is refused for lack of trust, in a later command too."""
    agree(load(folder, settings).root, project_reaches(load(folder, settings)))
    project = load_project(folder)
    for use in (project.memory_files, partial(select_engine, project, "", "", "en")):
        assert not isinstance(problem(use), TrustError)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (openai(REMOTE), openai("https://evil.example/v1")),
        (openai(REMOTE), openai(f"{REMOTE}/other")),
        ('model = "a.gguf"', 'model = "b.gguf"'),
        ("[engines.phrasebook]\na = 1", "[engines.phrasebook]\na = 2"),
    ],
)
def test_a_changed_setting_asks_again(folder: Path, plugin: None, before: str, after: str) -> None:
    """The decision is on the value, not on the name."""
    project = load(folder, before)
    agree(project.root, project_reaches(project))
    assert not project.trust.undecided(project.root, project_reaches(project))
    changed = load(folder, after)
    assert changed.trust.undecided(changed.root, project_reaches(changed))
    again = load(folder, before)
    assert not again.trust.undecided(again.root, project_reaches(again))


def test_a_decision_is_on_one_project(folder: Path, tmp_path: Path) -> None:
    """The same settings in another folder ask again."""
    project = load(folder, openai(REMOTE))
    agree(project.root, project_reaches(project))
    other = tmp_path / "other"
    other.mkdir()
    copy = load(other, openai(REMOTE))
    assert copy.trust.undecided(copy.root, project_reaches(copy))


def test_what_the_user_names_needs_no_trust(folder: Path, plugin: None) -> None:
    """An engine or a model on the command line is the user's own choice."""
    project = load(folder, 'engine = "deepl"\nmodel = "evil.gguf"')
    select_engine(project, "deepl", "", "en")
    (folder / "own.gguf").write_bytes(b"GGUF")
    select_engine(project, "llama", str(folder / "own.gguf"), "en")
    with pytest.raises(TrustError):
        select_engine(load(folder, openai(REMOTE)), "openai", "", "en")
    with pytest.raises(PipelineError, match="cannot be imported"):
        select_engine(load(folder, ""), "phrasebook", "", "en")


def test_a_relative_model_is_one_of_the_project(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the command runs, it is the file to which the user agreed."""
    monkeypatch.chdir(tmp_path)
    for place in (folder, tmp_path):
        (place / "m.gguf").write_bytes(b"GGUF")
    project = load(folder, 'model = "m.gguf"')
    agree(project.root, project_reaches(project))
    model = select_engine(project, "", "", "en").model
    assert model is not None
    assert model.path == project.root / "m.gguf"


def link(at: Path, to: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.symlink_to(to)


def private(tmp_path: Path) -> Path:
    write = tmp_path / "private" / "firm.tmx"
    write.parent.mkdir()
    write_tmx(write, [TmxUnit("Die geheime Übernahme.", "The secret takeover.")], "en", "sentence")
    return write


@pytest.mark.parametrize(
    ("settings", "at", "folder_too"),
    [
        ("", "memory", True),
        ("", "memory/x.tmx", False),
        ('memory = ["tm/*.tmx"]', "tm", True),
        ('memory = ["tm/*.tmx"]', "tm/x.tmx", False),
        ('memory = ["*/*.tmx"]', "tm", True),
        ('memory = ["**/*.tmx"]', "deep/er/x.tmx", False),
        ('memory = ["x.tmx"]', "x.tmx", False),
        ('memory = ["tm/../x.tmx"]', "x.tmx", False),
    ],
)
def test_links_out_of_the_project_need_trust(
    folder: Path, tmp_path: Path, settings: str, at: str, folder_too: bool
) -> None:
    """A repository can hold symbolic links: the real place of a file counts."""
    outside = private(tmp_path)
    link(folder / at, outside.parent if folder_too else outside)
    (folder / "tm").mkdir(exist_ok=True)
    project = load(folder, settings)
    reaches = project_reaches(project)
    assert {reach.setting for reach in reaches} == {"memory"}
    assert all(str(tmp_path / "private") in reach.value for reach in reaches)
    with pytest.raises(TrustError, match="private"):
        TranslationMemory(project).refresh("en")
    agree(project.root, reaches)
    memory = TranslationMemory(project)
    memory.refresh("en")
    assert memory.exact("en", "Die geheime Übernahme.")
    memory.close()


def test_catalogs_behind_links_need_trust(folder: Path, tmp_path: Path) -> None:
    """Approved translations of another project are not read through a link."""
    other = tmp_path / "other.po"
    other.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Geheim."\nmsgstr "Secret."\n',
        encoding="utf-8",
    )
    link(folder / "output/en/LC_MESSAGES/x.po", other)
    project = load(folder, "")
    with pytest.raises(TrustError, match=r"other\.po"):
        TranslationMemory(project).refresh("en")
    trusting = replace(project, trust=Trust(everything=True))
    memory = TranslationMemory(trusting)
    memory.refresh("en")
    assert memory.exact("en", "Geheim.")
    memory.close()


def test_a_link_to_another_place_asks_again(folder: Path, tmp_path: Path) -> None:
    """The decision is on the real place."""
    first, second = tmp_path / "first", tmp_path / "second"
    for place in (first, second):
        place.mkdir()
    link(folder / "memory", first)
    project = load(folder, "")
    agree(project.root, project_reaches(project))
    project.memory_files()
    (folder / "memory").unlink()
    link(folder / "memory", second)
    with pytest.raises(TrustError, match="second"):
        project.memory_files()


def test_private_texts_and_a_server_are_agreed_to_together(folder: Path, tmp_path: Path) -> None:
    """Trust in a place and in a server does not yet send the texts of the one to the other."""
    outside = private(tmp_path)
    link(folder / "glossary/de-fr.csv", outside)
    project = load(folder, openai(REMOTE, f'memory = ["{outside}"]'))
    by_value = {reach.value: reach for reach in project_reaches(project)}
    assert f"{outside} -> mt.example" in by_value
    agree(project.root, [by_value[REMOTE], by_value[str(outside)]])
    project.memory_files()
    select_engine(project, "", "", "en")
    with pytest.raises(TrustError, match=r"mt\.example"):
        project.require_trust(project.sending_reaches("mt.example", ["en"]))


@pytest.mark.parametrize(
    "pattern", ["~nobody-of-this-name/x.tmx", "tm/a**b/*.tmx", "*/../../*.tmx", "a\\u0000b.tmx"]
)
def test_a_pattern_that_is_none_is_refused(folder: Path, pattern: str) -> None:
    """It is neither searched nor a traceback."""
    with pytest.raises(PipelineError, match=r"memory(: | = .* is not printable)"):
        load(folder, f'memory = ["{pattern}"]').memory_files()


def test_offline_wins(folder: Path) -> None:
    """Offline, the server is refused as such: nobody is asked to trust it."""
    selection = select_engine(load(folder, openai(REMOTE)), "", "", "en", offline=True)
    with pytest.raises(EngineError, match="which --offline forbids"):
        selection.open()


@pytest.mark.parametrize("value", ["1", "0", "", "yes"])
def test_the_variable_for_ci(folder: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """1 trusts, 0 does not, and another value is an error."""
    monkeypatch.setenv("TRANSLATE_TRUST_PROJECT", value)
    project = load(folder, openai(REMOTE))
    if value == "1":
        select_engine(project, "", "", "en")
        return
    with pytest.raises(PipelineError) as error:
        select_engine(project, "", "", "en")
    assert isinstance(error.value, TrustError) == (value != "yes")


def key_of(project: Project) -> str:
    opened = select_engine(project, "", "", "en").open()
    key: str = opened._server.secret.reveal()  # type: ignore[attr-defined]
    opened.close()
    return key


LOCAL = "http://127.0.0.1:8080/v1"


@pytest.mark.parametrize(
    ("url", "config", "sent"),
    [
        (LOCAL, "", False),
        (LOCAL, '["127.0.0.1:8080"]', True),
        (LOCAL, '["127.0.0.1"]', False),
        (LOCAL, '["localhost:8080"]', False),
        (LOCAL, '["mt.example", "127.0.0.1:8080"]', True),
        ("http://127.0.0.1/v1", '["127.0.0.1:80"]', True),
        ("http://[::1]:8080/v1", '["[::1]:8080"]', True),
        ("http://LocalHost:8080/v1", '["LOCALHOST:8080"]', True),
    ],
)
def test_a_key_goes_to_named_hosts_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, url: str, config: str, sent: bool
) -> None:
    """Even on this machine, a project does not choose who receives the key."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    if config:
        path = Path(os.environ["XDG_CONFIG_HOME"], "translate", "config.toml")
        path.parent.mkdir(parents=True)
        path.write_text(f"[keys]\nTRANSLATE_OPENAI_KEY = {config}\n", encoding="utf-8")
    project = load(folder, openai(url))
    assert key_of(project) == (KEY if sent else "")
    notice = select_engine(project, "", "", "en").withheld_key
    assert bool(notice) == (not sent)
    assert KEY not in notice
    agree(project.root, project_reaches(project))
    assert key_of(project) == KEY


def test_trust_names_the_host_for_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key goes to the trusted host; a host in `config.toml` alone is not trusted with texts."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    path = Path(os.environ["XDG_CONFIG_HOME"], "translate", "config.toml")
    path.parent.mkdir(parents=True)
    path.write_text('[keys]\nTRANSLATE_OPENAI_KEY = ["mt.example"]\n', encoding="utf-8")
    project = load(folder, openai(REMOTE))
    with pytest.raises(TrustError):
        key_of(project)
    agree(project.root, project_reaches(project))
    assert key_of(project) == KEY
    other = load(folder, openai("https://other.example/v1"))
    agree(other.root, project_reaches(other))
    assert key_of(other) == KEY
