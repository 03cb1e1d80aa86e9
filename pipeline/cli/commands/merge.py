"""`translate merge`: two versions of a catalog made one, by hand or as git's merge driver."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import click

from pipeline.catalog.merge import MergeResult
from pipeline.catalog.merge import merge as merge_catalogs
from pipeline.catalog.po import file
from pipeline.catalog.po.file import PoFile
from pipeline.core.errors import CatalogError
from pipeline.files import atomic
from pipeline.files.locks import lock_directory

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("merge")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the result here [default: OURS].",
)  # fmt: skip
@click.option("--path", "name", default="", help="What messages call the catalog (git's %P).")
def command(base: Path, ours: Path, theirs: Path, output: Path | None, name: str) -> None:
    """Merge two versions of a catalog, entry by entry, as git's merge driver.

    BASE is the version that OURS and THEIRS were made from; it may be empty. Where two
    humans translated a text differently, OURS stays, marked fuzzy, and comments quote
    both; the exit code is then 1, as git expects. For git, see docs/catalogs.md.
    """
    label = name or str(ours)
    done = merge(base, ours, theirs, output or ours, label)
    for entry in done.conflicts:
        shown = " ".join(entry.source.split())[:60] or "the header"
        click.echo(f"{label}:{entry.line}: two translations: {shown}", err=True)
    if done.conflicts:
        click.echo("  Choose one in each, take the lines `conflict:` out, then git add.", err=True)
    sys.exit(1 if done.conflicts else 0)


def merge(base: Path, ours: Path, theirs: Path, output: Path, label: str) -> MergeResult:
    """Merge `theirs` into `ours`, both made from `base`, and write the result to `output`.

    Raises CatalogError, naming `label`, where one of the three is damaged; then no file
    is written.
    """
    old = _read(base, f"{label} (base)") if base.read_bytes().strip() else None
    mine, other = _read(ours, label), _read(theirs, f"{label} (theirs)")
    done = merge_catalogs(old.text if old else None, mine.text, other.text)
    data = mine.encode(done.text)
    if old and old.data == mine.data:
        data = other.data  # Only they changed it: layout, byte order mark and all is theirs.
    elif output.exists() and output.samefile(ours) and data == mine.data:
        return done
    with lock_directory(output.resolve().parent):
        if output.exists() and output.samefile(ours):
            with suppress(atomic.FileChangedError):
                atomic.replace_if_unchanged(output, data, mine.data)
                return done
            raise CatalogError(f"{label}: changed while it was merged", "Merge again.")
        atomic.replace_file(output, data)
    return done


def _read(path: Path, label: str) -> PoFile:
    try:
        return file.parse_bytes(Path(label), path.read_bytes())
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror}", "Check its rights.") from error
    except CatalogError as error:
        hint = f"{error.hint} Nothing was merged. In git, `git show :3:FILE` shows theirs."
        raise CatalogError(error.message, hint) from error
