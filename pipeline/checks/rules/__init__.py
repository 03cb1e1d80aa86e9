"""The built-in checks, one module each; the module's name is the check's id."""
