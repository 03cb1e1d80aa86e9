"""The rules that keep the code as docs/architecture.md says it is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.articles.formats import FORMATS
from pipeline.checks.registry import CHECKS
from pipeline.checks.reports import REPORTS
from pipeline.cli.commands import COMMANDS
from pipeline.engines.base import ENGINES
from pipeline.interchange import FORMATS as INTERCHANGES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))
LINES, FUNCTION_LINES = 300, 40


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """All modules that a module imports, at the top or inside a function."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_functions_are_short(path: Path) -> None:
    """A long one wants to be two."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES
    long = [
        node.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_point_one_way(path: Path) -> None:
    """Only the command line knows click and commands; values and errors know nothing."""
    used = set(imports(path))
    where = path.relative_to(PACKAGE).as_posix()
    outer = where in ("cli.py", "__main__.py") or where.startswith("commands/")
    if not outer:
        assert not any(m == "click" or m.startswith("pipeline.cli.commands") for m in used)
        assert "pipeline.cli.main" not in used
    if where in ("model.py", "errors.py"):
        assert not any(m.startswith("pipeline.") and m != "pipeline.core.types" for m in used)
    if where.startswith("checks/"):
        assert not any(m.startswith("pipeline.engines.base") for m in used)
    if "polib" in used:
        assert where.startswith("catalog")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_is_printed_or_swallowed(path: Path) -> None:
    """Output goes through Click, and only expected errors are caught."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print"
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert caught not in ("everything", "Exception", "BaseException")


def files(folder: str) -> set[str]:
    """The modules and packages of a folder."""
    found = (PACKAGE / folder).iterdir()
    return {p.stem for p in found if p.stem != "__init__" and (p.suffix == ".py" or p.is_dir())} - {
        "__pycache__"
    }


def test_every_file_of_a_registry_is_in_it() -> None:
    """A file without its line would never be used."""
    assert {stem.removesuffix("_") for stem in files("commands")} == set(COMMANDS)
    assert files("checks") == {check.id.replace("-", "_") for check in CHECKS}
    assert files("formats") == {module.rpartition(".")[2] for module in FORMATS.values()}
    assert files("reports") == set(REPORTS)
    assert files("interchange") == {name.rpartition(".")[2] for name in INTERCHANGES.values()}
    assert {module.partition(":")[0].rpartition(".")[2] for module in ENGINES.values()} <= files(
        "engines"
    )


def test_no_module_is_called_utils() -> None:
    """A module is named for what it does."""
    assert not {p.stem for p in MODULES} & {"utils", "helpers", "base", "manager", "common", "misc"}


def test_the_project_names_no_unfinished_place() -> None:
    """Nothing is left for later."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(TODO|FIXME|XXX)\b|NotImplemented\b", text), path
