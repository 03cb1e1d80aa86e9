"""The response cache: responses are reused, and failures of the cache never stop a run."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.drafting.refinement import RETRIES, draft
from pipeline.drafting.types import DraftRequest, DraftResult, Evaluator, Issue
from pipeline.engines import cache as answer_cache
from pipeline.engines.argos.engine import open_engine
from pipeline.engines.base import (
    Engine,
    EngineConfig,
    EngineInfo,
    TranslationRequest,
    TranslationResult,
)
from pipeline.engines.cache import CachedResponse, CacheScope, ResponseCache
from pipeline.engines.openai import open_engine as open_chat
from pipeline.engines.prompts import messages
from tests.drafting.test_refinement import GIPFEL, Faulty, wants_summit
from tests.engines.loopback import Loopback, chat
from tests.models.argos import DE_EN
from tests.models.argos.installed import installed

pytest.importorskip("ctranslate2")

TASKS = [
    DraftRequest("Der Kanzler reiste am 3. Juni nach Rom."),
    DraftRequest("Am Montag kritisierte der Minister das Abkommen.", (("Abkommen", "accord"),)),
]


class Counting:
    """An engine that counts what it is asked, and lets another one answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.asked: list[TranslationRequest] = []
        self.identity = engine.identity
        if hasattr(engine, "settings_key"):
            self.settings_key = engine.settings_key

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        self.asked += requests
        return self._engine.translate(requests, language)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A store with the package from German to English."""
    folder = tmp_path_factory.mktemp("argos")
    with installed(folder, DE_EN):
        yield


@pytest.fixture
def argos(store: None) -> Iterator[Counting]:
    engine = open_engine(EngineConfig())
    yield Counting(engine)
    engine.close()


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder; gives the file that answers are kept in."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "answers"))
    return tmp_path / "answers" / "answers-1.sqlite"


def nothing_wrong(source: str, target: str) -> list[Issue]:
    return []


def drafted(
    engine: Engine,
    *tasks: DraftRequest,
    judge: Evaluator = nothing_wrong,
    setup: EngineConfig | None = None,
    reading: bool = True,
    told: list[str] | None = None,
) -> list[DraftResult]:
    """Draft as a run does, with a cache of its own."""
    cache = ResponseCache((told if told is not None else []).append, reading=reading)
    known = cache.for_engine(engine, "en", setup or EngineConfig())
    made = [drafted for _, drafted in draft(engine, "en", tasks, judge, known)]
    cache.close()
    return made


def test_the_same_text_is_not_asked_for_again(argos: Counting) -> None:
    """In a later run, in another project: the draft is the same, and says who made it."""
    first = drafted(argos, *TASKS)
    argos.asked.clear()
    again = drafted(argos, *TASKS)
    assert argos.asked == []
    assert again == [replace(one, from_cache=True) for one in first]
    new = DraftRequest("Die Kanzlerin sagte, dass die Reform teuer ist.")
    assert [one.from_cache for one in drafted(argos, TASKS[0], new, TASKS[1])] == [
        True, False, True
    ]  # fmt: skip
    assert argos.asked == [new.request()]


@pytest.mark.parametrize(
    "task",
    [
        replace(TASKS[1], text="Am Dienstag kritisierte der Minister das Abkommen."),
        replace(TASKS[1], terms=()),
        replace(TASKS[1], terms=(("Abkommen", "agreement"),)),
        replace(TASKS[1], examples=(("Das Abkommen gilt.", "The accord holds."),)),
        replace(TASKS[1], label=True),
    ],
)
def test_another_request_is_asked(argos: Counting, task: DraftRequest) -> None:
    """Whatever the engine is told may change its answer."""
    drafted(argos, *TASKS)
    argos.asked.clear()
    drafted(argos, task)
    assert argos.asked == [task.request()]


def test_another_engine_is_asked(argos: Counting) -> None:
    """One with another digest, version or model; threads change no answer, the beam does."""
    drafted(argos, TASKS[0])

    def asked(**settings: object) -> bool:
        engine = Counting(open_engine(EngineConfig(settings=settings)))
        drafted(engine, TASKS[0], setup=EngineConfig(settings=settings))
        return bool(engine.asked)

    assert not asked(threads=1)
    assert asked(beam_size=1)
    for field in ("engine", "model", "digest", "version"):
        other = Counting(argos)
        known = argos.identity("en")
        other.identity = lambda language: replace(known, **{field: "other"})  # noqa: B023
        drafted(other, TASKS[0])
        assert other.asked, field
    argos.asked.clear()
    drafted(argos, TASKS[0], setup=EngineConfig(model="other"))
    assert argos.asked


def test_another_version_of_the_program_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may ask, or judge, in another way; the same version is not asked twice."""
    engine = Faulty(TranslationResult("He came."), TranslationResult("He arrived."))
    for version, text in (("1.0", "He came."), ("1.0", "He came."), ("1.1", "He arrived.")):
        monkeypatch.setattr(answer_cache, "__version__", version)
        assert drafted(engine, DraftRequest("Er kam."))[0].text == text
    assert len(engine.asked) == 2


def test_another_language_is_asked() -> None:
    """An engine may translate into many, and name none of them in its identity."""
    cache = ResponseCache([].append)
    english, french = (cache.for_engine(Faulty(), code, EngineConfig()) for code in ("en", "fr"))
    assert english
    assert french
    english.put(TranslationRequest("Er kam."), kept("He came"))
    assert english.get(TranslationRequest("Er kam."))
    assert french.get(TranslationRequest("Er kam.")) is None
    cache.close()


def test_another_wording_of_the_question_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat model is shown examples: with others, it may answer otherwise."""
    with Loopback(lambda _: chat("He came.")) as server:

        def ask() -> int:
            settings = {"url": f"{server.url}/v1", "model": "m"}
            engine = open_chat(EngineConfig(settings=settings))
            assert drafted(engine, DraftRequest("Er kam."), setup=EngineConfig(settings=settings))[
                0
            ].text
            return len(server.asked)

        assert [ask(), ask()] == [1, 1]
        monkeypatch.setitem(messages.EXAMPLES, "en", messages.EXAMPLES["en"][1:])
        assert [ask(), ask()] == [2, 2]
        monkeypatch.setattr(messages, "english_name", lambda code: f"good {code}")
        assert [ask(), ask()] == [3, 3]


def test_settings_count_where_an_engine_does_not_say_which() -> None:
    """That of a plug-in may have its phrases in them."""
    answers = [TranslationResult("He came.")] * 2
    one, two = EngineConfig(settings={"formal": True}), EngineConfig(settings={"formal": False})
    engine = Faulty(*answers)
    for setup in (one, two, one, two):
        drafted(engine, DraftRequest("Er kam."), setup=setup)
    assert len(engine.asked) == 2


class Server(Faulty):
    """An engine whose version is known when it has answered; see `EngineInfo.host`."""

    host = "a.example"

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("server", f"model {len(self.asked)}", "", "", self.host)


def test_a_server_is_known_by_its_address() -> None:
    """The draft names the version that answered, though the server was not asked for it."""
    (first,) = drafted(Server(TranslationResult("He came.")), DraftRequest("Er kam."))
    quiet = Server()
    (again,) = drafted(quiet, DraftRequest("Er kam."))
    assert (again.engine_info, quiet.asked) == (first.engine_info, [])
    elsewhere = Server(TranslationResult("He came."))
    elsewhere.host = "b.example"
    drafted(elsewhere, DraftRequest("Er kam."))
    assert elsewhere.asked


def test_an_engine_that_cannot_be_told_apart_is_always_asked() -> None:
    """As a server that runs whatever model it likes."""

    class Unknown(Faulty):
        def settings_key(self, language: str) -> None:
            return None

    engine = Unknown(TranslationResult("He came."), TranslationResult("He came."))
    for _ in range(2):
        drafted(engine, DraftRequest("Er kam."))
    assert len(engine.asked) == 2


def test_a_flaw_that_stayed_is_not_asked_about_again() -> None:
    """All questions were asked; a flaw that nobody looked for then is asked about now."""
    engine = Faulty(*[TranslationResult(f"The peak ended {n}.") for n in range(RETRIES + 2)])
    (first,) = drafted(engine, GIPFEL, judge=wants_summit)
    (again,) = drafted(engine, GIPFEL, judge=wants_summit)
    assert (again.text, again.issues) == (first.text, first.issues)
    assert len(engine.asked) == RETRIES + 1

    def stricter(source: str, target: str) -> list[Issue]:
        flaws = [Issue("numbers", "0 is too much.", critical=False)] if "0" in target else []
        return [*wants_summit(source, target), *flaws]

    engine = Faulty(TranslationResult("The summit ended."))
    (better,) = drafted(engine, GIPFEL, judge=stricter)
    assert better.text == "The summit ended."
    assert engine.asked[0].previous == first.text
    assert drafted(Faulty(), GIPFEL, judge=stricter)[0].text == better.text


def test_what_came_after_a_bad_answer_is_kept() -> None:
    """A second run asks not even the question that failed at first."""
    drafted(
        Faulty(TranslationResult(""), TranslationResult("The summit ended.")),
        GIPFEL,
        judge=wants_summit,
    )
    assert drafted(Faulty(), GIPFEL, judge=wants_summit)[0].text == "The summit ended."


@pytest.mark.parametrize(
    "answer",
    [
        TranslationResult(""),
        TranslationResult("So it", complete=False),
        TranslationResult("", rejection_reason="Too long."),
    ],
)
def test_failures_are_not_kept(answer: TranslationResult) -> None:
    """They are asked for again."""
    engine = Faulty(*[answer] * 2 * (RETRIES + 1))
    assert drafted(engine, DraftRequest("Er kam."))[0].failed
    asked = len(engine.asked)
    assert drafted(engine, DraftRequest("Er kam."))[0].failed
    assert len(engine.asked) == 2 * asked


def test_asked_anew_the_new_answer_takes_its_place() -> None:
    """That is what --redraft is for."""
    engine = Faulty(TranslationResult("He came."), TranslationResult("He arrived."))
    drafted(engine, DraftRequest("Er kam."))
    assert drafted(engine, DraftRequest("Er kam."), reading=False)[0].text == "He arrived."
    assert drafted(engine, DraftRequest("Er kam."))[0].text == "He arrived."


def known(told: list[str]) -> tuple[ResponseCache, CacheScope]:
    cache = ResponseCache(told.append)
    answers = cache.for_engine(Faulty(), "en", EngineConfig())
    assert answers is not None
    return cache, answers


def kept(text: str) -> CachedResponse:
    return CachedResponse(TranslationResult(f"{text}!"), EngineInfo("faulty", "none", "0", "1"))


def test_forgotten_texts_are_asked_for_again() -> None:
    """Whatever else was asked about them; other texts stay."""
    cache, answers = known([])
    requests = [
        TranslationRequest("Eins"),
        TranslationRequest("Eins", label=True),
        TranslationRequest("Zwei"),
    ]
    for request in requests:
        answers.put(request, kept(request.text))
    cache.invalidate(["Eins"])
    assert [answers.get(request) for request in requests] == [None, None, kept("Zwei")]
    cache.close()


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file grows up to a limit; a page in one text is not kept at all."""
    monkeypatch.setattr(answer_cache, "MAX_ENTRIES", 10)
    cache, answers = known([])
    for number in range(30):
        answers.put(TranslationRequest(str(number)), kept(str(number)))
    answers.put(TranslationRequest("20"), kept("again "))  # the youngest now
    found = [n for n in range(30) if answers.get(TranslationRequest(str(n)))]
    assert found == [20, *range(21, 30)]
    answers.put(TranslationRequest("x" * 100_000), kept("x"))
    assert answers.get(TranslationRequest("x" * 100_000)) is None
    cache.close()


def spoil(file: Path) -> None:
    """Overwrite the middle of the file."""
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xaa" * (file.stat().st_size - 4096))


@pytest.mark.parametrize("harm", ["no database", "spoilt", "cut", "a folder", "no folder"])
def test_a_broken_cache_is_not_in_the_way(argos: Counting, file: Path, harm: str) -> None:
    """The drafts are there all the same, one note tells of it, and a damaged file begins anew."""
    first = drafted(argos, *TASKS)
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    if harm == "no database":
        file.write_bytes(b"No database at all." * 1000)
    elif harm == "spoilt":
        spoil(file)
    elif harm == "cut":
        os.truncate(file, 4096 + 100)
    elif harm == "a folder":
        file.unlink()
        file.mkdir()
    else:
        shutil.rmtree(file.parent)
        file.parent.write_text("in the way", encoding="utf-8")
    told: list[str] = []
    again = drafted(argos, *TASKS, told=told)
    assert [one.text for one in again] == [one.text for one in first]
    assert len(told) == 1
    assert str(file) in told[0]
    argos.asked.clear()
    drafted(argos, *TASKS)
    drafted(argos, *TASKS, told=(later := []))
    if "folder" not in harm:
        assert later == []
        assert len(argos.asked) == len(TASKS)


def test_a_locked_cache_is_not_in_the_way(
    argos: Counting, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another program holds for long is left alone, and still there afterwards."""
    monkeypatch.setattr(answer_cache, "LOCK_TIMEOUT", 0.05)
    drafted(argos, TASKS[0])
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    told: list[str] = []
    assert all(one.text for one in drafted(argos, *TASKS, told=told))
    assert len(told) == 1
    other.execute("ROLLBACK")
    other.close()
    argos.asked.clear()
    drafted(argos, TASKS[0])
    assert argos.asked == []


def test_the_stored_form_is_stable(file: Path) -> None:
    """Responses and keys survive a renaming of classes."""
    cache, answers = known([])
    answers.put(TranslationRequest("Satz"), kept("Sentence"))
    cache.close()
    with sqlite3.connect(file) as db:
        ((stored,),) = db.execute("SELECT kept FROM answers")
    assert {key: sorted(value) for key, value in json.loads(stored).items()} == {
        "answer": ["complete", "confidence", "refused", "signals", "text"],
        "by": ["digest", "engine", "host", "model", "version"],
        "flaws": [],
    }
    assert open_engine(EngineConfig(settings={"threads": 3})).settings_key("en") == (
        "Settings(device='cpu', threads=0, compute_type='default', beam_size=4, batch_tokens=1024)"
    )


WRITER = """
import itertools, sys
from pipeline.engines.base import TranslationRequest
from tests.engines.test_cache import kept, known

told = []
cache, answers = known(told)
first, last = int(sys.argv[1]), int(sys.argv[2])
print(flush=True)
for n in range(first, last):
    answers.put(TranslationRequest(f"Satz {n}"), kept(f"Satz {n} " + "x" * 300))
    print(n, flush=True)
cache.close()
sys.exit(bool(told))
"""


def writer(first: int, last: int, limit: int = 0) -> subprocess.Popen[str]:
    """A process that keeps answers; `limit` is the size of the largest file it can write."""

    def set_limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(first), str(last)],
        stdout=subprocess.PIPE, text=True, preexec_fn=set_limit if limit else None,
    )  # fmt: skip


def test_killed_while_it_writes(file: Path) -> None:
    """The file is whole, and every answer that was kept is there."""
    chance = random.Random(5)
    for number in range(6):
        with writer(number * 100_000, (number + 1) * 100_000) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.15))
            process.kill()
            last = [line for line in process.stdout.read().split("\n") if line.strip()]
        told: list[str] = []
        cache, answers = known(told)
        for n in range(number * 100_000, int(last[-1]) if last else 0):
            assert answers.get(TranslationRequest(f"Satz {n}"))
        cache.close()
        assert told == []
    with sqlite3.connect(file) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_at_once() -> None:
    """Two runs lose no answer of each other, and hear of no trouble."""
    with writer(0, 300) as one, writer(300, 600) as two:
        one.communicate()
        two.communicate()
    assert (one.returncode, two.returncode) == (0, 0)
    cache, answers = known([])
    assert all(answers.get(TranslationRequest(f"Satz {n}")) for n in range(600))
    cache.close()


def test_a_full_disk(file: Path) -> None:
    """The work goes on; what was kept before can be found, and kept on when there is room."""
    with writer(0, 2000, limit=300_000) as process:
        out, _ = process.communicate()
    assert process.returncode == 1  # it was told
    assert len(out.split()) == 2000
    told: list[str] = []
    cache, answers = known(told)
    found = sum(answers.get(TranslationRequest(f"Satz {n}")) is not None for n in range(2000))
    answers.put(TranslationRequest("neu"), kept("neu"))
    assert answers.get(TranslationRequest("neu")) == kept("neu")
    assert 0 < found < 2000
    assert told == []
    cache.close()
