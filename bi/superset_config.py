"""Superset's settings: secrets from the environment, its own records in one folder."""

import os
from pathlib import Path

_FOLDER = Path(os.environ.get("HEARTSHARE_BI_FOLDER", "/var/lib/superset"))

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_FOLDER}/superset.db?timeout=60"
# Readers of the published folder may look, not write, and see each revision at once.
PREVENT_UNSAFE_DB_CONNECTIONS = True
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
# The browser may ask this server and nobody else: neither for maps nor for the picture
# by which Superset's makers count installations.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,  # a proxy with TLS stands before it, or it is on loopback
    "session_cookie_secure": False,
}
APP_NAME = "heartshare"
# The colours of the report, chosen for readers who do not tell red from green.
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "heartshare",
        "description": "",
        "label": "heartshare",
        "isDefault": True,
        "colors": [
            "#005A9C",
            "#B8470B",
            "#6F9CC4",
            "#8A6100",
            "#54636E",
            "#00406F",
            "#E3A98A",
        ],
    }
]
