"""The built-in checks, one module each, named as the id of the check."""
