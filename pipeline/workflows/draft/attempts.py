"""Repeated attempts at the same articles: the drafts of one without a report are counted.

A scheduler repeats the task of a worker that it lost. The catalogs have the drafts of the first
attempt, but its report is lost. So each attempt notes first which texts are due: those that have
a draft when the next attempt begins are drafts of this run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.articles import find_markup_format
from pipeline.catalog import catalog, draft_problems, to_translations
from pipeline.core import PipelineError, State
from pipeline.core.input import parse_json, read_bytes
from pipeline.drafting import EntryResult, LanguageDrafter
from pipeline.files import write_atomic
from pipeline.project import Project
from pipeline.workflows.draft.run import CatalogPlan, add_results

__all__ = ["Attempts"]


@dataclass(frozen=True, slots=True)
class Attempts:
    """All attempts at some articles in a run, with notes in the folder of the run."""

    folder: Path
    project: Project
    articles: tuple[Path, ...]

    def begin(
        self, drafter: LanguageDrafter, plans: Sequence[CatalogPlan]
    ) -> Sequence[CatalogPlan]:
        """Return the plans; drafts that an earlier attempt wrote are in their outcomes.

        What the earlier attempt consumed is unknown. Raises PipelineError.
        """
        names = "\n".join((drafter.language, *map(str, self.articles)))
        name = hashlib.sha256(names.encode(errors="surrogateescape")).hexdigest()[:32]
        note = self.folder / f"{name}.json"
        if not note.exists():
            due = {
                str(one.outcome.article): [entry.source for entry in one.entries]
                for one in plans
                if one.entries
            }
            if due:
                self.folder.mkdir(parents=True, exist_ok=True)
                write_atomic(note, json.dumps(due).encode())
            return plans
        due = parse_json(read_bytes(note, PipelineError))
        return [
            _count_earlier(self.project, drafter, plan, due.get(str(plan.outcome.article), ()))
            for plan in plans
        ]


def _count_earlier(
    project: Project, drafter: LanguageDrafter, plan: CatalogPlan, due: Iterable[str]
) -> CatalogPlan:
    """Count the drafts of texts that were due and no longer are as drafts of this run."""
    done = set(due) - {entry.source for entry in plan.entries}
    if not done:
        return plan
    article = plan.outcome.article
    form = find_markup_format(article.suffix.lower())
    results = []
    for entry in catalog.load(project.catalog(article, drafter.language)).entries:
        (one, *_) = to_translations([entry]) or (None,)
        if one and one.source in done and one.state is State.DRAFT and one.provenance:
            draft = catalog.Draft(one.target, one.provenance, draft_problems(entry))
            terms = drafter.count_terms(one.source, one.target, form)
            results.append(EntryResult(one.source, draft, "", *terms))
    outcome = replace(
        plan.outcome,
        due=plan.outcome.due + len(results),
        waiting=plan.outcome.waiting - len(results),
    )
    return replace(plan, outcome=add_results(outcome, results))
