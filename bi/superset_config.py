"""Superset's settings: secrets from the environment, its own records in one file."""

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = "sqlite:////var/lib/superset/superset.db?timeout=60"
# Readers of the published folder may look, not write, and see each revision at once.
PREVENT_UNSAFE_DB_CONNECTIONS = True
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
TALISMAN_ENABLED = True
