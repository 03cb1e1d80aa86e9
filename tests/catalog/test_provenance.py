"""The provenance comment: short, complete, and read in the form of earlier catalogs too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.catalog.edits import has_human_work
from pipeline.catalog.po.parser import Entry
from pipeline.catalog.provenance import draft_lines, parse_provenance, text_digest
from pipeline.core.types import Provenance, State

SIDE_PANEL = 76
"""Characters in a line of an editor's side panel; polib breaks longer comments."""

MODELS = [
    ("llama", "qwen2.5-coder-1.5b-instruct-q4_k_m with de-en", "qwen2.5-coder-1.5b with de-en"),
    (
        "llama",
        "qwen2.5-coder-1.5b-instruct-q4_k_m with freedict-deu-fra",
        "qwen2.5-coder-1.5b with freedict-deu-fra",
    ),
    ("llama", "EuroLLM-1.7B-Instruct-Q4_K_M with de-en", "EuroLLM-1.7B with de-en"),
    ("llama", "Hy-MT2-1.8B-Q4_K_M.gguf", "Hy-MT2-1.8B"),
    ("argos", "de-en 1.9, then en-fr 1.9", "de-en 1.9, then en-fr 1.9"),
    ("firefox", "de-en 3.0 base", "de-en 3.0 base"),
    ("firefox", "de-en 3.0 base, then en-fr 3.0 base", "de-en 3.0 base, then en-fr 3.0 base"),
    ("openai", "qwen3-8b at 127.0.0.1:8080", "qwen3-8b at 127.0.0.1:8080"),
    ("deepl", "DeepL at api-free.deepl.com", "DeepL at api-free.deepl.com"),
    ("memory", "locales/en/moor.po", "locales/en/moor.po"),
    ("labels", "", ""),
]


def entry(*comments: str) -> Entry:
    return Entry("", 1, False, None, "Eins", None, ("One",), (*comments, "#, fuzzy"))


def read(provenance: Provenance) -> Provenance | None:
    return parse_provenance(entry(*draft_lines(provenance, ())))


@pytest.mark.parametrize(("engine", "model", "shown"), MODELS)
def test_it_fits_a_side_panel_and_is_read_back(engine: str, model: str, shown: str) -> None:
    """Nothing is lost but the build of the model and the end of the digests."""
    line = draft_lines(Provenance(engine, model, "0a1b2c3d", "12345678", 99), ())[-1]
    assert len(line) <= SIDE_PANEL
    assert parse_provenance(entry(line)) == Provenance(engine, shown, "0a1b2c", "123456", 99)


WORDS = st.text(st.sampled_from("ab1 ,=%@>+.:-/"), max_size=12).map(lambda text: text.strip())


@given(
    engine=st.sampled_from(["llama", "memory", "my engine", "x=1"]) | WORDS.filter(bool),
    model=WORDS | st.sampled_from(["a gl 1", "7%", "=123456", "m with de-en", "a 1, then b 1"]),
    glossary=st.sampled_from(["", "-", "0a1b2c3d"]),
    confidence=st.none() | st.integers(0, 100),
)
def test_whatever_an_engine_is_called_the_draft_stays_a_draft(
    engine: str, model: str, glossary: str, confidence: int | None
) -> None:
    """The digest of the text tells whether a human edited it; names are read back if they can."""
    found = read(Provenance(engine, model, glossary, text_digest("One"), confidence))
    assert found is not None
    assert found.text == text_digest("One")[:6]
    if "," not in engine + model and " gl " not in model:
        assert (found.engine.strip(), found.confidence) == (" ".join(engine.split()), confidence)


EARLIER = (
    "# translate: draft by llama, model qwen2.5-coder-1.5b, glossary 0a1b2c3d, confidence 62 %,"
    f" text {text_digest('One')}"
)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A catalog with a draft of an earlier version."""
    path = tmp_path / "a.po"
    catalog.sync(path, "en", [Message("Eins")], project="test")
    catalog.write_drafts(path, {"Eins": Draft("One", Provenance("llama", "", "", ""))})
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "draft by" in line)
    lines[at] = f"{EARLIER}\n"
    lines[at - 1] = "# Machine draft, 62 % sure\n"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_an_earlier_catalog_is_read(earlier: Path) -> None:
    (one,) = catalog.load(earlier).translations
    assert one.state is State.DRAFT
    assert one.provenance == Provenance(
        "llama", "qwen2.5-coder-1.5b", "0a1b2c3d", text_digest("One"), 62
    )
    assert not has_human_work(earlier)
    earlier.write_text(earlier.read_text(encoding="utf-8").replace('"One"', '"A one"'))
    assert catalog.load(earlier).translations[0].state is State.TOUCHED


def test_an_earlier_catalog_is_not_rewritten_for_its_form(earlier: Path) -> None:
    """The same draft again changes nothing; another one has the short form."""
    before = earlier.read_bytes()
    same = Provenance("llama", "qwen2.5-coder-1.5b-instruct-q4_k_m", "0a1b2c3d", "", 62)
    assert not catalog.write_drafts(earlier, {"Eins": Draft("One", same)}, redraft=True)
    assert earlier.read_bytes() == before
    other = replace(same, confidence=63)
    assert catalog.write_drafts(earlier, {"Eins": Draft("One", other)}, redraft=True)
    text = earlier.read_text(encoding="utf-8")
    assert " llama qwen2.5-coder-1.5b gl 0a1b2c 63% =" in text
    assert EARLIER not in text


@pytest.mark.parametrize("end", [" =12345", "", " =1234567", " gl 123456", " text 12345"])
def test_a_line_that_an_editor_cut_off_is_no_provenance(end: str) -> None:
    assert parse_provenance(entry(f"# translate: draft by llama small{end}")) is None
