"""Gettext catalogs: loading, synchronizing, editing, merging and recovering them."""
