"""Growth of the time of checks, readers and matchers with the length of their input.

    python benchmarks/complexity.py [--words N] [NAME...]

Each check compares two texts of N words (20,000 by default) and of a quarter of that, for
several kinds of text that have made algorithms slow: repeated words, numbers, months, quotes,
brackets, tags, placeholders, addresses, capital letters, a single word, and white space. The
prefilter of the checks, the matchers, the splitter, the segmentation, the inline markup of catalog
texts and its projection, and the parser of catalogs read long inputs too. Reported is
the exponent k of n^k between the two lengths, for the slowest kind of text of each part. It is
about 1 for n log n. Exits with 1 if an exponent exceeds 1.35 and the longer input takes more
than a tenth of a second.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from math import log
from pathlib import Path

from pipeline.articles import find_markup_format, markup_problems
from pipeline.articles.file import decode_article
from pipeline.articles.segmentation import segment_article
from pipeline.catalog.po.parser import parse_po
from pipeline.checks import CHECKS
from pipeline.checks.base import Context, EntryRules
from pipeline.checks.formats import FORMAT_LANGUAGES
from pipeline.checks.prefilter import Prefilter
from pipeline.checks.registry import by_id
from pipeline.core.types import Term
from pipeline.drafting.markup_projection import MarkedText
from pipeline.glossary import Glossary
from pipeline.glossary.matcher import TermMatcher
from pipeline.glossary.target_matcher import TargetMatcher
from pipeline.lang import split_sentences

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
}
"""Parts of German texts and of translations, which are repeated."""


TERMS = (Term("Rat", ("council",)), Term("März", ("March",)), Term("a", ("a",)))
Part = Callable[[str, str], object]
"""Processes a German text and its translation."""


def texts(kind: str, words: int) -> tuple[str, str]:
    """Return a German text and a translation with about so many words."""
    source, target = KINDS[kind]
    times = max(1, words // max(1, len(source.split())))
    if "{n}" in source:
        pairs = [
            (source.replace("{n}", str(n)), target.replace("{n}", str(n))) for n in range(times)
        ]
        return "".join(s for s, _ in pairs), "".join(t for _, t in pairs)
    return source * times, target * times


_number = count()


def seconds(part: Part, source: str, target: str) -> float:
    """Return the CPU time for two texts, which are unlike all before: some results are cached."""
    source, target = f"Wort{next(_number)} {source}", f"Word{next(_number)} {target}"
    start = time.process_time()
    part(source, target)
    return time.process_time() - start


def exponent(part: Part, kind: str, words: int) -> tuple[float, float]:
    """Return the exponent and the seconds of the longer text; a large one is measured again."""
    short, long = texts(kind, words // 4), texts(kind, words)
    size = log(len(long[0]) / len(short[0]))
    found = []
    for _ in range(4):
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
    matcher = TermMatcher(Glossary(None, "de", "en", TERMS, ""))
    with_terms = Context("en", matcher=matcher)
    for check in CHECKS:
        if check.needs_glossary and check.check_texts is not None:
            yield (
                f"check {check.id} with a glossary",
                lambda source, target, check=check: list(
                    check.problems(source, target, with_terms)
                ),
            )
    yield "glossary matcher", lambda source, target: list(matcher.find(source))
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


def segments(text: str, suffix: str) -> object:
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


def main() -> None:
    """Print the exponents, the largest first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--words", type=int, default=20_000)
    options = parser.parse_args()
    rows = []
    for name, part in parts():
        if options.names and not any(one in name for one in options.names):
            continue
        worst = (0.0, 0.0, "")
        for kind in KINDS:
            found, last = exponent(part, kind, options.words)
            if last > NOTICEABLE:
                worst = max(worst, (found, last, kind))
            elif not worst[0]:
                worst = max(worst, (0.0, last, kind))
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
