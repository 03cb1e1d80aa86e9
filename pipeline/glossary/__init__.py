"""Glossaries: reading and checking files, finding terms in German and target text.

`TermMatcher` finds the inflected terms of a German text and verifies translations against
them. `extract_terms` suggests new terms, `learn_terms` those that reviewers put into drafts;
termbases of other tools are imported and exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.glossary.edit_terms import EditedTerm, ReviewedText, learn_terms
    from pipeline.glossary.file import (
        COLUMNS,
        FORMULA_PREFIXES,
        Glossary,
        GlossaryRow,
        GlossaryTable,
        RowProblem,
        empty_glossary,
        glossary_digest,
        load_glossary,
        read_table,
        render_csv,
        target_language,
    )
    from pipeline.glossary.formats import (
        Termbase,
        lossy_terms,
        read_termbase,
        render_termbase,
        write_termbase,
    )
    from pipeline.glossary.lint import lint_glossary
    from pipeline.glossary.matcher import (
        TermMatcher,
        TermUse,
        is_digest_of_terms,
        terms_digest,
    )
    from pipeline.glossary.target_matcher import TargetMatcher, is_same_target
    from pipeline.glossary.term_extraction import TermCandidate, extract_terms

__all__ = [
    "COLUMNS",
    "FORMULA_PREFIXES",
    "EditedTerm",
    "Glossary",
    "GlossaryRow",
    "GlossaryTable",
    "ReviewedText",
    "RowProblem",
    "TargetMatcher",
    "TermCandidate",
    "TermMatcher",
    "TermUse",
    "Termbase",
    "empty_glossary",
    "extract_terms",
    "glossary_digest",
    "is_digest_of_terms",
    "is_same_target",
    "learn_terms",
    "lint_glossary",
    "load_glossary",
    "lossy_terms",
    "read_table",
    "read_termbase",
    "render_csv",
    "render_termbase",
    "target_language",
    "terms_digest",
    "write_termbase",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "edit_terms": (
                "EditedTerm",
                "ReviewedText",
                "learn_terms",
            ),
            "file": (
                "COLUMNS",
                "FORMULA_PREFIXES",
                "Glossary",
                "GlossaryRow",
                "GlossaryTable",
                "RowProblem",
                "empty_glossary",
                "glossary_digest",
                "load_glossary",
                "read_table",
                "render_csv",
                "target_language",
            ),
            "formats": (
                "Termbase",
                "lossy_terms",
                "read_termbase",
                "render_termbase",
                "write_termbase",
            ),
            "lint": ("lint_glossary",),
            "matcher": (
                "TermMatcher",
                "TermUse",
                "is_digest_of_terms",
                "terms_digest",
            ),
            "target_matcher": ("TargetMatcher", "is_same_target"),
            "term_extraction": (
                "TermCandidate",
                "extract_terms",
            ),
        },
    )
