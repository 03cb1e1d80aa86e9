"""Shared parts of the engines behind an HTTP interface: client, errors, credentials."""

from pipeline.engines.http.credentials import Secret, find_key, is_loopback

__all__ = ["Secret", "find_key", "is_loopback"]
