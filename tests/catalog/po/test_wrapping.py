"""Strings have exactly the layout of msgcat."""

import subprocess
from itertools import chain, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog.po.wrapping import display_width, escape, format_field

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


# What German, French, Spanish and English articles are made of, and what breaks lines.
ARTICLES = (
    "der Gipfel Außenministerinnen l’État aujourd'hui señor can't 2024 1.000,50 3,5% 50€ $30 §12 "
    "(Berlin) [sic] „Zitat“ ‚so‘ « oui » “yes” ‘no’ »ja« ¿Qué? ¡No! Nein! – — … ... ; : , . - "
    'EU-Rat und/oder z.B. 16. 10:30 1990–2024 a—b http://ex.org/a-b?c=d&e C:\\Ordner "quoted" '
    "\t a\u00a0b a\u202fb So\u00adnne e\u0301t\u00e9 ½ 20° n° x² → • · * & # %s {name} ⟦0⟧ "
    "日本語の文章 한국어 Привет Ελλάδα 🙂 🇩🇪 \u200b \u2060 \u2011"
)
WORDS = st.sampled_from(ARTICLES.split(" ")) | st.text("abcdeäöüéñß", min_size=1, max_size=24)
GAPS = st.sampled_from([" "] * 8 + ["", "  ", "\n", " \n", "\t"])
TEXTS = st.lists(st.tuples(WORDS, GAPS).map("".join), min_size=1, max_size=40).map("".join)


def msgcat(text: str) -> str:
    command = ["msgcat", "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=20))
def test_strings_are_laid_out_as_msgcat_does(messages: list[tuple[str, str, str]]) -> None:
    """msgcat does not change live, previous and obsolete fields."""
    lines = HEADER.splitlines()
    for number, (source, target, previous) in enumerate(messages):
        lines += ["", "#, fuzzy", *format_field("msgid", previous, "#| ")]
        lines += [*format_field("msgid", f"{number} {source}"), *format_field("msgstr", target)]
    for number, (source, target, previous) in enumerate(messages):
        lines += ["", "#, fuzzy", *format_field("msgid", previous, "#~| ")]
        lines += [
            *format_field("msgid", f"o{number} {source}", "#~ "),
            *format_field("msgstr", target, "#~ "),
        ]
    text = "\n".join(lines) + "\n"
    assert msgcat(text) == text


# One or two of each of Unicode's classes of characters at which lines break, or do not.
CLASSES = (
    "a5한가각日ー!)}([{/,:%€+-–—…´«“'’½\u00ad\u0301\u200d🙂\U0001f469\U0001f3fd🇩🇪\u200b\u2060\u00a0"
)


def test_lines_break_between_any_two_characters_as_msgcat_breaks_them() -> None:
    """All pairs of break classes, with and without a blank between."""
    texts = (
        f"{'x' * padding} c{one}{gap}{other}d"
        for one, other in product(CLASSES, repeat=2)
        for gap in ("", " ")
        for padding in range(71, 75)
    )
    entries = (
        [*format_field("msgid", f"{n} {text}"), 'msgstr ""', ""] for n, text in enumerate(texts)
    )
    text = HEADER + "\n" + "\n".join(chain.from_iterable(entries))
    assert msgcat(text).splitlines() == text.splitlines()


FITS = "x " * 34 + "xxx"  # 71 columns: with `msgid ""` before it, 79
CASES = {
    "a text that just fits stands beside its keyword": (FITS, [f'msgid "{FITS}"']),
    "one more column takes it to lines of its own": (
        FITS + "y",
        ['msgid ""', f'"{FITS}y"'],
    ),
    "a line end inside parts lines": ("a\nb", ['msgid ""', '"a\\n"', '"b"']),
    "a line end at the end does not": ("a\n", ['msgid "a\\n"']),
    "a word longer than a line stays whole": ("x" * 90, ['msgid "' + "x" * 90 + '"']),
    "no break before closing or after opening marks": (
        "x" * 70 + " „abc“ def!",
        ['msgid ""', '"' + "x" * 70 + ' „abc“ "', '"def!"'],
    ),
    "a no-break space holds words together": (
        "x" * 70 + " ab\u00a0cdef",
        ['msgid ""', '"' + "x" * 70 + ' "', '"ab\u00a0cdef"'],
    ),
    "a break after a hyphen": (
        "x" * 70 + " Rats-Vorsitz",
        ['msgid ""', '"' + "x" * 70 + ' Rats-"', '"Vorsitz"'],
    ),
    "wide characters take two columns": (
        "日本" * 20,
        ['msgid ""', '"' + "日本" * 19 + '"', '"日本"'],
    ),
    "no break between Hangul and a percent sign": (
        "x" + "한국" * 19 + "%",
        ['msgid ""', '"x' + "한국" * 18 + '한"', '"국%"'],
    ),
    "a joined emoji stays whole": (
        "x" * 73 + "👩\u200d💻 y",
        ['msgid ""', '"' + "x" * 73 + '"', '"👩\u200d💻 y"'],
    ),
    "quotes, backslashes and tabs are escaped": ('"\\\t', ['msgid "\\"\\\\\\t"']),
    "nothing": ("", ['msgid ""']),
}


@pytest.mark.parametrize(("text", "lines"), CASES.values(), ids=CASES)
def test_lines(text: str, lines: list[str]) -> None:
    """Lines break where Unicode allows it and a line is full."""
    assert format_field("msgid", text) == lines


def test_unwrapped_strings_break_at_line_ends_alone() -> None:
    """A file without wrapping keeps long lines."""
    text = "word " * 30 + "\n" + "word " * 30
    assert format_field("msgid", text, wrap=False) == [
        'msgid ""',
        '"' + "word " * 30 + '\\n"',
        '"' + "word " * 30 + '"',
    ]


@pytest.mark.parametrize(
    ("text", "width"), [("aä", 2), ("e\u0301", 1), ("日本", 4), ("a\u200b", 1)]
)
def test_columns(text: str, width: int) -> None:
    """Combining and invisible characters have no width, wide ones two."""
    assert display_width(text) == width


def test_all_control_characters_are_escaped() -> None:
    """Control characters have gettext's own escapes."""
    assert escape("\a\b\f\n\r\t\v") == r"\a\b\f\n\r\t\v"
