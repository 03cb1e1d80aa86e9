"""Bilingual dictionaries: headwords, senses and how words are looked up."""
