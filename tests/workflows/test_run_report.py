"""Reports of runs: what programs read of one run, and of many."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import Translate
from tests.engines.loopback import Asked, Loopback, Reply, question
from tests.workflows.shard_project import answer, translating_server, use_server, write_project

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/run-report-schema.json").read_text(encoding="utf-8"))
ECHO = [sys.executable, "-c", "import sys; open('notified', 'wb').write(sys.stdin.buffer.read())"]


def load(path: Path) -> Any:
    """Return a report after checking it against the schema."""
    value = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(value, SCHEMA)
    return value


def failing_on(number: str) -> Loopback:
    """Return a server that is overloaded when it gets a text with a number."""

    def reply(asked: Asked) -> Reply:
        return Reply(status=503) if number in question(asked) else answer(asked)

    return Loopback(reply)


def settings(folder: Path, more: str) -> None:
    with (folder / "translate.toml").open("a", encoding="utf-8") as stream:
        stream.write(more)


def test_a_report_counts_what_the_run_did(folder: Path, inside: Translate) -> None:
    """For each article: drafts, words, terms, time and cost; the second run has nothing to do."""
    write_project(folder, 3)
    (folder / "glossary/de-en.csv").write_text("source,target\nFluss,river\n", encoding="utf-8")
    with translating_server() as server:
        use_server(folder, server.url)
        settings(folder, "[prices]\nopenai = 1000000\n")
        for name in ("first.json", "second.json"):
            done = inside("run", "--report", name)
            assert done.returncode == 0, done.stderr
    first, second = load(folder / "first.json"), load(folder / "second.json")
    assert (first["exit_code"], first["stopped"], first["shard"]) == (0, "", "1/1")
    assert [row["terms"] for row in first["catalogs"]] == [{"required": 1, "respected": 0}] * 3
    assert all(row["drafted"] == row["segments"] == 5 for row in first["catalogs"])
    assert all(row["characters"] > row["words"] > 20 for row in first["catalogs"])
    # A missing term is requested again, and paid again.
    for row in first["catalogs"]:
        assert row["cost"] == row["usage"]["characters"] > row["characters"]
    assert all(row["engine"] == "openai" and row["seconds"] > 0 for row in first["catalogs"])
    assert sum(row["drafted"] + row["words"] for row in second["catalogs"]) == 0
    assert all(row["waiting"] == 5 for row in second["catalogs"])


def test_the_sums_of_shards_are_those_of_one_run(folder: Path, inside: Translate) -> None:
    """`status --reports` merges them; a shard without a report is missing work."""
    write_project(folder, 6)
    with translating_server() as server:
        use_server(folder, server.url)
        assert inside("run", "--report", "whole.json", "--dry-run").returncode == 0
        for number in (1, 2, 3):
            done = inside("run", "--shard", f"{number}/3", "--report", f"part{number}.json")
            assert done.returncode == 0, done.stderr
    rows = [row for n in (1, 2, 3) for row in load(folder / f"part{n}.json")["catalogs"]]
    assert sorted(row["article"] for row in rows) == sorted(
        row["article"] for row in load(folder / "whole.json")["catalogs"]
    )

    done = inside("status", "--reports", "part*.json", "--json")
    merged = json.loads(done.stdout)
    assert (done.returncode, merged["reports"], merged["catalogs"]) == (0, 3, 6)
    assert merged["totals"]["drafted"] == 30
    assert merged["totals"]["words"] == sum(row["words"] for row in rows)

    (folder / "part2.json").unlink()
    done = inside("status", "--reports", "part*.json")
    assert done.returncode == 75
    assert "shard 2/3: no report" in done.stdout


def test_failures_are_listed_until_a_later_run_solves_them(folder: Path, inside: Translate) -> None:
    """The server was down for a text: the report is written, and says so."""
    write_project(folder, 2)
    with failing_on("1901") as server:
        use_server(folder, server.url)
        failed = inside("run", "--report", "1.json")
    report = load(folder / "1.json")
    assert failed.returncode == report["exit_code"] == 75
    assert "503" in report["error"]["message"]
    assert sum(row["left"] for row in report["catalogs"]) > 0
    done = inside("status", "--reports", "*.json")
    assert done.returncode == 75
    assert report["error"]["message"] in done.stdout
    with translating_server() as server:
        use_server(folder, server.url)
        assert inside("run", "--report", "2.json").returncode == 0
    done = inside("status", "--reports", "*.json", "--json")
    assert (done.returncode, json.loads(done.stdout)["problems"]) == (0, [])
    assert json.loads(done.stdout)["totals"]["drafted"] == 10


def test_a_run_stops_in_time_and_continues_later(folder: Path, inside: Translate) -> None:
    """What is left is counted, and due again; the exit code tells a scheduler to come back."""
    write_project(folder, 4)
    with translating_server() as server:
        use_server(folder, server.url)
        done = inside("run", "--max-time", "0.000001s", "--report", "report.json")
        report = load(folder / "report.json")
        assert (done.returncode, report["stopped"]) == (75, "max-time")
        assert sum(row["left"] for row in report["catalogs"]) == 20
        assert "Stopped by --max-time: 20 segments left" in done.stdout
        assert inside("run", "--max-time", "2h").returncode == 0
    assert inside("run", "--max-time", "soon").returncode == 2


def test_a_run_stops_after_failures(folder: Path, inside: Translate) -> None:
    """An engine that answers with nonsense does not get the whole project."""
    write_project(folder, 12)
    with Loopback(lambda asked: Reply(answer_german(asked))) as server:
        use_server(folder, server.url)
        done = inside("run", "--max-failures", "3", "--report", "report.json")
    report = load(folder / "report.json")
    assert (done.returncode, report["stopped"]) == (1, "max-failures")
    assert sum(row["failed"] for row in report["catalogs"]) >= 3
    assert sum(row["left"] for row in report["catalogs"]) > 0


def answer_german(asked: Asked) -> Any:
    body = answer(asked).body
    body["choices"][0]["message"]["content"] = question(asked)
    return body


def test_metrics_are_in_the_text_format_of_prometheus(folder: Path, inside: Translate) -> None:
    write_project(folder, 2)
    with translating_server() as server:
        use_server(folder, server.url)
        inside("run", "--metrics", "run.prom")
    text = (folder / "run.prom").read_text(encoding="utf-8")
    assert (
        'translate_run_segments{project="project",shard="1/1",language="en",state="drafted"} 10'
        in text
    )
    for line in text.splitlines():
        assert line.startswith(("# HELP translate_run_", "# TYPE translate_run_")) or (
            line.startswith("translate_run_") and float(line.rpartition(" ")[2]) >= 0
        )


def test_a_file_of_the_user_is_not_replaced(folder: Path, inside: Translate) -> None:
    """Not even by a run that would take hours before it notices."""
    (folder / "notes.json").write_text("{}", encoding="utf-8")
    for option in ("--report", "--metrics"):
        done = inside("run", option, "notes.json")
        assert done.returncode == 3
        assert "not overwritten" in done.stderr
    assert not (folder / "output/en").exists()


def test_the_end_of_a_run_is_notified_if_the_user_trusts_the_command(
    folder: Path, inside: Translate
) -> None:
    """A stranger's project must not choose a command; that of the user needs no trust."""
    write_project(folder, 1)
    with translating_server() as server:
        use_server(folder, server.url)
        own = (folder / "translate.toml").read_text(encoding="utf-8")
        settings(folder, f"[notify]\ncommand = {json.dumps(ECHO)}\n")
        done = inside("run")
        assert (done.returncode, (folder / "notified").exists()) == (3, False)
        assert "notify.command" in done.stderr
        assert "notify.command" in inside("trust", "--yes").stderr
        assert inside("run").returncode == 0
        assert json.loads((folder / "notified").read_bytes())["kind"] == "translate run"

        (folder / "notified").unlink()
        (folder / "translate.toml").write_text(own, encoding="utf-8")
        config = folder.parent / "config/translate/config.toml"
        config.write_text(f"[notify]\ncommand = {json.dumps(ECHO)}\n", encoding="utf-8")
        assert inside("run").returncode == 0
        assert (folder / "notified").exists()
        config.write_text('[notify]\ncommand = ["false"]\n', encoding="utf-8")
        done = inside("run")
        assert (done.returncode, "failed with exit code 1" in done.stderr) == (0, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON"),
        ("[]", "not the report of a run"),
        ('{"kind": "translate run", "version": 2}', "version 2"),
        ('{"kind": "translate run", "version": 1}', "no shard"),
        (
            '{"kind": "translate run", "version": 1, "shard": "1/1", "exit_code": 0,'
            ' "started": "", "error": null, "problems": [], "catalogs": [{}]}',
            "a catalog without article",
        ),
    ],
)
def test_other_files_are_no_reports(
    folder: Path, inside: Translate, content: str, message: str
) -> None:
    (folder / "r.json").write_text(content, encoding="utf-8")
    done = inside("status", "--reports", "r.json")
    assert (done.returncode, message in done.stderr) == (3, True), done.stderr


def test_a_pattern_without_files_is_wrong_usage(folder: Path, inside: Translate) -> None:
    assert inside("status", "--reports", "out/*.json").returncode == 2
    assert inside("status", "--reports", "").returncode == 2
