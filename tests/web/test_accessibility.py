"""axe-core finds no serious violation on any page, in light, dark and narrow windows."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Translate
from tests.web.browser import Browser, browser
from tests.web.conftest import Client

AXE = Path(__file__).parent.parent / "data/axe/axe-4.14.1.min.js.gz"
VIEWS = ("#/", "#/article/bruecke.txt/en", "#/preview/bruecke.txt/en")


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as made:
        yield made


def violations(window: Browser) -> list[str]:
    window.run(gzip.decompress(AXE.read_bytes()).decode())
    window.driver.set_script_timeout(120)
    found = window.driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {iframes: false})"
        ".then((result) => done(result.violations), (error) => done([String(error)]))"
    )
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
        for one in found
        if isinstance(one, str) or one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
def test_no_serious_violation(client: Client, window: Browser, scheme: str, width: int) -> None:
    """Every view, with all parts of the panel open, and the list of keys."""
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    window.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    window.driver.set_window_size(width, 900)
    for view in VIEWS:
        window.open(client, view)
        window.until(lambda: window.all(".articles td, .segment textarea, iframe"))
        window.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert violations(window) == []
    window.run("[...document.querySelectorAll('#bar button')].at(-1).click()")
    window.until(lambda: window.all("dialog[open]"))
    assert violations(window) == []


@pytest.mark.parametrize("width", [320, 1800])
def test_nothing_is_cut_off(client: Client, window: Browser, width: int) -> None:
    """No view scrolls sideways, from 320 pixels on."""
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    window.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for view in VIEWS:
            window.open(client, view)
            window.until(lambda: window.all(".articles td, .segment textarea, iframe"))
            assert window.run("return document.documentElement.scrollWidth") <= width, view
    finally:
        window.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 400)])
def test_the_report(
    folder: Path, inside: Translate, window: Browser, scheme: str, width: int
) -> None:
    """The page that `translate report` writes has no serious violation either."""
    assert inside("extract").returncode == 0
    assert inside("report").returncode == 0
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    window.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    window.driver.set_window_size(width, 900)
    window.driver.get((folder / "report.html").as_uri())
    window.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(window) == []
