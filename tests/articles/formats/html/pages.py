"""Pages for tests: one with everything in it, and random ones with every kind of error."""

from __future__ import annotations

from hypothesis import strategies as st

PAGE = """<!DOCTYPE html>
<html lang="de">
<head>
  <meta charset="utf-8">
  <title>Der Hafen &amp; die Stadt</title>
  <meta name="description" content="Ein Rundgang. Mit Bildern.">
  <meta property="og:title" content='Der "Hafen"'>
  <link rel="alternate" hreflang="de" href="/de/">
  <style>p { color: red }</style>
  <script>var text = "<p>kein Text</p>";</script>
  <script type="application/ld+json">
    {"@type": "Article", "headline": "Der \\u00fcberf\\u00fcllte Hafen",
     "articleBody": "Erster Absatz.\\nZweiter \\"Absatz\\".", "url": "https://example.org/"}
  </script>
</head>
<body class="home">
  <nav><ul>
    <li><a href="/">Start</a></li><li><a href=/k title="Zum Kontakt">Kontakt</a></li>
  </ul></nav>
  <main>
    <h1>Der Hafen</h1>
    <p>Ein <a href="https://example.org/a?b=1&amp;c=2">Link</a> und <a href="/d">noch
       <b>ein</b> Link</a>, dazu <img src="a.png" alt="Ein Schiff"> im Satz.
       Der zweite Satz steht&nbsp;hier.</p>
    <p>Der Befehl <code class="x">ls &lt;dir&gt;</code>
       und <span translate="no">Foo Bar</span> bleiben.</p>
    <pre>nicht &uuml;bersetzen</pre>
    <!-- translate:off --><p>Auch das nicht.</p><!-- translate:on -->
    <table><tr><th>Ort<th>Zahl<tr><td>Kiel<td>elf</table>
    <img src=b.png alt=Kran>
    <form><input placeholder="Ihr Name"><input type="submit" value="Senden"></form>
    <figure><img src="c.png" alt=""><figcaption>Foto: M&uuml;ller</figcaption></figure>
    <p lang="de-AT">Jänner</p>
    <p class="notranslate">Marke</p>
  </main>
</body>
</html>
"""

TAGS = st.sampled_from(
    ["p", "b", "i", "a", "div", "li", "ul", "td", "table", "code", "select", "svg", "pre", "br"]
)
ODDITIES = ['<a href="x" title="Ein Titel">', "<img alt=Hund>", '<p translate="no">', "<br/>", "&"]
ODDITIES += ["<!-- x -->", "<!-- translate:off -->", "<!-- translate:on -->", "&nbsp;", "<", ">"]
ODDITIES += ["&lt;b&gt;", "&amp;", '"', "<?php x ?>", "<a href='x", "<!--", "<title>", "\t", "  "]
PIECES = st.one_of(
    TAGS.map("<{}>".format),
    TAGS.map("</{}>".format),
    st.sampled_from(ODDITIES),
    st.sampled_from(["Ein Satz. ", "Noch einer!", "Wort ", "ä", "5 ", "z.\u00a0B. "]),
    st.text(max_size=3).filter(lambda text: "\0" not in text),
)

ERRONEOUS_PAGES = st.lists(PIECES, max_size=25).map("".join)
