"""Shared parts of the engines behind an HTTP interface: client, errors, credentials."""

from pipeline.engines.http.credentials import find_key, is_loopback, may_send

__all__ = ["find_key", "is_loopback", "may_send"]
