"""The field Plural-Forms is judged and evaluated as by gettext."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog.plural_forms import plural_forms_problem, read_form_count

POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("nplurals=2; plural=n != 1;", ""),
        ("nplurals=2; plural=(n > 1)", ""),
        ("nplurals= 1; plural=0;", ""),
        (POLISH, ""),
        ("nplurals=2;", ""),  # only a catalog with plural forms needs the expression
        ("nplurals=2; plural=1||1/0;", ""),  # the right side is not evaluated
        ("nplurals=2; plural=1?1:1/0", ""),
        ("nplurals=x; plural=0;", "nplurals is not a number"),
        ("nplurals=2; plural=n;", "nplurals is 2, but the plural expression can be 1000"),
        ("nplurals=0; plural=0;", "nplurals is 0"),
        ("nplurals=2; plural=n=1;", "invalid plural expression at '=1;'"),
        ("nplurals=2; plural=(n;", "invalid plural expression at 'its end'"),
        ("nplurals=2; plural=n 1;", "invalid plural expression at '1'"),
        ("nplurals=2; plural=;", "invalid plural expression"),
        ("nplurals=2; plural=1/n;", "divide by zero"),
        ("nplurals=2; plural=n-5;", "negative"),
        ("nplurals=2; plural=" + "(" * 4_000, "nested too deeply"),
        ("nplurals=2; plural=" + "!" * 4_000 + "n", ""),
        ("nplurals=2; plural=" + "n+" * 100_000, "invalid plural expression"),
        ("nplurals=2; plural=" + "9" * 4_900, "plural expression can be"),
    ],
)
def test_plural_forms_problem(value: str, problem: str) -> None:
    """A hostile expression gets a problem too, not an exhausted stack."""
    found = plural_forms_problem(f"Language: fr\nPlural-Forms: {value}\n")
    assert problem in found
    assert bool(problem) == bool(found)


@pytest.mark.parametrize(
    ("header", "count"),
    [
        (f"Plural-Forms: {POLISH}", 3),
        ("Plural-Forms: nplurals=\t007;", 7),
        ("Plural-Forms: nplurals=x; nplurals=2;", None),
        ("Plural-Forms: nplurals = 2;", None),
        ("", None),
    ],
)
def test_read_form_count(header: str, count: int | None) -> None:
    """The first `nplurals=` counts, as for gettext."""
    assert read_form_count(header) == count


@settings(max_examples=150, deadline=None)
@given(st.text("n0123456789=!<>&|?:()+-*/% ;x\n", max_size=40))
def test_any_expression_is_judged(expression: str) -> None:
    """No text breaks the parser."""
    plural_forms_problem(f"Plural-Forms: nplurals=2; plural={expression}")
