"""Fetch what is new from where organisations keep their exports."""
