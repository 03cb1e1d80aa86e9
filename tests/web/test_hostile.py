"""Texts of articles, catalogs and glossaries never act in the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from selenium.webdriver.common.by import By

from pipeline.project import load_project
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract
from tests.web.browser import Browser, browser
from tests.web.conftest import Client, serving

ACT = "window.top.acted=(window.top.acted||0)+1"
HOSTILE = (
    f"<script>{ACT}</script>",
    f"</textarea><script>{ACT}</script>",
    f"</title></style><script>{ACT}</script>",
    f"<img src=x onerror={ACT}>",
    f"<svg onload={ACT}>",
    f"<svg><script>{ACT}</script></svg>",
    f"<details open ontoggle={ACT}>x</details>",
    f"<iframe srcdoc='<script>{ACT}</script>'></iframe>",
    f"<iframe src=\"javascript:{ACT}\"></iframe>",
    f"<object data=\"javascript:{ACT}\"></object>",
    f"<a href=\"javascript:{ACT}\" autofocus onfocus={ACT}>x</a>",
    f"<input autofocus onfocus={ACT}>",
    f"<body onload={ACT}>",
    f"<math><mtext><script>{ACT}</script></mtext></math>",
    "<style>@import '//evil.example/x';</style><b style=\"background:url(//evil.example)\">",
    f"<meta http-equiv=refresh content=\"0;url=javascript:{ACT}\">",
    "<base href=\"//evil.example/\"><script src=x.js></script>",
    f"<form action=\"javascript:{ACT}\"><button autofocus>x</button></form>",
    f"[x](javascript:{ACT}) ![x](http://evil.example/x.png)",
    f"\" onmouseover={ACT} x=\"' onfocus='{ACT}' autofocus",
    f"${{{ACT}}} {{{{constructor.constructor('{ACT}')()}}}}",
    "\u202e\u0007]]>--><script>1</script>",
)  # fmt: skip
NAMES = ("<img src=x onerror=alert(1)>.txt", "';alert(1);'.txt", "a&b=c#d?e.md", "seite.html")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose every text is hostile: German, translations, comments, terms, names."""
    root = tmp_path_factory.mktemp("hostile")
    for folder in ("source_de", "glossary"):
        (root / folder).mkdir()
    (root / "translate.toml").write_text('languages = ["en"]\nname = "<b>x</b>"\n')
    term = '"<img src=x onerror=1>","<script>1</script>",,,,"<svg onload=1>"\n'
    (root / "glossary/de-en.csv").write_text(f"source,target,status,case,forms,note\n{term}")
    lines = "\n\n".join(f"Der Satz {n} ist lang. {text}" for n, text in enumerate(HOSTILE))
    page = "".join(f"<p>Der Satz {n} ist lang. {text}</p>" for n, text in enumerate(HOSTILE))
    for name in NAMES:
        (root / "source_de" / name).write_text(page if name.endswith("html") else lines)
    project = load_project(root)
    extract(project, ExtractOptions(force_language=True), SilentEvents())
    for article in project.articles():
        file = polib.pofile(str(project.catalog(article, "en")))
        for number, one in enumerate(file):
            text = HOSTILE[number % len(HOSTILE)]
            one.msgstr, one.flags = f"The sentence {text}", ["fuzzy"]
            one.tcomment = f"note {text}\ntranslate: draft by {text}, text 00000000"
            one.tcomment += f"\ntranslate: memory 84 % from {text}: [-{text}-]{{+x+}}"
            one.tcomment += f"\ntranslate: memory translation: {text}"
            one.tcomment += f'\ntranslate: conflict: ours: "{text}"'
            one.previous_msgid = text
        file.save()
    return root


@pytest.fixture(scope="module")
def served(hostile: Path) -> Iterator[Client]:
    with serving(hostile) as client:
        yield client


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as made:
        yield made


def acted(window: Browser) -> object:
    """Whether a hostile text did anything, and what was loaded from other hosts."""
    loaded = window.run(
        "return performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((one) => !one.startsWith(location.origin) && !one.startsWith('blob:'))"
    )
    return window.run("return window.acted ?? null"), loaded


def test_there_are_enough_hostile_texts() -> None:
    """At least twenty, all different."""
    assert len(set(HOSTILE)) >= 20


def test_hostile_texts_are_shown_and_do_not_act(served: Client, window: Browser) -> None:
    """In the overview, the search, the article, the panel, the dialog and the preview."""
    window.open(served)
    window.until(lambda: len(window.all(".articles tbody tr")) == len(NAMES))
    assert acted(window) == (None, [])
    names = [one.text for one in window.all(".articles tbody th")]
    assert sorted(names) == sorted(NAMES)
    for name in NAMES:
        window.open(served)
        window.until(lambda: len(window.all(".articles tbody a")) == len(NAMES))
        # In one step: the overview may be drawn anew at any moment.
        window.run(
            "[...document.querySelectorAll('.articles tbody a')]"
            ".find((one) => one.textContent.trim() === arguments[0]).click()",
            name,
        )
        window.until(
            lambda: window.run(
                "return [...document.querySelectorAll('.segment textarea')]"
                ".some((one) => one.value.includes('<script>'))"
            )
        )
        for number in range(22):
            window.run(
                "document.querySelectorAll('.segment textarea')[arguments[0]]?.focus()", number
            )
            for section in ("remarks", "history", "search"):
                window.run("document.querySelector(`.${arguments[0]}`).open = true", section)
        assert acted(window) == (None, [])
        window.run("arguments[0].click()", window.one("a[href^='#/preview']"))
        frame = window.one("iframe")
        window.until(lambda: "opens it" in window.text())
        assert acted(window) == (None, [])
        window.driver.switch_to.frame(frame)
        scripts = window.driver.find_elements(By.CSS_SELECTOR, "script, iframe, object, base")
        segments = window.driver.find_elements(By.CSS_SELECTOR, "[data-state]")
        window.driver.switch_to.default_content()
        assert not scripts
        assert len(segments) > 20
    assert acted(window) == (None, [])


def test_a_segment_of_the_preview_leads_to_the_editor(served: Client, window: Browser) -> None:
    """A click in the sandboxed frame activates the segment, a link in it goes nowhere."""
    window.open(served, "#/preview/seite.html/en")
    frame = window.one("iframe")
    window.until(lambda: "opens it" in window.text())
    window.driver.switch_to.frame(frame)
    window.driver.find_elements(By.CSS_SELECTOR, "[data-segment]")[2].click()
    window.driver.switch_to.default_content()
    window.until(lambda: window.active() > 1)
    assert "#/article/seite.html/en/" in window.driver.current_url
