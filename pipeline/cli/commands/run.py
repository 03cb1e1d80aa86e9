"""`translate run`: update the catalogs, draft what is missing, say what to do next."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from pipeline import models, project
from pipeline.cli.commands import (
    as_new_option,
    encoding_option,
    engine_option,
    languages_option,
    model_option,
    offline_option,
    paths_argument,
    quality_option,
    tell_host,
)
from pipeline.cli.commands.extract import extract, follow_renamed
from pipeline.cli.commands.models.install import fetch_model
from pipeline.cli.progress import Bar
from pipeline.cli.run_summary import plan, summary
from pipeline.core.errors import CatalogError, ModelError
from pipeline.drafting.drafter import LanguageDrafter
from pipeline.engines.base import Engine, batch
from pipeline.engines.cache import ResponseCache
from pipeline.engines.selection import EngineSelection, select_engine
from pipeline.memory.memory import TranslationMemory
from pipeline.workflows.draft import CatalogOutcome, DraftRun
from pipeline.workflows.extract import Extractor


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    engine: str = "auto"
    model: str = ""
    quality: str | None = None
    force: bool = False
    offline: bool = False
    jobs: int | None = None
    redraft: bool = False
    yes: bool = False
    dry_run: bool = False
    quiet: bool = False
    verbose: bool = False
    encoding: str = ""
    force_language: bool = False
    as_new: bool = False


@dataclass(slots=True)
class Report:
    """What happened, gathered while the job runs."""

    outcomes: list[CatalogOutcome] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0


@click.command("run")
@paths_argument
@languages_option
@engine_option
@model_option
@quality_option
@offline_option
@click.option("--force", is_flag=True, help="Draft a language the model is not fit for.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Requests that a server is sent at once [default: its setting].",
)
@click.option(
    "--redraft",
    is_flag=True,
    help="Draw drafts that no human touched again, and ask the engine again for them.",
)
@encoding_option
@click.option("--force-language", is_flag=True, help="Take articles for German without looking.")
@as_new_option
@click.option(
    "-y",
    "--yes",
    is_flag=True,
    help="Install a missing model, and move the catalogs of renamed articles, without asking.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Only say what would be drafted.")
@click.option(
    "-q", "--quiet", is_flag=True, help="No progress; the summary only if not all is well."
)
@click.option("-v", "--verbose", is_flag=True, help="Tell of every catalog when it is done.")
@click.pass_obj
def command(
    folder: Path | None,
    /,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    **options: object,
) -> None:
    """Translate what is missing: articles in, catalogs of drafts out.

    Updates the catalogs of all articles, or of the articles PATHS, then fills missing
    entries: from approved translations of the same text, else with the engine, which is
    shown those of similar texts. Writes after every few segments; stop it at any moment,
    and the next run goes on from there. What a human wrote is never touched.
    """
    found = project.load_project(folder)
    chosen = Options(**options)  # type: ignore[arg-type]
    report = run(found, paths or found.articles(), found.select_languages(languages), chosen)
    good = not report.troubles and not any(o.failures for o in report.outcomes)
    if chosen.dry_run:
        click.echo(plan(found, report.outcomes))
    elif not (chosen.quiet and good):
        click.echo(summary(found, report.outcomes, report.seconds))
    for trouble in report.troubles:
        click.secho(f"error: {trouble}", fg="red", err=True)
    if report.troubles:
        sys.exit(3)
    sys.exit(0 if good else 1)


def run(
    found: project.Project, articles: Sequence[Path], languages: Sequence[str], options: Options
) -> Report:
    """Do the main job for articles and languages of a project.

    An article or catalog that cannot be read is told in `Report.troubles`, and the others
    go on. Raises SettingsError, GlossaryError, ModelError or EngineError.
    """
    report = Report()
    extractor = Extractor(found, encoding=options.encoding, force_language=options.force_language)
    memory = TranslationMemory(found)
    try:
        followed = follow_renamed(
            found, extractor, articles,
            yes=options.yes, as_new=options.as_new, dry_run=options.dry_run,
        )  # fmt: skip
        extraction = extract(extractor, followed.articles, languages)
        report.troubles += (*followed.troubles, *extraction.troubles)
        _Session(found, extractor, memory, options, report).run(extraction.sound, languages)
    finally:
        memory.close()
        extractor.close()
    return report


class _Session:
    """The engines and desks of one run, each opened when there is work for it."""

    def __init__(
        self,
        found: project.Project,
        extractor: Extractor,
        memory: TranslationMemory,
        options: Options,
        report: Report,
    ) -> None:
        self._project, self._extractor, self._memory = found, extractor, memory
        self._options, self._report = options, report
        self._engines: dict[tuple[str, str], Engine] = {}
        self._told: set[str] = set()
        self._answers = ResponseCache(self._tell, reading=not options.redraft)

    def run(self, articles: Sequence[Path], languages: Sequence[str]) -> None:
        """Fill the catalogs, language after language."""
        try:
            for language in languages:
                self._language(language, articles)
        finally:
            self._answers.close()
            for engine in self._engines.values():
                engine.close()

    def _language(self, language: str, articles: Sequence[Path]) -> None:
        options = self._options
        choice = select_engine(
            self._project, options.engine, options.model, language,
            quality=options.quality or "", force=options.force, offline=options.offline,
        )  # fmt: skip
        self._memory.refresh(language, self._reading)
        desk = LanguageDrafter(
            language,
            self._project,
            lambda: self._extractor.matcher(language),
            self._memory,
            lambda: self._open(choice),
            lambda: batch(self._engines.get((choice.engine, choice.name))),
            lambda: self._answers.for_engine(self._open(choice), language, choice.config),
        )
        job = DraftRun(
            self._project, self._extractor, by=f"{choice.engine} {choice.name}",
            redraft=options.redraft,
        )  # fmt: skip
        total, sound = 0, []
        for article in articles:
            try:
                due = job.due(article, desk)
            except CatalogError as error:
                self._report.troubles.append(f"{error.message}\n  {error.hint}")
                continue
            total += len(due)
            sound.append(article)
            if any(desk.needs_engine(entry.source) for entry in due):
                self._ready(choice, language)
        if options.dry_run:
            self._report.outcomes += [job.plan(article, desk) for article in sound]
        else:
            self._fill(job, desk, sound, total)

    def _fill(
        self, job: DraftRun, desk: LanguageDrafter, articles: Sequence[Path], total: int
    ) -> None:
        """Fill what is due, which is `total` entries."""
        began = time.monotonic()
        with Bar(desk.language, total, quiet=self._options.quiet) as bar:
            for outcome in job.run(articles, desk, bar.advance):
                self._report.outcomes.append(outcome)
                if self._options.verbose:
                    path = self._project.catalog(outcome.article, desk.language)
                    name = path.relative_to(self._project.root)
                    bar.note(f"{name}: {outcome.drafted} drafted")
        self._report.seconds += time.monotonic() - began if total else 0

    def _reading(self, path: Path) -> None:
        self._tell(f"memory: reading {path}")

    def _tell(self, note: str) -> None:
        if not self._options.quiet:
            click.echo(note, err=True)

    def _ready(self, choice: EngineSelection, language: str) -> None:
        """Get ready what drafts a language; say what it is worth, and where text goes."""
        if self._options.dry_run or language in self._told:
            return
        self._told.add(language)
        if choice.model and choice.missing():
            self._install(choice, choice.model)
        choice.require()
        if choice.model is None:
            host = self._open(choice).identity(language).host
            if host not in self._told:
                tell_host(host)
                self._told.add(host)
        if not self._options.quiet:
            worth = choice.fitness()
            click.echo(f"{language}: drafting with {choice.name} ({worth} in {language})", err=True)

    def _install(self, choice: EngineSelection, model: models.Model) -> None:
        """Install a missing model, with the user's leave."""
        leave = bool(self._options.yes or os.environ.get("CI"))
        ask = sys.stdin.isatty() and not leave
        if choice.offline or not (ask or leave) or not model.sources:
            choice.require()  # A user's own model can be had from nowhere.
        size = f"{model.size / 1e9:.1f} GB"
        if ask and not click.confirm(
            f"The model {model.id} ({size}) is not installed. Fetch it now?", default=True
        ):
            raise ModelError("no model, no drafts", "Later: translate models install")
        fetch_model(model, quiet=self._options.quiet)

    def _open(self, choice: EngineSelection) -> Engine:
        key = (choice.engine, choice.name)
        if key not in self._engines:
            self._engines[key] = choice.open(self._options.jobs or 0)
        return self._engines[key]
