"""Make heartshare known to Airflow: template macros, and nothing that costs time."""

from airflow.plugins_manager import AirflowPlugin

from heartshare.orchestration.partitions import week_label


class HeartsharePlugin(AirflowPlugin):
    """Offers ``{{ macros.heartshare.week_label("2026-11-09") }}`` to templates."""

    name = "heartshare"
    macros = [week_label]  # noqa: RUF012 Airflow wants a plain list
