"""Style instructions of a project for a language: `style/en.md`.

Text before the first `## ` applies to all segments, a section `## heading` to headings, and so for
the other kinds of blocks; titles without a section of their own are headings. Instructions only
become a part of the prompt: the answers of the engine are checked like any others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.core import BlockKind, SettingsError, suggest
from pipeline.core.file_names import real_path
from pipeline.core.input import decode_utf8, read_bytes
from pipeline.core.terminal import has_unsafe_characters
from pipeline.project import Project

__all__ = ["MAX_CHARACTERS", "StyleGuide", "load_style"]

MAX_CHARACTERS = 1_000
"""Maximum length of the instructions for one segment: they are sent with each."""

_SECTION = re.compile(r"##\s+(?P<kind>.*?)[\s#]*")
_TITLE = re.compile(r"#\s.*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_GENERAL = ""


@dataclass(frozen=True, slots=True)
class StyleGuide:
    """The instructions in a file, by kind of block; "" is for all kinds."""

    path: Path
    sections: Mapping[str, str]

    def instructions(self, kind: BlockKind | None) -> str:
        """Return the instructions for a segment of a kind of block."""
        own = self.sections.get(kind, "") if kind else ""
        if not own and kind is BlockKind.TITLE:
            own = self.sections.get(BlockKind.HEADING, "")
        return f"{self.sections.get(_GENERAL, '')} {own}".strip()


def load_style(project: Project, language: str) -> StyleGuide | None:
    """Read the style file of a language, None if there is none.

    Raises SettingsError, with file and line, for one that cannot be used.
    """
    path = project.style(language)
    if path is None:
        return None
    if not real_path(path).is_relative_to(real_path(project.root)):
        raise SettingsError(
            f"{path}: leads out of the project: not read", "Replace the symbolic link with a file."
        )
    text = decode_utf8(
        read_bytes(path, SettingsError), path, SettingsError, "Convert it to UTF-8 with iconv."
    )
    style = StyleGuide(path, dict(_sections(path, text)))
    for kind in (None, *(BlockKind(name) for name in style.sections if name)):
        length = len(style.instructions(kind))
        if length > MAX_CHARACTERS:
            name = f" for {kind}" if kind else ""
            raise SettingsError(
                f"{path}: {length} characters of instructions{name}, at most {MAX_CHARACTERS}",
                "Shorten it: they are sent with each segment. Terms belong in the glossary.",
            )
    return style


def _sections(path: Path, text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and instructions of each section, in one line."""
    # A comment keeps its line breaks, for the numbers of lines.
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    found: dict[str, list[str]] = {_GENERAL: []}
    kind = _GENERAL
    for number, line in enumerate(text.splitlines(), 1):
        if has_unsafe_characters(line):
            raise SettingsError(f"{path}:{number}: contains a control character", "Remove it.")
        if match := _SECTION.fullmatch(line):
            kind = match["kind"].lower()
            if kind not in set(BlockKind):
                raise SettingsError(
                    f"{path}:{number}: there is no kind of text {match['kind']!r}",
                    suggest(kind, [one.value for one in BlockKind], "Kinds"),
                )
            found.setdefault(kind, [])
        elif not _TITLE.fullmatch(line):
            found[kind] += line.split()
    yield from ((name, " ".join(words)) for name, words in found.items() if words)
