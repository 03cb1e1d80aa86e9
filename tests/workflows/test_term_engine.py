"""A second engine for missing terms, with the small models of two real engines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.core import EngineError
from pipeline.engines import memory_limits
from pipeline.models import argos
from tests.conftest import Translate
from tests.engines.loopback import Asked, Loopback, Reply
from tests.models.argos import DE_EN, EN_FR
from tests.models.firefox import installed

LACKING = (
    "Das Gericht und Karl Albrecht sprachen in Madrid über den Streik.",
    "Die Regierung hat den Zollstreit in Lissabon vorgestellt.",
)
"""Through English, argos translates neither term and firefox both."""

COMPLETE = "Das Gericht hat das Gesetz in Genf gelobt."
MISSING = "# translate: check: 'Zollstreit' must be translated as 'conflit douanier'"
GLOSSARY = """source,target
Zollstreit,conflit douanier
Streik,réunion d'urgence
Gesetz,loi
"""


@pytest.fixture
def engines(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A project that argos drafts into French, and models of firefox beside."""
    with ExitStack() as stack:
        patch = stack.enter_context(installed(tmp_path, "de-en", "en-fr"))
        patch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "argos"))
        for package in (DE_EN, EN_FR):
            argos.install_file(str(package))
        write(folder)
        (folder / "glossary/de-fr.csv").write_text(GLOSSARY, encoding="utf-8")
        article = "\n\n".join((*LACKING, COMPLETE))
        (folder / "source_de/bruecke.txt").write_text(article, encoding="utf-8")
        yield folder


def write(folder: Path, settings: str = "") -> None:
    text = f'languages = ["fr"]\nengine = "argos"\n{settings}\n'
    (folder / "translate.toml").write_text(text, encoding="utf-8")


def run(inside: Translate, *words: str, **variables: str) -> str:
    done = inside("run", "--force-language", *words, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def origins(folder: Path) -> dict[str, str]:
    """Return the engine of each draft by its German text."""
    path = folder / "output/fr/LC_MESSAGES/bruecke.po"
    found = catalog.load(path).translations
    return {one.source: one.provenance.engine if one.provenance else "" for one in found}


def text(folder: Path) -> str:
    return (folder / "output/fr/LC_MESSAGES/bruecke.po").read_text(encoding="utf-8")


def test_the_second_engine_drafts_what_lacks_a_term(engines: Path, inside: Translate) -> None:
    """Only that; the provenance names the engine and its models."""
    said = run(inside)
    assert said.count("fr: asking firefox (de-en 3.0 base, then en-fr 3.0 base)") == 1
    assert origins(engines) == dict.fromkeys(LACKING, "firefox") | {COMPLETE: "argos"}
    assert text(engines).count("draft by firefox de-en>en-fr 3.0 base ") == 2
    assert len(re.findall(r"alternative \d+ % by argos, model de-en 1.0, then", text(engines))) == 2
    assert "must be" not in text(engines)
    assert "2 of the drafts are by the second engine" in said
    assert re.search(r"\b3/3\b", said)


def test_no_other_text_reaches_it(
    engines: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not even opened, unless a term is missing."""

    def never(*arguments: object) -> object:
        raise AssertionError("firefox was opened")

    monkeypatch.setattr("pipeline.engines.firefox.engine.open_engine", never)
    run(inside, "--term-engine", "off")
    assert set(origins(engines).values()) == {"argos"}
    assert text(engines).count(MISSING) == 1
    (engines / "source_de/bruecke.txt").write_text(COMPLETE, encoding="utf-8")
    (engines / "output/fr/LC_MESSAGES/bruecke.po").unlink()
    run(inside)


def test_without_a_second_engine_nothing_changes(engines: Path, inside: Translate) -> None:
    """What is missing is reported in the comment, in the summary and by the check."""
    write(engines, 'term_engine = "argos"')
    said = run(inside)
    assert "second engine" not in said
    assert set(origins(engines).values()) == {"argos"}
    assert text(engines).count(MISSING) == 1
    assert re.search(r"\b1/3\b", said)


def broken(asked: Asked) -> Reply:
    if asked.method == "GET":
        return Reply({"info": {"version": "1.6"}})
    return Reply({"error": "out of order"}, 500)


def test_a_failure_is_reported_once_and_the_drafts_stay(engines: Path, inside: Translate) -> None:
    """A server that answers no text; two batches lack terms."""
    for number in range(2):
        article = "\n\n".join(LACKING)
        (engines / f"source_de/a{number}.txt").write_text(article, encoding="utf-8")
    with Loopback(broken) as server:
        table = f'[engines.libretranslate]\nurl = "{server.url}"\nretries = 0'
        write(engines, f'term_engine = "libretranslate"\n{table}')
        said = run(inside)
        asked = len(server.asked)
        assert asked
        (engines / "output/fr/LC_MESSAGES/bruecke.po").unlink()
    assert said.count("no second engine for missing terms") == 1
    assert "answers 500" in said
    assert "--term-engine off" in said
    assert "6 segments" not in said
    for path in (engines / "output/fr/LC_MESSAGES").glob("a?.po"):
        assert path.read_text(encoding="utf-8").count("draft by argos") == 2


def test_a_model_that_does_not_fit_is_not_loaded(
    engines: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    require = memory_limits.require_memory

    def limited(name: str, required: int, hint: str) -> None:
        if "worker processes" in name:
            raise EngineError(f"{name} needs about 1 GB of memory", hint)
        require(name, required, hint)

    monkeypatch.setattr(memory_limits, "require_memory", limited)
    said = run(inside)
    assert said.count("no second engine for missing terms") == 1
    assert "needs about 1 GB of memory" in said
    assert "reduce `workers`" in said
    assert set(origins(engines).values()) == {"argos"}


def test_offline_a_server_is_not_asked(engines: Path, inside: Translate) -> None:
    """And the drafts are there."""
    said = run(inside, "--offline", "--term-engine", "deepl", DEEPL_AUTH_KEY="secret-key-0815")
    assert "which --offline forbids" in said
    assert set(origins(engines).values()) == {"argos"}
    (engines / "output/fr/LC_MESSAGES/bruecke.po").unlink()
    run(inside, "--offline")
    assert origins(engines)[LACKING[0]] == "firefox"


def test_a_server_of_the_settings_needs_trust(engines: Path, inside: Translate) -> None:
    write(engines, 'term_engine = "deepl"')
    done = inside("run", "--force-language", DEEPL_AUTH_KEY="secret-key-0815")
    assert done.returncode == 3
    assert "term_engine = deepl" in done.stderr
    assert "translate trust" in done.stderr
    run(inside, "--term-engine", "off")


@pytest.mark.parametrize(
    ("words", "reason", "fix"),
    [
        (("--term-engine", "argoss"), "no engine 'argoss'", "Did you mean 'argos'?"),
        (("--term-engine",), "requires an argument", ""),
    ],
)
def test_wrong_names(
    engines: Path, inside: Translate, words: tuple[str, ...], reason: str, fix: str
) -> None:
    done = inside("run", *words)
    assert done.returncode == 2
    assert reason in done.stderr
    assert fix in done.stderr


def test_a_wrong_setting(engines: Path, inside: Translate) -> None:
    write(engines, 'term_engine = "argoss"')
    done = inside("run", "--force-language")
    assert done.returncode == 3
    assert "no engine 'argoss'" in done.stderr


def test_the_price_of_both_engines_counts(engines: Path, inside: Translate) -> None:
    """Only the texts that the second engine received; a server without prices is not asked."""
    write(engines, "[prices]\nfirefox = 20.0\nargos = 10.0")
    done = inside("run", "--force-language", "--json")
    (row,) = json.loads(done.stdout)["catalogs"]
    characters = sum(map(len, LACKING))
    every = characters + len(COMPLETE)
    assert row["cost"] == pytest.approx((10 * every + 20 * characters) / 1e6, abs=1e-6)
    assert (row["compared"], row["by_second"]) == (0, 2)


def chat(asked: Asked) -> Reply:
    """Answer as a chat server whose model knows no terms."""
    text = "Le gouvernement a présenté le différend à Lisbonne."
    return Reply({"choices": [{"message": {"content": text}}]})


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("", "--max-cost needs the prices of engine libretranslate"),
        ("price_per_million_characters = 1000000000", ""),
    ],
)
def test_the_limit_of_costs_counts_for_both_engines(
    engines: Path, inside: Translate, price: str, said: str
) -> None:
    """A request that may pass it is not sent, nor one without a price; the drafts stay."""
    (engines / "source_de/bruecke.txt").write_text(LACKING[1], encoding="utf-8")
    with Loopback(chat) as first, Loopback(broken) as second:
        write(
            engines,
            f"""term_engine = "libretranslate"
[engines.libretranslate]
url = "{second.url}"
{price}
[engines.openai]
url = "{first.url}/v1"
model = "m"
price_per_million_input_tokens = 1.0""",
        )
        done = inside("run", "--force-language", "--engine", "openai", "--max-cost", "5")
        assert not [one for one in second.asked if one.method == "POST"]
    assert said in done.stderr
    assert done.stderr.count("no second engine") == bool(said)
    assert origins(engines) == {LACKING[1]: "openai"}
    assert text(engines).count(MISSING) == 1


def test_a_second_opinion_replaces_it(
    engines: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine of second opinions has drafted the texts already."""
    said = run(inside, "--second-opinion", "--term-engine", "llama")
    assert "asking" not in said
    assert origins(engines)[LACKING[1]] == "firefox"


def test_texts_of_one_line(engines: Path, inside: Translate) -> None:
    """`translate text` names the engine of each line."""
    lines = [{"text": LACKING[1], "terms": {"Zollstreit": "conflit douanier"}}, {"text": COMPLETE}]
    words = ("text", "-l", "fr", "--jsonl")
    done = inside(*words, text="\n".join(map(json.dumps, lines)))
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["engines"] == [
        {"engine": "firefox", "model": "de-en 3.0 base, then en-fr 3.0 base"}
    ]
    assert first["terms"][0]["respected"]
    assert first["alternatives"][0]["engine"] == "argos"
    assert second["engines"] == [{"engine": "argos", "model": "de-en 1.0, then en-fr 1.0"}]
    plain = ("text", "-l", "fr", "--glossary", "glossary/de-fr.csv")
    done = inside(*plain, text=f"{COMPLETE}\n{LACKING[1]}\n")
    assert "line 2: translated by firefox, model de-en 3.0 base, then" in done.stderr
    assert "line 1:" not in done.stderr
    (copied,) = map(
        json.loads, inside(*words, text='{"text": "https://a.example"}').stdout.split("\n")[:1]
    )
    assert copied["engines"] == [{"engine": "source", "model": ""}]
    assert inside("text", "-l", "fr", text="https://a.example").stderr == ""
    assert "conflit douanier" in done.stdout.splitlines()[1]
    done = inside(*plain, "--term-engine", "off", text=LACKING[1])
    assert "conflit douanier" not in done.stdout
    assert not done.stderr


def test_a_line_stays_if_the_second_engine_fails(engines: Path, inside: Translate) -> None:
    with Loopback(broken) as server:
        write(engines, f'[engines.libretranslate]\nurl = "{server.url}"\nretries = 0')
        words = ("--glossary", "glossary/de-fr.csv", "--term-engine", "libretranslate")
        done = inside("text", "-l", "fr", *words, text="\n".join(LACKING))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("no second engine for missing terms") == 1
    assert len(done.stdout.splitlines()) == 2
