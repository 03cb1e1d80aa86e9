"""Growth of the time of checks, readers and matchers with the length of their input.

    python benchmarks/complexity.py [--words N] [NAME...]

Each check compares two texts of N words (20,000 by default) and of a quarter of that, for
several kinds of text that have made algorithms slow: repeated words, numbers, months, quotes,
brackets, tags, placeholders, addresses, capital letters, a single word, and white space. The
prefilter of the checks, the matchers, the splitter, the segmentation, the inline markup of catalog
texts and its projection, and the parser of catalogs read long inputs too. Articles of several
kinds (long paragraphs, tables, lists, many links or tags) are extracted, extracted again after
changes, and built. Reported is the exponent k of n^k between the two lengths, for the slowest kind
of text of each part. It is about 1 for n log n. Exits with 1 if an exponent exceeds 1.35 and the
longer input takes more than a tenth of a second.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from math import log
from pathlib import Path

from pipeline.articles import find_markup_format, markup_problems
from pipeline.articles.file import decode_article
from pipeline.articles.rendering import render_article
from pipeline.articles.segmentation import segment_article
from pipeline.catalog.po.parser import PoText, parse_po
from pipeline.catalog.sync import Message, sync_text
from pipeline.checks import CHECKS
from pipeline.checks.base import Context, EntryRules
from pipeline.checks.formats import FORMAT_LANGUAGES
from pipeline.checks.prefilter import Prefilter
from pipeline.checks.registry import by_id
from pipeline.core.types import Segment, Term
from pipeline.drafting.markup_projection import MarkedText
from pipeline.glossary import Glossary
from pipeline.glossary.matcher import TermMatcher
from pipeline.glossary.target_matcher import TargetMatcher
from pipeline.lang import split_sentences
from pipeline.workflows.extract import messages

MAXIMUM = 1.35
NOTICEABLE = 0.1  # seconds
KINDS = {
    "prose": ("Der Rat der Stadt hat am Montag lange beraten. ", "The council met on Monday. "),
    "numbers": ("1.234,5 ", "1,234.5 "),
    "counting": ("{n} ", "{n} "),
    "months": ("12. März 2024 ", "12 March 2024 "),
    "quotes": ("„so“ ", "“so” "),
    "open quotes": ("„so ", "“so "),
    "brackets": ("(a) ", "(a) "),
    "open brackets": ("([{ ", "([{ "),
    "closed brackets": (")]} ", ")]} "),
    "tags": ("<b>ja</b> ", "<b>yes</b> "),
    "open tags": ("<b ", "<b "),
    "placeholders": ("%(a{n})s {{b}} ", "%(a{n})s {{b}} "),
    "addresses": ("https://a{n}.example/x ", "https://a{n}.example/x "),
    "dots": ("z. B. d. h. ", "e.g. i.e. "),
    "capitals": ("Anna{n} Berg ", "Anna{n} Hill "),
    "negations": ("nicht kein nie ", "not no never "),
    "one letter": ("a", "a"),
    "hyphens": ("a-", "a-"),
    "a noun": ("Rat", "Council"),
    "ellipses": ("Rat- und ", "Council "),
    "spaces": ("  \t", "  \t"),
    "no-break spaces": ("\u00a0", "\u202f"),
    "units": ("48 Mio. Euro 5 % ", "48 million euros 5% "),
    "clock": ("um 14:30 Uhr ", "at 2:30 pm "),
    "number words": ("dreiundzwanzig ", "twenty-three "),
    "entities": ("&amp; &lt; ", "&amp; &lt; "),
    "line breaks": ("a\n", "a\n"),
    "backslashes": ("\\", "\\"),
    "blanks": (" ", " "),
    "accents": ("\u0301", "\u0301"),
    "joiners": ("\u200d", "\u200d"),
    "ideographs": ("字", "字"),
}
"""Parts of German texts and of translations, which are repeated."""


_ITEM = "Der Rat {n} kennt den Plan der Stadt. "
_NESTED = 6

_number = count()

DOCUMENTS: dict[str, dict[str, tuple[str, str, str, int]]] = {
    ".md": {
        "a paragraph": ("", _ITEM, "", 8),
        "paragraphs": ("", _ITEM + "\n\n", "", 8),
        "links": ("", "Rat [Nummer {n}](https://a.example/{n}) tagt. ", "", 3),
        "reference links": ("", "Der [Rat][r] {n} tagt. ", "\n\n[r]: https://a.example\n", 4),
        "definitions": ("", "Der [Rat {n}] tagt.\n\n[Rat {n}]: https://a.example/{n}\n\n", "", 4),
        "images": ("", "![Der Rat {n}](a{n}.png) tagt. ", "", 4),
        "emphasis": ("", "Der **Rat** _Nummer_ {n} ~~tagt~~ `a`. ", "", 5),
        "nested emphasis": ("", "Der ***Rat* _der_ Stadt {n}** tagt. ", "", 6),
        "open emphasis": ("", "Der **Rat _{n} tagt. ", "", 4),
        "tags": ("", "Der <b>Rat</b> <span class=a>{n}</span> tagt. ", "", 4),
        "math": ("", "Der Rat $a_{n}$ tagt. ", "", 4),
        "footnotes": ("", "Der Rat[^{n}] tagt.\n\n[^{n}]: Das ist Note {n}.\n\n", "", 7),
        "table rows": ("|Rat|Plan|\n|-|-|\n", "|Der Rat {n}|Der Plan {n}|\n", "", 6),
        "table cells": ("|", "Der Rat {n}|", "\n|{dashes}\n", 3),
        "tables": ("", "|Rat {n}|Plan|\n|-|-|\n|Stadt {n}|x|\n\n", "", 6),
        "list items": ("", "- Der Rat {n} tagt.\n", "", 4),
        "nested lists": ("", "{indent}- Der Rat {n} tagt.\n", "", 4),
        "numbered lists": ("", "{n}. Der Rat {n} tagt.\n\n   Der Plan {n}.\n\n", "", 7),
        "headings": ("", "## Der Rat {n}\n\nDer Plan {n}.\n\n", "", 6),
        "quotes": ("", "> Der Rat {n} tagt.\n>\n", "", 4),
        "definition lists": ("", "Rat {n}\n: Er tagt am Montag {n}.\n\n", "", 6),
        "boxes": ("", "!!! note\n    Der Rat {n} tagt.\n\n", "", 4),
        "hard breaks": ("", "Der Rat {n} tagt  \n", "", 4),
        "HTML blocks": ("", "<div>\n\nDer Rat {n} tagt.\n\n</div>\n\n", "", 4),
        "front matter": ("---\ntags:\n", "  - Der Rat {n}\n", "---\n\nDer Rat tagt.\n", 3),
        "open templates": ("", "Der {{{{ rat {n} ", "", 3),
        "a folded title": ("---\ntitle: >\n", "  Der Rat {n}\n", "---\n\nDer Rat tagt.\n", 3),
        "templates": ("", "Der {{{{ rat }}}} {n} {{% if x %}} tagt. ", "", 4),
    },
    ".html": {
        "a paragraph": ("<p>", _ITEM, "</p>", 8),
        "paragraphs": ("", f"<p>{_ITEM}</p>\n", "", 8),
        "links": ("<p>", 'Rat <a href="https://a.example/{n}">Nummer {n}</a> tagt. ', "</p>", 4),
        "emphasis": ("<p>", "Der <b>Rat</b> <i>Nummer</i> {n} <code>a</code>. ", "</p>", 5),
        "nested tags": ("<p>", "Der <b><i><u>Rat</u> der</i> Stadt</b> {n}. ", "</p>", 5),
        "open tags": ("<p>", "Der <b>Rat <i>{n} tagt. ", "</p>", 4),
        "attributes": ("", '<p title="Der Rat {n}" class=a>Der Plan {n}.</p>\n', "", 6),
        "images": ("<p>", '<img alt="Der Rat {n}" src=a{n}.png> tagt. ', "</p>", 4),
        "line breaks": ("<p>", "Der Rat {n} tagt<br>\n", "</p>", 4),
        "entities": ("<p>", "Der Rat &amp; die Stadt&nbsp;{n} &ndash; tagt. ", "</p>", 7),
        "comments": ("<p>", "Der Rat <!-- {n} --> tagt. ", "</p>", 3),
        "table rows": ("<table>", "<tr><td>Der Rat {n}<td>Der Plan {n}\n", "</table>", 6),
        "table cells": ("<table><tr>", "<td>Der Rat {n}\n", "</table>", 3),
        "tables": ("", "<table><tr><td>Der Rat {n}</table>\n", "", 3),
        "list items": ("<ul>", "<li>Der Rat {n} tagt.\n", "</ul>", 4),
        "nested lists": ("", "<ul><li>Der Rat {n} tagt.{close}\n", "", 4),
        "definition lists": ("<dl>", "<dt>Rat {n}<dd>Er tagt am Montag {n}.\n", "</dl>", 6),
        "headings": ("", "<h2>Der Rat {n}</h2><p>Der Plan {n}.</p>\n", "", 6),
        "sections": ("", "<section><div><p>Der Rat {n}.</p></div></section>\n", "", 3),
        "options": ("<select>", "<option>Der Rat {n}\n", "</select>", 3),
        "scripts": ("", "<script>a({n})</script><p>Der Rat {n}.</p>\n", "", 3),
        "text without elements": ("", "Der Rat {n} tagt.<hr>\n", "", 4),
        "JSON-LD": (
            '<script type="application/ld+json">{{"articleBody": "',
            _ITEM,
            '"}}</script><p>Der Rat.</p>',
            8,
        ),
        "JSON-LD items": (
            '<script type="application/ld+json">[',
            '{{"headline": "Der Rat {n}"}},',
            "{{}}]</script><p>Der Rat.</p>",
            3,
        ),
    },
}
"""Articles by format: their start, a part that is repeated, their end, and the words of a part."""


def document(suffix: str, kind: str, words: int, first: int, *, changed: bool) -> str:
    """Return an article of about so many words; its parts are numbered from `first`.

    With `changed`, each tenth part is another.
    """
    start, part, end, size = DOCUMENTS[suffix][kind]
    times = max(1, words // size)
    body = "".join(
        part.format(
            n=first + n + 50_000_000 * (changed and n % 10 == 0),
            indent="  " * (n % _NESTED),
            close="</ul>" * _NESTED if n % _NESTED == _NESTED - 1 else "",
        )
        for n in range(times)
    )
    return f"{start.format()}{body}{end.format(dashes='-|' * times)}"


def versions(suffix: str, kind: str, words: int) -> tuple[str, str]:
    """Return an article and a changed version of it."""
    first = next(_number) % 50 * 1_000_000
    old, new = (document(suffix, kind, words, first, changed=c) for c in (False, True))
    return old, new


TERMS = (Term("Rat", ("council",)), Term("März", ("March",)), Term("a", ("a",)))
_MATCHER = TermMatcher(Glossary(None, "de", "en", TERMS, ""))
_EMPTY = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n'
Part = Callable[[str, str], object]
"""Processes a German text and its translation."""


def texts(kind: str, words: int) -> tuple[str, str]:
    """Return a German text and a translation with about so many words.

    They are unlike all before, because some results are cached.
    """
    source, target = KINDS[kind]
    first, last = f"Wort{next(_number)} ", f"Word{next(_number)} "
    times = max(1, words // max(1, len(source.split())))
    if "{n}" in source:
        pairs = [
            (source.replace("{n}", str(n)), target.replace("{n}", str(n))) for n in range(times)
        ]
        return first + "".join(s for s, _ in pairs), last + "".join(t for _, t in pairs)
    return first + source * times, last + target * times


def seconds(part: Part, source: str, target: str) -> float:
    """Return the CPU time for two texts."""
    start = time.process_time()
    part(source, target)
    return time.process_time() - start


def exponent(
    part: Part, inputs: Callable[[int], tuple[str, str]], words: int
) -> tuple[float, float]:
    """Return the exponent and the seconds of the longer text; a large one is measured again."""
    found = []
    for _ in range(4):
        short, long = inputs(words // 4), inputs(words)
        size = log(len(long[0]) / len(short[0]))
        first, last = seconds(part, *short), seconds(part, *long)
        found.append((log(max(last, 1e-4) / max(first, 1e-4)) / size, last))
        if found[-1][0] <= MAXIMUM or last <= NOTICEABLE:
            break
    return min(found)


def parts() -> Iterator[tuple[str, Part]]:
    """Yield what is measured, by name."""
    context = Context("en")
    for check in CHECKS:
        if check.check_texts is not None:
            yield (
                f"check {check.id}",
                lambda source, target, check=check: list(check.problems(source, target, context)),
            )
    with_terms = Context("en", matcher=_MATCHER)
    for check in CHECKS:
        if check.needs_glossary and check.check_texts is not None:
            yield (
                f"check {check.id} with a glossary",
                lambda source, target, check=check: list(
                    check.problems(source, target, with_terms)
                ),
            )
    yield "glossary matcher", lambda source, target: list(_MATCHER.find(source))
    prefilter = Prefilter(CHECKS, with_terms)
    yield "prefilter of checks", prefilter.select
    yield "matcher of targets", lambda source, target: TargetMatcher(target, "en").find("council")
    yield "sentences", lambda source, target: list(split_sentences(source))
    for flag in FORMAT_LANGUAGES:
        rules = Context("en", entry=EntryRules((flag,)))
        yield (
            f"check placeholders with {flag}",
            lambda source, target, rules=rules: list(
                by_id()["placeholders"].problems(source, target, rules)
            ),
        )
    for suffix in (".md", ".html"):
        form = find_markup_format(suffix)
        assert form is not None
        yield (
            f"markup of {suffix}",
            lambda source, target, form=form: markup_problems(form, source, target),
        )
        yield (
            f"projection of the markup of {suffix}",
            lambda source, target, form=form: MarkedText(form, source).project(target, "en"),
        )
    for suffix in (".txt", ".md", ".html"):
        yield (
            f"segmentation of {suffix}",
            lambda source, target, suffix=suffix: segments(source, suffix),
        )
    yield "parser of catalogs", lambda source, target: parse_po(catalog(source, target))
    yield (
        "writing of catalogs",
        lambda source, target: sync_text(parse_po(_EMPTY), [Message(source, (), ())], ""),
    )


def documents() -> Iterator[tuple[str, str, Callable[[str, str], object]]]:
    """Yield what is measured for articles: its name, the format, and a function of two versions."""
    for suffix in DOCUMENTS:
        yield f"extraction of {suffix}", suffix, lambda old, new, s=suffix: extracted(old, s)
        yield (
            f"extraction of a changed {suffix}",
            suffix,
            lambda old, new, s=suffix: extracted(new, s, extracted(old, s)),
        )
        yield f"build of {suffix}", suffix, lambda old, new, s=suffix: built(old, s)


def extracted(text: str, suffix: str, catalog: PoText | None = None) -> PoText:
    """Return the catalog of an article, new or updated."""
    found = messages(f"a{suffix}", segments(text, suffix), _MATCHER)
    return sync_text(catalog or parse_po(_EMPTY), found, "2024-01-01 00:00+0000")[0]


def built(text: str, suffix: str) -> str:
    """Return an article in which each segment is translated."""
    article = decode_article(Path(f"a{suffix}"), text.encode(), "utf-8")
    pairs = [(one, f"{one.text} x") for one in segment_article(article)]
    return render_article(article, pairs, "en").text


def segments(text: str, suffix: str) -> tuple[Segment, ...]:
    """Read and segment an article."""
    article = decode_article(Path(f"a{suffix}"), text.encode(), "utf-8")
    return segment_article(article)


def catalog(source: str, target: str) -> str:
    """Return a catalog with one entry."""
    quoted = [
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        for text in (source, target)
    ]
    return f'msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "{quoted[0]}"\nmsgstr "{quoted[1]}"\n'


def measured() -> Iterator[tuple[str, Part, dict[str, Callable[[int], tuple[str, str]]]]]:
    """Yield each part with functions from a number of words to its input, by kind."""
    for name, part in parts():
        yield name, part, {kind: partial(texts, kind) for kind in KINDS}
    for name, suffix, part in documents():
        yield name, part, {kind: partial(versions, suffix, kind) for kind in DOCUMENTS[suffix]}


def main() -> None:
    """Print the exponents, the largest first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--words", type=int, default=20_000)
    options = parser.parse_args()
    rows = []
    for name, part, kinds in measured():
        if options.names and not any(one in name for one in options.names):
            continue
        worst = (0.0, 0.0, "")
        for kind, inputs in kinds.items():
            found, last = exponent(part, inputs, options.words)
            if last > NOTICEABLE:
                worst = max(worst, (found, last, kind))
            elif not worst[0]:
                worst = max(worst, (0.0, last, kind))
            if found > MAXIMUM and last > NOTICEABLE:
                print(f"  {name}, {kind}: exponent {found:.2f}, {last:.2f} s", flush=True)
        rows.append((*worst, name))
        shown = f"exponent {worst[0]:.2f}, " if worst[0] else ""
        print(f"{name}: {shown}{worst[1]:.2f} s ({worst[2]})", flush=True)
    bad = [row for row in rows if row[0] > MAXIMUM]
    print(
        f"{len(rows)} parts, {options.words:,} words: {len(bad)} with an exponent above {MAXIMUM}"
    )
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
