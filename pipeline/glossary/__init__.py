"""Glossaries: the file, term matching on both sides, term extraction, exchange formats."""
