"""Random commands on damaged projects: how many end in a traceback, and of which kind.

    python benchmarks/fuzz_commands.py [COMMANDS [SEED [ONE]]]            (1000 and 1 by default)

Every case starts from a small project with articles, glossaries, catalogs with human work,
a memory, drafts and a history in git, and exchange files. Up to four things are then damaged:
settings, glossaries, catalogs, articles, style files, file names, TMX, XLIFF, CSV, baselines,
reports, caches, the model store, packages, git's files, the user's settings, environment variables,
or the answers of a server. A random command with random options runs on it: in this process, and
each 50th in a process of its own. `review` and `watch` run there until they are interrupted.

Reported are tracebacks by exception and place, commands that exceed two minutes, control
characters on the standard streams, invalid JSON, and lost human translations. With ONE, only
the case of this number runs, and its command, damage and output are shown.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner
from fuzz_values import (
    ARTICLE,
    BASELINE,
    CONFIG,
    ENVIRONMENT,
    FILES,
    GLOSSARY,
    HUMAN,
    LINKS,
    MARKDOWN,
    PAGE,
    PO_LINES,
    SETTINGS,
    STRINGS,
    STYLE,
    TEXTS,
    TMX,
)

from pipeline.cli.lazy_group import LazyGroup
from pipeline.cli.main import translate
from pipeline.core import PipelineError
from pipeline.engines import registry

SECONDS = 120
MEMORY_BYTES = 3 << 30
SUBPROCESS_SHARE = 50
SERVERS = ("review", "watch")
"""Commands that wait for requests or changes: they are interrupted after some seconds."""
SERVER_SECONDS = 3
EXIT_CODES = {0, 1, 2, 3, 75, 130}


@dataclass
class Case:
    """A project, the damage done to it, and the command."""

    root: Path
    chance: random.Random
    environment: dict[str, str]
    damage: list[str] = field(default_factory=list)
    damaged_human: bool = False

    def pick(self, *kinds: str) -> Path:
        """Return a random file of the project with one of the suffixes."""
        files = [
            p for p in self.root.rglob("*") if p.is_file() and (not kinds or p.suffix in kinds)
        ]
        return self.chance.choice(sorted(files) or [self.root / "none"])

    def text(self) -> str:
        """Return a random hostile string."""
        if self.chance.random() < 0.8:
            return self.chance.choice(STRINGS)
        return "".join(self.chance.choice(STRINGS)[:40] for _ in range(self.chance.randrange(4)))


def garbage(case: Case, data: bytes) -> bytes:
    """Damage bytes at random places."""
    chance = case.chance
    kind = chance.randrange(9)
    at = chance.randrange(len(data) + 1)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + case.text().encode(errors="surrogateescape") + data[at:]
    if kind == 3:
        return b""
    if kind == 4:
        return chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0", b"\n")) + data
    if kind == 5:
        lines = data.split(b"\n")
        chance.shuffle(lines)
        return b"\n".join(lines)
    if kind == 6:
        return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b"", b"\n\n\n")))
    if kind == 7:
        return chance.randbytes(chance.randrange(200))
    return data.decode(errors="replace").encode(
        chance.choice(("utf-16", "utf-32", "cp500", "utf-7")), "replace"
    )


def json_garbage(case: Case) -> bytes:
    """Return JSON of unexpected structure, or no JSON."""
    chance = case.chance

    def value(depth: int) -> Any:
        kind = chance.randrange(9 if depth else 7)
        if kind < 4:
            return chance.choice((None, True, 0, -1, 1e308, 10**30, "", "a", [], {}, case.text()))
        if kind < 7:
            names = (
                "text",
                "terms",
                "accepted",
                "version",
                "content",
                "choices",
                "message",
                "data",
                "id",
                "links",
                "translations",
                "translatedText",
                "alternatives",
                "info",
                "error",
                "from_code",
                "sha256",
                "file",
                "size",
                "signature",
                "path",
                "check",
                "source",
                "bytes",
                "validators",
                "glossaries",
                "name",
            )
            return {
                chance.choice(names): value(max(0, depth - 1)) for _ in range(chance.randrange(5))
            }
        return [value(depth - 1) for _ in range(chance.randrange(4))]

    special = chance.randrange(12)
    if special == 0:
        return b"[" * 100_000
    if special == 1:
        return b'{"a":' * 50_000
    if special == 2:
        return b'{"text": "\\ud800", "accepted": [NaN]}'
    if special == 3:
        return b"9" * 5000
    return (
        garbage(case, json.dumps(value(4)).encode(errors="replace"))
        if special == 4
        else json.dumps(value(4)).encode(errors="replace")
    )


def damage_settings(case: Case) -> None:
    file = case.root / "translate.toml"
    if case.chance.random() < 0.2:
        file.write_bytes(garbage(case, file.read_bytes()))
        return
    line = case.chance.choice(SETTINGS)
    text = "" if line.startswith("languages") else 'languages = ["en", "fr"]\n'
    more = case.chance.choice(SETTINGS) if case.chance.random() < 0.2 else ""
    file.write_text(text + line + "\n" + more, encoding="utf-8", errors="surrogateescape")
    case.damage.append(f"settings {line[:60]!r}")


def damage_glossary(case: Case) -> None:
    file = (
        case.root
        / "glossary"
        / case.chance.choice(("de-en.csv", "de-fr.csv", "de-xx.csv", "de_en.csv", "x.tbx", "w.csv"))
    )
    data = file.read_bytes() if file.exists() else GLOSSARY.encode()
    if case.chance.random() < 0.5:
        cell = '"' if case.chance.random() < 0.3 else ""
        row = f"{cell}{case.text()}{cell}," * case.chance.randrange(1, 9) + "\n"
        data += row.encode(errors="surrogateescape")
    else:
        data = garbage(case, data)
    file.write_bytes(data)


def damage_catalog(case: Case) -> None:
    file = case.pick(".po", ".pot")
    data = file.read_bytes() if file.exists() else b""
    case.damaged_human = True
    if case.chance.random() < 0.6:
        lines = data.split(b"\n")
        for _ in range(case.chance.randrange(1, 4)):
            line = case.chance.choice(PO_LINES).encode(errors="surrogateescape")
            lines.insert(case.chance.randrange(len(lines) + 1), line)
        data = b"\n".join(lines)
    else:
        data = garbage(case, data)
    if file.exists():
        file.write_bytes(data)


def damage_file(case: Case) -> None:
    file = case.pick()
    if file.exists():
        case.damaged_human |= HUMAN.encode() in file.read_bytes()
        file.write_bytes(garbage(case, file.read_bytes()))


def damage_name(case: Case) -> None:
    """Add a file with a hostile name, or rename one."""
    chance = case.chance
    name = case.text().replace("/", "_").replace("\0", "_") + chance.choice(
        (".txt", ".po", ".csv", ".tmx", ".md", "", ".TXT")
    )
    folder = case.root / chance.choice(
        ("source_de", "source_de", "output/en/LC_MESSAGES", "glossary", "memory", ".")
    )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        target = folder / name
        if chance.random() < 0.2:
            case.pick(".txt").rename(target)
        elif chance.random() < 0.2:
            target.mkdir()
        else:
            target.write_text(ARTICLE)
    except OSError:
        pass


def damage_node(case: Case) -> None:
    """Replace a file with a folder, link, loop, device, or remove it or its permissions."""
    file, kind = case.pick(), case.chance.randrange(7)
    if not file.exists():
        return
    case.damaged_human |= HUMAN.encode() in file.read_bytes()
    if kind == 0:
        file.chmod(0)
        return
    file.unlink()
    if kind == 1:
        file.mkdir()
    elif kind == 2:
        file.symlink_to(file)
    elif kind == 3:
        file.symlink_to("/dev/null")
    elif kind == 4:
        file.symlink_to("/nope/x")
    elif kind == 5:
        file.symlink_to(case.root)
    if kind == 6 and file.parent != case.root:
        shutil.rmtree(file.parent)
        file.parent.write_text("x")
        case.damaged_human = True


def damage_cache(case: Case) -> None:
    cache = case.root.parent / "own-cache"
    case.environment["TRANSLATE_CACHE"] = str(cache)
    cache.mkdir(exist_ok=True)
    import hashlib

    project = hashlib.sha256(str(case.root.resolve()).encode()).hexdigest()[:16]
    names = (
        f"{project}/fingerprints-2.sqlite",
        "answers-1.sqlite",
        f"{project}/memory-en.sqlite",
        f"{project}/memory.sqlite",
        "digests",
    )
    for name in names:
        if case.chance.random() < 0.5:
            file = cache / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists():
                continue
            if case.chance.random() < 0.2:
                file.mkdir()
            else:
                file.write_bytes(
                    json_garbage(case)
                    if case.chance.random() < 0.6
                    else case.chance.randbytes(5000)
                )


def damage_store(case: Case) -> None:
    """Put damaged records and packages into the model store."""
    store = case.root.parent / "models"
    for name in (
        "_argos/de-en/package.json",
        "_argos/digests.json",
        "x/model.json",
        "x/record.json",
        "_argos/de-en/record.json",
    ):
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_bytes(json_garbage(case))
    package = case.root.parent / "argos" / "translate-de_en-1_0"
    (package / "model").mkdir(parents=True, exist_ok=True)
    metadata = {
        "from_code": "de",
        "to_code": "en",
        "package_version": case.text(),
        "target_prefix": case.chance.choice(("", 3, None)),
    }
    data = json_garbage(case) if case.chance.random() < 0.4 else json.dumps(metadata).encode()
    (package / "metadata.json").write_bytes(data)
    for name in ("model/model.bin", "sentencepiece.model", "bpe.model"):
        if case.chance.random() < 0.7:
            (package / name).write_bytes(case.chance.randbytes(500))


def damage_environment(case: Case) -> None:
    name, value = case.chance.choice(ENVIRONMENT)
    case.environment[name] = value
    case.damage.append(f"{name}={value[:40]!r}")


def damage_style(case: Case) -> None:
    """Damage the style instructions, or the table of links."""
    file = case.root / case.chance.choice(
        ("style/en.md", "style/fr.md", "style/xx.md", "links.csv")
    )
    file.parent.mkdir(exist_ok=True)
    data = file.read_bytes() if file.exists() else STYLE.encode()
    row = f"{case.text()},{case.text()}\n".encode(errors="surrogateescape")
    file.write_bytes(data + row if case.chance.random() < 0.4 else garbage(case, data))


def damage_git(case: Case) -> None:
    """Damage a file of the repository."""
    files = ("HEAD", "index", "config", "refs/heads/main", "packed-refs")
    file = case.root / ".git" / case.chance.choice(files)
    if file.exists():
        file.write_bytes(garbage(case, file.read_bytes()))
    if case.chance.random() < 0.3:
        shutil.rmtree(case.root / ".git", ignore_errors=True)


def damage_user(case: Case) -> None:
    """Damage the settings, the decisions or the corrections of the user."""
    config = Path(case.environment["XDG_CONFIG_HOME"]) / "translate"
    config.mkdir(parents=True, exist_ok=True)
    (config / "config.toml").write_text(case.chance.choice(CONFIG))
    if case.chance.random() < 0.5:
        (config / "trust.json").write_bytes(json_garbage(case))
    (case.root / ".translate").mkdir(exist_ok=True)
    for name in ("calibration.json", "calibration.toml", "review.jsonl"):
        (case.root / ".translate" / name).write_bytes(json_garbage(case))


def damage_reports(case: Case) -> None:
    """Add reports of runs that no run wrote."""
    for number in range(case.chance.randrange(1, 3)):
        data = (case.root / "out" / "1.json").read_bytes()
        whole = garbage(case, data) if case.chance.random() < 0.5 else json_garbage(case)
        (case.root / "out" / f"{number + 1}.json").write_bytes(whole)


def use_server(case: Case) -> None:
    """Translate with a server that answers anything."""
    engine = case.chance.choice(("openai", "libretranslate", "deepl"))
    case.environment |= {
        "TRANSLATE_OPENAI_KEY": "sk-SECRET1",
        "TRANSLATE_DEEPL_KEY": "k-SECRET1",
        "TRANSLATE_TRUST_PROJECT": "1",
    }
    model = 'model = "m"\n' if engine == "openai" else ""
    (case.root / "translate.toml").write_text(
        f'languages = ["en"]\nengine = "{engine}"\n'
        f'[engines.{engine}]\nurl = "{SERVER.url}"\n{model}retries = 0\ntimeout = 1\n'
    )
    case.damage.append(engine)


DAMAGE: tuple[Callable[[Case], None], ...] = (
    damage_settings,
    damage_settings,
    damage_glossary,
    damage_catalog,
    damage_catalog,
    damage_file,
    damage_file,
    damage_name,
    damage_node,
    damage_cache,
    damage_store,
    damage_environment,
    damage_style,
    damage_git,
    damage_user,
    damage_reports,
    use_server,
    use_server,
)


class HostileServer:
    """A server on a free port that sends random bytes, sometimes as a valid response."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.case: Case | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.settimeout(2)
                connection.recv(1 << 16)
                connection.sendall(self._response())
        except (OSError, ValueError):
            pass

    def _response(self) -> bytes:
        case = self.case
        if case is None:
            return b""
        chance = random.Random(case.chance.random())
        shadow = Case(case.root, chance, {})
        text = json.dumps(
            chance.choice(
                (
                    *STRINGS,
                    "It is to cost 48 million euros.",
                    "x" * 3000,
                    "\ud800",
                    "\0",
                    "a\n" * 99,
                )
            )
        )
        bodies = (
            f'{{"choices": [{{"message": {{"content": {text}}}, "finish_reason": "stop"}}]}}',
            f'{{"choices": [{{"message": {{"content": null, "refusal": {text}}}}}]}}',
            f'{{"translatedText": {text}, "alternatives": [{text}]}}',
            f'{{"info": {{"version": {text}}}}}',
            f'{{"translations": [{{"text": {text}}}]}}',
            f'{{"glossaries": [{{"name": {text}, "creation_time": {text}}}]}}',
            f'{{"glossary_id": {text}, "data": [{{"id": {text}}}]}}',
        )
        body = chance.choice(bodies).encode() if chance.random() < 0.6 else json_garbage(shadow)
        status = chance.choice(
            (200, 200, 200, 200, 201, 204, 302, 400, 401, 404, 413, 422, 429, 500, 503, 999)
        )
        headers = [f"Content-Length: {len(body) + chance.choice((0, 0, 0, 0, 5, -1))}"]
        headers += chance.choices(
            (
                "Retry-After: " + "9" * 5000,
                "Retry-After: Fri, 31 Dec 9999999 23:59:59 GMT",
                "Retry-After: -1",
                "Retry-After: nan",
                "Location: \x1b[2J",
                "Location: //[",
                "Content-Encoding: gzip",
                "Transfer-Encoding: chunked",
                "Content-Type: \x1b",
                "X: " + "x" * 70_000,
                "A\x00: b",
                "nocolon",
                "Content-Length: 1",
                "Set-Cookie: a=b",
                "Connection: close",
            ),
            k=chance.choice((0, 0, 1, 2)),
        )
        head = f"HTTP/1.1 {status} {chance.choice(('OK', '', chr(27)))}\r\n" + "".join(
            f"{h}\r\n" for h in headers
        )
        whole = head.encode("latin-1", "replace") + b"\r\n" + body
        return garbage(shadow, whole) if chance.random() < 0.15 else whole


SERVER = HostileServer()


def leaves(group: LazyGroup, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield all commands with their names."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, LazyGroup):
            yield from leaves(command, *above, name)
        else:
            yield (*above, name), command


def value_for(case: Case, parameter: click.Parameter, command: str = "") -> str:
    """Return a value for a parameter: mostly a plausible one."""
    chance, kind = case.chance, parameter.type
    if isinstance(kind, click.Choice) and chance.random() < 0.9:
        return str(chance.choice(list(kind.choices)))
    if isinstance(kind, click.IntRange | click.types.IntParamType) and chance.random() < 0.9:
        return chance.choice(("0", "1", "2", "5", "100", "-1", "99999"))
    if isinstance(kind, click.Path | click.File):
        path = case.pick()
        if chance.random() < 0.6 and (plausible := FILES.get((command, parameter.name))):
            return chance.choice(plausible)
        options = (
            str(path),
            str(path.relative_to(case.root)),
            path.name,
            "-",
            str(path.parent),
            "new.po",
            "new.csv",
            "new.tbx",
            "out/new.tmx",
            case.text().replace("\0", ""),
            "/dev/null",
            "/dev/full",
            path.stem,
            "source_de",
            "output",
        )
        return chance.choice(options)
    plausible = TEXTS.get(
        parameter.name or "", ("en", "numbers", "Brücke", "utf-8", "HEAD", "argos")
    )
    return chance.choice(plausible) if chance.random() < 0.85 else case.text().replace("\0", "")


def arguments(case: Case, commands: list[tuple[tuple[str, ...], click.Command]]) -> list[str]:
    """Return a random command with random options."""
    chance = case.chance
    names, command = chance.choice(commands)
    words = list(names)
    if chance.random() < 0.05:
        words = ["-C", value_for(case, click.Argument(["x"], type=click.Path())), *words]
    parameters = list(command.params)
    chance.shuffle(parameters)
    for parameter in parameters:
        if isinstance(parameter, click.Option):
            wanted = 0.8 if parameter.required else 0.15
            if chance.random() > wanted or parameter.name == "help":
                continue
            words.append(chance.choice(parameter.opts + parameter.secondary_opts))
            if not parameter.is_flag and not parameter.count:
                words.append(value_for(case, parameter, " ".join(names)))
        else:
            number = chance.choice((0, 0, 1, 1, 2)) if parameter.nargs == -1 else 1
            words += [value_for(case, parameter, " ".join(names)) for _ in range(number)]
    return words


def stdin(case: Case) -> bytes:
    """Return standard input: texts, JSON lines, or anything."""
    lines = [
        '{"text": "Sie soll 48 Mio. Euro kosten."}',
        "Sie soll kosten.",
        '{"text": "a", "terms": {"a": 3}}',
        "",
        "y",
        case.text(),
    ]
    data = "\n".join(case.chance.choices(lines, k=case.chance.randrange(4))).encode(
        errors="surrogateescape"
    )
    return garbage(case, data) if case.chance.random() < 0.4 else data


def make_template(folder: Path) -> None:
    """Create the project that every case copies."""
    root = folder / "project"
    for name in ("source_de", "glossary", "output", "memory"):
        (root / name).mkdir(parents=True)
    (root / "translate.toml").write_text('languages = ["en", "fr"]\n')
    (root / "source_de" / "bruecke.txt").write_text(ARTICLE)
    (root / "source_de" / "zwei.txt").write_text(
        "Der Vertrag ist fertig.\n\nSie soll 48 Mio. Euro kosten.\n"
    )
    (root / "glossary" / "de-en.csv").write_text(GLOSSARY)
    (root / "memory" / "m.tmx").write_text(TMX)
    (root / "accepted.json").write_text(BASELINE)
    (root / "source_de" / "a.md").write_text(MARKDOWN)
    (root / "source_de" / "b.html").write_text(PAGE)
    (root / "style").mkdir()
    (root / "style" / "en.md").write_text(STYLE)
    (root / "links.csv").write_text(LINKS)
    (root / "broken.gguf").write_bytes(b"GGUF" + bytes(999))
    (root / "out").mkdir()
    invoke = CliRunner().invoke
    os.chdir(root)
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)
    run = ["run", "--engine", "double", "-q", "--report", "out/1.json"]
    drafted = invoke(translate, run)
    assert drafted.exit_code in (0, 1), drafted.output
    commit(root, "Draft")
    for path in root.rglob("*.po"):
        text = path.read_text(encoding="utf-8")
        for source in ("Sie soll 48 Mio. Euro kosten.", "Der Vertrag ist fertig."):
            text = text.replace(
                f'msgid "{source}"\nmsgstr ""',
                f'msgid "{source}"\nmsgstr "{HUMAN} {path.parent.parent.name}"',
            )
        path.write_text(edit_drafts(text), encoding="utf-8")
    commit(root, "Review")
    for style, name in (("xliff", "x.xlf"), ("xliff2", "x2.xlf"), ("csv", "x.csv")):
        done = invoke(translate, ["export", "-l", "en", "--format", style, "-o", name, "zwei"])
        if done.exit_code:
            (root / name).write_text("<xliff/>")
    (root / "x.tbx").write_text(
        '<?xml version="1.0"?><martif type="TBX"><text><body/></text></martif>'
    )


def edit_drafts(text: str) -> str:
    """Correct and approve the first draft of a catalog, as a reviewer does."""
    head, fuzzy, rest = text.partition("#, fuzzy\n")
    return head + re.sub(r" draft[a-z]+", "", rest, count=1) if fuzzy else text


def commit(root: Path, message: str) -> None:
    """Commit the whole project."""
    identity = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "gc.auto=0"]
    for words in (["add", "-A"], ["commit", "-q", "-m", message]):
        subprocess.run(["git", *identity, *words], cwd=root, check=True)


class Hang(BaseException):
    """A command takes too long."""


def on_alarm(*_: object) -> None:
    raise Hang


@dataclass
class Outcome:
    """What a command did wrong, one line per kind, and its output."""

    kinds: list[str]
    output: str
    code: int = -1


def place(error: BaseException) -> str:
    """Return the exception and the innermost frame in the package."""
    frames = traceback.extract_tb(error.__traceback__)
    inner = [f for f in frames if "/pipeline/" in f.filename] or frames
    where = f"{Path(inner[-1].filename).name}:{inner[-1].name}" if inner else "?"
    return f"{type(error).__name__} in {where}"


def run_inside(case: Case, words: list[str], data: bytes) -> Outcome:
    """Run a command in this process."""
    runner = CliRunner()
    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    kinds: list[str] = []
    try:
        result = runner.invoke(translate, words, input=data, env=case.environment)
        code, output, error = result.exit_code, result.stdout_bytes, result.stderr_bytes
        failure = result.exception
    except Hang as hang:
        return Outcome([f"hang: {place(hang)}"], "".join(traceback.format_exception(hang)))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    text = ""
    if failure is not None and not isinstance(
        failure, SystemExit | PipelineError | KeyboardInterrupt
    ):
        kinds.append(place(failure))
        text = "".join(traceback.format_exception(failure))
    elif isinstance(failure, PipelineError):
        text = f"error: {failure.message}\n  {failure.hint}\n"
    elif code not in EXIT_CODES:
        kinds.append(f"exit code {code}")
    if isinstance(failure, PipelineError):
        code = failure.exit_code
    kinds += bad_output(words, code, output, error)
    return Outcome(kinds, error.decode(errors="replace") + text, code)


def run_outside(case: Case, words: list[str], data: bytes) -> Outcome:
    """Run a command in a process of its own."""
    waits = any(word in SERVERS for word in words)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | case.environment,
        )
    except (ValueError, OSError) as error:
        return Outcome([], f"not a possible command: {error}")
    with process:
        try:
            said, error = process.communicate(data, SERVER_SECONDS if waits else SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT if waits else signal.SIGKILL)
            try:
                said, error = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            if not waits or process.returncode is None:
                return Outcome(["hang"], "")
    code = process.returncode
    if waits and code == -signal.SIGINT:  # Python was starting or ending; shells report 130, too
        code = 128 + signal.SIGINT
    kinds = []
    if b"Traceback" in error:
        lines = error.decode(errors="replace").strip().splitlines()
        kinds.append(f"subprocess: {lines[-1][:90]}")
    elif code not in EXIT_CODES:
        kinds.append(f"exit code {code}")
    kinds += bad_output(words, code, said, error)
    return Outcome(kinds, error.decode(errors="replace"), code)


def bad_output(words: list[str], code: int, output: bytes, error: bytes) -> Iterator[str]:
    """Yield what is wrong with the standard streams."""
    for character in (b"\x1b[2J", b"\x9b", "\u202e".encode(), b"\r"):
        if character in error:
            yield f"{character!r} on standard error of {words[0]}"
    if any(line.startswith(b"::") for line in error.splitlines()):
        yield "a workflow command on standard error"
    if "--json" in words and code == 0 and output:
        try:
            json.loads(output)
        except (ValueError, RecursionError):
            try:
                for line in output.splitlines():
                    json.loads(line)
            except (ValueError, RecursionError):
                yield f"invalid JSON of {words[:2]}"
    if b"SECRET1" in output + error:
        yield "the key in the output"


def human_work(root: Path) -> int:
    """Count the places with human translations."""
    return sum(
        p.read_bytes().count(HUMAN.encode())
        for p in root.rglob("*.po")
        if p.is_file() and not p.is_symlink()
    )


def run_case(
    template: Path, scratch: Path, seed: int, number: int, commands: list[Any], *, show: bool
) -> Outcome:
    """Run one case and return what went wrong."""
    chance = random.Random(f"{seed}-{number}")
    os.chdir(scratch)
    home = scratch / "case"
    subprocess.run(["chmod", "-R", "u+rwX", str(home)], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(template, home / "project")
    environment = {
        "TRANSLATE_MODELS": str(home / "models"),
        "ARGOS_PACKAGES_DIR": str(home / "argos"),
        "ARGOS_PACKAGE_INDEX": f"{SERVER.url}/",
        "XDG_CONFIG_HOME": str(home / "config"),
    }
    case = Case(home / "project", chance, environment)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
        damage = chance.choice(DAMAGE)
        case.damage.append(damage.__name__)
        with suppress(OSError):  # something else was damaged before
            damage(case)
    words = arguments(case, commands)
    data = stdin(case)
    os.chdir(case.root)
    SERVER.case = case
    before = human_work(case.root)
    outside = number % SUBPROCESS_SHARE == 0 or any(word in SERVERS for word in words)
    outcome = (run_outside if outside else run_inside)(case, words, data)
    kinds = outcome.kinds
    # A merge deletes what theirs deleted, as git does; a renamed article takes its catalogs along.
    if (
        not case.damaged_human
        and words[0] not in ("mv", "merge")
        and human_work(case.root) < before
    ):
        kinds.append(f"human work lost by {words[0]}")
    if show:
        damage = ", ".join(case.damage)
        print(home, damage, f"translate {shlex.join(words)}", outcome.output, kinds, sep="\n")
    return outcome


def main() -> None:
    """Print the kinds of faults with the numbers of their first cases."""
    count, seed = (int(word) for word in (*sys.argv[1:3], *("1000", "1")[len(sys.argv[1:3]) :]))
    numbers = [int(sys.argv[3])] if len(sys.argv) > 3 else range(count)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
    found: Counter[str] = Counter()
    first: dict[str, int] = {}
    codes: Counter[int] = Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        os.environ |= {
            "TRANSLATE_CACHE": f"{name}/cache",
            "XDG_CONFIG_HOME": f"{name}/config",
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
            "FXTRANSLATE_RECORDS_URL": "http://127.0.0.1:9/records",
            "PIP_NO_INDEX": "1",
            "PIP_RETRIES": "0",
            "PIP_CONFIG_FILE": os.devnull,
        }
        for variable in (
            "TRANSLATE_DICTIONARY_EN",
            "TRANSLATE_DICTIONARY_FR",
            "TRANSLATE_DICTIONARY_ES",
        ):
            os.environ[variable] = ""
        registry.ENGINES["double"] = registry.EngineSpec(  # type: ignore[index]
            "double", "tests.workflows.engine:open_engine", sends_text_away=False
        )
        make_template(scratch / "template")
        commands = list(leaves(translate))  # type: ignore[arg-type]
        for number in numbers:
            if "VERBOSE" in os.environ:
                print(number, flush=True)
            outcome = run_case(
                scratch / "template" / "project",
                scratch,
                seed,
                number,
                commands,
                show=len(numbers) == 1,
            )
            codes[outcome.code] += 1
            for kind in outcome.kinds:
                found[kind] += 1
                first.setdefault(kind, number)
        os.chdir("/")
        subprocess.run(["chmod", "-R", "u+rwX", name], check=False, capture_output=True)
    for kind, times in found.most_common():
        print(f"{times:5}  {kind}  (case {first[kind]})")
    seconds = time.monotonic() - began
    total = f"{sum(found.values())} faults of {len(found)} kinds"
    ends = ", ".join(f"{code}: {times}" for code, times in sorted(codes.items()))
    print(f"{len(numbers)} commands in {seconds:.0f} s, seed {seed}: {total}; exit codes {ends}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
