"""Costs of `translate run` with a paid server: estimate, limit, and report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Translate
from tests.engines.loopback import Asked, Loopback, Reply
from tests.workflows.shard_project import answer, translating_server, use_server, write_project
from tests.workflows.test_run_report import load

PRICES = """price_per_million_input_tokens = 1000000
price_per_million_output_tokens = 2000000
currency = "EUR"
concurrency = 1
"""
"""An input token costs 1, an output token 2."""

USED = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
EACH = 100 + 2 * 10


def metered(asked: Asked) -> Reply:
    """Answer as a server that reports what a request consumed."""
    reply = answer(asked)
    return replace(reply, body=reply.body | {"usage": USED})


def use(folder: Path, url: str, prices: str = PRICES) -> None:
    use_server(folder, url)
    with (folder / "translate.toml").open("a", encoding="utf-8") as stream:
        stream.write(prices)


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return list(load(folder / name)["catalogs"])


def total(folder: Path, name: str) -> float:
    return sum(row["cost"] or 0 for row in rows(folder, name))


def test_the_server_s_usage_is_the_cost(folder: Path, inside: Translate) -> None:
    """Whatever was asked, retries included; the second run costs nothing."""
    write_project(folder, 3)
    with Loopback(metered) as server:
        use(folder, server.url)
        done = inside("run", "--report", "1.json", "--metrics", "run.prom")
        asked = len(server.bodies())
        assert done.returncode == 0, done.stderr
        assert inside("run", "--report", "2.json").returncode == 0
        assert len(server.bodies()) == asked
    assert total(folder, "1.json") == asked * EACH
    used = [row["usage"] for row in rows(folder, "1.json")]
    assert sum(one["input_tokens"] for one in used) == asked * 100
    assert sum(one["output_tokens"] for one in used) == asked * 10
    assert {row["currency"] for row in rows(folder, "1.json")} == {"EUR"}
    assert total(folder, "2.json") == 0
    assert f"Cost: {asked * EACH}.00 EUR." in done.stdout
    assert f'state="input_tokens"}} {asked * 100}' in (folder / "run.prom").read_text()
    merged = inside("status", "--reports", "?.json")
    assert f"Cost: {asked * EACH}.00 EUR" in merged.stdout


def test_the_limit_is_not_passed_and_work_is_kept(folder: Path, inside: Translate) -> None:
    """The run ends with 1, and later runs draft the rest and pay for nothing twice."""
    write_project(folder, 3)
    with Loopback(metered) as server:
        use(folder, server.url)
        assert inside("run", "--estimate", "--report", "0.json").returncode == 0
        (before,) = load(folder / "0.json")["estimates"]
        used = before["usage"]
        assert before["cost"] == used["input_tokens"] + 2 * used["output_tokens"] > 2_500
        estimate = inside("run", "--estimate")
        assert estimate.returncode == 0
        assert "Estimate for en: " in estimate.stdout
        assert " tokens, " in estimate.stdout
        assert "EUR" in estimate.stdout
        assert not server.bodies()
        limit = 2_500
        done = inside("run", "--max-cost", str(limit), "--report", "1.json")
        sent = len(server.bodies())
        assert done.returncode == 1, done.stderr
        report = load(folder / "1.json")
        assert report["stopped"] == "max-cost"
        assert 0 < total(folder, "1.json") == sent * EACH <= limit
        drafted = sum(row["drafted"] for row in report["catalogs"])
        left = sum(row["left"] for row in report["catalogs"])
        assert drafted > 0
        assert drafted + left == sum(row["segments"] for row in report["catalogs"])
        assert f"Stopped by --max-cost: {left} segments left" in done.stdout
        assert "will end this run early" in done.stderr
        rest = inside("run", "--report", "2.json")
        assert rest.returncode == 0, rest.stderr
    assert sum(row["drafted"] for row in rows(folder, "2.json")) == left
    assert sum(row["cost"] is not None for row in rows(folder, "2.json")) > 0


def test_a_limit_below_one_request_sends_nothing(folder: Path, inside: Translate) -> None:
    write_project(folder, 1)
    with Loopback(metered) as server:
        use(folder, server.url)
        done = inside("run", "--max-cost", "50")
        assert done.returncode == 1
        assert not server.bodies()


def test_without_reported_usage_tokens_are_estimated(folder: Path, inside: Translate) -> None:
    write_project(folder, 1)
    with translating_server() as server:
        use(folder, server.url)
        assert inside("run", "--report", "1.json").returncode == 0
        sent = len(server.bodies())
    (row,) = rows(folder, "1.json")
    assert row["usage"]["input_tokens"] > 100 * sent
    assert row["cost"] == row["usage"]["input_tokens"] + 2 * row["usage"]["output_tokens"]


@pytest.mark.parametrize("usage", [None, [], {"prompt_tokens": -5}, {"prompt_tokens": 10**15}])
def test_strange_usage_neither_fails_nor_counts(
    folder: Path, inside: Translate, usage: object
) -> None:
    write_project(folder, 1)

    def reply(asked: Asked) -> Reply:
        made = answer(asked)
        return replace(made, body=made.body | {"usage": usage})

    with Loopback(reply) as server:
        use(folder, server.url)
        assert inside("run", "--report", "1.json").returncode == 0
    assert 0 < total(folder, "1.json") < 1e6


def test_a_limit_needs_prices(folder: Path, inside: Translate) -> None:
    write_project(folder, 1)
    with translating_server() as server:
        use(folder, server.url, "")
        done = inside("run", "--max-cost", "5")
        assert done.returncode == 3
        assert "--max-cost needs the prices of engine openai" in done.stderr
        assert not server.bodies()
    use(folder, "http://127.0.0.1:9", 'price_per_million_input_tokens = "1"\n')
    assert "is not a number" in inside("run").stderr
    assert inside("run", "--max-cost", "5", "--on", "dask").returncode == 2
    assert inside("run", "--max-cost", "0").returncode == 2


def test_deepl_bills_characters(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the server reports, not what was sent; a batch that does not fit is divided."""
    monkeypatch.setenv("TRANSLATE_DEEPL_KEY", "0815-secret")
    write_project(folder, 3)

    def translated(asked: Asked) -> Reply:
        assert asked.body["show_billed_characters"] is True
        rows = [
            {"text": answer(_as_chat(text)).body["choices"][0]["message"]["content"],
             "billed_characters": len(text)}
            for text in asked.body["text"]
        ]  # fmt: skip
        return Reply({"translations": rows})

    with Loopback(translated) as server:
        (folder / "translate.toml").write_text(
            'languages = ["en"]\nengine = "deepl"\n[engines.deepl]\nconcurrency = 1\n'
            f'url = "{server.url}"\nprice_per_million_characters = 1000000\ncurrency = "USD"\n',
            encoding="utf-8",
        )
        estimate = inside("run", "--dry-run", "--trust").stdout
        done = inside("run", "--trust", "--max-cost", "200", "--report", "1.json")
        billed = sum(len(text) for body in server.bodies() for text in body["text"])
    assert "about 5" in estimate or "about 4" in estimate or "about 6" in estimate
    assert done.returncode == 1, done.stderr
    assert 100 < total(folder, "1.json") == billed <= 200
    assert json.loads((folder / "1.json").read_text())["stopped"] == "max-cost"


def _as_chat(text: str) -> Asked:
    """Return a text as the request that `answer` reads."""
    body = {"messages": [{"role": "user", "content": text}]}
    return Asked("POST", "/", {}, body, 0.0)  # type: ignore[arg-type]
