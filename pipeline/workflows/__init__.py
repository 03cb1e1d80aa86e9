"""The use cases: functions `(project, options, events) -> result`.

Use cases neither print nor prompt, and have no global state: they report to the `Events` of
their caller. Each module is one use case or a few related ones, and its public functions,
frozen options and results are the API:

- `extract`, `draft`, `translate_text`, `segment`: articles and texts to catalogs and drafts
- `check`, `review`, `status`: findings, approval, translation state
- `build`, `exchange`, `merge`, `rename`: what else happens to articles and catalogs
- `glossary`, `memory`, `models`: resources of a project and of the machine
- `init`, `diagnose`: a new project, and repair of a damaged one

`draft` and `check` are modules as well as functions: import the function from its module.
"""
