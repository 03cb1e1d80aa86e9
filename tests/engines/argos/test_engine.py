"""The argos engine with real, small packages; see tests/packages/make.py for their making."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import translate
from pipeline.core.errors import EngineError, ModelError, SettingsError
from pipeline.engines.argos.engine import open_engine
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.models import argos
from tests.models.argos import DE_EN
from tests.models.argos.installed import installed
from tests.models.argos.sentences import demanded, demanded_twice, held_out, sentences

UNSEEN = [s for s in {s.de: s for s in sentences(4000, 7, usual=1.0)}.values() if held_out(s)][:60]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    """A store with the package from German to English."""
    folder = tmp_path_factory.mktemp("argos")
    with installed(folder, DE_EN) as patch:
        yield patch


@pytest.fixture(scope="module")
def engine(place: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The engine, as it is opened without settings."""
    loaded = open_engine(EngineConfig())
    yield loaded
    loaded.close()


def ask(engine: Engine, language: str, *requests: TranslationRequest) -> list[str]:
    answers = list(engine.translate(requests, language))
    assert all(answer.complete for answer in answers)
    return [answer.text for answer in answers]


def test_unseen_sentences_come_out_right(engine: Engine) -> None:
    """Dates, names and figures included; a rarer word for a noun is no error."""
    texts = ask(engine, "en", *(TranslationRequest(s.de) for s in UNSEEN))
    right = sum(text == s.en for text, s in zip(texts, UNSEEN, strict=True))
    assert right >= 0.7 * len(UNSEEN), list(zip(texts, [s.en for s in UNSEEN], strict=True))


def test_the_order_of_the_answers_is_that_of_the_requests(engine: Engine) -> None:
    """Though texts of like length are computed together."""
    requests = [TranslationRequest(s.de) for s in UNSEEN[:20]]
    forward = ask(engine, "en", *requests)
    assert ask(engine, "en", *requests[::-1]) == forward[::-1]


def test_sentences_of_a_paragraph_are_translated_one_by_one(engine: Engine) -> None:
    """A model of sentences would lose the second one."""
    one = "Der Kanzler reiste am 3. Juni nach Rom."
    said = "Die Kanzlerin sagte, dass die Reform teuer ist."
    apart = ask(engine, "en", TranslationRequest(one), TranslationRequest(said))
    assert ask(engine, "en", TranslationRequest(f"{one} {said}")) == [" ".join(apart)]


def test_terms_are_respected_in_a_sound_sentence(engine: Engine) -> None:
    """The term stands where the model's own word stood, and the rest is as it was."""
    request = TranslationRequest(
        "Am Montag kritisierte der Minister das Abkommen.", (("Abkommen", "accord"),)
    )
    assert ask(engine, "en", request) == ["On Monday, the minister criticised the accord."]


def test_a_term_does_not_cost_the_rest_of_the_sentence(engine: Engine) -> None:
    """A short candidate with the term is no better than the whole sentence without it."""
    cases = [group[0] for group in demanded_twice(60, seed=5)]
    plain = [TranslationRequest(c.sentence.de) for c in cases]
    own = list(engine.translate(plain, "en"))
    asked = [
        replace(r, terms=((c.term, c.targets["en"]),)) for r, c in zip(plain, cases, strict=True)
    ]
    for before, after in zip(own, engine.translate(asked, "en"), strict=True):
        assert len(after.text) >= 0.7 * len(before.text) or not before.complete


def test_at_least_95_percent_of_terms_are_respected(engine: Engine) -> None:
    """Of words that the model knows, does not know, and of German that it does not know."""
    cases = demanded(60, seed=11)
    requests = [TranslationRequest(c.sentence.de, ((c.term, c.targets["en"]),)) for c in cases]
    texts = ask(engine, "en", *requests)
    stems = [c.targets["en"].lower()[:-1] for c in cases]
    missed = [t for t, stem in zip(texts, stems, strict=True) if stem not in t.lower()]
    assert len(missed) <= 3, missed


def changed(folder: Path, **values: str) -> Path:
    """The package from German to English with other metadata."""
    path = folder / "changed.argosmodel"
    with zipfile.ZipFile(DE_EN) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("metadata.json"):
                data = json.dumps(json.loads(data) | values).encode()
            new.writestr(entry.filename, data)
    return path


def test_two_packages_one_after_another(place: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is no direct one; both stand in the origin, and terms are kept all the way.

    The second one makes nothing sensible of English, for it was trained on German.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_MODELS", str(tmp_path))
        argos.install_file(str(DE_EN))
        argos.install_file(str(changed(tmp_path, from_code="en", to_code="fr")))
        both = open_engine(EngineConfig())
        assert both.identity("fr").model == "de-en 1.0, then en-fr 1.0"
        assert both.identity("en").model == "de-en 1.0"
        term = ("Abkommen", "convention")
        (text,) = ask(
            both,
            "fr",
            TranslationRequest("Am Montag kritisierte der Minister das Abkommen.", (term,)),
        )
        assert "convention" in text.lower()


def test_a_prefix_is_given_to_the_model_and_taken_off(
    place: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Models of several languages want to be told which one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_MODELS", str(tmp_path))
        argos.install_file(str(changed(tmp_path, target_prefix="\u2581Friday")))
        prefixed = open_engine(EngineConfig())
        request = TranslationRequest("Die Partei reiste am 27. Juli 2028 nach Athen.")
        (text,) = ask(prefixed, "en", request)
        assert "Friday" not in text
        assert text


def test_addresses_stay_letter_by_letter(engine: Engine) -> None:
    """Underscores too, which Argos Translate itself turns into blanks."""
    (text,) = ask(
        engine, "en", TranslationRequest("Die Kanzlerin lobte https://haus.example/a_b in Berlin.")
    )
    assert "https://haus.example/a_b" in text


def test_it_is_surer_of_what_it_knows(engine: Engine) -> None:
    """Than of words that it has never seen."""
    known = [TranslationRequest(s.de) for s in sentences(5, seed=8)]
    strange = [
        TranslationRequest("Quallen, die quer durch Quadrate quaken, querulieren."),
        TranslationRequest("Ungeachtet dessen obsiegte abermals die Ungeduld des Imkers."),
    ]
    sure, unsure = (
        [answer.signals.likelihood for answer in engine.translate(requests, "en")]
        for requests in (known, strange)
    )
    assert max(unsure) < min(sure) <= 0


def test_a_text_has_the_same_translation_in_any_batch(engine: Engine) -> None:
    """With a required term too: shards and other machines draft it beside other texts."""
    cases = demanded(60, seed=12)
    requests = [
        TranslationRequest(one.sentence.de, ((one.term, one.targets["en"]),)) for one in cases
    ]
    requests.append(TranslationRequest("Quallen, die quer durch Quadrate quaken, " * 5))
    requests += [TranslationRequest(one.de) for one in UNSEEN]
    together = list(engine.translate(requests, "en"))
    alone = [next(iter(engine.translate([one], "en"))) for one in requests]
    assert together == alone  # with what drafting estimates the confidence from


def test_an_answer_sent_back_gives_another_one(engine: Engine) -> None:
    """The next best translation each time, and the last one again when there is no other."""
    text = "Der Minister hat das Treffen in Wien gelobt."
    given = ask(engine, "en", TranslationRequest(text))
    while given[-1] not in given[:-1]:
        given += ask(engine, "en", TranslationRequest(text, (), given[-1], ("It is wrong.",)))
    assert "" not in given
    assert len(given) > 3
    assert given[-1] == given[-2]


def test_answers_are_sent_back_together(engine: Engine) -> None:
    """Each gets what it would get alone, new texts among them too."""
    texts = [s.de for s in UNSEEN[:6]]
    first = ask(engine, "en", *map(TranslationRequest, texts))
    again = [
        TranslationRequest(text, (), previous, ("It is wrong.",))
        for text, previous in zip(texts, first, strict=True)
    ]
    alone = [ask(engine, "en", request)[0] for request in again]
    mixed = [TranslationRequest(texts[0]), *again, TranslationRequest(texts[1])]
    assert ask(engine, "en", *mixed) == [first[0], *alone, first[1]]


def test_an_unknown_answer_sent_back_gives_the_best_one(engine: Engine) -> None:
    """As what another engine said, or a human."""
    text = "Der Minister hat das Treffen in Wien gelobt."
    request = TranslationRequest(text, (), "Something else.", ("It is wrong.",))
    assert ask(engine, "en", request) == ask(engine, "en", TranslationRequest(text))


def test_a_language_without_packages_names_the_cure(engine: Engine) -> None:
    """Before anything is translated."""
    with pytest.raises(ModelError, match="no Argos package for de-es") as error:
        list(engine.translate([TranslationRequest("Eins.")], "es"))
    assert error.value.hint == "Install it: translate models install de-es"


def test_a_damaged_package_is_not_used(place: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its files are not those that were installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_MODELS", str(tmp_path))
        package = argos.install_file(str(DE_EN))
        model = package.folder / "model" / "model.bin"
        model.write_bytes(model.read_bytes()[:1000])
        with pytest.raises(ModelError, match="damaged"):
            list(open_engine(EngineConfig()).translate([TranslationRequest("Eins.")], "en"))


def test_a_package_that_goes_away_while_it_is_used(
    place: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is loaded goes on, and its drafts say who made them; another engine finds it gone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_MODELS", str(tmp_path))
        package = argos.install_file(str(DE_EN))
        loaded = open_engine(EngineConfig())
        before = ask(loaded, "en", TranslationRequest("Eins."))
        identity = loaded.identity("en")
        shutil.rmtree(package.folder)
        assert ask(loaded, "en", TranslationRequest("Eins.")) == before
        assert loaded.identity("en") == identity
        with pytest.raises(ModelError, match="no Argos package for de-en"):
            open_engine(EngineConfig()).identity("en")


@pytest.mark.parametrize(
    ("settings", "kind", "message"),
    [
        ({"beam": 4}, SettingsError, "unknown setting 'beam'"),
        ({"beam_size": "4"}, SettingsError, "is not a whole number"),
        ({"compute_type": "int3"}, EngineError, "int3"),
        ({"device": "abacus"}, EngineError, "abacus"),
    ],
)
def test_settings_that_are_wrong(
    place: pytest.MonkeyPatch, settings: dict[str, object], kind: type[Exception], message: str
) -> None:
    """They are told by name."""
    with pytest.raises(kind, match=message):
        list(
            open_engine(EngineConfig(settings=settings)).translate(
                [TranslationRequest("Eins.")], "en"
            )
        )


def test_a_model_cannot_be_named(place: pytest.MonkeyPatch) -> None:
    """The language decides on the package."""
    with pytest.raises(EngineError, match="has no choice of models"):
        open_engine(EngineConfig(model="qwen"))


def test_no_network_and_no_other_splitter(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Translating opens no socket, and nothing of Argos Translate is imported."""

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ask(engine, "en", TranslationRequest("Der Gipfel kostet 3,5 Milliarden Euro."))
    foreign = {"argostranslate", "stanza", "spacy", "minisbd", "torch"}
    assert not foreign & {name.partition(".")[0] for name in sys.modules}


def test_the_engine_costs_nothing_until_it_is_used() -> None:
    """Its libraries are imported when a package is loaded."""
    code = (
        "import sys, pipeline.engines.argos.engine; "
        "sys.exit(bool({'ctranslate2', 'sentencepiece', 'sacremoses', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_run_drafts_with_the_package(place: pytest.MonkeyPatch, folder: Path) -> None:
    """Without a word about engines: the drafts say who made them, and respect the glossary."""
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    (folder / "source_de" / "bruecke.txt").write_text(
        "Der Vertrag ist wichtig\n\nDie Partei reiste am 27. Juli 2028 nach Athen. Am Montag "
        "kritisierte der Minister das Abkommen.\n",
        encoding="utf-8",
    )
    (folder / "glossary" / "de-en.csv").write_text(
        "source,target\nAbkommen,accord\n", encoding="utf-8"
    )
    done = CliRunner().invoke(translate, ["-C", str(folder), "run", "--force-language"])
    catalog = (folder / "output/en/LC_MESSAGES/bruecke.po").read_text(encoding="utf-8")
    assert "drafting with argos" in done.stderr
    assert "# translate: draft by argos de-en 1.0 gl " in catalog
    assert 'msgstr "The party travelled to Athens on July 27, 2028."' in catalog
    assert 'msgstr "On Monday, the minister criticised the accord."' in catalog


def test_a_package_that_is_missing_for_the_next_language(
    place: pytest.MonkeyPatch, folder: Path
) -> None:
    """One clear line; the drafts of the language before it are in their catalog."""
    (folder / "translate.toml").write_text(
        'languages = ["en", "es"]\nengine = "argos"\n', encoding="utf-8"
    )
    done = CliRunner().invoke(translate, ["-C", str(folder), "run"])
    assert isinstance(done.exception, ModelError)
    assert "no Argos package for de-es" in done.exception.message
    assert "translate models install de-es" in done.exception.hint
    catalog = (folder / "output/en/LC_MESSAGES/bruecke.po").read_text(encoding="utf-8")
    assert "# translate: draft by argos de-en 1.0" in catalog


def test_a_text_beyond_the_positions_of_the_model_is_rejected_alone(engine: Engine) -> None:
    """The others of the batch are translated as without it; parts may be tried."""
    good = [TranslationRequest(s.de) for s in UNSEEN[:6]]
    expected = ask(engine, "en", *good)
    long = TranslationRequest("Der Gipfel " * 300 + ".")
    results = list(engine.translate([long, *good[:3], long, *good[3:], long], "en"))
    assert [r.text for r in results if not r.rejection_reason] == expected
    rejected = [r for r in results if r.rejection_reason]
    assert len(rejected) == 3
    assert all(r.retry_in_parts and "positions" in r.rejection_reason for r in rejected)
