"""Building twice: what is up to date is not built again, and nothing outdated stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.files import fingerprints
from pipeline.project import load_project
from pipeline.workflows.build import ArticleBuild, BuildOptions, BuildPolicy, build
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract

ARTICLES = {
    "stadt.txt": "Die Stadt baut eine Brücke.\n\nSie kostet 48 Mio. Euro.\n",
    "kultur/haus.md": "# Das Haus\n\nSiehe [die Seite](https://a.example/de) *im Netz*.\n",
}


def make_project(root: Path) -> Path:
    """Write a project whose catalogs are extracted and approved."""
    for name, text in ARTICLES.items():
        path = root / "source_de" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "translate.toml").write_text('languages = ["en", "fr"]\n', encoding="utf-8")
    extracted(root)
    for path in (root / "output").rglob("*.po"):
        approve(path)
    return root


def extracted(root: Path) -> None:
    extract(load_project(root), ExtractOptions(force_language=True, as_new=True), SilentEvents())


def approve(path: Path) -> None:
    """Fill the empty entries of a catalog with their German text, in capitals."""
    lines = path.read_text(encoding="utf-8").split("\n")
    source = ""
    for at, line in enumerate(lines):
        if line.startswith("msgid "):
            source = line[6:]
        if line == 'msgstr ""' and source != '""' and not lines[at + 1].startswith('"'):
            lines[at] = f"msgstr {source.replace('Die', 'THE').replace('Das', 'THE')}"
    path.write_text("\n".join(lines), encoding="utf-8")


def built(root: Path, **options: object) -> tuple[ArticleBuild, ...]:
    chosen = BuildOptions(jobs=1, **options)  # type: ignore[arg-type]
    return build(load_project(root), chosen, SilentEvents()).articles


def without_fingerprints(root: Path, **options: object) -> tuple[ArticleBuild, ...]:
    """Build a copy of the project with an empty cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_CACHE", str(root.parent / "empty"))
        try:
            return built(root, **options)
        finally:
            shutil.rmtree(root.parent / "empty", ignore_errors=True)


def written(root: Path) -> dict[str, bytes]:
    files = (path for path in (root / "output").rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def described(results: tuple[ArticleBuild, ...], root: Path) -> list[object]:
    """Return results that do not depend on the place of the project, nor on what was skipped."""
    return [
        str(
            replace(
                one,
                is_current=False,
                used={str(state): number for state, number in one.used.items()},
                gaps=tuple(replace(gap, state=str(gap.state)) for gap in one.gaps),
            )
        ).replace(str(root), "ROOT")
        for one in results
    ]


def change(path: Path, old: str, new: str) -> None:
    """Replace a text in a file if it is there; keep its time, as some programs do."""
    if not path.is_file():
        return
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    os.utime(path, ns=times)


def replace_by_link(path: Path) -> None:
    """Move a file elsewhere in the project, with a link in its place."""
    if path.is_file() and not path.is_symlink():
        other = path.with_name(f"moved-{path.name}")
        path.rename(other)
        path.symlink_to(other)


CHANGES: dict[str, Callable[[Path], object]] = {
    "edit a built file": lambda r: change(r / "output/en/stadt.txt", "Euro", "euro"),
    "empty a built file": lambda r: (r / "output/en/stadt.txt").write_text(""),
    "delete a built file": lambda r: (r / "output/fr/kultur/haus.md").unlink(missing_ok=True),
    "delete a built folder": lambda r: shutil.rmtree(r / "output/fr/kultur", ignore_errors=True),
    "edit a compiled catalog": lambda r: change(r / "output/en/LC_MESSAGES/stadt.mo", "THE", "the"),
    "delete a compiled catalog": lambda r: (r / "output/en/LC_MESSAGES/stadt.mo").unlink(
        missing_ok=True
    ),
    "touch everything": lambda r: [os.utime(p) for p in r.rglob("*") if p.is_file()],
    "copy a catalog over itself": lambda r: (
        p := r / "output/en/LC_MESSAGES/stadt.po",
        p.write_bytes(p.read_bytes()),
    ),
    "link a built file": lambda r: replace_by_link(r / "output/en/stadt.txt"),
    "edit a translation": lambda r: change(
        r / "output/en/LC_MESSAGES/stadt.po", '"THE Stadt', '"A Stadt'
    ),
    "same size": lambda r: change(r / "output/en/LC_MESSAGES/stadt.po", '"THE', '"TEH'),
    "unapprove": lambda r: change(
        r / "output/en/LC_MESSAGES/kultur/haus.po", 'msgid "Das', '#, fuzzy\nmsgid "Das'
    ),
    "approve again": lambda r: change(
        r / "output/en/LC_MESSAGES/kultur/haus.po", "#, fuzzy\nmsgid", "msgid"
    ),
    "damage a catalog": lambda r: change(r / "output/fr/LC_MESSAGES/stadt.po", "msgid", "msgidd"),
    "delete a catalog": lambda r: (r / "output/fr/LC_MESSAGES/stadt.po").unlink(missing_ok=True),
    "edit an article": lambda r: change(r / "source_de/stadt.txt", "48", "84"),
    "add to an article": lambda r: change(r / "source_de/stadt.txt", "\nSie", "\nEs regnet. Sie"),
    "blanks in an article": lambda r: change(r / "source_de/stadt.txt", "\n\n", "\n\n\n"),
    "extract": extracted,
    "new glossary": lambda r: (
        (r / "glossary").mkdir(exist_ok=True),
        (r / "glossary/de-en.csv").write_text("source,target\nBrücke,bridge\n"),
        extracted(r),
    ),
    "links": lambda r: (r / "links.csv").write_text(
        "de,en\nhttps://a.example/de,https://a.example/en\n"
    ),
    "other links": lambda r: change(r / "links.csv", "a.example/en", "b.example/en"),
    "broken links": lambda r: (r / "links.csv").write_text("fr,en\n"),
    "no links": lambda r: (r / "links.csv").unlink(missing_ok=True),
    "segmentation": lambda r: (r / "translate.toml").write_text(
        'languages = ["en", "fr"]\nsegmentation = "paragraph"\n'
    ),
    "back to sentences": lambda r: (r / "translate.toml").write_text('languages = ["en", "fr"]\n'),
    "boilerplate": lambda r: (r / "translate.toml").write_text(
        'languages = ["en", "fr"]\nboilerplate = "skip"\n'
    ),
    "delete the template": lambda r: (r / "output/templates/stadt.pot").unlink(missing_ok=True),
    "nothing": lambda r: None,
}

OPTIONS: list[dict[str, object]] = [
    {},
    {"policy": BuildPolicy.DRAFT},
    {"policy": BuildPolicy.ALLOW_MISSING},
    {"policy": BuildPolicy.DRAFT, "allow_outdated": True},
    {"encoding": "utf-8-sig"},
    {"languages": ("fr",)},
]


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(sorted(CHANGES)), max_size=3), st.sampled_from(OPTIONS)),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_build_does_what_one_without_fingerprints_does(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[list[str], dict[str, object]]],
) -> None:
    """After any changes from outside, with any options: the same files and the same results."""
    place = tmp_path_factory.mktemp("build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_CACHE", str(place / "cache"))
        root = make_project(place / "project")
        built(root)
        for names, options in steps:
            for name in names:
                CHANGES[name](root)
            copy = place / "copy" / "project"
            shutil.copytree(root, copy, symlinks=True)
            for link in (path for path in copy.rglob("*") if path.is_symlink()):
                target = Path(str(link.readlink()).replace(str(root), str(copy)))
                link.unlink()
                link.symlink_to(target)
            expected = without_fingerprints(copy, **options)
            found = built(root, **options)
            assert described(found, root) == described(expected, copy)
            assert written(root) == written(copy)
            shutil.rmtree(copy.parent)


def test_what_is_up_to_date_is_not_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a build with other options, or with another version of the program, builds all again."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    root = make_project(tmp_path / "project")
    first = built(root)
    assert not any(one.is_current for one in first)
    before = {path: path.stat().st_ino for path in (root / "output").rglob("*") if path.is_file()}
    again = built(root)
    assert all(one.is_current for one in again)
    assert described(again, root) == described(first, root)
    assert {path: path.stat().st_ino for path in before} == before
    assert not any(one.is_current for one in built(root, policy=BuildPolicy.DRAFT))
    assert not any(one.is_current for one in built(root))
    monkeypatch.setattr(fingerprints, "__version__", "0.0.0")
    assert not any(one.is_current for one in built(root))


def test_only_what_changed_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the language of a catalog that changed; all languages of an article that did."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    root = make_project(tmp_path / "project")
    built(root)
    CHANGES["edit a translation"](root)
    due = [(one.language, one.article.name) for one in built(root) if not one.is_current]
    assert due == [("en", "stadt.txt")]
    assert "A Stadt" in (root / "output/en/stadt.txt").read_text(encoding="utf-8")
    CHANGES["blanks in an article"](root)
    due = [(one.language, one.article.name) for one in built(root) if not one.is_current]
    assert due == [("en", "stadt.txt"), ("fr", "stadt.txt")]


def test_refused_articles_and_gaps_are_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second build lists the same gaps as the first, without reading the articles."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    root = make_project(tmp_path / "project")
    CHANGES["unapprove"](root)
    for options in ({}, {"policy": BuildPolicy.ALLOW_MISSING}):
        first, again = built(root, **options), built(root, **options)
        assert any(one.gaps for one in first)
        assert all(one.is_current for one in again)
        assert described(again, root) == described(first, root)


def test_a_link_out_of_the_project_is_reported_although_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file behind it has the same content as the built one."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    root = make_project(tmp_path / "project")
    built(root)
    for name in ("output/en/stadt.txt", "output/fr/LC_MESSAGES/stadt.mo"):
        path = root / name
        path.rename(tmp_path / path.name)
        path.symlink_to(tmp_path / path.name)
    problems = [one.problem.message for one in built(root) if one.problem]
    assert len(problems) == 2
    assert all("outside the project" in message for message in problems)
