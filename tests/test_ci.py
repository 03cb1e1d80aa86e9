"""What is offered to CI runs: the hook, the action, and the snippets of docs/ci.md."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import pytest
import yaml

from tests.conftest import FIELDS

ROOT = Path(__file__).parent.parent
PRE_COMMIT = shutil.which(os.environ.get("PRE_COMMIT", "pre-commit"))
"""The program, which may be in another environment than that of the tests."""
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
CATALOG = f"""msgid ""
msgstr ""
"Language: fr\\n{FIELDS}Content-Type: text/plain; charset=UTF-8\\n"

msgid "Es sind 3 Tage."
msgstr "Ce sont {{}} jours."
"""


@pytest.fixture
def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in git with one clean catalog, and `translate` in the path."""
    place = folder / "output" / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "a.po").write_text(CATALOG.format(3), encoding="utf-8")
    tools = folder.parent / "bin"
    tools.mkdir()
    (tools / "translate").write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pipeline "$@"\n', encoding="utf-8"
    )
    (tools / "translate").chmod(0o755)
    (tools / "pip").symlink_to("/bin/true")  # no network in tests
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(folder)
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        subprocess.run(["git", *who, *words], check=True, capture_output=True)
    return folder


def break_it(project: Path) -> None:
    catalog = project / "output" / "fr" / "LC_MESSAGES" / "a.po"
    catalog.write_text(CATALOG.format(4), encoding="utf-8")


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found


def shell(text: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", text],
        capture_output=True, text=True, env=os.environ | variables, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("snippet", blocks("sh"))
def test_shell_snippets_run(project: Path, snippet: str) -> None:
    """Line by line as they stand; on clean catalogs every one passes."""
    done = shell(snippet)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_shell_snippet_fails_on_an_error(project: Path) -> None:
    """The gate is shut."""
    break_it(project)
    assert shell(blocks("sh")[0]).returncode == 1


@pytest.mark.parametrize("snippet", blocks("yaml"))
def test_yaml_snippets_are_yaml(snippet: str) -> None:
    """And they have what their readers look for."""
    data = yaml.safe_load(snippet)
    assert {"jobs", "repos", "translations", "report"} & set(data)


def test_the_gitlab_job_runs(project: Path) -> None:
    """Its script passes on clean catalogs and leaves the report; on an error it fails."""
    job = next(d for b in blocks("yaml") if (d := yaml.safe_load(b).get("translations")))
    script = "\n".join(job["script"])
    assert shell(script).returncode == 0
    report = project / job["artifacts"]["reports"]["junit"]
    assert report.read_text(encoding="utf-8").startswith("<?xml")
    break_it(project)
    assert shell(script).returncode == 1
    assert "<failure" in report.read_text(encoding="utf-8")


def test_the_github_snippets_use_inputs_of_the_action() -> None:
    """An unknown input would be passed over by GitHub."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    used = [
        step["with"]
        for block in blocks("yaml")
        for job in (yaml.safe_load(block).get("jobs") or {}).values()
        for step in job["steps"]
        if step.get("uses", "").startswith("OWNER/")
    ]
    assert used
    for inputs in used:
        assert set(inputs) <= set(action["inputs"])


@pytest.mark.parametrize(
    ("variables", "broken", "code", "shown"),
    [
        ({}, False, 0, "1 entry in 1 catalog"),
        ({}, True, 1, "::error file=output/fr/LC_MESSAGES/a.po,line=5,title=numbers::"),
        ({"PATHS": "output/fr"}, True, 1, "::error"),
        ({"ARGUMENTS": "--skip numbers"}, True, 0, "1 entry"),
        ({"SARIF": "x.sarif"}, True, 1, ""),
        ({"PATHS": "--output=translate.toml"}, False, 2, ""),
        ({"ARGUMENTS": "$(touch hacked); touch hacked"}, False, 2, ""),
    ],
)
def test_the_action_checks(
    project: Path, variables: dict[str, str], broken: bool, code: int, shown: str
) -> None:
    """Its last step does what its inputs say, and runs nothing that stands in them."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    *_, install, check = action["runs"]["steps"]
    assert "$GITHUB_ACTION_PATH" in install["run"]
    assert {*check["env"]} == {"PATHS", "ARGUMENTS", "SARIF"}
    if broken:
        break_it(project)
    done = shell(check["run"], **dict.fromkeys(check["env"], "") | variables)
    assert done.returncode == code, done.stdout + done.stderr
    assert shown in done.stdout
    assert (project / "x.sarif").exists() == ("SARIF" in variables)
    assert not (project / "hacked").exists()


def test_the_pre_commit_hook_runs(project: Path) -> None:
    """With the files of a commit as its arguments; it is offered catalogs alone."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    files = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout
    chosen = [name for name in files.split() if re.search(hook["files"], name)]
    assert chosen == ["output/fr/LC_MESSAGES/a.po"]
    command = shlex.join([*shlex.split(hook["entry"]), *hook["args"], *chosen])
    assert shell(command).returncode == 0
    break_it(project)
    assert shell(command).returncode == 1


GLOSSARY = "source,target\nTag,{}\n"


@pytest.fixture
def monorepo(project: Path) -> Path:
    """A git repository with two projects and a foreign catalog, each with its own glossary."""
    root = project.parent / "monorepo"
    for name, term in (("apps/one", "journée"), ("apps/two", "jour"), ("vendor", "date")):
        folder = root / name
        inside = "locale" if name == "vendor" else "output"
        catalog = folder / inside / "fr" / "LC_MESSAGES" / "a.po"
        for path in (folder / "glossary", catalog.parent):
            path.mkdir(parents=True)
        if name != "vendor":
            (folder / "translate.toml").write_text('languages = ["fr"]\n', encoding="utf-8")
        (folder / "glossary" / "de-fr.csv").write_text(GLOSSARY.format(term), encoding="utf-8")
        catalog.write_text(CATALOG.format(3), encoding="utf-8")
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    hook["language"] = "system"  # in the environment of the tests: no network
    hook["args"] = ["--require-glossary", *hook["args"]]
    settings = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)
    return root


def run_all_files(root: Path, *, with_pre_commit: bool) -> subprocess.CompletedProcess[str]:
    """Run the hooks of a repository as `pre-commit run --all-files` does, or with it."""
    if with_pre_commit:
        home = root.parent / "pre-commit"
        command = [PRE_COMMIT or "", "run", "--all-files", "--color", "never"]
        environment = os.environ | {"PRE_COMMIT_HOME": str(home)}
    else:
        config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
        (hook,) = config["repos"][0]["hooks"]
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
        )
        files = [name for name in listed.stdout.split("\0") if re.search(hook["files"], name)]
        command = [*shlex.split(hook["entry"]), *hook["args"], *files]
        environment = os.environ.copy()
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize(
    "with_pre_commit",
    [
        False,
        pytest.param(True, marks=pytest.mark.skipif(not PRE_COMMIT, reason="no pre-commit")),
    ],
    ids=["entry", "pre-commit"],
)
def test_the_hook_checks_each_catalog_of_a_repository_with_its_glossary(
    monorepo: Path, with_pre_commit: bool
) -> None:
    """From the root, which is no project: three catalogs with the same text, three verdicts."""
    done = run_all_files(monorepo, with_pre_commit=with_pre_commit)
    lines = [line for line in done.stdout.split("\n") if ": error " in line]
    assert done.returncode == 1, done.stdout + done.stderr
    assert lines == [
        "apps/one/output/fr/LC_MESSAGES/a.po:5: error terminology: "
        "'Tage' must be translated as 'journée'",
        "vendor/locale/fr/LC_MESSAGES/a.po:5: error terminology: "
        "'Tage' must be translated as 'date'",
    ]
    for name in ("apps/one", "vendor"):
        (monorepo / name / "glossary/de-fr.csv").write_text(GLOSSARY.format("jour"), "utf-8")
    done = run_all_files(monorepo, with_pre_commit=with_pre_commit)
    assert done.returncode == 0, done.stdout + done.stderr
    (monorepo / "vendor/glossary/de-fr.csv").unlink()
    done = run_all_files(monorepo, with_pre_commit=with_pre_commit)
    assert (done.returncode, "no glossary for fr" in done.stdout) == (1, True)


def test_the_pre_commit_hook_takes_file_names_for_no_options(project: Path) -> None:
    """A staged file may have any name; the example with arguments of the page is safe too."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (example,) = [
        one
        for block in blocks("yaml")
        for repository in yaml.safe_load(block).get("repos") or ()
        for one in repository["hooks"]
    ]
    for arguments in (hook["args"], example["args"]):
        assert arguments[-1] == "--"
        for name in ("--output=z.po", "--write-baseline.po"):
            (project / name).write_text(CATALOG.format(3), encoding="utf-8")
            done = shell(shlex.join([*shlex.split(hook["entry"]), *arguments, name]))
            assert done.returncode == 0, done.stderr
            assert (project / name).read_text(encoding="utf-8") == CATALOG.format(3)
    assert not (project / "z.po").exists()


def test_the_problem_matcher_of_vs_code_reads_findings(project: Path) -> None:
    """Its pattern finds file, line, severity, message and check in the report."""
    (task,) = json.loads(blocks("json")[0])["tasks"]
    pattern = task["problemMatcher"]["pattern"]
    break_it(project)
    lines = shell(task["command"]).stdout.splitlines()
    (match,) = [m for line in lines if (m := re.search(pattern["regexp"], line))]
    assert match[pattern["file"]] == "output/fr/LC_MESSAGES/a.po"
    assert (match[pattern["line"]], match[pattern["severity"]]) == ("5", "error")
    assert match[pattern["code"]] == "numbers"


def test_the_comment_on_a_pull_request_is_updated_in_place(project: Path) -> None:
    """The first run adds a comment, the next one replaces it; `gh` is a stand-in."""
    job = next(
        job
        for block in blocks("yaml")
        for name, job in (yaml.safe_load(block).get("jobs") or {}).items()
        if name == "report"
    )
    commands = [step.get("run", "") for step in job["steps"]]
    script = "\n".join(one for one in commands if "translate report" in one or "gh api" in one)
    gh = project.parent / "bin/gh"
    gh.write_text('#!/bin/sh\necho "$@" >>calls\ncase "$*" in *--jq*) cat known ;; esac\n')
    gh.chmod(0o755)
    for known, method in (("", "comments -F body=@report.md"), ("17\n", "-X PATCH")):
        (project / "known").write_text(known, encoding="utf-8")
        done = shell(script, GITHUB_REPOSITORY="o/r", NUMBER="3")
        assert done.returncode == 0, done.stderr
        last = (project / "calls").read_text(encoding="utf-8").splitlines()[-1]
        assert method in last
    assert last.startswith("api -X PATCH repos/o/r/issues/comments/17")
    assert (project / "report.md").read_text(encoding="utf-8").startswith("<!-- translate report")


class MergeRequest(BaseHTTPRequestHandler):
    """The notes of a merge request as GitLab's interface keeps them, behind a token."""

    notes: ClassVar[dict[int, str]] = {}

    def answer(self, value: object) -> None:
        assert self.headers["PRIVATE-TOKEN"] == "secret"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def body(self) -> str:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        return form["body"][0]

    def do_GET(self) -> None:
        self.answer([{"id": number, "body": text} for number, text in self.notes.items()])

    def do_POST(self) -> None:
        self.notes[len(self.notes) + 1] = self.body()
        self.answer({})

    def do_PUT(self) -> None:
        self.notes[int(self.path.rpartition("/")[2])] = self.body()
        self.answer({})

    def log_message(self, *_: object) -> None:
        pass


def test_the_note_on_a_merge_request_is_updated_in_place(project: Path) -> None:
    """The first run adds a note, the next one replaces it and no other."""
    job = next(one["report"] for b in blocks("yaml") if "report" in (one := yaml.safe_load(b)))
    MergeRequest.notes.clear()
    MergeRequest.notes[1] = "What of <!-- translate report -->?"
    with ThreadingHTTPServer(("127.0.0.1", 0), MergeRequest) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            for _ in range(2):
                done = shell(
                    "\n".join(job["script"]), REPORT_TOKEN="secret", CI_PROJECT_ID="7",
                    CI_MERGE_REQUEST_IID="3", no_proxy="127.0.0.1",
                    CI_API_V4_URL=f"http://127.0.0.1:{server.server_port}/api/v4",
                )  # fmt: skip
                assert done.returncode == 0, done.stderr
                assert sorted(MergeRequest.notes) == [1, 2]
                (project / "output/fr/LC_MESSAGES/a.po").unlink(missing_ok=True)
        finally:
            server.shutdown()
    assert MergeRequest.notes[1] == "What of <!-- translate report -->?"
    assert MergeRequest.notes[2] == (project / "report.md").read_text(encoding="utf-8")
