"""An article of 5,000 segments: few elements at a time, and every segment can be reached."""

from __future__ import annotations

from pathlib import Path

from pipeline.project import load_project
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract
from tests.web.browser import browser
from tests.web.conftest import serving

SEGMENTS = 5_000


def test_only_the_segments_in_sight_have_elements(tmp_path: Path) -> None:
    """The first and the last segment are shown when scrolled to; the focus stays on the way."""
    (tmp_path / "source_de").mkdir()
    (tmp_path / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    text = "\n\n".join(f"Der Satz Nummer {number} ist lang." for number in range(1, SEGMENTS + 1))
    (tmp_path / "source_de/lang.txt").write_text(text, encoding="utf-8")
    extract(load_project(tmp_path), ExtractOptions(force_language=True), SilentEvents())
    with serving(tmp_path) as client, browser() as window:
        window.open(client, "#/article/lang.txt/en")
        window.until(lambda: window.all(".segment textarea"))
        assert f"of {SEGMENTS} approved" in window.text()
        window.run("document.querySelector('.segment textarea').focus()")
        rows = "return document.querySelectorAll('.segment').length"
        for part in range(1, 11):
            window.run(f"scrollTo(0, document.body.scrollHeight * {part / 10})")
            window.until(lambda: window.run(
                "return [...document.querySelectorAll('.segment')].some((one) => {"
                "const box = one.getBoundingClientRect();"
                "return box.top < innerHeight && box.bottom > 0; })"
            ))  # fmt: skip
            assert window.run(rows) < 300
            assert window.focused() == "TEXTAREA"
        window.until(lambda: f"Nummer {SEGMENTS} " in window.one(".list").text)
        window.run("scrollTo(0, 0)")
        window.until(lambda: "Nummer 1 " in window.one(".list").text)
        assert window.active() == 1
