"""`translate trust`, the question on a terminal, and what leaves the machine without trust."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.memory import TmxUnit, write_tmx
from tests.cli.commands.test_servers import KEY, behind, drafts, good
from tests.conftest import Translate
from tests.engines.loopback import Loopback, Reply

REMOTE = "http://mt.example/v1"


def use(folder: Path, url: str, more: str = "") -> None:
    """Set the address of the engine; without a glossary, no lexicon is loaded."""
    (folder / "glossary" / "de-en.csv").unlink(missing_ok=True)
    text = f'languages = ["en"]\nengine = "openai"\n{more}\n[engines.openai]\nmodel = "m"\n'
    (folder / "translate.toml").write_text(f'{text}url = "{url}"\n', encoding="utf-8")


def on_terminal(
    folder: Path, answer: str, *words: str, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command with a terminal as standard input."""
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n{text}".encode() + (b"\x04" if text else b""))
    try:
        return subprocess.run(
            [sys.executable, "-m", "pipeline", *words],
            cwd=folder, stdin=theirs, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)


def test_nothing_leaves_the_machine_before_the_user_agrees(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal: one line, a hint, exit code 3. Then it is agreed to, and works."""
    with Loopback(good) as proxy:
        use(folder, REMOTE)
        behind(proxy, monkeypatch)
        for words in (("run",), ("text", "--to", "en")):
            done = inside(*words, text="Er kam.\n")
            assert done.returncode == 3
            error, hint = done.stderr.splitlines()
            assert error.startswith("error: you have not trusted this setting: engines.openai.url")
            assert "sent to mt.example" in error
            assert "translate trust" in hint
            assert "TRANSLATE_TRUST_PROJECT=1" in hint
        assert not (folder / "output/en").exists()
        assert not proxy.asked
        said = inside("trust", "--yes")
        assert said.returncode == 0, said.stderr
        assert "You trust 1 setting of" in said.stdout
        assert inside("run").returncode == 0
        assert inside("trust", "--revoke").stdout.startswith("You no longer trust 1 setting of")
        assert inside("run").returncode == 3
    assert drafts(folder)


@pytest.mark.parametrize(
    ("words", "variables"), [(("--trust",), {}), ((), {"TRANSLATE_TRUST_PROJECT": "1"})]
)
def test_trust_for_one_command(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...], variables: dict[str, str],
) -> None:  # fmt: skip
    """The option and the variable store nothing."""
    with Loopback(good) as proxy:
        use(folder, REMOTE)
        behind(proxy, monkeypatch)
        assert inside("run", *words, **variables).returncode == 0
        assert proxy.asked
    assert inside("run", "--redraft").returncode == 3
    assert not (folder.parent / "config").exists()


def test_the_question_on_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names each setting with its effect, is asked once, and no is the default."""
    with Loopback(good) as proxy:
        use(folder, REMOTE, 'memory = ["~/tm/*.tmx"]')
        behind(proxy, monkeypatch)
        monkeypatch.setenv("HOME", "/home/somebody")
        refused = on_terminal(folder, "", "run")
        assert refused.returncode == 3
        assert not proxy.asked
        assert refused.stdout == ""
        for line in (
            f"The settings of {folder} reach beyond the project:",
            f"  engines.openai.url = {REMOTE}",
            "The texts to translate are sent to mt.example, with the key in TRANSLATE_OPENAI_KEY",
            "  memory = /home/somebody/tm/*.tmx",
            "Translations are read from /home/somebody/tm/*.tmx.",
            "may be sent to mt.example as examples.",
            "Do you trust these 3 settings? [y/N]:",
        ):
            assert line in refused.stderr
        agreed = on_terminal(folder, "y", "run")
        assert agreed.returncode == 0, agreed.stderr
        assert drafts(folder)
        again = on_terminal(folder, "", "run", "--redraft")
        assert again.returncode == 0
        assert "trust" not in again.stderr


def test_the_question_does_not_mix_with_translations(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`translate text` asks on standard error."""
    with Loopback(good) as proxy:
        use(folder, REMOTE)
        behind(proxy, monkeypatch)
        done = on_terminal(folder, "y", "text", "--to", "en", text="Die nächsten Schritte\n")
    assert "Do you trust this setting?" in done.stderr
    assert done.stdout == "Next steps\n" or done.stdout.count("\n") == 1


def test_a_setting_cannot_disguise_the_question(folder: Path, inside: Translate) -> None:
    """Control characters and characters that change the direction of text are rejected."""
    use(folder, "http://127.0.0.1", 'memory = ["/srv/\\u001b[2J\\u202Ex\\r\\n/*.tmx"]')
    for words in (("run",), ("trust", "--yes")):
        done = inside(*words)
        assert done.returncode == 3
        assert "\\x1b[2J\\u202ex\\r\\n/*.tmx' is not printable" in done.stderr
        assert len(done.stderr.splitlines()) == 2
        assert not set("\x1b\u202e\r") & set(done.stdout + done.stderr)


def test_private_texts_do_not_go_to_a_server_of_the_project(
    folder: Path, inside: Translate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even to a server on this machine, which needs no trust itself; nor does the key."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home/private").mkdir(parents=True)
    unit = TmxUnit(
        "Der Stadtrat hat am 12. März 2024 den Bau einer geheimen Brücke beschlossen.",
        "PRIVATE: The city council decided on 12 March 2024 to build a secret bridge.",
    )
    write_tmx(tmp_path / "home/private/firm.tmx", [unit], "en", "sentence")
    with Loopback(good) as server:
        use(folder, f"{server.url}/v1", 'memory = ["~/**/*.tmx"]\nmemory_examples = 1')
        assert inside("run").returncode == 3
        assert inside("tm", "find", "Der Stadtrat").returncode == 3
        assert inside("tm", "stats").returncode == 3
        assert not server.asked
        use(folder, f"{server.url}/v1")
        done = inside("run")
        assert done.returncode == 0, done.stderr
        assert "note: the key in TRANSLATE_OPENAI_KEY is not sent" in done.stderr
        assert server.asked
        for asked in server.asked:
            assert "PRIVATE" not in str(asked.body)
            assert asked.headers["Authorization"] is None
        use(folder, f"{server.url}/v1", 'memory = ["~/**/*.tmx"]\nmemory_examples = 1')
        assert inside("tm", "stats", "--trust").returncode == 0
        assert inside("trust", "--yes").returncode == 0
        server.asked.clear()
        assert inside("run", "--redraft").returncode == 0
    assert any("PRIVATE" in str(asked.body) for asked in server.asked)
    assert {asked.headers["Authorization"] for asked in server.asked} == {f"Bearer {KEY}"}


def test_the_list_of_decisions(folder: Path, inside: Translate, tmp_path: Path) -> None:
    """All projects with their settings, also those that are gone, and what is not trusted here."""
    assert "have not trusted any project" in inside("trust", "--list").stderr
    use(folder, REMOTE)
    inside("trust", "--yes")
    shutil.copytree(folder, tmp_path / "copy")
    use(folder, "https://other.example/v1")
    listed = inside("trust", "--list").stdout
    assert f"{folder}\n" in listed
    assert f"engines.openai.url = {REMOTE}" in listed
    assert f"Not trusted in {folder}:\n  engines.openai.url = https://other.example/v1" in listed
    elsewhere = inside("-C", str(tmp_path / "copy"), "trust", "--list").stdout
    assert f"Not trusted in {tmp_path / 'copy'}:" in elsewhere
    shutil.rmtree(folder / "source_de")
    (folder / "translate.toml").write_text("[", encoding="utf-8")
    assert "You no longer trust 1 setting" in inside("trust", "--revoke").stdout
    assert "no decision" in inside("trust", "--revoke").stdout


def test_trust_without_a_terminal_or_a_reason(folder: Path, inside: Translate) -> None:
    """A project that keeps to itself needs none; nobody to ask is exit code 3."""
    done = inside("trust")
    assert done.returncode == 0
    assert "No setting" in done.stdout
    use(folder, REMOTE)
    done = inside("trust")
    assert done.returncode == 3
    assert "--yes" in done.stderr
    assert inside("trust", "--list", "--yes").returncode == 2
    declined = on_terminal(folder, "n", "trust")
    assert declined.returncode == 1
    assert "stays without trust" in declined.stdout


def test_doctor_reports_trust(folder: Path, inside: Translate) -> None:
    """A setting that is not trusted is a warning, a trusted one is information."""
    use(folder, REMOTE)
    done = inside("doctor")
    assert "warning trust: engines.openai.url = http://mt.example/v1: The texts" in done.stdout
    assert "(not trusted: translate trust)" in done.stdout
    assert done.returncode == 0
    inside("trust", "--yes")
    assert "info trust: engines.openai.url" in inside("doctor").stdout
    use(folder, "http://mt.example\\\\v1")
    assert "url has a backslash" in inside("doctor").stdout


@pytest.mark.parametrize("words", [("status",), ("check",), ("build", "--draft"), ("extract",)])
def test_commands_that_use_no_such_setting_need_no_trust(
    folder: Path, inside: Translate, words: tuple[str, ...]
) -> None:
    """Checking and building a stranger's project is possible without trusting it."""
    inside("extract")
    use(folder, REMOTE, 'memory = ["/srv/*.tmx"]\nmodel = "evil.gguf"')
    done = inside(*words)
    assert "trust" not in done.stderr
    assert done.returncode in (0, 1)


def test_another_host_than_the_trusted_one_is_not_followed(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trusted server that redirects does not pass the texts on."""
    with Loopback(
        lambda _: Reply(status=307, headers={"Location": "http://evil.example"})
    ) as proxy:
        use(folder, REMOTE)
        behind(proxy, monkeypatch)
        done = inside("run", "--trust")
    assert done.returncode == 3
    assert "redirects to" in done.stderr
    assert {asked.path for asked in proxy.asked} == {"/v1/chat/completions"}


@pytest.mark.parametrize(
    "words",
    [("run",), ("count",), ("tm", "find", "Geheim."), ("tm", "stats"), ("tm", "export", "-")],
)
def test_every_command_with_a_memory_requires_trust(
    folder: Path, inside: Translate, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A catalog behind a link is another project's: no command uses its translations unasked."""
    inside("extract")
    other = tmp_path / "other.po"
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: en\\n"\n\n'
    other.write_text(f'{header}msgid "Geheim."\nmsgstr "Secret."\n', encoding="utf-8")
    (folder / "output/en/LC_MESSAGES/other.po").symlink_to(other)
    done = inside(*words)
    assert done.returncode == 3
    assert f"memory = {other}" in done.stderr
    assert "Secret" not in done.stdout
    if words != ("run",):
        assert inside(*words, "--trust").returncode in (0, 1)
