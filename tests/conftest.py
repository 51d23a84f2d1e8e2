"""Paths that tests share."""
