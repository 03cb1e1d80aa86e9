"""Safe file access: atomic writes, locks, caches, fingerprints and XML."""
