"""The report on a project for people who do not open catalogs: data, charts and pages.

`collect` reads everything once; `html`, `markdown` and `badges` show it.
"""
