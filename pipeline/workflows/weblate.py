"""Files that set up a project with many catalogs in Weblate.

Fields are those of Weblate's components: docs.weblate.org/en/latest/api.html, and "import_json" and
"Component discovery" in its manual for administrators.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.input import parse_json
from pipeline.glossary import file, render_termbase
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import OutputKind, create_folder, write_output

__all__ = ["WeblateOptions", "WeblateResult", "weblate"]

_MAX_NAME = 100  # characters, in Weblate's database
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class WeblateOptions:
    """Options of `weblate`.

    `repository`, `branch` and `push` are of git, as Weblate reaches them; `slug` is that of the
    project in Weblate; `folder` receives the files. `force` replaces other files.
    """

    folder: Path
    repository: str
    branch: str = "main"
    push: str = ""
    slug: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class WeblateResult:
    """The files written, and the number of components."""

    written: tuple[Path, ...]
    components: int


def weblate(project: Project, options: WeblateOptions, events: Events) -> WeblateResult:
    """Write the components, the settings of the discovery add-on, and the glossaries.

    - `components.json` is for `weblate import_json`; the first component has the repository,
      the others share it.
    - `components-api.json` has the same as bodies for POST /api/projects/SLUG/components/.
    - `discovery.json` is the configuration of the add-on, which needs no list of components.
    - `glossary-LANGUAGE.csv` is for the glossary that Weblate creates in each project.

    Raises ArticleError without articles, GlossaryError for a broken glossary, and PipelineError
    for a file that exists and was not written by this command.
    """
    slug = options.slug or _slug(project.name or project.root.absolute().name)
    components = list(_components(project, options, slug))
    api = [
        component | {"source_language": {"code": "de", "name": "German"}}
        for component in components
    ]
    written = [
        _write(options, "components.json", components),
        _write(options, "components-api.json", api),
        _write(options, "discovery.json", _discovery(project)),
    ]
    for language in project.languages:
        path = project.glossary(language)
        if path.is_file() and (terms := file.load_glossary(path, language).terms):
            target = options.folder / f"glossary-{language}.csv"
            create_folder(options.folder)
            write_output(
                target, render_termbase(target, terms, language), _TERMS, force=options.force
            )
            written.append(target)
    return WeblateResult(tuple(written), len(components))


def _components(
    project: Project, options: WeblateOptions, project_slug: str
) -> Iterator[dict[str, Any]]:
    """Yield a component for each article; slugs are distinct."""
    output = project.output_dir
    used: set[str] = set()
    first = ""
    for article in project.articles():
        stem = project.stem(article).as_posix()
        slug = _slug(stem)
        if slug in used:
            slug = f"{slug[: _MAX_NAME - 9]}-{hashlib.sha256(stem.encode()).hexdigest()[:8]}"
        used.add(slug)
        component: dict[str, Any] = {
            "name": stem if len(stem) <= _MAX_NAME else f"{stem[:88]}… {slug[-8:]}",
            "slug": slug,
            "vcs": "git",
            "repo": f"weblate://{project_slug}/{first}" if first else options.repository,
            "file_format": "po",
            "filemask": f"{output}/*/LC_MESSAGES/{stem}.po",
            "new_base": f"{output}/templates/{stem}.pot",
            "new_lang": "none",
            "language_regex": _language_regex(project.languages),
        }
        if not first:
            first = slug
            component |= {"branch": options.branch, "push": options.push}
        yield component


def _discovery(project: Project) -> dict[str, Any]:
    """Return the configuration of the add-on weblate.discovery.discovery."""
    output = re.escape(project.output_dir)
    return {
        "match": rf"{output}/(?P<language>[^/]*)/LC_MESSAGES/(?P<component>.*)\.po",
        "file_format": "po",
        "name_template": "{{ component }}",
        "base_file_template": "",
        "new_base_template": f"{project.output_dir}/templates/{{{{ component }}}}.pot",
        "intermediate_template": "",
        "language_regex": _language_regex(project.languages),
        "copy_addons": True,
        "remove": False,
        "confirm": True,
    }


def _language_regex(languages: Sequence[str]) -> str:
    return f"^({'|'.join(map(re.escape, languages))})$"


def _slug(text: str) -> str:
    """Return the text in the letters of a slug: a-z, 0-9, `-` and `_`."""
    plain = unicodedata.normalize("NFC", text.lower()).translate(_UMLAUTS)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9_]+", "-", ascii_only).strip("-_")
    return slug[:_MAX_NAME] or f"article-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _write(options: WeblateOptions, name: str, value: Any) -> Path:
    create_folder(options.folder)
    path = options.folder / name
    data = json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
    write_output(path, data, _JSON, force=options.force)
    return path


def _is_earlier_json(data: bytes) -> bool:
    try:
        value = parse_json(data)
    except ValueError:
        return False
    if isinstance(value, list):
        return all(isinstance(one, dict) and "filemask" in one for one in value)
    return isinstance(value, dict) and "new_base_template" in value


_JSON = OutputKind("a file for Weblate", _is_earlier_json)
_TERMS = OutputKind(
    "a glossary for Weblate", lambda data: data.startswith(b"source,target,context")
)
