"""The command line as a whole: help, errors, start-up."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from pipeline.cli.lazy_group import LazyGroup
from pipeline.cli.main import translate as cli
from pipeline.core import interrupts
from tests.conftest import Translate


def commands(group: LazyGroup, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command, str]]:
    """All commands with their names and their lines in the table."""
    context = click.Context(group)
    for name, text in group.table.items():
        command = group.get_command(context, name)
        assert command is not None
        yield (*above, name), command, text
        if isinstance(command, LazyGroup):
            yield from commands(command, *above, name)


ALL = list(commands(cli))  # type: ignore[arg-type]


@pytest.mark.parametrize(("names", "command", "text"), ALL, ids=[" ".join(a[0]) for a in ALL])
def test_every_command_explains_itself(
    names: tuple[str, ...], command: click.Command, text: str
) -> None:
    """The table says the same as the command, and every option has a help text."""
    assert command.help
    assert command.help.strip().splitlines()[0] == text
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_help_imports_click_and_little_else() -> None:
    """`translate --help` must be quick: no heavy library is loaded for it."""
    code = (
        "import sys; from pipeline.cli.main import translate\n"
        "try: translate(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = ["polib", "simplemma", "langdetect", "rich", "ahocorasick", "xllamacpp"]
    assert not [name for name in heavy if f"'{name}'" in done.stderr]


def test_check_imports_no_engine(folder: Path, translate: Translate) -> None:
    """Checking catalogs needs no model and no engine."""
    translate("extract")
    code = (
        "import sys; from pipeline.cli.main import main; sys.argv = ['translate', 'check']\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "bad = [m for m in sys.modules if m.startswith(('pipeline.engines.base', 'xllamacpp'))]\n"
        "assert not bad, bad"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("frobnicate",), 2, "No such command"),
        (("stauts",), 2, "No such command 'stauts'. Did you mean 'status'?"),
        (("tm", "fnid"), 2, "No such command 'fnid'. Did you mean 'find'?"),
        (("candidates",), 2, "Did you mean 'glossary candidates'?"),
        (("stats",), 2, "Did you mean 'glossary stats' or 'tm stats'?"),
        (("run", "--ofline"), 2, "'--offline'"),
        (("status", "--lang", "xx"), 2, "'xx' is not a language of this project (en, fr)"),
        (("glossary", "stats", "--lang", "xx"), 2, "'xx' is not a language"),
        (("run", "--jobs", "0"), 2, "--jobs"),
        (("-C", "/nowhere", "status"), 3, "/nowhere: no such folder"),
        (("text", "--to", "pl"), 3, "not fit to translate into 'pl'"),
        (("run", "--engine", "argus"), 2, "there is no engine 'argus'. Did you mean 'argos'?"),
        (("run", "--model", "qwen"), 3, "there is no model 'qwen'"),
        (("run", "source_de/nothing.txt"), 2, "nothing.txt: no such article"),
        (("build", "/etc/hostname"), 3, "/etc/hostname: not in"),
        (("build", "brueke.txt"), 2, "no such article (did you mean bruecke.txt?)"),
    ],
)
def test_a_users_mistake_is_worded(
    translate: Translate, words: tuple[str, ...], code: int, said: str
) -> None:
    """One message, the documented exit code, never a traceback."""
    done = translate(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_project(tmp_path: Path) -> None:
    """The message names the command that helps."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "status"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert "translate init" in done.stderr


def test_a_reader_that_goes_away_is_no_fault(translate: Translate, folder: Path) -> None:
    """`translate … | head` ends without a word."""
    (folder / "source_de/bruecke.txt").write_text("Ein Satz folgt auf den anderen.\n" * 20_000)
    done = subprocess.run(
        f"{sys.executable} -m pipeline segment source_de/bruecke.txt | head -1",
        shell=True, cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "Ein Satz folgt auf den anderen.\n"
    assert done.stderr == ""


def test_the_installed_command_starts() -> None:
    """The entry point that pyproject.toml names is a function."""
    (point,) = entry_points(group="console_scripts", name="translate")
    assert callable(point.load())


def interrupted(folder: Path, number: int, words: tuple[str, ...]) -> tuple[int, str]:
    """Send a signal to a command and its workers; return its exit code and standard error."""
    code = "import sys; from pipeline.cli import main; print(file=sys.stderr, flush=True); main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
        # A shell starts its background jobs with SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as running:  # fmt: skip
        assert running.stderr
        assert running.stderr.readline() == "\n"  # Earlier, only the interpreter is running.
        time.sleep(random.uniform(0.01, 0.5))
        with suppress(ProcessLookupError):
            os.killpg(running.pid, number)
        said = running.stderr.read()
    return running.returncode, said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_ends_quietly(tmp_path: Path, number: signal.Signals) -> None:
    """A signal ends the command and its worker processes, without a traceback."""
    entry = 'msgid "Am {0}. Mai kam der Rat {0}."\nmsgstr "The council {0} came on {0} May."\n\n'
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: en\\n"\n\n'
    (tmp_path / "a.po").write_text(header + "".join(map(entry.format, range(60_000))))
    for _ in range(3):
        code, said = interrupted(tmp_path, number, ("check", "-j", "3", "a.po"))
        assert code in (128 + number, -number)  # the latter before the first import
        assert said.strip() in ("", "interrupted")  # "" during the imports


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [("translate", 130, ""), ("translate.exe", 130, ""), ("other", -2, "KeyboardInterrupt")],
)
def test_an_interrupt_during_the_imports_leaves_no_traceback(
    tmp_path: Path, program: str, code: int, said: str
) -> None:
    """The first import of the program handles Ctrl-C; other programs handle it themselves."""
    script = tmp_path / program
    script.write_text("import os, pipeline.cli\nos.kill(os.getpid(), 2)\nwhile True: pass\n")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=30,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert done.returncode == code
    assert said in done.stderr
    assert bool(done.stderr) == bool(said)


@pytest.mark.parametrize("function", ["tolerate_encodings", "redact_streams", "_run"])
def test_an_interrupt_between_the_stages_leaves_no_traceback(tmp_path: Path, function: str) -> None:
    """Ctrl-C before the commands handle it, or after them, ends with 130."""
    code = (
        "import signal; from pipeline.cli import main, root\n"
        "def interrupt(): signal.raise_signal(signal.SIGINT)\n"
        f"root.{function} = interrupt; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "")


def test_an_interrupt_that_a_library_converts_is_recognized() -> None:
    """The command still ends as interrupted, if the error of a library hides the interrupt."""

    def call_library() -> None:
        try:
            raise interrupts.InterruptedRunError(signal.SIGTERM)
        except KeyboardInterrupt:
            raise ValueError("bad profile") from None

    with pytest.raises(interrupts.InterruptedRunError) as caught, interrupts.recognized():
        call_library()
    assert caught.value.exit_code == 143


def test_a_delayed_interrupt_follows_the_block() -> None:
    """A signal within the block is raised at its end."""
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    hook = sys.unraisablehook
    done = []

    def write() -> None:
        with interrupts.uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append(interrupts.is_pending())

    interrupts.install()
    try:
        with pytest.raises(interrupts.InterruptedRunError):
            write()
    finally:
        sys.unraisablehook = hook
        for each, handler in before.items():
            signal.signal(each, handler)
    assert done == [True]
    assert not interrupts.is_pending()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_in_a_callback_is_not_lost(number: signal.Signals) -> None:
    """Python ignores what a finalizer raises, and what its hook for that raises."""
    code = """
        import os, sys, time
        from pipeline.core import interrupts

        class Finalized:
            def __del__(self):
                os.kill(os.getpid(), int(sys.argv[1]))
                for _ in range(1000):
                    pass

        interrupts.install()
        try:
            finalized = Finalized()
            del finalized
            time.sleep(20)
        except interrupts.InterruptedRunError as stop:
            sys.exit(stop.exit_code)
    """
    words = [sys.executable, "-c", textwrap.dedent(code), str(int(number))]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (128 + number, "")
