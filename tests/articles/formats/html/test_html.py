"""HTML articles: what is extracted, and what a built page looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.articles import decode_article, render_article, segment_article
from pipeline.articles.formats import FormatOptions
from pipeline.core import Article, ArticleError, Segment
from tests.articles.formats.html.pages import PAGE


def read(source: str) -> tuple[Article, tuple[Segment, ...]]:
    """A page as an article, and its segments."""
    article = decode_article(Path("article.html"), source.encode())
    return article, segment_article(article)


def texts(source: str) -> list[str]:
    """The texts of a page as in its catalog."""
    return [one.text for one in read(source)[1]]


def build(source: str, translations: dict[str, str], language: str = "en") -> str:
    """Build a page with some translations, all of which must be accepted."""
    article, segments = read(source)
    pairs = [(one, translations[one.text]) for one in segments if one.text in translations]
    assert len({one.text for one, _ in pairs}) == len(translations)
    rendered = render_article(article, pairs, language)
    assert not rendered.rejected
    return rendered.text


def test_all_texts_of_a_page_are_found() -> None:
    """Texts, attributes and metadata are segments; code and what is excluded are not."""
    assert texts(PAGE) == [
        "Der Hafen & die Stadt",
        "Ein Rundgang.",
        "Mit Bildern.",
        'Der "Hafen"',
        "Der überfüllte Hafen",
        "Erster Absatz.",
        'Zweiter "Absatz".',
        "Start",
        "Zum Kontakt",
        "Kontakt",
        "Der Hafen",
        "Ein <a1>Link</a1> und <a2>noch <b>ein</b> Link</a2>, dazu <img> im Satz.",
        "Der zweite Satz steht\xa0hier.",
        "Ein Schiff",
        "Der Befehl <code>ls &lt;dir></code> und <notranslate>Foo Bar</notranslate> bleiben.",
        "Ort",
        "Zahl",
        "Kiel",
        "elf",
        "Kran",
        "Ihr Name",
        "Senden",
        "Foto: Müller",
        "Jänner",
    ]


def test_the_position_of_a_text_is_described() -> None:
    """Labels say what the text is, and where."""
    labels = {one.text: one.label or one.kind.value for one in read(PAGE)[1]}
    assert labels["Der Hafen & die Stadt"] == "page title"
    assert labels["Ein Rundgang."] == "meta description"
    assert labels["Erster Absatz."] == "JSON-LD articleBody"
    assert labels["Zum Kontakt"] == "link title"
    assert labels["elf"] == "table row 2, column 2"
    assert labels["Ein Schiff"] == "image text"
    assert labels["Der Hafen"] == "heading"
    assert labels["Foto: Müller"] == "caption"


def legends(segment: Segment) -> list[str]:
    return [one.markup.legend for one in segment.fragments if one.markup and one.markup.legend]


def test_a_legend_explains_the_tags() -> None:
    """Tags without attributes need no explanation."""
    segment = next(one for one in read(PAGE)[1] if "noch" in one.text)
    assert legends(segment) == [
        '<a1> = <a href="https://example.org/a?b=1&amp;c=2">',
        '<a2> = <a href="/d">',
        '<img> = <img src="a.png" alt="Ein Schiff">',
    ]


def test_translations_are_escaped_only_where_required() -> None:
    """In a text `&` and `<`, in an attribute its quote; references to letters are not needed."""
    built = build(
        "<p title='Alt'>M&uuml;ller &amp; S&ouml;hne</p><img alt=Hund>",
        {"Müller & Söhne": 'Müller & "Sons" < 5 > 3', "Alt": "It's", "Hund": 'a "dog"'},
    )
    assert built == (
        '<p title=\'It&#39;s\'>Müller &amp; "Sons" &lt; 5 > 3</p><img alt="a &quot;dog&quot;">'
    )


def test_invisible_characters_keep_their_reference() -> None:
    """The built page says `&nbsp;` if the German page does."""
    assert build("<p>5&nbsp;kg</p>", {"5\xa0kg": "11\xa0lb"}) == "<p>11&nbsp;lb</p>"
    assert build("<p>5\xa0kg</p>", {"5\xa0kg": "11\xa0lb"}) == "<p>11\xa0lb</p>"


def test_soft_hyphens_are_not_translated() -> None:
    """They are where German words may break; words are whole in the catalog."""
    source = "<p>Die Silben&shy;trennung im Bahn\xadhof</p>"
    assert texts(source) == ["Die Silbentrennung im Bahnhof"]
    assert texts("<p>Bahn\xadhof</p><p>Zwei\tWorte</p>") == ["Bahnhof", "Zwei Worte"]
    assert build(source, {texts(source)[0]: "Hyphenation"}) == "<p>Hyphenation</p>"


def test_opaque_elements_have_attributes_with_text() -> None:
    """A form field and an embedded page are described, although their content is not text."""
    field = "<textarea placeholder='Ihr Text'>bleibt</textarea>"
    source = f"<p>Feld {field} hier</p><iframe title='Karte'></iframe>"
    assert texts(source) == ["Feld <textarea/> hier", "Ihr Text", "Karte"]


def test_text_that_looks_like_a_tag_stays_text() -> None:
    """A page about HTML shows tags as text; catalogs escape them."""
    source = "<p>Das Element &lt;b&gt; und &amp;nbsp; als Text</p>"
    assert texts(source) == ["Das Element &lt;b> und &amp;nbsp; als Text"]
    built = build(source, {texts(source)[0]: "Text: &lt;b> and &amp;nbsp;"})
    assert built == "<p>Text: &lt;b> and &amp;nbsp;</p>"


def test_elements_may_move_but_not_vanish() -> None:
    """A translation without a tag, with a new one, or with crossing ones is not built."""
    source = "<p><b>Rot</b> und <a href=x>blau</a> hier</p>"
    (text,) = texts(source)
    assert build(source, {text: "<a>Blue</a> and <b>red</b>"}) == (
        "<p><a href=x>Blue</a> and <b>red</b></p>"
    )
    article, segments = read(source)
    for wrong in (
        "Red and <a>blue</a>",
        "<b>Red</b> and <a>blue</a><script>x</script>",
        "<b>Red and <a>blue</b></a>",
        '<b>Red</b> and <a href="evil">blue</a>',
    ):
        rendered = render_article(article, [(segments[0], wrong)], "en")
        assert rendered.text == source
        assert len(rendered.rejected) == 1


def test_wrapped_paragraphs_are_wrapped_again() -> None:
    """Lines are as long as in the German, with the same indentation and line end."""
    source = "<p>\r\n    Ein langer Satz, der auf\r\n    zwei Zeilen steht.\r\n</p>"
    (text,) = texts(source)
    assert text == "Ein langer Satz, der auf zwei Zeilen steht."
    assert build(source, {text: "A long sentence that needs two lines here."}) == (
        "<p>\r\n    A long sentence that\r\n    needs two lines here.\r\n</p>"
    )


def test_the_language_of_the_page_is_the_target_language() -> None:
    """`lang` and `hreflang` that say German change; a list of all languages stays."""
    built = build(PAGE, {"Der Hafen": "The port"}, "pt_BR")
    assert '<html lang="pt-BR">' in built
    assert '<p lang="pt-BR">Jänner' in built
    assert 'hreflang="pt-BR"' in built
    listed = "<link rel=alternate hreflang=de href=/><link rel=alternate hreflang=en href=/e>"
    assert build(listed + "<p>Tag</p>", {"Tag": "Day"}) == listed + "<p>Day</p>"


def test_metadata_names_the_target_language() -> None:
    """Each in its own spelling; languages other than German, and lists of languages, stay."""
    source = (
        '<meta http-equiv="content-language" content="de"><meta name=language content=de-DE>'
        '<meta property="og:locale" content="de_DE">'
        '<meta property="og:locale:alternate" content="de_AT">'
        '<meta name="dc.language" content="fr"><meta itemprop="inLanguage" content="de">'
        '<script type="application/ld+json">{"inLanguage": "de-DE", "name": "inLanguage",'
        '"workTranslation": {"inLanguage": "en"}, "availableLanguage": "de",'
        '"hasPart": {"inLanguage":["de", "it"]}}</script>'
        '<script>var x = {"inLanguage": "de"};</script><p>Tag</p>'
    )
    assert build(source, {"Tag": "Dia"}, "pt_BR") == (
        '<meta http-equiv="content-language" content="pt-BR"><meta name=language content=pt-BR>'
        '<meta property="og:locale" content="pt_BR">'
        '<meta property="og:locale:alternate" content="de_AT">'
        '<meta name="dc.language" content="fr"><meta itemprop="inLanguage" content="pt-BR">'
        '<script type="application/ld+json">{"inLanguage": "pt-BR", "name": "inLanguage",'
        '"workTranslation": {"inLanguage": "en"}, "availableLanguage": "de",'
        '"hasPart": {"inLanguage":["de", "it"]}}</script>'
        '<script>var x = {"inLanguage": "de"};</script><p>Dia</p>'
    )


def test_the_language_of_text_that_stays_german_stays() -> None:
    """What is not translated is still German."""
    source = '<p translate="no" lang="de">Zeitgeist</p><p>Tag</p>'
    assert build(source, {"Tag": "Day"}) == source.replace("Tag", "Day")


def test_a_part_of_a_sentence_is_excluded_by_comments() -> None:
    """It may be at the beginning, and may move there."""
    off = "<!-- translate:off -->Foo<!-- translate:on -->"
    assert texts(f"<p>{off} ist da.</p>") == ["<notranslate>Foo</notranslate> ist da."]
    built = build(
        f"<p>Da ist {off}!</p>",
        {"Da ist <notranslate>Foo</notranslate>!": "<notranslate>Foo</notranslate> is there!"},
    )
    assert built == f"<p>{off} is there!</p>"
    assert texts("a<!-- translate:off --><p>b</p><!-- translate:on -->c") == ["a", "c"]


def test_a_part_may_be_translated_again() -> None:
    """`translate="yes"` within `translate="no"` is translated."""
    assert texts('<div translate="no">nein<p translate="yes">ja</p>nein</div><p>doch</p>') == [
        "ja",
        "doch",
    ]


def test_a_sentence_goes_on_around_an_element_with_own_texts() -> None:
    """The texts of a menu or an image in a sentence are segments of their own."""
    menu, image = "<select><option>{}<option>Qual</select>", "<svg><title>Bild</title></svg>"
    source = f"<p>Erst {menu.format('Wahl')} dann {image} Ende.</p>"
    assert texts(source) == ["Erst <select/> dann <svg/> Ende.", "Wahl", "Qual", "Bild"]
    built = build(
        source,
        {"Erst <select/> dann <svg/> Ende.": "<svg/> first, <select/> then.", "Wahl": "choice"},
    )
    assert built == f"<p>{image} first, {menu.format('choice')} then.</p>"


def test_links_in_a_row_are_segments_of_their_own() -> None:
    """A navigation without a list is no sentence."""
    assert texts('<div><a href="/">Start</a> | <a href="/k">Kontakt</a></div>') == [
        "Start",
        "Kontakt",
    ]
    menu = "<select><option>Eins</select>"
    assert texts(f"<div><a>Start</a> <a>Kontakt</a> {menu}</div>") == ["Start", "Kontakt", "Eins"]


def test_what_is_around_the_text_stays_outside() -> None:
    """Anchors, icons and elements around a whole paragraph need no tags in the catalog."""
    source = '<p><a id="x"></a><b><i class="icon"></i> Ein Satz.</b><br></p>'
    assert texts(source) == ["Ein Satz."]


def test_an_untranslated_alternative_text_is_kept() -> None:
    """It is never emptied, whatever happens to the sentence around it."""
    source = '<p>Ein <img alt="Hund" src=x> bellt.</p>'
    assert build(source, {"Ein <img> bellt.": "A <img> barks."}) == (
        '<p>A <img alt="Hund" src=x> barks.</p>'
    )
    assert build(source, {"Hund": "dog"}) == '<p>Ein <img alt="dog" src=x> bellt.</p>'


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("\ufeff<p>Größe</p>".encode(), "utf-8", "Größe"),
        ("\ufeff<p>Größe</p>".encode("utf-16-le"), "utf-16-le", "Größe"),
        ("<meta charset=iso-8859-1><p>Größe – „ja“</p>".encode("cp1252"), "cp1252", "Größe – „ja“"),
        (
            "<META HTTP-EQUIV=x CONTENT='text/html; charset=ISO-8859-15'><p>5 €</p>".encode(
                "iso-8859-15"
            ),
            "ISO-8859-15",
            "5 €",
        ),
        (
            '<?xml version="1.0" encoding="iso-8859-2"?><p>Łódź</p>'.encode("iso-8859-2"),
            "iso-8859-2",
            "Łódź",
        ),
        (b"<!-- <meta charset=koi8-r> --><p>\xc3\xa4</p>", "utf-8", "ä"),
    ],
)
def test_the_declared_encoding_is_used(data: bytes, encoding: str, text: str) -> None:
    """The bytes are restored, and the text is read as a browser does."""
    article = decode_article(Path("a.html"), data)
    assert article.encoding.lower() == encoding.lower()
    assert article.text.encode(article.encoding) == data
    assert text in [one.text for one in segment_article(article)]


def test_characters_that_the_encoding_lacks_become_references() -> None:
    """A Polish name in a page in ISO 8859-1."""
    data = "<meta charset=iso-8859-1><p title=Ort>Größe</p>".encode("cp1252")
    article = decode_article(Path("a.html"), data)
    pairs = [(one, "Łódź") for one in segment_article(article)]
    built = render_article(article, pairs, "pl").text
    assert built.encode(article.encoding).endswith(
        b'<p title="&#321;\xf3d&#378;">&#321;\xf3d&#378;</p>'
    )


def test_an_unknown_encoding_is_an_error() -> None:
    """The message names it."""
    with pytest.raises(ArticleError, match="unknown encoding 'klingon'"):
        decode_article(Path("a.html"), b"<meta charset=klingon><p>x</p>")


def test_the_main_content_is_selected_by_elements() -> None:
    """The navigation is not translated; title and description are."""
    source = (
        "<title>Seite</title><nav>Menü</nav><main><div>Werbung</div>"
        "<article>Ein langer Text im Artikel.</article></main><footer>Fuß</footer>"
    )
    article = decode_article(Path("a.html"), source.encode(), options=FormatOptions("main"))
    found = [one.text for one in segment_article(article)]
    assert found == ["Seite", "Ein langer Text im Artikel."]


def test_a_page_without_main_content_is_an_error() -> None:
    """Nothing is translated in silence."""
    with pytest.raises(ArticleError, match="no main content"):
        decode_article(Path("a.html"), b"<p>Text</p>", options=FormatOptions("main"))


def test_link_targets_may_be_localized() -> None:
    """The targets are those of `links.csv`, escaped as the attribute requires."""
    source = "<p><a href='/de?a=1&amp;b=2'>Hier</a> und <a href=/x>da</a>, <a href=/y>dort</a></p>"
    article, segments = read(source)
    links = {"/de?a=1&b=2": "/en?a='1'&b=2", "/x": "/x y"}
    built = render_article(article, [(segments[0], segments[0].text)], "en", links).text
    assert built == (
        "<p><a href='/en?a=&#39;1&#39;&amp;b=2'>Hier</a> und <a href=\"/x y\">da</a>,"
        " <a href=/y>dort</a></p>"
    )


def test_the_main_content_is_selected_by_statistics() -> None:
    """The package only selects: the texts are those of the page."""
    pytest.importorskip("trafilatura")
    paragraph = "<p>Der Hafen der Stadt ist in diesem Jahr um {} neue Kaianlagen gewachsen.</p>"
    text = "".join(map(paragraph.format, ("zwei", "drei", "vier", "fünf", "sechs")))
    source = (
        f"<html><head><title>Hafen</title></head><body><div><a href=/>Start</a></div>"
        f"<div class=content><h1>Der Hafen</h1>{text}</div><div class=footer>Impressum</div></body>"
    )
    article = decode_article(Path("a.html"), source.encode(), options=FormatOptions("auto"))
    found = [one.text for one in segment_article(article)]
    assert found[0] == "Hafen"
    assert len([one for one in found if "Kaianlagen" in one]) == 5
    assert "Impressum" not in found


def test_pages_nested_a_thousandfold_are_read() -> None:
    """The time grows with the length, whatever is nested or not closed."""
    many = 5_000
    for page, expected in (
        ("<div>" * many + "Text", ["Text"]),
        ("<p>" + "<b>" * many + "Text" + "</b>" * many, ["Text"]),
        ("<p>Text <code>" * many, ["Text"] * many),
        ("Text <!-- " * many, ["Text"]),
        ("Text <a href='x" * many, ["Text"]),
        ("<p>Text <code>" * many + "</p></code>", ["Text"] * many),
        ("<ul><li>Text" * 500, ["Text"] * 500),
    ):
        assert texts(page) == expected


def test_xhtml_closes_elements_in_their_start_tags() -> None:
    """Only in files that declare to be XML: in HTML, such a script goes on."""
    page = '<html><head><title/><script src="x"/></head><body><div/><p>Ein <a id="b"/>Text</p>'
    assert texts(f'<?xml version="1.0"?>{page}') == ["Ein <a/>Text"]
    assert texts('<script src="x"/><p>Kein Text</p>') == []


def test_tags_keep_their_case() -> None:
    """Catalogs have lower case, the page has what its author wrote."""
    source = "<P>Ein <B>guter</B><BR>\r<I CLASS=x>Tag</I></P>"
    assert texts(source) == ["Ein <b>guter</b>", "<i>Tag</i>"]
    built = build(source, {"Ein <b>guter</b>": "A <b>good</b>", "<i>Tag</i>": "<i>day</i>"})
    assert built == "<P>A <B>good</B><BR>\r<I CLASS=x>day</I></P>"
