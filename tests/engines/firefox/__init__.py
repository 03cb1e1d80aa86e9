"""Tests of the firefox engine."""
