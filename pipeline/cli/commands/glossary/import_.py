"""`translate glossary import`: a TBX file or Weblate's CSV becomes a glossary."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.core.errors import GlossaryError
from pipeline.core.types import Term
from pipeline.files import atomic
from pipeline.glossary import file as glossary
from pipeline.glossary import formats
from pipeline.project import load_project


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--lang", "language", metavar="CODE",
    help="The target language [default: the project's first].",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="The glossary file to write to [default: the project's; with - standard output].",
)  # fmt: skip
@click.pass_obj
def command(project: Path | None, file: Path, language: str | None, output: Path | None) -> None:
    """Turn a TBX file or Weblate's CSV into a glossary.

    FILE ends in .tbx or .csv. Where the glossary exists, terms that it does not have yet
    are added at its end; its own rows stay as they are, whatever FILE says of them.
    """
    if output is None or language is None:
        settings = load_project(project)
        language = language or settings.languages[0]
        output = output or settings.glossary(language)
    terms = formats.read_termbase(file, language)
    _refuse_formulas(file, terms)
    if str(output) == "-":
        click.echo(glossary.render_csv(terms), nl=False)
        return
    added = merge(output, terms)
    kept = len({term.source for term in terms}) - len({term.source for term in added})
    click.echo(f"{output}: {len(added)} rows added, {kept} terms were there already")


def _refuse_formulas(file: Path, terms: tuple[Term, ...]) -> None:
    for term in terms:
        for cell in (term.source, *term.targets, *term.forms, term.note):
            if cell.startswith(glossary.FORMULA_PREFIXES):
                raise GlossaryError(
                    f"{file}: {cell[:40]!r} begins like a spreadsheet formula",
                    "Correct it there: a spreadsheet that opens the glossary would run it.",
                )


def merge(path: Path, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Add to a glossary file the rows whose source it does not have; gives those added.

    Raises GlossaryError where the file is broken or its columns are not the usual ones.
    """
    if not path.exists():
        atomic.write_atomic(path, glossary.render_csv(terms).encode())
        return terms
    known = {term.source for term in glossary.load_glossary(path).terms}
    added = tuple(term for term in terms if term.source not in known)
    if not added:
        return ()
    text = path.read_bytes().decode("utf-8")
    header = text.removeprefix("\ufeff").lstrip("\r\n").splitlines()[0]
    if header.strip() != ",".join(glossary.COLUMNS):
        raise GlossaryError(
            f"{path}: its columns are not {','.join(glossary.COLUMNS)}",
            "Import to another file with --output, and join the two by hand.",
        )
    rows = glossary.render_csv(added, header=False)
    newline = "\r\n" if "\r\n" in text else "\n"
    separator = "" if text.endswith("\n") else newline
    atomic.write_atomic(path, (text + separator + rows.replace("\n", newline)).encode())
    return added
