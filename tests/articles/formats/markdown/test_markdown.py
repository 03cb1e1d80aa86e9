"""What Markdown articles give to catalogs, and how translations are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.articles import (
    FormatOptions,
    decode_article,
    find_markup_format,
    render_article,
    segment_article,
)
from pipeline.core import Article, ArticleError, Segment


def read(text: str, options: FormatOptions | None = None) -> Article:
    return decode_article(Path("a.md"), text.encode(), "utf-8", options or FormatOptions())


def segments(text: str) -> tuple[Segment, ...]:
    return segment_article(read(text))


def texts(text: str) -> list[str]:
    return [one.text for one in segments(text)]


def translate(text: str, *pairs: tuple[str, str]) -> str:
    """Render an article with translations of some segments; none may be rejected."""
    article = read(text)
    wanted = dict(pairs)
    changed = [(one, wanted[one.text]) for one in segment_article(article) if one.text in wanted]
    assert len(changed) == len(pairs), [one.text for one in segment_article(article)]
    rendered = render_article(article, changed, "en")
    assert not rendered.rejected
    return rendered.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Titel {#anker}\n", ["Titel"]),
        ("Titel\n=====\n", ["Titel"]),
        ("> Ein Zitat, das\nweiter geht.\n", ["Ein Zitat, das weiter geht."]),
        ("- [x] Erledigt\n", ["Erledigt"]),
        ("> [!NOTE]\n> Hinweis.\n", ["Hinweis."]),
        ("::: tip Titel {open}\nText.\n:::\n", ["Titel", "Text."]),
        ("::: {.note}\nText.\n:::\n", ["Text."]),
        ('!!! note "Titel"\n    Text.\n', ["Titel", "Text."]),
        ("!!! note\n    Text.\n", ["Text."]),
        ('=== "Reiter"\n    Text.\n', ["Reiter", "Text."]),
        ("|A|B|\n|-|-|\n|a \\| b||\n", ["A", "B", "a | b"]),
        ("Begriff\n: Erklärung\n", ["Begriff", "Erklärung"]),
        ("Text[^1].\n\n[^1]: Note.\n", ["Text[^1].", "Note."]),
        ("Text^[eine *Note*].\n", ["Text^[1].", "eine *Note*"]),
        ('![Bild](b.png "Titel")\n', ["Bild", "Titel"]),
        ('[Text](x "Titel")\n', ["Text", "Titel"]),
        ('[a]: https://x.example "Titel"\n', ["Titel"]),
        ("&nbsp;&amp; mehr\\*\n", ["& mehr*"]),
        ("Eine Zeile  \nund noch eine\n", ["Eine Zeile", "und noch eine"]),
        ("```\nCode\n```\n\n    Code\n\n$$\nx\n$$\n", []),
        ("import X from './x'\n\nText.\n", ["Text."]),
        ('<Tabs a={["x"]}>\n\nText {props.x}.\n\n</Tabs>\n', ["Text {props.x}."]),
        ("{% note %}\nText.\n{% endnote %}\n", ["Text."]),
        ("<p>Ein <b class='x'>Wort</b> &amp; *mehr*</p>\n", ["Ein <b>Wort</b> & \\*mehr\\*"]),
        ('<img src="a.png" alt="Ein Bild">\n', ["Ein Bild"]),
        ("- Punkt\n- <p>Absatz</p>\n", ["Punkt", "Absatz"]),
        ("<details>\n\n**Text.**\n\n</details>\n", ["Text."]),
        ("A <!-- translate:off -->B<!-- translate:on --> C.\n", None),
        ("<!-- translate:off -->\n\nB.\n\n<!-- translate:on -->\n\nC.\n", ["C."]),
        ('Ein <code>x</code> und <span translate="no">Wort</span>.\n', None),
        ("- [https://a.example/b](https://a.example/b)\n", []),
        ("[https://a.example und mehr](x)\n", ["[https://a.example und mehr](x)"]),
        ('---\ntitle: "{{ replace .Name "-" " " | title }}"\n---\n', []),
        ("+++\ntitle = 'Ein' Titel\n+++\nText.\n", ["Text."]),
        ("---\nteaser: |\n  Ein Satz geht\n  hier weiter.\n---\n", ["Ein Satz geht hier weiter."]),
        ('[Text]({{< ref "a b.md" >}} "Titel")\n', ["Text", "Titel"]),
        ("[Text]({% link a b.md %}) da\n", ["[Text](1) da"]),
        ("[Text](javascript:x(1)) da\n", ["[Text](1) da"]),
        ("{{< highlight go >}}\ncode\n{{< /highlight >}}\n", []),
        ("{% comment %}\nNotiz\n{% endcomment %}\n\nText.\n", ["Text."]),
        ("{% comment %}\nText ohne Ende\n", ["Text ohne Ende"]),
        ('{{< figure src="a.png" alt="Bild" >}}\n', ["Bild"]),
        ("|A|\n|-|\n|{{ a | b: c }}|\n", ["A"]),
        ("<Reiter a={1}>\n\n    Text.\n\n</Reiter>\n\n    Code\n", ["Text."]),
        ("<Reiter>\n\n    Code\n", []),
    ],
)
def test_segments(text: str, expected: list[str] | None) -> None:
    """Text is translated; code, targets, attributes and protected parts are not."""
    found = texts(text)
    if expected is None:  # protected parts are tokens
        form = find_markup_format(".md")
        assert form is not None
        assert len(found) == 1
        tokens = form.tokenize(found[0])
        assert tokens
        kept = "".join(found[0][token.start : token.end] for token in tokens)
        assert any(word in kept for word in ("B", "Wort"))
    else:
        assert found == expected


def test_long_targets_become_numbers_with_a_legend() -> None:
    """Short readable targets stay; equal targets have equal numbers."""
    (one,) = segments(
        "[A](https://a.example/lang/und/laenger) [B](./b) [C](2) <b class='x'>D</b> "
        "[E](https://a.example/lang/und/laenger)\n"
    )
    assert one.text == "[A](1) [B](./b) [C](2) <b>D</b> [E](1)"
    legends = [part.markup.legend for part in one.fragments if part.markup and part.markup.legend]
    assert "(1): https://a.example/lang/und/laenger" in legends
    assert "(2): 2" in legends
    assert "<b>: <b class='x'>" in legends


def test_front_matter_keys_are_a_setting() -> None:
    """Numbers, dates and other keys stay."""
    text = "---\ntitle: Ein Titel\ndate: 2026-01-01\nextra: Mehr Text\nalt: 12\n---\n"
    assert texts(text) == ["Ein Titel"]
    article = read(text, FormatOptions(front_matter=("extra",)))
    assert [one.text for one in segment_article(article)] == ["Mehr Text"]


@pytest.mark.parametrize(
    ("value", "translation", "written"),
    [
        ("Ein Titel", "A title: new", "'A title: new'"),
        ("Ein Titel", "Who's there: me", '"Who\'s there: me"'),
        ("Ein Titel", "A title", "A title"),
        ('"Ein Titel"', 'A "title"', '"A \\"title\\""'),
        ("'Ein Titel'", "It's", "'It''s'"),
        ("[Eins, Zwei]", None, None),
    ],
)
def test_front_matter_keeps_valid_quotes(
    value: str, translation: str | None, written: str | None
) -> None:
    """A value is quoted only if it has to be."""
    text = f"---\ntitle: {value}\n---\n"
    if translation is None:
        assert texts(text) == ["Eins", "Zwei"]
        assert translate(text, ("Eins", "One, two")) == text.replace("Eins", "'One, two'")
    else:
        assert translate(text, ("Ein Titel", translation)) == f"---\ntitle: {written}\n---\n"


def test_toml_front_matter() -> None:
    """A literal string that cannot contain the translation becomes a basic one."""
    text = "+++\ntitle = 'Ein Titel'\ndraft = false\nlang = \"de\"\n+++\n"
    expected = '+++\ntitle = "It\'s"\ndraft = false\nlang = "en"\n+++\n'
    assert translate(text, ("Ein Titel", "It's")) == expected


def test_a_wrapped_paragraph_is_wrapped_again() -> None:
    """Each line starts with the prefix of the source, and none is longer than its longest."""
    source = (
        "> Ein langer Absatz, der in einem Zitat steht und über drei Zeilen\n"
        "> geht, weil jemand ihn bei einer festen Breite umbrochen hat, wie\n"
        "> es viele tun.\n"
    )
    (text,) = texts(source)
    written = translate(source, (text, "Word " * 40))
    lines = written.splitlines()
    assert len(lines) > 3
    assert all(line.startswith("> Word") and len(line) <= 66 for line in lines)


@pytest.mark.parametrize(
    ("source", "translation", "written"),
    [
        ("Etwas\n", "1. May", "1\\. May\n"),
        ("Etwas\n", "# one", "\\# one\n"),
        ("Etwas\n", "- one", "\\- one\n"),
        ("Etwas\n", "2 * 3 and snake_case", "2 * 3 and snake_case\n"),
        ("Etwas\n", "a & b < c", "a & b < c\n"),
        ("|Etwas|\n|-|\n", "a | b", "|a \\| b|\n|-|\n"),
        ("Etwas **fett**\n", "**bold** it", "**bold** it\n"),
        ("[Etwas]:\n\n[Etwas]: x\n", "[Etwas](1): thing", "[Etwas]\\: thing\n\n[Etwas]: x\n"),
        ("Ein [Etwas] hier\n\n[Etwas]: x\n", "A [thing](1)", "A [thing][Etwas]\n\n[Etwas]: x\n"),
        ("[Etwas](x 'Ein')\n", "It's", "[Etwas](x 'It\\'s')\n"),
        ("<p>Etwas</p>\n", "a & b < c", "<p>a &amp; b &lt; c</p>\n"),
        ('<img alt="Etwas">\n', 'a "b"', '<img alt="a &quot;b&quot;">\n'),
        ("A&nbsp;B und\n", "A\xa0B and", "A&nbsp;B and\n"),
        ('{% a alt="Etwas" %}\n', "a * b", '{% a alt="a * b" %}\n'),
    ],
)
def test_translations_are_escaped_where_needed(source: str, translation: str, written: str) -> None:
    """What a translator writes as text is text in the built article."""
    original = "Ein" if "'Ein'" in source else texts(source)[0]
    assert translate(source, (original, translation)) == written


@pytest.mark.parametrize(
    ("source", "translation", "reason"),
    [
        ("Ein [Link](x) hier\n", "A link here", "is missing"),
        ("Ein **Wort** hier\n", "A **word here", "is missing"),
        ("Ein *Wort* und **zwei**\n", "*One **and* two**", ""),
        ('{% a alt="Etwas" %}\n', 'a "b"', "cannot contain"),
    ],
)
def test_lost_markup_leaves_the_segment_german(source: str, translation: str, reason: str) -> None:
    """The reason names the token."""
    article = read(source)
    (segment,) = segment_article(article)
    rendered = render_article(article, [(segment, translation)])
    assert rendered.text == source
    assert reason in rendered.rejected[0][1]


@pytest.mark.parametrize("prefix", ["> ", "- ", "1. "])
def test_deep_nesting_is_an_error_with_a_line(prefix: str) -> None:
    """Never a silent article without segments."""
    with pytest.raises(ArticleError, match=r"a\.md:1: blocks are nested deeper than 100 levels"):
        read(prefix * 100_000 + "Text")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000 + "Wort",
        "![" * 50_000 + "Wort" + "](x)" * 50_000,
        "*a " * 20_000,
        "<b>" * 20_000 + "Wort" + "</i>" * 20_000,
        "{a " * 20_000,
        "---\na: &a [*b, *b]\ntitle: *a\n---\nWort",
        "Der Hafen wächst. " * 20_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_text_is_kept(text: str) -> None:
    """Thousands of open brackets, tags or stars are text."""
    article = read(text)
    assert render_article(article, [(s, s.text) for s in segment_article(article)]).text == text


def test_the_example_of_the_documentation_is_true() -> None:
    """docs/formats.md shows a text and its segments."""
    page = (Path(__file__).parents[4] / "docs" / "formats.md").read_text(encoding="utf-8")
    source, listed = (
        page.split(f"```{kind}\n", 1)[1].split("\n```\n", 1)[0] for kind in ("markdown", "text")
    )
    assert texts(source) == listed.split("\n")


def test_an_image_named_by_its_text_keeps_its_target() -> None:
    """The text is the label of the target, so it stays as the label."""
    source = "![Karte]\n\n[Karte]: karte.png\n"
    assert translate(source, ("Karte", "Map")) == source.replace("![Karte]", "![Map][Karte]")
