"""Drafting: memory, copy or engine; then evaluate, retry and keep the best candidate."""
