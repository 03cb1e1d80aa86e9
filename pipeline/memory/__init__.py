"""Translation memory: approved translations, looked up exactly or by similarity."""
