"""Linguistic knowledge: tokens, lemmas, sentences, language identification, dictionaries."""
