"""`translate`: German articles to reviewable gettext catalogs and back to articles."""

__version__ = "0.1.0"
