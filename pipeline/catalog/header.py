"""The header entry of a catalog: reading and editing single fields."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline import __version__
from pipeline.catalog import state
from pipeline.catalog.po.editing import edit_entry, new_entry, note_lines
from pipeline.catalog.po.parser import Entry, Style, parse_entry
from pipeline.core import SettingsError, base_language

__all__ = ["REVISED", "CatalogHeader", "format_time", "is_header", "set_dates"]

# From msginit (gettext, plural-table.c).
_TWO_FORMS = "nplurals=2; plural=(n != 1);"
_ONE_FORM = "nplurals=1; plural=0;"
_FRENCH_FORMS = "nplurals=2; plural=(n > 1);"
_SLAVIC_FORMS = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);"
)
_PLURAL_FORMS = {
    "ja ko vi zh_CN zh_TW": _ONE_FORM,
    "fr pt_BR": _FRENCH_FORMS,
    "bg da de el en eo es et fi he hu it nb nl nn pt sv tr": _TWO_FORMS,
    "hr ru sr uk": _SLAVIC_FORMS,
    "cs sk": "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}

SOURCE_DATE = "SOURCE_DATE_EPOCH"
CREATED = "POT-Creation-Date"
REVISED = "PO-Revision-Date"


@dataclass(frozen=True, slots=True)
class CatalogHeader:
    """The header of a catalog as read; `text` is None if there is no header entry.

    `line` is the line of its `msgid`. The byte order mark is that of UTF-8.
    """

    text: str | None = None
    line: int = 0
    flags: frozenset[str] = frozenset()
    has_byte_order_mark: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """The fields by name."""
        return _fields(self.text or "")

    @property
    def language(self) -> str:
        """The field `Language`, "" if it is missing."""
        return self.fields.get("Language", "")


def read_header(entries: Iterable[Entry], *, byte_order_mark: bool) -> CatalogHeader:
    """Return the header among entries."""
    entry = next(filter(is_header, entries), None)
    if entry is None:
        return CatalogHeader(has_byte_order_mark=byte_order_mark)
    flags = state.entry_flags(entry)
    return CatalogHeader(entry.targets[0], entry.line, flags, byte_order_mark)


def format_time(when: datetime | None = None) -> str:
    """Format a time as gettext does, in local time.

    The default is $SOURCE_DATE_EPOCH, in UTC (reproducible-builds.org/specs/source-date-epoch),
    otherwise now. Raises SettingsError if that variable is not a number of seconds.
    """
    source_date = None if when else _source_date()
    return (source_date or (when or datetime.now()).astimezone()).strftime("%Y-%m-%d %H:%M%z")


def _source_date() -> datetime | None:
    value = os.environ.get(SOURCE_DATE, "")
    if not value:
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SettingsError(
            f"{SOURCE_DATE} = {value!a} is not a time in seconds since 1970",
            f"Unset it, or set it to a number: {SOURCE_DATE}=$(git log -1 --format=%ct)",
        ) from error


def is_header(entry: Entry) -> bool:
    """Return whether an entry is the header."""
    return entry.source == "" and entry.context is None and not entry.obsolete


def header_fields(header: Entry | None) -> dict[str, str]:
    """Return the fields of a header by name; empty without a header."""
    return _fields(header.targets[0] if header else "")


def _fields(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.split("\n"))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def new_header(language: str, project: str, note: str, style: Style, when: str) -> Entry:
    """Create a header; `note` is its translator comment.

    A template has the language "".
    """
    known = {code: forms for codes, forms in _PLURAL_FORMS.items() for code in codes.split()}
    plural_forms = known.get(language) or known.get(base_language(language), "")
    values = {
        "Project-Id-Version": project,
        CREATED: when,
        REVISED: when,
        "Last-Translator": "",
        "Language-Team": "",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        **({"Plural-Forms": plural_forms} if plural_forms else {}),
        "X-Generator": f"translate {__version__}",
    }
    text = "".join(f"{key}: {value}\n" for key, value in values.items())
    return new_entry("", style, note_lines(note), text)


def set_dates(entry: Entry, names: Sequence[str], when: str, style: Style) -> Entry:
    """Set the date fields `names` if `entry` is the header; absent fields stay absent."""
    for name in names if is_header(entry) else ():
        if name in header_fields(entry):
            entry = _set_field(entry, name, when, style)
    return entry


def set_charset(entry: Entry, charset: str, style: Style) -> Entry:
    """Set the charset if `entry` is the header and has a Content-Type field."""
    if not is_header(entry) or "Content-Type" not in header_fields(entry):
        return entry
    value = f"text/plain; charset={charset}"
    same = header_fields(entry)["Content-Type"].casefold() == value.casefold()
    return entry if same else _set_field(entry, "Content-Type", value, style)


def replace_fields(header: Entry, lines: Mapping[str, str], style: Style) -> Entry:
    """Replace the lines of a header; `lines` maps field names to `Name: value` lines.

    If the names stay the same, unchanged lines keep their layout.
    """
    text = "".join(f"{line}\n" for line in lines.values())
    old = header.targets[0].removesuffix("\n").split("\n")
    if [line.partition(":")[0] for line in old] == [v.partition(":")[0] for v in lines.values()]:
        for before, line in zip(old, lines.values(), strict=True):
            if before != line:
                name, _, value = line.partition(":")
                header = _set_field(header, name, value.strip(), style)
    return header if header.targets[0] == text else edit_entry(header, style, targets=[text])


def _set_field(header: Entry, name: str, value: str, style: Style) -> Entry:
    line = re.compile(rf'"{re.escape(name)}:[^"\n]*\\n"')
    raw = line.sub(lambda _: f'"{name}: {value}\\n"', header.raw, count=1)
    if raw != header.raw:
        return parse_entry(raw, header.line)
    # The field is not on a line of its own; programs write it so.
    pattern = rf"(?m)^{re.escape(name)}:.*$"
    target = re.sub(pattern, lambda _: f"{name}: {value}", header.targets[0], count=1)
    return edit_entry(header, style, targets=[target])
