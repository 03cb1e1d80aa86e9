"""The reports are what their readers expect: terminals, programs, CI servers."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.registry import CHECKS
from pipeline.checks.reports import REPORTS, is_report, reporter
from pipeline.checks.runner import Notice, Tally
from pipeline.core.errors import SettingsError
from pipeline.core.types import Finding, Severity

ROOT = Path(__file__).parents[3]
SARIF = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"
NASTY = 'a <b> & "c" \' % : , \n\r\t \x00\x1b[31m \ud7ff 中 ]]> ::error::'
FINDINGS = [
    Finding("numbers", Severity.ERROR, "'7' became '8'", Path("a b/x.po"), 12, "en", "7", "8"),
    Finding("quotes", Severity.WARNING, NASTY, Path("a b/x.po"), 20, "en", NASTY, NASTY),
    Finding("negation", Severity.INFO, "Really?", Path("fr/ü.po"), 3, "fr", "nicht", "oui"),
    Finding("malformed", Severity.ERROR, "broken", Path("fr/ü.po"), 0, "fr"),
]
DRAFT = Finding("dates", Severity.ERROR, "Lost", Path("x.po"), 3, "en", "am 3. Mai", "in May", 12)
COUNTED = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 1}


def written(name: str, findings: list[Finding]) -> str:
    return "".join(reporter(name)(iter(findings), Tally(2, 40, dict(COUNTED))))


def test_text_names_place_severity_and_check() -> None:
    """The first line of a finding is `file:line: severity id: message`, as of a compiler."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", written("text", FINDINGS)).split("\n")
    assert plain[0] == "a b/x.po:12: error numbers: '7' became '8'"
    assert plain[1:3] == ["    - 7", "    + 8"]
    assert "fr/ü.po: error malformed: broken" in plain
    assert plain[-2] == "40 entries in 2 catalogs: 2 errors, 1 warning, 1 for information"


def test_text_obeys_no_control_characters_of_a_catalog() -> None:
    """A translation cannot move the cursor or colour the terminal of who checks it."""
    text = written("text", [FINDINGS[1]])
    assert "\x00" not in text
    assert "\x1b[31m " not in text
    assert len(text.split("\n")) == 5


def test_json_is_what_its_schema_says() -> None:
    """The documented schema describes the report."""
    schema = json.loads((ROOT / "docs" / "report-schema.json").read_text(encoding="utf-8"))
    report = json.loads(written("json", FINDINGS))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)
    assert [row["line"] for row in report["findings"]] == [12, 20, 3, 0]
    assert report["findings"][1]["target"] == NASTY
    assert report["summary"] == {
        "catalogs": 2, "entries": 40, "errors": 2, "warnings": 1, "infos": 1,
        "accepted": 0,
    }  # fmt: skip


@pytest.mark.parametrize("findings", [FINDINGS, []], ids=["some", "none"])
def test_sarif_is_valid(findings: list[Finding]) -> None:
    """GitHub's code scanning takes what the schema of SARIF 2.1.0 allows."""
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    report = json.loads(written("sarif", findings))
    jsonschema.Draft4Validator(schema).validate(report)


def test_a_draft_tells_how_sure_it_is() -> None:
    """To programs, always: the least sure one is the most urgent. To people, if they ask."""
    (row,) = json.loads(written("json", [DRAFT]))["findings"]
    assert row["confidence"] == 12
    assert json.loads(written("json", FINDINGS))["findings"][0]["confidence"] is None
    report = json.loads(written("sarif", [DRAFT, FINDINGS[0]]))
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(report)
    draft, other = report["runs"][0]["results"]
    assert (draft["rank"], draft["properties"]["confidence"]) == (88, 12)
    assert "rank" not in other
    asked = "".join(reporter("text", verbose=True)([DRAFT, FINDINGS[0]], Tally()))
    assert asked.count("Lost (a draft, confidence 12 %)") == asked.count("confidence") == 1
    assert "confidence" not in written("text", [DRAFT])


def test_sarif_points_at_its_rules() -> None:
    """Every result names a rule, by id and by index; places are URIs."""
    run = json.loads(written("sarif", FINDINGS))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [check.id for check in CHECKS]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    places = [r["locations"][0]["physicalLocation"] for r in run["results"]]
    assert places[0] == {
        "artifactLocation": {"uri": "a%20b/x.po"}, "region": {"startLine": 12}
    }  # fmt: skip
    assert "region" not in places[3]
    assert [r["level"] for r in run["results"]] == ["error", "warning", "note", "error"]


def test_sarif_ranks_the_least_sure_draft_highest() -> None:
    """The rank runs against the confidence, from 0 to 100, and findings stay in their order."""
    sure = [0, 100, 1, 62]
    findings = [replace(DRAFT, line=n, confidence=c) for n, c in enumerate(sure, 1)]
    results = json.loads(written("sarif", findings))["runs"][0]["results"]
    assert [r["rank"] for r in results] == [100, 0, 99, 38]
    assert [r["properties"]["confidence"] for r in results] == sure
    lines = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in results]
    assert lines == [1, 2, 3, 4]


def test_sarif_states_the_usual_level_of_a_rule() -> None:
    """And each result its own, which the settings may have changed."""
    found = replace(FINDINGS[0], severity=Severity.INFO)
    run = json.loads(written("sarif", [found]))["runs"][0]
    levels = {"error": "error", "warning": "warning", "info": "note"}
    assert [rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]] == [
        levels[check.severity] for check in CHECKS
    ]
    assert run["results"][0]["level"] == "note"


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"line": 99}, True),
        ({"target": "nine"}, True),
        ({"severity": Severity.WARNING}, True),
        ({"confidence": 5}, True),
        ({"source": "77"}, False),
        ({"message": "'7' became '9'"}, False),
        ({"path": Path("a b/y.po")}, False),
        ({"check": "dates"}, False),
    ],
)
def test_sarif_knows_a_finding_again(change: dict[str, object], same: bool) -> None:
    """Where lines moved it is the same one; of another text, place or check it is another."""
    one, two = json.loads(written("sarif", [FINDINGS[0], replace(FINDINGS[0], **change)]))["runs"][
        0
    ]["results"]
    assert (one["partialFingerprints"] == two["partialFingerprints"]) == same


def test_github_commands_are_one_line_each() -> None:
    """A line break or a colon in a translation cannot end the command or begin another."""
    lines = written("github", FINDINGS).rstrip("\n").split("\n")
    assert len(lines) == len(FINDINGS) + 1
    assert lines[0] == "::error file=a b/x.po,line=12,title=numbers::'7' became '8'%0A8"
    assert lines[1].startswith("::warning file=a b/x.po,line=20,title=quotes::a <b>")
    assert "%25" in lines[1]
    assert lines[3] == "::error file=fr/ü.po,title=malformed::broken"


def test_junit_counts_its_cases() -> None:
    """A suite for every catalog, a failure for every error, nothing XML cannot hold."""
    root = ET.fromstring(written("junit", FINDINGS))
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "4", "2")
    assert [s.get("name") for s in root] == ["a b/x.po", "fr/ü.po"]
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite)
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
    assert ET.fromstring(written("junit", [])).get("failures") == "0"


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_reported(text: str) -> None:
    """Whatever stands in a catalog, machines can read the report of it."""
    found = [Finding("quotes", Severity.ERROR, text or "x", Path("x.po"), 1, "en", text, text)]
    ET.fromstring(written("junit", found))
    for name in ("json", "sarif"):
        assert json.loads(written(name, found))
    assert written("github", found).count("\n") == 2
    assert written("text", found).endswith("\n")


def noticed(name: str, findings: list[Finding], tally: Tally | None = None) -> str:
    tally = tally or Tally(2, 40)
    tally.notices = [Notice("no glossary for fr: <x>\n::error::", "fr")]
    return "".join(reporter(name)(iter(findings), tally))


@pytest.mark.parametrize("findings", [FINDINGS, []], ids=["some", "none"])
def test_notices_are_in_every_report_for_programs(findings: list[Finding]) -> None:
    """Reports stay valid, and no notice is a command of its own."""
    schema = json.loads((ROOT / "docs" / "report-schema.json").read_text(encoding="utf-8"))
    report = json.loads(noticed("json", findings))
    jsonschema.validate(report, schema)
    assert report["notices"] == [
        {"message": "no glossary for fr: <x>\n::error::", "language": "fr"}
    ]
    sarif = json.loads(noticed("sarif", findings))
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(sarif)
    (notification,) = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("no glossary for fr")
    root = ET.fromstring(noticed("junit", findings))
    assert int(root.get("tests", "")) == len(root.findall(".//testcase"))
    assert "no glossary for fr: <x>" in "".join(e.text or "" for e in root.iter("system-out"))
    lines = noticed("github", findings).split("\n")
    assert "::notice title=translate check::no glossary for fr: <x>%0A::error::" in lines
    assert not any(line.startswith("::error::") for line in lines)


def test_context_and_plural_form_are_in_every_report() -> None:
    """Two entries with the same German text can be told apart."""
    found = replace(FINDINGS[0], context="Menü <1>", plural_form=2)
    note = "context 'Menü <1>', plural form 2"
    (row,) = json.loads(written("json", [found]))["findings"]
    assert (row["context"], row["plural_form"]) == ("Menü <1>", 2)
    (result,) = json.loads(written("sarif", [found]))["runs"][0]["results"]
    assert (result["properties"]["context"], result["properties"]["pluralForm"]) == ("Menü <1>", 2)
    assert f"'7' became '8' ({note})" in written("text", [found])
    assert f"'7' became '8' ({note})%0A8" in written("github", [found])
    assert note in "".join(ET.fromstring(written("junit", [found])).itertext())
    assert "context" not in written("text", [FINDINGS[0]])


def test_the_summary_counts_accepted_findings() -> None:
    """In words at the end, and as a number in JSON."""
    tally = Tally(1, 3, {}, accepted=5)
    assert "".join(reporter("text")([], tally)) == (
        "3 entries in 1 catalog: 0 errors, 0 warnings, 5 accepted\n"
    )
    assert json.loads("".join(reporter("json")([], tally)))["summary"]["accepted"] == 5


def test_github_gets_no_more_annotations_than_it_shows() -> None:
    """The others are lines of the log that the runner does not take for commands."""
    errors = [replace(FINDINGS[0], line=n) for n in range(1, 26)]
    warnings = [replace(FINDINGS[1], line=n, message="##[error]x\n::error::y") for n in range(12)]
    report = written("github", [*errors, *warnings, FINDINGS[2]])
    lines = report.rstrip("\n").split("\n")
    kinds = Counter(line.split(" ")[0] for line in lines if line.startswith("::"))
    assert kinds == {"::error": 10, "::warning": 10, "::notice": 1}
    assert sum("x.po:" in line and line.startswith("- ") for line in lines) == 17
    assert not any("##[" in line for line in lines if not line.startswith("::"))
    assert "- 17 findings are only in this log, because GitHub shows 10 errors" in report
    assert is_report(report.encode())


def test_sarif_stays_below_the_limit_of_github() -> None:
    """The worst findings come first, and a notification counts the others."""
    infos = [replace(FINDINGS[2], line=n) for n in range(1, 24_000)]
    errors = [replace(FINDINGS[0], line=n) for n in range(1, 1_500)]
    (run,) = json.loads(written("sarif", [*infos, *errors]))["runs"]
    levels = [result["level"] for result in run["results"]]
    assert levels == ["error"] * 1_499 + ["note"] * 23_500
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("499 findings are left out")


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "github"])
def test_long_texts_are_cut(name: str) -> None:
    """An entry of megabytes makes no report of megabytes."""
    text = "Wort " * 200_000
    report = written(
        name, [Finding("quotes", Severity.ERROR, text, Path("x.po"), 1, "en", text, text)]
    )
    assert "…" in report
    assert len(report) < 40_000


def test_no_checked_entry_is_no_passed_case() -> None:
    """A CI server must not show success if there was nothing to check."""
    root = ET.fromstring("".join(reporter("junit")([], Tally())))
    assert root.find(".//testcase/skipped") is not None
    assert ET.fromstring(written("junit", [])).find(".//testcase/skipped") is None


def test_an_unknown_report_is_named() -> None:
    """A wrong name gets the list of the right ones."""
    with pytest.raises(SettingsError, match="no report 'xml'") as error:
        reporter("xml")
    assert all(name in error.value.hint for name in REPORTS)
