"""The preview shows the images and the style of a page, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from pipeline.project import load_project
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract
from tests.engines.loopback import Asked, Loopback, Reply
from tests.web.browser import Browser, browser
from tests.web.conftest import Client, serving
from tests.workflows.editing.test_page_files import PNG

STYLE = "h1 { color: rgb(1, 2, 3); background: url(HOST/style.png) } @import 'HOST/more.css';"
PAGE = """<html lang="de"><head><title>Hafen</title><link rel="stylesheet" href="seite.css">
<link rel="stylesheet" href="HOST/far.css"></head><body><h1>Der Hafen ist alt.</h1>
<p>Ein Satz mit einem Bild.</p><img id="near" src="kran.png" onload="window.top.acted = 1">
<img id="far" src="HOST/far.png"><script>window.top.acted = 2</script></body></html>"""


@pytest.fixture(scope="module")
def other() -> Iterator[Loopback]:
    """Another host, which nothing should be loaded from."""

    def answer(asked: Asked) -> Reply:
        return Reply(PNG, headers={"content-type": "image/png"})

    with Loopback(answer) as running:
        yield running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, other: Loopback) -> Iterator[Client]:
    root: Path = tmp_path_factory.mktemp("page")
    (root / "source_de").mkdir()
    (root / "translate.toml").write_text('languages = ["en"]\n')
    (root / "source_de" / "seite.html").write_text(PAGE.replace("HOST", other.url))
    (root / "source_de" / "seite.css").write_text(STYLE.replace("HOST", other.url))
    (root / "source_de" / "kran.png").write_bytes(PNG)
    extract(load_project(root), ExtractOptions(force_language=True), SilentEvents())
    with serving(root) as client:
        yield client


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as made:
        yield made


def test_images_and_style_of_the_page(served: Client, window: Browser, other: Loopback) -> None:
    """Those of the project are shown; other hosts receive no request, and nothing runs."""
    window.open(served, "#/preview/seite.html/en")
    frame = window.one("iframe")
    window.until(lambda: "opens it" in window.text())
    window.driver.switch_to.frame(frame)
    width = "return document.getElementById(arguments[0]).naturalWidth"
    near, far = (window.driver.execute_script(width, name) for name in ("near", "far"))
    heading = window.driver.find_element(By.TAG_NAME, "h1")
    color = heading.value_of_css_property("color")
    window.driver.switch_to.default_content()
    assert (near, far) == (1, 0)
    assert color in ("rgb(1, 2, 3)", "rgba(1, 2, 3, 1)")
    assert other.asked == []
    assert window.run("return window.acted ?? null") is None
