"""The machinery behind the checks: what a check is, what it reads, and how all are run."""
