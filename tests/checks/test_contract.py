"""What every check must be: documented, with examples that fire and that do not, and quick."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.base import CONFIDENCE_FACTOR, DraftPolicy
from pipeline.checks.registry import CHECKS, Check, Context, by_id, check_segment
from pipeline.core.errors import SettingsError
from pipeline.core.types import Severity

TEXT_CHECKS = [check for check in CHECKS if check.check_texts is not None]
# Its examples need a glossary; they are in its own test.
WITH_EXAMPLES = [check for check in TEXT_CHECKS if check.id != "terminology"]


def ids(check: Check) -> str:
    return check.id


@pytest.mark.parametrize("check", WITH_EXAMPLES, ids=ids)
def test_every_wrong_example_is_found(check: Check) -> None:
    """The page of checks shows no example that the check does not find."""
    assert check.wrong
    for language, source, target in check.wrong:
        assert check_segment(source, target, Context(language), [check.id]), target


@pytest.mark.parametrize("check", WITH_EXAMPLES, ids=ids)
def test_no_right_example_is_found(check: Check) -> None:
    """What the page calls fine is fine, for this check and for every other."""
    assert check.right
    for language, source, target in check.right:
        found = check_segment(source, target, Context(language), [check.id])
        assert not found, found[0].message if found else ""


@pytest.mark.parametrize("check", CHECKS, ids=ids)
def test_every_check_explains_itself(check: Check) -> None:
    """Summary, reason and cure are whole sentences, and one function at most finds."""
    for text in (check.summary, check.why, check.fix):
        assert text[0].isupper()
        assert text.endswith((".", ")"))
    functions = (check.check_texts, check.check_entry, check.check_forms, check.check_header)
    assert [*functions, check.aggregator].count(None) >= 4


def test_ids_are_unique() -> None:
    """Two checks of one id would silence each other."""
    assert len(by_id()) == len(CHECKS)


def test_examine_obeys_ids_and_settings() -> None:
    """Only the checks asked for run; a setting lowers, raises or switches one off."""
    source, target = "Es sind 12 Tage.", "It is 21 days."
    context = Context("en")
    assert {f.check for f in check_segment(source, target, context)} == {"numbers"}
    assert not check_segment(source, target, context, ["urls"])
    assert not check_segment(source, target, context, severities={"numbers": "off"})
    (found,) = check_segment(source, target, context, ["numbers"], {"numbers": "warning"})
    assert found.severity is Severity.WARNING
    with pytest.raises(SettingsError, match="no check 'number'"):
        check_segment(source, target, context, ["number"])


def test_a_setting_never_raises_a_lesser_problem() -> None:
    """A check as an error still tells of small things as information."""
    (found,) = check_segment("12", "13", Context("en"), ["numbers"], {"numbers": "error"})
    assert found.severity is Severity.INFO


TEXT = st.text(
    st.sampled_from(list("aäßZ éñ.,:;!?…0123456789<>/&%{}()[]„“”«»'\"\u00a0\u202f-–@$*`\n\t中"))
    | st.characters(),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(source=TEXT, target=TEXT, language=st.sampled_from(["en", "fr", "es", "pt_BR", "zh", "xx"]))
def test_no_text_breaks_a_check(source: str, target: str, language: str) -> None:
    """Whatever stands in a catalog, checks find or do not find; they never fail."""
    for found in check_segment(source, target, Context(language)):
        assert found.message


@settings(max_examples=80, deadline=None)
@given(text=TEXT)
def test_a_german_text_compared_with_itself_keeps_its_parts(text: str) -> None:
    """Numbers, tags and addresses are never lost where nothing changed."""
    parts = ["numbers", "markup", "urls", "placeholders", "whitespace", "brackets", "dates"]
    assert not [f for f in check_segment(text, text, Context("de"), parts) if f.severity == "error"]


HOSTILE = [
    "<" * 10_000, "<a " * 4_000, "<a" + " x" * 10_000, "%(" * 10_000, "{" * 10_000, "${" * 10_000,
    "a@" * 10_000, "a." * 10_000, "1." * 10_000, "1 " * 10_000, "1 000" * 4_000, "9" * 4_000,
    "www." * 4_000, "(" * 10_000, "„" * 10_000, "« " * 10_000, "hundertund" * 5_000,
    "dreiund" * 10_000, "I" * 10_000, "xx " * 8_000, "\u00a0" * 10_000, "a " * 10_000, "." * 10_000,
    "nicht " * 4_000, "Ã" * 10_000, "-" * 10_000, "der Rat (und " * 10_000, "*" * 10_000,
    "Montag" * 10_000, "'" * 10_000, "A. " * 6_000, "é" * 4_000, "“a " * 6_000, "&#" * 8_000,
]  # fmt: skip


def test_no_regular_expression_blows_up() -> None:
    """Long monotonous texts are done at once; one that blows up would take hours."""
    program = (
        "import json, sys; from pipeline.checks.registry import Context, check_segment\n"
        "for text in json.load(sys.stdin):\n"
        "    check_segment('Es sind 3 Tage. ' + text, text, Context('fr'))\n"
        "    check_segment(text, 'Ce sont 3 jours. ' + text, Context('en'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(HOSTILE), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_checks_import_nothing_heavy() -> None:
    """Neither engines nor dictionaries nor language models of langdetect, before they are used."""
    program = (
        "import sys, pipeline.checks\n"
        "names = ('simplemma', 'langdetect', 'polib', 'ahocorasick',"
        " 'pipeline.engines.llama.engine',"
        " 'xllamacpp', 'pipeline.glossary.matcher', 'rich')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_policies_for_drafts() -> None:
    """Which findings make a draft useless, cause a retry, or only rank candidates."""
    policies: dict[DraftPolicy, set[str]] = {}
    for check in TEXT_CHECKS:
        policies.setdefault(check.draft_policy, set()).add(check.id)
    assert policies == {
        DraftPolicy.CRITICAL: {"empty", "untranslated", "untranslated-words", "language", "length"},
        DraftPolicy.RETRY: {
            "terminology", "numbers", "dates", "placeholders", "markup", "urls", "repeated-words",
            "brackets", "units",
        },
        DraftPolicy.RANKING: {"negation", "names", "number-words"},
        DraftPolicy.IGNORE: {
            "end-punctuation", "quotes", "whitespace", "capitalization", "characters",
            "variant-spelling",
        },
    }  # fmt: skip
    factors = {check.id: check.confidence_factor for check in TEXT_CHECKS}
    unusual = {name for name, factor in factors.items() if factor != CONFIDENCE_FACTOR}
    assert unusual == {"numbers", "dates", "repeated-words"}
    assert {check.id for check in CHECKS if check.needs_glossary} == {
        "terminology",
        "outdated-terms",
    }
