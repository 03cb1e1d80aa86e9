"""Use cases of an editor for catalogs: overview, article, live checks, saving, preview.

An `EditingSession` caches what it has read for one project. Catalogs are the only state: a
session can end at any time and another one continues.
"""
