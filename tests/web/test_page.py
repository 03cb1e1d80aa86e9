"""The page in a real browser, used as a reviewer does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polib
import pytest
from selenium.webdriver.common.keys import Keys

from pipeline.catalog import catalog
from pipeline.core.types import State
from tests.web.browser import Browser, browser
from tests.web.conftest import Client, english, serving

ARTICLE = "#/article/bruecke.txt/en"
COST = "Sie soll 48 Mio. Euro kosten."


@pytest.fixture(scope="module")
def shared_window() -> Iterator[Browser]:
    with browser() as window:
        yield window


@pytest.fixture
def window(shared_window: Browser) -> Iterator[Browser]:
    """A window for this test: other tabs are closed after it."""
    yield shared_window
    driver = shared_window.driver
    for handle in driver.window_handles[1:]:
        driver.switch_to.window(handle)
        driver.close()
    driver.switch_to.window(driver.window_handles[0])
    driver.get("about:blank")
    driver.get_log("browser")


def states(path: Path) -> set[State]:
    return {one.state for one in catalog.load(path).translations}


def target(path: Path, source: str = COST) -> str:
    return str(polib.pofile(str(path)).find(source).msgstr)


def go_to(window: Browser, source: str) -> None:
    """Activate the segment with a German text."""
    window.until(lambda: window.all(".segment textarea"))
    window.run(
        "[...document.querySelectorAll('.segment')].find((one) => "
        "one.querySelector('.source').textContent.includes(arguments[0]))"
        ".querySelector('textarea').focus()",
        source,
    )


def is_above(window: Browser, before: int) -> bool:
    return window.active() < before


def has_answered(window: Browser, path: Path, before: tuple[int, bytes]) -> bool:
    """Whether something happened after a key: a save, a move, or a message."""
    said = window.text()
    moved = (window.active(), path.read_bytes()) != before
    return moved or "Not approved" in said or "No further" in said


HOLD = """
const send = window.fetch;
window.held = [];
window.fetch = (address, options) => (String(address).endsWith("save")
  ? new Promise((done) => window.held.push(() => done(send(address, options))))
  : send(address, options));
"""
"""Script that holds back saves until `held` is called."""


def test_an_article_is_reviewed_with_the_keyboard_alone(
    client: Client, drafted: Path, window: Browser
) -> None:
    """From the overview to the built article: no mouse, and the focus is never lost."""
    window.open(client)
    window.until(lambda: "11" in window.text())
    window.run("document.querySelector('.controls .primary').focus()")
    window.keys(Keys.ENTER)
    window.until(lambda: window.active())
    window.until(lambda: window.focused() == "TEXTAREA")
    while window.active() != 1:
        before = window.active()
        window.keys(Keys.ALT, Keys.UP)
        window.until(partial(is_above, window, before))
    for _ in range(40):
        if states(english(drafted)) == {State.APPROVED}:
            break
        before = (window.active(), english(drafted).read_bytes())
        window.keys(Keys.CONTROL, Keys.ENTER)
        window.until(partial(has_answered, window, english(drafted), before))
        assert window.focused() == "TEXTAREA"
        window.keys(Keys.ALT, "u")
    assert states(english(drafted)) == {State.APPROVED}
    window.until(lambda: "11 of 11 approved" in window.text())
    assert window.severe() == []


def test_typing_is_checked_saved_and_undone(client: Client, drafted: Path, window: Browser) -> None:
    """A wrong number is found while typing, saved as edited, and undo restores the draft."""
    window.open(client, ARTICLE)
    go_to(window, COST)
    window.replace("It will cost 84 million euros.")
    window.until(lambda: "48" in window.one(".section.findings").text)
    window.until(lambda: target(english(drafted)) == "It will cost 84 million euros.")
    window.until(lambda: "Since the machine's draft" in window.text())
    window.keys(Keys.CONTROL, Keys.ENTER)
    window.until(lambda: "Not approved" in window.text())
    window.keys(Keys.ALT, "z")
    window.until(lambda: target(english(drafted)) == "It will cost 48 million euros.")
    assert states(english(drafted)) == {State.DRAFT}


def test_two_tabs_edit_one_entry(client: Client, drafted: Path, window: Browser) -> None:
    """Both texts are kept, and the page shows both."""
    driver = window.driver
    window.open(client, ARTICLE)
    window.run(HOLD)
    go_to(window, COST)
    window.replace("First.")
    window.until(lambda: window.run("return held.length"))
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    window.open(client, ARTICLE)
    go_to(window, COST)
    window.replace("Second.")
    window.until(lambda: target(english(drafted)) == "Second.")
    driver.switch_to.window(first)
    window.run("held.forEach((one) => one())")
    window.until(lambda: "Second." in window.one(".conflict").text)
    assert target(english(drafted)) == "First."
    assert polib.pofile(str(english(drafted))).find(COST).fuzzy
    assert '"Second."' in english(drafted).read_text()


def test_the_same_entry_is_edited_in_the_file_meanwhile(
    client: Client, drafted: Path, window: Browser
) -> None:
    """The caret stays, nothing typed is lost, the other text is quoted."""
    window.open(client, ARTICLE)
    go_to(window, COST)
    window.replace("Typed in the pa")
    file = polib.pofile(str(english(drafted)))
    file.find(COST).msgstr = "Typed in Poedit."
    file.find("Von").msgstr = "From"
    file.save()
    window.type("ge.")
    window.until(lambda: "Typed in the page." in english(drafted).read_text())
    window.until(lambda: "Typed in Poedit." in window.one(".conflict").text)
    area = window.run("return document.activeElement.value")
    assert area == "Typed in the page."
    window.until(
        lambda: "From" in [a.get_attribute("value") for a in window.all(".segment textarea")]
    )


def test_the_server_stops_while_somebody_types(drafted: Path, window: Browser) -> None:
    """Ctrl-C saves what was typed a moment ago."""
    with serving(drafted) as client:
        window.open(client, ARTICLE)
        go_to(window, COST)
        window.replace("Just typed")
    assert target(english(drafted)) == "Just typed"
    window.until(lambda: "saved" in window.text())


def test_the_tools_of_the_panel_work_with_keys(
    client: Client, drafted: Path, window: Browser
) -> None:
    """Placeables, suggestions, ignoring, questions, notes, marks, terms and the list of keys."""
    path = english(drafted)
    file = polib.pofile(str(path))
    file.find(
        COST
    ).tcomment += (
        "\ntranslate: memory 84 % from b: x\ntranslate: memory translation: It costs 49 euros."
    )
    file.save()
    window.open(client, ARTICLE)
    go_to(window, COST)
    window.keys(Keys.CONTROL, "m")
    window.type("1")
    window.until(lambda: target(path) == "It costs 49 euros.")
    window.until(lambda: "numbers" in window.one(".section.findings").text)
    window.keys(Keys.CONTROL, "i")
    window.type("1")
    window.until(lambda: "ignore-numbers" in path.read_text())
    window.keys(Keys.CONTROL, Keys.BACKSPACE)
    window.until(lambda: target(path) == "It will cost 48 million euros.")
    window.keys(Keys.CONTROL, "1")
    window.until(lambda: target(path).endswith("euros.48") or target(path).startswith("48"))
    window.keys(Keys.ALT, "q")
    window.until(lambda: "# translate: question" in path.read_text())
    window.run("document.querySelector('.remarks').open = true")
    window.run("document.querySelector('.remarks textarea').focus()")
    window.type("Who said so?")
    window.until(lambda: "# Who said so?" in path.read_text())
    window.run("document.querySelector('.mark-form').requestSubmit()")
    window.until(lambda: "# translate: mqm accuracy/minor" in path.read_text())
    # In one step: the panel is drawn anew when the mark is saved.
    window.run(
        "const form = document.querySelector('.term-form'); form.hidden = false;"
        "form.elements.source.value = 'Term source'; form.elements.target.value = 'Term target';"
        "form.requestSubmit()"
    )
    glossary = drafted / "glossary/de-en.csv"
    window.until(lambda: "Term source,Term target" in glossary.read_text())
    for value in ("least confident first", "findings first", "oldest first"):
        window.run(
            "const [, order] = document.querySelectorAll('.controls select');"
            "order.value = arguments[0]; order.dispatchEvent(new Event('change'))", value,
        )  # fmt: skip
        window.until(lambda: len(window.all(".segment")) == 12)
    window.run("document.activeElement.blur()")
    window.type("?")
    window.until(lambda: "Approve, and go to the next segment" in window.one("dialog").text)
    window.keys(Keys.ESCAPE)
    window.until(lambda: not window.all("dialog"))
    assert window.severe() == []


def test_the_overview_searches_and_filters(client: Client, window: Browser) -> None:
    """A hit leads to its segment; the filter for unfinished articles and the pages work."""
    window.open(client)
    window.until(lambda: len(window.all(".articles tbody tr")) == 2)
    window.run(
        "const form = document.querySelector('form[role=search]');"
        "form.elements.text.value = 'million'; form.requestSubmit()"
    )
    window.until(lambda: window.all(".hits a"))
    window.run("document.querySelector('.controls input[type=checkbox]').click()")
    window.until(lambda: "none" in window.text() or "warning" in window.text())
    window.run("document.querySelector('.hits a').click()")
    window.until(lambda: window.active() == 8)
    assert window.focused() == "TEXTAREA"
    assert window.severe() == []
