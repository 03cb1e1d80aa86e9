"""A headless Chromium for the tests of the review page."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")

_ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
    "--disable-background-networking", "--disable-component-update", "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
PATIENCE = 30.0


class Browser:
    """A browser window, with the waiting that a human does without noticing."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, client: Any, view: str = "") -> None:
        """Open a view with a session of a server."""
        self.driver.get(f"http://127.0.0.1:{client.port}/?token={client.token}")
        if view:
            self.driver.get(f"http://127.0.0.1:{client.port}/{view}")
        self.until(lambda: not self.all("#content > .loading") and self.all("#bar a"))

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        return self.until(lambda: (self.all(css) or [None])[0])  # type: ignore[list-item]

    def until(self, found: Callable[[], T]) -> T:
        """Wait until something is found or true."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                value = found()
            except StaleElementReferenceException:
                value = None  # type: ignore[assignment]
            if value:
                return value
            assert time.monotonic() < end, f"never: {self.text()}"
            time.sleep(0.05)

    def text(self) -> str:
        return str(self.driver.execute_script("return document.body.innerText"))

    def run(self, script: str, *values: object) -> Any:
        return self.driver.execute_script(script, *values)

    def keys(self, *keys: str) -> None:
        """Press keys together, in the element that has the focus."""
        chain = ActionChains(self.driver)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in reversed(keys[:-1]):
            chain.key_up(key)
        chain.perform()

    def type(self, text: str) -> None:
        ActionChains(self.driver).send_keys(text).perform()

    def replace(self, text: str) -> None:
        """Replace the text of the field that has the focus."""
        self.keys(Keys.CONTROL, "a")
        self.type(text)

    def active(self) -> int:
        """The number of the active segment."""
        return int(
            self.run("return document.querySelector('.segment.active')?.dataset.number ?? 0")
        )

    def focused(self) -> str:
        return str(self.run("return document.activeElement?.tagName ?? ''"))

    def severe(self) -> list[str]:
        """The errors in the console, those of refused requests left out."""
        logged = self.driver.get_log("browser")
        return [one["message"] for one in logged if one["level"] == "SEVERE"]


@contextmanager
def browser(*, width: int = 1400, height: int = 900) -> Iterator[Browser]:
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    assert all(programs.values()), (
        f"install the Debian packages chromium, chromium-driver: {programs}"
    )
    options = Options()
    options.binary_location = programs["chromium"] or ""
    for argument in (*_ARGUMENTS, f"--window-size={width},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "OFF"})
    driver = webdriver.Chrome(options, Service(programs["chromedriver"]))
    # A window without the focus of the system gets no focus events.
    driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
    try:
        yield Browser(driver)
    finally:
        driver.quit()
