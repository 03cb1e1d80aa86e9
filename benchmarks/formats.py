"""Measure what a format does to real files.

    python benchmarks/formats.py FOLDER_OR_FILE...
    python benchmarks/formats.py --po4a FILE.md

For each article below the folders: is it built byte for byte without translations, and with each
segment as its own translation through the encoder? With a word inserted into every segment, does
it keep the tokens that the format compares, and the structure that other parsers see (selectolax
for HTML; markdown-it-py without plug-ins for Markdown, and cmark-gfm where it is installed, whose
text must also be the same without the inserted words)? Prints each failing file with the reason,
then totals and speed. The second form compares the processor time of extraction with po4a's.
"""

from __future__ import annotations

import html
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from markdown_it import MarkdownIt

from pipeline.articles import (
    MarkupError,
    decode_article,
    find_markup_format,
    is_supported,
    render_article,
    segment_article,
)
from pipeline.articles.formats.markdown import front_matter
from pipeline.core import ArticleError
from pipeline.testing import WORD, encode_all, insert_word

_CMARK = shutil.which("cmark-gfm") or ""
_HTML, _MARKDOWN = (".html", ".htm"), (".md", ".markdown")
# Attributes whose values are translated, or name the language.
_TRANSLATED = {"alt", "title", "content", "placeholder", "value", "label", "summary", "lang"}
_TRANSLATED |= {"xml:lang", "hreflang", "aria-label"}


def main(paths: list[str]) -> None:
    totals: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for path in _files(paths):
        data = path.read_bytes()
        totals["files"] += 1
        totals["bytes"] += len(data)
        for failure in _failures(path, data, totals, seconds):
            totals[failure] += 1
            print(f"{path}: {failure}")
    size = totals.pop("bytes")
    print(dict(totals))
    rates = ", ".join(f"{step} {size / spent / 1e6:.1f} MB/s" for step, spent in seconds.items())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size / 1e6:.1f} MB; {rates}; peak {peak:.0f} MiB")


def _files(paths: list[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (one for one in found if one.is_file() and is_supported(one.suffix.lower()))


def _failures(
    path: Path, data: bytes, totals: Counter[str], seconds: Counter[str]
) -> Iterator[str]:
    started = time.process_time()
    try:
        article = decode_article(path, data)
    except ArticleError as error:
        yield f"refused: {error.message}"
        return
    parsed = time.process_time()
    segments = segment_article(article)
    seconds["read"] += parsed - started
    seconds["segment"] += time.process_time() - parsed
    totals["segments"] += len(segments)
    if render_article(article, []).text.encode(article.encoding) != data:
        yield "not the same without translations"
    form = find_markup_format(path.suffix.lower())
    try:
        if form and encode_all(article) != article.text:
            yield "not the same with its own texts"
    except MarkupError as error:
        yield f"not the same with its own texts: {error}"
    started = time.process_time()
    rendered = render_article(article, [(one, insert_word(one, form)) for one in segments])
    seconds["build"] += time.process_time() - started
    for segment, reason in rendered.rejected:
        yield f"line {segment.line}: rejected: {reason}"
    if path.suffix.lower() in _HTML and _tree(article.text) != _tree(rendered.text):
        yield "another tree"
    if path.suffix.lower() in _MARKDOWN and _tokens(article.text) != _tokens(rendered.text):
        yield "other tokens"
    if (
        path.suffix.lower() in _MARKDOWN
        and _CMARK
        and _nodes(article.text) != _nodes(rendered.text)
    ):
        yield "other nodes of cmark"


def _tree(text: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the elements of a page in order, with the attributes that are not translated."""
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(text).root
    nodes = root.traverse(include_text=False) if root else ()
    return [
        (
            str(node.tag),
            tuple(sorted((k, v or "") for k, v in node.attributes.items() if k not in _TRANSLATED)),
        )
        for node in nodes
    ]


def _tokens(text: str) -> list[tuple[object, ...]]:
    """Return the blocks after front matter in order, each with its inline elements."""
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found: list[tuple[object, ...]] = []
    for token in md.parse(text[front_matter.find(text)[3] :]):
        inline = sorted(
            (one.type, str(one.attrs.get("href", "")), str(one.attrs.get("src", "")))
            for one in token.children or ()
            if one.type not in ("text", "softbreak")
        )
        found.append((token.type, token.tag, token.level, *inline))
    return found


def _nodes(text: str) -> list[tuple[object, ...]]:
    """Return the nodes that cmark-gfm reads after front matter, with their text.

    White space and inserted words do not count: text is wrapped again. Neither does indented
    code: for this parser, the text of an admonition is.
    """
    options = [
        one for name in ("table", "strikethrough", "tasklist", "footnotes") for one in ("-e", name)
    ]
    command = [_CMARK, "--unsafe", "-t", "xml", *options]
    data = text[front_matter.find(text)[3] :].encode()
    output = subprocess.run(command, input=data, check=True, capture_output=True).stdout
    root = etree.fromstring(output, etree.XMLParser(recover=True, huge_tree=True))
    found: list[tuple[object, ...]] = []
    for node in root.iter():
        name = etree.QName(node).localname
        content = "".join(html.unescape(node.text or "").replace(WORD, "").split())
        if name == "code_block" and "info" not in node.attrib:
            content = ""
        attributes = tuple((k, v) for k, v in node.items() if "title" not in k and "space" not in k)
        if name == "text" and found and found[-1][0] == "text":
            content = f"{found.pop()[1]}{content}"
        if name != "softbreak" and (name != "text" or content):
            found.append((name, content, *(() if name == "text" else attributes)))
    return found


def compare_with_po4a(path: Path) -> None:
    """Print the user time of reading and segmenting a Markdown file, and that of po4a."""
    started = os.times()
    segments = segment_article(decode_article(path, path.read_bytes()))
    ours = os.times().user - started.user
    with tempfile.TemporaryDirectory() as folder:
        pot = Path(folder) / "article.pot"
        command = ["po4a-updatepo", "-f", "text", "-o", "markdown", "-m", str(path)]
        started = os.times()
        subprocess.run([*command, "-M", "utf-8", "-p", str(pot)], check=True, capture_output=True)
        theirs = os.times().children_user - started.children_user
    print(f"{len(segments)} segments in {ours:.1f} s; po4a {theirs:.1f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--po4a"]:
        compare_with_po4a(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
