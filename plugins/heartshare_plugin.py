"""Make heartshare known to Airflow: template macros and pages, at no cost elsewhere."""

import sys
from typing import Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

from heartshare.orchestration.partitions import week_label

#: Where Airflow itself is mounted, should that be below a path.
_ROOT = urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")


class HeartsharePlugin(AirflowPlugin):
    """Offers ``{{ macros.heartshare.week_label("2026-11-09") }}`` and pages.

    Every scheduler, processor and task loads this file; only the api-server, which
    serves the pages, loads what is behind them.
    """

    name = "heartshare"
    macros = [week_label]  # noqa: RUF012 Airflow wants a plain list
    external_views = [  # noqa: RUF012
        {
            "name": "Heartshare",
            "href": f"{_ROOT}/heartshare/",
            "destination": "nav",
            "url_route": "heartshare",
            "category": "browse",
        }
    ]

    @classmethod
    def on_load(cls, *_args: Any, **_kwargs: Any) -> None:
        """Load the pages where they are served."""
        if "api-server" in sys.argv or "airflow.api_fastapi.main" in sys.modules:
            from heartshare.ui.app import create_app

            cls.fastapi_apps = [
                {"app": create_app(), "url_prefix": "/heartshare", "name": "heartshare"}
            ]
