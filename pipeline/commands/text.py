"""`translate text`: translate lines from standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click

from pipeline import glossary, project
from pipeline.answer_cache import AnswerCache
from pipeline.commands import (
    engine_option,
    model_option,
    offline_option,
    quality_option,
    tell_host,
)
from pipeline.drafting import Drafted, Flaw, Judge, Task, draft
from pipeline.engines import Engine, Setup
from pipeline.engines.choice import choose_for
from pipeline.errors import NoProjectError, PipelineError
from pipeline.judge import judge
from pipeline.targets import Wording
from pipeline.terms import TermMatcher


@click.command("text")
@click.option(
    "--from",
    "source",
    default="de",
    show_default=True,
    type=click.Choice(["de"]),
    help="Language of the lines.",
)
@click.option("--to", "language", required=True, metavar="CODE", help="Language to translate to.")
@click.option(
    "--glossary",
    "glossary_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Glossary whose terms are to be used.",
)
@click.option("--jsonl", is_flag=True, help="Read and write a JSON object a line.")
@engine_option
@model_option
@quality_option
@offline_option
@click.option("--force", is_flag=True, help="Take a model that is not fit for the language.")
@click.pass_obj
def command(
    folder: Path | None,
    source: str,
    language: str,
    glossary_file: Path | None,
    jsonl: bool,
    engine: str,
    model: str,
    quality: str | None,
    offline: bool,
    force: bool,
) -> None:  # fmt: skip
    """Translate lines from standard input.

    A line in, a line out, as soon as it is there. With --jsonl each line is an object:
    {"text": "…", "terms": {"Gipfel": "summit"}} gives {"translation": "…",
    "terms": [{"source": "Gipfel", "target": "summit", "respected": true}],
    "confidence": 0.81}, with "findings" where something is wrong. A line for which nothing
    fit to keep came gives an empty line (a null "translation"), a message, and exit code 1.
    """
    around = _project(folder)
    choice = choose_for(
        around, engine, model, language, quality=quality or "", force=force, offline=offline
    )
    choice.require()
    matcher = TermMatcher(glossary.load(glossary_file, language)) if glossary_file else None
    opened = choice.open()
    tell_host(opened.identity(language).host)
    with closing(Translator(opened, choice.setup, language, matcher)) as translator:
        good = _translate(translator, jsonl)
    sys.exit(0 if good else 1)


def _translate(translator: Translator, jsonl: bool) -> bool:
    """Translate all lines; false where there was no translation for one."""
    good = True
    for number, line in enumerate(sys.stdin, 1):
        answer, trouble = _answer(translator, line.rstrip("\r\n"), jsonl, number)
        click.echo(answer)
        sys.stdout.flush()
        if trouble:
            good = False
            click.secho(f"line {number}: {trouble}", fg="red", err=True)
    return good


def _project(folder: Path | None) -> project.Project | None:
    """The project whose settings count, if there is one around."""
    try:
        return project.load(folder)
    except NoProjectError:
        if folder is not None:
            raise
        return None


class Translator:
    """Translates single texts with an engine, opened with `setup`, and judges what comes."""

    def __init__(
        self, engine: Engine, setup: Setup, language: str, matcher: TermMatcher | None
    ) -> None:
        self._engine, self._language, self._matcher = engine, language, matcher
        self._answers = AnswerCache(lambda note: click.echo(note, err=True))
        self._known = self._answers.of(engine, language, setup)
        self._judge = judge(language, matcher, {})

    def translate(self, text: str, terms: Mapping[str, str]) -> Drafted:
        """Translate a text; `terms` are demands beyond the glossary's. Raises EngineError."""
        demands = dict(self._matcher.required(text) if self._matcher else ()) | dict(terms)
        task = Task(text, tuple(demands.items()))
        judge = self._with(terms)
        (drafted,) = draft(self._engine, self._language, [task], judge, self._known)
        return drafted

    def terms(
        self, text: str, translation: str, terms: Mapping[str, str]
    ) -> list[dict[str, object]]:
        """Tell of the glossary's terms and of `terms` whether a translation respects them."""
        found: list[dict[str, object]] = [
            {"source": source, "target": target, "respected": self._stands(translation, target)}
            for source, target in terms.items()
        ]
        for use in self._matcher.verify(text, translation) if self._matcher else ():
            if use.wanted:
                target = {"target": use.wanted[0], "respected": use.respected}
                found.append({"source": use.term.source, **target})
        return found

    def close(self) -> None:
        """Free the engine."""
        self._answers.close()
        self._engine.close()

    def _stands(self, translation: str, target: str) -> bool:
        return bool(Wording(translation, self._language).find(target))

    def _with(self, terms: Mapping[str, str]) -> Judge:
        def flaws(source: str, target: str) -> list[Flaw]:
            missing = [
                Flaw("terminology", f"'{german}' must be translated as '{wanted}'.", grave=False)
                for german, wanted in terms.items()
                if not self._stands(target, wanted)
            ]
            return [*self._judge(source, target), *missing]

        return flaws


def _answer(translator: Translator, line: str, jsonl: bool, number: int) -> tuple[str, str]:
    """Answer a line; the second value tells why there is no translation."""
    text, terms = _parse(line, number) if jsonl else (line, {})
    if not text.strip():
        return (json.dumps({"translation": text, "terms": []}) if jsonl else ""), ""
    drafted = translator.translate(text, terms)
    trouble = " ".join(f.message for f in drafted.flaws if f.grave) if drafted.failed else ""
    if not jsonl:
        return ("" if trouble else drafted.text), trouble
    answer: dict[str, object] = {
        "translation": None if trouble else drafted.text,
        "terms": translator.terms(text, "" if trouble else drafted.text, terms),
    }
    if not trouble:
        answer["confidence"] = drafted.confidence / 100
    if drafted.flaws:
        answer["findings"] = [flaw.message for flaw in drafted.flaws]
    return json.dumps(answer, ensure_ascii=False), trouble


def _parse(line: str, number: int) -> tuple[str, dict[str, str]]:
    try:
        value = json.loads(line)
        text, terms = value["text"], value.get("terms", {})
        if not isinstance(text, str) or not all(
            isinstance(part, str) for pair in terms.items() for part in pair
        ):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PipelineError(
            f'standard input, line {number}: not an object {{"text": "…", "terms": {{"…": "…"}}}}',
            "Write one JSON object a line.",
        ) from None
    return text, terms
