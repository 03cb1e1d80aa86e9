"""German: sentence boundaries, abbreviations, compounds and separable verbs."""
