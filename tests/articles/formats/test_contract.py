"""The promises of all formats, checked for each built-in one."""

from __future__ import annotations

from hypothesis import strategies as st

from pipeline.articles import FORMATS
from tests.articles.formats.contract import FormatContract
from tests.articles.formats.html.pages import ERRONEOUS_PAGES, PAGE


class TestPlainText(FormatContract):
    """Plain text has no markup: its lines are the blocks."""

    suffix = ".txt"
    samples = ("Ein Titel\n\nErster Satz. Zweiter Satz.\n  • Ein Punkt der Liste.\n",)
    documents = st.lists(
        st.sampled_from(
            ("Der Hafen wächst. Er wird größer.", "1. Erstens gilt das.", "", "  – Ein Punkt.")
        ),
        max_size=8,
    ).map("\n".join)


_MARKDOWN = """\
---
title: "Der \\"große\\" Hafen: ein Bericht"
description: >-
  Ein Text, der über
  mehrere Zeilen geht.
keywords: [Wirtschaft, 'Häfen, innen']
lang: de
draft: false
---
Der Hafen
=========

> Ein Zitat, das über mehrere Zeilen
> geht und **fett gedruckt wird, auch
> hier**, mit [Link](https://example.org/sehr/lange/adresse "Der Titel").
und faul weiter

1. Punkt eins
   - [ ] Aufgabe &amp; mehr
   - [x] Erledigt\\_es ist\x20\x20
     in neuer Zeile
2. Punkt zwei[^1] und ^[eine Anmerkung hier]

[^1]: Die Fußnote mit `code`.

| Kopf hier | Zwei |
|-----------|-----:|
| a \\| b    | **x y** |
|           | ![Bild *alt*](b.png 'Bild "Titel"') |

!!! note "Hinweis zur Lage"
    Der Inhalt hier.

::: tip Kleiner Titel {#anker}
Text 3 * 4 und snake_case und \\*kein\\* Kursiv.
:::

Begriff
: Erklärung dazu

Siehe [Abkommen] und [das hier][Abkommen] und <https://x.example> und https://y.example/a_b_.

[Abkommen]: https://example.org/a "Titel des Abkommens"

> [!NOTE]
> Ein Hinweis dazu.

<!-- translate:off -->
Dies wird nicht übersetzt.

<!-- translate:on -->

import Ding from './ding'

<Reiter werte={["a", "b"]}>

Formel $a_1 + b$ kostet 5 $ oder 6 $. {{ wert }} <b>fett <span class="y">hier</span></b>.

</Reiter>

## Kapitel mit Anker {#anker .klasse}

<details class="x">
<summary>Mehr &amp; *das* hier</summary>
<p>Ein <b class="u">Text</b> mit <a href="x" title="Der Titel">Link</a>,
  <code>a b</code> und <img src="b.png" alt="Ein Bild">.</p>
</details>

```python
code = "bleibt"
```

    eingerückter Code
"""

_INLINE = st.sampled_from(
    (
        "Der Hafen",
        "**sehr groß**",
        "_wichtig_",
        "`code`",
        "[Link zum Text](https://example.org/lang/und/laenger)",
        "[kurz](./a)",
        "![Bild der Stadt](bild.png)",
        "a*b",
        "3 * 4",
        "1\\. Mai",
        "&nbsp;und",
        "x_y_z",
        "<b>mehr</b>",
        "~~alt~~",
        "„Wort“,",
        "<br>",
        "$x$",
        "\\[nein]",
        "[^1]",
        "z. B.",
        "Ende. Neu",
    )
)
_PARAGRAPH = st.lists(_INLINE, min_size=1, max_size=6).map(" ".join)
_LINES = st.lists(_PARAGRAPH, min_size=1, max_size=3)


def _prefixed(first: str, rest: str) -> st.SearchStrategy[str]:
    return _LINES.map(lambda lines: first + ("\n" + rest).join(lines))


_BLOCK = st.one_of(
    _prefixed("", ""),
    _prefixed("> ", "> "),
    _prefixed("> ", ""),
    _prefixed("- ", "  "),
    _prefixed("12. ", "    "),
    _PARAGRAPH.map("## {} {{#id}}".format),
    _PARAGRAPH.map("{}\n---".format),
    _PARAGRAPH.map(lambda text: f"| A | B |\n|---|---|\n| {text} | x \\| y |"),
    _PARAGRAPH.map("::: warning {}\nText hier.\n:::".format),
    st.just("```\ncode\n```"),
    st.just("<div>\n*roh*\n</div>"),
    st.just("[^1]: Eine Note."),
)


class TestMarkdown(FormatContract):
    """Markdown of all dialects."""

    suffix = ".md"
    samples = (
        _MARKDOWN,
        "\ufeff# Titel\n",
        "Nur ein Satz ohne Zeilenende",
        "- Punkt\n\n\tmit Absatz\n",
    )
    documents = st.lists(_BLOCK, max_size=5).map("\n\n".join)


class TestHtml(FormatContract):
    """HTML pages and fragments, also with errors."""

    suffix = ".html"
    samples = (PAGE, "\ufeff<p>Ein Satz.", "Nur ein Satz ohne Zeilenende")
    documents = ERRONEOUS_PAGES


def test_every_built_in_format_is_checked() -> None:
    """A new format needs a class here."""
    checked = {one.suffix for one in FormatContract.__subclasses__()}
    same = {FORMATS[suffix] for suffix in checked}
    assert {FORMATS[suffix] for suffix in FORMATS} == same
