"""The structural rules of docs/architecture.md that neither ruff nor import-linter knows."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.articles.formats import FORMATS
from pipeline.checks.registry import CHECKS
from pipeline.checks.reports import REPORTS
from pipeline.cli.commands import COMMANDS
from pipeline.interchange import FORMATS as INTERCHANGES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_few_modules_lie_at_the_top() -> None:
    """A module belongs to the package of its domain."""
    assert len(list(PACKAGE.glob("*.py"))) <= 5


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
    assert {stem.removesuffix("_") for stem in files("cli/commands")} == set(COMMANDS)
    assert files("checks/rules") == {check.id.replace("-", "_") for check in CHECKS}
    assert {m.rpartition(".")[2] for m in FORMATS.values()} <= files("articles/formats")
    assert files("checks/reports") == set(REPORTS)
    assert {m.rpartition(".")[2] for m in INTERCHANGES.values()} <= files("interchange")


def test_names_say_what_a_module_does() -> None:
    """No module is a drawer for everything."""
    assert not {p.stem for p in MODULES} & {"utils", "helpers", "manager", "common", "misc"}


def test_the_tests_mirror_the_packages() -> None:
    """A package's tests are in the folder of the same name."""
    folders = {p.parent.relative_to(PACKAGE) for p in MODULES}
    for test in (ROOT / "tests").rglob("test_*.py"):
        assert test.parent.relative_to(ROOT / "tests") in folders, test


def test_the_project_names_no_unfinished_place() -> None:
    """Nothing is left for later."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(TODO|FIXME|XXX)\b|NotImplemented\b", text), path


def test_public_classes_have_distinct_names() -> None:
    """A class name leads to one place."""
    names = Counter(
        node.name
        for path in MODULES
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert not [name for name, count in names.items() if count > 1]


def exported(path: Path) -> set[str]:
    """The names in `__all__` of a module or package."""
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return {str(ast.literal_eval(name)) for name in getattr(node.value, "elts", ())}
    return set()


def module_path(dotted: str) -> Path:
    path = ROOT / dotted.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_packages_use_public_names(path: Path) -> None:
    """From another package, a module imports only what that one lists in `__all__`."""
    own = path.relative_to(PACKAGE).parts[0]
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("pipeline."):
            continue
        module = str(node.module)
        if module.split(".")[1] in (own.removesuffix(".py"), own, "project"):
            continue
        for alias in node.names:
            inner = module_path(f"{module}.{alias.name}")
            public = alias.name in exported(module_path(module))
            assert public or (inner.exists() and exported(inner)), f"{module}.{alias.name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").rglob("*.py")), ids=name)
def test_output_is_escaped_in_one_place(path: Path) -> None:
    """Commands print through `cli.output`, which escapes what terminals and CI interpret."""
    if path.name != "output.py":
        assert not re.search(r"\bclick\.s?echo\(", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_json_and_toml_are_parsed_in_one_place(path: Path) -> None:
    """`core.input` turns what the parsers of the standard library raise into ValueError."""
    if path.name != "input.py":
        assert not re.search(r"\b(json|tomllib)\.loads?\(", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_paths_are_resolved_without_tracebacks(path: Path) -> None:
    """`resolve` fails for a loop of links, `expanduser` for an unknown user."""
    called = {
        node.func.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert path.name == "file_names.py" or not called & {"resolve"}
