"""Second opinions by the command line, with the small models of two real engines."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.core import SecondOpinion
from pipeline.lang.chrf import agreement
from pipeline.models import argos
from pipeline.workflows.editing.entries import editor_entry
from tests.conftest import Translate
from tests.models.argos import DE_EN
from tests.models.argos.sentences import held_out, sentences
from tests.models.firefox import installed

UNSEEN = [s.de for s in {s.de: s for s in sentences(4000, 7, usual=1.0)}.values() if held_out(s)]
TEXTS = UNSEEN[:24]
ONE = re.compile(r"# translate: alternative (\d+) % by argos, model de-en 1.0: (.*)")


@pytest.fixture
def engines(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A project of German sentences, and models of firefox and argos from German to English."""
    with ExitStack() as stack:
        stack.enter_context(installed(tmp_path, "de-en"))
        argos.install_file(str(DE_EN))
        write(folder, TEXTS)
        (folder / "glossary/de-en.csv").unlink()
        yield folder


def write(folder: Path, texts: list[str], settings: str = "") -> None:
    (folder / "source_de/bruecke.txt").write_text("\n\n".join(texts), encoding="utf-8")
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{settings}', encoding="utf-8")


def path(folder: Path) -> Path:
    return folder / "output/en/LC_MESSAGES/bruecke.po"


def run(inside: Translate, *words: str) -> str:
    done = inside("run", "--force-language", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def drafts(folder: Path) -> dict[str, tuple[str, int]]:
    found = catalog.load(path(folder)).translations
    return {one.source: (one.target, one.confidence or 0) for one in found}


def test_the_comment_shows_where_the_engines_differ(engines: Path, inside: Translate) -> None:
    """The draft is that of the first engine; the less they agree, the lower the confidence."""
    run(inside)
    alone = drafts(engines)
    said = run(inside, "--redraft", "--second-opinion")
    assert "drafting with firefox (de-en 3.0 base)" in said
    assert "and argos (de-en 1.0) for second opinions" in said
    both = drafts(engines)
    entries = {entry.source: entry for entry in catalog.load(path(engines)).entries}
    differing = 0
    for source in TEXTS:
        entry = entries[source]
        (line,) = (note for note in entry.notes if "alternative" in note and "by argos" in note)
        match = ONE.fullmatch(line)
        assert match, line
        percent, (other,) = int(match[1]), editor_entry(entry, None).alternatives
        assert (other.engine, other.agreement) == ("argos", percent)
        assert any("draft by firefox de-en 3.0 base " in note for note in entry.notes)
        assert both[source][0] == alone[source][0]
        if match[2] == "the same text":
            assert (percent, other.target) == (100, "")
            assert both[source][1] == alone[source][1]
            continue
        differing += 1
        assert other.target not in ("", both[source][0])
        assert round(100 * agreement(other.target, both[source][0])) == percent
        assert (both[source][1] < alone[source][1]) is (percent < 79)
    assert 0 < differing < len(TEXTS)
    assert f"translates {differing} of {len(TEXTS)} drafts differently" in said


def test_it_costs_nothing_if_it_is_not_used(
    engines: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*arguments: object) -> object:
        raise AssertionError("argos was opened")

    monkeypatch.setattr("pipeline.engines.argos.engine.open_engine", never)
    run(inside)
    write(engines, TEXTS, 'second_opinion = "argos"')
    run(inside, "--redraft", "--second-opinion", "off")
    assert "alternative" not in path(engines).read_text(encoding="utf-8")


def test_the_setting(engines: Path, inside: Translate) -> None:
    """Any two engines; a run without the option follows the settings."""
    write(engines, TEXTS[:3], 'engine = "argos"\nsecond_opinion = "firefox"')
    run(inside)
    text = path(engines).read_text(encoding="utf-8")
    assert text.count("% by firefox, model de-en 3.0 base: ") == 3
    assert text.count("draft by argos de-en 1.0 ") == 3


def test_it_works_offline_and_from_the_cache(engines: Path, inside: Translate) -> None:
    run(inside, "--second-opinion", "--offline")
    before = path(engines).read_bytes()
    assert before.count(b"% by argos") == len(TEXTS)
    path(engines).unlink()
    assert f"{len(TEXTS)} of the drafts come from the cache" in run(inside, "--second-opinion")
    after = path(engines).read_bytes()
    assert re.sub(rb"Date: [^\\]*", b"", after) == re.sub(rb"Date: [^\\]*", b"", before)


def test_an_approved_entry_has_no_alternative(engines: Path, inside: Translate) -> None:
    run(inside, "--second-opinion")
    assert inside("reset", "--yes", "source_de/bruecke.txt").returncode == 0
    assert "alternative" not in path(engines).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "reason", "fix"),
    [
        (
            ("--engine", "firefox", "--second-opinion", "firefox"),
            "the second opinion would be of firefox, which drafts en itself",
            "--second-opinion ENGINE",
        ),
        (("--second-opinion", "argoss"), "no engine 'argoss'", "Did you mean 'argos'?"),
        (
            ("--second-opinion", "source_de/bruecke.txt"),
            "is a file, not an engine",
            "--second-opinion=auto source_de/bruecke.txt",
        ),
        (
            ("--second-opinion", "openai", "--offline"),
            "url",
            "[engines.openai]",
        ),
    ],
)
def test_an_engine_that_cannot_help_is_refused(
    engines: Path, inside: Translate, words: tuple[str, ...], reason: str, fix: str
) -> None:
    """Before anything is drafted."""
    done = inside("run", "--force-language", *words)
    assert done.returncode in (2, 3), done.stderr
    assert reason in done.stderr
    assert fix in done.stderr
    assert not path(engines).exists() or not any(
        one.target for one in catalog.load(path(engines)).translations
    )


def test_without_a_second_engine_the_fix_is_named(
    engines: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    (package,) = argos.installed_packages()
    argos.remove(package.id)
    done = inside("run", "--force-language", "--second-opinion")
    assert done.returncode == 3
    assert "no second engine is installed for en: firefox is the only one" in done.stderr
    assert "translate models install de-en" in done.stderr
    assert drafts(engines) == dict.fromkeys(TEXTS, ("", 0))


def test_a_server_of_the_settings_needs_trust(engines: Path, inside: Translate) -> None:
    """As for `engine`: nothing is sent before the user agrees."""
    write(engines, TEXTS[:2], 'second_opinion = "deepl"')
    done = inside("run", "--force-language", DEEPL_AUTH_KEY="secret-key-0815")
    assert done.returncode == 3
    assert "second_opinion = deepl" in done.stderr
    assert "translate trust" in done.stderr


def test_markup_and_texts_of_one_line(engines: Path, inside: Translate) -> None:
    """`translate text` offers the other translation, and keeps its markup."""
    text = TEXTS[0]
    marked = f"<b>{text.split()[0]}</b> {text.split(maxsplit=1)[1]}"
    line = json.dumps({"text": f"<p>{marked}</p>"})
    done = inside("text", "-l", "en", "--jsonl", "--format", "html", "--second-opinion", text=line)
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    (other,) = row["alternatives"]
    assert (other["engine"], other["model"]) == ("argos", "de-en 1.0")
    assert 0 < other["agreement"] <= 1
    assert "<b>" in other["translation"]
    assert other["translation"].endswith("</p>")
    plain = inside("text", "-l", "en", "--second-opinion", text="\n".join(TEXTS))
    assert len(plain.stdout.splitlines()) == len(TEXTS)
    assert re.search(r"^line \d+: argos: \S", plain.stderr, re.MULTILINE)
    assert "alternatives" not in json.loads(
        inside("text", "-l", "en", "--jsonl", text=json.dumps({"text": text})).stdout
    )


def test_exports_show_the_alternatives(engines: Path, inside: Translate) -> None:
    run(inside, "--second-opinion")
    done = inside("export", "--format", "csv", "-l", "en", "-o", "out")
    assert done.returncode == 0, done.stderr
    (exported,) = (engines / "out").rglob("*.csv")
    header, first, *_ = csv.reader(exported.read_text(encoding="utf-8-sig").splitlines())
    notes = dict(zip(header, first, strict=True))
    assert re.match(r"\d+ % by argos, model de-en 1.0: ", notes["alternatives"])
    assert "argos" not in notes["origin"]


def test_the_report_counts_them(engines: Path, inside: Translate) -> None:
    done = inside("run", "--force-language", "--second-opinion", "--json")
    (row,) = json.loads(done.stdout)["catalogs"]
    assert row["compared"] == len(TEXTS)
    assert 0 < row["disagreeing"] < len(TEXTS)


def test_the_price_of_both_engines_counts(engines: Path, inside: Translate) -> None:
    """And cached responses cost nothing."""
    write(engines, TEXTS, "[prices]\nfirefox = 10.0\nargos = 20.0")
    characters = sum(map(len, TEXTS))

    def cost(*words: str) -> float:
        done = inside("run", "--force-language", "--json", *words)
        return float(json.loads(done.stdout)["catalogs"][0]["cost"])

    assert cost() == pytest.approx(10 * characters / 1e6)
    path(engines).unlink()
    assert cost("--second-opinion") == pytest.approx(20 * characters / 1e6)


def test_an_alternative_of_the_same_length_is_no_provenance(tmp_path: Path) -> None:
    """A model may be named like the words between the fields of the line."""
    from pipeline.catalog.provenance import draft_lines, opinion_lines
    from pipeline.core import Provenance

    opinion = SecondOpinion("x", "a: b, model c\nd", "Eins: zwei.\n# no", 7)
    others = opinion_lines("One.", opinion)
    lines = draft_lines(Provenance("llama", "m", "", "0" * 8), (), None, others)
    assert all("\n" not in line for line in lines)
    assert lines[-1].startswith("# translate: draft by llama")
