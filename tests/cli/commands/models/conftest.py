"""The store and the server of the tests of models."""

from tests.models.conftest import server, store

__all__ = ["server", "store"]
