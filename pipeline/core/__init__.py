"""Values, errors, settings and text helpers that every other package may use."""
