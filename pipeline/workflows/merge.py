"""Merge: three-way merge of a catalog, as the merge driver of git."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalog import MergeResult, merge_catalogs, read_header
from pipeline.catalog.po import PoFile, file
from pipeline.core import CatalogError, base_language
from pipeline.core.file_names import real_path
from pipeline.core.input import read_bytes
from pipeline.files import atomic, lock_directory
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import CATALOG, is_stream, require_writable, write_output

__all__ = ["MergeOptions", "merge"]


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """Options of `merge`: the common ancestor, which may be empty, and its two versions.

    The result is written to `output`, by default to `ours`. It replaces only one of the
    three, unless `force` is set. Messages call the catalog `name`, by default the path of
    `ours`.
    """

    base: Path
    ours: Path
    theirs: Path
    output: Path | None = None
    name: str = ""
    force: bool = False

    @property
    def label(self) -> str:
        """The name of the catalog in messages."""
        return self.name or str(self.ours)


def merge(options: MergeOptions, events: Events) -> MergeResult:
    """Merge `theirs` into `ours`, and write the result.

    Raises CatalogError if one of the three is damaged or in another language, PipelineError if
    the result would replace another file; no file is written then.
    """
    label, output = options.label, options.output or options.ours
    if options.output is not None:
        force = options.force or _is_input(output, options)
        require_writable(output, CATALOG, force=force)
    empty = not read_bytes(options.base, CatalogError).strip()
    base = None if empty else _read(options.base, f"{label} (base)")
    ours = _read(options.ours, label)
    theirs = _read(options.theirs, f"{label} (theirs)")
    _require_same_language(label, ours, theirs)
    result = merge_catalogs(base.text if base else None, ours.text, theirs.text)
    data = ours.encode(result.text)
    stream = options.output is not None and is_stream(output)
    in_place = not stream and output.exists() and output.samefile(options.ours)
    if base and base.data == ours.data:
        data = theirs.data  # only they changed it: keep their layout and byte order mark
    elif in_place and data == ours.data:
        return result
    if not in_place:
        write_output(output, data, CATALOG, force=options.force or _is_input(output, options))
        return result
    with lock_directory(real_path(output).parent):
        with suppress(atomic.FileChangedError):
            atomic.replace_if_unchanged(output, data, ours.data)
            return result
        raise CatalogError(f"{label}: changed while it was merged", "Merge again.")


def _require_same_language(label: str, ours: PoFile, theirs: PoFile) -> None:
    """Raise CatalogError for catalogs of two languages, which would replace each other."""
    codes = [read_header(po.text.entries, byte_order_mark=False).language for po in (ours, theirs)]
    if all(codes) and len(set(map(base_language, codes))) > 1:
        raise CatalogError(
            f"{label}: ours is in {codes[0]}, theirs in {codes[1]}",
            "Name two versions of the same catalog.",
        )


def _is_input(output: Path, options: MergeOptions) -> bool:
    inputs = (options.base, options.ours, options.theirs)
    return output.exists() and any(map(output.samefile, inputs))


def _read(path: Path, label: str) -> PoFile:
    data = file.read_bytes(path)
    try:
        return file.parse_bytes(Path(label), data)
    except CatalogError as error:
        hint = f"{error.hint} Nothing was merged. In git, `git show :3:FILE` shows theirs."
        raise CatalogError(error.message, hint) from error
