"""Files as translation tools save them after an export: Okapi, memoQ, Trados, OmegaT, Poedit.

The files follow the tools' documented formats; the tools themselves are not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import interchange
from pipeline.catalog import catalog
from pipeline.core.errors import InterchangeError
from pipeline.core.types import State
from pipeline.interchange import ImportResult
from pipeline.interchange.roundtrip import export_document

CATALOG = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#: source_de/a.txt:1
msgid "Der <b>Rat</b> tagt. Er isst."
msgstr ""

#: source_de/a.txt:2
msgid "Die Welt"
msgstr "The world"
"""
GERMAN = "Der <b>Rat</b> tagt. Er isst."
ESCAPED = "Der &lt;b&gt;Rat&lt;/b&gt; tagt. Er isst."
ENGLISH = "The <b>council</b> meets. It eats."
Edit = Callable[[str], str]


def imported(
    folder: Path, style: str, edit: Edit, encoding: str = "utf-8"
) -> tuple[dict[str, tuple[str, State]], ImportResult]:
    """Export a catalog, edit the file as a tool does, and import it."""
    po, file = folder / "a.po", folder / "a.xlf"
    po.write_text(CATALOG, encoding="utf-8")
    document = export_document(po, "source_de/a.txt", "en")
    exported = interchange.render_document(document, style).decode()
    text = edit(exported)
    assert text != exported
    file.write_bytes(text.encode(encoding))
    (back,) = interchange.read_documents(file)
    result = interchange.import_document(po, back, file)
    return {t.source: (t.target, t.state) for t in catalog.load(po).translations}, result


def with_target(text: str, target: str, attributes: str, more: str = "") -> str:
    """Replace the target of the first unit in XLIFF 1.2, and add elements after its source."""
    pattern = rf"({re.escape(ESCAPED)}</source>)\s*<target [^>]*></target>"
    new, count = re.subn(pattern, lambda m: f"{m[1]}{more}<target{attributes}>{target}</target>",
                         text)  # fmt: skip
    assert count == 1
    return new


CODES = '<bpt id="1" ctype="bold">&lt;b&gt;</bpt>{}<ept id="1">&lt;/b&gt;</ept>'


def okapi(text: str) -> str:
    """Rainbow with segmentation and code finder: codes contain the markup."""
    source = f"Der {CODES.format('Rat')} tagt. Er isst."
    segments = f"""<seg-source><mrk mid="0" mtype="seg">Der {CODES.format("Rat")} tagt.</mrk>
<mrk mid="1" mtype="seg">Er isst.</mrk></seg-source>"""
    target = f"""<mrk mid="0" mtype="seg">The {CODES.format("council")} meets.</mrk> \
<mrk mid="1" mtype="seg">It eats.</mrk>"""
    text = with_target(text, target, ' xml:lang="en" state="translated"', segments)
    text = text.replace(f"{ESCAPED}</source>", f"{source}</source>")
    return text.replace(
        '<xliff version="1.2"',
        '<xliff version="1.2" xmlns:okp="okapi-framework:xliff-extensions"'
        ' xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0"',
    )


def memoq(text: str) -> str:
    """memoQ: lower-case languages, tags as `<ph>`, and its own attributes."""
    ph = '<ph id="{0}">&lt;{1}b&gt;</ph>'
    target = f"The {ph.format(1, '')}council{ph.format(2, '/')} meets. It eats."
    text = with_target(text, target, ' state="final" mq:status="Proofread"')
    text = text.replace('"1.2"', '"1.2" xmlns:mq="MQXliff"', 1)
    text = text.replace("\n", "\r\n")
    return text.replace('target-language="en"', 'target-language="en-us"')


def trados(text: str) -> str:
    """Trados Studio: a byte order mark, definitions of its own, and the state of a reviewer."""
    text = with_target(text, ENGLISH.replace("<", "&lt;"), ' state="signed-off"')
    text = text.replace('<?xml version="1.0" encoding="UTF-8"?>\n', "")
    return "\ufeff" + text.replace(
        "<body>", '<header><reference><external-file href="a"/></reference></header><body>'
    ).replace('source-language="de"', 'source-language="de-DE"').replace(
        'target-language="en"', 'target-language="en-GB"'
    )


def poedit(text: str) -> str:
    """Poedit: the translation with the state, the rest as it was."""
    return with_target(text, ENGLISH.replace("<", "&lt;").replace(">", "&gt;"),
                       ' state="translated"')  # fmt: skip


def omegat(text: str) -> str:
    """OmegaT's filter: the text of the target replaced, other attributes kept."""
    unit = text.index(ESCAPED)
    head, rest = text[:unit], text[unit:]
    head = head[: head.rindex("<trans-unit")] + head[head.rindex("<trans-unit") :].replace(
        " xml:space", ' approved="yes" xml:space'
    )
    rest = rest.replace(' state="needs-translation"></target>',
                        f">{ENGLISH.replace('<', '&lt;')}</target>", 1)  # fmt: skip
    return head + rest


def okapi2(text: str) -> str:
    """Okapi's filter for XLIFF 2: original data, and a paired code."""
    data = '<originalData><data id="d1">&lt;b&gt;</data><data id="d2">&lt;/b&gt;</data>'
    pc = '<pc id="1" dataRefStart="d1" dataRefEnd="d2">{}</pc>'
    old = text[text.index('<segment state="initial">') : text.index("</segment>")]
    new = (
        f'{data}</originalData><segment id="0" state="translated">'
        f"<source>Der {pc.format('Rat')} tagt.</source>"
        f"<target>The {pc.format('council')} meets.</target></segment>"
        "<ignorable><source> </source></ignorable>"
        '<segment id="1" state="translated"><source>Er isst.</source><target>It eats.</target>'
    )
    return text.replace(old, new).replace('trgLang="en"', 'trgLang="en-US"')


TOOLS = [
    ("xliff", okapi, "utf-8"),
    ("xliff", memoq, "utf-8-sig"),
    ("xliff", trados, "utf-8"),
    ("xliff", poedit, "utf-8"),
    ("xliff", omegat, "utf-8"),
    ("xliff2", okapi2, "utf-8"),
]


@pytest.mark.parametrize(("style", "edit", "encoding"), TOOLS, ids=[t[1].__name__ for t in TOOLS])
def test_the_file_of_a_tool_is_imported(
    style: str, edit: Edit, encoding: str, tmp_path: Path
) -> None:
    """The translated segment is approved with its markup, the other keeps its bytes."""
    entries, result = imported(tmp_path, style, edit, encoding)
    assert result.problems == ()
    assert entries == {GERMAN: (ENGLISH, State.APPROVED), "Die Welt": ("The world", State.APPROVED)}
    assert (result.written, result.unchanged) == (1, 1)


def test_tracked_changes_of_trados_are_refused(tmp_path: Path) -> None:
    """The file contains the deleted words too."""
    change = '<mrk mtype="x-sdl-deleted">senate</mrk><mrk mtype="x-sdl-added">council</mrk>'
    entries, result = imported(
        tmp_path, "xliff", lambda text: with_target(text, f"The {change}", ' state="final"')
    )
    (problem,) = result.problems
    assert entries[GERMAN] == ("", State.MISSING)
    assert "<mrk>" in problem.message
    assert problem.line > 1


NOISE = st.lists(
    st.sampled_from(
        ["<", ">", "&", "&lt;", "&#0;", "&#xD800;", "&a;", "<g>", "</g>", "<!--", "-->", "]]>",
         "<![CDATA[", "<?x?>", "<target>", "</target>", "</trans-unit>", "<mrk mtype='seg'>", "\0",
         "</mrk>", "<x id='1'/>", "<cp hex='0'/>", "xmlns:a='b'", "\x1b", "\u202e", "\ud7ff", "é",
         "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<xi:include href='file:///etc/passwd'/>"]
    ) | st.text(max_size=3),
    max_size=5,
).map("".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(NOISE, st.floats(0, 1), st.sampled_from(["xliff", "xliff2"]))
def test_hostile_xml_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: str, place: float, style: str
) -> None:
    """One line names file and fix; an approved entry of the catalog is never lost."""
    folder = tmp_path_factory.getbasetemp()
    refusals = []

    def edit(text: str) -> str:
        position = int(place * len(text))
        return text[:position] + noise + text[position:] + " "

    try:
        entries, _ = imported(folder, style, edit)
        assert entries["Die Welt"][0]
    except InterchangeError as error:
        refusals.append(error)
    assert all(error.hint and "\n" not in error.message for error in refusals)
