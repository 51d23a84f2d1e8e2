# syntax=docker/dockerfile:1
# Two images from one file: heartshare (default, last stage) and the optional BI tool.

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp heartshare

# Superset needs other versions than Airflow, so it lives in an image of its own.
FROM base AS bi
COPY requirements-bi.txt /tmp/
RUN python -m pip install --no-deps --require-hashes -r /tmp/requirements-bi.txt \
 && mkdir -p /var/lib/superset && chown heartshare:heartshare /var/lib/superset
COPY bi /opt/bi
ENV SUPERSET_CONFIG_PATH=/opt/bi/superset_config.py \
    FLASK_APP=superset
USER heartshare
WORKDIR /var/lib/superset
CMD ["gunicorn", "--bind", "0.0.0.0:8088", "--workers", "2", "--timeout", "120", "superset.app:create_app()"]

FROM base AS heartshare
COPY requirements.txt /tmp/
RUN python -m pip install --no-deps --require-hashes -r /tmp/requirements.txt
WORKDIR /opt/heartshare
COPY pyproject.toml ./
COPY plugins plugins
RUN python -m pip install --no-deps --no-build-isolation --editable . \
 && python -m compileall -q plugins
COPY dags dags
COPY dbt_project dbt_project
COPY expectations expectations
# A named volume takes over the owner of the folder it is mounted on.
RUN mkdir -p /var/lib/heartshare/published /var/lib/airflow /var/log/airflow /var/mail/heartshare /inbox \
 && chown -R heartshare:heartshare /var/lib/heartshare /var/lib/airflow /var/log/airflow /var/mail/heartshare /inbox
ENV AIRFLOW_HOME=/var/lib/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/heartshare/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/heartshare/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    HEARTSHARE_HOME=/var/lib/heartshare \
    HEARTSHARE_INBOX=/inbox \
    HEARTSHARE_DBT_PROJECT=/opt/heartshare/dbt_project \
    HEARTSHARE_EXPECTATIONS=/opt/heartshare/expectations \
    DO_NOT_TRACK=1
USER heartshare
CMD ["heartshare", "--help"]
